"""Design: every combination of levels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pandas as pd

from experiments.designs.factor import Factor
from experiments.designs.settings import DesignSettings


def points(varied: Sequence[Factor], settings: DesignSettings, seed: int) -> pd.DataFrame:
    """The last factor changes fastest."""
    del seed
    levels = [factor.spaced(settings.levels) for factor in varied]
    return pd.DataFrame(list(product(*levels)), columns=[factor.name for factor in varied])
