"""Phase 12, valuation: lifetime value of every customer, and what moved customer equity this month.

Nobody in the model knows these values or acts on them; what the enterprise estimates is in the phase of customers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

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


class Terms(NamedTuple):
    """Numbers that are the same for every customer and never change."""

    margin: float
    serving: float  # $/month of a customer of mean cost in person,
    by_web: float  # and by web and pool
    discount: float  # per month
    horizon: int  # months of tenure from which relationships also end naturally
    kept: float  # chance not to, per month


@constant
def terms_of_value(world: World) -> Terms:
    """The numbers of `value_customers`."""
    e, spec = world.rules.economics, world.rules.customers
    serving = e.contact_cost * world.rules.market.contact_rate
    return Terms(
        e.margin, serving, serving * world.rules.service.self_service_cost, e.monthly_discount,
        math.ceil(12 * spec.horizon_years), math.exp(-spec.natural_end_per_month),
    )  # fmt: skip


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
    """Lifetime value = cash x multiple, with cash = (margin - unpaid) w V - cost to serve per month. Unpaid is what a
    performance contract leads one to expect at the customer's satisfaction, see `spend_at_stake`. The multiple is that
    of `months_of_cash`, at this month's hazard before any retention act.

    Of the change of a customer who stayed, what the change of cash makes at last month's multiple is growth, the rest
    is retention. The parts add up to the change of the total. Loops have one result each, so that they work on several
    customers of a tile at once; `sums` holds the parts for every place of a tile.
    """
    c = Customers(*c)
    cash, times, before, held = np.empty(TILE), np.empty(TILE), np.empty(TILE), np.empty(TILE)
    growth, sums, interest = np.empty(TILE), np.zeros((5, TILE)), math.log(1 + terms.discount)
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
            cost = np.float64(service_cost[j]) * (terms.serving if tier[j] == IN_PERSON else terms.by_web)
            unpaid = at_stake[segment[j]] * (1 - np.float64(satisfaction[j]))
            cash[j] = (terms.margin - unpaid) * np.float64(wallet[j]) * np.float64(spend[j]) - cost
        for j in range(n):
            times[j] = months_of_cash(np.float64(hazard[j]), tenure[j], interest, terms) if alive[j] == 1 else 0.0
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
def months_of_cash(hazard, tenure, interest, terms):  # type: ignore[no-untyped-def]
    """Discounted months for which a customer is expected to stay: a sum over months with survival s = exp(-hazard) each
    until relationships of her age also end naturally, and with that chance on top from then on (Gupta, Lehmann, Stuart
    2004, with a hazard that rises once). `interest` is log(1 + discount).
    """
    stays = exp(-hazard)
    later = stays * (terms.kept if tenure <= terms.horizon else 1.0)
    soon, late = stays / (1 + terms.discount - stays), later / (1 + terms.discount - later)
    left = exp(-(hazard + interest) * max(0, terms.horizon - tenure))
    return soon + left * (late - soon)


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
