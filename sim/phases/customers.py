"""Phase 8, customers: satisfaction, trust, commitment, churn, acquisition."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from sim.compiled import rule
from sim.draws import Stream, normal, uniforms
from sim.params.strategy import FEEDBACK, INSIGHT, PORTFOLIO
from sim.phases.environment import mean_of
from sim.phases.service import chain_strength, in_chunks
from sim.state import (
    ACTS,
    ADVOCATES,
    COVERED,
    CUSTOMERS,
    GROSS,
    JOINED,
    KNOWLEDGE,
    LEFT,
    LEFT_SATISFIED,
    MARGIN_BASE,
    NATURAL,
    RISK_RATIO,
    SATISFACTION,
    SATISFIED,
    TRIGGERS,
    TRUST,
    WALLET,
)  # fmt: skip
from sim.world import World

CUSTOMER_MONTH = int(Stream.CUSTOMER_MONTH)
OFFER = int(Stream.OFFER)
CUSTOMER_TRAITS = int(Stream.CUSTOMER_TRAITS)


def advance(world: World) -> None:
    """React to the month, leave or stay, join."""
    state, rules, records = world.state, world.rules, world.records
    known = chain_strength(state.silos.chain)
    levels, units, segments = month_levels(world), unit_levels(world), segment_levels(world)
    history = -np.expm1(-np.arange(len(state.usual_knowledge)) / rules.experience.commitment_months)
    by_tenure = np.stack([history, state.usual_knowledge])
    log_frailty = world.structure.segments.log_frailty
    managers, first = world.structure.units.managers, world.structure.units.first

    def rows(chunk: int, lo: int, hi: int) -> None:
        react(
            lo, hi, state.customers, known, by_tenure, log_frailty, levels, units, segments, managers, first,
            records.experience, records.churn, records.information, records.acquisition, records.offers, world.key,
            state.month, state.tally.silos[chunk],
        )  # fmt: skip

    in_chunks(world, rows)
    state.climate.advocates = mean_of(state.tally.silos, ADVOCATES)
    steer_retention_budget(world)


def month_levels(world: World) -> np.ndarray:
    """Numbers that are the same for every customer this month, in the order in which `react` unpacks them."""
    state = world.state
    climate, normal_ = state.climate, state.normal
    market, spec = world.rules.market, world.rules.customers
    product = max(0.0, 1 - world.rules.churn.product * 2 * (market.product_quality - 0.5))
    spread_word = climate.advocates / normal_.advocates - 1 if normal_.advocates > 0 and world.month >= 0 else 0.0
    word = max(0.0, 1 + market.referral * spread_word)
    economics = world.rules.economics
    return np.array([
        climate.pull * product / max(normal_.risk_ratio, 1e-9), climate.rival, normal_.satisfaction, normal_.trust,
        market.expectation_drift, climate.act_threshold, spec.estimate_error, 12 * spec.horizon_years,
        spec.natural_end_per_month, spec.cost_to_serve_spread, word, economics.margin, economics.contact_cost,
        market.contact_rate, world.rules.governance.authority,
    ])  # fmt: skip


def unit_levels(world: World) -> np.ndarray:
    """Per unit: share of risk scores acted on, z-score of the fence, sales effort, share of triggers; [silo, 4]."""
    design = world.state.climate.design
    governance = world.rules.governance
    cover = np.minimum(governance.fence, np.maximum(governance.customer_share, design[:, PORTFOLIO] * governance.fence))
    cover = np.minimum(cover, share_in_span(world))
    with np.errstate(divide="ignore"):
        fence = np.where(cover > 0, -ndtri(np.minimum(cover, 1 - 1e-9)), np.inf)
    rule, incentives = world.rules.acquisition, world.scenario.incentives
    usual = 1 + rule.sales_pay * incentives.variable_share * incentives.mix.individual
    sales = (1 + rule.sales_pay * incentives.variable_share * world.state.climate.pay[:, 0]) / usual
    return np.stack([design[:, INSIGHT], fence, sales, design[:, FEEDBACK]], axis=1)


def share_in_span(world: World) -> np.ndarray:
    """Share of each unit's customers that its portfolio managers can own, shape [silo]."""
    staff, base = world.rules.employees, world.rules.customers
    homes = np.array([silo.home_share for silo in world.scenario.organisation.silos.values()])
    customers = homes * base.number * base.occupied * base.weight
    able = world.structure.units.managers * staff.weight * world.rules.governance.span
    return np.where(customers > 0, np.minimum(1.0, able / np.maximum(customers, 1e-9)), 0.0)


