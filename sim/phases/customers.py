"""Phase 8, customers: satisfaction, trust, commitment, churn, acquisition."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.compiled import rule
from sim.params.strategy import FEEDBACK, INSIGHT
from sim.phases.environment import mean_of
from sim.phases.reactions import ENTRY, FENCED, HAZARD, INVITED, MAY, SALES, SCORED, STARTS, TRIGGERED, react
from sim.phases.tiles import in_chunks
from sim.settled import MAX_TENURE
from sim.state import ACTS, ADVOCATES, AUTHORITY, CUSTOMERS
from sim.sums import by_row, column_sum
from sim.world import World, constant


def advance(world: World) -> None:
    """React to the month, leave or stay, join."""
    state, records = world.state, world.records
    month, units, history = this_month(world), unit_levels(world), shared_past(world)
    segments = segment_levels(world, month.pull)
    log_frailty = world.structure.segments.log_frailty

    def rows(chunk: int, lo: int, hi: int) -> None:
        react(
            lo, hi, tuple(state.customers), state.silos.chain, history, state.usual_knowledge, log_frailty, month,
            units, segments, records.experience, records.churn, records.information, records.acquisition,
            records.offers, world.key, state.month, state.tally.silos[chunk], state.tally.segments[chunk],
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
    pull: float  # hazard ratio of competitors and products
    rival: float  # service that rivals have matched
    usual_q: float  # normal satisfaction
    usual_u: float  # normal trust
    threshold: float  # scored hazard from which a retention act is offered
    word: float  # acquisition relative to normal by word of mouth


def this_month(world: World) -> Month:
    """The month's numbers for `react`."""
    climate, usual, market = world.state.climate, world.state.normal, world.rules.market
    product = max(0.0, 1 - world.rules.churn.product * 2 * (market.product_quality - 0.5))
    spread_word = climate.advocates / usual.advocates - 1 if usual.advocates > 0 and world.month >= 0 else 0.0
    word = max(0.0, 1 + market.referral * spread_word)
    return Month(
        *what_stays(world), climate.pull * product, float(climate.rival), float(usual.satisfaction),
        float(usual.trust), climate.act_threshold, word,
    )  # fmt: skip


@constant
def what_stays(world: World) -> tuple[float, float, float, float, float, float, float, float, float]:
    """The first numbers of `Month`, which never change."""
    market, spec, economics = world.rules.market, world.rules.customers, world.rules.economics
    return (
        market.expectation_drift, spec.estimate_error, 12 * spec.horizon_years, spec.natural_end_per_month,
        spec.cost_to_serve_spread, economics.margin, economics.contact_cost * market.contact_rate,
        -math.expm1(-market.contact_rate), world.rules.service.self_service_cost,
    )  # fmt: skip


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
