"""Finished searches on disk: a calibration that was stopped goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from experiments import ensembles
from experiments.calibration.search import Member

REJECTED = "rejected.csv"
# What must agree to go on.
SAME = ("scenario", "version", "seed", "batches", "begin", "began_from", "lives_checked", "searched", "targets")


def as_table(members: Sequence[Member]) -> pd.DataFrame:
    """One row per search: number, sets tried, parameters, readings with errors, whether all targets are met."""
    rows: list[dict[str, Any]] = []
    for member in members:
        found = {ensembles.FOUND + name: one.value for name, one in member.found.items()}
        errors = {ensembles.ERROR + name: one.error for name, one in member.found.items()}
        trial = member.trial
        rows.append({"member": trial.number, "evaluations": trial.evaluations, **trial.values, **found, **errors,
                     "fits": member.fits})  # fmt: skip
    return pd.DataFrame(rows)


def finished(folder: Path, about: Mapping[str, Any]) -> pd.DataFrame:
    """Searches that an earlier command with the same settings and version has left in a folder; empty without any."""
    try:
        before = json.loads((folder / ensembles.PROVENANCE).read_text(encoding="utf-8"))
        if any(before.get(name) != about[name] for name in SAME):
            return pd.DataFrame()
        parts = [pd.read_csv(folder / name).copy() for name in (ensembles.MEMBERS, REJECTED)]
    except (OSError, ValueError):
        return pd.DataFrame()
    table = pd.concat([part for part in parts if len(part)], ignore_index=True).copy()
    table["fits"] = [True] * len(parts[0]) + [False] * len(parts[1])
    return table


def save(table: pd.DataFrame, about: Mapping[str, Any], folder: Path) -> pd.DataFrame:
    """Write members and rejected searches in the order of their numbers; returns the members."""
    ordered = table.sort_values("member", ignore_index=True)
    fits = ordered.pop("fits").astype(bool)
    fitting, rejected = ordered[fits].reset_index(drop=True), ordered[~fits]
    ensembles.save(fitting, {**about, "members": len(fitting)}, folder)
    rejected.to_csv(folder / REJECTED, index=False, float_format="%.6g")
    return fitting
