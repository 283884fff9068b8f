"""Phase 8, customers: satisfaction, trust, commitment, churn, acquisition."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.columns import F64, IN_PERSON
from sim.compiled import rule, woven_in
from sim.draws import Stream, draw_words, normal, uniforms, uniforms_of
from sim.exponential import exp
from sim.params.strategy import FEEDBACK, INSIGHT
from sim.phases.environment import mean_of
from sim.phases.service import strength_of_chain
from sim.phases.tiles import TILE, end_of_tile, find, in_chunks
from sim.settled import MAX_TENURE
from sim.state import (
    ACTS,
    ADVOCATES,
    AUTHORITY,
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
from sim.sums import by_row, column_sum, sum_where
from sim.world import World, constant

SCORED, FENCED, SALES, TRIGGERED, MAY, INVITED = range(6)  # columns of `unit_levels`
HAZARD, ENTRY, LOG_SPEND, SPREAD, SENSITIVE, AT_STAKE, BOND, STARTS = range(8)  # columns of `segment_levels`
CUSTOMER_MONTH = int(Stream.CUSTOMER_MONTH)
OFFER = int(Stream.OFFER)
CUSTOMER_TRAITS = int(Stream.CUSTOMER_TRAITS)


def advance(world: World) -> None:
    """React to the month, leave or stay, join."""
    state, records = world.state, world.records
    known = strength_of_chain(world)
    month, units, history = this_month(world), unit_levels(world), shared_past(world)
    segments = segment_levels(world, month.pull)
    log_frailty = world.structure.segments.log_frailty

    def rows(chunk: int, lo: int, hi: int) -> None:
        react(
            lo, hi, state.customers, known, history, state.usual_knowledge, log_frailty, month, units, segments,
            records.experience, records.churn, records.information, records.acquisition, records.offers, world.key,
            state.month, state.tally.silos[chunk], state.tally.segments[chunk],
        )  # fmt: skip

    in_chunks(world, rows)
    state.climate.advocates = mean_of(state.tally.silos, ADVOCATES)
    steer_retention_budget(world)


@constant
def shared_past(world: World) -> np.ndarray:
    """How much of a common history there is after so many months of tenure, 0-1, shape [month of tenure]."""
    return -np.expm1(-np.arange(MAX_TENURE + 1) / world.rules.experience.commitment_months)


class Month(NamedTuple):
    """Numbers that are the same for every customer this month; those that never change come first."""

    drift: float  # of expectations
    error: float  # of estimates when nothing is known, log
    horizon: float  # months of tenure
    natural_end: float  # hazard beyond the horizon
    cost_spread: float  # log
    margin: float
    serving: float  # $/month of a customer with mean cost to serve
    exposed: float  # share of customers with contact in a month
    web_cost: float  # of a contact by web and pool, relative
    pull: float = 1.0  # hazard ratio of competitors and products
    rival: float = 0.0  # service that rivals have matched
    usual_q: float = 0.0  # normal satisfaction
    usual_u: float = 0.0  # normal trust
    threshold: float = 0.0  # scored hazard from which a retention act is offered
    word: float = 1.0  # acquisition relative to normal by word of mouth


def this_month(world: World) -> Month:
    """The month's numbers for `react`."""
    climate, usual, market = world.state.climate, world.state.normal, world.rules.market
    product = max(0.0, 1 - world.rules.churn.product * 2 * (market.product_quality - 0.5))
    spread_word = climate.advocates / usual.advocates - 1 if usual.advocates > 0 and world.month >= 0 else 0.0
    return any_month(world)._replace(
        pull=climate.pull * product,
        rival=float(climate.rival),
        usual_q=float(usual.satisfaction),
        usual_u=float(usual.trust),
        threshold=climate.act_threshold,
        word=max(0.0, 1 + market.referral * spread_word),
    )


