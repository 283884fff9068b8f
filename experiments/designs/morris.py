"""Design: trajectories that move one factor at a time (Morris 1991; SALib)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from SALib.sample import morris

from experiments.designs.factor import Factor, scaled
from experiments.designs.saltelli import problem
from experiments.designs.settings import DesignSettings

LEVELS = 4  # of Morris's grid; one step is two of its three intervals


def points(varied: Sequence[Factor], settings: DesignSettings, seed: int) -> pd.DataFrame:
    """`samples` trajectories of (factors + 1) points each."""
    unit = morris.sample(problem([f.name for f in varied]), settings.samples, num_levels=LEVELS, seed=seed)
    return scaled(unit, varied)
