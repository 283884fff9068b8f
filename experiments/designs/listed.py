"""Design: first values together, second values together, and so on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.designs.factor import Factor
from experiments.designs.settings import DesignSettings
from sim.errors import InputError


def points(varied: Sequence[Factor], settings: DesignSettings, seed: int) -> pd.DataFrame:
    """As many points as every factor has values.

    Raises:
        InputError: factors have different numbers of values.
    """
    del settings, seed
    lengths = {factor.name: len(factor.levels) for factor in varied}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{n} of {name}" for name, n in lengths.items())
        raise InputError("vary", "must give every factor of a list as many values", found, "or use design=grid")
    return pd.DataFrame({factor.name: list(factor.levels) for factor in varied})
