"""Design: trajectories that move one factor at a time (Morris 1991; SALib)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from SALib.sample import morris

from experiments.designs.factor import LUCK, LUCKS, Factor, scaled
from experiments.designs.saltelli import problem
from experiments.designs.settings import DesignSettings

LEVELS = 4  # of Morris's grid; one step is two of its three intervals


def positions(names: Sequence[str], trajectories: int, seed: int) -> pd.DataFrame:
    """Where in the unit cube the points are: (factors + 1) rows per trajectory, a column per factor.

    More trajectories keep those of fewer.
    """
    unit = morris.sample(problem(names), trajectories, num_levels=LEVELS, seed=seed)
    return pd.DataFrame(unit, columns=list(names))


def points(varied: Sequence[Factor], settings: DesignSettings, seed: int) -> pd.DataFrame:
    """`samples` trajectories of (factors + 1) points each; where luck is a factor, each has two lives of its own."""
    unit = positions([factor.name for factor in varied], settings.samples, seed)
    found = scaled(unit.to_numpy(), varied)
    if any(factor.name == LUCK and factor.from_prior for factor in varied):
        found[LUCK] = _two_lives_each(unit[LUCK].to_numpy(), settings.samples)
    return found


def _two_lives_each(unit: np.ndarray, trajectories: int) -> np.ndarray:
    """The grid has four levels, but luck is no scale: trajectory t goes from life 2t to life 2t + 1 or back."""
    trajectory = np.repeat(np.arange(trajectories), len(unit) // trajectories)
    life = (2 * trajectory + (unit > 0.5)) % LUCKS
    return (life + 0.5) / LUCKS
