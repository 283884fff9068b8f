"""A synthetic industry: firms that differ in leaders, incentives, norms, governance, market and history.

Every firm is a small organisation with a history of three years under a strategy of its own. The distributions are
judgement (grade D) apart from leaders' stages, which follow the published shares (Rooke, Torbert 2005): they say how
firms may differ, not how many of each kind there are.
"""

from __future__ import annotations

import numpy as np

from experiments.configuration import load_scenario
from sim.draws import Stream, make_key, uniform_table
from sim.params.scenario import Scenario
from sim.run import run

HISTORY_MONTHS = 36
# Group -> entry -> share of firms.
SHARES: dict[str, dict[str, float]] = {
    "incentives": {"star_performers": 0.3, "silo_bonus": 0.3, "balanced": 0.2, "current_and_projected": 0.1,
                   "customer_equity": 0.1},
    "norms": {"hoarding": 0.25, "guarded": 0.5, "open": 0.25},
    "governance": {"product": 0.6, "hybrid": 0.3, "accountable_portfolios": 0.1},
    "market": {"stable": 0.6, "empowered_customers": 0.25, "disruption": 0.15},
    "strategy": {"as_is": 0.35, "technology_only": 0.15, "training_only": 0.1, "talk_only": 0.1, "incentives_only": 0.1,
                 "structure_only": 0.05, "five_behaviours": 0.05, "market_responsive": 0.05, "unlock": 0.05},
}  # fmt: skip


def firm(seed: int, number: int) -> Scenario:
    """The firm of a number: entries drawn by the shares above, the chief executive's stage by the published ones."""
    u = uniform_table(make_key(seed, number), Stream.UNKNOWNS, np.arange(len(SHARES) + 1, dtype=np.int64), ordinal=1)
    chosen = [f"{group}={_pick(shares, u[k, 0])}" for k, (group, shares) in enumerate(SHARES.items())]
    scenario = load_scenario(["organisation=small_firm", *chosen, f"months={HISTORY_MONTHS}"])
    stage = int(np.searchsorted(np.cumsum(scenario.leadership.stage_shares), u[-1, 0]))
    leaders = scenario.leadership.model_copy(update={"ceo_stage": float(min(stage, 6))})
    return scenario.model_copy(update={"leadership": leaders})


def _pick(shares: dict[str, float], u: float) -> str:
    names = list(shares)
    return names[min(int(np.searchsorted(np.cumsum(list(shares.values())), u)), len(names) - 1)]


def responsiveness_of_firm(seed: int, number: int) -> float:
    """Market responsiveness index (0-100) of one firm over the last year of its history."""
    return float(run(firm(seed, number), seed, number).months["mri"][-12:].mean())
