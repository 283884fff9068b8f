"""What is analysed: the outcome at every point, as a level under every plan and as a gain over the first plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.tables import HEADLINES
from sim.errors import InputError

F64 = NDArray[np.float64]
OUTCOMES = ("customer_equity", "npv", *HEADLINES, "stopped")  # columns of runs


class Of(StrEnum):
    """What of an outcome is looked at."""

    GAIN = "gain"  # under a later plan less under the first, in the same life
    LEVEL = "level"  # under a plan


def outcomes(runs: pd.DataFrame, outcome: str, plans: Sequence[str], points: int) -> pd.DataFrame:
    """Every quantity at every point, a mean over replicates.

    Args:
        runs: one row per run with `point`, `scenario`, `replicate` and the outcome.
        outcome: column of `runs`.
        plans: keys of the plans; gains are over the first.
        points: number of points of the design.

    Returns:
        A row per point in the order of the design; columns (of, scenario): gains, then levels, that of the first plan
        last.

    Raises:
        ValueError: a run is missing or there twice; rows of a design are never left out.
    """
    wide = runs.pivot(index=["point", "replicate"], columns="scenario", values=outcome)
    replicates = runs["replicate"].nunique()
    if len(runs) != points * replicates * len(plans) or len(wide) != points * replicates:
        raise ValueError(f"must hold {points} x {replicates} x {len(plans)} runs, got {len(runs)}")
    levels = wide[list(plans)].to_numpy(float).reshape(points, replicates, len(plans)).mean(axis=1)
    columns = {(Of.GAIN, plan): levels[:, k] - levels[:, 0] for k, plan in enumerate(plans) if k > 0}
    columns |= {(Of.LEVEL, plan): levels[:, k] for k, plan in [*[*enumerate(plans)][1:], (0, plans[0])]}
    return pd.DataFrame(columns).rename_axis(index="point", columns=["of", "scenario"])


def known(values: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The quantities that exist; one that does nowhere, such as gridlock without a programme, is left out.

    Raises:
        InputError: one is missing at some points only, or none exists.
    """
    missing = values.isna()
    some = missing.any() & ~missing.all()
    if some.any():
        of, plan = keys(values.loc[:, some])[0]
        number = int(missing[of, plan].sum())
        rule = f"must exist at every point; the {of} under {plan} is missing at {number} of {len(values)}"
        raise InputError("outcome", rule, outcome, "choose another outcome; nothing is computed anew")
    if missing.all(axis=None):
        raise InputError("outcome", "must exist under some plan", outcome, "add a plan that launches something")
    return values.loc[:, ~missing.all()]


def keys(values: pd.DataFrame) -> list[tuple[str, str]]:
    """Pairs (of, scenario) of the columns."""
    return [(str(key[0]), str(key[1])) for key in values.columns]


def of_each(values: pd.DataFrame, method: Callable[[F64], pd.DataFrame]) -> pd.DataFrame:
    """A method applied to every quantity.

    Args:
        values: as `outcomes` returns them.
        method: from the values at all points to a table with one row per factor.

    Returns:
        The tables below each other, with `of` and `scenario` in front.
    """
    parts = []
    for of, plan in keys(values):
        found = method(values[of, plan].to_numpy(float))
        found.insert(0, "scenario", plan)
        found.insert(0, "of", of)
        parts.append(found)
    return pd.concat(parts, ignore_index=True)


def require_finite(values: F64) -> F64:
    """Values as they are.

    Raises:
        ValueError: one is missing or infinite; SALib would answer with indices that are all 0, or all missing.
    """
    if not np.isfinite(values).all():
        raise ValueError(f"must be finite everywhere, got {int((~np.isfinite(values)).sum())} values that are not")
    return values


def varies(values: F64) -> bool:
    """Whether values differ by more than rounding."""
    return bool(np.ptp(values) > 1e-12 * np.abs(values).max())
