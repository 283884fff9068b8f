"""The verb `calibrate`: search, judge, say what cannot be told apart, save."""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
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
from experiments.store.keys import scenario_key
from sim.params.scenario import Scenario

FEWEST = 3  # members from which something can be said about the ensemble
FILES = "members.csv, provenance.json, rejected.csv, calibration.md"


def calibrate(settings: CalibrationSettings, config_dir: Path | None = None) -> pd.DataFrame:
    """Fit the ensemble, print what came of it, save it. Searches that the output folder already holds are not repeated.

    Args:
        settings: which organisation, how many searches, where to.
        config_dir: folder with entries of the user's own.

    Returns:
        The members that fit, one row each.

    Raises:
        Interrupted: Ctrl-C; searches that were finished have been shown and saved, and the same command goes on.
    """
    scenario = load_scenario([f"organisation={settings.organisation}"], config_dir)
    origin = about(settings, scenario, config_dir)
    known = finished(settings.output, origin)
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
    provenance = {**origin, "searches": len(table), "evaluations": int(table["evaluations"].sum())}
    fitting = save(table, provenance, settings.output)
    found = identify(fitting) if len(fitting) >= FEWEST else None
    page = as_page(fitting, found, {**provenance, "members": len(fitting)})
    (settings.output / "calibration.md").write_text(page, encoding="utf-8")
    print(on_screen(fitting, len(table), found), flush=True)
    use = f"Use it: ungridlock compare {_whose(settings, config_dir)} ensemble={settings.output}"
    advice = use if len(fitting) else "No search met all targets: nothing to use yet, ask for more members"
    print(f"\nSaved in {settings.output}: {FILES}\n{advice}", flush=True)
    if stopped is not None:
        raise stopped
    return fitting


def _whose(settings: CalibrationSettings, config_dir: Path | None) -> str:
    """The organisation as it is typed."""
    folder = f"--config-dir {shlex.quote(str(config_dir))} " if config_dir else ""
    return f"{folder}organisation={settings.organisation}"


def about(settings: CalibrationSettings, scenario: Scenario, config_dir: Path | None = None) -> dict[str, Any]:
    """Where an ensemble comes from."""
    return {
        "command": f"ungridlock calibrate {_whose(settings, config_dir)} members={settings.members} "
        f"batches={settings.batches} seed={settings.seed}{f' begin={settings.begin}' if settings.begin else ''}",
        "organisation": settings.organisation,
        "scenario": scenario_key(scenario),
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


def perform(words: Sequence[str], config_dir: Path | None = None) -> int:
    """The verb, with entries of the user's own if a folder is given; exit status 0, or 1 if no search met all targets.
    """
    settings = read_settings(words)
    prepare(settings.output)
    return 0 if len(calibrate(settings, config_dir)) else 1
