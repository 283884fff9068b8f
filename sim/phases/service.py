"""Phase 6, service: contacts, handoffs, recovery, waiting, and what the customer experiences."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.columns import TRYING
from sim.compiled import rule
from sim.draws import Stream, uniforms
from sim.params.strategy import FEEDBACK, PORTFOLIO, TEAMS
from sim.state import (
    CHUNK,
    CLOSED,
    CLOSING_CONTACTS,
    FIRST_TIME,
    HANDOFFS,
    HANDOFFS_DONE,
    N_CONTACTS,
    NEEDS,
    RECOVERED,
    SERVICE_COST,
    WON,
)  # fmt: skip
from sim.world import World

CONTACT = int(Stream.CONTACT)
CUSTOMER_MONTH = int(Stream.CUSTOMER_MONTH)
MAX_CONTACTS = 4


def in_chunks(world: World, rows: Callable[[int, int, int], None]) -> None:
    """Call rows(chunk, first row, last row + 1) for every chunk of customers; chunks never depend on threads."""
    n = len(world.state.customers.alive)
    jobs = [(k, lo, min(n, lo + CHUNK)) for k, lo in enumerate(range(0, n, CHUNK))]
    if world.threads > 1 and len(jobs) > 1:
        with ThreadPoolExecutor(world.threads) as pool:
            list(pool.map(lambda job: rows(*job), jobs))
    else:
        for job in jobs:
            rows(*job)


def advance(world: World) -> None:
    """Handle the month's contacts, then add up what staff and units went through."""
    state, rules = world.state, world.rules
    state.tally.silos[:] = 0.0
    state.tally.staff[:] = 0.0
    inputs = unit_inputs(world)
    e, units = state.employees, world.structure.units
    known = chain_strength(state.silos.chain)

    def rows(chunk: int, lo: int, hi: int) -> None:
        handle_contacts(
            lo, hi, state.customers, e.shares, e.skill, e.engagement, e.empowerment, e.tacit, units.first, units.front,
            units.service, inputs, known, state.silos.chain[:, 0], rules.market.contact_rate, rules.market.complexity,
            world.records.service, world.records.information, world.key, state.month, state.tally.silos[chunk],
            state.tally.staff[chunk],
        )  # fmt: skip

    in_chunks(world, rows)
    settle_staff(world)
    settle_backlog(world)


def unit_inputs(world: World) -> np.ndarray:
    """Per unit: ownership of problems, callback after failure, waiting; shape [silo, 3]."""
    design, silos = world.state.climate.design, world.state.silos
    owned = 1 - (1 - design[:, PORTFOLIO]) * (1 - 0.5 * design[:, TEAMS])
    waiting = world.rules.service.waiting * np.minimum(silos.backlog, 2.0)
    return np.stack([owned, design[:, FEEDBACK], waiting], axis=1)


def chain_strength(chain: np.ndarray) -> np.ndarray:
    """Strength of the five-link chain per unit: (mean of l**-4)**(-1/4), dominated by the weakest link."""
    return np.mean(np.maximum(chain, 1e-3) ** -4.0, axis=1) ** -0.25


@rule
def poisson(rate, u):  # type: ignore[no-untyped-def]
    """Poisson quantile of u, capped at `MAX_CONTACTS`."""
    p = math.exp(-rate)
    total = p
    n = 0
    while u > total and n < MAX_CONTACTS:
        n += 1
        p *= rate / n
        total += p
    return n


