"""Leaders."""

from __future__ import annotations

from sim.agents.base import ColumnAgent
from sim.agents.cells import Cell, Vector
from sim.params.settings import STAGES
from sim.params.strategy import BEHAVIOURS

TOP = ("chief executive", "chief operating officer", "head of vendor relations")


class Leader(ColumnAgent):
    """A leader: one per silo, then CEO, COO and vendor relations. Behaviour is in the compiled phases."""

    table = "leaders"
    first_id = 2 * 10**6 + 1

    stage = Cell[float]("Action logic with continuous progress, 0-6.", 0, 6)
    first_stage = Cell[float]("Action logic at appointment, 0-6.", 0, 6)
    power = Cell[float]("Share of power; the leaders' shares add up to 1.", 0, 1)
    interest = Cell[float]("What she gains (+) or loses (-) when power shifts to customers.")
    stake = Cell[float]("Stake in the programme.")
    buy_in = Cell[float]("Buy-in to the programme.")
    concessions = Cell[float]("Concessions won in negotiations.")
    trust = Cell[float]("Trust in what is said about the strategy.", 0, 1)
    belief = Cell[float]("Belief, 0 inside-out to 1 outside-in.", 0, 1)
    attention = Cell[float]("Attention that is left.")
    behaviours = Vector("Intensity of the five leadership behaviours.", BEHAVIOURS)
    generation = Cell[int]("How many people have left the post.", fixed=True)

    @property
    def action_logic(self) -> str:
        """Name of the nearest of the seven action logics (halves go up)."""
        return STAGES[min(int(self.stage + 0.5), len(STAGES) - 1)]

    @property
    def silo_name(self) -> str:
        """Name of the silo that she leads, empty for CEO, COO and vendor relations."""
        names = self.model.silo_names
        return str(names[self.row]) if self.row < len(names) else ""

    @property
    def title(self) -> str:
        """Post, such as 'leader of wireless' or 'chief executive'."""
        silos = len(self.model.silo_names)
        return f"leader of {self.silo_name}" if self.row < silos else TOP[self.row - silos]
