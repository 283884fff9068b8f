"""Which way things go: what must hold on average whatever the numbers, by paired runs with the same luck.

Every relation names a cause, at two or three doses, and where it must show. Runs of one replicate share burn-in and all
random numbers; the standard error is that of the paired differences over replicates.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.model import OrganisationModel
from sim.params.field import replace
from sim.params.settings import PayMix
from sim.params.strategy import INITIATIVES, Behaviours, Strategy, Unlock
from sim.run import Result, Variant, burn_in, follow, fork
from tests.test_rules import rich_scenario, rich_strategy

SEED = 11
REPLICATES = 8
MONTHS = 24
ENDS = 12  # month in which support ends where it ends
NOTHING = Strategy()
EVERYTHING = rich_strategy().model_copy(
    update={"initiatives": dict.fromkeys(INITIATIVES, 0), "unlock": Unlock(), "moments_per_year": 0.0, "coaching": 0.0}
)
CALM = ("market.investor_pressure", 0.0)  # money has no way back into people


class Arm(NamedTuple):
    """One future: a plan, changes that hold from month 0, and the stage of every leader (None: as they are)."""

    strategy: Strategy = NOTHING
    changes: tuple[tuple[str, Any], ...] = ()
    stage: float | None = None


class Outcome(NamedTuple):
    """What came of it."""

    result: Result
    model: OrganisationModel


Reading = Callable[[Outcome], float]


@cache
def origin(replicate: int) -> OrganisationModel:
    """The small rich organisation at the end of its burn-in; leaders stay."""
    stay = {"leadership.leader_exit_per_month": 0.0, "months": MONTHS, "market.shock_month": -1}
    return burn_in(replace(rich_scenario(customers=800), stay), SEED, replicate)


def outcome(arm: Arm, replicate: int) -> Outcome:
    """Follow one arm to its end."""
    model = fork(origin(replicate), Variant("arm", arm.strategy, changes=arm.changes))
    if arm.stage is not None:
        model.state.leaders.stage[:] = model.state.leaders.first_stage[:] = arm.stage
    return Outcome(follow(model), model)


def readings(arms: list[Arm], read: Reading, replicates: int = REPLICATES) -> np.ndarray:
    """One reading per arm and replicate, shape [arms, replicates]."""
    return np.array([[read(outcome(arm, r)) for r in range(replicates)] for arm in arms])


def late(name: str) -> Reading:
    """Mean of a measure over the last twelve months."""
    return lambda o: float(np.nanmean(o.result.months[name][-12:]))


def rises(table: np.ndarray) -> bool:
    """True if every dose raises the reading by more than two standard errors of the paired difference."""
    steps = np.diff(table, axis=0)
    error = steps.std(axis=1, ddof=1) / np.sqrt(table.shape[1])
    return bool((steps.mean(axis=1) > 2 * error).all())


def falls(table: np.ndarray) -> bool:
    """True if every dose lowers it in that sense."""
    return rises(-table)


def doses(dotted: str, *values: float, plan: Strategy = NOTHING, also: tuple[tuple[str, Any], ...] = ()) -> list[Arm]:
    """The same plan at several values of one parameter."""
    return [Arm(plan, (*also, (dotted, value))) for value in values]


def plans(field: str, *contents: Any, base: Strategy = NOTHING, also: tuple[tuple[str, Any], ...] = ()) -> list[Arm]:
    """Plans that differ in one field."""
    return [Arm(base.model_copy(update={field: content}), also) for content in contents]


# --- customers --------------------------------------------------------------------------------------------------------


def test_complex_needs_are_resolved_less_often_at_the_first_contact() -> None:
    assert falls(readings(doses("market.complexity", 0.1, 0.3, 0.6), late("resolution")))


def test_competitors_who_pull_harder_take_more_customers() -> None:
    assert rises(readings(doses("market.competitor_pull", 0.8, 1.0, 1.3), late("churn")))


def test_expectations_that_rise_leave_customers_less_satisfied() -> None:
    assert falls(readings(doses("market.expectation_drift", 0.0, 0.004, 0.012), late("satisfaction")))


def test_slow_service_costs_satisfaction() -> None:
    busy = ("customers.service.improvement_time", 0.5)
    arms = doses("customers.service.waiting", 0.0, 0.5, 1.0, plan=EVERYTHING, also=(busy,))
    assert falls(readings(arms, late("satisfaction")))


def test_an_owner_helps_handoffs() -> None:
    assert rises(readings(doses("governance.customer_share", 0.0, 0.3, 0.6), late("handoff_success")))


def test_more_spend_is_worth_more() -> None:
    """The same customers with a fifth more to spend, before the burn-in."""
    segments = "organisation.customers.segments."
    richer = {segments + "contract.spend_median": 108.0, segments + "prepaid.spend_median": 72.0}
    for replicate in range(2):
        model = burn_in(replace(origin(replicate).inputs, richer), SEED, replicate)
        more = follow(fork(model, Variant("richer", NOTHING))).months["customer_equity"]
        assert (more > outcome(Arm(), replicate).result.months["customer_equity"]).all()


def test_profit_is_linear_in_the_margin() -> None:
    """Where nobody costs more than she brings: profit = margin x revenue less what the margin does not touch."""
    fixed = (CALM, ("organisation.economics.contact_cost", 0.0), ("customers.experience.performance_share", 0.0))
    arms = doses("organisation.economics.margin", 0.3, 0.45, 0.6, also=fixed)
    low, middle, high = (outcome(arm, 0).result.months["profit"][1:] for arm in arms)
    np.testing.assert_allclose(middle, (low + high) / 2, rtol=1e-9)
    assert (high > middle).all()


# --- sharing and norms ------------------------------------------------------------------------------------------------


def test_hostility_never_raises_sharing() -> None:
    assert falls(readings(doses("norms.hostility", 0.1, 0.5, 0.9), late("sharing")))


def test_pay_for_own_results_lowers_sharing_and_pay_for_the_team_raises_it() -> None:
    own = PayMix(individual=1, silo=0, team=0, customer=0)
    team = PayMix(individual=0, silo=0, team=1, customer=0)
    pay = Strategy(initiatives={"customer_metric_pay": 0})
    assert rises(readings(plans("pay", own, team, base=pay, also=(CALM,)), late("sharing")))


def test_removed_obstacles_lower_hostility() -> None:
    levels = [Behaviours(obstacles=v) for v in (0.0, 0.4, 0.75)]
    arms = plans("behaviours", *levels, base=Strategy(messages=0.1))
    assert falls(readings(arms, late("hostility")))


def test_a_blocking_trait_falls_faster_when_it_has_been_located() -> None:
    base = Strategy(initiatives=dict.fromkeys(INITIATIVES, 0), behaviours=Behaviours(obstacles=0.8))
    arms = plans("unlock", Unlock(), Unlock(locate=0.5), Unlock(locate=1), base=base)
    assert falls(readings(arms, lambda o: float(o.model.state.silos.traits[:, 0].mean())))


# --- the programme ----------------------------------------------------------------------------------------------------


def test_capacity_never_lowers_reach() -> None:
    arms = doses("programme.load.capacity", 1.0, 2.5, 5.0, plan=EVERYTHING, also=(CALM,))
    assert rises(readings(arms, late("reach")))


def test_overload_wears_people_out() -> None:
    arms = doses("organisation.background_load", 0.5, 3.0, 6.0, also=(("programme.load.capacity", 1.0),))
    assert falls(readings(arms, late("engagement")))


def test_difficulty_costs_practice() -> None:
    arms = doses("behaviour.adoption.difficulty", 0.0, 1.0, 2.0, plan=EVERYTHING, also=(CALM,))
    assert falls(readings(arms, late("reach")))


def test_training_raises_skill() -> None:
    arms = plans("initiatives", {}, {"capability_training": 0}, base=Strategy(messages=0.5))
    assert rises(readings(arms, late("skill")))


def test_words_without_deeds_cost_credibility() -> None:
    quiet = (("leadership.everyday", 0.0),)
    arms = [Arm(Strategy(messages=v), quiet) for v in (0.0, 0.5, 1.0)]
    assert falls(readings(arms, late("credibility"), 3))


def test_deeds_earn_credibility() -> None:
    levels = [Behaviours(recognition=v, modelling=v) for v in (0.0, 0.35, 0.7)]
    assert rises(readings(plans("behaviours", *levels, base=Strategy(messages=0.2)), late("credibility")))


def test_negotiation_wins_leaders_over() -> None:
    base = Strategy(initiatives=dict.fromkeys(INITIATIVES, 0))
    levels = [Unlock(negotiate=v) for v in (0.0, 0.5, 1.0)]
    assert rises(readings(plans("unlock", *levels, base=base, also=(CALM,)), late("buy_in")))


def test_belief_and_practice_fall_back_when_support_ends() -> None:
    """The relapse: against going on, and against what had been reached when support ended."""
    never, once = plans("support_months", 600, ENDS, base=EVERYTHING, also=(CALM,))
    runs = [[outcome(arm, r) for r in range(REPLICATES)] for arm in (never, once)]
    for name in ("belief", "reach"):
        assert falls(np.array([[late(name)(run) for run in arm] for arm in runs]))
    alone = (CALM, ("behaviour.belief.success", 0.0), ("behaviour.belief.culture", 0.0),
             ("behaviour.belief.modelling", 0.05))  # leaders are the only source that is left
    carried = [outcome(Arm(once.strategy, alone), r).result.months["belief"] for r in range(REPLICATES)]
    away = np.abs([[belief[m] - belief[0] for belief in carried] for m in (ENDS, MONTHS)])
    assert falls(away)


# --- leaders and the board --------------------------------------------------------------------------------------------


def test_shareholders_who_press_harder_stop_more_programmes() -> None:
    board = (("organisation.board.stop_rate", 0.3),)
    arms = doses("market.investor_pressure", 0.2, 1.0, 4.0, plan=EVERYTHING, also=board)
    months = readings(arms, lambda o: float(o.result.months["stopped"].sum()))  # months without the programme
    assert (np.diff(months.mean(axis=1)) >= 0).all()
    assert months[2].mean() > months[0].mean()


def test_a_chief_executive_with_a_longer_horizon_stands_more_pressure() -> None:
    press = (("organisation.board.stop_rate", 0.3), ("market.investor_pressure", 2.0))
    arms = [Arm(EVERYTHING, press, stage) for stage in (0.0, 6.0)]
    assert falls(readings(arms, lambda o: float(o.result.months["stopped"].sum())))


FLAT = {"perspectives": 0.5, "consultation": 0.0, "horizon": 24.0, "rigour": 1.0, "feedback": 0.45}


def flat_but(*left: str) -> tuple[tuple[str, Any], ...]:
    """Stages that differ in nothing but what is left, in an organisation without pressure."""
    return (CALM, *((f"programme.stages.{k}", (v,) * 7) for k, v in FLAT.items() if k not in left))


def test_leaders_of_any_stage_get_the_same_results_if_they_do_nothing() -> None:
    """A stage works through what a leader does: where nobody behaves, stages leave no trace at all."""
    idle = (*flat_but(), ("leadership.everyday", 0.0))
    plan = EVERYTHING.model_copy(update={"behaviours": Behaviours()})
    early, late_stage = (outcome(Arm(plan, idle, stage), 0).result for stage in (0.0, 5.0))
    for name in early.months.keys() - {"leaders_stage"}:
        series = early.months[name]
        np.testing.assert_array_equal(series, late_stage.months[name], err_msg=name)


def test_leaders_of_a_later_stage_get_more_practised_through_their_behaviour() -> None:
    arms = [Arm(EVERYTHING, flat_but(), stage) for stage in (0.0, 5.0)]
    assert rises(readings(arms, late("reach")))


def test_a_facilitator_makes_up_for_a_chief_executive_who_does_not_ask() -> None:
    """Accuracy of the diagnosis, and how many foundations it finds."""
    plan = Strategy(initiatives={"portfolio_governance": 0}, unlock=Unlock(understand=1))
    for stage, helps in ((1.0, True), (6.0, False)):
        arms = [Arm(plan.model_copy(update={"facilitator": f}), (), stage) for f in (0.0, 1.0)]
        accuracy = readings(arms, lambda o: o.model.state.plan.accuracy, 2)
        assert bool((accuracy[1] > accuracy[0]).all()) == helps and (accuracy[1] >= accuracy[0]).all()
        found = readings(arms, lambda o: float((o.model.state.plan.due >= 0).sum()))
        assert rises(found) == helps and (found[1] >= found[0]).all()


# --- people -----------------------------------------------------------------------------------------------------------


def test_people_who_leave_take_what_they_know_of_customers_along() -> None:
    arms = doses("behaviour.engagement.quits", 0.005, 0.02, 0.06)
    assert falls(readings(arms, lambda o: float(o.model.state.employees.tacit.mean())))


def test_recognition_engages() -> None:
    levels = [Behaviours(recognition=v) for v in (0.0, 0.35, 0.7)]
    assert rises(readings(plans("behaviours", *levels, base=Strategy(messages=0.1)), late("engagement")))


@pytest.mark.parametrize("dotted", ["customers.service.handling_skill", "customers.service.handling"])
def test_able_people_resolve_more(dotted: str) -> None:
    """Skill shows where it differs from the reference: with trained staff."""
    trained = Strategy(initiatives={"capability_training": 0}, messages=1.0, support=1.0)
    assert rises(readings(doses(dotted, 1.0, 3.0, plan=trained), late("resolution")))


def test_satisfied_customers_give_more_of_what_they_spend() -> None:
    """Wallet share follows satisfaction where a plan raises it, and not in the unchanged organisation's mean."""
    arms = doses("customers.offers.wallet_satisfaction", 0.0, 0.6, 2.0, plan=EVERYTHING, also=(CALM,))
    assert rises(readings(arms, late("wallet_share")))


def test_engaged_people_are_felt_by_customers() -> None:
    """Where a plan engages people, customers are the happier the more manner counts."""
    engaging = Strategy(messages=0.1, behaviours=Behaviours(recognition=1))
    arms = doses("customers.service.quality_engagement", 0.0, 0.2, 0.5, plan=engaging, also=(CALM,))
    assert rises(readings(arms, late("satisfaction")))
