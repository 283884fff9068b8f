"""What every plan is worth in every future, and how much of that is luck."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import f as f_distribution

from experiments.evaluation.study import Incomplete

F64 = NDArray[np.float64]
SURE = 0.95  # level of the test whether a plan's futures differ by more than luck


def lives(runs: pd.DataFrame, objective: str, rates: F64) -> tuple[list[str], F64]:
    """Value of every run.

    Args:
        runs: one row per run.
        objective: "npv", "customer_equity" or "total" (npv and equity at the end, discounted).
        rates: discount rate per month of every future.

    Returns:
        Plans in the order of the study; values, $, shape [future, life, plan].

    Raises:
        Incomplete: a run has no finite value.
    """
    values = runs["npv"] if objective == "npv" else runs["customer_equity"]
    if objective == "total":
        values = runs["npv"] + values * (1 + rates[runs["point"]]) ** -runs["months"]
    table = runs[["point", "replicate", "scenario"]].assign(value=values.astype(float))
    plans = [str(name) for name in runs["scenario"].unique()]
    wide = table.pivot(index=["point", "replicate"], columns="scenario", values="value")[plans]
    if not np.isfinite(wide.to_numpy()).all():
        bad = table[~np.isfinite(table["value"])].iloc[0]
        where = f"point {bad['point']}, scenario {bad['scenario']}, replicate {bad['replicate']}"
        raise Incomplete(f"ungridlock: {objective} is no finite number in {where}; nothing can be compared")
    return plans, wide.to_numpy().reshape(len(rates), -1, len(plans))


def cleared(values: F64) -> tuple[F64, F64]:
    """Mean over lives with luck taken out of the differences between plans.

    The best of several means over lives is best by luck too, so regret taken from them is too large. What a plan is
    worth against the mean of all plans differs between futures by structure and by luck; how much by luck is seen from
    lives of the same future. Every plan's difference is drawn to its mean over futures by so much that it varies
    between futures as much as it does without luck (constrained empirical Bayes, Louis 1984), and all the way where an
    F test cannot tell that it varies by more than luck.

    Args:
        values: shape [future, life, plan]; with one life nothing can be taken out.

    Returns:
        Values, shape [future, plan]; share of luck in the variance of each plan's difference (NaN with one life).
    """
    futures, number, plans = values.shape
    level = values.mean(axis=(1, 2))[:, None]
    differences = values - values.mean(axis=2, keepdims=True)
    mean = differences.mean(axis=1)
    if number < 2:
        return level + mean, np.full(plans, np.nan)
    luck = differences.var(axis=1, ddof=1).mean(axis=0) / number
    found = mean.var(axis=0, ddof=1)
    share = np.minimum(1.0, luck / np.where(found > 0, found, np.inf))
    certain = found > luck * f_distribution.ppf(SURE, futures - 1, futures * (number - 1))
    kept = np.sqrt(np.where(certain, 1 - share, 0.0))
    return level + mean.mean(axis=0) + kept * (mean - mean.mean(axis=0)), np.where(certain, share, 1.0)


def regrets(values: F64) -> F64:
    """Value of the best plan of each future less every plan's own, shape [future, plan]."""
    return values.max(axis=1, keepdims=True) - values
