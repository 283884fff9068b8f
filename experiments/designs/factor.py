"""What is varied: a parameter by its dotted name, with a range or with levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from experiments.complaints import Brief, InputErrors
from experiments.designs.space import Space
from experiments.settings import Unknowns
from sim.errors import InputError

PRIOR = "prior"  # the range over which a parameter is uncertain
DUMMY = "dummy"  # a factor without effect: what zero looks like
LUCK = "luck"  # a factor that chooses the life
LUCKS = 1024  # lives among which it chooses
FREE = (DUMMY, LUCK)  # factors that are no parameters
WORLD = "world"  # a factor that chooses the set of what we don't know
NO_PARAMETERS = (*FREE, WORLD)


@dataclass(frozen=True)
class Factor:
    """One thing that is varied.

    Args:
        name: dotted parameter, a group such as "norms", or one of `NO_PARAMETERS`.
        levels: values as given; for a range its two ends.
        ranged: whether the levels are the ends of a range of numbers.
        whole: whether values are whole numbers.
        from_prior: whether the range is that over which the parameter is uncertain.
    """

    name: str
    levels: tuple[Any, ...]
    ranged: bool
    whole: bool = False
    from_prior: bool = False

    @property
    def falling(self) -> bool:
        """Whether the levels are two numbers that are no ends of a range, as they do not rise."""
        return len(self.levels) == 2 and not self.ranged and all(_is_number(v) for v in self.levels)

    def at(self, u: np.ndarray) -> list[Any]:
        """Values at positions between 0 and 1: along the range, or among the levels."""
        if not self.ranged:
            places = np.minimum((np.asarray(u) * len(self.levels)).astype(int), len(self.levels) - 1)
            return [self.levels[k] for k in places]
        low, high = self.levels
        if self.whole:
            return [int(v) for v in np.minimum(np.floor(low + np.asarray(u) * (high - low + 1)), high)]
        return [float(v) for v in low + np.asarray(u) * (high - low)]

    def spaced(self, number: int) -> list[Any]:
        """Values as given; along the range of an uncertain parameter that many, equally spaced."""
        if not self.from_prior:
            return list(self.levels)
        low, high = self.levels
        values = [float(v) for v in np.linspace(low, high, number)]
        return list(dict.fromkeys(round(v) for v in values)) if self.whole else list(values)


def factors(vary: Mapping[str, Any], space: Space) -> list[Factor]:
    """Factors of a command.

    Args:
        vary: dotted name -> list of values, two ends of a range, or "prior".
        space: which names exist and how uncertain they are.

    Raises:
        InputErrors: a name does not exist, or a range is none.
    """
    found: list[Factor] = []
    problems: list[InputError] = []
    for name, given in vary.items():
        try:
            found.append(_factor(name, given, space))
        except InputErrors as error:
            problems += error.problems
        except InputError as error:
            problems.append(error)
    if problems:
        raise InputErrors(problems)
    return found


def _factor(name: str, given: Any, space: Space) -> Factor:
    shown = f"vary.{name}"
    if name not in NO_PARAMETERS:
        space.require(name, given)
    from_prior = given == PRIOR
    if name == WORLD:
        require_worlds(given, space)
    if from_prior:
        given = [0.0, 1.0] if name in FREE else space.prior(name)
    levels = tuple(given) if isinstance(given, Sequence) and not isinstance(given, str) else (given,)
    if not levels:
        raise InputError(shown, "must have values", Brief("[]"), f"write vary.{name}=[LOW,HIGH] or more values")
    if name in FREE:
        require_unit(name, levels)
    numbers = all(_is_number(v) for v in levels)
    ranged = numbers and len(levels) == 2 and levels[0] < levels[1]
    whole = name == WORLD or (name not in FREE and space.is_whole(name))
    return Factor(name, levels, ranged, ranged and whole, from_prior)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def require_unit(name: str, values: Sequence[Any]) -> None:
    """Check that values of a factor that is no parameter lie between 0 and 1.

    Raises:
        InputError: one does not.
    """
    for value in values:
        if not (_is_number(value) and 0 <= value <= 1):
            raise InputError(f"vary.{name}", "must lie between 0 and 1", Brief(value), f"write vary.{name}=[0,1]")


def require_worlds(given: Any, space: Space) -> None:
    """Check that worlds are numbered from 0, and that they differ.

    Raises:
        InputError: they are not, or do not.
    """
    if space.settings.unknowns is Unknowns.DEFAULT:
        rule, advice = "must differ in something", "add unknowns=ensemble, or leave it out"
        raise InputError(f"vary.{WORLD}", rule, Brief("unknowns=default"), advice)
    for world in given if isinstance(given, Sequence) and not isinstance(given, str) else [given]:
        if type(world) is not int or world < 0:
            rule, advice = "must be whole numbers from 0", "write vary.world=[0,1,2]"
            raise InputError(f"vary.{WORLD}", rule, Brief(given), advice)


def scaled(unit: np.ndarray, varied: Sequence[Factor]) -> pd.DataFrame:
    """Positions in the unit cube, shape [points, factors], as values of the factors."""
    columns = {factor.name: factor.at(unit[:, k]) for k, factor in enumerate(varied)}
    return pd.DataFrame(columns, columns=[factor.name for factor in varied])
