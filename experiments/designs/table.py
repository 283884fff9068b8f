"""Design: points from a CSV file whose header holds dotted names."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from experiments.designs.factor import FREE, NO_PARAMETERS, WORLD, require_unit, require_worlds
from experiments.designs.space import Space
from sim.errors import InputError


def points(path: Path, space: Space) -> pd.DataFrame:
    """One point per row.

    Raises:
        InputError: the file cannot be read, is empty, lacks a value, or names a parameter that does not exist.
    """
    try:
        found = pd.read_csv(path, dtype=object, skipinitialspace=True)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error).splitlines()[0]).lower()
        rule, advice = f"must be a CSV file that can be read ({reason})", "give one with a header of dotted names"
        raise InputError("design", rule, str(path), advice) from None
    if found.empty:
        raise InputError(str(path), "must have a header and at least one row", len(found), "add points")
    found.columns = [str(name).strip() for name in found.columns]
    for name, column in found.items():
        for row, value in enumerate(column):
            if not isinstance(value, str):
                raise InputError(f"{path}:{row + 2}", f"must have a value of {name}", "", "fill it in")
    found = found.apply(lambda column: column.map(_typed))
    for name in found.columns:
        if name not in NO_PARAMETERS:
            space.require(str(name), list(found[name]))
        if name in FREE:
            require_unit(str(name), list(found[name]))
        if name == WORLD:
            require_worlds(list(found[name]), space)
    return found


def _typed(text: str) -> object:
    """A number if the text is one."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text.strip()
