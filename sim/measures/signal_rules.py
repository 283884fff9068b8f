"""Signals worked out from tables of the state for every unit and, last in each row, for the whole."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim import state
from sim.columns import CAPTURE, COLLATE, RETRIEVE, SHARE, UTILISE, Leaders, Silos
from sim.compiled import rule, woven_in
from sim.measures import rows
from sim.params.strategy import EMPOWERMENT, FEEDBACK, INSIGHT, N_INITIATIVES, PAY, PORTFOLIO, TEAMS, TRAINING
from sim.phases.information import chain_strength
from sim.phases.observation import between_stages
from sim.structure import FEEDBACK_SEEKING, HORIZON
from sim.sums import by_row, pairwise

BELIEVES_FROM = 0.5  # belief that lies nearer to outside-in than to inside-out
FACING = (INSIGHT, FEEDBACK, PAY, PORTFOLIO, EMPOWERMENT)  # initiatives that change something for customers themselves
TEAM_PAY, CUSTOMER_PAY = N_INITIATIVES + 2, N_INITIATIVES + 3  # columns of design and pay side by side
HOSTILITY, CREDIBILITY, FAILS, SUCCESS, BACKLOG, STRENGTH, LINKS = range(7)  # columns in `unit_signals`
FENCE, TIERS, ORCHESTRATED, ANSWERABLE = range(4)  # columns in `fence_signals`


class Levels(NamedTuple):
    """What signals are measured against; never changes."""

    low: float  # engagement below which people are disengaged
    high: float  # engagement from which they are engaged
    usual_skill: float
    training_gain: float  # what training can add to skill
    fit_base: float  # share of offers that fit if nothing is known
    act_budget: float  # share of customers whom retention acts can reach in a month
    visible: float  # share of customers' reactions that staff see without feedback
    visibility_gain: float  # by feedback
    background: float  # effort of competing work
    courage_base: float
    courage_horizon: float  # per five years of horizon
    courage_belief: float
    most_courage: float  # of a chief executive of the longest horizon who believes fully


class Month(NamedTuple):
    """What is the same for all units this month."""

    words: float
    reach: float
    trusted_reach: float
    two_way: float
    pressure: float
    checks: float  # intensity of checkpoints x their truth, if anything runs that they could look at


@rule
def fill(  # type: ignore[no-untyped-def]
    table, people, silos, leaders, tallies, design, pay, fence, governance, launched, closed, weakest, effort, stages,
    written, levels, month_,
):  # fmt: skip
    """All rows of the table [signal, silo + 1]; `people` are the columns that `sum_staff` reads."""
    silos, leaders, levels, month_ = Silos(*silos), Leaders(*leaders), Levels(*levels), Month(*month_)
    staff, served, anybody = np.empty(silos.size.shape[0]), np.empty(silos.size.shape[0]), False
    for s in range(staff.shape[0]):
        staff[s] = silos.size[s]
    staff_signals(table, people, staff, levels)
    unit_signals(table, silos, weakest, staff, month_.pressure)
    counted = by_row(tallies)
    customer_signals(table, counted, levels)
    design_signals(table, design, pay, staff, levels)
    for s in range(staff.shape[0]):
        served[s] = counted[s, state.CUSTOMERS]
        anybody = anybody or served[s] > 0
    fence_signals(table, fence, governance, served if anybody else staff)
    joint_signals(table, month_)
    said = 1 - unsaid(silos.traits, staff, written, month_.words)
    lived, under_way, running = customer_plan(silos, staff, effort, launched, closed)
    for j in range(table.shape[1]):
        table[rows.SAID, j] = said
        table[rows.CHECKED, j] = month_.checks if running > 0 else 0.0
        whole = levels.background + under_way
        table[rows.CUSTOMER_PLAN, j] = min(1.0, lived / whole) if whole > 0 else 0.0
    leader_signals(table, leaders, stages, staff.shape[0], levels, month_.pressure)


@woven_in
def staff_signals(table, people, size, levels):  # type: ignore[no-untyped-def]
    """Means over the staff of each unit and over all staff."""
    n, staff, mean = size.shape[0], people[0].shape[0], np.empty(9)
    sums = sum_staff(people, n, levels)
    middle = pairwise(sums[0]) / staff
    for j in range(n + 1):
        for k in range(9):
            mean[k] = sums[k, j] / size[j] if j < n else pairwise(sums[k]) / staff
        spread = math.sqrt(max(mean[2] - 2 * middle * mean[0] + middle * middle, 0.0))
        grown = (mean[6] - levels.usual_skill) / max(levels.training_gain, 1e-9)
        table[rows.BELIEF, j] = mean[0]
        table[rows.BELIEVERS, j] = mean[1]
        table[rows.SHARED_BELIEF, j] = mean[0] * max(0.0, 1 - 2 * spread)
        table[rows.ENGAGEMENT, j] = mean[3]
        table[rows.BELONGING, j] = mean[4]
        table[rows.PRIDE, j] = mean[5]
        table[rows.SKILL, j] = mean[6]
        table[rows.GROWN, j] = min(1.0, max(0.0, grown))
        table[rows.EMPOWERED, j] = mean[7]
        table[rows.SHARING, j] = mean[8]


@woven_in
def sum_staff(people, n, levels):  # type: ignore[no-untyped-def]
    """Sums over the staff of each unit, in the order in which `staff_signals` names them; [sum, silo]."""
    silo, belief, engagement, skill, empowerment, shares = people
    sums = np.zeros((9, n))
    for k in range(silo.shape[0]):
        s = silo[k]
        sums[0, s] += belief[k]
        sums[1, s] += belief[k] >= BELIEVES_FROM
        sums[2, s] += belief[k] * belief[k]
        sums[3, s] += engagement[k]
        sums[4, s] += engagement[k] >= levels.low
        sums[5, s] += engagement[k] >= levels.high
        sums[6, s] += skill[k]
        sums[7, s] += empowerment[k]
        sums[8, s] += shares[k]
    return sums


@rule
def add_whole(table, weights):  # type: ignore[no-untyped-def]
    """Fill the last row of a table [silo + 1, column] with the weighted mean of the others."""
    n, total = weights.shape[0], pairwise(weights)
    for column in range(table.shape[1]):
        found = 0.0
        for s in range(n):
            found += weights[s] * table[s, column]
        table[n, column] = found / total


@woven_in
def unit_signals(table, silos, weakest, staff, pressure):  # type: ignore[no-untyped-def]
    """Norms, service, and the chain with its strength; the whole is weighted by headcount."""
    strength = chain_strength(silos.chain, weakest)
    units = np.empty((staff.shape[0] + 1, LINKS + silos.chain.shape[1]))
    for s in range(staff.shape[0]):
        units[s, HOSTILITY], units[s, CREDIBILITY] = silos.hostility[s], silos.credibility[s]
        units[s, FAILS], units[s, SUCCESS] = silos.fails[s], silos.success[s]
        units[s, BACKLOG], units[s, STRENGTH] = silos.backlog[s], strength[s]
        for link in range(silos.chain.shape[1]):
            units[s, LINKS + link] = max(silos.chain[s, link], 1e-3)
    add_whole(units, staff)
    for j in range(units.shape[0]):
        u = units[j]
        table[rows.PEACE, j] = 1 - u[HOSTILITY]
        table[rows.CREDIBILITY, j] = u[CREDIBILITY]
        table[rows.HANDED_OVER, j] = 1 - u[FAILS]
        table[rows.SUCCESS, j] = u[SUCCESS]
        table[rows.SURVIVES, j] = max(0.0, 1 - u[BACKLOG]) / (1 + pressure)
        table[rows.CAPTURED, j] = u[LINKS + CAPTURE]
        table[rows.CONNECTED, j] = min(u[LINKS + COLLATE], u[LINKS + RETRIEVE])
        table[rows.USED, j] = u[LINKS + UTILISE]
        table[rows.SHARED_ON, j] = u[LINKS + SHARE]
        table[rows.CHAIN, j] = u[STRENGTH]


@woven_in
def customer_signals(table, counted, levels):  # type: ignore[no-untyped-def]
    """What was counted among customers and offers at home in a unit, and contacts handled there [silo, tally]."""
    n = counted.shape[0]
    whole = counted[0].copy()
    for s in range(1, n):
        for column in range(whole.shape[0]):
            whole[column] += counted[s, column]
    parts, totals = np.empty((9, n + 1)), np.empty((9, n + 1))
    for j in range(n + 1):
        t = counted[j] if j < n else whole
        parts[0, j], parts[1, j], parts[2, j] = t[state.KNOWLEDGE], t[state.ADVOCATES], t[state.PARTICIPATION]
        parts[3, j], parts[4, j], parts[5, j] = t[state.COVERED], t[state.WEB_SERVED], t[state.ACTS]
        parts[6, j], parts[7, j] = t[state.ADAPTED] + t[state.OWN_OFFERS], t[state.RECOVERED]
        parts[8, j] = t[state.OFFERS_FIT]
        for k in range(6):
            totals[k, j] = t[state.CUSTOMERS]
        totals[6, j], totals[8, j] = t[state.OFFERS_MADE], t[state.OFFERS_MADE]
        totals[7, j] = t[state.N_CONTACTS] - t[state.WON] + t[state.RECOVERED]
    for k in range(9):
        shares_of(parts[k], totals[k], levels.fit_base if k == 8 else 0.0)
    for j in range(n + 1):
        table[rows.CURRENT, j], table[rows.ADVOCATES, j] = parts[0, j], parts[1, j]
        table[rows.PARTICIPATION, j] = parts[2, j]
        table[rows.DIFFERENTLY, j] = min(1.0, parts[3, j] + parts[4, j])
        table[rows.ACTS, j] = min(1.0, parts[5, j] / max(levels.act_budget, 1e-9))
        table[rows.TAILORED, j] = min(1.0, parts[6, j])
        table[rows.RECOVERED, j], table[rows.FIT, j] = parts[7, j], parts[8, j]


@rule
def shares_of(parts, totals, otherwise):  # type: ignore[no-untyped-def]
    """Turn parts into shares [silo + 1]; where there is none, a unit counts as the whole, the whole as `otherwise`."""
    last = parts.shape[0] - 1
    parts[last] = parts[last] / max(totals[last], 1e-12) if totals[last] > 0 else otherwise
    for j in range(last):
        parts[j] = parts[j] / max(totals[j], 1e-12) if totals[j] > 0 else parts[last]


@woven_in
def design_signals(table, design, pay, staff, levels):  # type: ignore[no-untyped-def]
    """Practised design and pay; the whole is weighted by headcount."""
    units = np.empty((staff.shape[0] + 1, design.shape[1] + pay.shape[1]))
    for s in range(staff.shape[0]):
        for i in range(design.shape[1]):
            units[s, i] = design[s, i]
        for k in range(pay.shape[1]):
            units[s, design.shape[1] + k] = pay[s, k]
    add_whole(units, staff)
    for j in range(units.shape[0]):
        d = units[j]
        table[rows.SCORED, j] = d[INSIGHT]
        table[rows.FEEDBACK, j] = d[FEEDBACK]
        table[rows.TEAMS, j] = d[TEAMS]
        table[rows.TRAINED, j] = d[TRAINING]
        table[rows.PORTFOLIOS, j] = d[PORTFOLIO]
        table[rows.SEEN, j] = min(1.0, levels.visible + levels.visibility_gain * d[FEEDBACK])
        table[rows.PAID_FOR_CUSTOMERS, j] = d[CUSTOMER_PAY]
        table[rows.PAID_TOGETHER, j] = d[TEAM_PAY] + d[CUSTOMER_PAY]


@woven_in
def fence_signals(table, fence, terms, customers):  # type: ignore[no-untyped-def]
    """Terms of governance and the fence; the whole is weighted by customers. Needs `design_signals`."""
    units = np.empty((fence.shape[0] + 1, 4))
    for s in range(fence.shape[0]):
        f = fence[s]
        units[s, FENCE] = f
        units[s, TIERS] = min(1.0, f + terms[s, state.SELF_SERVICE])
        units[s, ORCHESTRATED] = f * terms[s, state.AUTHORITY] + (1 - f) * terms[s, state.BUSINESS_RULES]
        units[s, ANSWERABLE] = f * terms[s, state.ACCOUNTABILITY] * terms[s, state.PROJECTED]
    add_whole(units, customers)
    for j in range(units.shape[0]):
        table[rows.PORTFOLIOS, j] = max(table[rows.PORTFOLIOS, j], units[j, FENCE])
        table[rows.TIERS, j] = units[j, TIERS]
        table[rows.ORCHESTRATED, j] = units[j, ORCHESTRATED]
        table[rows.ANSWERABLE, j] = units[j, ANSWERABLE]


@woven_in
def joint_signals(table, month_):  # type: ignore[no-untyped-def]
    """Signals that are products of others and of what is said."""
    for j in range(table.shape[1]):
        table[rows.VALUE_KNOWN, j] = table[rows.CURRENT, j] * table[rows.CHAIN, j]
        table[rows.VOICE, j] = month_.two_way * table[rows.CREDIBILITY, j]
        table[rows.CREDIBLE_WORDS, j] = month_.trusted_reach * table[rows.CREDIBILITY, j]
        table[rows.DIALOGUE, j] = month_.reach * month_.two_way


@woven_in
def unsaid(traits, staff, written, words):  # type: ignore[no-untyped-def]
    """Share that neither words nor the culture's `written` traits say, over units by headcount."""
    left, everybody = 1 - words, pairwise(staff)
    for t in written:
        held = 0.0
        for s in range(staff.shape[0]):
            held += staff[s] * traits[s, t]
        left *= 1 - held / everybody
    return left


