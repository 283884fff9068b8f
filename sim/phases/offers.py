"""Phase 7, offers: product units push, owners let through, adapt or block."""

from __future__ import annotations

import numpy as np

from sim.compiled import rule
from sim.draws import Stream, uniforms
from sim.phases.service import chain_strength, in_chunks
from sim.state import COLLISIONS, OFFERS_FIT, OFFERS_MADE
from sim.world import World

OFFER = int(Stream.OFFER)


def advance(world: World) -> None:
    """Make the month's offers to every customer."""
    state, rules = world.state, world.rules
    push = push_rate(world)
    known = chain_strength(state.silos.chain)

    def rows(chunk: int, lo: int, hi: int) -> None:
        make_offers(
            lo, hi, state.customers, known, push, world.structure.n_product, rules.governance.authority,
            world.records.offers, world.key, state.month, state.tally.silos[chunk],
        )  # fmt: skip

    in_chunks(world, rows)


def push_rate(world: World) -> float:
    """Chance that a product unit makes a customer an offer: individual and unit pay raise it."""
    rule, variable = world.rules.offers, world.scenario.incentives.variable_share
    product = [f == "product" for f in world.structure.functions]
    pay = world.state.climate.pay[np.array(product)] if any(product) else world.state.climate.pay
    own = float((pay[:, 0] + pay[:, 1]).mean())
    planned = world.rules.employees.product_manager_share / rule.managers
    return float(min(1.0, rule.rate * planned * (1 + rule.pay_push * variable * own)))


@rule
def make_offers(lo, hi, c, known, push, n_units, authority, p, key, month, tally):  # type: ignore[no-untyped-def]
    """Offers to customers lo..hi: how many units push (word 3 of the month's draw), fits and owner (stream OFFER).

    At most two offers in a month reach a customer. A fitting offer raises wallet share; a poor one costs satisfaction
    and trust, more so if units collide. An owner lets one offer through, adapts it if she knows enough, and, as far
    as her authority goes, blocks poor ones.
    """
    for i in range(lo, hi):
        if c.alive[i] == 0:
            continue
        luck = np.float64(c.luck[i, 2])
        none = (1 - push) ** n_units
        one = none + n_units * push * (1 - push) ** (n_units - 1)
        made = 0 if luck < none else (1 if luck < one else 2)
        wallet = np.float64(c.wallet[i])
        wallet += p.fade * (p.wallet - wallet)
        c.wallet[i] = wallet
        if made == 0:
            continue
        u = uniforms(key, OFFER, month, i, 0)
        home = c.home[i]
        usable = np.float64(c.knowledge[i]) * known[home]
        fit = p.fit_base + p.fit_usable * usable
        guarded = c.owner[i] >= 0 and u[2] < authority
        if made > 1 and guarded:
            made = 1
        elif made > 1:
            tally[home, COLLISIONS] += 1.0
            c.satisfaction[i] = max(0.0, np.float64(c.satisfaction[i]) - p.collision)
        tally[home, OFFERS_MADE] += made
        for k in range(made):
            adapted = guarded and u[3] < usable
            if u[k] < fit or adapted:
                tally[home, OFFERS_FIT] += 1.0
                wallet += p.gain * (1 - wallet)
                c.wallet[i] = wallet
            elif not guarded:
                c.satisfaction[i] = max(0.0, np.float64(c.satisfaction[i]) - p.harm)
                c.trust[i] = max(0.0, np.float64(c.trust[i]) - p.harm)
