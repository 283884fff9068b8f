"""Phase 8, customers: satisfaction, trust, commitment, churn, acquisition."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.columns import IN_PERSON
from sim.compiled import rule
from sim.draws import Stream, normal, uniforms
from sim.params.strategy import FEEDBACK, INSIGHT
from sim.phases.environment import mean_of
from sim.phases.service import chain_strength, in_chunks
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
from sim.sums import column_sum
from sim.world import World, constant

SCORED, FENCED, SALES, TRIGGERED, MAY, INVITED = range(6)  # columns of `unit_levels`
HAZARD, ENTRY, LOG_SPEND, SPREAD, SENSITIVE, AT_STAKE, BOND, USUAL = range(8)  # columns of `segment_levels`
CUSTOMER_MONTH = int(Stream.CUSTOMER_MONTH)
OFFER = int(Stream.OFFER)
CUSTOMER_TRAITS = int(Stream.CUSTOMER_TRAITS)


def advance(world: World) -> None:
    """React to the month, leave or stay, join."""
    state, rules, records = world.state, world.rules, world.records
    known = chain_strength(state.silos.chain, rules.information.weakest)
    month, units, segments, history = this_month(world), unit_levels(world), segment_levels(world), shared_past(world)
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
    """Numbers that are the same for every customer this month."""

    pull: float  # hazard ratio of competitors and products
    rival: float  # service that rivals have matched
    usual_q: float  # normal satisfaction
    usual_u: float  # normal trust
    drift: float  # of expectations
    threshold: float  # scored hazard from which a retention act is offered
    error: float  # of estimates when nothing is known, log
    horizon: float  # months of tenure
    natural_end: float  # hazard beyond the horizon
    cost_spread: float  # log
    word: float  # acquisition relative to normal by word of mouth
    margin: float
    serving: float  # $/month of a customer with mean cost to serve
    exposed: float  # share of customers with contact in a month
    web_cost: float  # of a contact by web and pool, relative


def this_month(world: World) -> Month:
    """The month's numbers for `react`."""
    climate, usual = world.state.climate, world.state.normal
    market, spec, economics = world.rules.market, world.rules.customers, world.rules.economics
    product = max(0.0, 1 - world.rules.churn.product * 2 * (market.product_quality - 0.5))
    spread_word = climate.advocates / usual.advocates - 1 if usual.advocates > 0 and world.month >= 0 else 0.0
    return Month(
        pull=climate.pull * product,
        rival=float(climate.rival),
        usual_q=float(usual.satisfaction),
        usual_u=float(usual.trust),
        drift=market.expectation_drift,
        threshold=climate.act_threshold,
        error=spec.estimate_error,
        horizon=12 * spec.horizon_years,
        natural_end=spec.natural_end_per_month,
        cost_spread=spec.cost_to_serve_spread,
        word=max(0.0, 1 + market.referral * spread_word),
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
    return levels_by_unit(
        climate.design, climate.fence, climate.governance, climate.pay, push, incentives.mix.individual,
        world.rules.churn.monitored,
    )  # fmt: skip


@rule
def levels_by_unit(design, fence, governance, pay, push, usual_pay, monitored):  # type: ignore[no-untyped-def]
    """The columns of `unit_levels`; individual pay buys sales effort, `push` per unit of it."""
    found = np.empty((design.shape[0], 6))
    for s in range(design.shape[0]):
        found[s, SCORED] = design[s, INSIGHT]
        found[s, FENCED] = fence[s]
        found[s, SALES] = (1 + push * pay[s, 0]) / (1 + push * usual_pay)
        found[s, TRIGGERED] = max(design[s, FEEDBACK], monitored)
        found[s, MAY] = governance[s, AUTHORITY]
        found[s, INVITED] = design[s, FEEDBACK]
    return found


def segment_levels(world: World) -> np.ndarray:
    """Per segment: fitted hazard, chance to join, mean and spread of log spend, sensitivity, spend at stake, speed of
    commitment, normal risk ratio; shape [segment, 8].
    """
    found = fixed_levels(world).copy()
    found[:, ENTRY] = world.state.entry
    found[:, USUAL] = np.maximum(world.state.normal.risk_ratio, 1e-9)
    return found


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


@rule
def react(  # type: ignore[no-untyped-def]
    lo, hi, c, known, history, usual_knowledge, log_frailty, month_, units, segments, p, churn, info, acquisition,
    offers, key, month, tally, tally_segments,
):  # fmt: skip
    """Customers lo..hi feel, stay or leave; prospects join.

    Draws per slot and month: leaving, act (words 1 and 2 of the month's draw, made when the month's contacts are),
    release (stream OFFER, ordinal 1), entry (ordinal 1 of the month's draw).
    The fitted hazard already holds what tenure does in the unchanged firm; only departures from that firm's normal act.
    """
    p, churn, info, acquisition, offers = p[0], churn[0], info[0], acquisition[0], offers[0]
    for i in range(lo, hi):
        home = c.home[i]
        s = c.segment[i]
        c.acted[i] = 0
        if c.alive[i] == 0:
            chance = segments[s, ENTRY] * np.float64(c.appeal[i]) * units[home, SALES] * month_.word
            if units[home, FENCED] > 0 and estimated_score(c, i, month_.error, segments) < acquisition.low_value:
                chance *= 1 - acquisition.selectivity
            if uniforms(key, CUSTOMER_MONTH, month, i, 1)[0] < chance:
                rank = uniforms(key, CUSTOMER_TRAITS, c.generation[i], i, 1)[2]
                join(c, i, frailty_at(rank, log_frailty[s]), segments[s, HAZARD] * month_.pull, offers.wallet, month_)
                tally[home, JOINED] += 1.0
            continue
        quality = np.float64(c.quality[i])
        before = np.float64(c.satisfaction[i])
        q, trust, expects = feel(quality, before, np.float64(c.trust[i]), np.float64(c.expectation[i]), month_, p)
        commitment = np.float64(c.commitment[i])
        commitment += segments[s, BOND] * (trust - commitment)
        taking_part = np.float64(c.participation[i])
        taking_part += p.participation_speed * (units[home, INVITED] * trust - taking_part)
        knowledge = np.float64(c.knowledge[i]) * (1 - info.ageing)
        knowledge += info.told * taking_part * (1 - knowledge)
        tenure = c.tenure[i]
        t = min(tenure, history.shape[0] - 1)
        reaction = churn.satisfaction * (q - month_.rival - month_.usual_q) + churn.trust * (trust - month_.usual_u)
        bond = churn.commitment * history[t] * (commitment - month_.usual_u)
        ratio = math.exp(-reaction * segments[s, SENSITIVE] - bond - churn.knowledge * (knowledge - usual_knowledge[t]))
        hazard = segments[s, HAZARD] * np.float64(c.frailty[i]) * ratio * month_.pull / segments[s, USUAL]
        if tenure >= month_.horizon:
            hazard += month_.natural_end
        blur = month_.error * (1 - knowledge * known[home])
        c.hazard[i] = hazard
        if c.luck[i, 1] < units[home, SCORED]:
            scored = hazard * math.exp(blur * np.float64(c.misjudged[i]))
            if scored > month_.threshold:
                hazard *= 1 - churn.retention_act
                c.acted[i] = 1
                tally[home, ACTS] += 1.0
        if before - q > churn.trigger_fall and c.luck[i, 1] < units[home, TRIGGERED]:
            tally[home, TRIGGERS] += 1.0
            if uniforms(key, CUSTOMER_MONTH, month, i, 1)[1] < churn.trigger_response:
                q += churn.trigger_gain * (before - q)
                tally[home, RESPONSES] += 1.0
        spent = np.float64(c.wallet[i]) * np.float64(c.spend[i])
        released = False
        tally[home, COVERED] += c.owner[i] >= 0
        if c.tier[i] != IN_PERSON and c.owner[i] < 0 and units[home, FENCED] > 0:
            unpaid = segments[s, AT_STAKE] * month_.exposed * (1 - q)
            brings = (month_.margin - unpaid) * spent * math.exp(blur * np.float64(c.error[i]))
            if brings < month_.serving * month_.web_cost * np.float64(c.service_cost[i]):
                released = uniforms(key, OFFER, month, i, 1)[0] < acquisition.divest * units[home, MAY]
        tally[home, WEB_SERVED] += c.tier[i] != IN_PERSON
        tally[home, GROSS] += spent
        if quality >= 0:
            spent *= 1 - segments[s, AT_STAKE] * (1 - quality)
        c.satisfaction[i], c.trust[i], c.expectation[i] = q, trust, expects
        c.commitment[i], c.knowledge[i], c.tenure[i] = commitment, knowledge, tenure + 1
        c.participation[i] = taking_part
        tally[home, PARTICIPATION] += taking_part
        tally[home, COMMITMENT] += commitment
        satisfied = q >= acquisition.advocate_from
        tally[home, CUSTOMERS] += 1.0
        tally[home, SATISFACTION] += q
        tally[home, TRUST] += trust
        tally[home, WALLET] += c.wallet[i]
        tally[home, KNOWLEDGE] += knowledge
        tally[home, MARGIN_BASE] += spent
        tally_segments[s, RISK_RATIO] += ratio
        tally_segments[s, MEMBERS] += 1.0
        tally[home, SATISFIED] += satisfied
        tally[home, ADVOCATES] += satisfied and trust >= acquisition.advocate_from
        leaving = np.float64(c.luck[i, 0])  # compared with the hazard first, since 1 - exp(-h) <= h
        if released or (leaving < hazard and leaving < 1 - math.exp(-hazard)):
            tally[home, LEFT] += 1.0
            tally[home, RELEASED] += released
            tally[home, LEFT_SATISFIED] += satisfied
            tally[home, NATURAL] += tenure >= month_.horizon
            make_room(c, i, s, segments, month_.cost_spread, acquisition.spread, key)


@rule
def feel(quality, satisfaction, trust, expectation, month_, p):  # type: ignore[no-untyped-def]
    """Satisfaction, trust and expectation after the month: disconfirmation (Oliver 1980), or drift without contact.

    Returns:
        The three levels, each in 0-1.
    """
    if quality >= 0:
        gap = expectation - quality
        satisfaction += p.satisfaction_speed * (quality - p.disconfirmation * gap - satisfaction)
        trust += p.trust_speed * (quality - trust)
        expectation += p.expectation_speed * (quality - expectation)
    else:
        satisfaction += p.market_pull * (month_.usual_q - satisfaction)
        trust += p.market_pull * (month_.usual_u - trust)
    expectation = min(1.0, expectation + month_.drift)
    return min(1.0, max(0.0, satisfaction)), min(1.0, max(0.0, trust)), expectation


@rule
def estimated_score(c, i, blur, segments):  # type: ignore[no-untyped-def]
    """Spend potential as the enterprise estimates it, in logs with an error of size `blur`, as a standard score among
    the estimates of the segment.
    """
    s = c.segment[i]
    estimate = math.log(np.float64(c.spend[i])) - segments[s, LOG_SPEND] + blur * np.float64(c.error[i])
    return estimate / max(math.sqrt(segments[s, SPREAD] ** 2 + blur * blur), 1e-9)


@rule
def join(c, i, frailty, hazard, wallet, month_):  # type: ignore[no-untyped-def]
    """A prospect becomes a customer with the firm's usual standing and no history."""
    c.alive[i] = 1
    c.tenure[i] = 0
    c.wallet[i] = wallet
    c.satisfaction[i] = month_.usual_q
    c.trust[i] = month_.usual_u
    c.commitment[i] = month_.usual_u
    c.expectation[i] = month_.usual_q
    c.knowledge[i] = 0.0
    c.frailty[i] = frailty
    c.hazard[i] = hazard * frailty
    c.participation[i] = 0.0
    c.tier[i] = IN_PERSON
    c.open_need[i] = 0
    c.failures[i] = 0


@rule
def make_room(c, i, s, segments, cost_spread, appeal_spread, key):  # type: ignore[no-untyped-def]
    """The slot's next generation is a prospect with traits of its own, drawn by (slot, generation)."""
    c.alive[i] = 0
    c.owner[i] = -1
    c.tier[i] = IN_PERSON
    c.generation[i] += 1
    t = uniforms(key, CUSTOMER_TRAITS, c.generation[i], i, 0)
    m = uniforms(key, CUSTOMER_TRAITS, c.generation[i], i, 1)
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
    if not climate.design[:, INSIGHT].any():
        return
    customers = column_sum(tallies, CUSTOMERS)
    insight = float(climate.design[:, INSIGHT] @ tallies[:, :, CUSTOMERS].sum(axis=0) / max(customers, 1.0))
    if insight <= 0:
        return
    share = column_sum(tallies, ACTS) / customers / insight
    step = min(max(share / max(world.rules.churn.act_budget, 1e-4), 0.7), 1.4) ** 0.5
    climate.act_threshold = min(max(climate.act_threshold * step, 1e-4), 10.0)
