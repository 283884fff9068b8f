"""Regret of every plan over futures: mean, 90th percentile, maximum, with bootstrap intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.headline import LEVEL
from experiments.luck import FEWEST_WORLDS
from experiments.regret.values import cleared, regrets

F64 = NDArray[np.float64]
DRAWS = 1000
TAIL = 0.9  # quantile of regret beside mean and maximum
STATISTICS = ("mean", "p90", "max")
COLUMNS = ["plan", "mean", "mean_low", "mean_high", "p90", "p90_low", "p90_high", "max", "worst_future", "best_share",
           "best_low", "best_high", "loses_to_baseline", "p_smallest_mean", "p_smallest_p90", "p_smallest_max",
           "mean_value", "luck_share"]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """Plans by futures.

    Args:
        plans: keys in the order of the study; the first is the baseline.
        values: $, luck taken out, shape [future, plan].
        luck: share of luck in the variance of each plan's differences; NaN with one life per future.
        clusters: number of each future's world.
        lives: per future.
        raw: values of every life, $, shape [future, life, plan]; without them intervals take luck's part as known.
    """

    plans: list[str]
    values: F64
    luck: F64
    clusters: NDArray[np.int64]
    lives: int
    raw: F64 | None = None

    @property
    def regret(self) -> F64:
        """Shape [future, plan]."""
        return regrets(self.values)

    @property
    def best(self) -> F64:
        """1 where a plan is the best of its future, shared if several are."""
        return best_of(self.regret)

    def regret_of(self, plan: str) -> F64:
        """Regret of one plan, one number per future."""
        column: F64 = self.regret[:, self.plans.index(plan)]
        return column


def best_of(regret: F64) -> F64:
    """1 where a plan is the best of its future, shared if several are, shape [future, plan]."""
    top = regret == 0
    share: F64 = top / top.sum(axis=1, keepdims=True)
    return share


def summary(outcome: Outcome, seed: int) -> pd.DataFrame:
    """The content of regret.csv: one row per plan, smallest mean regret first.

    Intervals are those of a bootstrap over worlds. The maximum has none: it is that of the futures looked at, and more
    of them can only raise it. `p_smallest_*` is the share of bootstrap samples in which the plan's figure is the
    smallest, `loses_to_baseline` the share of futures in which the first plan is better.

    Args:
        outcome: plans by futures.
        seed: of the bootstrap.
    """
    regret, best = outcome.regret, outcome.best
    sampled, shares = resampled(outcome, seed)
    low, high = np.quantile(sampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    best_low, best_high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    first = (sampled == sampled.min(axis=2, keepdims=True)).astype(float)
    chance = np.where(np.isnan(sampled[0]), np.nan, (first / np.maximum(1, first.sum(axis=2, keepdims=True))).mean(0))
    found = statistics(regret)
    rows = [
        (plan, found[0, k], low[0, k], high[0, k], found[1, k], low[1, k], high[1, k], found[2, k],
         int(regret[:, k].argmax()), best[:, k].mean(), best_low[k], best_high[k],
         float((outcome.values[:, k] < outcome.values[:, 0]).mean()), *chance[:, k], outcome.values[:, k].mean(),
         outcome.luck[k])
        for k, plan in enumerate(outcome.plans)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("mean", kind="stable", ignore_index=True)


def statistics(regret: F64) -> F64:
    """Mean, 90th percentile and maximum over futures, shape [statistic, plan]."""
    return np.array([regret.mean(axis=0), np.quantile(regret, TAIL, axis=0), regret.max(axis=0)])


def resampled(outcome: Outcome, seed: int) -> tuple[F64, F64]:
    """Statistics and shares of futures in which a plan is best, in bootstrap samples of worlds.

    Where lives are known, luck is taken out of every sample anew: how much of it there is, and whether a plan's futures
    differ at all, is not certain either.

    Returns:
        Shapes [sample, statistic, plan] and [sample, plan]; NaN with fewer than `FEWEST_WORLDS` worlds.
    """
    members = [np.flatnonzero(outcome.clusters == k) for k in np.unique(outcome.clusters)]
    if len(members) < FEWEST_WORLDS:
        return np.full((1, len(STATISTICS), len(outcome.plans)), np.nan), np.full((1, len(outcome.plans)), np.nan)
    rng = np.random.default_rng(seed)
    draws = [np.concatenate([members[k] for k in rng.integers(len(members), size=len(members))]) for _ in range(DRAWS)]
    whole, raw = outcome.regret, outcome.raw
    samples = [whole[rows] if raw is None else regrets(cleared(raw[rows])[0]) for rows in draws]
    return np.array([statistics(one) for one in samples]), np.array([best_of(one).mean(axis=0) for one in samples])


def values_table(outcome: Outcome, points: pd.DataFrame, raw: F64) -> pd.DataFrame:
    """The content of values.csv: one row per future and plan.

    Args:
        outcome: plans by futures.
        points: one row per future.
        raw: values of every life, $, shape [future, life, plan].
    """
    number, plans = outcome.values.shape
    table = points.loc[points.index.repeat(plans)].reset_index(drop=True)
    table.insert(0, "future", np.repeat(np.arange(number), plans))
    return table.assign(
        plan=np.tile(outcome.plans, number), mean_of_lives=raw.mean(axis=1).ravel(), value=outcome.values.ravel(),
        regret=outcome.regret.ravel(), best=outcome.best.ravel(),
    )  # fmt: skip
