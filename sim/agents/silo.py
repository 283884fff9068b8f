"""Silos (business units)."""

from __future__ import annotations

from typing import Any

from sim.agents.base import ColumnAgent
from sim.agents.cells import Cell, Vector
from sim.params.strategy import INITIATIVES

LINKS = ("capture", "collate", "retrieve", "utilise", "share")


def trait_names(model: Any) -> tuple[str, ...]:
    """Names of the culture traits on this model."""
    return tuple(model.trait_names)


class Silo(ColumnAgent):
    """A business unit. Behaviour is in the compiled phases."""

    table = "silos"
    first_id = 10**6 + 1
    renewed = False

    size = Cell[int]("Number of employee agents.", fixed=True)
    formal = Vector("Formal state of each initiative, 0-1.", INITIATIVES, 0, 1)
    practised = Vector("Share of staff who practise each initiative, 0-1.", INITIATIVES, 0, 1)
    hostility = Cell[float]("How far people who share are treated as traitors.")
    traits = Vector("Strength left of each trait of the culture.", trait_names)
    chain = Vector("Strength of the five links of the information chain, 0-1.", LINKS, 0, 1)
    credibility = Cell[float]("Credibility of the strategy with the unit.")
    backlog = Cell[float]("Contacts waiting, in months of capacity.", 0)
    demand = Cell[float]("Contacts last month.", 0)
    capacity = Cell[float]("Contacts that the unchanged unit can handle a month.", 0)
    success = Cell[float]("Share of contacts won this month.")
    normal_success = Cell[float]("Share of contacts won in the unchanged organisation.")
    fails = Cell[float]("Share of requests to the unit's staff that failed this month.")
    normal_fails = Cell[float]("Share of requests to the unit's staff that failed in the unchanged organisation.")
    result = Cell[float]("Result of the unit relative to normal.")
    manager = Cell[float]("Effect of the unit's manager on engagement, logit.")

    @property
    def name(self) -> str:
        """Name of the silo."""
        return str(self.model.silo_names[self.row])
