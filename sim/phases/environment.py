"""Phase 1, environment: competitors attack and imitate."""

from __future__ import annotations

import numpy as np

from sim.phases.observation import fidelity
from sim.state import CUSTOMERS, SATISFACTION
from sim.sums import column_sum, ratio_of
from sim.world import World


def advance(world: World) -> None:
    """Set competitors' pull and how far rivals have matched better service.

    Rivals match the service that customers experience above the old normal, with a lag; relationship knowledge they
    cannot match (Peppers, Rogers, ch. 13).
    """
    state, market = world.state, world.rules.market
    state.ledger.open_month()
    climate = state.climate
    climate.pull = market.competitor_pull * (1 + attack(world))
    if world.month > 0:
        better = max(0.0, mean_of(state.tally.silos, SATISFACTION) - state.normal.satisfaction)
        climate.rival += market.imitation * (better - climate.rival)


def attack(world: World) -> float:
    """Rise of the hazard while a competitor attacks.

    Every firm answers with a priced counter-offer once it notices; checkpoints that look outside notice earlier, as far
    as they are truthful.
    """
    market = world.rules.market
    since = world.month - market.shock_month
    if market.shock_month < 0 or not 0 <= since < market.shock_months:
        return 0.0
    if since == 0:
        world.log("attack", "market", "a competitor attacks")
    looking = world.strategy.unlock.keep_adjusting * fidelity(world) if world.effective else 0.0
    noticed = round(market.notice_months * (1 - looking))
    if since < noticed and not world.state.climate.noticed:
        return market.shock_size
    if not world.state.climate.noticed:
        world.state.climate.noticed = True
        world.log("attack answered", "market", f"the attack is noticed after {since} months and answered")
    customers = column_sum(world.state.tally.silos, CUSTOMERS) * world.rules.customers.weight
    world.pay("counter_offers", market.answer_price * customers)
    return market.shock_size * (1 - market.answer_effect)


def mean_of(tallies: np.ndarray, column: int) -> float:
    """Mean over customers of a summed tally."""
    return float(ratio_of(tallies, column, CUSTOMERS))
