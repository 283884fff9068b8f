"""Experiments about people and leaders: numbers on readings with known answers, placebos, switches."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.validation import branches, chiefs
from experiments.validation.pattern import Claim, Setting, Verdict, mean_of
from experiments.validation.patterns import development, engaged_units, incentives_and_norms, lags, placebo
from experiments.validation.patterns import service_profit_chain as chain_pattern
from experiments.validation.responses import AS_IS, engage, response_months
from experiments.validation.shipped import plans, shipped
from sim.params.scenario import sized
from sim.params.strategy import Strategy, Unlock
from sim.run import Variant, burn_in, follow, fork
from sim.structure import STAGE_ATTRIBUTES

FIRST = Setting(seed=1, replicate=0)
MONTH = np.arange(60.0)


@pytest.fixture(scope="module")
def start():
    return chiefs.origin(FIRST)


def test_correlation_and_quartiles_of_known_units():
    x = np.arange(8.0)
    assert branches.correlation(x, 3 - 2 * x) == pytest.approx(-1)
    assert branches.correlation(x, np.ones(8)) == 0
    assert branches.top_against_bottom(x, 10 + x) == pytest.approx(16.5 / 10.5 - 1)


def test_order_is_the_closer_comparison():
    reading = {"customers": 0.33, "productivity": 0.25, "profit": 0.17}
    assert engaged_units.order([reading]) == pytest.approx(0.08)
    assert engaged_units.order([reading | {"profit": 0.40}]) == pytest.approx(-0.15)


def test_profit_share_is_margin_less_people_and_contacts():
    scenario = shipped(branches.RETAILER)
    units = {"staff": np.array([10.0]), "turnover": np.array([0.2]), "revenue": np.array([1e8]),
             "service_cost": np.array([1e6])}  # fmt: skip
    prices = scenario.organisation.economics
    people = 10 * scenario.organisation.employees.weight * (12 * prices.wage + 0.2 * prices.turnover_cost)
    found = branches.profit_share(units, scenario)
    assert found == pytest.approx((prices.margin * 1e8 - 1e6 - people) / 1e8)


@pytest.mark.parametrize(("series", "months"), [(1 - np.exp(-MONTH / 5), 5.0), ((MONTH > 7) * 2.0, 7.0)])
def test_response_time_of_an_approach_and_a_jump(series, months):
    assert response_months(series) == pytest.approx(months, abs=0.6)


def test_lags_have_the_sign_of_what_follows():
    slow, fast = 1 - np.exp(-MONTH / 8), np.where(MONTH > 0, 1.0, 0.0)
    reading = {"satisfaction": slow, "engagement": fast, "meaning": 0.05 * slow, "resolution": 0.1 * fast}
    assert lags.customers_behind([reading]) == pytest.approx(8, abs=0.7)
    assert lags.engagement_behind([reading]) == pytest.approx(8, abs=0.7)
    assert lags.gained([reading]) == pytest.approx(5, rel=0.01)


def test_steps_of_the_chain_are_per_five_points():
    ones = np.ones(chain_pattern.MONTHS + 1)
    readings = [{"engagement": 10 * ones, "satisfaction": 2.6 * ones, "revenue": ones}] * 2
    assert chain_pattern.customers(readings) == pytest.approx(1.3)
    assert chain_pattern.revenue(readings) == pytest.approx(0.5)


def test_interplay_is_a_difference_of_differences():
    share = {"own_weak": 0.1, "group_weak": 0.2, "own_strong": 0.3, "group_strong": 0.6}
    assert incentives_and_norms.interplay(share) == pytest.approx(0.2)


def test_what_is_left_of_an_effect_skips_missing_replicates():
    readings = [{"a": 0.1, "b": 1.0}, {"a": 0.3, "b": 3.0}, {"a": math.nan, "b": math.nan}]
    assert placebo.share_left("a", "b", readings) == pytest.approx(0.1)


def test_an_effect_of_exactly_nothing_is_no_hit():
    claim = Claim("x", "x", 0.0, math.inf, "1", mean_of("x"), "sign only")
    assert claim.judge(0.0, 0.0) is Verdict.MISS
    assert claim.judge(0.1, 0.0) is Verdict.HIT


def test_profiles_are_dealt_out_anew_and_stay_the_same_seven():
    stages = shipped().programme.stages
    rows = {tuple(getattr(stages, name)[k] for name in STAGE_ATTRIBUTES) for k in range(7)}
    tables = [chiefs.permuted_stages(Setting(1, r)) for r in range(4)]
    for table in tables:
        assert {tuple(table[f"programme.stages.{n}"][k] for n in STAGE_ATTRIBUTES) for k in range(7)} == rows
    assert len({str(table) for table in tables}) == 4


def test_early_stages_are_conventional_and_plans_are_shipped():
    drawn = [(chiefs.drawn_early_stage(Setting(1, r)), chiefs.drawn_plan(Setting(1, r)).name) for r in range(30)]
    assert {stage for stage, _ in drawn} == {1.0, 2.0, 3.0}
    assert len({name for _, name in drawn}) > 8
    assert "as_is" not in plans()


def test_without_a_plan_the_chief_executives_stage_changes_nothing(start):
    late, early = (chiefs.led_by(start, stage, Strategy()) for stage in (5.0, 1.0))
    assert chiefs.steps_up(late) == chiefs.steps_up(early)


def test_swapped_profiles_swap_what_chief_executives_reach(start):
    plan, stages = plans()["unlock"], shipped().programme.stages
    exchanged = {f"programme.stages.{n}": tuple(getattr(stages, n)[k] for k in (0, 1, 5, 3, 4, 2, 6))
                 for n in STAGE_ATTRIBUTES}  # fmt: skip
    others = start.state.leaders.stage.copy()
    start.state.leaders.stage[:] = start.state.leaders.first_stage[:] = 0.0  # no other leader at either stage
    late = chiefs.led_by(start, 5.0, plan)
    swapped = chiefs.led_by(start, 2.0, plan, exchanged)
    start.state.leaders.stage[:] = start.state.leaders.first_stage[:] = others
    for name in set(late.months) - {"leaders_stage"}:  # within a year pressure has not moved her between the stages
        assert np.array_equal(late.months[name][:12], swapped.months[name][:12], equal_nan=True), name


def test_idle_activities_cost_and_do_nothing():
    # What is paid reaches people through pressure alone; a placebo also silences what leaders show every day.
    calm = chiefs.origin(FIRST, {"market.investor_pressure": 0.0, "leadership.everyday": 0.0})
    full = plans()["unlock"].model_copy(update={"unlock": Unlock(negotiate=1, locate=1, organize=1, communicate=1)})
    bare, idle = (
        follow(fork(calm, Variant(name, plan)))
        for name, plan in (("bare", placebo.initiatives_only(full)), ("idle", placebo.idle(full)))
    )
    for name in ("reach", "satisfaction", "engagement", "belief", "sharing", "buy_in", "customer_equity"):
        assert np.array_equal(bare.months[name], idle.months[name]), name
    assert placebo.money(idle, calm) < placebo.money(bare, calm)


def test_everybody_is_lifted_and_stays_up():
    scenario = sized(FIRST.scenario("months=12"), 1_000)
    origin = burn_in(scenario, 1, 0)
    usual, lifted = fork(origin, AS_IS), fork(origin, AS_IS)
    engage(lifted, 0.05)
    gain = lifted.state.employees.engagement.mean() - usual.state.employees.engagement.mean()
    assert gain == pytest.approx(0.05, abs=1e-6)
    later = follow(lifted).months["engagement"][-1] - follow(usual).months["engagement"][-1]
    assert later == pytest.approx(0.05, abs=0.015)


def test_chain_has_a_hundred_alike_branches_at_the_retailers_prices():
    scenario = branches.chain(FIRST, share=0.05)
    silos = [s for s in scenario.organisation.silos.values() if s.home_share > 0]
    assert len(silos) == branches.BRANCHES and len({s.model_dump_json() for s in silos}) == 1
    units = branches.year_of_branches(scenario, 1, 0)
    assert units["staff"].tolist() == [branches.STAFF] * branches.BRANCHES
    shop, own = shipped(branches.RETAILER).organisation, scenario.organisation
    each = [o.customers.number * o.customers.weight / (o.employees.number * o.employees.weight) for o in (shop, own)]
    assert each[0] == pytest.approx(each[1], rel=0.01)
    assert branches.correlation(units["manager"], units["engagement"]) > 0.5


def test_without_differences_between_managers_none_are_seen():
    off = {"behaviour.engagement.unit_spread": 0.0}
    units = branches.year_of_branches(branches.chain(Setting(1, 0, off), share=0.05), 1, 0)
    assert branches.correlation(units["manager"], units["engagement"]) == 0


def test_switches_take_the_effects_away():
    coached = [development.once(Setting(1, 0, off))["moved"] for off in ({}, dict(development.PATTERN.mechanism.off))]
    assert coached[0] > 0 >= coached[1]
    paid = [
        incentives_and_norms.once(Setting(1, 0, off))
        for off in ({}, dict(incentives_and_norms.PATTERN.mechanism.off))
    ]  # fmt: skip
    assert abs(float(paid[0]["difference"])) > 0.01 > abs(float(paid[1]["difference"]))
