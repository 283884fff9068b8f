"""The verb `calibrate`: search, judge, say what cannot be told apart, save."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from typing import Any

import pandas as pd

from experiments import ensembles
from experiments.calibration.identify import identify
from experiments.calibration.page import as_page, on_screen
from experiments.calibration.search import CHECK_LIVES, FREE, SEARCH_LIVES, Member, search
from experiments.calibration.settings import CalibrationSettings, read_settings
from experiments.calibration.store import as_table, finished, save
from experiments.calibration.targets import TARGETS
from experiments.configuration import load_scenario
from experiments.fan_out import spread
from experiments.interruption import Interrupted
from experiments.output_folder import prepare

FEWEST = 3  # members from which something can be said about the ensemble
FILES = "members.csv, provenance.json, rejected.csv, calibration.md"


def calibrate(settings: CalibrationSettings) -> pd.DataFrame:
    """Fit the ensemble, print what came of it, save it. Searches that the output folder already holds are not repeated.

    Returns:
        The members that fit, one row each.

    Raises:
        Interrupted: Ctrl-C; searches that were finished have been shown and saved, and the same command goes on.
    """
    scenario = load_scenario([f"organisation={settings.organisation}"])
    known = finished(settings.output, about(settings))
    there = set(known["member"]) if len(known) else set()
    numbers = [n for n in range(settings.members) if n not in there]
    members: list[Member] = []
    stopped: Interrupted | None = None
    try:
        spread(partial(search, scenario, settings.seed, settings.batches, settings.begin), numbers, settings,
               lambda _, member: members.append(member), "searches", [1] * len(numbers))  # fmt: skip
    except Interrupted as interruption:
        stopped = Interrupted(len(there) + interruption.finished, settings.members, "searches")
    parts = [part for part in (known, as_table(members)) if len(part)]
    if not parts:
        raise stopped or AssertionError("no search was made")
    table = pd.concat(parts, ignore_index=True)
    provenance = {**about(settings), "searches": len(table), "evaluations": int(table["evaluations"].sum())}
    fitting = save(table, provenance, settings.output)
    found = identify(fitting) if len(fitting) >= FEWEST else None
    page = as_page(fitting, found, {**provenance, "members": len(fitting)})
    (settings.output / "calibration.md").write_text(page, encoding="utf-8")
    print(on_screen(fitting, len(table), found), flush=True)
    use = f"ungridlock compare organisation={settings.organisation} ensemble={settings.output}"
    advice = f"Use it: {use}" if len(fitting) else "No search met all targets: nothing to use yet, ask for more members"
    print(f"\nSaved in {settings.output}: {FILES}\n{advice}", flush=True)
    if stopped is not None:
        raise stopped
    return fitting


def about(settings: CalibrationSettings) -> dict[str, Any]:
    """Where an ensemble comes from."""
    return {
        "command": f"ungridlock calibrate organisation={settings.organisation} members={settings.members} "
        f"batches={settings.batches} seed={settings.seed}{f' begin={settings.begin}' if settings.begin else ''}",
        "organisation": settings.organisation,
        "version": version("ungridlock"),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "seed": settings.seed,
        "batches": settings.batches,
        "begin": settings.begin,
        "began_from": origin_of(settings.begin),
        "lives_searched": len(SEARCH_LIVES),
        "lives_checked": len(CHECK_LIVES),
        "searched": {name: list(bounds) for name, bounds in FREE.items()},
        "targets": {t.name: {"low": t.low, "high": t.high, "unit": t.unit, "source": t.source} for t in TARGETS},
    }


def origin_of(begin: str) -> dict[str, Any]:
    """Where the ensemble comes from at whose members the searches began; empty without one."""
    earlier = ensembles.load(begin).provenance if begin else {}
    return {
        name: earlier[name] for name in ("command", "date", "searches", "evaluations", "began_from") if name in earlier
    }


def perform(words: Sequence[str]) -> int:
    """The verb; exit status 0, or 1 if no search met all targets."""
    settings = read_settings(words)
    prepare(settings.output)
    return 0 if len(calibrate(settings)) else 1
