"""What the shipped configuration says, read once per process."""

from __future__ import annotations

from functools import cache

from experiments.configuration import Library, load_scenario
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy

NO_PLAN = ("as_is", "placebo")


@cache
def shipped(*choices: str) -> Scenario:
    """The scenario of some choices, as typed on the command line; without the unknowns of any world."""
    return load_scenario(choices)


@cache
def plans() -> dict[str, Strategy]:
    """Every shipped plan that does something, by key."""
    library = Library()
    names = sorted(name for name in library.entries("strategy") if name not in NO_PLAN)
    with library.opened():
        return library.strategies(names)
