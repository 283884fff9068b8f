"""Where and when a plan starts: pilots by lot, units that follow or are left out."""

from __future__ import annotations

import numpy as np

from sim.draws import Stream, uniform_table
from sim.params.strategy import PILOTS
from sim.world import World, constant


@constant
def homes(world: World) -> np.ndarray:
    """True for units with customers, shape [silo]."""
    return np.array([silo.home_share > 0 for silo in world.scenario.organisation.silos.values()])


def delays(world: World) -> np.ndarray:
    """Months by which each unit starts after a launch, shape [silo]; -1 leaves the unit out.

    Pilot units are drawn by lot among the units with customers, so that those that start and those that wait can be
    compared; at least one waits, and where only one unit has customers all start at once. A unit named in `rollout`
    starts when it says.
    """
    strategy, names, shops = world.strategy, world.structure.silos, homes(world)
    found = np.zeros(len(names), np.int32)
    number = min(strategy.pilot_units, int(shops.sum()) - 1)
    if number > 0:
        units = np.arange(len(names), dtype=np.int64)
        lot = np.where(shops, uniform_table(world.key, Stream.DIAGNOSIS, units, ordinal=1)[:, 0], np.inf)
        found[shops] = strategy.pilot_months
        found[np.argsort(lot, kind="stable")[:number]] = 0
    for name, delay in strategy.rollout.items():
        found[names.index(name)] = delay
    return found


def say_pilots(world: World) -> None:
    """Log which units start first, or that none can."""
    first = pilots(world)
    if first.any():
        names = ", ".join(world.structure.unit(int(s)) for s in np.flatnonzero(first))
        world.log("pilots drawn", "plan", f"pilots: {names}")
    elif world.strategy.pilot_units or PILOTS in world.strategy.leaders:
        world.log("no pilots", "plan", "no pilots: all units with customers start at once")


def pilots(world: World) -> np.ndarray:
    """True for units with customers that start at once while others wait or are left out, shape [silo]."""
    delay, shops = world.state.plan.delay, homes(world)
    return shops & (delay == 0) & bool((delay[shops] != 0).any())


def has_started(world: World) -> np.ndarray:
    """True where an initiative has started in a unit, shape [silo, initiative]."""
    started = world.state.plan.started
    return (started >= 0) & (started <= world.month)


@constant
def staff_share(world: World) -> np.ndarray:
    """Share of all staff in each unit, shape [silo]: nobody ever changes units."""
    size = np.diff(world.structure.units.first)
    return size / size.sum()
