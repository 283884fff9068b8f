"""Relationship governance in force: terms, picket fence, who supplies capabilities. Called once practice is known."""

from __future__ import annotations

import numpy as np

from sim.columns import CAPABILITIES_MANAGER, PRODUCT_MANAGER
from sim.compiled import rule, woven_in
from sim.params.strategy import PORTFOLIO
from sim.state import CAPABILITIES, GOVERNANCE
from sim.world import World, constant


def update_governance(world: World) -> None:
    """Terms move from what held before to what the strategy plans as far as portfolio governance is practised."""
    climate, (old, new) = world.state.climate, terms(world)
    govern(
        climate.governance, climate.fence, climate.design, old, new, world.rules.governance.customer_share,
        fence_by_now(world), share_in_span(world), world.state.employees.role, world.structure.units.first,
    )  # fmt: skip


@constant
def terms(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Terms before and as planned, each of shape [term], see `GOVERNANCE`."""
    before, planned = world.rules.governance, world.strategy.governance
    old, new = (np.array([getattr(terms, name) for name in GOVERNANCE]) for terms in (before, planned))
    return old, new


@rule
def govern(governance, fence, design, old, new, inside, by_now, able, role, first):  # type: ignore[no-untyped-def]
    """Terms and fence in force, and who supplies capabilities.

    The fence covers the share of customers that the practised part of the plan reaches by now (`by_now`), never less
    than before the programme (`inside`) and never more than portfolio managers can own.
    """
    for s in range(fence.shape[0]):
        d = design[s, PORTFOLIO]
        for k in range(old.shape[0]):
            governance[s, k] = (1 - d) * old[k] + d * new[k]
        fence[s] = min(max(inside, d * by_now[s]), able[s])
    appoint_capabilities_managers(role, first, supply(fence, governance))


def fence_by_now(world: World) -> np.ndarray:
    """Share of customers that the planned fence takes in, shape [silo]: it starts small and widens in each unit."""
    planned, started = world.strategy.governance, world.state.plan.started[:, PORTFOLIO]
    if planned.widen_months == 0:
        return whole_fence(world)
    widened = np.clip((world.month - started) / planned.widen_months, 0.0, 1.0) * (started >= 0)
    return planned.first_share + (planned.customer_share - planned.first_share) * widened


@constant
def whole_fence(world: World) -> np.ndarray:
    """Share of customers that the planned fence takes in once it is whole, shape [silo]."""
    return np.full(len(world.structure.silos), world.strategy.governance.customer_share)


@constant
def share_in_span(world: World) -> np.ndarray:
    """Share of each unit's customers that its portfolio managers can own, shape [silo]."""
    staff, base = world.rules.employees, world.rules.customers
    homes = np.array([silo.home_share for silo in world.scenario.organisation.silos.values()])
    customers = homes * base.number * base.occupied * base.weight
    able = world.structure.units.managers * staff.weight * world.rules.governance.span
    return np.where(customers > 0, np.minimum(1.0, able / np.maximum(customers, 1e-9)), 0.0)


@rule
def supply(fence, governance):  # type: ignore[no-untyped-def]
    """Share of each unit's product managers who supply owners instead of pushing, shape [silo]."""
    found = np.zeros(fence.shape[0])
    for s in range(fence.shape[0]):
        if fence[s] > 0:
            found[s] = governance[s, CAPABILITIES]
    return found


@woven_in
def appoint_capabilities_managers(role, first, share):  # type: ignore[no-untyped-def]
    """The role of product managers shows how many of them supply owners by now: `share` of each unit's."""
    for s in range(share.shape[0]):
        managers = 0
        for e in range(first[s], first[s + 1]):
            managers += role[e] == PRODUCT_MANAGER or role[e] == CAPABILITIES_MANAGER
        appointed = int(np.rint(share[s] * managers))
        for e in range(first[s], first[s + 1]):
            if role[e] == PRODUCT_MANAGER or role[e] == CAPABILITIES_MANAGER:
                role[e] = CAPABILITIES_MANAGER if appointed > 0 else PRODUCT_MANAGER
                appointed -= 1
