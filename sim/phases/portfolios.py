"""Phase 11, portfolios: who owns whom next month, and who is served in person or by web and pool.

The picket fence takes in the customers of highest estimated lifetime value of a unit (Peppers, Rogers, ch. 13); how
far it reaches is in `governance`.
"""

from __future__ import annotations

import numpy as np

from sim.columns import CONVERTED, F64, IN_PERSON, WEB_AND_POOL
from sim.draws import Stream, uniform_table
from sim.phases.estimates import Rows, believed, blur, true_worth
from sim.state import AUTHORITY, SELF_SERVICE
from sim.world import World

ROUNDING = 1e-9  # shares of whole numbers


def advance(world: World) -> None:
    """Draw the fence anew in every unit; nobody has two owners, since a customer names one."""
    c, climate = world.state.customers, world.state.climate
    c.owner[:] = -1
    if not (any(climate.fence.tolist()) or any(climate.governance[:, SELF_SERVICE].tolist())):
        c.tier[:] = IN_PERSON
        return
    for s in range(len(world.structure.silos)):  # one after the other: estimates of all at once would double the memory
        rows = np.flatnonzero((c.home == s) & (c.alive == 1))
        if len(rows):
            draw_fence(world, s, rows)


def draw_fence(world: World, s: int, rows: Rows) -> None:
    """Give the most valuable of a unit's customers owners, and decide how all of them are served."""
    estimate = believed(world, rows, true_worth(world, rows, in_person=True), blur(world, rows))
    value, low = estimate.lifetime, np.zeros(len(rows), bool)
    inside = number_inside(world, s, len(rows))
    own(world, s, rows[lowest(-value, inside)])
    by_web = min(int(world.state.climate.governance[s, SELF_SERVICE] * len(rows) + ROUNDING), len(rows) - inside)
    low[lowest(value, by_web)] = True
    treat(world, rows, low, estimate.brings)


def lowest(values: F64, n: int) -> Rows:
    """Places of the n lowest values, in no order."""
    return np.argpartition(values, min(n, len(values) - 1))[:n] if n else np.empty(0, np.int64)


def number_inside(world: World, s: int, customers: int) -> int:
    """Customers inside the fence of a unit: its share, at most what portfolio managers can own."""
    able = world.structure.units.managers[s] * world.rules.employees.weight * world.rules.governance.span
    return min(int(world.state.climate.fence[s] * customers + ROUNDING), int(able / world.rules.customers.weight))


def own(world: World, s: int, rows: Rows) -> None:
    """Give customers to the unit's portfolio managers: by slot, so that a customer keeps hers."""
    units = world.structure.units
    managers = int(units.managers[s])
    if managers:
        c = world.state.customers
        c.owner[rows] = units.first[s + 1] - managers + c.slot[rows] % managers


def treat(world: World, rows: Rows, low: np.ndarray, expected: F64) -> None:
    """Serve by web and pool whose estimated value is low; where others have owners, convert the unprofitable as well.

    A customer is unprofitable if what she is estimated to bring in a month (`expected`, $) is less than it costs to
    serve her in person. Who has been converted is served in person again once she is estimated to be worth it. Stream
    OFFER, ordinal 1, word 1.
    """
    c, climate, rules = world.state.customers, world.state.climate, world.rules
    homes = c.home[rows]
    cost = rules.economics.contact_cost * rules.market.contact_rate * c.service_cost[rows]
    poor = (c.owner[rows] < 0) & (climate.fence[homes] > 0) & (expected < cost)
    tier = np.where(low, WEB_AND_POOL, np.where(poor & (c.tier[rows] == CONVERTED), CONVERTED, IN_PERSON))
    some = np.flatnonzero(poor & (tier == IN_PERSON))
    luck = uniform_table(world.key, Stream.OFFER, c.slot[rows[some]], world.state.month, ordinal=1)[:, 1]
    chance = rules.acquisition.convert * climate.governance[homes[some], AUTHORITY]
    tier[some[luck < chance]] = CONVERTED
    c.tier[rows] = tier
