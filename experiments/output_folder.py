"""The folder that results go to: checked before anything is computed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from sim.errors import InputError

TABLES = ("runs", "organisation_months", "silo_months", "events", "brakes")
FILES = (
    "report.html", "concepts.csv", "concepts.md", "parameters.md", "processes.md", "evidence.md",
    "dictionary.md", "dictionary.csv", "points.csv", "missing.csv", "experiment.json",
    "members.csv", "rejected.csv", "provenance.json", "calibration.md", "validation.csv", "mechanisms.csv",
    "validation.md", "reversals.csv", "reversals.md", "values.csv", "regret.csv", "regret.md", "rule.csv",
    "survey.csv", "items.csv", "correlations.csv", "benchmark.csv", "benchmark.json",
    "screen.csv", "screen.md", "sobol.csv", "sobol_summary.csv", "sobol.md",
    "replication.csv", "plans.csv", "trials.csv",
    "comparison.csv", "customer_questions.csv", "portfolios.csv", "configuration.yaml",
    *(f"{name}.parquet" for name in TABLES),
)  # fmt: skip
EARLIER = "earlier"  # for answers that no longer belong to the tables beside them
FOLDERS = ("figures", "plans", EARLIER)


def prepare(folder: Path) -> None:
    """Create the folder if needed and prove that a file can be written there.

    Args:
        folder: where results will go.

    Raises:
        InputError: the folder cannot be created or written.
    """
    if folder == Path():
        raise InputError("output", "must name a folder", "", "write output=DIR, or leave it out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(
            "output", f"must be a folder that can be written ({reason})", str(folder), "choose another with output=DIR"
        ) from None
    taken = [name for name in FILES if (folder / name).is_dir()]
    taken += [name for name in FOLDERS if (folder / name).is_file()]
    if taken:
        raise InputError("output", f"has something else in the place of {taken[0]}", str(folder), "move it, or choose "
                         "another folder with output=DIR")  # fmt: skip


def put_by(folder: Path, current: Collection[str]) -> list[str]:
    """Move answers of an earlier study into a folder of their own, so that nobody takes them for this one's.

    Args:
        folder: where results go.
        current: names of files that this study has written.

    Returns:
        Names of what was moved.
    """
    moved = [name for name in (*FILES, "figures", "plans") if name not in current and (folder / name).exists()]
    earlier = folder / EARLIER
    for name in moved:
        earlier.mkdir(exist_ok=True)
        if (earlier / name).is_dir():
            shutil.rmtree(earlier / name)
        (folder / name).replace(earlier / name)
    return moved
