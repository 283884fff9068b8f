"""Offers to a customer: by product units, through her owner, or by her owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.place import Place

if TYPE_CHECKING:
    from benchmarks.plain_mesa.employee import Employee


class Offered(Place):
    """What a customer makes of offers."""

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
