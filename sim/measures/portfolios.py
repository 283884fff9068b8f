"""Portfolios of customers, and what errors of the enterprise's estimate cost where the picket fence runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.columns import F64
from sim.compiled import rule
from sim.phases.estimates import believed, blur, present, true_worth
from sim.world import World

PROJECTED_MONTHS = 36  # a Canadian bank measured portfolio managers on current revenue and three-year value
NAN = float("nan")


@dataclass(frozen=True)
class Portfolio:
    """One portfolio manager and what she answers for; money is of represented customers.

    Args:
        employee: slot of the manager.
        unit: name of her unit.
        customers: represented customers whom she owns; nobody has two owners, since a slot names one.
        revenue: what they pay now on average, $/month.
        believed: projected three-year value as the enterprise estimates it, $ (discounted).
        true: the same in truth, $.
    """

    employee: int
    unit: str
    customers: float
    revenue: float
    believed: float
    true: float


def portfolios(world: World) -> list[Portfolio]:
    """All portfolio managers by slot, also those who own nobody."""
    rows = present(world)
    owners = world.state.customers.owner[rows]
    rows, owners = rows[owners >= 0], owners[owners >= 0]
    worth, weight = true_worth(world, rows), world.rules.customers.weight
    estimate = believed(world, rows, worth, blur(world, rows))
    staff = len(world.state.employees.silo)

    def per_owner(values: F64) -> F64:
        return np.bincount(owners, weights=values, minlength=staff) * weight

    columns = [np.ones(len(rows)), worth.revenue]
    columns += [seen.within(PROJECTED_MONTHS) for seen in (estimate, worth)]
    sums = np.array([per_owner(values) for values in columns])
    names, units = world.structure.silos, world.structure.units
    return [
        Portfolio(slot, names[s], *(float(v) for v in sums[:, slot]))
        for s, (last, n) in enumerate(zip(units.first[1:], units.managers, strict=True))
        for slot in range(int(last - n), int(last))
    ]


@rule
def anybody(owner):  # type: ignore[no-untyped-def]
    """True if somebody is owned."""
    return owner.max() >= 0


def fence_measures(world: World) -> dict[str, float]:
    """How well the picket fence is drawn, n customers of a unit being owned; missing while nobody is owned.

    Values are lifetime values at the end of the month, when next month's owners have been named.

    Returns:
        fence_accuracy: share of owned customers who belong to the n truly most valuable of their unit.
        fence_missed: true lifetime value of those n less that of the owned, represented customers of all units, $.
    """
    c = world.state.customers
    if not anybody(c.owner):
        return {"fence_accuracy": NAN, "fence_missed": NAN}
    owned = c.owner >= 0
    right, missed = 0, 0.0
    for home in np.unique(c.home[owned]):
        rows = np.flatnonzero((c.home == home) & (c.alive == 1))
        inside, value = owned[rows], c.worth[rows].astype(np.float64)
        others = len(rows) - int(inside.sum())
        best = np.partition(value, others)[others:]
        right += int((value[inside] >= best[0]).sum())
        missed += float(best.sum() - value[inside].sum())
    return {
        "fence_accuracy": right / int(owned.sum()),
        "fence_missed": max(missed, 0.0) * world.rules.customers.weight,
    }
