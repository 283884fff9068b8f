"""Phase 6, service: contacts, handoffs, recovery, waiting, and what the customer experiences."""

from __future__ import annotations

import numpy as np

from sim.columns import TRYING, Silos
from sim.compiled import rule, woven_in
from sim.params.strategy import FEEDBACK, PORTFOLIO, TEAMS
from sim.phases.contacts import CALLED_BACK, OWNED, WAITED, WAITED_FIRST, handle_contacts
from sim.phases.tiles import in_chunks
from sim.state import (  # fmt: skip
    ASKED,
    COVERED,
    CUSTOMERS,
    DROPPED,
    HANDLED,
    N_CONTACTS,
    PRIORITY,
    STAFF_WON,
    WON,
    WORK,
)
from sim.sums import ratio_of
from sim.world import World


def advance(world: World) -> None:
    """Handle the month's contacts, then add up what staff and units went through."""
    state, rules = world.state, world.rules
    inputs = unit_inputs(world)
    state.tally.silos[:] = 0.0
    state.tally.staff[:] = 0.0
    state.tally.segments[:] = 0.0
    e, units = state.employees, world.structure.units
    people = (e.shares, e.skill, e.engagement, e.empowerment, e.tacit)
    places = (units.first, units.front, units.service, inputs, state.silos.chain)

    def rows(chunk: int, lo: int, hi: int) -> None:
        handle_contacts(
            lo, hi, tuple(state.customers), people, places, rules.engagement.level, rules.market.contact_rate,
            rules.market.complexity, world.records.service, world.records.information, world.key, state.month,
            state.tally.silos[chunk], state.tally.staff[chunk],
        )  # fmt: skip

    in_chunks(world, rows)
    settle(world)


def unit_inputs(world: World) -> np.ndarray:
    """Per unit: ownership of problems, callback after failure, waiting, waiting of owned customers; shape [silo, 4]."""
    state, p = world.state, world.rules.service
    found = np.empty((len(state.silos.size), 4))
    wait_and_own(
        found, state.climate.design, state.climate.governance, state.silos.backlog, state.tally.silos, p.waiting,
        p.waiting_most, p.team_ownership,
    )  # fmt: skip
    return found


@rule
def wait_and_own(found, design, governance, backlog, tallies, slope, most, by_teams):  # type: ignore[no-untyped-def]
    """Write the columns of `unit_inputs`. Where owned customers go first, the others in the unit's queue wait longer
    by as much as these are spared; the share of owned customers is last month's, that of all where a unit has none.
    """
    usual = ratio_of(tallies, COVERED, CUSTOMERS)
    for s in range(design.shape[0]):
        customers, covered = 0.0, 0.0
        for chunk in range(tallies.shape[0]):
            customers += tallies[chunk, s, CUSTOMERS]
            covered += tallies[chunk, s, COVERED]
        first = covered / max(customers, 1.0) if customers > 0 else usual
        waiting, spared = slope * min(backlog[s], most), governance[s, PRIORITY]
        found[s, OWNED] = 1 - (1 - design[s, PORTFOLIO]) * (1 - by_teams * design[s, TEAMS])
        found[s, CALLED_BACK] = design[s, FEEDBACK]
        found[s, WAITED] = waiting * (1 + spared * first)
        found[s, WAITED_FIRST] = waiting * (1 - spared * (1 - first))


def settle(world: World) -> None:
    """Add up what staff and units went through.

    Contacts wait when the unit cannot keep up: trying and learning new work take capacity.
    """
    state, rules, mix = world.state, world.rules, world.scenario.incentives.mix
    e, silos, tally = state.employees, state.silos, state.tally
    effort = rules.service.own_effort * world.scenario.incentives.variable_share
    settle_month(
        tuple(silos), tally.silos, tally.staff, (e.silo, e.learning, e.adoption, e.handled, e.won, e.asked, e.dropped),
        world.structure.initiatives.effort, state.climate.pay, effort, mix.individual, world.structure.units.front,
        world.month < 0, world.records.service,
    )  # fmt: skip


@rule
def settle_month(  # type: ignore[no-untyped-def]
    silos, tallies, counts, staff, efforts, pay, effort, usual_pay, front, before, p
):
    """What `settle` does; `counts` are those of staff, `staff` the columns that it reads and writes, `efforts` those of
    initiatives.
    """
    silos, (silo, learning, adoption, handled, won, asked, dropped) = Silos(*silos), staff
    settle_staff(counts, handled, won, asked, dropped)
    busy = np.zeros(front.shape[0])
    for e in range(silo.shape[0]):
        trying = effort_of_trying(adoption[e], efforts)
        busy[silo[e]] += p[0].learning_strain * learning[e] + p[0].improvement_time * trying
    settle_units(silos, tallies, silo, asked, dropped, busy, pay, effort, usual_pay, front, before, p)


@woven_in
def effort_of_trying(adoption, efforts):  # type: ignore[no-untyped-def]
    """Effort of all that an employee is trying."""
    found = 0.0
    for i in range(efforts.shape[0]):
        found += efforts[i] if adoption[i] == TRYING else 0.0
    return found


@woven_in
def settle_staff(staff, handled, won, asked, dropped):  # type: ignore[no-untyped-def]
    """Add the chunks up in fixed order."""
    for e in range(staff.shape[1]):
        handled[e], won[e], asked[e], dropped[e] = 0.0, 0.0, 0.0, 0.0
        for chunk in range(staff.shape[0]):
            handled[e] += staff[chunk, e, HANDLED]
            won[e] += staff[chunk, e, STAFF_WON]
            asked[e] += staff[chunk, e, ASKED]
            dropped[e] += staff[chunk, e, DROPPED]


@woven_in
def settle_units(  # type: ignore[no-untyped-def]
    silos, tallies, silo, asked, dropped, busy, pay, effort, usual_pay, front, before, p
):
    """Success, failed handoffs, demand and backlog of every unit; nothing waits before month 0 (`before`).

    `busy` is what new work takes of staff. Individual pay buys effort: `effort` per unit of it, relative to the
    unchanged organisation with `usual_pay`.
    """
    p = p[0]
    n_silos = front.shape[0]
    requests, failed = np.zeros(n_silos), np.zeros(n_silos)
    for e in range(silo.shape[0]):
        requests[silo[e]] += asked[e]
        failed[silo[e]] += dropped[e]
    for s in range(n_silos):
        contacts, work, won = 0.0, 0.0, 0.0
        for chunk in range(tallies.shape[0]):
            contacts += tallies[chunk, s, N_CONTACTS]
            work += tallies[chunk, s, WORK]
            won += tallies[chunk, s, WON]
        strain = min(busy[s] / silos.size[s], p.strain_most)
        individual = (1 + effort * pay[s, 0]) / (1 + effort * usual_pay)
        capacity = silos.capacity[s] * (1 - strain) * individual
        waiting = 0.0 if before else silos.backlog[s] * capacity + work - capacity
        waiting = min(max(waiting / max(capacity, 1e-9), 0.0), p.backlog_most)
        silos.backlog[s] = waiting if front[s] > 0 else 0.0
        silos.demand[s] = work
        silos.success[s] = won / max(contacts, 1.0) if contacts > 0 else silos.normal_success[s]
        silos.fails[s] = failed[s] / max(requests[s], 1.0) if requests[s] > 0 else silos.normal_fails[s]
        silos.result[s] = silos.success[s] - silos.normal_success[s]
