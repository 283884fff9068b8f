"""What prospects would be worth, in truth and as the enterprise estimates it."""

from __future__ import annotations

import numpy as np

from sim.columns import CAPTURE, F64, RETRIEVE
from sim.draws import Stream, uniform_table
from sim.frailty_table import frailties_at
from sim.phases.customers import this_month
from sim.phases.estimates import Rows, Worth, natural_end, spend_at_stake
from sim.phases.information import chain_strength
from sim.world import World


def prospects(world: World) -> Rows:
    """Rows of prospects."""
    return np.flatnonzero(world.state.customers.alive == 0)


def true_worth_of_prospects(world: World, rows: Rows) -> Worth:
    """What prospects would be worth if they joined now: usual wallet share, the hazard with which they would start."""
    c, e, segments = world.state.customers, world.rules.economics, world.structure.segments
    rank = uniform_table(world.key, Stream.CUSTOMER_TRAITS, c.slot[rows], c.generation[rows].astype(np.int64), 1)[:, 2]
    place = c.segment[rows]
    frailty = frailties_at(np.ascontiguousarray(rank), np.zeros(len(rows)), place, segments)
    cost = e.contact_cost * world.rules.market.contact_rate * c.service_cost[rows].astype(np.float64)
    wallet = np.full(len(rows), world.rules.offers.wallet)
    hazard = segments.hazard[place] * this_month(world).pull * frailty
    unpaid = spend_at_stake(world)[place] * (1 - world.state.normal.satisfaction)
    end = natural_end(world, np.zeros(len(rows)))
    return Worth(c.spend[rows].astype(np.float64), wallet, cost, hazard, *end, unpaid, e.margin, e.monthly_discount)


def blur_of_prospects(world: World, rows: Rows) -> F64:
    """Size of its error about prospects, log: full in the unchanged organisation, less by market intelligence."""
    told = market_intelligence(world)[world.state.customers.home[rows]]
    return np.asarray(world.rules.customers.estimate_error * (1 - told))


def market_intelligence(world: World) -> F64:
    """How much each unit knows about strangers, 0-1, shape [silo].

    Judgement: `information.market` x how far capture, collate and retrieve, taken together as `chain_strength` does,
    have come from where they stand without technology (0) to perfect (1).
    """
    info, links = world.rules.information, slice(CAPTURE, RETRIEVE + 1)
    usual = chain_strength(np.array([[info.capture, info.collate, info.retrieve]]), info.weakest)[0]
    risen = (chain_strength(world.state.silos.chain[:, links], info.weakest) - usual) / max(1 - usual, 1e-9)
    return info.market * np.clip(risen, 0.0, 1.0)
