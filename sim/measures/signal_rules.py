"""Signals that are read off tables of the state, worked out for every unit and, last in each row, for the whole."""

from __future__ import annotations

import math

import numpy as np

from sim import state
from sim.columns import CAPTURE, COLLATE, RETRIEVE, SHARE, UTILISE
from sim.compiled import rule
from sim.measures import rows
from sim.params.strategy import FEEDBACK, INSIGHT, N_INITIATIVES, PORTFOLIO, TEAMS, TRAINING
from sim.phases.observation import between_stages
from sim.sums import pairwise

BELIEVES_FROM = 0.5  # belief that lies nearer to outside-in than to inside-out
TEAM_PAY, CUSTOMER_PAY = N_INITIATIVES + 2, N_INITIATIVES + 3  # columns of design and pay side by side
HOSTILITY, CREDIBILITY, FAILS, SUCCESS, BACKLOG, LINKS = range(6)  # columns of `unit_rows`, the strength comes last
FENCE, TIERS, ORCHESTRATED, ANSWERABLE = range(4)  # columns of `fence_rows`


@rule
def staff_signals(table, silo, belief, engagement, skill, empowerment, shares, size, levels):  # type: ignore[no-untyped-def]
    """Means over the staff of each unit and over all staff.

    `levels` holds the engagement below which people are disengaged, that from which they are engaged, usual skill, and
    what training can add to it.
    """
    low, high, usual_skill, training_gain = levels
    sums = sum_staff(silo, belief, engagement, skill, empowerment, shares, size.shape[0], low, high)
    n, mean = size.shape[0], np.empty(9)
    middle = pairwise(sums[0]) / silo.shape[0]
    for j in range(n + 1):
        for k in range(9):
            mean[k] = sums[k, j] / size[j] if j < n else pairwise(sums[k]) / silo.shape[0]
        spread = math.sqrt(max(mean[2] - 2 * middle * mean[0] + middle * middle, 0.0))
        grown = (mean[6] - usual_skill) / max(training_gain, 1e-9)
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


@rule
def sum_staff(silo, belief, engagement, skill, empowerment, shares, n, low, high):  # type: ignore[no-untyped-def]
    """Sums over the staff of each unit, in the order in which `staff_signals` names them; [sum, silo]."""
    sums = np.zeros((9, n))
    for k in range(silo.shape[0]):
        s = silo[k]
        sums[0, s] += belief[k]
        sums[1, s] += belief[k] >= BELIEVES_FROM
        sums[2, s] += belief[k] * belief[k]
        sums[3, s] += engagement[k]
        sums[4, s] += engagement[k] >= low
        sums[5, s] += engagement[k] >= high
        sums[6, s] += skill[k]
        sums[7, s] += empowerment[k]
        sums[8, s] += shares[k]
    return sums


@rule
def unit_rows(hostility, credibility, fails, success, backlog, chain, strength):  # type: ignore[no-untyped-def]
    """What a unit is like, side by side: norms, service, links of the chain and its strength; [column, silo]."""
    found = np.empty((LINKS + chain.shape[1] + 1, chain.shape[0]))
    for s in range(chain.shape[0]):
        found[HOSTILITY, s], found[CREDIBILITY, s] = hostility[s], credibility[s]
        found[FAILS, s], found[SUCCESS, s], found[BACKLOG, s] = fails[s], success[s], backlog[s]
        for link in range(chain.shape[1]):
            found[LINKS + link, s] = max(chain[s, link], 1e-3)
        found[-1, s] = strength[s]
    return found


@rule
def unit_signals(table, units, whole, pressure):  # type: ignore[no-untyped-def]
    """Norms, service and the chain, from the columns of `unit_rows` and their means over units."""
    for j in range(units.shape[0] + 1):
        u = units[j] if j < units.shape[0] else whole
        table[rows.PEACE, j] = 1 - u[HOSTILITY]
        table[rows.CREDIBILITY, j] = u[CREDIBILITY]
        table[rows.HANDED_OVER, j] = 1 - u[FAILS]
        table[rows.SUCCESS, j] = u[SUCCESS]
        table[rows.SURVIVES, j] = max(0.0, 1 - u[BACKLOG]) / (1 + pressure)
        table[rows.CAPTURED, j] = u[LINKS + CAPTURE]
        table[rows.CONNECTED, j] = min(u[LINKS + COLLATE], u[LINKS + RETRIEVE])
        table[rows.USED, j] = u[LINKS + UTILISE]
        table[rows.SHARED_ON, j] = u[LINKS + SHARE]
        table[rows.CHAIN, j] = u[-1]


