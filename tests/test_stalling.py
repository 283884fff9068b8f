"""Which programmes stall, of which it is open, and what people are told to do about it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis import analyse
from experiments.brakes import ANSWERS, answer, released
from experiments.headline import CHURN, ENGAGED, NPV, TURNOVER
from experiments.paired import Estimate
from experiments.report import brake_rows
from experiments.screen import brake_lines, paper_table
from experiments.stalling import Stall, against_threshold
from sim.params.strategy import Strategy
from tests.synthetic import study


@pytest.mark.parametrize(("mean", "low", "high", "fate"), [
    (0.60, 0.51, 0.69, Stall.STALLS), (0.55, 0.46, 0.63, Stall.OPEN), (0.48, 0.40, 0.56, Stall.OPEN),
    (0.31, 0.27, 0.36, Stall.NOT), (0.55, np.nan, np.nan, Stall.STALLS), (0.48, np.nan, np.nan, Stall.NOT),
])  # fmt: skip
def test_overlapping_intervals_are_not_judged_differently(mean, low, high, fate):
    assert against_threshold(Estimate(mean, low, high, 32)) is fate


def with_gridlock(levels: dict[str, tuple[float, float]], **kinds: int) -> object:
    """A study in which gridlock lies around a level, so far apart between worlds, and falls by two points a month."""
    some = study(("as_is", *levels), **kinds)
    for table in (some.runs, some.organisation_months):
        world = table["replicate"] // 2
        for key, (level, spread) in levels.items():
            here = table["scenario"] == key
            month = table.loc[here, "month"] - 30.5 if "month" in table else 0.0
            table.loc[here, "gridlock"] = level + spread * (world[here] % 2 - 0.5) - 0.02 * month
    return some


def test_what_is_open_is_named_explained_and_dated():
    levels = {"technology_only": (0.7, 0.1), "unlock": (0.49, 0.1), "overlapping_launch": (0.52, 0.1),
              "incentives_only": (0.3, 0.1)}  # fmt: skip
    found = analyse(with_gridlock(levels, replicates=24, months=36))
    assert found.stalling.fates == {
        "technology_only": Stall.STALLS, "unlock": Stall.OPEN, "overlapping_launch": Stall.OPEN,
        "incentives_only": Stall.NOT,
    }  # fmt: skip
    said = found.verdict[-1]
    assert "1 of 4 programmes stalls by month 36" in said and "technology only (70% not practised" in said
    assert "of 2 it is open: UNLOCK and overlapping launch (49% to 52% not practised)" in said
    assert "Gridlock still falls, by 24 points within that year: a longer horizon may say otherwise." in said
    assert {brake.strategy for brake in found.brakes} == {"technology_only", "unlock", "overlapping_launch"}
    assert "UNLOCK: may stall" in brake_lines(found)
    assert "UNLOCK: may stall" in [name for name, _ in brake_rows(found)]


def test_one_world_is_judged_by_its_estimate():
    found = analyse(with_gridlock({"unlock": (0.52, 0.0)}, replicates=2, months=24))
    assert found.stalling.fates == {"unlock": Stall.STALLS}


def test_a_baseline_with_a_programme_is_a_programme():
    some = study(("unlock", "as_is"), replicates=12, months=24)
    found = analyse(some)
    assert list(found.stalling.fates) == ["unlock"]
    assert not any("Nothing is installed" in one for one in found.verdict)
    assert "UNLOCK" in found.verdict[-1] and "by month 24" in found.verdict[-1]
    nothing = analyse(study(("as_is", "as_is@2", "unlock"), replicates=1, months=12))
    assert list(nothing.stalling.fates) == ["unlock"]


def test_only_what_the_plan_lacks_is_advised():
    difficulty, both = answer("difficulty"), "capability training and help on the job"
    training = {"capability_training": 0}
    assert difficulty.for_plan(None) == difficulty.for_plan(Strategy()) == both
    assert difficulty.for_plan(Strategy(support=0.5)) == "capability training"
    assert difficulty.for_plan(Strategy(initiatives=training)) == "help on the job"
    done = difficulty.for_plan(Strategy(initiatives=training, support=0.5))
    assert done == f"in the plan already, and not enough: {both}"
    assert all(one.activities for one in ANSWERS.values()), "every activity has a lever that a plan is asked about"


def test_a_knock_out_is_named_once():
    rows = {0.01: (-0.02, 0.04), -0.05: (-0.08, -0.02), 0.05: (0.02, 0.08)}
    for difference, (low, high) in rows.items():
        part = pd.DataFrame([{"measure": "reach", "difference": difference, "low": low, "high": high}])
        assert "knock-out" not in released(part)


def test_rates_say_a_month():
    assert CHURN.words(-0.0038) == "-0.380 points a month" and TURNOVER.words(0.001).endswith("points a month")
    assert ENGAGED.words(0.1) == "+10.0 points" and NPV.words(1e6) == "+$1.0M"


def test_the_cost_of_gridlock_is_explained_for_every_measure():
    text = paper_table(analyse(study(("as_is", "overlapping_launch"), replicates=4, months=24)).paper)
    assert "lost if above zero, churn added if below" in text
