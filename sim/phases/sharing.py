"""Phase 4, sharing: does an employee who is asked across a boundary help this month?"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import rule
from sim.draws import Stream, uniforms
from sim.params.strategy import CULTURE, MODELLING, OBSTACLES, PORTFOLIO, TEAMS
from sim.phases.practice import usual_pay
from sim.world import World

SHARING = int(Stream.SHARING)


def advance(world: World) -> None:
    """Decide for every employee, then let habits and the traitor norm follow."""
    state, rules, climate, strategy_pay = world.state, world.rules, world.state.climate, world.scenario.incentives
    e, net, silos = state.employees, state.network, state.silos
    decide(
        (e.silo, e.willingness, e.belief, e.habit, e.shares), (net.starts, net.ties, net.team_starts, net.team_ties),
        (silos.size, climate.design, climate.pay, silos.hostility, climate.behaviours, silos.formal),
        (state.intercept, strategy_pay.variable_share, rules.norms.disposition, rules.norms.disposition_spread,
         rules.activities.paper_sharing if world.paper else -1.0),
        world.records.sharing, world.key, state.month, state.why.sharing,
    )  # fmt: skip
    follow_rivalry(world)


def follow_rivalry(world: World) -> None:
    """Move the traitor norm of every unit."""
    state, rules, climate = world.state, world.rules, world.state.climate
    move_hostility(
        state.silos.hostility, climate.design, climate.pay, climate.behaviours, usual_pay(world),
        rules.norms.hostility, rules.sharing.obstacle_effect, rules.sharing.hostility_speed,
    )  # fmt: skip


@rule
def line_of_sight(size, design, p):  # type: ignore[no-untyped-def]
    """How much of the result that pays is one's own doing: falls with the size of the group, shape [silo].

    Portfolios make the group small.
    """
    found = np.empty(size.shape[0])
    staff = size.sum()
    for s in range(size.shape[0]):
        group = size[s] / staff * (1 - p.portfolio_focus * design[s, PORTFOLIO])
        found[s] = 1 / (1 + group / p.sight_share)
    return found


@rule
def decide(people, network, units, level, p, key, month, why):  # type: ignore[no-untyped-def]
    """Brock-Durlauf choice with own marginal payoffs; habit moves a step towards the act.

    One draw per employee and month, whatever the state. `level` holds intercept, variable share of pay, disposition
    and its spread, and the share of requests that a plan on paper promises to answer where all of it is in place (-1:
    people decide).
    """
    silo, willingness, belief, habit, shares = people
    starts, ties, team_starts, team_ties = network
    size, design, pay, hostility, behaviours, formal = units
    intercept, variable, disposition, spread, promised = level
    p, before = p[0], habit.copy()
    sight = line_of_sight(size, design, p)
    why[:] = 0.0
    for e in range(silo.shape[0]):
        s = silo[e]
        teams = design[s, TEAMS]
        near = 0.0
        weight = 0.0
        for t in range(starts[e], starts[e + 1]):
            near += before[ties[t]]
            weight += 1.0
        for t in range(team_starts[e], team_starts[e + 1]):
            near += teams * before[team_ties[t]]
            weight += teams
        near = near / weight if weight > 0 else before[e]
        payoff = pay[s, 2] * near + pay[s, 3] * sight[s] - pay[s, 0] * p.time_cost - pay[s, 1] * p.rivalry_cost
        norm = p.conformity * (2 * near - 1)
        gain = p.incentive * variable * payoff
        cost = -p.hostility * hostility[s]
        trust = p.belief * (2 * belief[e] - 1)
        model = p.modelling * behaviours[s, MODELLING]
        z = intercept + disposition + spread * willingness[e] + norm + gain + cost + trust + model
        chance = 1 / (1 + math.exp(-z))
        if promised >= 0:
            chance = max(chance, promised * formal[s].max())
        u = uniforms(key, SHARING, month, e, 0)
        shares[e] = 1 if u[0] < chance else 0
        habit[e] = before[e] + p.habit_speed * (shares[e] - before[e])
        why[s, 0] += norm
        why[s, 1] += gain
        why[s, 2] += cost
        why[s, 3] += trust
        why[s, 4] += model
        why[s, 5] += 1.0


@rule
def move_hostility(hostility, design, pay, behaviours, base, inherited, relieved, speed):  # type: ignore[no-untyped-def]
    """The traitor norm follows the rivalry that pay makes, less what culture work and leaders take away."""
    usual = base[0] + base[1]
    for s in range(hostility.shape[0]):
        rivalry = (pay[s, 0] + pay[s, 1]) / usual if usual > 0 else 1.0
        relief = (1 - design[s, CULTURE]) * (1 - relieved * behaviours[s, OBSTACLES])
        target = min(max(inherited * relief * rivalry, 0.0), 1.0)
        hostility[s] += speed * (target - hostility[s])