@rule
def customer_signals(table, counted, fit_base, act_budget):  # type: ignore[no-untyped-def]
    """What was counted among customers and offers at home in a unit, and contacts handled there [silo, tally]."""
    n = counted.shape[0]
    whole = counted[0].copy()
    for s in range(1, n):
        whole += counted[s]
    parts, totals = np.empty((9, n + 1)), np.empty((9, n + 1))
    for j in range(n + 1):
        t = counted[j] if j < n else whole
        parts[0, j], parts[1, j], parts[2, j] = t[state.KNOWLEDGE], t[state.ADVOCATES], t[state.PARTICIPATION]
        parts[3, j], parts[4, j], parts[5, j] = t[state.COVERED], t[state.WEB_SERVED], t[state.ACTS]
        parts[6, j], parts[7, j] = t[state.ADAPTED] + t[state.OWN_OFFERS], t[state.RECOVERED]
        parts[8, j] = t[state.OFFERS_FIT]
        totals[:6, j], totals[6, j], totals[8, j] = t[state.CUSTOMERS], t[state.OFFERS_MADE], t[state.OFFERS_MADE]
        totals[7, j] = t[state.N_CONTACTS] - t[state.WON] + t[state.RECOVERED]
    for k in range(9):
        shares_of(parts[k], totals[k], fit_base if k == 8 else 0.0)
    for j in range(n + 1):
        table[rows.CURRENT, j], table[rows.ADVOCATES, j], table[rows.PARTICIPATION, j] = parts[:3, j]
        table[rows.DIFFERENTLY, j] = min(1.0, parts[3, j] + parts[4, j])
        table[rows.ACTS, j] = min(1.0, parts[5, j] / max(act_budget, 1e-9))
        table[rows.TAILORED, j] = min(1.0, parts[6, j])
        table[rows.RECOVERED, j], table[rows.FIT, j] = parts[7, j], parts[8, j]


@rule
def shares_of(parts, totals, otherwise):  # type: ignore[no-untyped-def]
    """Turn parts into shares [silo + 1]; where there is none, a unit counts as the whole, the whole as `otherwise`."""
    last = parts.shape[0] - 1
    parts[last] = parts[last] / max(totals[last], 1e-12) if totals[last] > 0 else otherwise
    for j in range(last):
        parts[j] = parts[j] / max(totals[j], 1e-12) if totals[j] > 0 else parts[last]


@rule
def fence_rows(fence, terms):  # type: ignore[no-untyped-def]
    """What the terms of governance and the fence are like side by side, [column, silo]."""
    found = np.empty((4, fence.shape[0]))
    for s in range(fence.shape[0]):
        found[FENCE, s] = fence[s]
        found[TIERS, s] = min(1.0, fence[s] + terms[s, state.SELF_SERVICE])
        found[ORCHESTRATED, s] = fence[s] * terms[s, state.AUTHORITY] + (1 - fence[s]) * terms[s, state.BUSINESS_RULES]
        found[ANSWERABLE, s] = fence[s] * terms[s, state.ACCOUNTABILITY] * terms[s, state.PROJECTED]
    return found


@rule
def term_signals(table, units, whole, inside, inside_whole, visible, visibility_gain):  # type: ignore[no-untyped-def]
    """Practised design and pay side by side, and the columns of `fence_rows`, each with its mean over units."""
    for j in range(units.shape[0] + 1):
        d, fence = (units[j], inside[j]) if j < units.shape[0] else (whole, inside_whole)
        table[rows.SCORED, j] = d[INSIGHT]
        table[rows.FEEDBACK, j] = d[FEEDBACK]
        table[rows.TEAMS, j] = d[TEAMS]
        table[rows.TRAINED, j] = d[TRAINING]
        table[rows.PORTFOLIOS, j] = max(d[PORTFOLIO], fence[FENCE])
        table[rows.SEEN, j] = min(1.0, visible + visibility_gain * d[FEEDBACK])
        table[rows.PAID_FOR_CUSTOMERS, j] = d[CUSTOMER_PAY]
        table[rows.PAID_TOGETHER, j] = d[TEAM_PAY] + d[CUSTOMER_PAY]
        table[rows.TIERS, j] = fence[TIERS]
        table[rows.ORCHESTRATED, j] = fence[ORCHESTRATED]
        table[rows.ANSWERABLE, j] = fence[ANSWERABLE]


@rule
def joint_signals(table, two_way, trusted_reach):  # type: ignore[no-untyped-def]
    """Signals that are products of others."""
    for j in range(table.shape[1]):
        table[rows.VALUE_KNOWN, j] = table[rows.CURRENT, j] * table[rows.CHAIN, j]
        table[rows.VOICE, j] = two_way * table[rows.CREDIBILITY, j]
        table[rows.CREDIBLE_WORDS, j] = trusted_reach * table[rows.CREDIBILITY, j]


@rule
def attributes_of(row, stages):  # type: ignore[no-untyped-def]
    """An observable attribute of several leaders, shape [leader]."""
    found = np.empty(stages.shape[0])
    for k in range(stages.shape[0]):
        found[k] = between_stages(row, stages[k])
    return found
