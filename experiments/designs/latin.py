"""Design: Latin hypercube, scrambled (McKay, Beckman and Conover 1979; scipy)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from scipy.stats import qmc

from experiments.designs.factor import Factor, scaled
from experiments.designs.settings import DesignSettings


def points(varied: Sequence[Factor], settings: DesignSettings, seed: int) -> pd.DataFrame:
    """Each of `samples` strata of every factor holds one point."""
    return scaled(qmc.LatinHypercube(len(varied), rng=seed).random(settings.samples), varied)
