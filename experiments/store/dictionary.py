"""The data dictionary: every column of every stored table, read off the declarations of the measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from experiments.headline import BY_NAME
from experiments.store.rows import Table
from experiments.tables import HEADLINES
from sim.measures.indices import INDICES
from sim.measures.organisation import MEASURES


class Units(Protocol):
    """Who knows the unit of a parameter."""

    def unit_of(self, name: str) -> str:
        """Unit of a parameter; empty for what is no number."""


COLUMNS = ["table", "column", "unit", "better", "meaning"]
WORDS = {1: "higher", -1: "lower", 0: ""}


def dictionary(factors: Sequence[str], space: Units) -> pd.DataFrame:
    """One row per column."""
    rows = [("every table", name, unit, 0, meaning) for name, (unit, meaning) in KEYS.items()]
    rows += [(Table.RUNS, name, space.unit_of(name), 0, "factor of the design") for name in factors]
    for name in (*HEADLINES, "customer_equity"):
        unit, better, meaning = MEASURES[name]
        last = "at the end" if name == "customer_equity" else "mean of the last 12 months"
        rows.append((Table.RUNS, name, unit, better, f"{meaning}; {last}"))
    rows += [(Table.RUNS, name, *entry) for name, entry in ENDS.items()]
    rows += [(Table.MONTHS, name, *entry) for name, entry in {**MEASURES, **INDICES}.items()]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(better=table["better"].map(WORDS))


KEYS = {
    "experiment": ("", "name of the study"),
    "point": ("", "row of points.csv"),
    "scenario": ("", "key of the strategy"),
    "replicate": ("", "which life; the same number is the same company, people and luck under every strategy"),
    "world": ("", "which set of what we don't know"),
    "run": ("", "hash of everything that decides the run"),
    "month": ("months", "0 is the last month of the burn-in"),
}
ENDS: dict[str, tuple[str, int, str]] = {
    "npv": ("$", BY_NAME["npv"].better, "present value of all cash after month 0"),
    "programme_cost": ("$", 0, "paid for what the strategy itself does, over the horizon, not discounted"),
    "stopped": ("0 or 1", -1, "whether the board stopped the programme"),
    "months": ("months", 0, "horizon"),
}
