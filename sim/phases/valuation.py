"""Phase 12, valuation: lifetime value of every customer, and what moved customer equity this month.

Nobody in the model knows these values or acts on them; what the enterprise estimates is in the phase of customers.
"""

from __future__ import annotations

import math

import numpy as np

from sim.columns import IN_PERSON
from sim.compiled import rule
from sim.phases.estimates import spend_at_stake
from sim.phases.service import in_chunks
from sim.world import World

TOTAL, ACQUIRED, LOST, RETAINED, GROWN = range(5)


def advance(world: World) -> None:
    """Value all customers; the change since last month is split by its cause (Peppers, Rogers, ch. 13)."""
    state, e, market = world.state, world.rules.economics, world.rules.market
    parts = np.zeros((len(state.tally.silos), 5))
    serving = e.contact_cost * market.contact_rate
    terms = (e.margin, serving, serving * world.rules.service.self_service_cost, e.monthly_discount)
    at_stake = spend_at_stake(world)

    def rows(chunk: int, lo: int, hi: int) -> None:
        value_customers(lo, hi, state.customers, terms, at_stake, parts[chunk])

    in_chunks(world, rows)
    found = np.add.reduce(parts, axis=0) * world.rules.customers.weight
    equity = state.equity
    equity.total, equity.acquired, equity.lost, equity.retained, equity.grown = found.tolist()


@rule
def value_customers(lo, hi, c, terms, at_stake, parts):  # type: ignore[no-untyped-def]
    """Lifetime value = cash x multiple, with cash = (margin - unpaid) w V - cost to serve per month and multiple =
    s / (1 + delta - s), s = exp(-this month's hazard before any retention act) (Gupta, Lehmann, Stuart 2004). Unpaid is
    what a performance contract leads one to expect at the customer's satisfaction, see `spend_at_stake`.

    Of the change of a customer who stayed, what the change of cash makes at last month's multiple is growth, the rest
    is retention. The parts add up to the change of the total.
    """
    margin, serving, by_web, delta = terms
    for i in range(lo, hi):
        before = np.float64(c.worth[i])
        if c.alive[i] == 0:
            parts[LOST] -= before
            c.worth[i], c.multiple[i] = 0.0, 0.0
            continue
        stays = math.exp(-np.float64(c.hazard[i]))
        multiple = stays / (1 + delta - stays)
        cost = np.float64(c.service_cost[i]) * (serving if c.tier[i] == IN_PERSON else by_web)
        unpaid = at_stake[c.segment[i]] * (1 - np.float64(c.satisfaction[i]))
        value = ((margin - unpaid) * np.float64(c.wallet[i]) * np.float64(c.spend[i]) - cost) * multiple
        held = np.float64(c.multiple[i])
        c.worth[i], c.multiple[i] = value, multiple
        value = np.float64(c.worth[i])  # as it is kept, so that the parts add up over months
        parts[TOTAL] += value
        if c.tenure[i] == 0:
            parts[ACQUIRED] += value
        else:
            growth = (value / multiple - before / held) * held if held > 0 else 0.0
            parts[GROWN] += growth
            parts[RETAINED] += value - before - growth
