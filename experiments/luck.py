"""How sure: luck against what we don't know, what pairing is worth, and the chance that a ranking is right."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.money import total_value
from experiments.paired import by_replicate, estimate, strategies, worlds_of

F64 = NDArray[np.float64]
CRITERIA = {"npv": "NPV", "customer_equity": "customer equity", "total": "NPV plus terminal customer equity"}
DRAWS = 4000
FEWEST_WORLDS = 5  # fewer say next to nothing about how much worlds differ


def components(values: F64, worlds: NDArray[np.int64]) -> tuple[float, float]:
    """Variance between worlds (what we don't know) and within worlds (luck).

    One-way random-effects analysis of variance (method of moments, negative estimates set to 0).

    Args:
        values: one paired difference per replicate.
        worlds: world of each replicate.

    Returns:
        (between, within); NaN unless there are two worlds and some world has two replicates.
    """
    _, index = np.unique(worlds, return_inverse=True)
    sizes = np.bincount(index).astype(float)
    groups, n = len(sizes), len(values)
    if groups < 2 or n == groups:
        return float("nan"), float("nan")
    means = np.bincount(index, weights=values) / sizes
    within = float(np.sum((values - means[index]) ** 2) / (n - groups))
    mean_square = float(np.sum(sizes * (means - values.mean()) ** 2) / (groups - 1))
    effective = (n - np.sum(sizes**2) / n) / (groups - 1)
    return max(0.0, (mean_square - within) / float(effective)), within


def uncertainty(
    runs: pd.DataFrame, measures: tuple[str, ...] = ("churn", "engaged", "customer_equity", "npv")
) -> pd.DataFrame:
    """Where the spread of every paired difference comes from, and what pairing saved.

    Returns:
        A row per strategy (without the baseline) and measure: `unknown` and `luck` as standard deviations,
        `share_unknown` of the variance, `pairing` = variance of an unpaired difference / variance of the paired one.
    """
    rows = []
    order = strategies(runs)
    for name in measures:
        table = by_replicate(runs, name)
        worlds = worlds_of(runs, table.index)
        base = table[order[0]].to_numpy()
        for key in order[1:]:
            values = table[key].to_numpy()
            between, within = components(values - base, worlds)
            total = between + within
            rows.append(
                (
                    key,
                    name,
                    np.sqrt(between),
                    np.sqrt(within),
                    between / total if total > 0 else np.nan,
                    _pairing(values, base),
                )
            )
    return pd.DataFrame(rows, columns=["strategy", "measure", "unknown", "luck", "share_unknown", "pairing"])


def _pairing(values: F64, base: F64) -> float:
    """Variance of a difference of independent runs over that of paired ones; NaN if it cannot be said."""
    if len(values) < 2:
        return float("nan")
    paired = float(np.var(values - base, ddof=1))
    unpaired = float(np.var(values, ddof=1) + np.var(base, ddof=1))
    return unpaired / paired if paired > 1e-6 * unpaired else float("nan")


@dataclass(frozen=True)
class Ranking:
    """Who has the highest mean and how sure that is, and in how many worlds each is best.

    Args:
        table: a row per strategy, best mean first: `strategy, mean, low, high, p_best, p_above_next, best_in`; means
            are differences to the baseline, the baseline takes part with 0. `p_best` is about the mean over worlds and
            goes to 0 or 1 with their number; `best_in` counts worlds, and says how much worlds disagree.
        above: `above.loc[a, b]` = chance that the mean of a exceeds that of b.
        worlds: number of worlds.
        lives: number of replicates.
    """

    table: pd.DataFrame
    above: pd.DataFrame
    worlds: int
    lives: int

    @property
    def unit(self) -> str:
        """What `best_in` counts: worlds, or lives where each is alone in its world."""
        return "worlds" if self.worlds < self.lives else "lives"

    def best_in(self, row: Mapping[Hashable, Any]) -> str:
        """In how many worlds a strategy is best, from its row; a shared first place counts in part."""
        return f"best in {round(float(row['best_in']), 1):g} of {self.worlds}"


def rank_probabilities(gains: pd.DataFrame, worlds: NDArray[np.int64], draws: int = DRAWS, seed: int = 1) -> Ranking:
    """Chance that each strategy has the highest mean, and that each order of two means is right.

    Means are drawn from their multivariate t (the posterior of normal observations under the usual prior that knows
    nothing): one draw for all strategies, so that they stay paired.

    Args:
        gains: differences to the baseline where more is better, a row per replicate, a column per strategy.
        worlds: world of each replicate; a world is one observation.
        draws: of the means.
        seed: seed of the draws.

    Returns:
        The ranking; probabilities are NaN with fewer than `FEWEST_WORLDS` worlds. Exact ties are shared.
    """
    keys = list(gains.columns)
    _, index = np.unique(worlds, return_inverse=True)
    groups = int(index.max()) + 1
    values = gains.to_numpy(float)
    best, above = np.full(len(keys), np.nan), np.full((len(keys), len(keys)), np.nan)
    if groups >= FEWEST_WORLDS:
        means = _drawn_means(values, index, np.random.default_rng(seed), draws)
        best = _firsts(means).mean(axis=0)
        higher = (means[:, :, None] > means[:, None, :]).mean(axis=0)
        above = higher + 0.5 * (means[:, :, None] == means[:, None, :]).mean(axis=0)
    found = [estimate(values[:, k], worlds) for k in range(len(keys))]
    table = pd.DataFrame(
        {
            "strategy": keys,
            "mean": [e.mean for e in found],
            "low": [e.low for e in found],
            "high": [e.high for e in found],
            "p_best": best,
            "best_in": _firsts(gains.groupby(index).mean().to_numpy(float)).sum(axis=0),
        }
    )
    chances = pd.DataFrame(above, index=keys, columns=keys)
    table = table.sort_values("mean", ascending=False, kind="stable", ignore_index=True)
    ranked = list(table["strategy"])
    following = [above[keys.index(a), keys.index(b)] for a, b in pairwise(ranked)]
    return Ranking(table.assign(p_above_next=[*following, np.nan]), chances, groups, len(values))


def _firsts(values: F64) -> F64:
    """Who is highest in every row, as shares that sum to 1."""
    top = values == values.max(axis=1, keepdims=True)
    return np.asarray(top / top.sum(axis=1, keepdims=True))


def _drawn_means(values: F64, index: NDArray[np.int64], chance: np.random.Generator, draws: int) -> F64:
    """Draws of the means around those found, [draw, column]; marginally the t that `paired.estimate` uses."""
    different, place = np.unique(values, axis=1, return_inverse=True)  # the same columns get the same means to the bit
    groups, mean = int(index.max()) + 1, different.mean(axis=0)
    sums = np.zeros((groups, different.shape[1]))
    np.add.at(sums, index, different - mean)
    error = np.sqrt(groups / (groups - 1)) / len(values)
    stretch = np.sqrt((groups - 1) / chance.chisquare(groups - 1, (draws, 1)))
    around: F64 = mean + chance.standard_normal((draws, groups)) @ sums * error * stretch
    return around[:, place]


def rankings(runs: pd.DataFrame, monthly_rate: float, seed: int = 1) -> dict[str, Ranking]:
    """Rankings by NPV, customer equity and total value (`CRITERIA`)."""
    valued = total_value(runs, monthly_rate)
    order = strategies(runs)
    found = {}
    for name in CRITERIA:
        table = by_replicate(valued, name)[order]
        found[name] = rank_probabilities(table.sub(table[order[0]], axis=0), worlds_of(runs, table.index), seed=seed)
    return found
