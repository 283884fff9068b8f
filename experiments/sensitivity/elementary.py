"""Elementary effects: what it does to move one factor, averaged over places (Morris 1991; Campolongo 2007; SALib)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from SALib.analyze import morris
from scipy.stats import t as student

from experiments.designs.morris import LEVELS
from experiments.designs.saltelli import problem
from experiments.headline import LEVEL
from experiments.sensitivity.outcomes import F64, require_finite

RESAMPLES = 1000
COLUMNS = ["factor", "mu", "mu_star", "low", "high", "sigma", "p"]


def effects(positions: pd.DataFrame, values: F64, seed: int) -> pd.DataFrame:
    """Effects of going once through the range of each factor.

    Args:
        positions: design in the unit cube, (factors + 1) rows per trajectory, a column per factor.
        values: outcome at each of its rows.
        seed: of the bootstrap.

    Returns:
        A row per factor, the largest effect first: `mu` mean effect; `mu_star` mean size of the effect with its
        interval `low`, `high` (bootstrap over trajectories); `sigma` standard deviation of the effect between places,
        all in units of the outcome; `p` of a t test that the mean effect is zero.

    Raises:
        ValueError: a value is missing.
    """
    names = [str(name) for name in positions.columns]
    found = morris.analyze(
        problem(names), positions.to_numpy(float), require_finite(np.asarray(values, float)), num_levels=LEVELS,
        num_resamples=RESAMPLES, conf_level=LEVEL, seed=seed,
    )  # fmt: skip
    mu, size, half, sigma = (np.asarray(found[name], float) for name in ("mu", "mu_star", "mu_star_conf", "sigma"))
    p = chance_of_none(mu, sigma, len(values) // (len(names) + 1))
    columns = (names, mu, size, np.maximum(size - half, 0.0), size + half, sigma, p)
    table = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
    return table.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)


def chance_of_none(mu: F64, sigma: F64, trajectories: int) -> F64:
    """Two-sided p of mean effects at least as far from zero, if there is none; trajectories are independent."""
    error = sigma / np.sqrt(trajectories)
    t = np.divide(np.abs(mu), error, out=np.where(mu != 0, np.inf, 0.0), where=error > 0)
    found: F64 = 2 * student.sf(t, trajectories - 1)
    return found
