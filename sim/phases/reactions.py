"""What customers make of a month: they feel, stay or leave; prospects join."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.columns import F64, I8, IN_PERSON, Customers
from sim.compiled import rule, woven_in
from sim.draws import Stream, draw_words, normal, uniform, uniforms
from sim.exponential import exp
from sim.frailty_table import frailty_at
from sim.phases.information import chain_strength
from sim.phases.tiles import TILE, U32, U64, end_of_tile, find
from sim.state import (
    ACTS,
    ADVOCATES,
    COMMITMENT,
    COVERED,
    CUSTOMERS,
    GROSS,
    JOINED,
    KNOWLEDGE,
    LEFT,
    LEFT_SATISFIED,
    MARGIN_BASE,
    MEMBERS,
    NATURAL,
    PARTICIPATION,
    RELEASED,
    RESPONSES,
    RISK_RATIO,
    SATISFACTION,
    SATISFIED,
    TRIGGERS,
    TRUST,
    WALLET,
    WEB_SERVED,
)  # fmt: skip
from sim.sums import pairwise

SCORED, FENCED, SALES, TRIGGERED, MAY, INVITED = range(6)  # columns of `unit_levels`
HAZARD, ENTRY, LOG_SPEND, SPREAD, SENSITIVE, AT_STAKE, BOND, STARTS = range(8)  # columns of `segment_levels`
PAD = 8  # more places of a block's rows: a power of two apart, they would push each other out of the fastest cache
CUSTOMER_MONTH = int(Stream.CUSTOMER_MONTH)
OFFER = int(Stream.OFFER)
CUSTOMER_TRAITS = int(Stream.CUSTOMER_TRAITS)


class Tile(NamedTuple):
    """What is worked out for the rows of a tile; each [TILE]."""

    felt: F64  # satisfaction, before and after
    earlier: F64
    trusted: F64
    expected: F64
    bound: F64  # commitment
    active: F64  # habit of taking part
    told: F64  # relationship knowledge
    shared: F64  # common history, 0-1
    usual: F64  # knowledge after so many months in the unchanged firm
    ratio: F64  # exp(risk index)
    risk: F64  # hazard before any retention act
    gross: F64  # $/month spent here,
    base: F64  # of which is paid
    chance: F64  # of a prospect to join


class Some(NamedTuple):
    """Some rows of a tile; each [TILE]."""

    chosen: I8  # 1 for the rows that are wanted
    rows: U32
    leavers: U32
    slots: U32
    words: U64  # [4, TILE]: what is drawn for them


SUMMED = (PARTICIPATION, COMMITMENT, SATISFACTION, TRUST, KNOWLEDGE, WALLET, GROSS, MARGIN_BASE)  # rows of `sums`


@rule
def react(  # type: ignore[no-untyped-def]
    lo, hi, c, chain, history, usual_knowledge, log_frailty, month_, units, segments, p, churn, info, acquisition,
    offers, key, month, tally, tally_segments,
):  # fmt: skip
    """Customers lo..hi feel, stay or leave; prospects join.

    Draws per slot and month: leaving, act (words 1 and 2 of the month's draw, made when the month's contacts are),
    release (stream OFFER, ordinal 1), entry (ordinal 1 of the month's draw).
    The rows of a tile share home unit and segment. What everybody goes through is worked out in short loops, which
    take several rows at once (and prospects along, in vain); who may leave or be acted on is looked at one by one.
    """
    c = Customers(*c)
    p, churn, info, acquisition, offers = p[0], churn[0], info[0], acquisition[0], offers[0]
    known = chain_strength(chain, info.weakest)
    room = np.empty((14, TILE + PAD))  # one block: the compiler sees that its rows do not overlap
    x = Tile(
        room[0], room[1], room[2], room[3], room[4], room[5], room[6], room[7], room[8], room[9], room[10], room[11],
        room[12], room[13],
    )  # fmt: skip
    some = Some(
        np.empty(TILE, np.int8), np.empty(TILE, np.uint32), np.empty(TILE, np.uint32), np.empty(TILE, np.uint32),
        np.empty((4, TILE), np.uint64),
    )  # fmt: skip
    sums, longest, start = np.zeros((len(SUMMED) + 1, TILE + PAD)), 0, lo
    while start < hi:
        stop = end_of_tile(c.home, c.segment, start, hi)
        home, s, n = c.home[start], c.segment[start], stop - start
        unit, segment = units[home], segments[s]
        feel_and_weigh(start, stop, c, x, known[home], history, usual_knowledge, unit, segment, month_, p, churn, info)
        keep_what_moved(start, stop, c, x)
        who_may_go(start, stop, c, x, unit, churn, some.chosen)
        gone = stay_or_leave(
            find(some.chosen[:n], start, some.rows), start, c, x, known[home], unit, segment, month_, churn,
            acquisition, key, month, tally[home], some,
        )  # fmt: skip
        take_stock(start, stop, c, x, acquisition.advocate_from, tally[home], tally_segments[s], sums)
        longest = max(longest, n)
        if stop == hi or c.home[stop] != home or c.segment[stop] != s:
            add_up(sums, longest, tally[home], tally_segments[s])
            longest = 0
        for j in range(n):
            some.chosen[j] = 1 - c.alive[start + j]
        come = arrive(
            find(some.chosen[:n], start, some.rows), c, x, unit, segment, month_, acquisition, key, month, some
        )
        make_room(gone, some.leavers, c, segment, month_.cost_spread, acquisition.spread, key)
        join(come, some.rows, c, log_frailty[s], segment, offers.wallet, month_, key, tally[home])
        start = stop


@woven_in
def feel_and_weigh(  # type: ignore[no-untyped-def]
    start, stop, c, x, known, history, usual_knowledge, unit, segment, month_, p, churn, info
):
    """What the month does to the customers of a tile, and the hazard that follows."""
    satisfaction, trust, expectation = c.satisfaction[start:stop], c.trust[start:stop], c.expectation[start:stop]
    commitment, participation = c.commitment[start:stop], c.participation[start:stop]
    knowledge, quality = c.knowledge[start:stop], c.quality[start:stop]
    tenure, frailty = c.tenure[start:stop], c.frailty[start:stop]
    wallet, spend = c.wallet[start:stop], c.spend[start:stop]
    n = stop - start
    for j in range(n):
        t = min(tenure[j], history.shape[0] - 1)
        x.shared[j], x.usual[j] = history[t], usual_knowledge[t]
    for j in range(n):
        lived = np.float64(quality[j])
        x.earlier[j] = satisfaction[j]
        x.felt[j] = satisfaction_after(lived, np.float64(satisfaction[j]), np.float64(expectation[j]), month_, p)
        x.trusted[j] = trust_after(lived, np.float64(trust[j]), month_, p)
        x.expected[j] = expectation_after(lived, np.float64(expectation[j]), month_, p)
    for j in range(n):
        bond, habit = np.float64(commitment[j]), np.float64(participation[j])
        x.bound[j] = bond + segment[BOND] * (x.trusted[j] - bond)
        active = habit + p.participation_speed * (unit[INVITED] * x.trusted[j] - habit)
        kept = np.float64(knowledge[j]) * (1 - info.ageing)
        x.active[j] = active
        x.told[j] = kept + info.told * active * (1 - kept)
    for j in range(n):
        reaction = churn.satisfaction * (x.felt[j] - month_.rival - month_.usual_q)
        reaction += churn.trust * (x.trusted[j] - month_.usual_u)
        bond = churn.commitment * x.shared[j] * (x.bound[j] - month_.usual_u)
        x.ratio[j] = exp(-reaction * segment[SENSITIVE] - bond - churn.knowledge * (x.told[j] - x.usual[j]))
    for j in range(n):
        natural = month_.natural_end if tenure[j] >= month_.horizon else 0.0
        x.risk[j] = segment[HAZARD] * np.float64(frailty[j]) * x.ratio[j] + natural
        gross = np.float64(wallet[j]) * np.float64(spend[j])
        unpaid = segment[AT_STAKE] * (1 - np.float64(quality[j])) if quality[j] >= 0 else 0.0
        x.gross[j] = gross
        x.base[j] = gross * (1 - unpaid)


@woven_in
def keep_what_moved(start, stop, c, x):  # type: ignore[no-untyped-def]
    """Write what was worked out into the columns."""
    alive = c.alive[start:stop]
    keep(alive, x.risk, c.hazard[start:stop])
    keep(alive, x.felt, c.satisfaction[start:stop])
    keep(alive, x.trusted, c.trust[start:stop])
    keep(alive, x.expected, c.expectation[start:stop])
    keep(alive, x.bound, c.commitment[start:stop])
    keep(alive, x.told, c.knowledge[start:stop])
    keep(alive, x.active, c.participation[start:stop])
    c.acted[start:stop] = 0


@woven_in
def keep(alive, values, column):  # type: ignore[no-untyped-def]
    """Write new values into a column where there is a customer."""
    for j in range(alive.shape[0]):
        column[j] = np.float32(values[j]) if alive[j] == 1 else column[j]


@woven_in
def who_may_go(start, stop, c, x, unit, churn, chosen):  # type: ignore[no-untyped-def]
    """Choose the customers of a tile who may leave or be acted on, or whom the enterprise may release."""
    alive, tier = c.alive[start:stop], c.tier[start:stop]
    leaving, act = c.luck_leaving[start:stop], c.luck_act[start:stop]
    n = stop - start
    for j in range(n):
        chosen[j] = (np.float64(leaving[j]) < x.risk[j]) | (act[j] < unit[SCORED]) | (tier[j] != IN_PERSON)
    for j in range(n):
        chosen[j] |= (x.earlier[j] - x.felt[j] > churn.trigger_fall) & (act[j] < unit[TRIGGERED])
    for j in range(n):
        chosen[j] &= alive[j]


@woven_in
def stay_or_leave(  # type: ignore[no-untyped-def]
    n, start, c, x, known, unit, segment, month_, churn, acquisition, key, month, counts, some
):
    """Retention acts, answers to triggers, releases, and who leaves, among the first n of `some.rows`.

    Returns:
        How many leave; `some.leavers` takes their rows.
    """
    gone = 0
    for k in range(n):
        i = some.rows[k]
        j = i - start
        hazard, act, released = x.risk[j], np.float64(c.luck_act[i]), False
        blur = month_.error * (1 - x.told[j] * known)
        if act < unit[SCORED]:
            scored = hazard * math.exp(blur * np.float64(c.misjudged[i]))
            if scored > month_.threshold:
                natural = month_.natural_end if c.tenure[i] >= month_.horizon else 0.0
                hazard = natural + (hazard - natural) * (1 - churn.retention_act)  # no act keeps who moves or dies
                c.acted[i] = 1
                counts[ACTS] += 1.0
        if x.earlier[j] - x.felt[j] > churn.trigger_fall and act < unit[TRIGGERED]:
            counts[TRIGGERS] += 1.0
            if uniforms(key, CUSTOMER_MONTH, month, c.slot[i], 1)[1] < churn.trigger_response:
                x.felt[j] += churn.trigger_gain * (x.earlier[j] - x.felt[j])
                c.satisfaction[i] = x.felt[j]
                counts[RESPONSES] += 1.0
        if c.tier[i] != IN_PERSON and c.owner[i] < 0 and unit[FENCED] > 0:
            unpaid = segment[AT_STAKE] * month_.exposed * (1 - x.felt[j])
            brings = (month_.margin - unpaid) * x.gross[j] * math.exp(blur * np.float64(c.error[i]))
            if brings < month_.serving * month_.web_cost * np.float64(c.service_cost[i]):
                released = uniforms(key, OFFER, month, c.slot[i], 1)[0] < acquisition.divest * unit[MAY]
        if released or np.float64(c.luck_leaving[i]) < 1 - math.exp(-hazard):
            counts[LEFT] += 1.0
            counts[RELEASED] += released
            counts[LEFT_SATISFIED] += x.felt[j] >= acquisition.advocate_from
            counts[NATURAL] += c.tenure[i] >= month_.horizon
            some.leavers[gone] = i
            gone += 1
    return gone


@woven_in
def take_stock(start, stop, c, x, advocate_from, counts, members, sums):  # type: ignore[no-untyped-def]
    """Add the customers of a tile, leavers included, to the tallies of their unit and segment; `sums` in the order of
    `SUMMED`, the risk ratio last.
    """
    alive, tier, owner, tenure = c.alive[start:stop], c.tier[start:stop], c.owner[start:stop], c.tenure[start:stop]
    there, by_web, owned, content, fond = 0, 0, 0, 0, 0
    for j in range(stop - start):
        here = int(alive[j])
        there += here
        by_web += here * (tier[j] != IN_PERSON)
        owned += here * (owner[j] >= 0)
    for j in range(stop - start):
        here = int(alive[j])
        content += here * (x.felt[j] >= advocate_from)
        fond += here * ((x.felt[j] >= advocate_from) & (x.trusted[j] >= advocate_from))
    for j in range(stop - start):
        tenure[j] += alive[j]
    counts[CUSTOMERS] += there
    counts[WEB_SERVED] += by_web
    counts[COVERED] += owned
    counts[SATISFIED] += content
    counts[ADVOCATES] += fond
    members[MEMBERS] += there
    wallet = c.wallet[start:stop]
    for j in range(stop - start):
        sums[0, j] += x.active[j] if alive[j] == 1 else 0.0
        sums[1, j] += x.bound[j] if alive[j] == 1 else 0.0
        sums[2, j] += x.felt[j] if alive[j] == 1 else 0.0
        sums[3, j] += x.trusted[j] if alive[j] == 1 else 0.0
        sums[4, j] += x.told[j] if alive[j] == 1 else 0.0
        sums[5, j] += np.float64(wallet[j]) if alive[j] == 1 else 0.0
        sums[6, j] += x.gross[j] if alive[j] == 1 else 0.0
        sums[7, j] += x.base[j] if alive[j] == 1 else 0.0
        sums[8, j] += x.ratio[j] if alive[j] == 1 else 0.0


@woven_in
def add_up(sums, n, counts, members):  # type: ignore[no-untyped-def]
    """Add the first n places of `sums`, all that are in use, to the tallies and start again."""
    for k in range(len(SUMMED)):
        counts[SUMMED[k]] += pairwise(sums[k, :n])
    members[RISK_RATIO] += pairwise(sums[len(SUMMED), :n])
    sums[:, :n] = 0.0


@woven_in
def arrive(n, c, x, unit, segment, month_, acquisition, key, month, some):  # type: ignore[no-untyped-def]
    """Who of the prospects in the first n of `some.rows` becomes a customer; a picket fence turns some of little value
    away.

    Returns:
        How many; `some.rows` takes theirs.
    """
    for k in range(n):
        i = some.rows[k]
        some.slots[k] = c.slot[i]
        x.chance[k] = segment[ENTRY] * np.float64(c.appeal[i]) * unit[SALES] * month_.word
    if unit[FENCED] > 0:
        for k in range(n):
            if estimated_score(c, some.rows[k], month_.error, segment) < acquisition.low_value:
                x.chance[k] *= 1 - acquisition.selectivity
    draw_words(some.words, some.slots, n, key, CUSTOMER_MONTH, month, 1)
    come = 0
    for k in range(n):
        some.rows[come] = some.rows[k]
        come += uniform(some.words[0, k]) < x.chance[k]
    return come


@woven_in
def satisfaction_after(quality, satisfaction, expectation, month_, p):  # type: ignore[no-untyped-def]
    """Satisfaction after the month, 0-1: disconfirmation (Oliver 1980), or drift to the market's without contact."""
    gap = expectation - quality
    met = satisfaction + p.satisfaction_speed * (quality - p.disconfirmation * gap - satisfaction)
    drifted = satisfaction + p.market_pull * (month_.usual_q - satisfaction)
    return min(1.0, max(0.0, met if quality >= 0 else drifted))


@woven_in
def trust_after(quality, trust, month_, p):  # type: ignore[no-untyped-def]
    """Trust after the month, 0-1; likewise."""
    met, drifted = trust + p.trust_speed * (quality - trust), trust + p.market_pull * (month_.usual_u - trust)
    return min(1.0, max(0.0, met if quality >= 0 else drifted))


@woven_in
def expectation_after(quality, expectation, month_, p):  # type: ignore[no-untyped-def]
    """Expected experience after the month, at most 1: it follows experience, and rises by itself."""
    met = expectation + p.expectation_speed * (quality - expectation)
    return min(1.0, (met if quality >= 0 else expectation) + month_.drift)


@woven_in
def estimated_score(c, i, blur, segment):  # type: ignore[no-untyped-def]
    """Spend potential as the enterprise estimates it, in logs with an error of size `blur`, as a standard score among
    the estimates of the segment.
    """
    estimate = math.log(np.float64(c.spend[i])) - segment[LOG_SPEND] + blur * np.float64(c.error[i])
    return estimate / max(math.sqrt(segment[SPREAD] ** 2 + blur * blur), 1e-9)


@woven_in
def join(n, rows, c, log_frailty, segment, wallet, month_, key, counts):  # type: ignore[no-untyped-def]
    """The first n of `rows`, prospects, become customers with the firm's usual standing and no history."""
    for k in range(n):
        i = rows[k]
        frailty = frailty_at(uniforms(key, CUSTOMER_TRAITS, c.generation[i], c.slot[i], 1)[2], log_frailty)
        counts[JOINED] += 1.0
        c.alive[i] = 1
        c.tenure[i] = 0
        c.wallet[i] = wallet
        c.satisfaction[i] = month_.usual_q
        c.trust[i] = month_.usual_u
        c.commitment[i] = month_.usual_u
        c.expectation[i] = month_.usual_q
        c.knowledge[i] = 0.0
        c.frailty[i] = frailty
        c.hazard[i] = segment[STARTS] * frailty
        c.participation[i] = 0.0
        c.tier[i] = IN_PERSON
        c.open_need[i] = 0
        c.failures[i] = 0


@woven_in
def make_room(n, rows, c, segment, cost_spread, appeal_spread, key):  # type: ignore[no-untyped-def]
    """The first n of `rows`: each slot's next generation is a prospect with traits of its own, drawn by (slot,
    generation).
    """
    for k in range(n):
        i = rows[k]
        c.alive[i] = 0
        c.owner[i] = -1
        c.tier[i] = IN_PERSON
        c.generation[i] += 1
        t = uniforms(key, CUSTOMER_TRAITS, c.generation[i], c.slot[i], 0)
        m = uniforms(key, CUSTOMER_TRAITS, c.generation[i], c.slot[i], 1)
        c.spend[i] = math.exp(segment[LOG_SPEND] + segment[SPREAD] * normal(t[0]))
        c.service_cost[i] = math.exp(cost_spread * normal(t[1]) - cost_spread * cost_spread / 2)
        c.error[i] = normal(t[2])
        c.misjudged[i] = normal(t[3])
        c.appeal[i] = math.exp(appeal_spread * normal(m[1]) - appeal_spread * appeal_spread / 2)
