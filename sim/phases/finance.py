"""Phase 13, finance: double-entry books, pressure of investors, the board's decision to stop."""

from __future__ import annotations

import numpy as np

from sim.columns import Silos
from sim.compiled import rule
from sim.draws import Stream, uniforms
from sim.phases.observation import attribute
from sim.state import (
    ACTS,
    ADVOCATES,
    CUSTOMERS,
    GROSS,
    JOINED,
    MARGIN_BASE,
    MEMBERS,
    RISK_RATIO,
    SATISFACTION,
    SERVICE_COST,
    TRIGGERS,
    TRUST,
)  # fmt: skip
from sim.structure import HORIZON
from sim.sums import by_row, column_sum, overall, ratio_of
from sim.world import World


def advance(world: World) -> None:
    """Book the month, move pressure, let the board decide, and follow what is normal during the burn-in."""
    keep_books(world)
    if world.month < 0:
        follow_normal(world)
        return
    move_pressure(world)
    consider_stop(world)


def keep_books(world: World) -> None:
    """Post the month's business; every agent counts for the customers or employees that it represents."""
    state, e = world.state, world.rules.economics
    customers, staff = world.rules.customers.weight, world.rules.employees.weight
    paid, gross, service, joined, acts, triggers, newcomers = counted(state.tally.silos, state.employees.tenure)
    ledger = state.ledger
    revenue = paid * customers
    ledger.post("cash", "revenue", revenue)
    ledger.post("cost_of_sales", "cash", (1 - e.margin) * gross * customers)
    ledger.spend("people", len(state.employees.silo) * staff * e.wage)
    ledger.spend("contacts", service * customers * e.contact_cost)
    ledger.spend("acquisition", joined * customers * e.acquisition_cost)
    ledger.spend("retention_acts", acts * customers * world.rules.churn.act_price)
    ledger.spend("retention_acts", triggers * customers * world.rules.churn.trigger_price)
    ledger.spend("turnover", newcomers * staff * e.turnover_cost)
    ledger.depreciate()


@rule
def counted(tallies, tenure):  # type: ignore[no-untyped-def]
    """What the month's business is counted by.

    Returns:
        Sums over all units of paid and of gross spend, cost of contacts, customers who joined, retention acts and
        triggers; number of employees who are new.
    """
    t, newcomers = overall(tallies), 0.0
    for k in range(tenure.shape[0]):
        newcomers += tenure[k] == 0
    return t[MARGIN_BASE], t[GROSS], t[SERVICE_COST], t[JOINED], t[ACTS], t[TRIGGERS], newcomers


def follow_normal(world: World) -> None:
    """During the burn-in keep a mean of what is normal, from month 13 on with weight 1/12 on each; then frozen."""
    state, normal, ledger = world.state, world.state.normal, world.state.ledger
    normal.months += 1
    step = 1 / min(normal.months, 12)
    customers, satisfaction, trust, advocates = follow_units(
        tuple(state.silos), normal.risk_ratio, state.tally.segments, state.tally.silos, step,
        world.rules.service.utilisation,
    )  # fmt: skip
    if customers > 0:
        normal.satisfaction += step * (satisfaction - normal.satisfaction)
        normal.trust += step * (trust - normal.trust)
        normal.advocates += step * (advocates - normal.advocates)
    normal.profit += step * (ledger.profit - normal.profit)
    normal.revenue += step * (ledger.month["revenue"] * -1 - normal.revenue)


@rule
def follow_units(silos, risk_ratio, segments, tallies, step, utilisation):  # type: ignore[no-untyped-def]
    """A step of what is normal in every segment that has members, and in every unit.

    Returns:
        Number of customers, their mean satisfaction and trust, and the share of advocates this month.
    """
    silos, counted = Silos(*silos), by_row(segments)
    for k in range(risk_ratio.shape[0]):
        if counted[k, MEMBERS] > 0:
            risk_ratio[k] += step * (counted[k, RISK_RATIO] / counted[k, MEMBERS] - risk_ratio[k])
    for s in range(silos.capacity.shape[0]):
        silos.normal_success[s] += step * (silos.success[s] - silos.normal_success[s])
        silos.capacity[s] += step * (max(silos.demand[s] / utilisation, 1e-9) - silos.capacity[s])
        silos.normal_fails[s] += step * (silos.fails[s] - silos.normal_fails[s])
    return (
        column_sum(tallies, CUSTOMERS), ratio_of(tallies, SATISFACTION, CUSTOMERS), ratio_of(tallies, TRUST, CUSTOMERS),
        ratio_of(tallies, ADVOCATES, CUSTOMERS),
    )  # fmt: skip


def move_pressure(world: World) -> None:
    """Pressure follows the gap to the profit of the unchanged organisation as a share of its revenue."""
    state, board = world.state, world.rules.board
    gap = (state.normal.profit - state.ledger.profit) / max(state.normal.revenue, 1.0)
    climate = state.climate
    climate.gap += board.pressure_smoothing * (gap - climate.gap)
    climate.pressure = world.rules.market.investor_pressure * board.pressure_gain * max(0.0, climate.gap)


def consider_stop(world: World) -> None:
    """The board stops the programme with a chance that grows as pressure exceeds courage.

    Courage = base + horizon of the chief executive (share of five years) + her belief. One draw a month.
    """
    plan, board = world.state.plan, world.rules.board
    if not plan.drawn_up or plan.stopped_month >= 0 or world.paper:
        return
    courage = board.courage_base + board.courage_horizon * attribute(world, world.ceo, HORIZON) / 60
    courage += board.courage_belief * world.state.leaders.belief[world.ceo]
    excess = max(0.0, world.state.climate.pressure - courage)
    if excess == 0:
        return
    u = uniforms(world.key, int(Stream.BOARD), world.state.month, 0, 0)[0]
    if u < -np.expm1(-board.stop_rate * excess):
        plan.stopped_month = world.month
        plan.closed[plan.launched >= 0] = 1
        world.state.ledger.write_off()
        against = f"pressure {world.state.climate.pressure:.2f} against courage {courage:.2f}"
        world.log("programme stopped", "board", f"the board stops the programme: {against}")
