"""Moments of Belief: risky acts for customers, with witnesses (The Customer Copernicus)."""

from __future__ import annotations

import numpy as np

from sim.draws import Stream, uniform_table, uniforms
from sim.world import World


def moment_of_belief(world: World) -> None:
    """In the months that the strategy sets, one unit does something good for customers and risky for the business.

    It costs money and pleases the customers concerned at once, whatever comes of it. It works with a chance that
    depends on how people in the unit share, care and know; witnesses (the unit and its neighbours) believe more if it
    works and less if it does not. Stream MOMENT, ordinal by month: unit, outcome.
    """
    per_year = world.strategy.moments_per_year
    if not world.acting or int((world.month + 1) * per_year / 12) == int(world.month * per_year / 12):
        return
    state, rule = world.state, world.rules.moments
    u = uniforms(world.key, int(Stream.MOMENT), world.month, 0, 0)
    units = world.structure.units.service
    s = int(units[min(len(units) - 1, int(u[0] * len(units)))])
    world.pay("moments", rule.price * state.silos.size[s] * world.rules.employees.weight)
    if not world.effective:
        return
    _please(world, s)
    first = world.structure.units.first
    staff = slice(first[s], first[s + 1])
    e = state.employees
    z = rule.inclination + rule.sharing * e.habit[staff].mean() + rule.engagement * e.engagement[staff].mean()
    z += rule.skill * e.skill[staff].mean()
    works = bool(u[1] < 1 / (1 + np.exp(-z)))
    witnesses = _witnesses(world, staff)
    change = rule.lift if works else -rule.drop
    e.belief[witnesses] = np.clip(e.belief[witnesses] + change, 0.0, 1.0)
    name = world.structure.unit(s)
    outcome = "worked" if works else "failed"
    world.log(
        f"Moment of Belief {outcome}",
        world.structure.silos[s],
        f"Moment of Belief {outcome} in {name}, {len(witnesses)} witnesses",
    )


def _please(world: World, s: int) -> None:
    """A share of the unit's customers is better off at once."""
    c, rule = world.state.customers, world.rules.moments
    rows = np.flatnonzero((c.home == s) & (c.alive == 1))
    luck = uniform_table(world.key, Stream.MOMENT, c.slot[rows], world.month, ordinal=1)[:, 0]
    rows = rows[luck < rule.customers]
    for column in (c.satisfaction, c.trust):
        column[rows] = np.minimum(1.0, column[rows] + rule.gift)


def _witnesses(world: World, staff: slice) -> np.ndarray:
    """Staff of the unit and everybody tied to them."""
    network = world.state.network
    ties = network.ties[network.starts[staff.start] : network.starts[staff.stop]]
    return np.union1d(np.arange(staff.start, staff.stop), ties)
