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
from experiments.calibration.targets import TARGETS
from experiments.configuration import load_scenario
from experiments.fan_out import spread
from experiments.interruption import Interrupted
from experiments.output_folder import prepare

FILES = "members.csv, provenance.json, rejected.csv, calibration.md"


def calibrate(settings: CalibrationSettings) -> pd.DataFrame:
    """Fit the ensemble, print what came of it, save it.

    Returns:
        The members that fit, one row each.

    Raises:
        Interrupted: Ctrl-C; members that were finished have been shown and saved.
    """
    scenario = load_scenario([f"organisation={settings.organisation}"])
    members: list[Member] = []
    call = partial(search, scenario, settings.seed, settings.batches)
    stopped: Interrupted | None = None
    try:
        spread(call, range(settings.members), settings, lambda _, member: members.append(member), "members",
               [1] * settings.members)  # fmt: skip
    except Interrupted as interruption:
        if not members:
            raise
        stopped = Interrupted(interruption.finished, interruption.planned, "searches")
    table = as_table(members)
    fits = table.pop("fits")
    fitting, rejected = table[fits].reset_index(drop=True), table[~fits]
    found = identify(fitting) if len(fitting) > 2 else None
    provenance = about(settings, members, fitting)
    print(on_screen(fitting, len(members), found), flush=True)
    ensembles.save(fitting, provenance, settings.output)
    rejected.to_csv(settings.output / "rejected.csv", index=False, float_format="%.6g")
    (settings.output / "calibration.md").write_text(as_page(fitting, found, provenance), encoding="utf-8")
    print(f"\nSaved in {settings.output}: {FILES}\nUse it: ungridlock compare ensemble={settings.output}", flush=True)
    if stopped is not None:
        raise stopped
    return fitting


def as_table(members: list[Member]) -> pd.DataFrame:
    """One row per search: number, parameters, readings with standard errors, whether all targets are met."""
    rows: list[dict[str, Any]] = []
    for member in sorted(members, key=lambda m: m.trial.number):
        found = {ensembles.FOUND + name: one.value for name, one in member.found.items()}
        errors = {ensembles.ERROR + name: one.error for name, one in member.found.items()}
        rows.append({"member": member.trial.number, **member.trial.values, **found, **errors, "fits": member.fits})
    return pd.DataFrame(rows)


def about(settings: CalibrationSettings, members: list[Member], fitting: pd.DataFrame) -> dict[str, Any]:
    """Where an ensemble comes from."""
    return {
        "command": f"ungridlock calibrate organisation={settings.organisation} members={settings.members} "
        f"batches={settings.batches} seed={settings.seed}",
        "organisation": settings.organisation,
        "version": version("ungridlock"),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "searches": len(members),
        "members": len(fitting),
        "evaluations": sum(member.trial.evaluations for member in members),
        "lives_searched": len(SEARCH_LIVES),
        "lives_checked": len(CHECK_LIVES),
        "searched": {name: list(bounds) for name, bounds in FREE.items()},
        "targets": {t.name: {"low": t.low, "high": t.high, "unit": t.unit, "source": t.source} for t in TARGETS},
    }


def perform(words: Sequence[str]) -> int:
    """The verb; exit status 0."""
    settings = read_settings(words)
    prepare(settings.output)
    calibrate(settings)
    return 0
