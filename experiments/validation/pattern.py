"""What a published pattern is, how its claims are judged, and what an experiment of one replicate is given."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.configuration import load_scenario
from experiments.evidence import Use
from experiments.paired import standard_error
from experiments.unknowns import in_world
from sim.params.field import replace
from sim.params.scenario import Scenario

CLEAR = 2.0  # standard errors
WORLD = "world"  # the reading that numbers the set of values in which a replicate lives
Readings = Mapping[str, float | NDArray[np.float64]]
Found = tuple[float, float]  # value, standard error


class Verdict(StrEnum):
    """What a claim comes to."""

    HIT = "hit"
    MISS = "miss"
    UNCLEAR = "unclear"  # the experiment is too small to tell


class Against(StrEnum):
    """What a claim is held against."""

    FIGURE = "published figure"
    SIGN = "sign only"
    OWN = "own check"  # the model's own: nothing was published
    AGAIN = "judged already"  # a number that another claim of the pattern judges more strictly


@dataclass(frozen=True)
class Setting:
    """What one replicate of an experiment is given: luck of its own, and world r, for as many as the ensemble has.

    Args:
        seed: seed of all draws.
        replicate: which life, and which world.
        off: dotted name -> value that switches off the mechanism which the pattern is said to depend on; mostly empty.
        quick: a smaller experiment is enough.
    """

    seed: int
    replicate: int
    off: Mapping[str, Any] = field(default_factory=dict)
    quick: bool = False

    def scenario(self, *choices: str, changes: Mapping[str, Any] | None = None) -> Scenario:
        """A scenario in this replicate's world.

        Args:
            choices: entries of groups and values as typed on the command line, "organisation=best_buy", "months=36".
            changes: values at dotted names, put in after the world has been drawn.
        """
        base = in_world(_loaded(choices), self.seed, self.replicate)
        return replace(base, {**(changes or {}), **self.off})


@cache
def _loaded(choices: tuple[str, ...]) -> Scenario:
    return load_scenario(choices)


Statistic = Callable[[Sequence[Readings]], Found]


def worlds_of(readings: Sequence[Readings]) -> NDArray[np.int64]:
    """World of each replicate, which `compute` puts beside its readings; without one each has its own."""
    return np.array([int(one.get(WORLD, k)) for k, one in enumerate(readings)], dtype=np.int64)


def errors_of(rows: NDArray[np.float64], readings: Sequence[Readings]) -> list[float]:
    """Standard errors over worlds of the means of rows [replicate, point], for a figure; 0 from a single world."""
    return [float(error) for error in np.nan_to_num(standard_error(rows, worlds_of(readings)))]


def mean_of(name: str) -> Statistic:
    """Mean of a reading with its standard error over worlds; replicates without a value are left out."""

    def statistic(readings: Sequence[Readings]) -> Found:
        values = np.array([float(one[name]) for one in readings])
        known = np.isfinite(values)
        if not known.any():
            return math.nan, math.nan
        values, worlds = values[known], worlds_of(readings)[known]
        return float(values.mean()), float(standard_error(values, worlds))

    return statistic


def jackknife(value: Callable[[Sequence[Readings]], float]) -> Statistic:
    """Any number computed from all replicates together, with the jackknife's standard error over worlds."""

    def statistic(readings: Sequence[Readings]) -> Found:
        worlds = worlds_of(readings)
        different = list(dict.fromkeys(worlds.tolist()))
        n = len(different)
        if n < 2:
            return value(readings), math.nan
        left = ([one for one, world in zip(readings, worlds, strict=True) if world != out] for out in different)
        without = np.array([value(some) for some in left])
        return value(readings), float(math.sqrt((n - 1) / n * np.sum((without - without.mean()) ** 2)))

    return statistic


