"""Worse at first: where a strategy is worse than the baseline in its first year, whatever becomes of it."""

from __future__ import annotations

import pandas as pd

from experiments.headline import CHURN, ENGAGED, EQUITY, SIMULATED, Measure
from experiments.paired import Estimate, estimate, strategies, worlds_of

MONTHS = 12
SHORTEST = 24  # months of a horizon that has both a first year and an end
MEASURED = (CHURN, ENGAGED, EQUITY)  # what a programme pays for comes first in any case: the J-curve shows money


def slumps(runs: pd.DataFrame, months: pd.DataFrame) -> dict[Measure, dict[str, Estimate]]:
    """Strategies that are clearly worse in the first year, by measure.

    Args:
        runs: one row per run.
        months: one row per run and month.

    Returns:
        Measure -> strategy -> difference to the baseline, mean over the first twelve months; without any for a horizon
        of less than two years.
    """
    if int(months["month"].max()) < SHORTEST:
        return {}
    found: dict[Measure, dict[str, Estimate]] = {}
    for measure in MEASURED:
        for key, early in first_year(runs, months, measure).items():
            if early.sign * measure.better < 0:
                found.setdefault(measure, {})[key] = early
    return found


def first_year(runs: pd.DataFrame, months: pd.DataFrame, measure: Measure) -> dict[str, Estimate]:
    """Difference of every strategy to the baseline, mean over the first twelve months, with its interval."""
    baseline, *others = strategies(runs)
    some = months.loc[(months["kind"] == SIMULATED) & months["month"].between(1, MONTHS)]
    mean = some.groupby(["replicate", "scenario"], observed=True)[measure.name].mean().unstack()
    worlds = worlds_of(runs, mean.index)
    return {key: estimate((mean[key] - mean[baseline]).to_numpy(float), worlds) for key in others}
