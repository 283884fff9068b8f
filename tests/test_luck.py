"""How sure a rank is: against closed forms, where nothing is to be found, and beside what single worlds say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.analysis import analyse
from experiments.luck import rank_probabilities
from experiments.paired import estimate
from experiments.screen import render
from tests.synthetic import study


def test_two_plans_have_students_probability_even_from_five_worlds():
    values = np.array([3.0, -1.0, 2.0, 0.5, 4.0])
    gains = pd.DataFrame({"base": np.zeros(5), "plan": values})
    found = rank_probabilities(gains, np.arange(5), draws=40_000).above.loc["plan", "base"]
    assert found == pytest.approx(stats.t.cdf(values.mean() / stats.sem(values), 4), abs=0.006)


def test_worlds_of_unequal_size_have_the_error_of_the_interval():
    values, worlds = np.array([3.0, -1.0, 2.0, 0.5, 4.0, 5.0, -2.0, 1.0]), np.array([0, 0, 0, 1, 2, 3, 4, 4])
    one = estimate(values, worlds)
    error = (one.high - one.mean) / stats.t.ppf(0.95, 4)
    found = rank_probabilities(pd.DataFrame({"base": 0.0, "plan": values}), worlds, draws=40_000)
    assert found.above.loc["plan", "base"] == pytest.approx(stats.t.cdf(one.mean / error, 4), abs=0.006)


@pytest.mark.parametrize("worlds", [5, 16])
def test_where_nothing_differs_hardly_anything_is_claimed(worlds):
    """More than 99.5% either way should be claimed in one case of a hundred; a bootstrap of five worlds claims ten."""
    chance, cases = np.random.default_rng(7), 1500
    claims = 0
    for _ in range(cases):
        gains = pd.DataFrame({"base": np.zeros(worlds), "plan": chance.normal(size=worlds)})
        claims += rank_probabilities(gains, np.arange(worlds), draws=2000).table["p_best"].max() > 0.995
    assert claims / cases < 0.02


def test_same_plans_share_every_place_among_many():
    chance = np.random.default_rng(2)
    gains = pd.DataFrame({name: chance.normal(size=24) for name in "abcdefg"}).assign(h=lambda t: t["c"])
    found = rank_probabilities(gains, np.arange(24) // 2)
    table = found.table.set_index("strategy")
    assert found.above.loc["c", "h"] == 0.5
    assert table.loc["c", "p_best"] == table.loc["h", "p_best"]
    assert table.loc["c", "best_in"] == table.loc["h", "best_in"]


def test_worlds_in_which_a_plan_is_best_are_counted_and_ties_count_half():
    gains = pd.DataFrame({"base": 0.0, "plan": [5.0, -1.0, -3.0, 2.0, 0.0, 0.0]})
    found = rank_probabilities(gains, np.array([0, 0, 1, 1, 2, 2]))
    table = found.table.set_index("strategy")
    assert (table.loc["plan", "best_in"], table.loc["base", "best_in"]) == (1.5, 1.5)
    assert found.best_in(found.table.iloc[0].to_dict()) == "best in 1.5 of 3"
    assert found.unit == "worlds"
    assert rank_probabilities(gains, np.arange(6)).unit == "lives"


def test_more_worlds_make_it_surer_and_leave_how_often_it_is_best():
    few = pd.DataFrame({"base": 0.0, "plan": [2.0, -1.0, 2.0, -1.0, 2.0, -1.0, 2.0, 2.0]})
    many = pd.concat([few] * 50, ignore_index=True)
    (small, large) = (rank_probabilities(g, np.arange(len(g))) for g in (few, many))
    p, q = (r.above.loc["plan", "base"] for r in (small, large))
    assert p < 0.95 and q > 0.999
    assert [r.table.set_index("strategy").loc["plan", "best_in"] / r.worlds for r in (small, large)] == [5 / 8, 5 / 8]


def test_the_verdict_and_the_order_say_both():
    some = study(("as_is", "unlock", "everything_at_once"), replicates=24, months=24)
    found = analyse(some)
    sure = next(one for one in found.verdict if "comes first" in one)
    assert "% sure" in sure and "best in " in sure and " of 12 worlds" in sure
    assert "chance that this is right" not in " ".join(found.verdict)
    assert "(best in " in render(some, found, 60)


def test_where_single_lives_lie_stands_beside_the_interval_of_the_mean():
    some = study(("as_is", "unlock"), replicates=24, months=24)
    found = analyse(some)
    wide = some.runs[some.runs["kind"] == "simulated"].pivot(index="replicate", columns="scenario", values="npv")
    row = found.money.iloc[0]
    ends = np.quantile(wide["unlock"] - wide["as_is"], (0.05, 0.95))
    assert (row["npv_from"], row["npv_to"]) == pytest.approx(tuple(ends))
    screen = render(some, found, 60)
    assert "5 to 95% of lives" in screen and f"{ends[0] / 1e6:+.1f} to {ends[1] / 1e6:+.1f}" in screen
    assert screen.count("90% interval of the mean]") == 1 and "90% intervals of the mean" in screen
    alone = analyse(study(("as_is", "unlock"), replicates=1, months=12)).money.iloc[0]
    assert np.isnan(alone["npv_from"])
