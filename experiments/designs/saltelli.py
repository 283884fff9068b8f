"""Design: two Sobol samples with columns exchanged, for first-order and total indices (Saltelli 2010; SALib)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from SALib.sample import sobol

from experiments.designs.factor import Factor, scaled
from experiments.designs.low_discrepancy import require_power_of_two
from experiments.designs.settings import DesignSettings


def problem(names: Sequence[str]) -> dict[str, object]:
    """Factors in the unit cube, in SALib's words."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def points(varied: Sequence[Factor], settings: DesignSettings, seed: int) -> pd.DataFrame:
    """`samples` x (factors + 2) points in SALib's order: A, A with one column of B after the other, B.

    Raises:
        InputError: samples is not a power of two.
    """
    require_power_of_two(settings.samples)
    unit = sobol.sample(problem([f.name for f in varied]), settings.samples, calc_second_order=False, seed=seed)
    return scaled(unit, varied)
