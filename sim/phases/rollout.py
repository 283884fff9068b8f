"""Where and when a plan starts: pilots by lot, units that follow or are left out."""

from __future__ import annotations

import numpy as np

from sim.draws import Stream, uniform_table
from sim.world import World


def delays(world: World) -> np.ndarray:
    """Months by which each unit starts after a launch, shape [silo]; -1 leaves the unit out.

    Pilot units are drawn by lot among the units with customers, so that those that start and those that wait can be
    compared. A unit named in `rollout` starts when it says.
    """
    strategy, names = world.strategy, world.structure.silos
    found = np.zeros(len(names), np.int32)
    if strategy.pilot_units:
        homes = np.array([silo.home_share > 0 for silo in world.scenario.organisation.silos.values()])
        units = np.arange(len(names), dtype=np.int64)
        lot = np.where(homes, uniform_table(world.key, Stream.DIAGNOSIS, units, ordinal=1)[:, 0], np.inf)
        chosen = np.argsort(lot, kind="stable")[: min(strategy.pilot_units, int(homes.sum()))]
        found[homes] = strategy.pilot_months
        found[chosen] = 0
        world.log("pilots drawn", "plan", "pilots: " + ", ".join(names[s] for s in sorted(chosen)))
    for name, delay in strategy.rollout.items():
        found[names.index(name)] = delay
    return found


def pilots(world: World) -> np.ndarray:
    """True for units with customers that start at once while others wait or are left out, shape [silo]."""
    delay = world.state.plan.delay
    homes = np.array([silo.home_share > 0 for silo in world.scenario.organisation.silos.values()])
    return homes & (delay == 0) & bool((delay[homes] != 0).any())


def has_started(world: World) -> np.ndarray:
    """True where an initiative has started in a unit, shape [silo, initiative]."""
    started = world.state.plan.started
    return (started >= 0) & (started <= world.month)


def staff_share(world: World) -> np.ndarray:
    """Share of all staff in each unit, shape [silo]."""
    size = world.state.silos.size
    return size / size.sum()
