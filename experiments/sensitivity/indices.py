"""Shares of variance: first-order and total indices (Sobol 1993; Saltelli 2010; Jansen 1999; SALib)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from SALib.analyze import sobol
from scipy.stats import norm

from experiments.designs.factor import LUCK
from experiments.designs.saltelli import problem
from experiments.headline import LEVEL
from experiments.sensitivity.outcomes import F64, require_finite, varies

RESAMPLES = 200
COLUMNS = ["factor", "first", "first_low", "first_high", "total", "total_low", "total_high", "half_first", "half_total",
           "p"]  # fmt: skip
Z = float(norm.ppf((1 + LEVEL) / 2))


def indices(factors: Sequence[str], values: F64, seed: int) -> pd.DataFrame:
    """Share of the variance of an outcome that each factor explains.

    Args:
        factors: names in the order of the design.
        values: outcome at every row of a Saltelli design; never with rows left out.
        seed: of the bootstrap.

    Returns:
        A row per factor, the largest total index first: `first` share that it explains alone, `total` share that it
        explains alone and together with others, with intervals `_low`, `_high` (bootstrap over the base sample), and
        both from the first half of the base sample (`half_first`, `half_total`); `p` of a first-order share that large
        if there is none.

    Raises:
        ValueError: a value is missing, or there is no variance.
    """
    full, half = _analysed(factors, values, seed), _analysed(factors, values[: len(values) // 2], seed)
    first, total = full["S1"], full["ST"]
    columns = (
        list(factors), first, first - full["S1_conf"], first + full["S1_conf"],
        total, np.maximum(total - full["ST_conf"], 0.0), total + full["ST_conf"], half["S1"], half["ST"],
        chance_of_none(first, full["S1_conf"] / Z),
    )  # fmt: skip
    table = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
    return table.sort_values("total", ascending=False, kind="stable", ignore_index=True)


def chance_of_none(first: F64, error: F64) -> F64:
    """One-sided p of first-order shares, from standard errors; 1 where there is none, as for the dummy."""
    found: F64 = norm.sf(np.divide(first, error, out=np.full_like(first, -np.inf), where=error > 0))
    return found


def of_the_mean(factors: Sequence[str], values: F64, seed: int) -> pd.DataFrame:
    """First-order shares of the variance of the mean over lives: of what luck leaves.

    Varying the life leaves the effect that a factor alone has on the mean as it is; it only adds variance. So the
    first-order share of that mean is the first-order share divided by what luck, alone and with others, does not take.

    Args:
        factors: names in the order of the design, luck among them.
        values: outcome at every row of a Saltelli design.
        seed: of the bootstrap.

    Returns:
        A row per factor: `mean` share with its interval `mean_low`, `mean_high` (bootstrap over the base sample);
        missing for luck, and everywhere if luck may take everything.
    """
    found, place = _analysed(factors, values, seed), list(factors).index(LUCK)
    left, lefts = 1 - found["ST"][place], 1 - found["ST_conf_all"][:, place]
    missing = np.full(len(factors), math.nan)
    mean, low, high = missing, missing, missing
    if left > Z * lefts.std(ddof=1):
        mean, shares = found["S1"] / left, found["S1_conf_all"] / lefts[:, None]
        low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    table = pd.DataFrame({"factor": list(factors), "mean": mean, "mean_low": low, "mean_high": high})
    table.loc[place, ["mean", "mean_low", "mean_high"]] = math.nan
    return table


def additive(factors: Sequence[str], values: F64, seed: int) -> tuple[float, float, float]:
    """Sum of all first-order indices with its interval; what is missing to 1 are interactions. Arguments as above."""
    found = _analysed(factors, values, seed)
    half = Z * float(found["S1_conf_all"].sum(axis=1).std(ddof=1))
    middle = float(found["S1"].sum())
    return middle, middle - half, middle + half


def independent(factors: Sequence[str], values: F64) -> F64:
    """Values at the rows of a Saltelli design that are an independent sample: its two base samples."""
    block = values.reshape(-1, len(factors) + 2)
    return np.concatenate([block[:, 0], block[:, -1]])


def _analysed(factors: Sequence[str], values: F64, seed: int) -> dict[str, Any]:
    if not varies(require_finite(np.asarray(values, float))):
        raise ValueError("must differ between points, got one value everywhere")
    # SALib takes a seed of 0 for none and would draw from numpy's global generator.
    found: dict[str, Any] = sobol.analyze(
        problem(factors), np.asarray(values, float), calc_second_order=False, num_resamples=RESAMPLES,
        conf_level=LEVEL, keep_resamples=True, seed=seed + 1,
    )  # fmt: skip
    return found
