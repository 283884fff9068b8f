"""What is the same for all customers this month, and what is the same for all customers of a segment."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.params.organisation import Segment as SegmentParameters
from sim.state import Rules
from sim.world import World


@dataclass(slots=True)
class Month:
    """Numbers of one month that every customer meets.

    Args:
        silent: chance of no contact.
        no_offer: chance that no product unit makes an offer.
        one_offer: chance that at most one does.
        pull: ratio of the hazard to the fitted one, by competitors and products.
        rival: service that rivals have matched, 0-1.
        usual_satisfaction: normal satisfaction, 0-1.
        usual_trust: normal trust, 0-1.
        word: acquisition relative to normal by word of mouth.
        threshold: estimated hazard above which a retention act is offered, 1/month.
        serving: cost of a month's contacts of a customer with mean cost to serve, $.
        exposed: share of customers with contact in a month.
    """

    silent: float
    no_offer: float
    one_offer: float
    pull: float
    rival: float
    usual_satisfaction: float
    usual_trust: float
    word: float
    threshold: float
    serving: float
    exposed: float

    @classmethod
    def of(cls, world: World, push: float, n_product: int) -> Month:
        """The month as the organisation's phases have left it; `push` is the chance of an offer per product unit."""
        climate, usual, rules = world.state.climate, world.state.normal, world.rules
        product = max(0.0, 1 - rules.churn.product * 2 * (rules.market.product_quality - 0.5))
        spread = climate.advocates / usual.advocates - 1 if usual.advocates > 0 and world.month >= 0 else 0.0
        none = (1 - push) ** n_product
        rate = rules.market.contact_rate
        return cls(
            silent=math.exp(-rate),
            no_offer=none,
            one_offer=none + n_product * push * (1 - push) ** (n_product - 1),
            pull=float(climate.pull) * product,
            rival=float(climate.rival),
            usual_satisfaction=float(usual.satisfaction),
            usual_trust=float(usual.trust),
            word=max(0.0, 1 + rules.market.referral * float(spread)),
            threshold=float(climate.act_threshold),
            serving=rules.economics.contact_cost * rate,
            exposed=-math.expm1(-rate),
        )


class Segment:
    """A customer segment: fitted proneness to leave, spend, and what its contract changes.

    Args:
        name: key of the segment.
        given: its parameters.
        rules: parameter models of the rules.
        fitted: fitted hazard at frailty 1 (1/month), shape of the gamma frailty, and the chance per month that a
            prospect of average appeal joins.
        usual_ratio: normal mean of exp(risk).
    """

    def __init__(
        self, name: str, given: SegmentParameters, rules: Rules, fitted: tuple[float, float, float], usual_ratio: float
    ) -> None:
        """Work the contract out."""
        self.name = name
        self.hazard, self.shape, self.entry = fitted
        self.log_spend, self.spread = math.log(given.spend_median), given.spend_spread
        self.usual_ratio = max(usual_ratio, 1e-9)
        performance = given.contract == "performance"
        p = rules.experience
        self.sensitive = 1 - rules.churn.term_lock * (given.contract == "term")
        self.at_stake = p.performance_share * performance
        self.bond = min(1.0, p.commitment_speed * (1 + p.reciprocity * performance))