@rule
def handle_contacts(  # type: ignore[no-untyped-def]
    lo, hi, c, shares, skill, engagement, empowerment, tacit, first, front, service_units, unit, known, capture, rate,
    complexity, p, info, key, month, tally, staff,
):  # fmt: skip
    """All contacts of customers lo..hi.

    Each contact has two fixed draws (eight uniforms): who takes it, whether it lands elsewhere, further units needed,
    who helps, two handoffs, handling, recovery. Both handoffs and recovery are drawn whether they are needed or not.
    """
    n_silos = first.shape[0] - 1
    n_service = service_units.shape[0]
    silent = math.exp(-rate)
    for i in range(lo, hi):
        c.quality[i] = -1.0
        if c.alive[i] == 0:
            continue
        luck, c.luck[i, 0], c.luck[i, 1], c.luck[i, 2] = uniforms(key, CUSTOMER_MONTH, month, i, 0)
        returning = c.open_need[i] == 1
        if luck <= silent and not returning:
            continue
        n = poisson(rate, luck)
        if returning:
            n = min(MAX_CONTACTS, n + 1)
        if n == 0:
            continue
        home = c.home[i]
        known_here = np.float64(c.knowledge[i])
        usable = known_here * known[home]
        felt = 0.0
        pending = returning
        for j in range(n):
            a = uniforms(key, CONTACT, month, i, 2 * j)
            b = uniforms(key, CONTACT, month, i, 2 * j + 1)
            again = returning and j == 0
            owned = unit[home, 0]
            if c.owner[i] >= 0:
                owned = 1.0
            s = home
            stray = p.other_unit
            if again:
                stray = stray + p.passed_on * (1 - owned)
            if a[1] < stray and n_service > 1:
                s = service_units[min(n_service - 2, int(a[1] / stray * (n_service - 1)))]
                s = service_units[n_service - 1] if s == home else s
            e = first[s] + min(front[s] - 1, int(a[0] * front[s]))
            failed = 0
            steps = 0
            for k in range(2):
                draw = a[2 + k]
                if draw >= complexity:
                    continue
                steps += 1
                where = draw / complexity * (n_silos - 1)
                h = int(where)
                h = s + 1 + min(h, n_silos - 2)
                h = h - n_silos if h >= n_silos else h
                size = first[h + 1] - first[h]
                helper = first[h] + min(size - 1, int((where - int(where)) * size))
                chance = p.handoff_shared if shares[helper] == 1 else p.handoff_alone + p.handoff_owned * owned
                staff[helper, 2] += 1.0
                if b[k] >= chance:
                    failed += 1
                    staff[helper, 3] += 1.0
            z = p.handling + p.handling_skill * (skill[e] - 0.5) + p.handling_engagement * (engagement[e] - 0.5)
            handled = b[2] < 1 / (1 + math.exp(-z))
            good = handled and failed == 0
            recovered = False
            if not good and c.failures[i] < 2:
                rescue = p.recovery * empowerment[e] * (0.5 + 0.5 * skill[e])
                rescue += (
                    (1 - rescue) * p.callback * unit[s, 1] * (p.callback_alone + (1 - p.callback_alone) * shares[e])
                )
                recovered = b[3] < rescue
            staff[e, 0] += 1.0
            tally[s, N_CONTACTS] += 1.0
            tally[s, SERVICE_COST] += c.service_cost[i]
            tally[s, HANDOFFS] += steps
            tally[s, HANDOFFS_DONE] += steps - failed
            if not again:
                tally[s, NEEDS] += 1.0
            tries = min(100, c.contacts_open[i] + 1) if again else 1
            if again or not pending:
                c.contacts_open[i] = tries
            if good or recovered:
                staff[e, 1] += 1.0
                tally[s, WON] += 1.0
                tally[s, RECOVERED] += 1.0 if recovered else 0.0
                tally[s, CLOSED] += 1.0
                tally[s, CLOSING_CONTACTS] += tries
                if not again and good:
                    tally[s, FIRST_TIME] += 1.0
                pending = pending and not again
                c.failures[i] = 0
                quality = p.quality_recovered
                if good:
                    quality = p.quality_base + p.quality_usable * min(1.0, 2 * usable)
            else:
                pending = c.contacts_open[i] < MAX_CONTACTS  # then the customer gives up
                c.failures[i] = min(100, c.failures[i] + 1)
                quality = p.quality_failed - p.quality_handoff * failed
            felt += max(0.0, quality - unit[s, 2])
            gain = info.learning * capture[s] * (1 + info.tacit * tacit[e])
            known_here += gain * (1 - known_here)
        c.open_need[i] = 1 if pending else 0
        c.knowledge[i] = known_here
        c.quality[i] = felt / n


def settle_staff(world: World) -> None:
    """Add the chunks up in fixed order."""
    state = world.state
    e, staff = state.employees, state.tally.staff.sum(axis=0)
    e.handled[:], e.won[:], e.asked[:], e.dropped[:] = staff.T


def settle_backlog(world: World) -> None:
    """Contacts wait when the unit cannot keep up: trying and learning new work take capacity."""
    state, p = world.state, world.rules.service
    silos, e = state.silos, state.employees
    contacts = state.tally.silos[:, :, N_CONTACTS].sum(axis=0)
    units = world.structure.units
    n_silos = len(silos.size)
    trying = (e.adoption == TRYING) @ world.structure.initiatives.effort
    busy = p.learning_strain * e.learning + p.improvement_time * trying
    strain = np.minimum(np.bincount(e.silo, weights=busy, minlength=n_silos) / silos.size, 0.9)
    individual = own_effort(world)
    capacity = silos.capacity * (1 - strain) * individual
    waiting = silos.backlog * capacity + contacts - capacity if world.month >= 0 else np.zeros(n_silos)
    silos.backlog[:] = np.where(units.front > 0, np.clip(waiting / np.maximum(capacity, 1e-9), 0, 3), 0.0)
    silos.demand[:] = contacts
    won = state.tally.silos[:, :, WON].sum(axis=0)
    silos.success[:] = np.where(contacts > 0, won / np.maximum(contacts, 1), silos.normal_success)
    asked = np.bincount(e.silo, weights=e.asked, minlength=n_silos)
    dropped = np.bincount(e.silo, weights=e.dropped, minlength=n_silos)
    silos.fails[:] = np.where(asked > 0, dropped / np.maximum(asked, 1), silos.normal_fails)
    silos.result[:] = silos.success - silos.normal_success


def own_effort(world: World) -> np.ndarray:
    """Effort that individual pay buys, relative to the unchanged organisation, shape [silo]."""
    effort = world.rules.service.own_effort * world.scenario.incentives.variable_share
    usual = 1 + effort * world.scenario.incentives.mix.individual
    return (1 + effort * world.state.climate.pay[:, 0]) / usual