@woven_in
def customer_plan(silos, staff, effort, launched, closed):  # type: ignore[no-untyped-def]
    """Effort practised in initiatives that face customers, units by headcount; effort and number of those running."""
    lived, under_way, running, everybody = 0.0, 0.0, 0, pairwise(staff)
    for i in FACING:
        for s in range(staff.shape[0]):
            lived += staff[s] / everybody * silos.formal[s, i] * silos.practised[s, i] * effort[i]
    for i in range(effort.shape[0]):
        if launched[i] >= 0 and closed[i] == 0:
            under_way += effort[i]
            running += 1
    return lived, under_way, running


@woven_in
def leader_signals(table, leaders, stages, ceo, levels, pressure):  # type: ignore[no-untyped-def]
    """Leaders, weighted by power; feedback is sought at the top, and courage is the chief executive's."""
    power, shown = pairwise(leaders.power), leaders.behaviours.shape[1]
    belief, buy_in, commit, show, seeking, top = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(leaders.power.shape[0]):
        weight = leaders.power[k] / power
        belief += weight * leaders.belief[k]
        buy_in += weight * leaders.buy_in[k]
        commit += weight * leaders.attention[k] * leaders.buy_in[k]
        show += weight * pairwise(leaders.behaviours[k]) / shown
        if k >= ceo:
            top += leaders.power[k]
            seeking += leaders.power[k] * between_stages(stages[FEEDBACK_SEEKING], leaders.stage[k])
    horizon = between_stages(stages[HORIZON], leaders.stage[ceo])
    courage = levels.courage_base + levels.courage_horizon * horizon / 60 + levels.courage_belief * leaders.belief[ceo]
    left, most = max(0.0, courage - pressure), levels.most_courage
    for j in range(table.shape[1]):
        table[rows.LEADERS_BELIEF, j], table[rows.BUY_IN, j] = belief, buy_in
        table[rows.LEADERS_COMMIT, j], table[rows.LEADERS_SHOW, j] = commit, show
        table[rows.LOOKS_OUT, j] = math.sqrt(seeking / top * table[rows.CHAIN, -1])
        table[rows.COURAGE_LEFT, j] = left / most if most > 0 else 0.0
