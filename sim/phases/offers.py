"""Phase 7, offers: product units push and launch, owners let through, adapt or block, rules filter for the mass."""

from __future__ import annotations

import numpy as np

from sim.columns import Customers
from sim.compiled import rule, woven_in
from sim.draws import Stream, draw_words, uniform_table, uniforms, uniforms_of
from sim.params.organisation import Function
from sim.phases.governance import supply
from sim.phases.information import chain_strength, strength_of_chain
from sim.phases.tiles import TILE, end_of_tile, find, in_chunks
from sim.state import (
    ACCOUNTABILITY,
    ADAPTED,
    AUTHORITY,
    BLOCKED,
    BUSINESS_RULES,
    CAPABILITIES,
    COLLISIONS,
    OFFERS_FIT,
    OFFERS_MADE,
    OWN_OFFERS,
    PROJECTED,
)  # fmt: skip
from sim.sums import pairwise
from sim.world import World, constant

OFFER = int(Stream.OFFER)


def advance(world: World) -> None:
    """Make the month's offers to every customer."""
    state = world.state
    push = push_rate(world)

    def rows(chunk: int, lo: int, hi: int) -> None:
        make_offers(
            lo, hi, tuple(state.customers), state.silos.chain, world.rules.information.weakest, push,
            len(product_units(world)), state.climate.governance, state.employees.engagement,
            world.rules.engagement.level, state.normal.satisfaction, state.employees.tacit, world.records.offers,
            world.key, state.month, state.tally.silos[chunk],
        )  # fmt: skip

    in_chunks(world, rows)
    launch_product(world)


def push_rate(world: World) -> float:
    """Chance that a product unit makes a customer an offer: individual and unit pay raise it.

    Product managers who supply owners do not push.
    """
    rule, variable = world.rules.offers, world.scenario.incentives.variable_share
    product = product_units(world)
    if not len(product):
        return 0.0
    climate = world.state.climate
    own, supplying = own_pay_and_supply(climate.pay, climate.fence, climate.governance, product)
    planned = world.rules.employees.product_manager_share / rule.managers * (1 - supplying)
    return float(min(1.0, rule.rate * planned * (1 + rule.pay_push * variable * own)))


@constant
def product_units(world: World) -> np.ndarray:
    """Rows of the units that push offers."""
    return np.flatnonzero([f is Function.PRODUCT for f in world.structure.functions])


@rule
def own_pay_and_supply(pay, fence, governance, product):  # type: ignore[no-untyped-def]
    """Means over product units of individual and unit pay, and of the share of managers who supply owners."""
    n, supplying = product.shape[0], supply(fence, governance)
    own, some = np.empty(n), np.empty(n)
    for k in range(n):
        own[k] = pay[product[k], 0] + pay[product[k], 1]
        some[k] = supplying[product[k]]
    return pairwise(own) / n, pairwise(some) / n


@rule
def make_offers(  # type: ignore[no-untyped-def]
    lo, hi, c, chain, weakest, push, n_units, terms, engagement, usual_engagement, usual, tacit, p, key, month, tally,
):  # fmt: skip
    """Offers to customers lo..hi: how many units push (word 3 of the month's draw), fits and owner (stream OFFER).

    Without offers wallet share drifts to a level that is higher for the satisfied. At most two offers in a month reach
    a customer. A fitting offer raises wallet share; a poor one costs satisfaction and trust, more so if units collide.
    An owner acts as far as she may, must and cares to (her engagement against the usual one, at most 1): she lets one
    offer through, adapts a poor one if she or capabilities managers know enough, and blocks it as far as she answers
    for projected value. Where nobody else makes an offer she makes one of her own as far as she answers for her
    portfolio, and holds it back if it does not fit as far as projected value counts and she knows enough. Without an
    owner, rules hold back second offers, and poor ones as far as the customer is known.
    """
    c, p, known = Customers(*c), p[0], chain_strength(chain, weakest)
    none = (1 - push) ** n_units
    one = none + n_units * push * (1 - push) ** (n_units - 1)
    chosen, rows, words = np.empty(TILE, np.int8), np.empty(TILE, np.uint32), np.empty((4, TILE), np.uint64)
    start = lo
    while start < hi:
        stop = end_of_tile(c.home, c.segment, start, hi)
        alive, luck, owner = c.alive[start:stop], c.luck_offers[start:stop], c.owner[start:stop]
        settle_wallet(alive, c.satisfaction[start:stop], usual, p, c.wallet[start:stop])
        for j in range(stop - start):
            chosen[j] = ((luck[j] >= none) | (owner[j] >= 0)) & alive[j]
        some = rows[: find(chosen[: stop - start], start, rows)]
        draw_words(words, c.slot[some], some.shape[0], key, OFFER, month, 0)
        home = c.home[start]
        offer_to(
            some, words, c, known[home], none, one, terms[home], engagement, usual_engagement, tacit, p, key, month,
            tally[home],
        )  # fmt: skip
        start = stop


