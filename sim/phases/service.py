"""Phase 6, service: contacts, handoffs, recovery, waiting, and what the customer experiences."""

from __future__ import annotations

import math

import numpy as np

from sim.columns import IN_PERSON, TRYING, Silos
from sim.compiled import rule, woven_in
from sim.draws import Stream, draw_words, uniform, uniforms, uniforms_of
from sim.params.strategy import FEEDBACK, PORTFOLIO, TEAMS
from sim.phases.tiles import TILE, find, in_chunks
from sim.state import (  # fmt: skip
    ASKED,
    CLOSED,
    CLOSING_CONTACTS,
    COVERED,
    CUSTOMERS,
    DROPPED,
    FIRST_TIME,
    HANDLED,
    HANDOFFS,
    HANDOFFS_DONE,
    N_CONTACTS,
    NEEDS,
    PRIORITY,
    RECOVERED,
    SERVICE_COST,
    STAFF_WON,
    WON,
    WORK,
)
from sim.sums import ratio_of
from sim.world import World, unless_moved

CONTACT = int(Stream.CONTACT)
CUSTOMER_MONTH = int(Stream.CUSTOMER_MONTH)
MAX_CONTACTS = 4  # in a month, of the draw
PASSED_ON = 100  # first ordinal of the draws for needs that were passed on
OWNED, CALLED_BACK, WAITED, WAITED_FIRST = range(4)  # columns of `unit_inputs`


