"""Means over the runs of a sweep: at points, and of plans against each other over all points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

NOISE = 1e-12  # of the mean: a standard error below it is rounding


@dataclass(frozen=True)
class Spread:
    """A paired difference over the points of a design.

    Args:
        mean: over points and lives, in the unit of the table.
        error: standard error of the mean; NaN with one life.
        low: smallest mean of a point.
        high: largest mean of a point.
        number: of lives or worlds that the error is over.
        unit: "replicate" or "world".
    """

    mean: float
    error: float
    low: float
    high: float
    number: int
    unit: str


def mean_and_error(values: pd.Series) -> pd.Series:
    """Mean, standard error and number of those values that are known."""
    known = values.dropna().to_numpy(float)
    mean = known.mean() if len(known) else np.nan
    error = known.std(ddof=1) / np.sqrt(len(known)) if len(known) > 1 else np.nan
    return pd.Series({"mean": mean, "error": 0.0 if error < NOISE * abs(mean) else error, "number": len(known)})


def of_points(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Mean, standard error and number at every point.

    Args:
        table: one row per run, of one plan.
        measure: column.
    """
    return pd.DataFrame({point: mean_and_error(part[measure]) for point, part in table.groupby("point")}).T


def best_plans(table: pd.DataFrame, measure: str, better: int) -> dict[str, int]:
    """At how many points each plan has the best mean, most first; plans that have it nowhere are left out.

    Args:
        table: one row per run.
        measure: column.
        better: +1 if more is better, -1 if less is.
    """
    means = table.groupby(["point", "scenario"], sort=False)[measure].mean().unstack(sort=False)
    counts = (better * means).idxmax(axis=1).value_counts()
    return {str(plan): int(number) for plan, number in counts.items()}


def gains(table: pd.DataFrame, base: str, plan: str, measure: str) -> Spread:
    """Difference of a plan to another in the same life, over all points.

    Points share their lives, so that lives are what can be counted: every life gives its mean over the points. Lives
    of a world are alike, so that worlds are counted where there are several.

    Args:
        table: one row per run.
        base: key of the other plan.
        plan: key of the plan.
        measure: column.
    """
    wide = table.pivot(index=["point", "world", "replicate"], columns="scenario", values=measure)
    difference = wide[plan] - wide[base]
    worlds, lives = table["world"].nunique(), len(table[["world", "replicate"]].drop_duplicates())
    unit = "world" if 1 < worlds < lives else "replicate"
    found, at = mean_and_error(difference.groupby(unit).mean()), difference.groupby("point").mean()
    return Spread(float(difference.mean()), float(found["error"]), float(at.min()), float(at.max()),
                  int(found["number"]), unit)  # fmt: skip
