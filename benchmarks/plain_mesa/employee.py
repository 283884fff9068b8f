"""An employee: sharing, adoption, experience, leaving. Two methods per decision: decide, then act on it.

Everybody decides by what colleagues were like before; only then does anybody change.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import mesa

from sim.columns import AWARE, PORTFOLIO_MANAGER, PRACTISING, TRYING, UNAWARE
from sim.params.strategy import EMPOWERMENT, TRAINING

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainModel
    from benchmarks.plain_mesa.unit import Unit


def logistic(z: float) -> float:
    """1 / (1 + exp(-z))."""
    return 1 / (1 + exp(-z))


class Employee(mesa.Agent):
    """An employee; attributes are named after the engine's columns.

    Attributes:
        unit: where she works.
        colleagues: her ties inside the unit and across.
        team: ties to other units that count as far as teams are practised.
        next_belief, next_empowerment, next_adoption: what she has come to, before anybody acts on it.
    """

    model: PlainModel
    unit: Unit
    role: int
    belief: float
    anchor: float
    engagement: float
    disposition: float
    willingness: float
    skill: float
    tacit: float
    habit: float
    shares: int
    empowerment: float
    learning: float
    tenure: int

    def __init__(self, model: PlainModel, unit: Unit) -> None:
        """Start without ties and without anything adopted."""
        super().__init__(model)
        self.unit = unit
        self.colleagues: list[Employee] = []
        self.team: list[Employee] = []
        self.adoption: list[int] = []
        self.trying: list[int] = []
        self.handled = self.won = self.asked = self.dropped = 0

    def decide_to_share(self) -> None:
        """Help across boundaries this month? By payoff, norm, hostility, belief and leaders."""
        model, unit = self.model, self.unit
        p, norms = model.rules.sharing, model.rules.norms
        near, weight = 0.0, float(len(self.colleagues))
        for colleague in self.colleagues:
            near += colleague.habit
        if unit.teams > 0:
            for mate in self.team:
                near += unit.teams * mate.habit
            weight += unit.teams * len(self.team)
        near = near / weight if weight > 0 else self.habit
        payoff = unit.team * near + unit.customer * unit.sight
        payoff -= unit.individual * p.time_cost + unit.silo * p.rivalry_cost
        z = model.intercept + norms.disposition + norms.disposition_spread * self.willingness
        z += p.conformity * (2 * near - 1) + p.incentive * model.variable_share * payoff
        z += p.belief * (2 * self.belief - 1) + p.modelling * unit.modelling - p.hostility * unit.hostility
        self.shares = 1 if model.random.random() < logistic(z) else 0

    def form_habit(self) -> None:
        """The habit follows the act; the month's counts start at zero."""
        self.habit += self.model.rules.sharing.habit_speed * (self.shares - self.habit)
        self.handled = self.won = self.asked = self.dropped = 0

    def decide_to_adopt(self) -> None:
        """Hear of, try, practise or give up every initiative."""
        self.next_adoption = list(self.adoption)
        for i, formal in enumerate(self.unit.in_use):
            stage = self.adoption[i]
            if stage == UNAWARE:
                if formal > 0:
                    self.hear(i, formal)
            elif stage == AWARE:
                self.consider(i, formal)
            else:
                self.keep_up(i, stage)

    def example(self, i: int) -> float:
        """Share of colleagues who practise an initiative, and what change agents add."""
        n = 0
        for colleague in self.colleagues:
            if colleague.adoption[i] == PRACTISING:
                n += 1
        near = n / len(self.colleagues) if n else 0.0
        return near + self.model.rules.activities.agents_example * self.model.agents_reach[i] * (1 - near)

    def hear(self, i: int, formal: float) -> None:
        """Hear of an initiative: by announcements, messages, colleagues, change agents."""
        model, p = self.model, self.model.rules.adoption
        hears = p.announcement_reach + p.message_reach * model.reach + p.hallway * self.example(i)
        hears += model.rules.activities.agents_reach * model.agents_reach[i]
        if model.random.random() < hears * formal:
            self.next_adoption[i] = AWARE

    def consider(self, i: int, formal: float) -> None:
        """Start trying, as far as it is in use and load leaves time."""
        model, unit, p = self.model, self.unit, self.model.rules.adoption
        difficulty = model.difficulty[i]
        payoff = unit.customer * unit.sight - unit.individual * model.rules.sharing.time_cost
        z = p.inclination + p.belief * (2 * self.belief - 1) + p.peers * self.example(i)
        z += p.standards * unit.standards + p.credibility * (2 * unit.credibility - 1)
        z += p.payoff * model.variable_share * payoff + p.skill * (self.skill - 0.5)
        z -= p.blockers * unit.blockers[i] * difficulty + p.difficulty * difficulty + p.foundation * unit.missing[i]
        z += p.support * model.support
        time_left = 1 / (1 + model.rules.load.time_lost * unit.overload)
        if model.random.random() < logistic(z) * time_left * formal:
            self.next_adoption[i] = TRYING
            self.trying[i] = 0

    def keep_up(self, i: int, stage: int) -> None:
        """Give up, or come to practise after some months of trying."""
        model, p = self.model, self.model.rules.adoption
        if stage == TRYING:
            self.trying[i] += 1
        if model.random.random() < p.lapse * (1 - p.support_keeps * model.support):
            self.next_adoption[i] = AWARE
        elif stage == TRYING and self.trying[i] >= p.trial_months:
            self.next_adoption[i] = PRACTISING
            self.learning += p.learning_cost * model.effort[i]

    def settle_adoption(self) -> None:
        """Act on it; what has been learned costs less every month."""
        model, service = self.model, self.model.rules.service
        self.adoption = self.next_adoption
        self.learning *= 1 - 1 / model.rules.adoption.learning_months
        trying = sum(e for e, stage in zip(model.effort, self.adoption, strict=True) if stage == TRYING)
        self.unit.busy += service.learning_strain * self.learning + service.improvement_time * trying

    def chance_to_handle(self, harder: float) -> float:
        """Chance that she handles her part of a contact."""
        p = self.model.rules.service
        z = p.handling + p.handling_skill * (self.skill - 0.5) + p.handling_engagement * (self.engagement - 0.5)
        return logistic(z - harder)

    def chance_to_rescue(self, called_back: float) -> float:
        """Chance that a failure is mended, on the spot or by a callback."""
        p = self.model.rules.service
        rescue = p.recovery * self.empowerment * (1 - p.recovery_skill + p.recovery_skill * self.skill)
        if called_back > 0:
            rescue += (1 - rescue) * p.callback * called_back * (1.0 if self.shares else p.callback_alone)
        return rescue

    def helps(self, owned: float) -> bool:
        """Somebody asks across a boundary: does the handoff succeed?"""
        p = self.model.rules.service
        self.asked += 1
        chance = p.handoff_shared if self.shares else p.handoff_alone + p.handoff_owned * owned
        if self.model.random.random() < chance:
            return True
        self.dropped += 1
        return False

    def experience(self) -> None:
        """Belief, engagement, skill and empowerment after the month."""
        model, unit, n = self.model, self.unit, len(self.colleagues)
        step, watched = unit.evidence - model.gravity * (self.belief - self.anchor), 0.0
        p = model.rules.engagement
        empowered = self.adoption[EMPOWERMENT] == PRACTISING
        free = unit.allowed * (model.decree[EMPOWERMENT] + (1 - model.decree[EMPOWERMENT]) * empowered)
        own = p.empowerment + (p.empowerment_practised - p.empowerment) * free
        if n:
            belief = empowerment = 0.0
            for colleague in self.colleagues:
                belief += colleague.belief
                empowerment += colleague.empowerment
            step += model.rules.belief.neighbours * (belief / n - self.belief)
            watched = max(0.0, empowerment / n - own)
        self.next_belief = min(1.0, max(0.0, self.belief + step))
        target = own + p.empowerment_copy * watched
        self.next_empowerment = self.empowerment + p.empowerment_speed * (target - self.empowerment)
        self.engagement += p.speed * (logistic(self.mood()) - self.engagement)
        trained = unit.trained * (
            model.decree[TRAINING] + (1 - model.decree[TRAINING]) * (self.adoption[TRAINING] == PRACTISING)
        )
        self.skill += p.skill_speed * (min(1.0, model.skill_top + p.training_gain * trained) - self.skill)
        self.tacit += p.tacit_speed * (1 - self.tacit)

    def mood(self) -> float:
        """Engagement that she moves to, logit."""
        unit, p = self.unit, self.model.rules.engagement
        z = self.model.usual_mood + p.spread * self.disposition + unit.manager
        z += p.recognition * unit.recognition + p.autonomy * (self.empowerment - p.empowerment)
        z += p.voice * unit.voice - p.overload * unit.overload
        if self.handled:
            z += p.wins * (self.won / self.handled - unit.normal_success)
        if self.asked:
            z -= p.fails * (self.dropped / self.asked - unit.normal_fails)
        if self.role == PORTFOLIO_MANAGER:
            z -= p.powerless * unit.powerless
        return z

    def settle(self) -> None:
        """Be what the month has made of her; then stay, or leave the place to a newcomer."""
        p, model = self.model.rules.engagement, self.model
        self.belief, self.empowerment = self.next_belief, self.next_empowerment
        self.tenure += 1
        hazard = p.quits * exp(-p.quits_slope * (self.engagement - p.level))
        if model.random.random() < 1 - exp(-hazard):
            self.be_replaced()

    def be_replaced(self) -> None:
        """A newcomer takes the place and its ties, with traits of her own and the unit's habit."""
        model, p, staff = self.model, self.model.rules.engagement, self.model.rules.employees
        gauss = model.random.gauss
        self.disposition, self.willingness = gauss(0, 1), gauss(0, 1)
        self.anchor = min(0.99, max(0.01, staff.belief + staff.belief_spread * gauss(0, 1)))
        self.belief = self.anchor
        self.engagement = logistic(model.usual_mood + p.spread * self.disposition + self.unit.manager)
        self.skill, self.tacit, self.learning = staff.newcomer_skill, 0.0, 0.0
        self.habit, self.empowerment, self.tenure = self.unit.usual_habit, p.empowerment, 0
        self.adoption, self.trying = [UNAWARE] * len(self.adoption), [0] * len(self.trying)
