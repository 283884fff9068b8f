"""Monthly measures of every unit."""

from __future__ import annotations

import numpy as np

from sim.params.strategy import INITIATIVES
from sim.phases.service import chain_strength
from sim.state import CUSTOMERS, JOINED, LEFT, MARGIN_BASE, SATISFACTION, SERVICE_COST
from sim.world import World

# name -> (unit, which direction is better: +1 higher, -1 lower, 0 neither, meaning)
SILO_MEASURES: dict[str, tuple[str, int, str]] = {
    "sharing": ("share", 1, "the unit's employees who help when asked across a boundary"),
    "hostility": ("0-1", -1, "strength of the traitor norm"),
    "belief": ("0-1", 1, "mean outside-in belief"),
    "engagement": ("0-1", 1, "mean engagement (1-5 scale: 1 + 4 x)"),
    "engaged": ("share", 1, "employees engaged"),
    "credibility": ("0-1", 1, "credibility of the strategy's messages"),
    "buy_in": ("0-1", 1, "buy-in of the unit's leader"),
    "chain": ("0-1", 1, "strength of the chain of customer information"),
    "backlog": ("months", -1, "contacts waiting, in months of capacity"),
    "success": ("share", 1, "contacts won"),
    "customers": ("customers", 1, "customers of the unit at the end of the month"),
    "churn": ("share/month", -1, "customers who left, natural ends included, per customer at the start"),
    "revenue": ("$/month", 1, "spend of the unit's customers"),
    "satisfaction": ("0-1", 1, "mean satisfaction of the unit's customers"),
    "turnover": ("share/month", -1, "employees who left and were replaced"),
    "service_cost": ("$/month", -1, "cost of contacts"),
    **{f"formal_{i}": ("0-1", 0, f"{i.replace('_', ' ')}: formal state, 1 = installed") for i in INITIATIVES},
    **{f"practised_{i}": ("share", 1, f"{i.replace('_', ' ')}: staff who practise it") for i in INITIATIVES},
}


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
