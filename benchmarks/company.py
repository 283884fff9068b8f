"""The company that is measured: Midwest Telecom with other numbers of customers and employees."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from experiments.configuration import load_scenario
from sim.model import OrganisationModel
from sim.params.field import replace
from sim.params.scenario import Scenario
from sim.run import Variant, burn_in, fork

ORGANISATION = "midwest_telecom"


class Size(NamedTuple):
    """Numbers of agents; `customers` counts places in the market, of which 70% are occupied."""

    customers: int
    employees: int


BOTH = (Size(2_000, 200), Size(20_000, 600), Size(200_000, 2_000))  # engine and plain Mesa
LARGE = (Size(1_000_000, 5_000), Size(10_000_000, 10_000))  # the engine alone
QUICK_LARGE = (Size(70_000, 1_000), Size(200_000, 2_000))  # two chunks at least


@lru_cache
def shipped(strategy: str) -> Scenario:
    """The shipped organisation with one of the shipped strategies."""
    return load_scenario([f"organisation={ORGANISATION}", f"strategy={strategy}"])


def company(size: Size, changes: dict[str, Any] | None = None) -> Scenario:
    """Midwest Telecom with these numbers of agents, all standing for the same numbers of people.

    Args:
        size: numbers of agents.
        changes: dotted names of other parameters with their values.
    """
    spec = shipped("as_is").organisation
    people = {
        "organisation.customers.number": size.customers,
        "organisation.customers.weight": spec.customers.number * spec.customers.weight / size.customers,
        "organisation.employees.number": size.employees,
        "organisation.employees.weight": spec.employees.number * spec.employees.weight / size.employees,
        "burn_in": 12,
    }
    return replace(shipped("as_is"), people | (changes or {}))


def with_units(scenario: Scenario, number: int) -> Scenario:
    """The company with its units repeated until there are so many, or only the first of them."""
    given = list(scenario.organisation.silos.items())
    chosen = {f"{given[k % len(given)][0]}_{k}": given[k % len(given)][1].model_dump() for k in range(number)}
    for share in ("headcount_share", "home_share"):
        total = sum(silo[share] for silo in chosen.values())
        for silo in chosen.values():
            silo[share] /= total
    return replace(scenario, {"organisation.silos": chosen})


def under_way(scenario: Scenario, strategy: str, months: int, threads: int = 1) -> OrganisationModel:
    """The engine's model some months after the burn-in under a strategy."""
    model = fork(burn_in(scenario, 1, 0, threads), Variant(strategy, shipped(strategy).strategy))
    for _ in range(months):
        model.advance()
    return model
