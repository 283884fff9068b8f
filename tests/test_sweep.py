"""What a sweep says on its screen, on made-up runs with known answers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.sweep.over_points import best_plans, gains, mean_and_error
from experiments.sweep.summary import on_screen

GAINS = {(0, 0): 1.0, (0, 1): 3.0, (1, 0): -1.0, (1, 1): -3.0}  # point, replicate -> what the plan adds


def made(gain: dict[tuple[int, int], float] = GAINS, worlds: tuple[int, ...] = (0, 1)) -> pd.DataFrame:
    """Runs of two plans; levels differ between replicates far more than plans do."""
    rows = []
    for (point, replicate), added in gain.items():
        for plan in ("as_is", "unlock"):
            value = 1e6 * (100.0 * replicate + point + added * (plan == "unlock"))
            rows.append({"point": point, "norms": ("open", "guarded")[point % 2], "x": 2.0 - point, "scenario": plan,
                         "replicate": replicate, "world": worlds[replicate], "npv": value, "customer_equity": -value,
                         "churn": 0.02, "engaged": np.nan})  # fmt: skip
    return pd.DataFrame(rows)


def said(table: pd.DataFrame, *factors: str) -> str:
    points = table.groupby("point")[list(factors)].first()
    settings = SimpleNamespace(replicates=table["replicate"].nunique())
    study: Any = SimpleNamespace(points=points, job=SimpleNamespace(settings=settings))
    return on_screen(table, study)


def test_differences_are_paired_and_their_error_is_over_lives() -> None:
    found = gains(made(), "as_is", "unlock", "npv")
    assert (found.mean, found.low, found.high) == (0.0, -2e6, 2e6)
    assert (found.error, found.number, found.unit) == (0.0, 2, "replicate"), "every life gains as much as it loses"
    uneven = gains(made({(0, 0): 1.0, (0, 1): 3.0}), "as_is", "unlock", "npv")
    assert uneven.error == pytest.approx(np.std([1e6, 3e6], ddof=1) / np.sqrt(2))


def test_lives_of_a_world_are_counted_once() -> None:
    four = {(0, k): float(k) for k in range(4)}
    found = gains(made(four, (0, 0, 1, 1)), "as_is", "unlock", "npv")
    assert (found.number, found.unit) == (2, "world")
    assert found.error == pytest.approx(np.std([0.5e6, 2.5e6], ddof=1) / np.sqrt(2))
    assert gains(made(four, (0, 0, 0, 0)), "as_is", "unlock", "npv").number == 4


def test_best_plans_heed_the_direction() -> None:
    assert best_plans(made(), "npv", 1) == {"unlock": 1, "as_is": 1}
    assert best_plans(made({(k, 0): 1.0 for k in range(3)}), "npv", -1) == {"as_is": 3}


def test_rounding_is_no_error() -> None:
    assert mean_and_error(pd.Series([0.1 + 0.2, 0.3]))["error"] == 0
    assert mean_and_error(pd.Series([np.nan]))["number"] == 0


def test_the_screen_answers_in_words_first() -> None:
    lines = said(made(), "norms", "x").splitlines()
    assert lines[:2] == ["2 points x 2 plans x 2 replicates",
                         "Best mean NPV: UNLOCK at 1, as is at 1 of 2 points."]  # fmt: skip
    assert any(line.startswith("UNLOCK") and "0.000 +- 0 [-2.0, +2.0]" in line for line in lines)
    assert any(line.startswith("norms open, x 2: as is") for line in lines) and lines[-1] == "It is not a forecast."


def test_a_lever_is_changed_in_every_plan_and_the_screen_says_so() -> None:
    levers = made().rename(columns={"x": "strategy.support"})
    text = "support was changed in every plan, as is included"
    assert text in said(levers, "strategy.support") and text not in said(made(), "x")


def test_one_plan_is_lowest_somewhere_and_highest_somewhere() -> None:
    table = made()
    text = said(table[table["scenario"] == "as_is"], "norms", "x")
    assert "NPV ($M): lowest 50.0 +- 50 at norms open, x 2; highest 51.0 +- 50 at norms guarded, x 1." in text
    assert "Differences" not in text


def test_parts_of_a_factor_go_from_low_to_high() -> None:
    many = {(k, r): 1.0 for k in range(30) for r in range(2)}
    lines = [line.split(":")[0] for line in said(made(many), "x").splitlines() if line.startswith("x ")]
    assert lines[::2] == ["x -27 to -17.3", "x -17.3 to -7.67", "x -7.67 to 2"]
