"""Find parameter sets under which the unchanged organisation looks as published, in ask-tell batches.

One member of the ensemble is one search of its own: people's responses are drawn from their priors, the free parameters
start at a point of a quasi-random sequence, and CMA-ES (Hansen, Ostermeier 2001; package cmaes) moves them until every
target fits. A search stops at the first set that fits, so that members stay spread in every direction about which the
targets say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from cmaes import CMA
from scipy.stats.qmc import Halton

from experiments import ensembles
from experiments.calibration.targets import TARGETS, Found, combine, observe, sight
from experiments.unknowns import draw, stays_as_it_is
from sim.params.field import replace
from sim.params.scenario import Scenario, sized

# Free parameter -> range searched. Wider than what anybody would defend: the targets have to narrow it.
FREE: dict[str, tuple[float, float]] = {
    "behaviour.sharing.reference_level": (0.05, 0.35),
    "behaviour.sharing.conformity": (0.5, 4.0),
    "norms.disposition_spread": (0.6, 1.2),
    "behaviour.engagement.level": (0.45, 0.75),
    "behaviour.engagement.spread": (0.5, 1.5),
    "behaviour.engagement.unit_spread": (0.05, 0.60),
    "behaviour.engagement.quits": (0.010, 0.028),
    "customers.service.handling": (1.0, 4.5),
    "market.complexity": (0.10, 0.50),
    "organisation.customers.natural_end_per_month": (0.02, 0.12),
    "customers.churn.satisfaction": (0.5, 8.0),
}
AIM = 0.6  # share of a band that the search aims at, so that other luck leaves a set inside the band
NEAR = 0.15  # loss from which a set is tried on fresh lives: every band is met, if only just
POPULATION = 8  # candidates per batch
STEP, SMALL_STEP = 0.2, 0.05  # first spread of a batch, share of a range; where it begins at a fitted set
RESTLESS = 100.0  # loss of a set under which the firm would not stay as it is
SEARCH_LIVES = range(8)
GLANCE, FAR = range(2), 4.0  # lives that tell a set which is far off, and the loss from which it is
CHECK_LIVES = range(1000, 1048)  # they never steer a search; they stop it, and choose who becomes a member
SEARCH_CUSTOMERS, CHECK_CUSTOMERS = 2_500, 12_000


@dataclass(frozen=True)
class Trial:
    """What one search came to.

    Args:
        number: which search.
        values: dotted name -> value of every free parameter and of every response with a prior.
        start: free parameter -> where the search began.
        evaluations: parameter sets tried.
    """

    number: int
    values: dict[str, float]
    start: dict[str, float]
    evaluations: int


@dataclass(frozen=True)
class Member:
    """A parameter set and how the unchanged organisation looks under it, on lives that do not steer the search."""

    trial: Trial
    found: dict[str, Found]
    fits: bool


def search(scenario: Scenario, seed: int, batches: int, begin: str, number: int) -> Member:
    """Search one member of the ensemble.

    Args:
        scenario: the organisation; its strategy plays no part.
        seed: seed of priors, starts, search and lives.
        batches: most batches before the search gives up.
        begin: ensemble whose members are the starts; empty: a quasi-random sequence over all ranges.
        number: which member; its result depends on the other arguments and this number only.
    """
    responses = {name: value for name, value in draw(scenario, seed, number).items() if name not in FREE}
    start = start_of(begin, seed, number)
    sampler = CMA(start, SMALL_STEP if begin else STEP, np.tile([0.0, 1.0], (len(FREE), 1)),
                  seed=seed * 10_007 + number, population_size=POPULATION)  # fmt: skip
    tried, best, least = 0, start, np.inf
    for _ in range(batches):
        asked = [start if begin and tried == 0 and k == 0 else sampler.ask() for k in range(POPULATION)]
        losses = [loss(replace(scenario, responses | values_at(point)), seed) for point in asked]
        tried += len(asked)
        k = int(np.argmin(losses))
        if losses[k] < least:
            best, least = asked[k], losses[k]
        if losses[k] <= NEAR:
            member = judged(Trial(number, responses | values_at(asked[k]), values_at(start), tried), scenario, seed)
            if member.fits:
                return member
        sampler.tell(list(zip(asked, losses, strict=True)))
    return judged(Trial(number, responses | values_at(best), values_at(start), tried), scenario, seed)


def start_of(begin: str, seed: int, number: int) -> np.ndarray:
    """Where a search begins, in the unit cube."""
    if begin:
        member = ensembles.load(begin).member(number)
        point = np.array([(member[name] - low) / (high - low) for name, (low, high) in FREE.items()])
    else:
        point = Halton(len(FREE), rng=seed).fast_forward(number).random(1)[0]
    return np.clip(point, 0.02, 0.98)


def values_at(point: np.ndarray) -> dict[str, float]:
    """Free parameters at a point of the unit cube."""
    return {name: low + float(x) * (high - low) for (name, (low, high)), x in zip(FREE.items(), point, strict=True)}


def loss(scenario: Scenario, seed: int) -> float:
    """Sum of squared distances to the middle part of every band that steers; 0 if all are met and the firm rests."""
    if not stays_as_it_is(scenario):
        return RESTLESS
    small = sized(scenario, SEARCH_CUSTOMERS)
    first = [sight(small, seed, life) for life in GLANCE]
    far = distance(combine(small, first))
    if far > FAR:
        return far
    return distance(combine(small, first + [sight(small, seed, life) for life in SEARCH_LIVES if life not in GLANCE]))


def distance(found: Mapping[str, Found]) -> float:
    """Sum of squared distances to the middle part of every band that steers, in half-widths."""
    return sum(target.miss(found[target.name].value, AIM) ** 2 for target in TARGETS if target.steers)


def judged(trial: Trial, scenario: Scenario, seed: int) -> Member:
    """A set looked at on lives and customers that do not steer the search."""
    under = replace(scenario, trial.values)
    found = check(under, seed, CHECK_LIVES)
    return Member(trial, found, stays_as_it_is(under) and met(found))


def met(found: Mapping[str, Found]) -> bool:
    """Whether every target is met with two standard errors to spare."""
    return all(t.fits(found[t.name].value, found[t.name].error) for t in TARGETS)


def check(scenario: Scenario, seed: int, lives: Sequence[int]) -> dict[str, Found]:
    """Every target's reading on given lives, with more customers than the search can afford."""
    return observe(sized(scenario, CHECK_CUSTOMERS), seed, lives)
