"""A rule: limits on a few factors, and how well it tells the futures in which a plan fails."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest

from experiments.paired import estimate

Flags = NDArray[np.bool_]
LEAST = 0.5  # coverage and density below which a rule is none: it would be wrong as often as right
GAIN = 1 / 3  # least certainty factor: part of the way from the share that fails anyway to 100%; our judgement


@dataclass(frozen=True)
class Limit:
    """What a rule asks of one factor.

    Args:
        factor: dotted name.
        low: smallest value; -inf if there is none.
        high: largest value; inf if there is none.
        entries: entries allowed, for a factor that is no number.
    """

    factor: str
    low: float = -math.inf
    high: float = math.inf
    entries: tuple[str, ...] = ()

    def holds(self, table: pd.DataFrame) -> Flags:
        """Whether each row meets it."""
        column = table[self.factor]
        if self.entries:
            return column.astype(str).isin(self.entries).to_numpy(bool)
        return ((column >= self.low) & (column <= self.high)).to_numpy(bool)

    def __str__(self) -> str:
        """For a sentence."""
        if self.entries:
            return f"{self.factor} is {' or '.join(self.entries)}"
        if math.isfinite(self.low) and math.isfinite(self.high):
            return f"{self.factor} between {self.low:g} and {self.high:g}"
        return f"{self.factor} > {self.low:g}" if math.isfinite(self.low) else f"{self.factor} < {self.high:g}"


def inside(limits: Sequence[Limit], table: pd.DataFrame) -> Flags:
    """Rows that meet all limits."""
    found: Flags = np.ones(len(table), dtype=bool)
    for limit in limits:
        found &= limit.holds(table)
    return found


def quasi_p(limits: Sequence[Limit], k: int, table: pd.DataFrame, failing: Flags) -> float:
    """How likely at least as many failures inside the box are if limit k makes no difference (Bryant, Lempert 2010).

    A one-sided binomial test with the density of the box without that limit as chance; "quasi" since the box has been
    chosen by the same data.
    """
    here, wider = inside(limits, table), inside([*limits[:k], *limits[k + 1 :]], table)
    if not here.any():
        return 1.0
    number, chance = int(here.sum()), float(failing[wider].mean())
    return float(binomtest(int(failing[here].sum()), number, chance, alternative="greater").pvalue)


@dataclass(frozen=True)
class Fit:
    """How well a box tells failing futures.

    Args:
        coverage: share of the failing futures that lie inside.
        density: share of the futures inside that fail.
        low: lower end of the 90% interval of the density, over worlds; NaN if it cannot be known.
        base: share of all futures that fail.
        inside: futures inside.
        futures: futures in all.
    """

    coverage: float
    density: float
    low: float
    base: float
    inside: int
    futures: int

    @property
    def correlation(self) -> float:
        """Correlation of being inside with failing: high where coverage and density are, given how many fail anyway."""
        share = self.inside / self.futures
        spread = math.sqrt(self.base * (1 - self.base) * share * (1 - share))
        return share * (self.density - self.base) / spread if spread > 0 else 0.0

    @property
    def certainty(self) -> float:
        """Certainty factor (Shortliffe, Buchanan 1975): part of the way from the share that fails anyway to 100%."""
        return (self.density - self.base) / (1 - self.base) if self.base < 1 else 0.0

    @property
    def counts(self) -> bool:
        """Whether this, on futures that the search has not seen, is enough for a rule."""
        enough = min(self.coverage, self.density) >= LEAST and self.certainty >= GAIN
        return enough and self.low > self.base


def fit(here: Flags, failing: Flags, clusters: NDArray[np.int64]) -> Fit:
    """Coverage and density of a box.

    Args:
        here: whether each future is inside.
        failing: whether the plan fails there.
        clusters: number of each future's world.
    """
    number, hits = int(here.sum()), int((here & failing).sum())
    density = estimate(failing[here].astype(float), clusters[here]) if number else None
    return Fit(
        hits / max(1, int(failing.sum())), density.mean if density else 0.0, density.low if density else math.nan,
        float(failing.mean()), number, len(here),
    )  # fmt: skip
