"""The data dictionary: every column of every stored table, read off the declarations of the measures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

import pandas as pd

from experiments.store.rows import Table
from experiments.tables import HEADLINES
from sim.measures.indices import INDICES
from sim.measures.organisation import MEASURES
from sim.measures.silo import SILO_MEASURES

Entry = tuple[str, int, str]  # unit, which direction is better (+1 higher, -1 lower, 0 neither), meaning
Columns = dict[str, Entry]
COLUMNS = ["table", "column", "unit", "better", "meaning"]
WORDS = {1: "higher", -1: "lower", 0: ""}

KEYS: Columns = {
    "experiment": ("", 0, "name of the study"),
    "point": ("", 0, "row of points.csv"),
    "scenario": ("", 0, "key of the strategy"),
    "replicate": ("", 0, "which life; the same number is the same company, people and luck under every strategy"),
    "world": ("", 0, "which set of what we don't know"),
    "run": ("", 0, "hash of everything that decides the run"),
    "month": ("months", 0, "0 is the last month of the burn-in, m the end of the m-th month"),
    "silo": ("", 0, "unit"),
    "kind": ("", 0, "simulated; paper: the business case if the organisation simply delivered; paper without "
             "sharing: the same where people share as they decide to; without BRAKE: one brake released"),
}  # fmt: skip
RUN_KEYS = ("experiment", "point", "scenario", "replicate", "world", "run")
ENDS: Columns = {
    "npv": ("$", 1, "present value of all cash after month 0"),
    "programme_cost": ("$", 0, "paid for what the strategy itself does, over the horizon, not discounted"),
    "stopped": ("0/1", -1, "1 if the board stopped the programme"),
    "months": ("months", 0, "horizon"),
}
CONFIGURATIONS: Columns = {
    "run": KEYS["run"],
    "seed": ("", 0, "seed of all draws"),
    "life": ("", 0, "which of the seed's lives: the replicate, unless the factor luck chose another"),
    "kind": KEYS["kind"],
    "configuration": ("", 0, "everything that was set, plan included, as JSON"),
}
LOG: Columns = {
    "month": ("months", 0, "months that were over when the month of the event began"),
    "event": ("", 0, "what kind of thing happened"),
    "subject": ("", 0, "to whom or what; empty for the whole"),
    "text": ("", 0, "the line of the log"),
}
BRAKES: Columns = {
    "brake": ("", 0, "term of adoption"),
    "cost": ("logit", 1, "mean contribution to the log odds of trying what is installed; negative is a brake"),
}

ABOUT_STUDY = {
    "runs": "One row per point, strategy and replicate; after `point` stand the factors of the design.",
    "points": "One row per point, with its factors.",
    "months": "One row per run and month (`keep=[runs,months]`, the default).",
    "silo_months": "One row per run, month and unit (with `silo_months` in `keep`).",
    "events": "The log of every run (with `events` in `keep`).",
    "configurations": "One row per stored run; enough to run it again.",
}
ABOUT_COMPARISON = {
    "runs": "One row per strategy, kind and replicate; headline numbers as in `runs` of a study.",
    "organisation_months": "One row per run and month; measures as in `months` of a study.",
    "silo_months": "One row per simulated run, month and unit; measures as in `silo_months` of a study.",
    "events": "The log of every run.",
    "brakes": "What holds adoption back, per simulated run and term.",
}


class Units(Protocol):
    """Who knows the parameters of a study."""

    def unit_of(self, name: str) -> str:
        """Unit of a parameter; empty for what is no number."""

    def meaning_of(self, name: str) -> str:
        """What a factor stands for."""


def dictionary(factors: Sequence[str], space: Units, keep: Collection[Table] = tuple(Table)) -> pd.DataFrame:
    """Dictionary of a study: one row per column.

    Args:
        factors: columns of points.csv.
        space: knows their units.
        keep: tables that are kept.
    """
    varied: Columns = {name: (space.unit_of(name), 0, space.meaning_of(name)) for name in factors}
    every = tables_of_study(varied)
    return as_frame({name: columns for name, columns in every.items() if name not in set(Table) - {*keep, Table.RUNS}})


def as_frame(tables: Mapping[str, Columns]) -> pd.DataFrame:
    """Tables with their columns as one table."""
    rows = [(table, name, *entry) for table, columns in tables.items() for name, entry in columns.items()]
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.assign(better=found["better"].map(WORDS))


def tables_of_study(factors: Columns) -> dict[str, Columns]:
    """Tables of a study with their columns in order, as `ungridlock query` shows them."""
    place, rest = _keys(["experiment", "point"]), _keys(["scenario", "replicate", "world", "run", "kind"])
    return {
        Table.RUNS: {**place, **factors, **rest, **heads()},
        "points": {**_keys(["point"]), **factors},
        Table.MONTHS: {**_keys([*RUN_KEYS, "month"]), **MEASURES, **INDICES},
        Table.SILO_MONTHS: {**_keys([*RUN_KEYS, "month", "silo"]), **of_units()},
        Table.EVENTS: {**_keys(RUN_KEYS), **LOG},
        "configurations": CONFIGURATIONS,
    }


def tables_of_comparison() -> dict[str, Columns]:
    """The same of `compare` and `run`."""
    first = ["scenario", "kind", "replicate"]
    return {
        "runs": {**_keys([*first, "world"]), **heads()},
        "organisation_months": {**_keys([*first, "month"]), **MEASURES, **INDICES},
        "silo_months": {**_keys([*first, "month", "silo"]), **of_units()},
        "events": {**_keys(first), **LOG},
        "brakes": {**_keys(["scenario", "replicate"]), **BRAKES},
    }


def heads() -> Columns:
    """Headline numbers of a run."""
    means = {name: (unit, better, f"{meaning}; mean of the last 12 months")
             for name, (unit, better, meaning) in ((name, MEASURES[name]) for name in HEADLINES)}  # fmt: skip
    unit, better, meaning = MEASURES["customer_equity"]
    return {**means, "customer_equity": (unit, better, f"{meaning}; at the end"), **ENDS}


def of_units() -> Columns:
    """Measures of units, with the one index that units have."""
    return {**SILO_MEASURES, "barrett": INDICES["barrett"]}


def _keys(names: Iterable[str]) -> Columns:
    return {name: KEYS[name] for name in names}
