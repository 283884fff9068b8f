"""Employees."""

from __future__ import annotations

from sim.agents.base import ColumnAgent
from sim.agents.cells import Cell, Vector
from sim.columns import ROLES
from sim.params.strategy import INITIATIVES

ADOPTION_STATES = ("unaware", "aware", "trying", "practising")


class Employee(ColumnAgent):
    """An employee; who leaves is replaced by another agent in the same row. Behaviour is in the compiled phases."""

    table = "employees"
    first_id = 10**9 + 1

    silo = Cell[int]("Number of the silo.", fixed=True)
    role = Cell[int]("Number of the role, see role_name.", fixed=True)
    belief = Cell[float]("Belief, 0 inside-out to 1 outside-in.", 0, 1)
    anchor = Cell[float]("Belief that gravity pulls back to, 0-1.", 0, 1)
    engagement = Cell[float]("Engagement, 0-1.", 0, 1)
    disposition = Cell[float]("Disposition to be engaged, standard normal.")
    willingness = Cell[float]("Disposition to share, standard normal.")
    skill = Cell[float]("Customer skill, 0-1.", 0, 1)
    tacit = Cell[float]("Tacit knowledge of customers, lost when she leaves, 0-1.", 0, 1)
    habit = Cell[float]("Habit of sharing across silos, 0-1.", 0, 1)
    shares = Cell[int]("1 if she helps across boundaries this month.", 0, 1)
    empowerment = Cell[float]("Inclination to act on own judgement, 0-1.", 0, 1)
    learning = Cell[float]("Capacity lost to newly practised work.", 0)
    adoption = Vector(
        "State of each initiative: unaware, aware, trying or practising.", INITIATIVES, states=ADOPTION_STATES
    )
    trying = Vector("Months of trying each initiative.", INITIATIVES, 0)
    handled = Cell[float]("Contacts handled this month.", 0)
    won = Cell[float]("Contacts resolved or recovered this month.", 0)
    asked = Cell[float]("Times asked for help across a boundary this month.", 0)
    dropped = Cell[float]("Of these, handoffs that failed this month.", 0)
    tenure = Cell[int]("Months in the post.", 0)
    generation = Cell[int]("How many people have left the post.", fixed=True)

    @property
    def silo_name(self) -> str:
        """Name of the silo."""
        return str(self.model.silo_names[self.silo])

    @property
    def role_name(self) -> str:
        """Name of the role, such as 'front line'."""
        return ROLES[self.role]
