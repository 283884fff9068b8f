"""Design: Sobol's sequence, scrambled (Owen 1998; scipy). More samples keep the points of fewer."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from scipy.stats import qmc

from experiments.designs.factor import Factor, scaled
from experiments.designs.settings import DesignSettings
from sim.errors import InputError


def points(varied: Sequence[Factor], settings: DesignSettings, seed: int) -> pd.DataFrame:
    """The first `samples` points.

    Raises:
        InputError: samples is not a power of two, which the sequence needs to be balanced.
    """
    require_power_of_two(settings.samples)
    return scaled(qmc.Sobol(len(varied), rng=seed).random(settings.samples), varied)


def require_power_of_two(samples: int) -> None:
    """Refuse numbers of samples for which Sobol's sequence is unbalanced."""
    if samples & (samples - 1):
        below = 1 << (samples.bit_length() - 1)
        raise InputError("samples", "must be a power of two here", samples, f"choose {below} or {2 * below}")