@woven_in
def settle_wallet(alive, satisfaction, usual, p, wallet):  # type: ignore[no-untyped-def]
    """Wallet share moves back to what satisfaction warrants."""
    for j in range(alive.shape[0]):
        rest = p.wallet + p.wallet_satisfaction * (np.float64(satisfaction[j]) - usual)
        moved = np.float64(wallet[j]) + p.fade * (min(1.0, max(0.0, rest)) - np.float64(wallet[j]))
        wallet[j] = np.float32(moved) if alive[j] == 1 else wallet[j]


@woven_in
def offer_to(  # type: ignore[no-untyped-def]
    rows, words, c, known, none, one, terms, engagement, usual_engagement, tacit, p, key, month, counts
):
    """Offers to some customers of one unit: those for whom product units have any, and those who have an owner."""
    for row in range(rows.shape[0]):
        i, u = rows[row], uniforms_of(words, row)
        luck, owner, wallet = np.float64(c.luck_offers[i]), c.owner[i], np.float64(c.wallet[i])
        made = 0 if luck < none else (1 if luck < one else 2)
        usable = np.float64(c.knowledge[i]) * known
        guarded, screened = False, 0.0
        if owner >= 0:
            usable += (1 - usable) * p.owner_tacit * tacit[owner]
            care = min(1.0, engagement[owner] / usual_engagement)
            guarded = u[2] < terms[AUTHORITY] * terms[ACCOUNTABILITY] * care
        else:
            screened = terms[BUSINESS_RULES]
        fit = p.fit_base + p.fit_usable * usable
        able = usable + (1 - usable) * p.capability_gain * terms[CAPABILITIES]
        if made > 1 and (guarded or u[2] < screened):
            made = 1
            counts[BLOCKED] += 1.0
        elif made > 1:
            counts[COLLISIONS] += 1.0
            c.satisfaction[i] = max(0.0, np.float64(c.satisfaction[i]) - p.collision)
        own = uniforms(key, OFFER, month, c.slot[i], 2) if owner >= 0 else u
        for k in range(made):
            if u[k] < fit or (guarded and u[3] < able):
                counts[OFFERS_MADE] += 1.0
                counts[OFFERS_FIT] += 1.0
                counts[ADAPTED] += u[k] >= fit
                wallet += p.gain * (1 - wallet)
            elif (guarded and own[0] < terms[PROJECTED]) or u[3] < screened * usable:
                counts[BLOCKED] += 1.0
            else:
                counts[OFFERS_MADE] += 1.0
                disappoint(c, i, p)
        if owner >= 0 and made == 0 and own[1] < p.owner_rate * terms[ACCOUNTABILITY]:
            fits = own[2] < fit
            if fits or own[3] >= terms[PROJECTED] * able:
                counts[OFFERS_MADE] += 1.0
                counts[OWN_OFFERS] += 1.0
                counts[OFFERS_FIT] += fits
                if fits:
                    wallet += p.gain * (1 - wallet)
                else:
                    disappoint(c, i, p)
            else:
                counts[BLOCKED] += 1.0
        c.wallet[i] = wallet


@woven_in
def disappoint(c, i, p):  # type: ignore[no-untyped-def]
    """A poor offer costs satisfaction and trust."""
    c.satisfaction[i] = max(0.0, np.float64(c.satisfaction[i]) - p.harm)
    c.trust[i] = max(0.0, np.float64(c.trust[i]) - p.harm)


def launch_product(world: World) -> None:
    """In the months that the strategy sets, a product is launched: with mined insight, or blindly.

    It reaches a share of all customers. What fits raises wallet share, what does not costs trust; research lets the
    launch use what is known of each customer. Stream OFFER, ordinal 3: reached, fits.
    """
    strategy, rule, prices = world.strategy, world.rules.offers, world.rules.activities
    per_year = strategy.launches_per_year
    if not world.acting or int((world.month + 1) * per_year / 12) == int(world.month * per_year / 12):
        return
    price = prices.launch_price + strategy.launch_research * prices.research_price
    world.pay("launches", price * world.employees)
    if not world.effective:
        return
    c, known = world.state.customers, strength_of_chain(world)
    rows = np.flatnonzero(c.alive == 1)
    luck = uniform_table(world.key, Stream.OFFER, c.slot[rows], world.state.month, ordinal=3)
    rows, luck = rows[luck[:, 0] < rule.launch_reach], luck[luck[:, 0] < rule.launch_reach]
    usable = c.knowledge[rows] * known[c.home[rows]] * strategy.launch_research
    fits = luck[:, 1] < rule.fit_base + rule.fit_usable * usable
    good, poor = rows[fits], rows[~fits]
    c.wallet[good] += rule.launch_gain * (1 - c.wallet[good])
    c.trust[poor] = np.maximum(0.0, c.trust[poor] - rule.launch_harm)
    share = fits.mean() if len(fits) else 0.0
    world.log("product launched", "market", f"a product is launched and fits {share:.0%} of those it reaches")
