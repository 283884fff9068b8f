"""A customer or prospect: the month, leaving, joining, lifetime value."""

from __future__ import annotations

from math import exp, log, sqrt

from benchmarks.plain_mesa.contacts import Served
from benchmarks.plain_mesa.offers import Offered
from benchmarks.plain_mesa.reactions import Reacting
from sim.columns import IN_PERSON


class Customer(Served, Offered, Reacting):
    """A customer, or a prospect while not `alive`."""

    def step(self) -> None:
        """One month."""
        if self.alive:
            self.make_contacts()
            self.receive_offers()
            self.react()
        else:
            self.consider_joining()

    def react(self) -> None:
        """Feel, then leave or stay."""
        model, home, segment, month = self.model, self.home, self.segment, self.model.month
        churn, before = model.rules.churn, self.satisfaction
        random = model.random.random
        self.feel()
        ratio = self.risk_ratio()
        hazard = segment.hazard * self.frailty * ratio * month.pull / segment.usual_ratio
        natural = self.tenure >= model.horizon
        if natural:
            hazard += model.natural_end
        self.hazard = hazard
        blur = model.estimate_error * (1 - self.knowledge * home.known)
        attention = random()
        if attention < home.scored and hazard * exp(blur * self.misjudged) > month.threshold:
            end = model.natural_end if natural else 0.0
            hazard = end + (hazard - end) * (1 - churn.retention_act)
            home.counts.acts += 1
        if before - self.satisfaction > churn.trigger_fall and attention < home.watched:
            home.counts.triggers += 1
            if random() < churn.trigger_response:
                self.satisfaction += churn.trigger_gain * (before - self.satisfaction)
                home.counts.responses += 1
        released = self.tier != IN_PERSON and self.is_let_go(blur)
        self.tenure += 1
        satisfied = self.be_counted()
        if released or random() < 1 - exp(-hazard):
            self.leave(released, natural, satisfied)

    def leave(self, released: bool, natural: bool, satisfied: bool) -> None:
        """Leave; the place in the market holds a prospect with traits of its own."""
        counts, gauss, segment = self.home.counts, self.model.random.gauss, self.segment
        counts.left += 1
        counts.released += released
        counts.natural += natural
        counts.left_satisfied += satisfied
        self.alive, self.owner, self.tier = False, None, IN_PERSON
        self.spend = exp(segment.log_spend + segment.spread * gauss(0, 1))
        costs, appeal = self.model.cost_spread, self.model.rules.acquisition.spread
        self.service_cost = exp(costs * gauss(0, 1) - costs * costs / 2)
        self.error, self.misjudged = gauss(0, 1), gauss(0, 1)
        self.appeal = exp(appeal * gauss(0, 1) - appeal * appeal / 2)

    def consider_joining(self) -> None:
        """A prospect joins by appeal, sales effort and word of mouth; a unit with a fence courts the valuable."""
        model, segment, home, p = self.model, self.segment, self.home, self.model.rules.acquisition
        chance = segment.entry * self.appeal * home.sales * model.month.word
        if home.fence > 0:
            blur = model.estimate_error
            estimate = log(self.spend) - segment.log_spend + blur * self.error
            if estimate / max(sqrt(segment.spread**2 + blur * blur), 1e-9) < p.low_value:
                chance *= 1 - p.selectivity
        if model.random.random() < chance:
            self.join()
            home.counts.joined += 1

    def join(self) -> None:
        """Become a customer with the firm's usual standing and no history."""
        model, month, segment = self.model, self.model.month, self.segment
        self.alive, self.tenure, self.tier = True, 0, IN_PERSON
        self.wallet = model.rules.offers.wallet
        self.satisfaction = self.expectation = month.usual_satisfaction
        self.trust = self.commitment = month.usual_trust
        self.knowledge = self.participation = 0.0
        self.frailty = model.random.gammavariate(segment.shape, 1 / segment.shape)
        self.hazard = segment.hazard * month.pull * self.frailty
        self.open_need, self.failures = False, 0

    def revalue(self) -> None:
        """Lifetime value, and what moved it."""
        equity, before = self.model.equity, self.worth
        if not self.alive:
            if before:
                equity.lost -= before
                self.worth = self.multiple = 0.0
            return
        cash, multiple = self.cash(), self.months_of_cash(self.hazard)
        held, value = self.multiple, cash * multiple
        self.worth, self.multiple = value, multiple
        equity.total += value
        if self.tenure == 0:
            equity.acquired += value
        elif held > 0:
            growth = (cash - before / held) * held
            equity.grown += growth
            equity.retained += value - before - growth

    def months_of_cash(self, hazard: float) -> float:
        """Discounted months for which she is expected to stay at this hazard, and a natural end beyond the horizon."""
        model = self.model
        ahead, rise = model.horizon - self.tenure, model.natural_end if self.tenure <= model.horizon else 0.0
        stays, later = exp(-hazard), exp(-hazard - rise)
        left = (stays / (1 + model.discount)) ** max(0, ahead)
        soon, late = stays / (1 + model.discount - stays), later / (1 + model.discount - later)
        return soon * (1 - left) + late * left

    def cash(self) -> float:
        """What she brings in a month, $."""
        model, month = self.model, self.model.month
        serving = month.serving * self.service_cost
        if self.tier != IN_PERSON:
            serving *= model.rules.service.self_service_cost
        unpaid = self.segment.at_stake * month.exposed * (1 - self.satisfaction)
        return (model.margin - unpaid) * self.wallet * self.spend - serving
