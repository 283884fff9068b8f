"""Paired statistics against closed forms, and the words made of them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments import brakes as braking
from experiments.analysis import analyse
from experiments.first_year import slumps
from experiments.headline import ENGAGED
from experiments.luck import components, rank_probabilities, uncertainty
from experiments.money import CashFlows, payback_months, troughs
from experiments.paired import (
    COLUMNS,
    comparison,
    estimate,
    knock_outs,
    lookup,
    paper_against_simulated,
    share_of,
    win_rate,
)
from experiments.screen import render
from sim.params.strategy import Strategy, Unlock
from tests.synthetic import RATE, study

OWN = np.arange(6)


@pytest.fixture(scope="module")
def small():
    return study(replicates=12, months=24)


def test_interval_is_students_where_every_replicate_has_its_world():
    values = np.array([1.0, 2.0, 4.0, 3.0, 5.0, 3.0])
    low, high = stats.t.interval(0.9, 5, values.mean(), stats.sem(values))
    found = estimate(values, OWN)
    assert (found.mean, found.low, found.high, found.n) == pytest.approx((3.0, low, high, 6))


def test_interval_treats_a_world_as_one_observation():
    values, worlds = np.array([1.0, 2.0, 4.0, 3.0, 5.0, 3.0]), OWN // 2
    means = values.reshape(3, 2).mean(axis=1)
    low, high = stats.t.interval(0.9, 2, means.mean(), stats.sem(means))
    found = estimate(values, worlds)
    assert (found.low, found.high) == pytest.approx((low, high))


def test_no_interval_is_invented():
    assert np.isnan(estimate(np.array([1.0]), np.array([0])).low)
    assert np.isnan(estimate(np.array([1.0, 2.0]), np.array([0, 0])).high)
    assert estimate(np.array([1.0, 2.0]), np.array([0, 0])).sign == 0
    assert estimate(np.array([np.nan]), np.array([0])).n == 0


def test_ties_count_half_and_direction_matters():
    assert win_rate(np.array([-1.0, 0.0, 1.0, 1.0]), 1) == 0.625
    assert win_rate(np.array([-1.0, 0.0, 1.0, 1.0]), -1) == 0.375
    assert np.isnan(win_rate(np.array([np.nan]), 1))


def test_payback_is_for_good():
    cumulated = np.array([[-1.0, 2, -1, 1], [-1, -1, -1, -1], [0, 0, 0, 0], [1, 1, 1, 1], [-1, 0, 0, 0]])
    np.testing.assert_array_equal(payback_months(cumulated), [4, np.nan, np.nan, 1, 2])


def test_trough():
    depth, month = troughs(np.array([[-1.0, -3, 2], [1, 2, 3]]))
    np.testing.assert_array_equal(depth, [-3, 0])
    np.testing.assert_array_equal(month, [2, np.nan])


def test_npv_is_the_last_cumulated_difference(small):
    flows = CashFlows.of(small.organisation_months, RATE)
    last = flows.cumulated("unlock", "as_is")[:, -1]
    table = comparison(small.runs, small.organisation_months)
    assert lookup(table, "unlock", "npv").mean == pytest.approx(last.mean())
    more = flows.cumulated("unlock", "as_is", capital=False)[:, -1]
    assert (more > last).all()


def test_order_of_rows_does_not_matter(small):
    shuffled = small.organisation_months.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(comparison(small.runs, small.organisation_months), comparison(small.runs, shuffled))


def test_columns_and_baseline_rows(small):
    table = comparison(small.runs, small.organisation_months)
    assert list(table.columns) == COLUMNS
    own = table[table["strategy"] == "as_is"]
    assert (own["difference"] == 0).all()
    assert (own["win_rate"] == 0.5).all()


def test_identical_strategies_differ_by_exactly_nothing():
    same = study(("as_is", "as_is@2"), replicates=4, months=12)
    table = comparison(same.runs, same.organisation_months)
    assert (table[["difference", "low", "high"]] == 0).all(axis=None)
    same = study(("unlock", "unlock@2"), replicates=4, months=12)
    table = comparison(same.runs, same.organisation_months).set_index("measure")
    assert (table.drop("gridlock")["difference"] == 0).all()


def test_gridlock_without_baseline_is_a_level(small):
    table = comparison(small.runs, small.organisation_months)
    row = table[(table["strategy"] == "unlock") & (table["measure"] == "gridlock")].iloc[0]
    assert np.isnan(row["baseline"])
    assert row["difference"] == row["value"]
    assert np.isnan(row["win_rate"])


def test_payback_is_counted(small):
    table = comparison(small.runs, small.organisation_months).set_index(["strategy", "measure"])
    never, some = table.loc[("everything_at_once", "payback")], table.loc[("unlock_moments", "pays_back")]
    assert (never["replicates"], never["win_rate"]) == (0, 0.0)
    assert np.isnan(never["difference"])
    assert table.loc[("unlock_moments", "payback"), "replicates"] == round(some["value"] * 12)


def test_a_share_is_never_certain():
    some = share_of(np.array([True, True, False, True]), np.arange(4), 0.95)
    assert (some.low, some.high) == pytest.approx((0.3006, 0.9544), abs=1e-4), "Wilson's interval of 3 in 4"
    every = share_of(np.ones(8, bool), np.arange(8))
    assert (every.mean, every.high) == (1.0, 1.0) and every.low == pytest.approx(8 / (8 + 1.6449**2), abs=1e-4)
    assert share_of(np.ones(8, bool), np.arange(8) // 4).low < every.low, "eight lives of two worlds say less"
    assert np.isnan(share_of(np.ones(3, bool), np.zeros(3, int)).low)


def test_components_recover_known_variances():
    chance = np.random.default_rng(3)
    worlds = np.repeat(np.arange(4000), 2)
    values = chance.normal(0, 2, 4000)[worlds] + chance.normal(0, 1, 8000)
    between, within = components(values, worlds)
    assert between == pytest.approx(4, rel=0.1)
    assert within == pytest.approx(1, rel=0.1)
    assert np.isnan(components(values, np.arange(8000))[0])


def test_pairing_factor_is_the_ratio_of_variances(small):
    row = uncertainty(small.runs).set_index(["strategy", "measure"]).loc[("unlock", "npv")]
    wide = small.runs[small.runs["kind"] == "simulated"].pivot(index="replicate", columns="scenario", values="npv")
    expected = (wide["unlock"].var() + wide["as_is"].var()) / (wide["unlock"] - wide["as_is"]).var()
    assert row["pairing"] == pytest.approx(expected)


def test_ranking_against_the_normal_probability():
    chance = np.random.default_rng(5)
    values = chance.normal(0, 1, 400)
    values += 1.0 * values.std() / 20 - values.mean()  # one standard error above the baseline
    gains = pd.DataFrame({"base": np.zeros(400), "plan": values})
    ranking = rank_probabilities(gains, np.arange(400), draws=20_000)
    assert ranking.above.loc["plan", "base"] == pytest.approx(stats.norm.cdf(1), abs=0.015)
    assert ranking.table["p_best"].sum() == pytest.approx(1)
    again = rank_probabilities(gains, np.arange(400), draws=20_000)
    pd.testing.assert_frame_equal(ranking.table, again.table)


def test_ranking_shares_ties_and_needs_worlds():
    tied = pd.DataFrame({"a": np.arange(8.0), "b": np.arange(8.0)})
    ranking = rank_probabilities(tied, np.arange(8))
    assert list(ranking.table["p_best"]) == [0.5, 0.5]
    assert ranking.above.loc["a", "b"] == 0.5
    assert rank_probabilities(tied, np.zeros(8, int)).table["p_best"].isna().all()


def test_paper_minus_simulated_is_the_cost_of_gridlock(small):
    found = paper_against_simulated(small.runs)
    assert list(found["strategy"].unique()) == ["overlapping_launch", "sequential_launch"]
    np.testing.assert_allclose(found["paper"] - found["simulated"], found["cost"])
    money = found[found["measure"] == "npv"]
    assert (money["simulated"] < money["alone"]).all() and (money["alone"] < money["paper"]).all()
    assert paper_against_simulated(small.runs[small.runs["kind"] == "simulated"]).empty


def test_knock_outs_are_paired(small):
    found = knock_outs(small.runs).set_index(["strategy", "brake", "measure"])
    gain = found.loc[("sequential_launch", "belief", "reach"), "difference"]
    assert gain == pytest.approx(0.08 * 12.5 / 30)  # mean ramp of the last year
    assert knock_outs(small.runs[small.runs["kind"] == "simulated"]).empty


def test_brakes_are_the_most_negative_terms_and_never_the_base():
    table = pd.DataFrame({"scenario": "a", "replicate": 0, "brake": ["base", "skill", "belief", "buy_in"],
                          "cost": [-1.9, -0.2, 0.3, -0.7]})
    found = braking.strongest(table, ["a"], knock_outs(study(replicates=1, months=12).runs), {})
    assert [b.name for b in found] == ["buy_in", "skill"]
    assert found[0].activity.startswith("Negotiate")
    assert found[0].chance_lost == pytest.approx(1 - np.exp(-0.7))


@pytest.mark.parametrize(("difference", "low", "high", "expected"), [
    (0.08, 0.05, 0.11, "raises practice by +8.0 points"), (0.01, -0.02, 0.04, "does not confirm"),
    (-0.05, -0.08, -0.02, "contradicts"), (0.05, np.nan, np.nan, "one world"),
])
def test_knock_out_in_words(difference, low, high, expected):
    part = pd.DataFrame([{"measure": "reach", "difference": difference, "low": low, "high": high}])
    assert expected in braking.released(part)


@pytest.mark.parametrize(("strategies", "replicates", "expected"), [
    (("as_is",), 4, "nothing to compare"), (("as_is", "as_is@2"), 4, "identical to leaving things as they are"),
    (("as_is", "unlock"), 12, "UNLOCK against leaving things as they are"), (("as_is", "unlock"), 1, "So few worlds"),
    (("as_is", "technology_only", "everything_at_once"), 12, "NPV is negative under both"),
    (("unlock", "as_is"), 12, "Against UNLOCK|As is against UNLOCK"),
])
def test_verdict_reads_in_every_case(strategies, replicates, expected):
    some = study(strategies, replicates=replicates, months=24)
    found = analyse(some)
    text = " ".join(found.verdict)
    assert any(part in text for part in expected.split("|"))
    assert "nan" not in text.lower().split()
    assert len(found.verdict) <= 3 + ("In the first year" in text)
    screen = render(some, found, 60, ["Saved: here"])
    assert max(len(line) for line in screen.splitlines()) <= 120
    assert "not a forecast" in screen
    assert "nan" not in screen


def test_the_verdict_says_what_is_worse_at_first_and_what_becomes_of_it():
    """Whatever is clearly worse in months 1 to 12, with the end beside it; not for horizons of less than two years."""
    some = study(("as_is", "unlock", "unlock_moments", "technology_only"), replicates=12, months=36)
    months = some.organisation_months
    hit = (months["scenario"] != "as_is") & months["month"].between(1, 12)
    fall = {"as_is": 0.0, "unlock": -0.05, "unlock_moments": -0.1, "technology_only": -0.2}
    months["engaged"] += np.where(hit, months["scenario"].map(fall), 0.0)
    found = slumps(some.runs, months)
    assert {measure.name: list(keys) for measure, keys in found.items()} == {"engaged": some.strategies[1:]}
    by_hand = months[(months["kind"] == "simulated") & months["month"].between(1, 12)]
    means = by_hand.groupby(["scenario", "replicate"])["engaged"].mean()
    assert found[ENGAGED]["unlock"].mean == pytest.approx((means["unlock"] - means["as_is"]).mean())
    said = next(one for one in analyse(some).verdict if one.startswith("In the first year"))
    deepest = found[ENGAGED]["technology_only"]
    end = lookup(comparison(some.runs, months), "technology_only", "engaged")
    assert f"engaged share is lower under all 3 (most: technology only, {ENGAGED.words(deepest.mean)} [" in said
    assert f"; in the end {ENGAGED.words(end.mean)} [" in said
    alone = study(("as_is", "unlock"), replicates=12, months=36)
    months = alone.organisation_months
    months["engaged"] -= 0.1 * (months["month"].between(1, 12) & (months["scenario"] == "unlock"))
    assert "engaged share is lower under UNLOCK (-" in " ".join(analyse(alone).verdict)
    short = study(("as_is", "unlock"), replicates=12, months=23)
    short.organisation_months["engaged"] -= 0.2 * (short.organisation_months["scenario"] == "unlock")
    assert slumps(short.runs, short.organisation_months) == {}


def test_every_side_of_the_verdict_has_its_size():
    """Where strategies are worse than the baseline, the worst is named with its interval, as the best is."""
    some = study(("unlock_moments", "as_is", "everything_at_once"), replicates=12, months=24)
    found = " ".join(analyse(some).verdict)
    assert re.search(r"churn is higher under both \(most: everything at once, \+[\d.]+ points a month \[", found), found
    assert "only programme" not in found


def test_nobody_is_told_to_do_what_the_plan_does_already():
    table = pd.DataFrame({"scenario": "a", "replicate": 0, "brake": ["foundation"], "cost": [-1.0]})
    none = knock_outs(study(replicates=1, months=12).runs)
    new, done = Strategy(), Strategy(unlock=Unlock(understand=1))
    assert braking.strongest(table, ["a"], none, {"a": new})[0].activity.startswith("Understand: find")
    assert "in the plan already" in braking.strongest(table, ["a"], none, {"a": done})[0].activity
