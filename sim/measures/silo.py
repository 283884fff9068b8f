"""Monthly measures of every unit."""

from __future__ import annotations

import numpy as np

from sim.params.strategy import INITIATIVES
from sim.phases.service import chain_strength
from sim.state import CUSTOMERS, JOINED, LEFT, MARGIN_BASE, SATISFACTION, SERVICE_COST
from sim.world import World

SILO_MEASURES = (
    "sharing", "hostility", "belief", "engagement", "engaged", "credibility", "buy_in", "chain", "backlog", "success",
    "customers", "churn", "revenue", "satisfaction", "turnover", "service_cost",
    *(f"formal_{i}" for i in INITIATIVES), *(f"practised_{i}" for i in INITIATIVES),
)  # fmt: skip


def measure_silos(world: World) -> dict[str, np.ndarray]:
    """All monthly measures of the units, each of shape [silo], in the order of `SILO_MEASURES`."""
    state, first = world.state, world.structure.units.first
    e, silos = state.employees, state.silos

    t = state.tally.silos.sum(axis=0)
    homes = np.maximum(t[:, CUSTOMERS], 1.0)
    weight = world.rules.customers.weight

    def mean(column: np.ndarray) -> np.ndarray:
        return np.add.reduceat(column, first[:-1]) / np.diff(first)

    found = {
        "sharing": mean(e.shares.astype(np.float64)),
        "hostility": silos.hostility.copy(),
        "belief": mean(e.belief),
        "engagement": mean(e.engagement),
        "engaged": mean((e.engagement >= world.rules.engagement.engaged_from).astype(np.float64)),
        "credibility": silos.credibility.copy(),
        "buy_in": state.leaders.buy_in[: len(silos.size)].copy(),
        "chain": chain_strength(silos.chain, world.rules.information.weakest),
        "backlog": silos.backlog.copy(),
        "success": silos.success.copy(),
        "customers": (t[:, CUSTOMERS] - t[:, LEFT] + t[:, JOINED]) * weight,
        "churn": np.where(t[:, CUSTOMERS] > 0, t[:, LEFT] / homes, np.nan),
        "revenue": t[:, MARGIN_BASE] * weight,
        "satisfaction": np.where(t[:, CUSTOMERS] > 0, t[:, SATISFACTION] / homes, np.nan),
        "turnover": mean((e.tenure == 0).astype(np.float64)),
        "service_cost": t[:, SERVICE_COST] * world.rules.economics.contact_cost * weight,
    }
    found |= {f"formal_{name}": silos.formal[:, i].copy() for i, name in enumerate(INITIATIVES)}
    found |= {f"practised_{name}": silos.practised[:, i].copy() for i, name in enumerate(INITIATIVES)}
    return {name: found[name] for name in SILO_MEASURES}