@constant
def any_month(world: World) -> Month:
    """The numbers of `this_month` that never change."""
    market, spec, economics = world.rules.market, world.rules.customers, world.rules.economics
    return Month(
        drift=market.expectation_drift,
        error=spec.estimate_error,
        horizon=12 * spec.horizon_years,
        natural_end=spec.natural_end_per_month,
        cost_spread=spec.cost_to_serve_spread,
        margin=economics.margin,
        serving=economics.contact_cost * market.contact_rate,
        exposed=-math.expm1(-market.contact_rate),
        web_cost=world.rules.service.self_service_cost,
    )


def unit_levels(world: World) -> np.ndarray:
    """Per unit, shape [silo, 6]: share of risk scores acted on, picket fence, sales effort, share of customers whose
    behaviour is watched, owners' authority, share of customers invited to take part.
    """
    climate, incentives = world.state.climate, world.scenario.incentives
    push = world.rules.acquisition.sales_pay * incentives.variable_share
    found = np.empty((len(climate.fence), 6))
    levels_by_unit(
        found, climate.design, climate.fence, climate.governance, climate.pay, push, incentives.mix.individual,
        world.rules.churn.monitored,
    )  # fmt: skip
    return found


@rule
def levels_by_unit(found, design, fence, governance, pay, push, usual_pay, monitored):  # type: ignore[no-untyped-def]
    """Write the columns of `unit_levels`; individual pay buys sales effort, `push` per unit of it."""
    for s in range(design.shape[0]):
        found[s, SCORED] = design[s, INSIGHT]
        found[s, FENCED] = fence[s]
        found[s, SALES] = (1 + push * pay[s, 0]) / (1 + push * usual_pay)
        found[s, TRIGGERED] = max(design[s, FEEDBACK], monitored)
        found[s, MAY] = governance[s, AUTHORITY]
        found[s, INVITED] = design[s, FEEDBACK]


def segment_levels(world: World, pull: float) -> np.ndarray:
    """Per segment: fitted hazard, chance to join, mean and spread of log spend, sensitivity, spend at stake, speed of
    commitment, normal risk ratio; shape [segment, 8].
    """
    found = fixed_levels(world).copy()
    levels_by_segment(found, world.state.entry, world.state.normal.risk_ratio, pull)
    return found


@rule
def levels_by_segment(found, entry, usual, pull):  # type: ignore[no-untyped-def]
    """Write the columns of `segment_levels` that move; `usual` is the normal risk ratio."""
    for s in range(entry.shape[0]):
        found[s, ENTRY] = entry[s]
        found[s, STARTS] = found[s, HAZARD] * pull
        found[s, HAZARD] *= pull / max(usual[s], 1e-9)


@constant
def fixed_levels(world: World) -> np.ndarray:
    """The columns of `segment_levels` that never change; the others are zero.

    A term contract delays reactions; under a performance contract part of the spend is paid only for what works, and
    commitment moves faster since the risk is shared.
    """
    s = world.structure.segments
    contracts = [segment.contract for segment in world.rules.customers.segments.values()]
    sensitive = np.array([1 - world.rules.churn.term_lock * (kind == "term") for kind in contracts])
    at_stake = np.array([world.rules.experience.performance_share * (kind == "performance") for kind in contracts])
    rule = world.rules.experience
    bond = np.array([rule.commitment_speed * (1 + rule.reciprocity * (kind == "performance")) for kind in contracts])
    bond, later = np.minimum(1.0, bond), np.zeros(len(bond))
    return np.stack([s.hazard, later, s.log_spend, s.spread, sensitive, at_stake, bond, later], axis=1)


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
    kept: F64  # room for sums


