"""The organisation level of the plain-Mesa model: the engine's own phases, fed by what agents have counted.

Environment, programme, leaders, practised design, governance in force, information and finance are a few numbers per
unit, the same work in both models; here they are done by the engine on a world of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim import state as tallies
from sim.phases import environment, finance, information, leaders, programme
from sim.phases.adoption import move_credibility
from sim.phases.practice import practised_shares, update_design
from sim.phases.sharing import follow_rivalry
from sim.world import World

if TYPE_CHECKING:
    from benchmarks.plain_mesa.employee import Employee
    from benchmarks.plain_mesa.unit import Unit


class Office:
    """Everything that is neither an employee nor a customer.

    Args:
        world: a world of its own, usually that of a fork of an engine's model.
    """

    def __init__(self, world: World) -> None:
        """Take the world over."""
        self.world = world

    def open_month(self) -> None:
        """Rivals, the programme, leaders."""
        environment.advance(self.world)
        programme.advance(self.world)
        leaders.advance(self.world)

    def after_sharing(self) -> None:
        """The traitor norm follows pay, culture work and leaders."""
        follow_rivalry(self.world)

    def after_adoption(self, staff: Sequence[Employee]) -> None:
        """Practised design, pay and governance in force, credibility."""
        if self.world.state.plan.drawn_up:
            self.world.state.employees.adoption[:] = [e.adoption for e in staff]
            practised_shares(self.world)
        update_design(self.world)
        move_credibility(self.world)

    def after_service(self, units: Sequence[Unit], staff: Sequence[Employee]) -> None:
        """Take over what units have counted and how people are; then the chain of information moves."""
        sums = self.world.state.tally.silos
        sums[:] = 0.0
        order = [getattr(tallies, name.upper()) for name in units[0].counts.__slots__]
        for unit in units:
            sums[0, unit.index, order] = unit.counts.row()
        self.take_over(("habit", "skill", "empowerment", "shares"), staff)
        information.advance(self.world)

    def close_month(self, staff: Sequence[Employee]) -> None:
        """Leaders' belief, books, pressure, the board."""
        self.take_over(("belief", "engagement", "skill", "empowerment", "tenure"), staff)
        world = self.world
        mean = float(world.state.employees.belief.mean())
        world.state.leaders.belief[:] += world.rules.belief.leaders * (mean - world.state.leaders.belief)
        finance.advance(world)
        world.state.month += 1

    def take_over(self, names: Sequence[str], staff: Sequence[Employee]) -> None:
        """Copy attributes of staff into the world's columns of the same names."""
        columns = self.world.state.employees
        for name in names:
            getattr(columns, name)[:] = np.array([getattr(e, name) for e in staff])
