"""A unit: what surrounds its people and its customers this month, and what it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from benchmarks.plain_mesa.counts import Counts
from sim.params.strategy import (
    CULTURE,
    EMPOWERMENT,
    FEEDBACK,
    INSIGHT,
    MODELLING,
    PORTFOLIO,
    RECOGNITION,
    STANDARDS,
    TEAMS,
    TRAINING,
)
from sim.state import GOVERNANCE
from sim.world import World

if TYPE_CHECKING:
    from benchmarks.plain_mesa.employee import Employee
    from benchmarks.plain_mesa.model import PlainModel


class Unit(mesa.Agent):
    """A business unit. Its numbers are plain attributes, renewed by `brief_staff` and `brief_front_line`.

    Attributes:
        staff: everybody who works here, front line first.
        front_line: those who take contacts.
        managers: portfolio managers.
        others: the other units.
        elsewhere: the other units with a front line.
        counts: what has been counted this month.
    """

    model: PlainModel

    def __init__(self, model: PlainModel, index: int) -> None:
        """Start without people."""
        super().__init__(model)
        self.index = index
        self.staff: list[Employee] = []
        self.front_line: list[Employee] = []
        self.managers: list[Employee] = []
        self.others: list[Unit] = []
        self.elsewhere: list[Unit] = []
        self.counts = Counts()
        self.busy = 0.0  # capacity of staff that trying and learning take, before it is cut

    def brief_staff(self, world: World) -> None:
        """Take over what people here see, hear and are paid for."""
        s, state, rules = self.index, world.state, world.rules
        climate, silos = state.climate, state.silos
        self.individual, self.silo, self.team, self.customer = climate.pay[s].tolist()
        seen, design = climate.behaviours[s].tolist(), climate.design[s].tolist()
        self.modelling, self.recognition, self.standards = seen[MODELLING], seen[RECOGNITION], seen[STANDARDS]
        self.standards_full, self.overload = float(climate.standards_full[s]), float(climate.unit_overload[s])
        self.hostility, self.credibility = float(silos.hostility[s]), float(silos.credibility[s])
        self.manager, self.teams, self.design = float(silos.manager[s]), design[TEAMS], design
        group = len(self.staff) / len(self.model.staff) * (1 - rules.sharing.portfolio_focus * design[PORTFOLIO])
        self.sight = 1 / (1 + group / rules.sharing.sight_share)
        formal = silos.formal[s].tolist()
        self.trained, self.allowed = formal[TRAINING], formal[EMPOWERMENT]
        paused = (state.plan.paused_until > world.month).tolist()
        self.in_use = [0.0 if stopped else f for f, stopped in zip(formal, paused, strict=True)]
        self.blockers = climate.blockers[s].tolist()
        needs = self.model.builds_on
        self.missing = [sum(1 - design[n] for n in row) / max(len(row), 1) for row in needs]

    def hear(self, world: World) -> None:
        """Work out what moves belief and engagement here once the month's service is known."""
        s, state, rules = self.index, world.state, world.rules
        climate, silos = state.climate, state.silos
        self.normal_success, self.normal_fails = float(silos.normal_success[s]), float(silos.normal_fails[s])
        seen = rules.norms.feedback_visibility + rules.information.visibility_gain * self.design[FEEDBACK]
        self.evidence = (
            rules.belief.success * min(1.0, seen) * (float(silos.success[s]) - self.normal_success)
            + rules.belief.modelling * self.modelling
            + rules.belief.messages * climate.trusted_reach * self.credibility
            + rules.belief.culture * self.design[CULTURE]
        )
        self.voice = climate.two_way * self.credibility
        before = rules.governance
        usual = max(0.0, before.accountability - before.authority) if before.customer_share > 0 else 0.0
        self.powerless = max(0.0, self.accountability - self.authority) - usual if self.fence > 0 else 0.0
        self.usual_habit = sum(e.habit for e in self.staff) / len(self.staff)

    def brief_front_line(self, world: World) -> None:
        """Take over terms of governance, information, queues and practised design, then count anew."""
        s, state, rules = self.index, world.state, world.rules
        design = state.climate.design[s].tolist()
        terms = dict(zip(GOVERNANCE, state.climate.governance[s].tolist(), strict=True))
        self.authority, self.accountability = terms["authority"], terms["accountability"]
        self.projected, self.capabilities = terms["projected"], terms["capabilities"]
        self.business_rules, self.self_service = terms["business_rules"], terms["self_service"]
        self.fence = float(state.climate.fence[s])
        chain, weakest = state.silos.chain[s].tolist(), rules.information.weakest
        self.capture = chain[0]
        self.known = (sum(max(link, 1e-3) ** -weakest for link in chain) / len(chain)) ** (-1 / weakest)
        self.owned = 1 - (1 - design[PORTFOLIO]) * (1 - rules.service.team_ownership * design[TEAMS])
        self.scored, self.called_back = design[INSIGHT], design[FEEDBACK]
        self.watched = max(design[FEEDBACK], rules.churn.monitored)
        incentives = world.scenario.incentives
        sales = rules.acquisition.sales_pay * incentives.variable_share
        self.individual = float(state.climate.pay[s, 0])
        self.sales = (1 + sales * self.individual) / (1 + sales * incentives.mix.individual)
        queue = rules.service.waiting * min(float(state.silos.backlog[s]), rules.service.waiting_most)
        first = self.model.owned_share(self)
        self.waiting = queue * (1 + terms["priority"] * first)
        self.waiting_first = queue * (1 - terms["priority"] * (1 - first))

    def settle_service(self, world: World) -> None:
        """Backlog and success: contacts wait when the unit cannot keep up."""
        s, p, silos, counts = self.index, world.rules.service, world.state.silos, self.counts
        incentives = world.scenario.incentives
        effort = p.own_effort * incentives.variable_share
        strain = min(self.busy / len(self.staff), p.strain_most)
        capacity = float(silos.capacity[s]) * (1 - strain) * (1 + effort * self.individual)
        capacity /= 1 + effort * incentives.mix.individual
        waiting = float(silos.backlog[s]) * capacity + counts.work - capacity
        queue = min(max(waiting / max(capacity, 1e-9), 0.0), p.backlog_most)
        asked, dropped = sum(e.asked for e in self.staff), sum(e.dropped for e in self.staff)
        silos.backlog[s] = queue if self.front_line else 0.0
        silos.demand[s] = counts.work
        silos.success[s] = counts.won / counts.n_contacts if counts.n_contacts else silos.normal_success[s]
        silos.fails[s] = dropped / asked if asked else silos.normal_fails[s]
        silos.result[s] = silos.success[s] - silos.normal_success[s]
