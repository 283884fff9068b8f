"""Which plans could be the best: subset selection with paired runs, all comparisons honoured together.

A plan is out as soon as one other plan beats it clearly: its paired difference to it, plus the one-sided t quantile of
1 - (1 - level) / (k - 1) times its standard error over worlds, is below zero. Whatever runs have in common, the plan
that is truly best of the k compared stays with at least the stated confidence (Bonferroni over its k - 1 comparisons;
Gupta 1965; Nelson, Swann, Goldsman, Song 2001), and no selection of the leader by the same data spoils that.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

F64 = NDArray[np.float64]


def could_be_best(gains: pd.DataFrame, worlds: NDArray[np.int64], level: float) -> pd.Series:
    """Whether no other plan clearly beats it.

    Args:
        gains: more is better, a row per replicate, a column per plan; nothing missing.
        worlds: world of each replicate, at least two different ones.
        level: confidence that the truly best plan is among those that stay.

    Returns:
        True or False per plan.
    """
    short = shortfalls(gains, worlds, level)
    return pd.Series((short <= 0).all(axis=1), index=gains.columns)


def shortfalls(gains: pd.DataFrame, worlds: NDArray[np.int64], level: float) -> F64:
    """By how much a plan is clearly below another: lower end of (other - plan), shape [plan, other]; 0 to itself."""
    values = gains.to_numpy(float)
    number = values.shape[1]
    if number < 2:
        return np.zeros((number, number))
    means = values.mean(axis=0)
    behind = means[None, :] - means[:, None]
    confidence = 1 - (1 - level) / (number - 1)
    groups = len(np.unique(worlds))
    lower = behind - stdtrit(groups - 1, confidence) * _errors(values, worlds)
    np.fill_diagonal(lower, 0.0)
    return np.asarray(lower)


def _errors(values: F64, worlds: NDArray[np.int64]) -> F64:
    """Standard error of every paired difference of two columns, worlds as clusters, shape [column, column]."""
    _, index = np.unique(worlds, return_inverse=True)
    groups, n = int(index.max()) + 1, len(values)
    sums = np.zeros((groups, values.shape[1]))
    np.add.at(sums, index, values - values.mean(axis=0))
    between = sums[:, :, None] - sums[:, None, :]
    return np.asarray(np.sqrt(groups / (groups - 1) * (between**2).sum(axis=0)) / n)
