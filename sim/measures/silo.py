"""Monthly measures of every unit."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from sim import state
from sim.columns import F64, Silos
from sim.compiled import rule, woven_in
from sim.params.strategy import INITIATIVES
from sim.phases.information import chain_strength
from sim.sums import by_row, group_sum
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
ROW: Any = namedtuple("ROW", SILO_MEASURES)(*range(len(SILO_MEASURES)))  # name -> row of a table
FORMAL, PRACTISED = (list(SILO_MEASURES).index(f"{state}_{INITIATIVES[0]}") for state in ("formal", "practised"))


def measure_silos(world: World) -> dict[str, np.ndarray]:
    """All monthly measures of the units, each of shape [silo], in the order of `SILO_MEASURES`."""
    found = np.full((len(SILO_MEASURES), len(world.structure.silos)), np.inf)  # what nobody writes is noticed
    silo_table(world, found)
    return dict(zip(SILO_MEASURES, found, strict=True))


def silo_table(world: World, found: F64) -> None:
    """Write the same into a table [measure, silo] whose rows are named in `ROW`."""
    now, rules = world.state, world.rules
    e = now.employees
    of_staff_and_units(
        found, (e.shares, e.belief, e.engagement, e.tenure), tuple(now.silos), now.leaders.buy_in,
        rules.information.weakest, now.tally.silos, world.structure.units.first, rules.engagement.engaged_from,
        rules.customers.weight, rules.economics.contact_cost,
    )  # fmt: skip


@rule
def of_staff_and_units(  # type: ignore[no-untyped-def]
    found, staff, silos, buy_in, weakest, tallies, first, engaged_from, weight, contact_cost
):
    """All rows of the table."""
    of_staff(found, staff, first, engaged_from)
    of_units(found, Silos(*silos), buy_in, weakest, tallies, weight, contact_cost)


@woven_in
def of_staff(found, staff, first, engaged_from):  # type: ignore[no-untyped-def]
    """Means over the staff of each unit, who are neighbours in the table."""
    shares, belief, engagement, tenure = staff
    for s in range(first.shape[0] - 1):
        size = first[s + 1] - first[s]
        helping, engaged, new = 0, 0, 0
        for e in range(first[s], first[s + 1]):
            helping += int(shares[e])
            engaged += engagement[e] >= engaged_from
            new += tenure[e] == 0
        found[ROW.sharing, s] = helping / size
        found[ROW.belief, s] = group_sum(belief, first[s], first[s + 1]) / size
        found[ROW.engagement, s] = group_sum(engagement, first[s], first[s + 1]) / size
        found[ROW.engaged, s] = engaged / size
        found[ROW.turnover, s] = new / size


@woven_in
def of_units(found, silos, buy_in, weakest, tallies, weight, contact_cost):  # type: ignore[no-untyped-def]
    """What each unit is like, and what was counted among the customers at home there; missing where there were none."""
    counted, strength = by_row(tallies), chain_strength(silos.chain, weakest)
    for s in range(strength.shape[0]):
        found[ROW.hostility, s], found[ROW.credibility, s] = silos.hostility[s], silos.credibility[s]
        found[ROW.buy_in, s], found[ROW.chain, s] = buy_in[s], strength[s]
        found[ROW.backlog, s], found[ROW.success, s] = silos.backlog[s], silos.success[s]
        for i in range(silos.formal.shape[1]):
            found[FORMAL + i, s], found[PRACTISED + i, s] = silos.formal[s, i], silos.practised[s, i]
        t = counted[s]
        homes = max(t[state.CUSTOMERS], 1.0)
        found[ROW.customers, s] = (t[state.CUSTOMERS] - t[state.LEFT] + t[state.JOINED]) * weight
        found[ROW.churn, s] = t[state.LEFT] / homes if t[state.CUSTOMERS] > 0 else np.nan
        found[ROW.revenue, s] = t[state.MARGIN_BASE] * weight
        found[ROW.satisfaction, s] = t[state.SATISFACTION] / homes if t[state.CUSTOMERS] > 0 else np.nan
        found[ROW.service_cost, s] = t[state.SERVICE_COST] * contact_cost * weight
