"""Relationship governance in force: terms, picket fence, who supplies capabilities. Called once practice is known."""

from __future__ import annotations

import numpy as np

from sim.columns import CAPABILITIES_MANAGER, PRODUCT_MANAGER
from sim.params.strategy import PORTFOLIO
from sim.state import CAPABILITIES, GOVERNANCE
from sim.world import World


def update_governance(world: World) -> None:
    """Terms move from what held before to what the strategy plans as far as portfolio governance is practised.

    The fence covers the share of customers that the practised part of the plan reaches by now, never less than before
    the programme and never more than the unit's portfolio managers can own.
    """
    climate, before, planned = world.state.climate, world.rules.governance, world.strategy.governance
    d = climate.design[:, PORTFOLIO]
    old, new = (np.array([getattr(terms, name) for name in GOVERNANCE]) for terms in (before, planned))
    climate.governance[:] = (1 - d[:, None]) * old + d[:, None] * new
    climate.fence[:] = np.minimum(np.maximum(before.customer_share, d * fence_by_now(world)), share_in_span(world))
    appoint_capabilities_managers(world)


def fence_by_now(world: World) -> np.ndarray:
    """Share of customers that the planned fence takes in, shape [silo]: it starts small and widens in each unit."""
    planned, started = world.strategy.governance, world.state.plan.started[:, PORTFOLIO]
    if planned.widen_months == 0:
        return np.full(len(started), planned.customer_share)
    widened = np.clip((world.month - started) / planned.widen_months, 0.0, 1.0) * (started >= 0)
    return planned.first_share + (planned.customer_share - planned.first_share) * widened


def share_in_span(world: World) -> np.ndarray:
    """Share of each unit's customers that its portfolio managers can own, shape [silo]."""
    staff, base = world.rules.employees, world.rules.customers
    homes = np.array([silo.home_share for silo in world.scenario.organisation.silos.values()])
    customers = homes * base.number * base.occupied * base.weight
    able = world.structure.units.managers * staff.weight * world.rules.governance.span
    return np.where(customers > 0, np.minimum(1.0, able / np.maximum(customers, 1e-9)), 0.0)


def supplying(world: World) -> np.ndarray:
    """Share of each unit's product managers who supply owners instead of pushing, shape [silo]."""
    climate = world.state.climate
    return np.where(climate.fence > 0, climate.governance[:, CAPABILITIES], 0.0)


def appoint_capabilities_managers(world: World) -> None:
    """The role of product managers shows how many of them supply owners by now."""
    role, first = world.state.employees.role, world.structure.units.first
    for s, share in enumerate(supplying(world)):
        unit = role[first[s] : first[s + 1]]
        managers = np.flatnonzero((unit == PRODUCT_MANAGER) | (unit == CAPABILITIES_MANAGER))
        unit[managers] = PRODUCT_MANAGER
        unit[managers[: round(share * len(managers))]] = CAPABILITIES_MANAGER
