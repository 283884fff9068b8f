"""Phase 1, environment: competitors attack and imitate."""

from __future__ import annotations

import numpy as np

from sim.state import CUSTOMERS, SATISFACTION
from sim.world import World


def advance(world: World) -> None:
    """Set competitors' pull and how far rivals have matched better service.

    Rivals match the service that customers experience above the old normal, with a lag; relationship knowledge they
    cannot match (Peppers, Rogers, ch. 13).
    """
    state, market = world.state, world.rules.market
    state.ledger.open_month()
    climate = state.climate
    climate.pull = market.competitor_pull * (1 + _attack(world))
    if world.month > 0:
        better = mean_of(state.tally.silos, SATISFACTION) - state.normal.satisfaction
        climate.rival += market.imitation * (better - climate.rival)


def _attack(world: World) -> float:
    """Rise of the hazard while a competitor attacks; a firm that notices early answers early."""
    market = world.scenario.market
    since = world.month - market.shock_month
    if market.shock_month < 0 or since < 0:
        return 0.0
    if since == 0:
        world.log("attack", "market", "a competitor attacks")
    noticed = world.strategy.unlock.keep_adjusting if world.effective else 0.0
    lasts = market.shock_months * (1 - 0.5 * noticed)
    return market.shock_size if since < lasts else 0.0


def mean_of(tallies: np.ndarray, column: int) -> float:
    """Mean over customers of a summed tally."""
    customers = tallies[:, :, CUSTOMERS].sum()
    return float(tallies[:, :, column].sum() / customers) if customers else 0.0
