"""What customers are worth, in truth and as the enterprise estimates it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.columns import F64, IN_PERSON
from sim.phases.information import strength_of_chain
from sim.world import World, constant

Rows = NDArray[np.int64]


class Worth(NamedTuple):
    """Customers' lifetime value and what it is made of, as somebody sees it; one number per row."""

    spend: F64  # spend potential, $/month
    wallet: F64  # wallet share, 0-1
    cost: F64  # cost to serve, $/month
    hazard: F64  # of leaving, 1/month
    ahead: F64  # months until relationships of this age also end naturally; 0 from then on
    rise: F64  # of the hazard by that, 1/month; 0 where this month's hazard has it already
    unpaid: F64  # share of spend that a performance contract leaves unpaid on average
    margin: float
    discount: float  # per month

    @property
    def cash(self) -> F64:
        """What the customer brings in a month, $: margin on her spend less the cost to serve her."""
        return self.brings - self.cost

    @property
    def brings(self) -> F64:
        """Margin on her spend in a month less what she is expected not to pay, $."""
        return (self.margin - self.unpaid) * self.wallet * self.spend

    @property
    def revenue(self) -> F64:
        """What she is expected to pay in a month, $."""
        return (1 - self.unpaid) * self.wallet * self.spend

    @property
    def multiple(self) -> F64:
        """Months of cash that the relationship is worth."""
        return self._months_of_cash(np.inf)

    @property
    def lifetime(self) -> F64:
        """Lifetime value, $ (Gupta, Lehmann, Stuart 2004, with a hazard that rises once)."""
        return self.cash * self.multiple

    def within(self, months: int) -> F64:
        """The part of the lifetime value that falls into the next `months`, $."""
        return self.cash * self._months_of_cash(months)

    def _months_of_cash(self, months: float) -> F64:
        """Discounted months in which the customer is expected to be there, among the next `months`.

        With kept = exp(-hazard) / (1 + discount), the sum of kept**t over n months is s (1 - kept**n) / (1 + discount -
        s), s = exp(-hazard). It is taken at this month's hazard while the natural end is ahead, and at the higher one
        from then on.
        """
        soon = np.minimum(self.ahead, months)
        stays, later = np.exp(-self.hazard), np.exp(-self.hazard - self.rise)
        kept = (stays / (1 + self.discount)) ** soon
        rest = (later / (1 + self.discount)) ** (months - soon)
        before = stays / (1 + self.discount - stays) * (1 - kept)
        return np.asarray(before + kept * later / (1 + self.discount - later) * (1 - rest))


def present(world: World) -> Rows:
    """Slots of customers."""
    return np.flatnonzero(world.state.customers.alive == 1)


@constant
def spend_at_stake(world: World) -> F64:
    """Per segment: share of spend that goes unpaid in a month on average if nothing works, shape [segment].

    Under a performance contract that is the share at stake, in months with contact.
    """
    share, rate = world.rules.experience.performance_share, world.rules.market.contact_rate
    kinds = np.array([segment.contract == "performance" for segment in world.rules.customers.segments.values()])
    return share * kinds * -np.expm1(-rate)


def natural_end(world: World, tenure: F64) -> tuple[F64, F64]:
    """Months until relationships of so many months also end naturally, and by how much that raises the hazard.

    A hazard has the natural end in it from the month after that in which the horizon was reached.
    """
    spec = world.rules.customers
    horizon = math.ceil(12 * spec.horizon_years)
    return np.maximum(0.0, horizon - tenure), np.where(tenure > horizon, 0.0, spec.natural_end_per_month)


def true_worth(world: World, rows: Rows, *, in_person: bool = False) -> Worth:
    """What customers are worth, with this month's true hazard before any retention act.

    Args:
        world: the world.
        rows: slots.
        in_person: what they would be worth if all were served in person.
    """
    c, e = world.state.customers, world.rules.economics
    serving = e.contact_cost * world.rules.market.contact_rate
    treated = np.where((c.tier[rows] != IN_PERSON) & (not in_person), world.rules.service.self_service_cost, 1.0)
    return Worth(
        c.spend[rows].astype(np.float64), c.wallet[rows].astype(np.float64),
        serving * treated * c.service_cost[rows], c.hazard[rows].astype(np.float64),
        *natural_end(world, c.tenure[rows].astype(np.float64)),
        spend_at_stake(world)[c.segment[rows]] * (1 - c.satisfaction[rows]), e.margin, e.monthly_discount,
    )  # fmt: skip


def blur(world: World, rows: Rows) -> F64:
    """Size of the enterprise's error about customers, log: shrinks with knowledge as far as the chain carries it."""
    c = world.state.customers
    known = strength_of_chain(world)
    usable = c.knowledge[rows] * known[c.home[rows]]
    return np.asarray(world.rules.customers.estimate_error * (1 - usable))


def believed(world: World, rows: Rows, true: Worth, error: F64) -> Worth:
    """What the enterprise takes for true: spend and hazard are off by the customer's own errors.

    The estimate is taken at face value, as the rules do that act on it. What a customer costs to serve and which share
    of her spend the enterprise has are known.

    Args:
        world: the world.
        rows: slots.
        true: their true worth.
        error: size of the error per row, log; `blur` or `blur_of_prospects`.
    """
    c = world.state.customers
    spend = true.spend * np.exp(error * c.error[rows])
    return true._replace(spend=spend, hazard=true.hazard * np.exp(error * c.misjudged[rows]))