@rule
def react(  # type: ignore[no-untyped-def]
    lo, hi, c, known, history, usual_knowledge, log_frailty, month_, units, segments, p, churn, info, acquisition,
    offers, key, month, tally, tally_segments,
):  # fmt: skip
    """Customers lo..hi feel, stay or leave; prospects join.

    Draws per slot and month: leaving, act (words 1 and 2 of the month's draw, made when the month's contacts are),
    release (stream OFFER, ordinal 1), entry (ordinal 1 of the month's draw).
    The rows of a tile share home unit and segment. What everybody goes through is worked out in short loops, which
    take several rows at once (and prospects along, in vain); who may leave or be acted on is looked at one by one.
    """
    p, churn, info, acquisition, offers = p[0], churn[0], info[0], acquisition[0], offers[0]
    x = Tile(
        np.empty(TILE), np.empty(TILE), np.empty(TILE), np.empty(TILE), np.empty(TILE), np.empty(TILE), np.empty(TILE),
        np.empty(TILE), np.empty(TILE), np.empty(TILE), np.empty(TILE), np.empty(TILE), np.empty(TILE), np.empty(TILE),
    )  # fmt: skip
    chosen, rows, words = np.empty(TILE, np.int8), np.empty(TILE, np.int64), np.empty((4, TILE), np.uint64)
    leavers, joiners = np.empty(hi - lo, np.int64), np.empty(hi - lo, np.int64)
    gone, come, start = 0, 0, lo
    while start < hi:
        stop = end_of_tile(c.home, c.segment, start, hi)
        home, s = c.home[start], c.segment[start]
        unit, segment = units[home], segments[s]
        feel_and_weigh(start, stop, c, x, known[home], history, usual_knowledge, unit, segment, month_, p, churn, info)
        keep_what_moved(start, stop, c, x)
        who_may_go(start, stop, c, x, unit, churn, chosen)
        gone = stay_or_leave(
            rows[: find(chosen[: stop - start], start, rows)], start, c, x, known[home], unit, segment, month_, churn,
            acquisition, key, month, tally[home], leavers, gone,
        )  # fmt: skip
        take_stock(start, stop, c, x, acquisition.advocate_from, tally[home], tally_segments[s])
        for j in range(stop - start):
            chosen[j] = 1 - c.alive[start + j]
        prospects = rows[: find(chosen[: stop - start], start, rows)]
        come = arrive(prospects, words, c, unit, segment, month_, acquisition, key, month, joiners, come)
        start = stop
    make_room(leavers[:gone], c, segments, month_.cost_spread, acquisition.spread, key)
    join(joiners[:come], c, log_frailty, segments, offers.wallet, month_, key, tally)


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
        x.earlier[j] = satisfaction[j]
    for j in range(n):
        x.felt[j] = satisfaction_after(np.float64(quality[j]), x.earlier[j], np.float64(expectation[j]), month_, p)
    for j in range(n):
        x.trusted[j] = trust_after(np.float64(quality[j]), np.float64(trust[j]), month_, p)
    for j in range(n):
        x.expected[j] = expectation_after(np.float64(quality[j]), np.float64(expectation[j]), month_, p)
    for j in range(n):
        before = np.float64(commitment[j])
        x.bound[j] = before + segment[BOND] * (x.trusted[j] - before)
    for j in range(n):
        before = np.float64(participation[j])
        x.active[j] = before + p.participation_speed * (unit[INVITED] * x.trusted[j] - before)
    for j in range(n):
        kept = np.float64(knowledge[j]) * (1 - info.ageing)
        x.told[j] = kept + info.told * x.active[j] * (1 - kept)
    for j in range(n):
        reaction = churn.satisfaction * (x.felt[j] - month_.rival - month_.usual_q)
        reaction += churn.trust * (x.trusted[j] - month_.usual_u)
        bond = churn.commitment * x.shared[j] * (x.bound[j] - month_.usual_u)
        x.ratio[j] = exp(-reaction * segment[SENSITIVE] - bond - churn.knowledge * (x.told[j] - x.usual[j]))
    for j in range(n):
        natural = month_.natural_end if tenure[j] >= month_.horizon else 0.0
        x.risk[j] = segment[HAZARD] * np.float64(frailty[j]) * x.ratio[j] + natural
    for j in range(n):
        x.gross[j] = np.float64(wallet[j]) * np.float64(spend[j])
    for j in range(n):
        unpaid = segment[AT_STAKE] * (1 - np.float64(quality[j])) if quality[j] >= 0 else 0.0
        x.base[j] = x.gross[j] * (1 - unpaid)


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
    rows, start, c, x, known, unit, segment, month_, churn, acquisition, key, month, counts, leavers, gone
):
    """Retention acts, answers to triggers, releases, and who leaves; `leavers` from place `gone` on take their rows.

    Returns:
        How many have left so far.
    """
    for k in range(rows.shape[0]):
        i = rows[k]
        j = i - start
        hazard, act, released = x.risk[j], np.float64(c.luck_act[i]), False
        blur = month_.error * (1 - x.told[j] * known)
        if act < unit[SCORED]:
            scored = hazard * math.exp(blur * np.float64(c.misjudged[i]))
            if scored > month_.threshold:
                hazard *= 1 - churn.retention_act
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
            leavers[gone] = i
            gone += 1
    return gone


