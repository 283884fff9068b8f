"""Stored ensembles: parameter sets that all fit the unchanged organisation, as data with their provenance.

An ensemble is a folder with two files: `members.csv` (one row per set, one column per dotted parameter name, the
readings under "found.*", their standard errors under "error.*") and `provenance.json`. Those that come with ungridlock
are loaded by name, others by their folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import InputError

SHIPPED = Path(__file__).resolve().parent
MEMBERS, PROVENANCE = "members.csv", "provenance.json"
FOUND, ERROR = "found.", "error."
ABOUT = ("member", "evaluations")  # columns that are no parameters


@dataclass(frozen=True)
class Ensemble:
    """Parameter sets that fit equally well.

    Args:
        values: one row per member, one column per dotted parameter name.
        found: the readings of each member, one column per target.
        provenance: what was fitted, how, when, with which version.
    """

    values: pd.DataFrame
    found: pd.DataFrame
    provenance: Mapping[str, Any]

    def member(self, number: int) -> dict[str, float]:
        """Parameters of one member; numbers beyond the last begin anew."""
        row = self.values.iloc[number % len(self.values)]
        return {str(name): float(value) for name, value in row.items()}


@cache
def load(name: str) -> Ensemble:
    """An ensemble that comes with ungridlock by its name, or any other by its folder.

    Raises:
        InputError: there is none, or its files cannot be read.
    """
    folder = SHIPPED / name if (SHIPPED / name / MEMBERS).is_file() else Path(name)
    try:
        table = pd.read_csv(folder / MEMBERS)
        provenance = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        advice = f"choose from {', '.join(shipped())}, or give a folder that ungridlock calibrate has written"
        raise InputError("ensemble", f"cannot be read ({type(error).__name__})", name, advice) from None
    readings = [c for c in table.columns if c.startswith((FOUND, ERROR))]
    values = table.drop(columns=[*(c for c in ABOUT if c in table), *readings])
    if values.empty or values.isna().any().any():
        raise InputError("ensemble", "must hold at least one member without gaps", name, "calibrate again")
    return Ensemble(values, table[readings], provenance)


def shipped() -> list[str]:
    """Names of the ensembles that come with ungridlock."""
    return sorted(path.parent.name for path in SHIPPED.glob(f"*/{MEMBERS}"))


def save(table: pd.DataFrame, provenance: Mapping[str, Any], folder: Path) -> None:
    """Write an ensemble."""
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / MEMBERS, index=False, float_format="%.6g")
    (folder / PROVENANCE).write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")