def segment_levels(world: World) -> np.ndarray:
    """Per segment: fitted hazard, chance to join, mean and spread of log spend, sensitivity, spend at stake.

    Shape [segment, 6].
    A term contract delays reactions; under a performance contract part of the spend is paid only for what works.
    """
    s = world.structure.segments
    contracts = [segment.contract for segment in world.rules.customers.segments.values()]
    sensitive = np.array([1 - world.rules.churn.term_lock * (kind == "term") for kind in contracts])
    at_stake = np.array([world.rules.experience.performance_share * (kind == "performance") for kind in contracts])
    return np.stack([s.hazard, world.state.entry, s.log_spend, s.spread, sensitive, at_stake], axis=1)


@rule
def react(  # type: ignore[no-untyped-def]
    lo, hi, c, known, by_tenure, log_frailty, levels, units, segments, managers, first, p, churn, info, acquisition,
    offers, key, month, tally,
):  # fmt: skip
    """Customers lo..hi: disconfirmation, trust, commitment, hazard of leaving, retention act, leaving, joining.

    Draws per slot and month: leaving, act (words 1 and 2 of the month's draw, made when the month's contacts are),
    release (stream OFFER, ordinal 1), entry (ordinal 1 of the month's draw).
    The fitted hazard already holds what tenure does in the unchanged firm; only departures from that firm's normal act.
    """
    pull, rival, usual_q, usual_u, drift = levels[0], levels[1], levels[2], levels[3], levels[4]
    threshold, error, horizon, natural_end, cost_spread = levels[5], levels[6], levels[7], levels[8], levels[9]
    word, margin, contact_cost, contact_rate, authority = levels[10], levels[11], levels[12], levels[13], levels[14]
    for i in range(lo, hi):
        home = c.home[i]
        s = c.segment[i]
        c.acted[i] = 0
        if c.alive[i] == 0:
            e = uniforms(key, CUSTOMER_MONTH, month, i, 1)
            chance = segments[s, 1] * np.float64(c.appeal[i]) * units[home, 2] * word
            if units[home, 1] < 1e300:
                worth = (math.log(np.float64(c.spend[i])) - segments[s, 2]) / max(segments[s, 3], 1e-9)
                if worth + error * np.float64(c.error[i]) < -1.0:
                    chance *= 1 - acquisition.selectivity
            if e[0] < chance:
                c.alive[i] = 1
                c.tenure[i] = 0
                c.wallet[i] = offers.wallet
                c.satisfaction[i] = usual_q
                c.trust[i] = usual_u
                c.commitment[i] = usual_u
                c.expectation[i] = usual_q
                c.knowledge[i] = 0.0
                rank = uniforms(key, CUSTOMER_TRAITS, c.generation[i], i, 1)[2]
                c.frailty[i] = frailty_at(rank, log_frailty[s])
                c.hazard[i] = segments[s, 0] * c.frailty[i]
                c.open_need[i] = 0
                c.failures[i] = 0
                tally[home, JOINED] += 1.0
            continue
        quality = np.float64(c.quality[i])
        before = np.float64(c.satisfaction[i])
        q, trust, expects = before, np.float64(c.trust[i]), np.float64(c.expectation[i])
        if quality >= 0:
            q += p.satisfaction_speed * (quality - p.disconfirmation * (expects - quality) - q)
            trust += p.trust_speed * (quality - trust)
            expects += p.expectation_speed * (quality - expects)
        else:
            q += p.market_pull * (usual_q - q)
            trust += p.market_pull * (usual_u - trust)
        c.expectation[i] = min(1.0, expects + drift)
        q = min(1.0, max(0.0, q))
        trust = min(1.0, max(0.0, trust))
        c.satisfaction[i] = q
        c.trust[i] = trust
        commitment = np.float64(c.commitment[i])
        commitment += p.commitment_speed * (trust - commitment)
        c.commitment[i] = commitment
        knowledge = np.float64(c.knowledge[i]) * (1 - info.ageing)
        c.knowledge[i] = knowledge
        tenure = c.tenure[i]
        t = min(tenure, by_tenure.shape[1] - 1)
        history = by_tenure[0, t]
        expected = by_tenure[1, t]
        risk = -(churn.satisfaction * (q - rival - usual_q) + churn.trust * (trust - usual_u)) * segments[s, 4]
        risk -= churn.commitment * history * (commitment - usual_u) + churn.knowledge * (knowledge - expected)
        ratio = math.exp(risk)
        hazard = segments[s, 0] * np.float64(c.frailty[i]) * ratio * pull
        if tenure >= horizon:
            hazard += natural_end
        usable = knowledge * known[home]
        blur = error * (1 - usable)
        c.hazard[i] = hazard
        reached = c.luck[i, 1] < units[home, 0] and hazard * math.exp(blur * np.float64(c.misjudged[i])) > threshold
        if reached:
            hazard *= 1 - churn.retention_act
            c.acted[i] = 1
            tally[home, ACTS] += 1.0
        fall = before - q
        if fall > churn.trigger_fall and c.luck[i, 1] < units[home, 3]:
            q += churn.trigger_gain * fall
            c.satisfaction[i] = q
            tally[home, TRIGGERS] += 1.0
        c.owner[i] = -1
        released = False
        spent = np.float64(c.wallet[i]) * np.float64(c.spend[i])
        if units[home, 1] < 1e300:
            worth = (math.log(np.float64(c.spend[i])) - segments[s, 2]) / max(segments[s, 3], 1e-9)
            if (worth + blur * np.float64(c.error[i])) / math.sqrt(1 + blur * blur) > units[home, 1]:
                c.owner[i] = first[home + 1] - managers[home] + i % managers[home]
                tally[home, COVERED] += 1.0
            elif margin * spent * math.exp(blur * np.float64(c.error[i])) < contact_cost * contact_rate * np.float64(
                c.service_cost[i]
            ):
                released = uniforms(key, OFFER, month, i, 1)[0] < acquisition.divest * authority
        tally[home, GROSS] += spent
        if quality >= 0:
            spent *= 1 - segments[s, 5] * (1 - quality)
        satisfied = q >= acquisition.advocate_from
        tally[home, CUSTOMERS] += 1.0
        tally[home, SATISFACTION] += q
        tally[home, TRUST] += trust
        tally[home, WALLET] += c.wallet[i]
        tally[home, KNOWLEDGE] += knowledge
        tally[home, MARGIN_BASE] += spent
        tally[home, RISK_RATIO] += ratio
        if satisfied:
            tally[home, SATISFIED] += 1.0
            if trust >= acquisition.advocate_from:
                tally[home, ADVOCATES] += 1.0
        c.tenure[i] = tenure + 1
        leaving = np.float64(c.luck[i, 0])
        if released or (
            leaving < hazard and leaving < 1 - math.exp(-hazard)
        ):  # 1 - exp(-h) <= h spares the exponential
            tally[home, LEFT] += 1.0
            if satisfied:
                tally[home, LEFT_SATISFIED] += 1.0
            if tenure >= horizon:
                tally[home, NATURAL] += 1.0
            make_room(c, i, s, segments, cost_spread, acquisition.spread, key)


@rule
def make_room(c, i, s, segments, cost_spread, appeal_spread, key):  # type: ignore[no-untyped-def]
    """The slot's next generation is a prospect with traits of its own, drawn by (slot, generation)."""
    c.alive[i] = 0
    c.owner[i] = -1
    c.generation[i] += 1
    t = uniforms(key, CUSTOMER_TRAITS, c.generation[i], i, 0)
    m = uniforms(key, CUSTOMER_TRAITS, c.generation[i], i, 1)
    c.spend[i] = math.exp(segments[s, 2] + segments[s, 3] * normal(t[0]))
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
    insight = float(climate.design[:, INSIGHT].mean())
    customers = tallies[:, :, CUSTOMERS].sum()
    if insight <= 0 or customers == 0:
        return
    share = tallies[:, :, ACTS].sum() / customers / insight
    budget = max(world.rules.churn.act_budget, 1e-4)
    climate.act_threshold = float(np.clip(climate.act_threshold * np.clip(share / budget, 0.7, 1.4) ** 0.5, 1e-4, 10))
