"""Run all strategies with one uncertain parameter at either end of its range, in the same worlds with the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from experiments.fan_out import spread
from experiments.interruption import Interrupted
from experiments.settings import RunSettings
from experiments.unknowns import ensemble_of, in_settings, ranges, set_of, stays_as_it_is
from sim.model import OrganisationModel
from sim.params.field import replace
from sim.params.scenario import Scenario, sized
from sim.params.strategy import Strategy
from sim.run import Variant, burn_in, fork

MOST_CUSTOMERS = 6_000  # agents: a mean over worlds does not need more
AS_DRAWN = ""  # the parameter of runs in which nothing is moved
COLUMNS = ["parameter", "end", "moved_to", "replicate", "strategy", "npv", "customer_equity", "at_rest"]
WORLD = "world"  # number of the set of values in which a replicate lives


@dataclass(frozen=True)
class Move:
    """One parameter at one end of its range; `AS_DRAWN` moves nothing."""

    parameter: str
    end: str
    value: float


def moves(scenario: Scenario, settings: RunSettings) -> list[Move]:
    """Nothing moved, then every parameter that differs between worlds at the low and at the high end."""
    found = [Move(AS_DRAWN, "", 0.0)]
    for name, (low, high) in ranges(scenario, settings).items():
        found += [Move(name, "low", low), Move(name, "high", high)]
    return found


def compute(
    scenario: Scenario, strategies: Mapping[str, Strategy], settings: RunSettings
) -> tuple[pd.DataFrame, Interrupted | None]:
    """Value of every strategy under every move, and whether the unchanged firm would stay as it is under it.

    Returns:
        One row per move, replicate and strategy, `COLUMNS` and `WORLD`; what stopped it early.

    Raises:
        Interrupted: Ctrl-C before the unmoved runs of two replicates were finished.
    """
    jobs = [(move, r) for move in moves(scenario, settings) for r in range(settings.replicates)]
    rows: list[tuple[object, ...]] = []
    smaller, stopped = thinned(scenario), None
    try:
        spread(partial(values, smaller, strategies, settings), jobs, settings, lambda _, found: rows.extend(found),
               "runs", [len(strategies)] * len(jobs))  # fmt: skip
    except Interrupted as interruption:
        stopped = Interrupted(interruption.finished, interruption.planned, "settings")
    table = whole(pd.DataFrame(rows, columns=COLUMNS), settings.replicates)
    ensemble = ensemble_of(settings)
    worlds = {r: set_of(scenario, settings.seed, r, ensemble) for r in table["replicate"].unique()}
    table[WORLD] = table["replicate"].map(worlds)
    if AS_DRAWN not in set(table["parameter"]):
        raise stopped or AssertionError("nothing was computed")
    return table, stopped


def thinned(scenario: Scenario) -> Scenario:
    """The same organisation with no more customer agents than a mean over worlds needs."""
    return sized(scenario, min(MOST_CUSTOMERS, scenario.organisation.customers.number))


def whole(table: pd.DataFrame, replicates: int) -> pd.DataFrame:
    """Only moves of which every replicate is there, so that means stay paired."""
    counts = table.groupby(["parameter", "end"])["replicate"].transform("nunique")
    return table[counts == replicates].reset_index(drop=True)


def values(
    scenario: Scenario, strategies: Mapping[str, Strategy], settings: RunSettings, job: tuple[Move, int]
) -> list[tuple[object, ...]]:
    """All strategies in one life; replicate r lives in world r."""
    move, replicate = job
    here = in_settings(scenario, settings, replicate)
    if move.parameter:
        here = replace(here, {move.parameter: move.value})
    rests = stays_as_it_is(here)
    start = burn_in(here, settings.seed, replicate)
    rate = here.organisation.economics.monthly_discount
    return [
        (move.parameter, move.end, move.value, replicate, key, *worth(fork(start, Variant(key, plan)), rate), rests)
        for key, plan in strategies.items()
    ]


def worth(model: OrganisationModel, rate: float) -> tuple[float, float]:
    """Present value of all cash, and customer equity at the end, $; nothing else is measured."""
    npv, months = 0.0, model.inputs.months
    for month in range(1, months + 1):
        model.advance()
        npv += model.state.ledger.cash * (1 + rate) ** -month
    return npv, model.state.equity.total


def strategies_in(table: pd.DataFrame) -> Sequence[str]:
    """Strategies in the order of the table; the first is the baseline."""
    return [str(key) for key in table["strategy"].unique()]