@woven_in
def take_stock(start, stop, c, x, advocate_from, counts, members):  # type: ignore[no-untyped-def]
    """Add the customers of a tile, leavers included, to the tallies of their unit and segment."""
    alive, tier, owner, tenure = c.alive[start:stop], c.tier[start:stop], c.owner[start:stop], c.tenure[start:stop]
    there, by_web, owned, content, fond = 0, 0, 0, 0, 0
    for j in range(stop - start):
        there += alive[j]
    for j in range(stop - start):
        by_web += alive[j] if tier[j] != IN_PERSON else 0
    for j in range(stop - start):
        owned += alive[j] if owner[j] >= 0 else 0
    for j in range(stop - start):
        content += alive[j] if x.felt[j] >= advocate_from else 0
    for j in range(stop - start):
        fond += alive[j] if x.felt[j] >= advocate_from and x.trusted[j] >= advocate_from else 0
    for j in range(stop - start):
        tenure[j] += alive[j]
    counts[CUSTOMERS] += there
    counts[WEB_SERVED] += by_web
    counts[COVERED] += owned
    counts[SATISFIED] += content
    counts[ADVOCATES] += fond
    counts[PARTICIPATION] += sum_where(alive, x.active, x.kept)
    counts[COMMITMENT] += sum_where(alive, x.bound, x.kept)
    counts[SATISFACTION] += sum_where(alive, x.felt, x.kept)
    counts[TRUST] += sum_where(alive, x.trusted, x.kept)
    counts[KNOWLEDGE] += sum_where(alive, x.told, x.kept)
    counts[WALLET] += sum_where(alive, c.wallet[start:stop], x.kept)
    counts[GROSS] += sum_where(alive, x.gross, x.kept)
    counts[MARGIN_BASE] += sum_where(alive, x.base, x.kept)
    members[RISK_RATIO] += sum_where(alive, x.ratio, x.kept)
    members[MEMBERS] += there


@woven_in
def arrive(rows, words, c, unit, segment, month_, acquisition, key, month, joiners, come):  # type: ignore[no-untyped-def]
    """Prospects who become customers; a picket fence turns some of little value away.

    Returns:
        How many have joined so far.
    """
    slots = c.slot[rows]
    draw_words(words, slots, rows.shape[0], key, CUSTOMER_MONTH, month, 1)
    for k in range(rows.shape[0]):
        i = rows[k]
        chance = segment[ENTRY] * np.float64(c.appeal[i]) * unit[SALES] * month_.word
        if unit[FENCED] > 0 and estimated_score(c, i, month_.error, segment) < acquisition.low_value:
            chance *= 1 - acquisition.selectivity
        if uniforms_of(words, k)[0] < chance:
            joiners[come] = i
            come += 1
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


