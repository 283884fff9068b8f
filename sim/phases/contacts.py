"""What happens in the month's contacts: who takes them, who has to be asked, how they end, what the customer feels.

Contacts are handled for some hundred at a time, in short loops of one step each without a branch that depends on luck:
processors guess such branches wrong, which takes longer than the rest of a contact.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.columns import CAPTURE, F64, I8, I32, IN_PERSON, Customers
from sim.compiled import rule, woven_in
from sim.draws import Stream, draw_words, uniform
from sim.exponential import exp
from sim.phases.information import chain_strength
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
    chain: F64  # [unit, 5]: links of the chain; the first is the share of contacts from which something is learnt


class Contacts(NamedTuple):
    """Contacts that are handled together, one of each caller; one place for each, shape [ROWS]."""

    row: U32  # of the caller; what she brings along:
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
    words: U64  # [4, ROWS]: who takes it, whether it lands elsewhere, further units needed (and who helps there)
    more: U64  # [4, ROWS]: two handoffs, handling, recovery
    again: I32  # 1 if an earlier need returns
    stray: F64  # chance that it lands elsewhere
    unit: U32
    employee: U32
    asked: I32  # helpers in other units
    failed: I32  # handoffs among them
    some: U32  # places of a part of the contacts,
    slots: U32  # slots of their callers
    luck: U64  # [4, ROWS]: and words for them
    skill: F64  # of the employee; likewise:
    engagement: F64
    empowerment: F64
    shares: F64
    tacit: F64
    back: F64  # callback after failure in the unit
    waited: F64  # what waiting costs the experience
    told: F64  # share of what is not known yet that the contact tells
    handled: F64  # chance that the employee handles her part
    rescue: F64  # chance that a failure is mended
    good: I32  # 1 if resolved at once
    recovered: I32  # 1 if a failure was mended
    tries: I32  # contacts spent on the need with this one


@rule
def handle_contacts(  # type: ignore[no-untyped-def]
    lo, hi, c, people, units, usual, rate, complexity, p, info, key, month, tally, staff
):
    """All contacts of customers lo..hi; what is not needed is not drawn and not looked at.

    Each contact has two fixed draws of four uniforms, see `Contacts`. A returning need that lands outside the home unit
    has one more.
    """
    c, people, units, p, info = Customers(*c), People(*people), Units(*units), p[0], info[0]
    steps, chosen, x = poisson_steps(rate), np.empty(ROWS, np.int8), room_for_contacts()
    known = chain_strength(units.chain, info.weakest)  # share of what is known that can be used
    for start in range(lo, hi, ROWS):
        n = who_calls(start, min(start + ROWS, hi), c, steps, key, month, chosen, x)
        bring(n, c, units, known, p, x)
        for turn in range(MAX_CONTACTS):
            if n == 0:
                break
            draw_words(x.words, x.slot, n, key, CONTACT, month, 2 * turn)
            draw_words(x.more, x.slot, n, key, CONTACT, month, 2 * turn + 1)
            land(n, turn, x, units, p)
            ask_around(n, 0, x, units, people, complexity, p, staff)
            ask_around(n, 1, x, units, people, complexity, p, staff)
            if turn == 0:
                ask_home(n, x, units, people, p, key, month, staff)
            meet(n, x, units, people)
            judge(n, x, p)
            settle_needs(n, x, p)
            feel_and_tell(n, x, units, usual, p, info)
            count(n, x, tally, staff)
            take_along(n, c, x)
            n = those_left(n, turn, x)


@woven_in
def room_for_contacts():  # type: ignore[no-untyped-def]
    """Empty `Contacts`."""
    return Contacts(
        np.empty(ROWS, np.uint32), np.empty(ROWS, np.uint32), np.empty(ROWS, np.uint32), np.empty(ROWS, np.int32),
        np.empty(ROWS), np.empty(ROWS), np.empty(ROWS), np.empty(ROWS, np.int32), np.empty(ROWS), np.empty(ROWS),
        np.empty(ROWS), np.empty(ROWS), np.empty(ROWS, np.int32), np.empty(ROWS, np.int32),
        np.empty(ROWS, np.int32), np.empty((4, ROWS), np.uint64), np.empty((4, ROWS), np.uint64),
        np.empty(ROWS, np.int32), np.empty(ROWS), np.empty(ROWS, np.uint32), np.empty(ROWS, np.uint32),
        np.empty(ROWS, np.int32), np.empty(ROWS, np.int32), np.empty(ROWS, np.uint32), np.empty(ROWS, np.uint32),
        np.empty((4, ROWS), np.uint64), np.empty(ROWS), np.empty(ROWS), np.empty(ROWS), np.empty(ROWS),
        np.empty(ROWS), np.empty(ROWS), np.empty(ROWS), np.empty(ROWS), np.empty(ROWS), np.empty(ROWS),
        np.empty(ROWS, np.int32), np.empty(ROWS, np.int32), np.empty(ROWS, np.int32),
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
def who_calls(start, stop, c, steps, key, month, chosen, x):  # type: ignore[no-untyped-def]
    """Who of some rows has contacts, and how many; the other words of the month's draw are kept for later phases.

    Returns:
        Number of callers.
    """
    alive, waits, n = c.alive[start:stop], c.open_need[start:stop], stop - start
    draw_words(x.words, c.slot[start:stop], n, key, CUSTOMER_MONTH, month, 0)
    spread(x.words[1], c.luck_leaving[start:stop])
    spread(x.words[2], c.luck_act[start:stop])
    spread(x.words[3], c.luck_offers[start:stop])
    c.quality[start:stop] = -1.0
    for j in range(n):
        chosen[j] = (uniform(x.words[0, j]) > steps[0]) | (waits[j] == 1)
    for j in range(n):
        chosen[j] &= alive[j]
    callers = find(chosen[:n], start, x.row)
    for k in range(callers):
        i = x.row[k]
        x.times[k] = min(MAX_CONTACTS, poisson(steps, uniform(x.words[0, i - start])) + c.open_need[i])
    return callers


@woven_in
def spread(words, column):  # type: ignore[no-untyped-def]
    """Keep one uniform of every row in single precision."""
    for j in range(column.shape[0]):
        column[j] = uniform(words[j])


@woven_in
def bring(n, c, units, known, p, x):  # type: ignore[no-untyped-def]
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
        x.usable[k] = x.knowledge[k] * known[home]
        x.felt[k] = 0.0


@woven_in
def land(n, turn, x, units, p):  # type: ignore[no-untyped-def]
    """Where contacts land and who takes them: home, or with a chance one of the other units with a front line.

    A need that was passed on lands elsewhere more often.
    """
    for k in range(n):
        x.again[k] = x.pending[k] if turn == 0 else 0
        x.stray[k] = p.other_unit + x.again[k] * (p.passed_on * (1 - x.owned[k]))
        x.unit[k] = x.home[k]
    land_elsewhere(n, x, units.service)
    for k in range(n):
        s = x.unit[k]
        staff = units.front[s]
        x.employee[k] = units.first[s] + min(staff - 1, int(uniform(x.words[0, k]) * staff))
        x.asked[k], x.failed[k] = 0, 0


@woven_in
def land_elsewhere(n, x, service_units):  # type: ignore[no-untyped-def]
    """Some contacts land with another unit that has a front line; all of these are equally likely."""
    others = service_units.shape[0] - 1
    if others < 1:
        return
    last = service_units[others]
    for k in range(n):
        u = uniform(x.words[1, k])
        x.some[k] = int(min(others - 1.0, u / max(x.stray[k], LEAST) * others))
    for k in range(n):
        home, s = x.unit[k], service_units[x.some[k]]
        other = last if s == home else s
        x.unit[k] = other if uniform(x.words[1, k]) < x.stray[k] else home


@woven_in
def ask_around(n, which, x, units, people, complexity, p, staff):  # type: ignore[no-untyped-def]
    """The first or second other unit that is needed: somebody there is asked, picked from a fixed list of slots."""
    n_silos, some = units.first.shape[0] - 1, 0
    for k in range(n):
        x.some[some] = k
        some += uniform(x.words[2 + which, k]) < complexity
    for w in range(some):
        k = x.some[w]
        where = uniform(x.words[2 + which, k]) / complexity * (n_silos - 1)
        skip = min(int(where), n_silos - 2)
        s = np.int64(x.unit[k]) + 1 + skip
        s = s - n_silos if s >= n_silos else s
        ask(k, np.uint64(s), where - int(where), uniform(x.more[which, k]), x, units, people, p, staff)


@woven_in
def ask_home(n, x, units, people, p, key, month, staff):  # type: ignore[no-untyped-def]
    """Returning needs that landed elsewhere: nobody there knows the story, so the home unit has to be asked."""
    some = 0
    for k in range(n):
        x.some[some] = k
        some += (x.again[k] == 1) & (x.unit[k] != x.home[k])
    for w in range(some):
        x.slots[w] = x.slot[x.some[w]]
    draw_words(x.luck, x.slots, some, key, CONTACT, month, PASSED_ON)
    for w in range(some):
        k = x.some[w]
        ask(k, x.home[k], uniform(x.luck[0, w]), uniform(x.luck[1, w]), x, units, people, p, staff)


@woven_in
def ask(k, s, who, u, x, units, people, p, staff):  # type: ignore[no-untyped-def]
    """Ask somebody in unit s for help with a contact, picked by `who`: one who shares hardly ever drops it."""
    size = units.first[s + np.uint64(1)] - units.first[s]
    helper = np.uint64(units.first[s] + min(size - 1, int(who * size)))
    alone = p.handoff_alone + p.handoff_owned * x.owned[k]
    failed = u >= (p.handoff_shared if people.shares[helper] == 1 else alone)
    staff[helper, ASKED] += 1.0
    staff[helper, DROPPED] += failed
    x.asked[k] += 1
    x.failed[k] += failed


@woven_in
def meet(n, x, units, people):  # type: ignore[no-untyped-def]
    """What employees and their units bring along."""
    for k in range(n):
        e = x.employee[k]
        x.skill[k], x.engagement[k], x.tacit[k] = people.skill[e], people.engagement[e], people.tacit[e]
        x.empowerment[k], x.shares[k] = people.empowerment[e], people.shares[e]
    for k in range(n):
        s = x.unit[k]
        x.back[k], x.waited[k] = units.levels[s, CALLED_BACK], units.levels[s, WAITED + x.owner[k]]
        x.told[k] = units.chain[s, CAPTURE]


@woven_in
def judge(n, x, p):  # type: ignore[no-untyped-def]
    """Which contacts are resolved at once, and which of the failures are mended while the customer is patient."""
    for k in range(n):
        x.handled[k] = chance_handled(x.skill[k], x.engagement[k], x.harder[k], p)
    for k in range(n):
        x.rescue[k] = chance_rescued(x.skill[k], x.empowerment[k], x.shares[k], x.back[k], p)
    for k in range(n):
        x.good[k] = (x.failed[k] == 0) & (uniform(x.more[2, k]) < x.handled[k])
    for k in range(n):
        mended = (uniform(x.more[3, k]) < x.rescue[k]) & (x.failures[k] < p.patience)
        x.recovered[k] = (1 - x.good[k]) * mended


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
def settle_needs(n, x, p):  # type: ignore[no-untyped-def]
    """Which needs stay open: those not won, until the customer gives up; a need that was won is closed.

    A contact belongs to the need that is open already, unless that one is what has returned.
    """
    for k in range(n):
        more = min(100, x.spent[k] + 1)
        x.tries[k] = more if x.again[k] == 1 else 1
    for k in range(n):
        kept = x.spent[k]
        x.spent[k] = x.tries[k] if (x.again[k] == 1) | (x.pending[k] == 0) else kept
    for k in range(n):
        won = x.good[k] | x.recovered[k]
        x.failures[k] = (1 - won) * min(100, x.failures[k] + 1)
        x.pending[k] = won * (1 - x.again[k]) * x.pending[k] + (1 - won) * (x.spent[k] < p.give_up_after)


@woven_in
def feel_and_tell(n, x, units, usual, p, info):  # type: ignore[no-untyped-def]
    """What customers experience, and what is learnt from them."""
    for k in range(n):
        quality = quality_of(x.good[k], x.recovered[k], x.failed[k], x.usable[k], x.engagement[k] - usual, p)
        x.felt[k] += max(0.0, quality - x.waited[k])
    for k in range(n):
        x.knowledge[k] += info.learning * x.told[k] * (1 + info.tacit * x.tacit[k]) * (1 - x.knowledge[k])


@woven_in
def quality_of(good, recovered, failed, usable, keen, p):  # type: ignore[no-untyped-def]
    """What the customer experiences before waiting is taken off, 0-1.

    Besides what was done it counts how: `keen` is the employee's engagement above the usual one.
    """
    done = p.quality_base + p.quality_usable * min(1.0, usable / p.usable_enough)
    missed = p.quality_failed - p.quality_handoff * failed
    missed = p.quality_recovered if recovered == 1 else missed
    return min(1.0, (done if good == 1 else missed) + p.quality_engagement * keen)


@woven_in
def count(n, x, tally, staff):  # type: ignore[no-untyped-def]
    """Add contacts to the tallies of units and employees."""
    for k in range(n):
        s, e = x.unit[k], x.employee[k]
        good, recovered, again = x.good[k], x.recovered[k], x.again[k]
        won = good | recovered
        staff[e, HANDLED] += 1.0
        staff[e, STAFF_WON] += won
        tally[s, N_CONTACTS] += 1.0
        tally[s, WORK] += x.cost[k]
        tally[s, SERVICE_COST] += x.cost[k] * x.expense[k]
        tally[s, HANDOFFS] += x.asked[k]
        tally[s, HANDOFFS_DONE] += x.asked[k] - x.failed[k]
        tally[s, NEEDS] += 1 - again
        tally[s, WON] += won
        tally[s, RECOVERED] += recovered
        tally[s, CLOSING_CONTACTS] += won * x.tries[k]
        tally[s, FIRST_TIME] += good * (1 - again)


@woven_in
def take_along(n, c, x):  # type: ignore[no-untyped-def]
    """What contacts have left with the callers; that of one with another contact to come is written again then."""
    for k in range(n):
        i = x.row[k]
        c.open_need[i], c.contacts_open[i], c.failures[i] = x.pending[k], x.spent[k], x.failures[k]
        c.knowledge[i] = x.knowledge[k]
        c.quality[i] = x.felt[k] / x.times[k]


@woven_in
def those_left(n, turn, x):  # type: ignore[no-untyped-def]
    """Move callers with another contact to the first places; how many there are."""
    left = 0
    for k in range(n):
        x.some[left] = k
        left += x.times[k] > turn + 1
    for w in range(left):
        k = x.some[w]
        x.row[w], x.slot[w], x.home[w], x.times[w] = x.row[k], x.slot[k], x.home[k], x.times[k]
        x.expense[w], x.cost[w], x.harder[w] = x.expense[k], x.cost[k], x.harder[k]
        x.owner[w], x.owned[w], x.usable[w] = x.owner[k], x.owned[k], x.usable[k]
        x.knowledge[w], x.felt[w] = x.knowledge[k], x.felt[k]
        x.pending[w], x.spent[w], x.failures[w] = x.pending[k], x.spent[k], x.failures[k]
    return left
