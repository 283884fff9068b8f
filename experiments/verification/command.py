"""The verb `verify`: draw stored runs, run them again, say whether every bit is the same."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import partial

import pandas as pd

from experiments.evaluation.study import RUNS
from experiments.fan_out import WorkerDied, spread
from experiments.interruption import Interrupted
from experiments.querying.folder import Folder, open_folder
from experiments.store.store import RECORD, Store, open_store
from experiments.terminal import counted
from experiments.verification.again import Verdict, verify
from experiments.verification.choice import batches, chosen
from experiments.verification.settings import NOWHERE, VerifySettings, read_settings
from sim.errors import InputError
from sim.version import provenance

__all__ = ["perform", "read_settings"]
SHOWN = 10  # runs that differ, on screen
PLACE = ["run", "point", "scenario", "replicate"]


def perform(words: Sequence[str]) -> int:
    """The verb.

    Returns:
        Exit status: 0 if all are the same, 1 if not.

    Raises:
        InputError: the folder holds no study, or the store another model's runs.
        Interrupted: Ctrl-C, after what was compared has been shown.
    """
    settings = read_settings(words)
    folder = open_folder(settings.output)
    if not folder.record:
        advice = "compare and run keep no store; sweep does"
        raise InputError("output", "must be the folder of a study", str(settings.output), advice)
    store = open_store(settings.store if settings.store != NOWHERE else folder.place, create=False)
    every = pd.read_parquet(folder.path / RUNS, columns=PLACE)
    wanted = chosen(every, settings)
    verdicts, stopped = _compare(wanted, store, folder, settings)
    print(report(verdicts, wanted, every["run"].nunique(), changed(folder, store)), flush=True)
    if stopped is not None:
        raise stopped
    return 1 if any(verdict.problem for verdict in verdicts) else 0


def _compare(
    wanted: pd.DataFrame, store: Store, folder: Folder, settings: VerifySettings
) -> tuple[list[Verdict], Interrupted | None]:
    """Verdicts, and Ctrl-C if that came between."""
    shards = store.finished(folder.kept)
    there = wanted[wanted["run"].isin(list(shards))]
    lost = wanted[~wanted["run"].isin(list(shards))]
    verdicts = [Verdict(key, f"is not in the store; {folder.again}") for key in lost["run"]]
    jobs = batches(there, shards, settings.compute.workers or os.cpu_count() or 1)
    try:
        if jobs:
            spread(partial(verify, store.folder.resolve(), folder.kept), jobs, settings,
                   lambda _, found: verdicts.extend(found), "verify", [len(job.keys) for job in jobs])  # fmt: skip
    except Interrupted:
        return verdicts, Stopped(len(verdicts), len(wanted))
    except WorkerDied as died:
        left = set(wanted["run"]) - {verdict.run for verdict in verdicts}
        verdicts += [Verdict(key, f"could not be compared: {died.reason}") for key in wanted["run"] if key in left]
    return verdicts, None


class Stopped(Interrupted):
    """Ctrl-C in a verification.

    Args:
        compared: runs compared.
        planned: runs to compare.
    """

    def __init__(self, compared: int, planned: int) -> None:
        """Compose the single line that is shown."""
        super().__init__(compared, planned, "runs")
        self.args = (f"ungridlock: interrupted, compared {compared} of {planned} runs",)


def report(verdicts: Sequence[Verdict], wanted: pd.DataFrame, there: int, versions: str) -> str:
    """The answer: how many are the same, and where the others differ.

    Args:
        verdicts: of the runs that were compared.
        wanted: where every run stands in the study.
        there: runs of the study.
        versions: what else is different from when the study was made; empty if nothing.
    """
    wrong = [verdict for verdict in verdicts if verdict.problem]
    what = f"{counted(len(verdicts), 'stored run')} {'is' if len(verdicts) == 1 else 'are'} the same bit for bit"
    lines = [f"{len(verdicts) - len(wrong)} of {what} (the study has {there})."]
    places = wanted.set_index("run")
    for verdict in wrong[:SHOWN]:
        place = places.loc[verdict.run]
        at = f"point {place['point']}, {place['scenario']}, replicate {place['replicate']}"
        lines.append(f"  {at} (run {verdict.run}): {verdict.problem}")
    if len(wrong) > SHOWN:
        lines.append(f"  and {len(wrong) - SHOWN} more")
    if wrong and not versions:
        lines.append("The packages are the same: what is left is a changed file, another processor, or a defect.")
    return "\n".join([*lines, *([versions] if versions else [])])


def changed(folder: Folder, store: Store) -> str:
    """A line about packages that are others than when the study or its store was made; empty if none is."""
    made = json.loads((store.folder / RECORD).read_text(encoding="utf-8"))["with"]
    now, earlier = versions_in(provenance(0)), [versions_in(folder.record.get("with", [])), versions_in(made)]
    others = {name: sorted({then[name] for then in earlier if name in then} - {version})
              for name, version in now.items()}  # fmt: skip
    parts = [f"{name} {' and '.join(then)}, now {now[name]}" for name, then in others.items() if then]
    return f"Made with {'; '.join(parts)}: that alone can change bits." if parts else ""


def versions_in(lines: Sequence[str]) -> dict[str, str]:
    """Package -> version out of lines such as "Python 3.13.0, numpy 2.5.5"; the seed is no package."""
    pairs = [part.rsplit(" ", 1) for line in lines for part in line.split(", ") if " " in part]
    return {name: version for name, version in pairs if name != "seed"}
