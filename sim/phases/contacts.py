"""What happens in the month's contacts: who takes them, who has to be asked, how they end, what the customer feels.

Contacts are handled for some hundred at a time, in short loops of one step each without a branch that depends on luck:
processors guess such branches wrong, which takes longer than the rest of a contact.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.columns import F64, I8, I32, IN_PERSON
from sim.compiled import rule, woven_in
from sim.draws import Stream, draw_words, uniform
from sim.exponential import exp
from sim.phases.tiles import U32, U64, find
from sim.state import (  # fmt: skip
    ASKED,
    CLOSING_CONTACTS,
    DROPPED,
    FIRST_TIME,
    HANDLED,
    HANDOFFS,
    HANDOFFS_DONE,
    N_CONTACTS,
    NEEDS,
    RECOVERED,
    SERVICE_COST,
    STAFF_WON,
    WON,
    WORK,
)

CONTACT = int(Stream.CONTACT)
CUSTOMER_MONTH = int(Stream.CUSTOMER_MONTH)
MAX_CONTACTS = 4  # in a month, of the draw
ROWS = 2048  # of customers whose callers are handled together
PASSED_ON = 100  # ordinal of the draws for needs that were passed on
OWNED, CALLED_BACK, WAITED, WAITED_FIRST = range(4)  # columns of `Units.levels`; the last for customers with an owner
LEAST = 1e-300  # keeps a chance of 0 from dividing


class People(NamedTuple):
    """What contacts ask of employees, one place for each."""

    shares: I8
    skill: F64
    engagement: F64
    empowerment: F64
    tacit: F64


class Units(NamedTuple):
    """What contacts ask of units, one place or row for each."""

    first: I32  # row of the first employee; one place more
    front: I32  # how many staff its front line
    service: I32  # the units that have one
    levels: F64  # [unit, 4]: ownership of problems, callback after failure, waiting, waiting of owned customers
    known: F64  # strength of the chain: share of what is known that can be used
    capture: F64  # share of contacts from which something is learnt


class Callers(NamedTuple):
    """Some customers with contacts this month; one place for each, shape [ROWS]."""

    row: U32
    slot: U32
    home: U32
    times: I32  # contacts this month
    expense: F64  # cost to serve relative to the mean
    cost: F64  # of a contact by this customer's channel, relative
    harder: F64  # what this channel makes it harder, logit
    owner: I32  # 1 with an owner
    owned: F64  # ownership of the customer's problems, 0-1
    usable: F64  # relationship knowledge that can be used
    knowledge: F64
    felt: F64  # sum of experiences
    pending: I32  # 1 while a need is open
    spent: I32  # contacts spent on it
    failures: I32  # in a row


class Contacts(NamedTuple):
    """Contacts that are handled together, one of each caller; one place for each, shape [ROWS]."""

    caller: U32  # place among the callers
    slot: U32
    words: U64  # [4, ROWS]: who takes it, whether it lands elsewhere, further units needed (and who helps there)
    more: U64  # [4, ROWS]: two handoffs, handling, recovery
    again: I32  # 1 if an earlier need returns
    stray: F64  # chance that it lands elsewhere
    unit: U32
    employee: U32
    asked: I32  # helpers in other units
    failed: I32  # handoffs among them
    some: U32  # places of a part of the contacts
    luck: U64  # [4, ROWS]: words of this part
    skill: F64  # of the employee; likewise:
    engagement: F64
    empowerment: F64
    shares: F64
    tacit: F64
    back: F64  # callback after failure in the unit
    handled: F64  # chance that the employee handles her part
    rescue: F64  # chance that a failure is mended
    good: I32  # 1 if resolved at once
    recovered: I32  # 1 if a failure was mended
    tries: I32  # contacts spent on the need with this one
    quality: F64  # experience


@rule
def handle_contacts(  # type: ignore[no-untyped-def]
    lo, hi, c, people, units, usual, rate, complexity, p, info, key, month, tally, staff
):
    """All contacts of customers lo..hi; what is not needed is not drawn and not looked at.

    Each contact has two fixed draws of four uniforms, see `Contacts`. A returning need that lands outside the home unit
    has one more.
    """
    p, info = p[0], info[0]
    steps, x, y = poisson_steps(rate), room_for_callers(), room_for_contacts()
    chosen = np.empty(ROWS, np.int8)
    for start in range(lo, hi, ROWS):
        stop = min(start + ROWS, hi)
        n = who_calls(start, stop, c, steps, key, month, y.words, chosen, x)
        bring(n, c, units, p, x)
        for turn in range(MAX_CONTACTS):
            m = those_left(n, turn, x, y)
            if m == 0:
                break
            draw_words(y.words, y.slot, m, key, CONTACT, month, 2 * turn)
            draw_words(y.more, y.slot, m, key, CONTACT, month, 2 * turn + 1)
            land(m, turn, x, y, units, p)
            ask_around(m, 0, x, y, units, people, complexity, p, staff)
            ask_around(m, 1, x, y, units, people, complexity, p, staff)
            if turn == 0:
                ask_home(m, x, y, units, people, p, key, month, staff)
            meet(m, x, y, units, people)
            judge(m, x, y, p)
            settle_needs(m, x, y, p)
            feel_and_tell(m, x, y, units, usual, p, info)
            count(m, x, y, tally, staff)
        take_along(n, c, x)


@woven_in
def room_for_callers():  # type: ignore[no-untyped-def]
    """Empty `Callers`."""
    return Callers(
        np.empty(ROWS, np.uint32), np.empty(ROWS, np.uint32), np.empty(ROWS, np.uint32), np.empty(ROWS, np.int32),
        np.empty(ROWS), np.empty(ROWS), np.empty(ROWS), np.empty(ROWS, np.int32), np.empty(ROWS), np.empty(ROWS),
        np.empty(ROWS), np.empty(ROWS), np.empty(ROWS, np.int32), np.empty(ROWS, np.int32), np.empty(ROWS, np.int32),
    )  # fmt: skip


@woven_in
def room_for_contacts():  # type: ignore[no-untyped-def]
    """Empty `Contacts`."""
    return Contacts(
        np.empty(ROWS, np.uint32), np.empty(ROWS, np.uint32), np.empty((4, ROWS), np.uint64), np.empty((4, ROWS),
        np.uint64), np.empty(ROWS, np.int32), np.empty(ROWS), np.empty(ROWS, np.uint32), np.empty(ROWS, np.uint32),
        np.empty(ROWS, np.int32), np.empty(ROWS, np.int32), np.empty(ROWS, np.uint32), np.empty((4, ROWS),
        np.uint64), np.empty(ROWS), np.empty(ROWS), np.empty(ROWS), np.empty(ROWS), np.empty(ROWS), np.empty(ROWS),
        np.empty(ROWS), np.empty(ROWS), np.empty(ROWS, np.int32), np.empty(ROWS, np.int32), np.empty(ROWS,
        np.int32), np.empty(ROWS),
    )  # fmt: skip


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


@woven_in
def who_calls(start, stop, c, steps, key, month, words, chosen, x):  # type: ignore[no-untyped-def]
    """Who of a tile has contacts, and how many; the other words of the month's draw are kept for later phases.

    Returns:
        Number of callers.
    """
    alive, waits, n = c.alive[start:stop], c.open_need[start:stop], stop - start
    draw_words(words, c.slot[start:stop], n, key, CUSTOMER_MONTH, month, 0)
    spread(words[1], c.luck_leaving[start:stop])
    spread(words[2], c.luck_act[start:stop])
    spread(words[3], c.luck_offers[start:stop])
    c.quality[start:stop] = -1.0
    for j in range(n):
        chosen[j] = (uniform(words[0, j]) > steps[0]) | (waits[j] == 1)
    for j in range(n):
        chosen[j] &= alive[j]
    callers = find(chosen[:n], start, x.row)
    for k in range(callers):
        i = x.row[k]
        x.times[k] = min(MAX_CONTACTS, poisson(steps, uniform(words[0, i - start])) + c.open_need[i])
    return callers


@woven_in
def spread(words, column):  # type: ignore[no-untyped-def]
    """Keep one uniform of every row of a tile in single precision."""
    for j in range(column.shape[0]):
        column[j] = uniform(words[j])


@woven_in
def bring(n, c, units, p, x):  # type: ignore[no-untyped-def]
    """What callers bring along."""
    for k in range(n):
        i = x.row[k]
        x.slot[k], x.home[k], x.expense[k], x.knowledge[k] = c.slot[i], c.home[i], c.service_cost[i], c.knowledge[i]
        x.pending[k], x.spent[k], x.failures[k] = c.open_need[i], c.contacts_open[i], c.failures[i]
        in_person = c.tier[i] == IN_PERSON
        x.cost[k] = 1.0 if in_person else p.self_service_cost
        x.harder[k] = 0.0 if in_person else p.self_service_handling
        x.owner[k] = c.owner[i] >= 0
    for k in range(n):
        home = x.home[k]
        by_unit = units.levels[home, OWNED]
        x.owned[k] = 1.0 if x.owner[k] == 1 else by_unit
        x.usable[k] = x.knowledge[k] * units.known[home]
        x.felt[k] = 0.0


@woven_in
def those_left(n, turn, x, y):  # type: ignore[no-untyped-def]
    """Callers with more than `turn` contacts; how many there are."""
    m = 0
    for k in range(n):
        y.caller[m] = k
        m += x.times[k] > turn
    for q in range(m):
        y.slot[q] = x.slot[y.caller[q]]
    return m


@woven_in
def land(m, turn, x, y, units, p):  # type: ignore[no-untyped-def]
    """Where contacts land and who takes them: home, or with a chance one of the other units with a front line.

    A need that was passed on lands elsewhere more often.
    """
    for q in range(m):
        k = y.caller[q]
        y.again[q] = x.pending[k] if turn == 0 else 0
        y.stray[q] = p.other_unit + y.again[q] * (p.passed_on * (1 - x.owned[k]))
        y.unit[q] = x.home[k]
    land_elsewhere(m, y, units.service)
    for q in range(m):
        s = y.unit[q]
        staff = units.front[s]
        y.employee[q] = units.first[s] + min(staff - 1, int(uniform(y.words[0, q]) * staff))
        y.asked[q], y.failed[q] = 0, 0


@woven_in
def land_elsewhere(m, y, service_units):  # type: ignore[no-untyped-def]
    """Some contacts land with another unit that has a front line; all of these are equally likely."""
    n = service_units.shape[0]
    if n < 2:
        return
    last = service_units[n - 1]
    for q in range(m):
        u = uniform(y.words[1, q])
        y.some[q] = int(min(n - 2.0, u / max(y.stray[q], LEAST) * (n - 1)))
    for q in range(m):
        home, s = y.unit[q], service_units[y.some[q]]
        other = last if s == home else s
        y.unit[q] = other if uniform(y.words[1, q]) < y.stray[q] else home


@woven_in
def ask_around(m, which, x, y, units, people, complexity, p, staff):  # type: ignore[no-untyped-def]
    """The first or second other unit that is needed: somebody there is asked, picked from a fixed list of slots."""
    n_silos, some = units.first.shape[0] - 1, 0
    for q in range(m):
        y.some[some] = q
        some += uniform(y.words[2 + which, q]) < complexity
    for w in range(some):
        q = y.some[w]
        where = uniform(y.words[2 + which, q]) / complexity * (n_silos - 1)
        skip = min(int(where), n_silos - 2)
        h = np.int64(y.unit[q]) + 1 + skip
        h = h - n_silos if h >= n_silos else h
        size = units.first[h + 1] - units.first[h]
        helper = units.first[h] + min(size - 1, int((where - int(where)) * size))
        ask(q, helper, uniform(y.more[which, q]), x, y, people, p, staff)


@woven_in
def ask_home(m, x, y, units, people, p, key, month, staff):  # type: ignore[no-untyped-def]
    """Returning needs that landed elsewhere: nobody there knows the story, so the home unit has to be asked."""
    some = 0
    for q in range(m):
        y.some[some] = q
        some += (y.again[q] == 1) & (y.unit[q] != x.home[y.caller[q]])
    for w in range(some):
        y.slot[w] = x.slot[y.caller[y.some[w]]]
    draw_words(y.luck, y.slot, some, key, CONTACT, month, PASSED_ON)
    for w in range(some):
        q = y.some[w]
        home = x.home[y.caller[q]]
        size = units.first[home + 1] - units.first[home]
        helper = units.first[home] + min(size - 1, int(uniform(y.luck[0, w]) * size))
        ask(q, helper, uniform(y.luck[1, w]), x, y, people, p, staff)


@woven_in
def ask(q, helper, u, x, y, people, p, staff):  # type: ignore[no-untyped-def]
    """Ask an employee of another unit for help with a contact: one who shares hardly ever drops it."""
    alone = p.handoff_alone + p.handoff_owned * x.owned[y.caller[q]]
    failed = u >= (p.handoff_shared if people.shares[helper] == 1 else alone)
    staff[helper, ASKED] += 1.0
    staff[helper, DROPPED] += failed
    y.asked[q] += 1
    y.failed[q] += failed


@woven_in
def meet(m, x, y, units, people):  # type: ignore[no-untyped-def]
    """What the employees bring along."""
    for q in range(m):
        e = y.employee[q]
        y.skill[q], y.engagement[q], y.tacit[q] = people.skill[e], people.engagement[e], people.tacit[e]
        y.empowerment[q], y.shares[q] = people.empowerment[e], people.shares[e]
    for q in range(m):
        y.back[q] = units.levels[y.unit[q], CALLED_BACK]
        y.handled[q] = x.harder[y.caller[q]]


@woven_in
def judge(m, x, y, p):  # type: ignore[no-untyped-def]
    """Which contacts are resolved at once, and which of the failures are mended while the customer is patient."""
    for q in range(m):
        y.handled[q] = chance_handled(y.skill[q], y.engagement[q], y.handled[q], p)
    for q in range(m):
        y.rescue[q] = chance_rescued(y.skill[q], y.empowerment[q], y.shares[q], y.back[q], p)
    for q in range(m):
        y.good[q] = (y.failed[q] == 0) & (uniform(y.more[2, q]) < y.handled[q])
    for q in range(m):
        mended = (y.good[q] == 0) & (uniform(y.more[3, q]) < y.rescue[q])
        y.recovered[q] = mended & (x.failures[y.caller[q]] < p.patience)


@woven_in
def chance_handled(skill, engagement, harder, p):  # type: ignore[no-untyped-def]
    """Chance that the employee handles her part: here engagement reaches customers. By web and pool it is harder."""
    z = p.handling + p.handling_skill * (skill - 0.5) + p.handling_engagement * (engagement - 0.5) - harder
    return 1 / (1 + exp(-z))


@woven_in
def chance_rescued(skill, empowerment, shares, called_back, p):  # type: ignore[no-untyped-def]
    """Chance that a failure is mended: on the spot by empowered, skilled staff, or by a callback."""
    rescue = p.recovery * empowerment * (1 - p.recovery_skill + p.recovery_skill * skill)
    return rescue + (1 - rescue) * p.callback * called_back * (p.callback_alone + (1 - p.callback_alone) * shares)


@woven_in
def settle_needs(m, x, y, p):  # type: ignore[no-untyped-def]
    """Which needs stay open: those not won, until the customer gives up; a need that was won is closed.

    A need that is open already, and is not the one that returned, is what the contacts spent belong to.
    """
    for q in range(m):
        k, again = y.caller[q], y.again[q]
        won, pending, spent, failures = y.good[q] | y.recovered[q], x.pending[k], x.spent[k], x.failures[k]
        more = min(100, spent + 1)
        y.tries[q] = more if again == 1 else 1
        spent = y.tries[q] if (again == 1) | (pending == 0) else spent
        x.spent[k] = spent
        x.failures[k] = (1 - won) * min(100, failures + 1)
        x.pending[k] = won * (1 - again) * pending + (1 - won) * (spent < p.give_up_after)


@woven_in
def feel_and_tell(m, x, y, units, usual, p, info):  # type: ignore[no-untyped-def]
    """What customers experience, and what is learnt from them."""
    for q in range(m):
        y.quality[q] = x.usable[y.caller[q]]
    for q in range(m):
        keen = y.engagement[q] - usual
        y.quality[q] = quality_of(y.good[q], y.recovered[q], y.failed[q], y.quality[q], keen, p)
    for q in range(m):
        k, s = y.caller[q], y.unit[q]
        waited = units.levels[s, WAITED + x.owner[k]]
        x.felt[k] += max(0.0, y.quality[q] - waited)
        told = info.learning * units.capture[s] * (1 + info.tacit * y.tacit[q])
        x.knowledge[k] += told * (1 - x.knowledge[k])


@woven_in
def quality_of(good, recovered, failed, usable, keen, p):  # type: ignore[no-untyped-def]
    """What the customer experiences before waiting is taken off, 0-1.

    Besides what was done it counts how: `keen` is the employee's engagement above the usual one.
    """
    done = p.quality_base + p.quality_usable * min(1.0, usable / p.usable_enough)
    missed = p.quality_recovered if recovered == 1 else p.quality_failed - p.quality_handoff * failed
    return min(1.0, (done if good == 1 else missed) + p.quality_engagement * keen)


@woven_in
def count(m, x, y, tally, staff):  # type: ignore[no-untyped-def]
    """Add contacts to the tallies of units and employees."""
    for q in range(m):
        k, s, e = y.caller[q], y.unit[q], y.employee[q]
        good, recovered, again = y.good[q], y.recovered[q], y.again[q]
        won = good | recovered
        staff[e, HANDLED] += 1.0
        staff[e, STAFF_WON] += won
        tally[s, N_CONTACTS] += 1.0
        tally[s, WORK] += x.cost[k]
        tally[s, SERVICE_COST] += x.cost[k] * x.expense[k]
        tally[s, HANDOFFS] += y.asked[q]
        tally[s, HANDOFFS_DONE] += y.asked[q] - y.failed[q]
        tally[s, NEEDS] += 1 - again
        tally[s, WON] += won
        tally[s, RECOVERED] += recovered
        tally[s, CLOSING_CONTACTS] += won * y.tries[q]
        tally[s, FIRST_TIME] += good * (1 - again)


@woven_in
def take_along(n, c, x):  # type: ignore[no-untyped-def]
    """What the month's contacts have left with the callers."""
    for k in range(n):
        i = x.row[k]
        c.open_need[i], c.contacts_open[i], c.failures[i] = x.pending[k], x.spent[k], x.failures[k]
        c.knowledge[i] = x.knowledge[k]
        c.quality[i] = x.felt[k] / x.times[k]
