"""Customers as light views, made when asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.base import ColumnAgent
from sim.agents.cells import Cell


class Customer(ColumnAgent):
    """A customer: a slot of the market that is occupied (prospects are not agents).

    A view that exists while somebody holds it; two views of one customer are equal. It has the attributes below and
    takes no others. Behaviour is in the compiled phases, `step` does nothing.
    """

    table = "customers"
    first_id = 10**12 + 1
    kept = False

    slot = Cell[int]("Number of the slot, under which its luck is drawn.", fixed=True)
    alive = Cell[int]("1 for a customer, 0 after she has left.", fixed=True)
    segment = Cell[int]("Number of the segment.", fixed=True)
    home = Cell[int]("Number of the home unit.", fixed=True)
    owner = Cell[int]("Row of the portfolio manager among the employees, -1 without.", fixed=True)
    spend = Cell[float]("Spend potential, $/month.", 0)
    wallet = Cell[float]("Wallet share, 0-1.", 0, 1)
    satisfaction = Cell[float]("Satisfaction with the enterprise.")
    trust = Cell[float]("Trust in the enterprise.")
    commitment = Cell[float]("Mutual commitment, which raises the cost of leaving.")
    expectation = Cell[float]("Experience that the customer expects.")
    knowledge = Cell[float]("What the enterprise knows about the customer and keeps current, 0-1.", 0, 1)
    frailty = Cell[float]("Proneness to leave, mean 1 among newcomers.", 0)
    tenure = Cell[int]("Months as a customer.", 0)
    open_need = Cell[int]("1 if an unresolved need will return.", 0, 1)
    contacts_open = Cell[int]("Contacts spent on the open need.", 0)
    failures = Cell[int]("Failures in a row.", 0)
    service_cost = Cell[float]("Cost to serve relative to the mean.", 0)
    tier = Cell[int]("Treatment: 0 in person, 1 web and pool, 2 converted to web and pool.", 0, 2)
    participation = Cell[float]("Habit of taking part, 0-1.", 0, 1)
    worth = Cell[float]("Lifetime value at the end of last month, $.", fixed=True)
    multiple = Cell[float]("Months of cash that this lifetime value was worth.", fixed=True)
    error = Cell[float]("Error of the enterprise's value estimate, standard normal.")
    misjudged = Cell[float]("Error of the enterprise's risk score, standard normal.")
    appeal = Cell[float]("Relative inclination to join, before the customer did.", 0)
    generation = Cell[int]("How many customers have held the slot.", fixed=True)
    quality = Cell[float]("This month's mean experience, -1 without contact.")
    hazard = Cell[float]("This month's hazard of leaving.", 0)
    acted = Cell[int]("1 if a retention act reached the customer this month.", 0, 1)
    luck_leaving = Cell[float]("This month's uniform for leaving, drawn with the month's contacts.", 0, 1)
    luck_act = Cell[float]("This month's uniform for a retention act.", 0, 1)
    luck_offers = Cell[float]("This month's uniform for the number of offers.", 0, 1)

    @property
    def home_name(self) -> str:
        """Name of the home unit."""
        return str(self.model.silo_names[self.home])

    @property
    def segment_name(self) -> str:
        """Name of the segment (its number where the model has no names)."""
        names = self.model.segment_names
        return str(names[self.segment]) if self.segment < len(names) else str(self.segment)

    @classmethod
    def present(cls, columns: Any, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the slots are occupied by a customer."""
        return np.asarray(columns.alive[rows] == 1)

    @classmethod
    def present_rows(cls, columns: Any) -> NDArray[np.int64]:
        """The slots occupied by a customer, ascending."""
        return np.flatnonzero(columns.alive == 1)

    @classmethod
    def count(cls, columns: Any) -> int:
        """Number of customers."""
        return int(np.count_nonzero(columns.alive == 1))

    def __setattr__(self, name: str, value: object) -> None:
        """Write an attribute of customers; any other would be lost with the view.

        Raises:
            AttributeError: customers have no such attribute, or it is read-only.
        """
        if not hasattr(type(self), name) or name == "pos":
            raise AttributeError(f"customer.{name}: a customer is a view on columns and takes no further attributes")
        object.__setattr__(self, name, value)
