"""The firm of a number: drawn from the declared distributions, whatever the number of firms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from zlib import crc32

import numpy as np
from scipy.special import ndtr, ndtri

from experiments.configuration import GROUPS, load_job, load_scenario
from experiments.survey.distributions import FIXED, INDUSTRY, TOGETHER, Choice, Distribution
from experiments.unknowns import in_world, set_of
from sim.draws import Stream, make_key, uniform_table
from sim.errors import InputError
from sim.params.field import replace, walk
from sim.params.scenario import Scenario

ORGANISATION = "organisation=small_firm"
CUSTOMERS = 4_000  # agents: luck among fewer would drown how firms differ
ATTEMPTS = 20
DRAWN_AGAIN = ("incentives", "norms")  # where a firm would not stay as it is

type Drawn = dict[str, Any]  # name of a distribution -> value


@dataclass(frozen=True)
class Firm:
    """One firm before its history.

    Args:
        number: its number in the industry.
        drawn: what was drawn.
        scenario: itself, in its world.
        typical: the typical firm of its market in the same world.
        redraws: how often its incentives and norms had to be drawn again.
        world: number of the set of what we don't know; firms beyond the ensemble's sets share one with others.
    """

    number: int
    drawn: Drawn
    scenario: Scenario
    typical: Scenario
    redraws: int
    world: int


def make_firm(seed: int, months: int, number: int) -> Firm:
    """The firm of a number, with a history of so many months ahead.

    Raises:
        InputError: it rests under none of its draws.
    """
    for attempt in range(ATTEMPTS):
        drawn = draw(seed, number, attempt)
        own = scenario_of(drawn).model_copy(update={"months": months})
        try:
            here = in_world(own, seed, number)
        except InputError:
            continue
        typical = without_differences(here, own, drawn["market"])
        return Firm(number, drawn, here, typical, attempt, set_of(own, seed, number))
    advice = "choose another seed, or narrower distributions"
    raise InputError("seed", f"must give firms that stay as they are, firm {number} does not", seed, advice)


def draw(seed: int, number: int, attempt: int = 0, industry: Mapping[str, Distribution] = INDUSTRY) -> Drawn:
    """What distinguishes a firm. Each value's draw is addressed by its name: adding one changes no other."""
    key = make_key(seed, number)

    def uniform(name: str, ordinal: int = 0) -> float:
        slot = np.array([crc32(name.encode())], dtype=np.int64)
        return float(uniform_table(key, Stream.INDUSTRY, slot, ordinal=ordinal)[0, 0])

    throughout = ndtri(uniform("how far the firm is throughout"))
    drawn = {}
    for name, distribution in industry.items():
        u = uniform(name, attempt if name in DRAWN_AGAIN else 0)
        if distribution.linked:
            u = float(ndtr(np.sqrt(TOGETHER) * throughout + np.sqrt(1 - TOGETHER) * ndtri(u)))
        drawn[name] = distribution.at(u)
    return drawn


def scenario_of(drawn: Drawn, industry: Mapping[str, Distribution] = INDUSTRY) -> Scenario:
    """The firm with these values, apart from what we don't know."""
    groups = {d.names[0]: drawn[name] for name, d in industry.items() if d.names and d.names[0] in GROUPS}
    base = typical_firm().model_copy(update={group: entries(group)[entry] for group, entry in groups.items()})
    values = {dotted: drawn[name] for name, d in industry.items() for dotted in d.names if dotted not in GROUPS}
    owners = {
        "governance.customer_share": drawn["treated"] * drawn["owned"],
        "governance.self_service": drawn["treated"] * (1 - drawn["owned"]),
    }
    return replace(base, {**FIXED, **owners, **values})


def without_differences(here: Scenario, own: Scenario, market: str) -> Scenario:
    """The typical firm of the same market in the same world: what makes this firm differ is as in the shipped one.

    Args:
        here: the firm in its world.
        own: the firm apart from what we don't know.
        market: entry of its market.
    """
    base = typical_firm()
    around = entries("market")[market].model_copy(update={"product_quality": base.market.product_quality})
    base = base.model_copy(update={"market": around, "strategy": own.strategy, "months": own.months})
    mine = {dotted: value for dotted, _, value in walk(own)}
    return replace(here, {dotted: value for dotted, _, value in walk(base) if mine[dotted] != value})


@cache
def typical_firm() -> Scenario:
    """The shipped small firm, with customers enough that luck does not drown differences."""
    base = load_scenario([ORGANISATION])
    customers = base.organisation.customers
    weight = customers.weight * customers.number / CUSTOMERS
    return replace(base, {"organisation.customers.number": CUSTOMERS, "organisation.customers.weight": weight})


@cache
def entries(group: str) -> dict[str, Any]:
    """The entries of a group that firms may have, by name."""
    names = [str(name) for d in INDUSTRY.values() if isinstance(d, Choice) and d.names == (group,) for name in d.shares]
    if group == "strategy":
        return dict(load_job("compare", [ORGANISATION, f"strategies=[{','.join(names)}]"]).strategies)
    return {name: getattr(load_scenario([ORGANISATION, f"{group}={name}"]), group) for name in names}