@dataclass(frozen=True)
class Claim:
    """One published number or sign, as a band.

    Args:
        name: short name, unique within the pattern.
        label: what is compared, in words.
        low: lower end of what was published with its tolerance; -inf if open.
        high: upper end; inf if open.
        unit: unit of both.
        statistic: the simulated counterpart from the readings of all replicates.
        tolerance: how the band follows from what was published.
        again: True if another claim judges the same number more strictly.
    """

    name: str
    label: str
    low: float
    high: float
    unit: str
    statistic: Statistic
    tolerance: str
    again: bool = False

    def judge(self, value: float, error: float) -> Verdict:
        """Hit or miss by the same rule for all claims.

        Inside a band counts as a hit if the experiment could have missed: for a band with two ends if two standard
        errors are at most half its width, for an open one if the value is two standard errors inside. Outside counts as
        a miss from two standard errors on, and so does exactly nothing where something was claimed.
        """
        if not (math.isfinite(value) and math.isfinite(error)):
            return Verdict.UNCLEAR
        if error == 0 and value in (self.low, self.high) and not math.isfinite(self.high - self.low):
            return Verdict.MISS  # exactly nothing is not above nothing
        outside = max(self.low - value, value - self.high)
        if outside > 0:
            return Verdict.MISS if outside > CLEAR * error else Verdict.UNCLEAR
        room = (self.high - self.low) / 2 if math.isfinite(self.high - self.low) else -outside
        return Verdict.HIT if CLEAR * error <= room else Verdict.UNCLEAR

    def missed_by(self, value: float) -> float:
        """Distance to the band; 0 inside."""
        return max(0.0, self.low - value, value - self.high)


@dataclass(frozen=True)
class Mechanism:
    """What a pattern is said to depend on: where that is so, a hit becomes a miss without it; the page says where not.

    Args:
        name: the mechanism, in words.
        off: dotted name -> value without it.
        claim: name of the claim that is judged again without it.
        replicates: how often it is switched off; 0 means as often as the pattern is run if quick.
    """

    name: str
    off: Mapping[str, Any]
    claim: str
    replicates: int = 0


@dataclass(frozen=True)
class Curve:
    """A figure of published and simulated values over a common axis; arrays of one length."""

    x: Sequence[float]
    published: Mapping[str, Sequence[float]]
    simulated: Mapping[str, Sequence[float]]
    errors: Mapping[str, Sequence[float]]
    x_label: str
    y_label: str
    split: float | None = None  # where calibration ends and validation begins


@dataclass(frozen=True)
class Cloud:
    """A figure of points with one fitted line per group."""

    groups: Mapping[str, tuple[Sequence[float], Sequence[float]]]
    x_label: str
    y_label: str


Picture = Curve | Cloud


@dataclass(frozen=True)
class Pattern:
    """A published pattern and the experiment that looks for it.

    Args:
        key: name of the file and the row.
        question: title of the figure.
        figures: keys of the published figures in `experiments.evidence`.
        use: calibration or validation.
        published: what was published.
        counterpart: how the simulated counterpart is measured, and why that is the counterpart.
        once: one replicate of the experiment; a function at module level. Patterns with the same one share its runs.
        claims: what is compared.
        replicates: numbers of replicates, quick and full.
        mechanism: what the pattern depends on, if it is hit.
        picture: what to draw besides the claims' bands; None draws the bands.
        remark: what explains a miss, or limits a hit.
        own_check: True if nothing was published: the model is only held against itself.
    """

    key: str
    question: str
    figures: tuple[str, ...]
    use: Use
    published: str
    counterpart: str
    once: Callable[[Setting], Readings]
    claims: tuple[Claim, ...]
    replicates: tuple[int, int]
    mechanism: Mechanism | None = None
    picture: Callable[[Sequence[Readings]], Picture] | None = None
    remark: str = ""
    own_check: bool = False

    def against(self, claim: Claim) -> Against:
        """What one of the claims is held against; an open band is a sign."""
        if self.own_check:
            return Against.OWN
        if claim.again:
            return Against.AGAIN
        return Against.FIGURE if math.isfinite(claim.low) and math.isfinite(claim.high) else Against.SIGN
