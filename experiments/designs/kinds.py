"""All kinds of design by name, and how a command's settings become points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from experiments.complaints import Brief
from experiments.designs import grid, latin, listed, low_discrepancy, morris, saltelli, table
from experiments.designs.factor import Factor, factors
from experiments.designs.settings import DesignSettings, Kind
from experiments.designs.space import Space
from sim.errors import InputError

KINDS: dict[str, Callable[[Sequence[Factor], DesignSettings, int], pd.DataFrame]] = {
    Kind.GRID: grid.points,
    Kind.LIST: listed.points,
    Kind.LATIN: latin.points,
    Kind.SOBOL: low_discrepancy.points,
    Kind.MORRIS: morris.points,
    Kind.SALTELLI: saltelli.points,
}


def points(settings: DesignSettings, space: Space, seed: int) -> pd.DataFrame:
    """Points of a design: a row each, a column per factor; a single row without columns if nothing is varied.

    Raises:
        InputErrors: a name does not exist, or values do not suit the design.
        InputError: a file cannot be read, or the design and its factors do not go together.
    """
    if settings.design.endswith(".csv"):
        if settings.vary:
            raise InputError("vary", "is not used with a file of points", ", ".join(settings.vary), "leave it out")
        return table.points(Path(settings.design), space)
    varied = factors(settings.varied(space), space)
    if not varied:
        return pd.DataFrame(index=range(1))
    if settings.design not in (Kind.GRID, Kind.LIST):
        _require_ranges(varied, settings.design)
    return KINDS[settings.design](varied, settings, seed)


def _require_ranges(varied: Sequence[Factor], design: str) -> None:
    for factor in varied:
        if len(factor.levels) < 2:
            rule, advice = f"must have a range in the design {design}", f"write vary.{factor.name}=[LOW,HIGH]"
            raise InputError(f"vary.{factor.name}", rule, factor.levels[0], advice)
        if factor.falling:
            rule, advice = "must have a range that rises", "write the smaller end first, or more than two levels"
            raise InputError(f"vary.{factor.name}", rule, Brief(list(factor.levels)), advice)
