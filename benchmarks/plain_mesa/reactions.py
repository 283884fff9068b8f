"""Reactions of a customer: feeling, risk of leaving, being counted."""

from __future__ import annotations

from math import exp

from benchmarks.plain_mesa.place import Place
from sim.columns import IN_PERSON


class Reacting(Place):
    """What a month does to a customer."""

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
