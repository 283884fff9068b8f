"""Phase 12, valuation: lifetime value of every customer, and what moved customer equity this month.

Nobody in the model knows these values or acts on them; what the enterprise estimates is in the phase of customers.
"""

from __future__ import annotations

import numpy as np

from sim.columns import IN_PERSON, Customers
from sim.compiled import rule, woven_in
from sim.exponential import exp
from sim.phases.estimates import spend_at_stake
from sim.phases.tiles import TILE, in_chunks
from sim.sums import pairwise
from sim.world import World, constant

TOTAL, ACQUIRED, LOST, RETAINED, GROWN = range(5)


def advance(world: World) -> None:
    """Value all customers; the change since last month is split by its cause (Peppers, Rogers, ch. 13)."""
    state = world.state
    parts, terms, at_stake = np.zeros((len(state.tally.silos), 5)), terms_of_value(world), spend_at_stake(world)

    def rows(chunk: int, lo: int, hi: int) -> None:
        value_customers(lo, hi, tuple(state.customers), terms, at_stake, parts[chunk])

    in_chunks(world, rows)
    equity = state.equity
    equity.total, equity.acquired, equity.lost, equity.retained, equity.grown = added(
        parts, world.rules.customers.weight
    )


@constant
def terms_of_value(world: World) -> tuple[float, float, float, float]:
    """Margin, monthly cost to serve a customer of mean cost in person and by web and pool, monthly discount."""
    e = world.rules.economics
    serving = e.contact_cost * world.rules.market.contact_rate
    return e.margin, serving, serving * world.rules.service.self_service_cost, e.monthly_discount


@rule
def added(parts, weight):  # type: ignore[no-untyped-def]
    """The five parts summed over chunks, of represented customers."""
    total = parts[0].copy()
    for chunk in range(1, parts.shape[0]):
        for part in range(5):
            total[part] += parts[chunk, part]
    return (
        total[TOTAL] * weight, total[ACQUIRED] * weight, total[LOST] * weight, total[RETAINED] * weight,
        total[GROWN] * weight,
    )  # fmt: skip


@rule
def value_customers(lo, hi, c, terms, at_stake, parts):  # type: ignore[no-untyped-def]
    """Lifetime value = cash x multiple, with cash = (margin - unpaid) w V - cost to serve per month and multiple =
    s / (1 + delta - s), s = exp(-this month's hazard before any retention act) (Gupta, Lehmann, Stuart 2004). Unpaid is
    what a performance contract leads one to expect at the customer's satisfaction, see `spend_at_stake`.

    Of the change of a customer who stayed, what the change of cash makes at last month's multiple is growth, the rest
    is retention. The parts add up to the change of the total. Loops have one result each, so that they work on several
    customers of a tile at once; `sums` holds the parts for every place of a tile.
    """
    c, (margin, serving, by_web, delta) = Customers(*c), terms
    cash, times, before, held = np.empty(TILE), np.empty(TILE), np.empty(TILE), np.empty(TILE)
    growth, sums = np.empty(TILE), np.zeros((5, TILE))
    for start in range(lo, hi, TILE):
        stop = min(start + TILE, hi)
        alive, tenure, tier = c.alive[start:stop], c.tenure[start:stop], c.tier[start:stop]
        hazard, wallet, spend, service_cost = (
            c.hazard[start:stop], c.wallet[start:stop], c.spend[start:stop], c.service_cost[start:stop],
        )  # fmt: skip
        satisfaction, segment = c.satisfaction[start:stop], c.segment[start:stop]
        worth, multiple = c.worth[start:stop], c.multiple[start:stop]
        n = stop - start
        for j in range(n):
            before[j] = worth[j]
        for j in range(n):
            held[j] = multiple[j]
        for j in range(n):
            cost = np.float64(service_cost[j]) * (serving if tier[j] == IN_PERSON else by_web)
            unpaid = at_stake[segment[j]] * (1 - np.float64(satisfaction[j]))
            cash[j] = (margin - unpaid) * np.float64(wallet[j]) * np.float64(spend[j]) - cost
        for j in range(n):
            stays = exp(-np.float64(hazard[j]))
            times[j] = stays / (1 + delta - stays) if alive[j] == 1 else 0.0
        for j in range(n):
            multiple[j] = times[j]
        for j in range(n):
            worth[j] = cash[j] * times[j]
        for j in range(n):
            stayed = alive[j] == 1 and tenure[j] > 0 and held[j] > 0
            now, then = times[j] if stayed else 1.0, held[j] if stayed else 1.0
            growth[j] = (np.float64(worth[j]) / now - before[j] / then) * then if stayed else 0.0
        add(alive, tenure, worth, before, growth, sums)
    for k in range(5):
        parts[k] += pairwise(sums[k])


@woven_in
def add(alive, tenure, worth, before, growth, sums):  # type: ignore[no-untyped-def]
    """Add the values of a tile as they are kept, so that the parts add up over months."""
    for j in range(alive.shape[0]):
        sums[TOTAL, j] += worth[j]
    for j in range(alive.shape[0]):
        sums[ACQUIRED, j] += worth[j] if alive[j] == 1 and tenure[j] == 0 else 0.0
    for j in range(alive.shape[0]):
        sums[LOST, j] -= before[j] if alive[j] == 0 else 0.0
    for j in range(alive.shape[0]):
        sums[GROWN, j] += growth[j]
    for j in range(alive.shape[0]):
        stayed = alive[j] == 1 and tenure[j] > 0
        sums[RETAINED, j] += np.float64(worth[j]) - before[j] - growth[j] if stayed else 0.0