def advance(world: World) -> None:
    """Handle the month's contacts, then add up what staff and units went through."""
    state, rules = world.state, world.rules
    inputs = unit_inputs(world)
    state.tally.silos[:] = 0.0
    state.tally.staff[:] = 0.0
    state.tally.segments[:] = 0.0
    e, units = state.employees, world.structure.units
    known = strength_of_chain(world)

    def rows(chunk: int, lo: int, hi: int) -> None:
        handle_contacts(
            lo, hi, state.customers, e.shares, e.skill, e.engagement, e.empowerment, e.tacit, units.first, units.front,
            units.service, inputs, known, state.silos.chain[:, 0], rules.engagement.level, rules.market.contact_rate,
            rules.market.complexity,
            world.records.service, world.records.information, world.key, state.month, state.tally.silos[chunk],
            state.tally.staff[chunk],
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


@unless_moved(lambda world: world.state.silos.chain)
def strength_of_chain(world: World) -> np.ndarray:
    """Strength of the chain of customer information in every unit, shape [silo]."""
    return chain_strength(world.state.silos.chain, world.rules.information.weakest)


def chain_strength(chain: np.ndarray, weakest: float) -> np.ndarray:
    """Strength of the chain's links per unit: (mean of l**-w)**(-1/w); the larger w, the more the weakest counts."""
    powers = np.maximum(chain, 1e-3) ** -weakest
    return np.asarray((np.add.reduce(powers, axis=1) / chain.shape[1]) ** (-1 / weakest))


@rule
def poisson_steps(rate):  # type: ignore[no-untyped-def]
    """Chances of no contact, of at most one and so on, shape [MAX_CONTACTS]; more than that are not told apart."""
    steps = np.empty(MAX_CONTACTS)
    p = math.exp(-rate)
    total = p
    for n in range(MAX_CONTACTS):
        steps[n] = total
        p *= rate / (n + 1)
        total += p
    return steps


@rule
def poisson(steps, u):  # type: ignore[no-untyped-def]
    """Poisson quantile of u, capped at `MAX_CONTACTS`."""
    n = 0
    for k in range(MAX_CONTACTS):
        n += u > steps[k]
    return n


@rule
def handle_contacts(  # type: ignore[no-untyped-def]
    lo, hi, c, shares, skill, engagement, empowerment, tacit, first, front, service_units, unit, known, capture, usual,
    rate, complexity, p, info, key, month, tally, staff,
):  # fmt: skip
    """All contacts of customers lo..hi: who has any is found out for some hundred at a time, then they are served.

    What is not needed is not drawn and not looked at.
    """
    p, info = p[0], info[0]
    steps = poisson_steps(rate)
    calls, rows, times = np.empty(TILE, np.int8), np.empty(TILE, np.int64), np.empty(TILE, np.int64)
    words, more = np.empty((4, TILE), np.uint64), np.empty((4, TILE), np.uint64)
    for start in range(lo, hi, TILE):
        stop = min(start + TILE, hi)
        alive, waits, n = c.alive[start:stop], c.open_need[start:stop], stop - start
        draw_words(words, c.slot[start:stop], n, key, CUSTOMER_MONTH, month, 0)
        spread(words[1], c.luck_leaving[start:stop])
        spread(words[2], c.luck_act[start:stop])
        spread(words[3], c.luck_offers[start:stop])
        c.quality[start:stop] = -1.0
        for j in range(n):
            calls[j] = (uniform(words[0, j]) > steps[0]) | (waits[j] == 1)
        for j in range(n):
            calls[j] &= alive[j]
        callers = find(calls[:n], start, rows)
        for k in range(callers):
            i = rows[k]
            times[k] = min(MAX_CONTACTS, poisson(steps, uniform(words[0, i - start])) + c.open_need[i])
        slots = c.slot[rows[:callers]]
        draw_words(words, slots, callers, key, CONTACT, month, 0)
        draw_words(more, slots, callers, key, CONTACT, month, 1)
        serve(
            rows[:callers], times, words, more, c, shares, skill, engagement, empowerment, tacit, first, front,
            service_units, unit, known, capture, usual, complexity, p, info, key, month, tally, staff,
        )  # fmt: skip


@woven_in
def spread(words, column):  # type: ignore[no-untyped-def]
    """Keep one uniform of every row of a tile in single precision."""
    for j in range(column.shape[0]):
        column[j] = uniform(words[j])


@woven_in
def serve(  # type: ignore[no-untyped-def]
    rows, times, words, more, c, shares, skill, engagement, empowerment, tacit, first, front, service_units, unit,
    known, capture, usual, complexity, p, info, key, month, tally, staff,
):  # fmt: skip
    """The contacts of some customers, `times` for each.

    Each contact has two fixed draws (eight uniforms; those of the first are in `words` and `more`): who takes it,
    whether it lands elsewhere, further units needed (twice, the same number picks who helps), two handoffs, handling,
    recovery.
    """
    for k in range(rows.shape[0]):
        i, n = rows[k], times[k]
        home, returning = c.home[i], c.open_need[i] == 1
        knowledge = np.float64(c.knowledge[i])
        usable = knowledge * known[home]
        first_served = c.owner[i] >= 0
        owned = 1.0 if first_served else unit[home, OWNED]
        cost, harder = 1.0, 0.0
        if c.tier[i] != IN_PERSON:
            cost, harder = p.self_service_cost, p.self_service_handling
        felt, pending = 0.0, returning
        for j in range(n):
            if j == 0:
                a, b = uniforms_of(words, k), uniforms_of(more, k)
            else:
                a = uniforms(key, CONTACT, month, c.slot[i], 2 * j)
                b = uniforms(key, CONTACT, month, c.slot[i], 2 * j + 1)
            again = returning and j == 0
            stray = p.other_unit + (p.passed_on * (1 - owned) if again else 0.0)
            s = landing(a[1], home, stray, service_units)
            e = first[s] + min(front[s] - 1, int(a[0] * front[s]))
            asked, failed = ask_around(a, b, s, owned, first, shares, staff, complexity, p)
            if again and s != home:  # nobody here knows the story: the home unit has to be asked
                asked += 1
                luck = uniforms(key, CONTACT, month, c.slot[i], PASSED_ON + j)
                failed += ask_home(luck, home, owned, first, shares, staff, p)
            good = failed == 0 and b[2] < chance_handled(skill[e], engagement[e], harder, p)
            rescue = chance_rescued(skill[e], empowerment[e], shares[e], unit[s, CALLED_BACK], p)
            recovered = not good and c.failures[i] < p.patience and b[3] < rescue
            tries = min(100, c.contacts_open[i] + 1) if again else 1
            if again or not pending:
                c.contacts_open[i] = tries
            staff[e, HANDLED] += 1.0
            tally[s, N_CONTACTS] += 1.0
            tally[s, WORK] += cost
            tally[s, SERVICE_COST] += cost * c.service_cost[i]
            tally[s, HANDOFFS] += asked
            tally[s, HANDOFFS_DONE] += asked - failed
            tally[s, NEEDS] += not again
            if good or recovered:
                staff[e, STAFF_WON] += 1.0
                tally[s, WON] += 1.0
                tally[s, RECOVERED] += recovered
                tally[s, CLOSED] += 1.0
                tally[s, CLOSING_CONTACTS] += tries
                tally[s, FIRST_TIME] += good and not again
                pending = pending and not again
                c.failures[i] = 0
            else:
                pending = c.contacts_open[i] < p.give_up_after  # then the customer gives up
                c.failures[i] = min(100, c.failures[i] + 1)
            waited = unit[s, WAITED_FIRST] if first_served else unit[s, WAITED]
            felt += max(0.0, quality_of(good, recovered, failed, usable, engagement[e] - usual, p) - waited)
            knowledge += info.learning * capture[s] * (1 + info.tacit * tacit[e]) * (1 - knowledge)
        c.open_need[i] = 1 if pending else 0
        c.knowledge[i] = knowledge
        c.quality[i] = felt / n


@woven_in
def landing(u, home, stray, service_units):  # type: ignore[no-untyped-def]
    """Unit where a contact lands: home, or with chance `stray` one of the other units with a front line."""
    n = service_units.shape[0]
    if u >= stray or n < 2:
        return np.int64(home)
    s = service_units[min(n - 2, int(u / stray * (n - 1)))]
    return np.int64(service_units[n - 1] if s == home else s)


@woven_in
def ask_around(a, b, s, owned, first, shares, staff, complexity, p):  # type: ignore[no-untyped-def]
    """Ask up to two other units for help; the helper is picked from a fixed list of slots.

    Returns:
        Helpers asked and handoffs that failed; both are also counted for the helpers in `staff`.
    """
    n_silos = first.shape[0] - 1
    asked, failed = 0, 0
    for k in range(2):
        draw = a[2 + k]
        if draw >= complexity:
            continue
        asked += 1
        where = draw / complexity * (n_silos - 1)
        skip = min(int(where), n_silos - 2)
        h = s + 1 + skip
        h = h - n_silos if h >= n_silos else h
        size = first[h + 1] - first[h]
        helper = first[h] + min(size - 1, int((where - int(where)) * size))
        chance = p.handoff_shared if shares[helper] == 1 else p.handoff_alone + p.handoff_owned * owned
        staff[helper, ASKED] += 1.0
        if b[k] >= chance:
            failed += 1
            staff[helper, DROPPED] += 1.0
    return asked, failed


@woven_in
def ask_home(u, home, owned, first, shares, staff, p):  # type: ignore[no-untyped-def]
    """Ask somebody in the home unit about a need that has been passed on; 1 if that handoff fails, else 0."""
    size = first[home + 1] - first[home]
    helper = first[home] + min(size - 1, int(u[0] * size))
    chance = p.handoff_shared if shares[helper] == 1 else p.handoff_alone + p.handoff_owned * owned
    staff[helper, ASKED] += 1.0
    if u[1] < chance:
        return 0
    staff[helper, DROPPED] += 1.0
    return 1


@woven_in
def chance_handled(skill, engagement, harder, p):  # type: ignore[no-untyped-def]
    """Chance that the employee handles her part: here engagement reaches customers. By web and pool it is harder."""
    z = p.handling + p.handling_skill * (skill - 0.5) + p.handling_engagement * (engagement - 0.5) - harder
    return 1 / (1 + math.exp(-z))


@woven_in
def chance_rescued(skill, empowerment, shares, called_back, p):  # type: ignore[no-untyped-def]
    """Chance that a failure is mended: on the spot by empowered, skilled staff, or by a callback."""
    rescue = p.recovery * empowerment * (1 - p.recovery_skill + p.recovery_skill * skill)
    return rescue + (1 - rescue) * p.callback * called_back * (p.callback_alone + (1 - p.callback_alone) * shares)


@woven_in
def quality_of(good, recovered, failed, usable, keen, p):  # type: ignore[no-untyped-def]
    """What the customer experiences before waiting is taken off, 0-1.

    Besides what was done it counts how: `keen` is the employee's engagement above the usual one.
    """
    if good:
        quality = p.quality_base + p.quality_usable * min(1.0, usable / p.usable_enough)
    elif recovered:
        quality = p.quality_recovered
    else:
        quality = p.quality_failed - p.quality_handoff * failed
    return min(1.0, quality + p.quality_engagement * keen)


def settle(world: World) -> None:
    """Add up what staff and units went through.

    Contacts wait when the unit cannot keep up: trying and learning new work take capacity.
    """
    state, rules, mix = world.state, world.rules, world.scenario.incentives.mix
    e, silos, tally = state.employees, state.silos, state.tally
    effort = rules.service.own_effort * world.scenario.incentives.variable_share
    settle_month(
        tuple(silos), tally.silos, tally.staff, (e.silo, e.learning, e.handled, e.won, e.asked, e.dropped),
        effort_of_trying(world), state.climate.pay, effort, mix.individual, world.structure.units.front,
        world.month < 0, world.records.service,
    )  # fmt: skip


@unless_moved(lambda world: world.state.employees.adoption)
def effort_of_trying(world: World) -> np.ndarray:
    """Effort of what each employee is trying, shape [employee]."""
    return np.asarray((world.state.employees.adoption == TRYING).dot(world.structure.initiatives.effort))


@rule
def settle_month(  # type: ignore[no-untyped-def]
    silos, tallies, counts, staff, trying, pay, effort, usual_pay, front, before, p
):
    """What `settle` does; `counts` are those of staff, `staff` the columns that it reads and writes."""
    silos, (silo, learning, handled, won, asked, dropped) = Silos(*silos), staff
    settle_staff(counts, handled, won, asked, dropped)
    settle_units(silos, tallies, silo, learning, asked, dropped, trying, pay, effort, usual_pay, front, before, p)


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
    silos, tallies, silo, learning, asked, dropped, trying, pay, effort, usual_pay, front, before, p
):
    """Success, failed handoffs, demand and backlog of every unit; nothing waits before month 0 (`before`).

    Individual pay buys effort: `effort` per unit of it, relative to the unchanged organisation with `usual_pay`.
    """
    p = p[0]
    n_silos = front.shape[0]
    busy, requests, failed = np.zeros(n_silos), np.zeros(n_silos), np.zeros(n_silos)
    for e in range(silo.shape[0]):
        busy[silo[e]] += p.learning_strain * learning[e] + p.improvement_time * trying[e]
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
