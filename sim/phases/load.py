"""Load of change: what the programme asks of people beside their work, and what they can carry."""

from __future__ import annotations

import numpy as np

from sim.compiled import rule
from sim.params.strategy import RESOURCES
from sim.phases.rollout import staff_share
from sim.world import World, constant


def postponed(world: World) -> float:
    """Effort of competing work that strict priorities put off."""
    put_off = world.rules.activities.priority * world.strategy.unlock.organize if world.effective else 0.0
    return world.scenario.organisation.background_load * put_off


def _background(world: World) -> float:
    return world.scenario.organisation.background_load - postponed(world)


def believed_load(world: World) -> float:
    """Load of the most loaded unit as the programme office sees it, units that follow later included.

    The programme's part is underestimated without diagnosis.
    """
    efforts = _unit_efforts(world, int(world.state.plan.started.max()))
    return _background(world) + float(efforts.max()) * world.state.plan.believed


def _unit_efforts(world: World, until: int) -> np.ndarray:
    """True effort asked of the staff of each unit by what starts there up to a month, shape [silo]."""
    plan, load = world.state.plan, world.rules.load
    if not world.installing or not world.launched:
        return nothing_asked(world)
    weights = np.empty(plan.started.shape)
    burden(
        weights, plan.started, plan.closed, plan.paused_until, plan.installed, world.state.silos.practised, world.month,
        until, load.tail_months, load.unpractised,
    )  # fmt: skip
    return np.asarray(weights.dot(world.structure.initiatives.effort))


@constant
def nothing_asked(world: World) -> np.ndarray:
    """No effort asked of any unit, shape [silo]."""
    return np.zeros(len(world.structure.silos))


@rule
def burden(  # type: ignore[no-untyped-def]
    found, started, closed, paused_until, installed, practised, month, until, tail_months, unpractised
):
    """Write the share of its effort that an initiative asks of a unit where it starts up to month `until`.

    All of it until some months after it is in place there, then only as far as it is not practised.
    """
    found[:] = 0.0
    for s in range(found.shape[0]):
        for i in range(found.shape[1]):
            if 0 <= started[s, i] <= until and closed[i] == 0 and paused_until[i] <= month:
                fresh = installed[s, i] < 0 or month < installed[s, i] + tail_months
                found[s, i] = 1.0 if fresh else unpractised * (1 - practised[s, i])


def update_load(world: World) -> None:
    """Load, capacity and overload = max(0, load - capacity) / capacity per unit, the same rule for every strategy.

    A unit carries an initiative once it starts there; its leader's attention falls with the unit's own load. For the
    whole organisation load and overload are means over staff.
    """
    climate, plan, month = world.state.climate, world.state.plan, world.month
    budget = month > 0 and month % 12 == world.scenario.organisation.budget_month
    climate.load, climate.overload, climate.capacity, plan.pending_resources = weigh(
        climate.unit_load, climate.unit_overload, _background(world), _unit_efforts(world, month), staff_share(world),
        climate.behaviours, budget, plan.pending_resources, world.effective, world.paper, world.records.load,
    )  # fmt: skip


@rule
def weigh(  # type: ignore[no-untyped-def]
    load, overload, background, efforts, staff, behaviours, budget, pending, effective, paper, p
):
    """Write every unit's load and overload; on paper there is no overload.

    Large moves of resources are decided in the month of the `budget` and hold until the next one (`pending`), as long
    as the programme is effective.

    Returns:
        Mean load and overload over staff, capacity, large moves of resources that are pending.
    """
    p, mean_load, mean_overload, resources = p[0], background, 0.0, 0.0
    for s in range(staff.shape[0]):
        load[s] = background + efforts[s]
        mean_load += staff[s] * efforts[s]
        resources += staff[s] * behaviours[s, RESOURCES]
    pending = p.resource_large * resources if budget else pending
    extra = (1 - p.resource_large) * resources + (pending if effective else 0.0)
    capacity = p.capacity * (1 + p.resource_gain * extra)
    for s in range(staff.shape[0]):
        overload[s] = 0.0 if paper else max(0.0, load[s] - capacity) / capacity
        mean_overload += staff[s] * overload[s]
    return mean_load, mean_overload, capacity, pending
