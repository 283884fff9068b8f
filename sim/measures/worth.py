"""What customers are worth, in truth and as the enterprise estimates it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.columns import CAPTURE, F64, RETRIEVE
from sim.compiled import rule
from sim.draws import Stream, uniform_table
from sim.phases.customers import frailty_at
from sim.phases.service import chain_strength
from sim.world import World

Rows = NDArray[np.int64]
MARKET_INTELLIGENCE = 0.5  # judgement: a perfect chain tells half as much about a stranger as full knowledge would


class Worth(NamedTuple):
    """Customers' lifetime value and what it is made of, as somebody sees it; one number per row."""

    spend: F64  # spend potential, $/month
    wallet: F64  # wallet share, 0-1
    cost: F64  # cost to serve, $/month
    hazard: F64  # of leaving, 1/month
    margin: float
    discount: float  # per month

    @property
    def cash(self) -> F64:
        """What the customer brings in a month, $: margin on her spend less the cost to serve her."""
        return self.margin * self.wallet * self.spend - self.cost

    @property
    def multiple(self) -> F64:
        """Months of cash that the relationship is worth: s / (1 + discount - s), s = exp(-hazard)."""
        stays = np.exp(-self.hazard)
        return stays / (1 + self.discount - stays)

    @property
    def lifetime(self) -> F64:
        """Lifetime value, $ (Gupta, Lehmann, Stuart 2004)."""
        return self.cash * self.multiple

    def within(self, months: int) -> F64:
        """The part of the lifetime value that falls into the next `months`, $."""
        kept = np.exp(-self.hazard) / (1 + self.discount)
        return self.lifetime * (1 - kept**months)


def present(world: World) -> Rows:
    """Slots of customers."""
    return np.flatnonzero(world.state.customers.alive == 1)


def prospects(world: World) -> Rows:
    """Slots of prospects."""
    return np.flatnonzero(world.state.customers.alive == 0)


def true_worth(world: World, rows: Rows) -> Worth:
    """What customers are worth, with this month's true hazard before any retention act."""
    c, e = world.state.customers, world.rules.economics
    serving = e.contact_cost * world.rules.market.contact_rate
    treated = np.where(c.tier[rows] > 0, world.rules.service.self_service_cost, 1.0)
    return Worth(
        c.spend[rows].astype(np.float64), c.wallet[rows].astype(np.float64),
        serving * treated * c.service_cost[rows], c.hazard[rows].astype(np.float64), e.margin, e.monthly_discount,
    )  # fmt: skip


def true_worth_of_prospects(world: World, rows: Rows) -> Worth:
    """What prospects would be worth if they joined now: usual wallet share, the hazard with which they would start."""
    c, e, segments = world.state.customers, world.rules.economics, world.structure.segments
    rank = uniform_table(world.key, Stream.CUSTOMER_TRAITS, rows, c.generation[rows].astype(np.int64), 1)[:, 2]
    place = c.segment[rows]
    frailty = first_frailty(rank, place, segments.log_frailty)
    cost = e.contact_cost * world.rules.market.contact_rate * c.service_cost[rows].astype(np.float64)
    wallet = np.full(len(rows), world.rules.offers.wallet)
    hazard = segments.hazard[place] * frailty
    return Worth(c.spend[rows].astype(np.float64), wallet, cost, hazard, e.margin, e.monthly_discount)


@rule
def first_frailty(rank, segment, log_frailty):  # type: ignore[no-untyped-def]
    """Frailty with which prospects would join, as the rule of joining draws it."""
    found = np.empty(rank.shape[0])
    for i in range(rank.shape[0]):
        found[i] = frailty_at(rank[i], log_frailty[segment[i]])
    return found


def blur(world: World, rows: Rows) -> F64:
    """Size of the enterprise's error about customers, log: shrinks with knowledge as far as the chain carries it."""
    c = world.state.customers
    usable = c.knowledge[rows] * chain_strength(world.state.silos.chain)[c.home[rows]]
    return np.asarray(world.rules.customers.estimate_error * (1 - usable))


def blur_of_prospects(world: World, rows: Rows) -> F64:
    """Size of its error about prospects, log: full in the unchanged organisation, less by market intelligence."""
    told = market_intelligence(world)[world.state.customers.home[rows]]
    return np.asarray(world.rules.customers.estimate_error * (1 - told))


def market_intelligence(world: World) -> F64:
    """How much each unit knows about strangers, 0-1, shape [silo].

    Judgement: `MARKET_INTELLIGENCE` x how far capture, collate and retrieve, taken together as `chain_strength` does,
    have come from where they stand without technology (0) to perfect (1).
    """
    info, links = world.rules.information, slice(CAPTURE, RETRIEVE + 1)
    usual = chain_strength(np.array([[info.capture, info.collate, info.retrieve]]))[0]
    risen = (chain_strength(world.state.silos.chain[:, links]) - usual) / max(1 - usual, 1e-9)
    return MARKET_INTELLIGENCE * np.clip(risen, 0.0, 1.0)


def believed(world: World, rows: Rows, true: Worth, error: F64) -> Worth:
    """What the enterprise takes for true: spend and hazard are off by the same errors as in `sim.phases.customers`.

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