@rule
def estimated_score(c, i, blur, segment):  # type: ignore[no-untyped-def]
    """Spend potential as the enterprise estimates it, in logs with an error of size `blur`, as a standard score among
    the estimates of the segment.
    """
    estimate = math.log(np.float64(c.spend[i])) - segment[LOG_SPEND] + blur * np.float64(c.error[i])
    return estimate / max(math.sqrt(segment[SPREAD] ** 2 + blur * blur), 1e-9)


@rule
def join(rows, c, log_frailty, segments, wallet, month_, key, tally):  # type: ignore[no-untyped-def]
    """Prospects become customers with the firm's usual standing and no history."""
    for k in range(rows.shape[0]):
        i = rows[k]
        s = c.segment[i]
        frailty = frailty_at(uniforms(key, CUSTOMER_TRAITS, c.generation[i], c.slot[i], 1)[2], log_frailty[s])
        tally[c.home[i], JOINED] += 1.0
        c.alive[i] = 1
        c.tenure[i] = 0
        c.wallet[i] = wallet
        c.satisfaction[i] = month_.usual_q
        c.trust[i] = month_.usual_u
        c.commitment[i] = month_.usual_u
        c.expectation[i] = month_.usual_q
        c.knowledge[i] = 0.0
        c.frailty[i] = frailty
        c.hazard[i] = segments[s, STARTS] * frailty
        c.participation[i] = 0.0
        c.tier[i] = IN_PERSON
        c.open_need[i] = 0
        c.failures[i] = 0


@rule
def make_room(rows, c, segments, cost_spread, appeal_spread, key):  # type: ignore[no-untyped-def]
    """Each slot's next generation is a prospect with traits of its own, drawn by (slot, generation)."""
    for k in range(rows.shape[0]):
        i = rows[k]
        s = c.segment[i]
        c.alive[i] = 0
        c.owner[i] = -1
        c.tier[i] = IN_PERSON
        c.generation[i] += 1
        t = uniforms(key, CUSTOMER_TRAITS, c.generation[i], c.slot[i], 0)
        m = uniforms(key, CUSTOMER_TRAITS, c.generation[i], c.slot[i], 1)
        c.spend[i] = math.exp(segments[s, LOG_SPEND] + segments[s, SPREAD] * normal(t[0]))
        c.service_cost[i] = math.exp(cost_spread * normal(t[1]) - cost_spread * cost_spread / 2)
        c.error[i] = normal(t[2])
        c.misjudged[i] = normal(t[3])
        c.appeal[i] = math.exp(appeal_spread * normal(m[1]) - appeal_spread * appeal_spread / 2)


@rule
def frailty_at(u, log_frailty):  # type: ignore[no-untyped-def]
    """Frailty quantile of u by interpolation in the table over `FRAILTY_LOGITS`."""
    top = log_frailty.shape[0] - 1
    place = (math.log(u / (1 - u)) + 18.0) / 36.0 * top
    place = min(max(place, 0.0), top - 1e-9)
    k = int(place)
    return math.exp(log_frailty[k] + (place - k) * (log_frailty[k + 1] - log_frailty[k]))


def steer_retention_budget(world: World) -> None:
    """Move the threshold of the risk score so that next month's acts meet the budget."""
    tallies, climate = world.state.tally.silos, world.state.climate
    if not any(climate.design[:, INSIGHT].tolist()):
        return
    served = np.empty(len(climate.fence))
    customers, acts = acts_and_customers(tallies, served)
    insight = float(climate.design[:, INSIGHT].dot(served) / max(customers, 1.0))
    if insight <= 0:
        return
    share = acts / customers / insight
    step = min(max(share / max(world.rules.churn.act_budget, 1e-4), 0.7), 1.4) ** 0.5
    climate.act_threshold = min(max(climate.act_threshold * step, 1e-4), 10.0)


@rule
def acts_and_customers(tallies, served):  # type: ignore[no-untyped-def]
    """Customers and retention acts this month; write how many customers are at home in each unit."""
    served[:] = by_row(tallies)[:, CUSTOMERS]
    return column_sum(tallies, CUSTOMERS), column_sum(tallies, ACTS)
