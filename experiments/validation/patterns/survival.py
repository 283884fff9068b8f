"""Survival of cohorts in the years that were not fitted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from experiments.configuration import load_scenario
from experiments.evidence import Use
from experiments.validation.pattern import Claim, Curve, Mechanism, Pattern, Readings, Setting, jackknife
from sim.frailty import read_retention_table
from sim.model import OrganisationModel
from sim.params.scenario import sized

YEARS, FITTED = 12, 7
CUSTOMERS = 12_000
TOLERANCE = 0.02


def once(setting: Setting) -> Readings:
    """Follow everybody who joins during the burn-in for twelve years; nothing is changed and nothing held constant."""
    scenario = sized(setting.scenario("organisation=midwest_telecom"), CUSTOMERS)
    model = OrganisationModel(scenario, setting.seed, setting.replicate)
    segments = len(scenario.organisation.customers.segments)
    joined, there = np.zeros(segments), np.zeros((segments, YEARS))
    born = np.full(len(model.state.customers.alive), -1)  # month in which the present holder of a slot joined
    first = scenario.burn_in
    for month in range(first + 12 * YEARS):
        before = model.state.customers.alive.copy(), model.state.customers.generation.copy()
        model.advance()
        c = model.state.customers
        born[(c.generation != before[1]) | (c.alive == 0)] = -1
        new = (c.alive == 1) & (before[0] == 0)
        born[new] = month if month < first else -1
        joined += np.bincount(c.segment[new & (born >= 0)], minlength=segments)
        age, watched = month - born, born >= 0
        for year in range(1, YEARS + 1):
            same = watched & (age == 12 * year)
            there[:, year - 1] += np.bincount(c.segment[same], minlength=segments)
    return {"joined": joined, "there": there}


def published() -> dict[str, np.ndarray]:
    """Published survival, segment -> years 1 to 12."""
    spec = load_scenario().organisation.customers
    table = read_retention_table(spec.retention_table)
    return {name: np.array([dict(table[name])[year] for year in range(1, YEARS + 1)]) for name in spec.segments}


def simulated(readings: Sequence[Readings]) -> np.ndarray:
    """Simulated survival, [segment, year], pooled over replicates."""
    joined = sum((np.asarray(r["joined"]) for r in readings), np.zeros(1))
    there = sum((np.asarray(r["there"]) for r in readings), np.zeros(1))
    return np.asarray(there / joined[:, None])


def at(segment: int, year: int, readings: Sequence[Readings]) -> float:
    """Simulated survival of one segment after one year more than `year`."""
    return float(simulated(readings)[segment, year])


def largest(segment: int) -> Callable[[Sequence[Readings]], float]:
    """Largest deviation in the later years, with its sign, of one segment."""

    def value(readings: Sequence[Readings]) -> float:
        gaps = simulated(readings)[segment, FITTED:] - list(published().values())[segment][FITTED:]
        return float(gaps[np.argmax(np.abs(gaps))])

    return value


def picture(readings: Sequence[Readings]) -> Curve:
    """Both segments over tenure."""
    seen = simulated(readings)
    names = list(published())
    errors = [[jackknife(partial(at, s, y))(readings)[1] for y in range(YEARS)] for s in range(len(names))]
    return Curve(
        x=range(1, YEARS + 1), published={n: (100 * v).tolist() for n, v in published().items()},
        simulated={n: (100 * seen[s]).tolist() for s, n in enumerate(names)},
        errors={n: [100 * e for e in errors[s]] for s, n in enumerate(names)},
        x_label="years since joining", y_label="still customers, % of the cohort", split=FITTED + 0.5,
    )  # fmt: skip


PATTERN = Pattern(
    key="survival",
    question="Do cohorts survive as published in the years that were not fitted?",
    figures=("fader_hardie2007_later",),
    use=Use.VALIDATION,
    published="Share of two cohorts still there after 8 to 12 years; only years 1 to 7 are used for the fit.",
    counterpart="Everybody who joins Midwest Telecom during the burn-in, followed for twelve years with contacts, "
    "offers, turnover and all else going on: the same cohorts, by their segment.",
    once=once,
    claims=(
        Claim("contract", "contract customers, years 8-12: largest deviation", -TOLERANCE, TOLERANCE,
              "share of the cohort", jackknife(largest(0)), "two points"),
        Claim("prepaid", "prepaid customers, years 8-12: largest deviation", -TOLERANCE, TOLERANCE,
              "share of the cohort", jackknife(largest(1)), "two points"),
    ),
    replicates=(4, 16),
    mechanism=Mechanism(
        "customers differ in how prone they are to leave",
        {"organisation.customers.retention_table": "customers_alike.csv"}, "contract",
    ),
    picture=picture,
)  # fmt: skip
