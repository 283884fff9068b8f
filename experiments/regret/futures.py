"""Futures: points of a design over what nobody controls, each in a world of what we don't know, with its own luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.designs import kinds
from experiments.designs.factor import LUCK, LUCKS, NO_PARAMETERS, WORLD
from experiments.designs.settings import DesignSettings
from experiments.designs.space import Space
from experiments.evaluation.study import Study
from experiments.headline import listing
from experiments.settings import Unknowns
from experiments.terminal import counted
from sim.errors import InputError
from sim.params.field import walk
from sim.params.scenario import Scenario

# What a market may do from now on. All of these leave the firm as it is today, to which the worlds are fitted: they
# act on attacks, on lost profit and on the rise of advocates only. Competitors' pull, product quality, contact rate and
# drift of expectations act before month 0 too and would change the firm that has been observed. Ranges are judgement:
# from nothing to twice the attack of configs/market/disruption.yaml, half to double the pressure, no word of mouth to
# that of configs/market/empowered_customers.yaml.
CONDITIONS: dict[str, tuple[float, float]] = {
    "market.shock_size": (0.0, 1.0),
    "market.shock_months": (6, 36),
    "market.answer_effect": (0.2, 0.8),
    "market.investor_pressure": (0.5, 2.0),
    "market.referral": (0.0, 0.8),
}
MOST_NAMED = 8
ATTACK = "market.shock_month"  # anywhere in the first half of the horizon, so that there is time to see what it does


def conditions(scenario: Scenario) -> dict[str, list[float]]:
    """Dotted name -> range of every market condition at its default: another value was set and is known."""
    found = {**CONDITIONS, ATTACK: (1, max(2, scenario.months // 2))}
    unset = {name for name, field, value in walk(scenario) if value == field.default}
    return {name: list(span) for name, span in found.items() if name in unset}


def futures(settings: DesignSettings, worlds: int, space: Space) -> pd.DataFrame:
    """Points of what is varied, crossed with worlds.

    Args:
        settings: the design as typed.
        worlds: number of worlds in which every point is looked at; 0: point k in world k only.
        space: the base, and where worlds come from.

    Returns:
        One row per future; columns: factors, `world` (unless nothing is unknown), `luck`.

    Raises:
        InputError: there are fewer than two futures, or worlds are asked for where nothing is unknown.
    """
    known = space.settings.unknowns is Unknowns.DEFAULT
    if worlds and known:
        raise InputError("worlds", "is not used with unknowns=default", worlds, "leave one of them out")
    points = kinds.points(settings, space, space.settings.seed)
    if points.columns.empty and not known:
        worlds = worlds or settings.samples
    found = crossed(points, worlds, not known)
    if len(found) < 2:
        rule, advice = "must be at least two", "vary something, or raise samples or worlds"
        raise InputError("futures", rule, len(found), advice)
    return found


def crossed(points: pd.DataFrame, worlds: int, unknown: bool) -> pd.DataFrame:
    """Every point in its worlds; columns that the points have already are kept."""
    each = max(1, worlds)
    found = points.loc[points.index.repeat(each)].reset_index(drop=True)
    number = np.arange(len(found))
    if unknown and WORLD not in found:
        found[WORLD] = number % each if worlds else number
    if LUCK not in found:
        found[LUCK] = (number % LUCKS + 0.5) / LUCKS
    return found


@dataclass(frozen=True)
class Futures:
    """What is known about every future.

    Args:
        factors: one row per future, one column for everything that differs between futures.
        clusters: futures of the same world have the same number; without worlds each has its own.
        rates: discount rate per month.
        varied: factors of the design; the others differ with the world.
        units: factor -> unit.
    """

    factors: pd.DataFrame
    clusters: NDArray[np.int64]
    rates: NDArray[np.float64]
    varied: list[str]
    units: dict[str, str]

    @property
    def in_words(self) -> str:
        """In what the futures differ."""
        number, unknown = len(set(self.clusters)), len(self.factors.columns) - len(self.varied)
        names = listing(self.varied) if len(self.varied) <= MOST_NAMED else f"{len(self.varied)} factors of the design"
        parts = [names] if self.varied else []
        if unknown:
            parts.append(f"what we don't know ({counted(unknown, 'parameter')}, {counted(number, 'world')})")
        return f"Futures differ in {' and in '.join([*parts, 'luck'])}."


def looked_at(study: Study[Any]) -> Futures:
    """The futures of a study with the values that their worlds hold."""
    points: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in study.points.to_dict("records")]
    scenarios = [study.wanted.scenario_in(point, study.wanted.world(point, 0)) for point in points]
    drawn = [name for name in study.space.uncertain if name not in study.points]
    rows = [{name: value for name, _, value in walk(scenario) if name in drawn} for scenario in scenarios]
    worlds = pd.DataFrame(rows, columns=drawn)
    clusters = np.arange(len(points))
    if WORLD in study.points:
        clusters = pd.factorize(pd.util.hash_pandas_object(worlds, index=False))[0].astype(np.int64)
    factors = pd.concat([study.points.drop(columns=[n for n in NO_PARAMETERS if n in study.points]), worlds], axis=1)
    differing = [name for name in factors if factors[name].nunique() > 1]
    rates = np.array([scenario.organisation.economics.monthly_discount for scenario in scenarios])
    varied = [str(name) for name in differing if name in study.points]
    units = {str(name): study.space.unit_of(str(name)) for name in differing}
    return Futures(factors[differing], clusters, rates, varied, units)
