"""A customer or prospect: contacts, offers, reaction, leaving, joining, lifetime value."""

from __future__ import annotations

from math import exp, log, sqrt
from typing import TYPE_CHECKING

import mesa

from sim.columns import IN_PERSON

if TYPE_CHECKING:
    from benchmarks.plain_mesa.employee import Employee
    from benchmarks.plain_mesa.model import PlainModel
    from benchmarks.plain_mesa.surroundings import Segment
    from benchmarks.plain_mesa.unit import Unit

MAX_CONTACTS = 4
MOST = 100  # as far as contacts and failures are counted


class Customer(mesa.Agent):
    """A customer, or a prospect while not `alive`; attributes are named after the engine's columns.

    Attributes:
        slot: place in the market, which decides who of a unit's portfolio managers may own her.
        owner: the portfolio manager who owns her, or None.
        quality: what she has experienced this month, None without contact.
    """

    model: PlainModel
    slot: int
    alive: bool
    segment: Segment
    home: Unit
    owner: Employee | None
    spend: float
    wallet: float
    satisfaction: float
    trust: float
    commitment: float
    expectation: float
    knowledge: float
    frailty: float
    tenure: int
    open_need: bool
    contacts_open: int
    failures: int
    service_cost: float
    tier: int
    participation: float
    worth: float
    multiple: float
    error: float
    misjudged: float
    appeal: float
    hazard: float
    quality: float | None

    def step(self) -> None:
        """One month."""
        if self.alive:
            self.make_contacts()
            self.receive_offers()
            self.react()
        else:
            self.consider_joining()

    def make_contacts(self) -> None:
        """Make the month's contacts; a need that is still open comes first."""
        model = self.model
        self.quality = None
        again, luck = self.open_need, model.random.random()
        if luck <= model.month.silent and not again:
            return
        n, p, total = 0, model.month.silent, model.month.silent
        while luck > total and n < MAX_CONTACTS:
            n += 1
            p *= model.contact_rate / n
            total += p
        n = min(MAX_CONTACTS, n + again)
        felt, usable = 0.0, self.knowledge * self.home.known
        for _ in range(n):
            felt += self.make_contact(again, usable)
            again = False
        self.quality = felt / n

    def make_contact(self, again: bool, usable: float) -> float:
        """One contact: who takes it, who has to help, what comes of it.

        Args:
            again: whether it is about the need that was open.
            usable: what the unit can use of what the enterprise knows about her, 0-1.

        Returns:
            What the customer experiences, 0-1.
        """
        model, p, home = self.model, self.model.rules.service, self.home
        random = model.random.random
        owned, waiting = (1.0, home.waiting_first) if self.owner else (home.owned, home.waiting)
        unit = home
        stray = p.other_unit + (p.passed_on * (1 - owned) if again else 0.0)
        if random() < stray and home.elsewhere:
            unit = home.elsewhere[int(random() * len(home.elsewhere))]
            waiting = unit.waiting_first if self.owner else unit.waiting
        employee = unit.front_line[int(random() * len(unit.front_line))]
        failed = self.ask_around(unit, owned, again)
        harder = p.self_service_handling if self.tier != IN_PERSON else 0.0
        good = not failed and random() < employee.chance_to_handle(harder)
        recovered = not good and self.failures < p.patience and random() < employee.chance_to_rescue(unit.called_back)
        self.book(unit, employee, again)
        self.close(unit, employee, again, good, recovered)
        if good:
            quality = p.quality_base + p.quality_usable * min(1.0, usable / p.usable_enough)
        elif recovered:
            quality = p.quality_recovered
        else:
            quality = p.quality_failed - p.quality_handoff * failed
        quality += p.quality_engagement * (employee.engagement - model.rules.engagement.level)
        info = model.rules.information
        self.knowledge += info.learning * unit.capture * (1 + info.tacit * employee.tacit) * (1 - self.knowledge)
        return max(0.0, min(1.0, quality) - waiting)

    def ask_around(self, unit: Unit, owned: float, again: bool) -> int:
        """Ask up to two other units, and the home unit about a need that has been passed on; returns what failed."""
        model = self.model
        random, complexity = model.random.random, model.complexity
        asked = failed = 0
        for _ in range(2):
            if random() < complexity:
                staff = unit.others[int(random() * len(unit.others))].staff
                asked += 1
                failed += not staff[int(random() * len(staff))].helps(owned)
        if again and unit is not self.home:
            staff = self.home.staff
            asked += 1
            failed += not staff[int(random() * len(staff))].helps(owned)
        if asked:
            unit.counts.handoffs += asked
            unit.counts.handoffs_done += asked - failed
        return failed

    def book(self, unit: Unit, employee: Employee, again: bool) -> None:
        """Count a contact and what it costs."""
        counts = unit.counts
        cost = 1.0 if self.tier == IN_PERSON else self.model.rules.service.self_service_cost
        employee.handled += 1
        counts.n_contacts += 1
        counts.work += cost
        counts.service_cost += cost * self.service_cost
        if not again:
            counts.needs += 1

    def close(self, unit: Unit, employee: Employee, again: bool, good: bool, recovered: bool) -> None:
        """Keep account of the need: closed, still open, or given up."""
        counts = unit.counts
        tries = min(MOST, self.contacts_open + 1) if again else 1
        if again or not self.open_need:
            self.contacts_open = tries
        if not (good or recovered):
            self.open_need = self.contacts_open < self.model.rules.service.give_up_after
            self.failures = min(MOST, self.failures + 1)
            return
        employee.won += 1
        counts.won += 1
        counts.closed += 1
        counts.closing_contacts += tries
        if recovered:
            counts.recovered += 1
        elif not again:
            counts.first_time += 1
        if again:
            self.open_need = False
        self.failures = 0

    def receive_offers(self) -> None:
        """Drift of wallet share, then offers by product units, or one of her owner's."""
        model, p = self.model, self.model.rules.offers
        rest = p.wallet + p.wallet_satisfaction * (self.satisfaction - model.month.usual_satisfaction)
        self.wallet += p.fade * (min(1.0, max(0.0, rest)) - self.wallet)
        luck = model.random.random()
        if luck < model.month.no_offer:
            if self.owner:
                self.hear_from_owner(self.owner)
            return
        made = 1 if luck < model.month.one_offer else 2
        if self.owner:
            self.hear_through_owner(self.owner, made)
        else:
            self.hear_directly(made)

    def hear_directly(self, made: int) -> None:
        """Without an owner, rules hold back one of two offers, and a poor one as far as she is known."""
        random, p, home = self.model.random.random, self.model.rules.offers, self.home
        counts, rules = home.counts, home.business_rules
        if made > 1:
            made = self.collide(rules > 0 and random() < rules)
        usable = self.knowledge * home.known
        for _ in range(made):
            if random() < p.fit_base + p.fit_usable * usable:
                self.like()
            elif rules > 0 and random() < rules * usable:
                counts.blocked += 1
            else:
                self.dislike()

    def hear_through_owner(self, owner: Employee, made: int) -> None:
        """An owner on guard lets one offer through, adapts a poor one or holds it back."""
        random, p, home = self.model.random.random, self.model.rules.offers, self.home
        counts, usable = home.counts, self.known_to(owner)
        care = min(1.0, owner.engagement / self.model.rules.engagement.level)
        guarded = random() < home.authority * home.accountability * care
        if made > 1:
            made = self.collide(guarded)
        for _ in range(made):
            if random() < p.fit_base + p.fit_usable * usable:
                self.like()
            elif guarded and random() < usable + (1 - usable) * p.capability_gain * home.capabilities:
                counts.adapted += 1
                self.like()
            elif guarded and random() < home.projected:
                counts.blocked += 1
            else:
                self.dislike()

    def hear_from_owner(self, owner: Employee) -> None:
        """Where nobody else makes an offer, her owner has one as far as she answers for her portfolio."""
        random, p, home = self.model.random.random, self.model.rules.offers, self.home
        if random() >= p.owner_rate * home.accountability:
            return
        usable = self.known_to(owner)
        able = usable + (1 - usable) * p.capability_gain * home.capabilities
        if random() < p.fit_base + p.fit_usable * usable:
            self.like()
        elif random() < home.projected * able:
            home.counts.blocked += 1
            return
        else:
            self.dislike()
        home.counts.own_offers += 1

    def known_to(self, owner: Employee) -> float:
        """What an owner can use: what the enterprise knows and what she knows herself, 0-1."""
        usable = self.knowledge * self.home.known
        return usable + (1 - usable) * self.model.rules.offers.owner_tacit * owner.tacit

    def collide(self, held: bool) -> int:
        """Two offers at once: one is held back, or they collide; returns how many reach her."""
        counts = self.home.counts
        if held:
            counts.blocked += 1
            return 1
        counts.collisions += 1
        self.satisfaction = max(0.0, self.satisfaction - self.model.rules.offers.collision)
        return 2

    def like(self) -> None:
        """An offer fits."""
        counts = self.home.counts
        counts.offers_made += 1
        counts.offers_fit += 1
        self.wallet += self.model.rules.offers.gain * (1 - self.wallet)

    def dislike(self) -> None:
        """A poor offer costs satisfaction and trust."""
        self.home.counts.offers_made += 1
        harm = self.model.rules.offers.harm
        self.satisfaction = max(0.0, self.satisfaction - harm)
        self.trust = max(0.0, self.trust - harm)

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
            hazard *= 1 - churn.retention_act
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

    def feel(self) -> None:
        """Satisfaction, trust, expectation, commitment, taking part and what the enterprise knows."""
        model, p, month = self.model, self.model.rules.experience, self.model.month
        quality = self.quality
        if quality is not None:
            gap = self.expectation - quality
            satisfaction = self.satisfaction + p.satisfaction_speed * (
                quality - p.disconfirmation * gap - self.satisfaction
            )
            self.satisfaction = min(1.0, max(0.0, satisfaction))
            self.trust += p.trust_speed * (quality - self.trust)
            self.expectation += p.expectation_speed * (quality - self.expectation)
        else:
            self.satisfaction += p.market_pull * (month.usual_satisfaction - self.satisfaction)
            self.trust += p.market_pull * (month.usual_trust - self.trust)
        self.expectation = min(1.0, self.expectation + model.drift)
        self.commitment += self.segment.bond * (self.trust - self.commitment)
        self.participation += p.participation_speed * (self.home.called_back * self.trust - self.participation)
        info = model.rules.information
        self.knowledge *= 1 - info.ageing
        self.knowledge += info.told * self.participation * (1 - self.knowledge)

    def risk_ratio(self) -> float:
        """exp(risk): how much likelier she is to leave than her fitted proneness says."""
        model, churn, month = self.model, self.model.rules.churn, self.model.month
        t = min(self.tenure, len(model.usual_knowledge) - 1)
        reaction = churn.satisfaction * (self.satisfaction - month.rival - month.usual_satisfaction)
        reaction += churn.trust * (self.trust - month.usual_trust)
        bond = churn.commitment * model.history[t] * (self.commitment - month.usual_trust)
        known = churn.knowledge * (self.knowledge - model.usual_knowledge[t])
        return exp(-reaction * self.segment.sensitive - bond - known)

    def is_let_go(self, blur: float) -> bool:
        """Whether a unit with a fence lets her go: without an owner, and not worth serving even by web and pool."""
        model, home, month = self.model, self.home, self.model.month
        if self.owner or home.fence <= 0:
            return False
        unpaid = self.segment.at_stake * month.exposed * (1 - self.satisfaction)
        brings = (model.margin - unpaid) * self.wallet * self.spend * exp(blur * self.error)
        if brings >= month.serving * model.rules.service.self_service_cost * self.service_cost:
            return False
        return model.random.random() < model.rules.acquisition.divest * home.authority

    def be_counted(self) -> bool:
        """Add to the unit's sums; returns whether she is satisfied."""
        counts, level = self.home.counts, self.model.rules.acquisition.advocate_from
        satisfied = self.satisfaction >= level
        spent = self.wallet * self.spend
        counts.customers += 1
        counts.satisfaction += self.satisfaction
        counts.trust += self.trust
        counts.commitment += self.commitment
        counts.participation += self.participation
        counts.wallet += self.wallet
        counts.knowledge += self.knowledge
        counts.gross += spent
        if self.quality is not None:
            spent *= 1 - self.segment.at_stake * (1 - self.quality)
        counts.margin_base += spent
        if self.owner:
            counts.covered += 1
        if self.tier != IN_PERSON:
            counts.web_served += 1
        if satisfied:
            counts.satisfied += 1
            if self.trust >= level:
                counts.advocates += 1
        return satisfied

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
        model, equity, before = self.model, self.model.equity, self.worth
        if not self.alive:
            if before:
                equity.lost -= before
                self.worth = self.multiple = 0.0
            return
        cash, stays = self.cash(), exp(-self.hazard)
        multiple = stays / (1 + model.discount - stays)
        held, value = self.multiple, cash * multiple
        self.worth, self.multiple = value, multiple
        equity.total += value
        if self.tenure == 0:
            equity.acquired += value
        elif held > 0:
            growth = (cash - before / held) * held
            equity.grown += growth
            equity.retained += value - before - growth

    def cash(self) -> float:
        """What she brings in a month, $."""
        model, month = self.model, self.model.month
        serving = month.serving * self.service_cost
        if self.tier != IN_PERSON:
            serving *= model.rules.service.self_service_cost
        unpaid = self.segment.at_stake * month.exposed * (1 - self.satisfaction)
        return (model.margin - unpaid) * self.wallet * self.spend - serving
