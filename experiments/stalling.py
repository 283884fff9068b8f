"""Whether a programme stalls: half of what is installed not practised, or nothing to show for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.headline import CHURN, ENGAGED, EQUITY, GRIDLOCK
from experiments.paired import Estimate, by_replicate, estimate, lookup, strategies, worlds_of

F64 = NDArray[np.float64]
STALLED_FROM = 0.5  # gridlock: half of what is installed is not practised
YEAR = 12


class Stall(StrEnum):
    """What can be said of a programme."""

    STALLS = "stalls"
    OPEN = "may stall"
    NOT = "does not stall"


@dataclass(frozen=True)
class Stalling:
    """Every strategy with a programme, the baseline too if it has one.

    Args:
        levels: strategy -> gridlock, mean of the last twelve months.
        fates: strategy -> whether it stalls.
        falling: strategy -> by how much its gridlock falls within the last twelve months, where that is clear.
        month: the last one.
    """

    levels: Mapping[str, Estimate]
    fates: Mapping[str, Stall]
    falling: Mapping[str, float]
    month: int

    def having(self, *fates: Stall) -> list[str]:
        """Strategies of which one of these can be said."""
        return [key for key, fate in self.fates.items() if fate in fates]

    @property
    def to_explain(self) -> list[str]:
        """Strategies whose brakes are of interest: those that stall or may."""
        return self.having(Stall.STALLS, Stall.OPEN)


def stalling(runs: pd.DataFrame, months: pd.DataFrame, table: pd.DataFrame) -> Stalling:
    """Judge every programme by the interval of its gridlock over worlds, from a single world by the estimate.

    A programme also stalls if it is not distinguishable from the baseline: the intervals of churn, engaged share and
    customer equity all contain zero. One that is identical to the baseline is left out.

    Args:
        runs: one row per run.
        months: one row per run and month.
        table: result of `paired.comparison`.
    """
    order, gridlock = strategies(runs), by_replicate(runs, GRIDLOCK.name)
    worlds, last = worlds_of(runs, gridlock.index), int(months["month"].max())
    found = {key: estimate(gridlock[key].to_numpy(), worlds).within(0.0, 1.0) for key in order}
    levels = {
        key: level for key, level in found.items() if level.n and (key == order[0] or not _identical(table, key))
    }
    fates = {
        key: Stall.STALLS if key != order[0] and _nothing_clear(table, key) else against_threshold(level)
        for key, level in levels.items()
    }
    changes = {key: estimate(change, worlds) for key, change in _changes(months, last, list(levels)).items()}
    falling = {key: -change.mean for key, change in changes.items() if change.sign < 0}
    return Stalling(levels, fates, falling, last)


def against_threshold(gridlock: Estimate) -> Stall:
    """Half or more is a stall; open if the interval contains the half. Without an interval the estimate decides."""
    known = math.isfinite(gridlock.low)
    low, high = (gridlock.low, gridlock.high) if known else (gridlock.mean, gridlock.mean)
    if low >= STALLED_FROM:
        return Stall.STALLS
    return Stall.NOT if high < STALLED_FROM else Stall.OPEN


def _changes(months: pd.DataFrame, last: int, keys: list[str]) -> dict[str, F64]:
    """Change of gridlock over the last twelve months, per strategy and replicate; empty for a shorter horizon."""
    if last <= YEAR:
        return {}
    then, now = (by_replicate(months[months["month"] == month], GRIDLOCK.name) for month in (last - YEAR, last))
    return {key: (now[key] - then[key]).to_numpy() for key in keys}


def _nothing_clear(table: pd.DataFrame, strategy: str) -> bool:
    effects = [lookup(table, strategy, m.name) for m in (CHURN, ENGAGED, EQUITY)]
    return all(math.isfinite(e.low) and e.sign == 0 for e in effects)


def _identical(table: pd.DataFrame, strategy: str) -> bool:
    return bool((table.loc[table["strategy"] == strategy, "difference"] == 0).all())
