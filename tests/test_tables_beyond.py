"""Indices, equity bridge, and treated against untreated units, as they stand in the report and on screen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.culture import BRIDGE, INDICES, bridge_rows, index_rows
from experiments.screen import treated_table
from experiments.treated import gap, staged, treated_rows
from sim.params.strategy import Strategy
from tests.synthetic import study

SOME = study(("as_is", "unlock"), replicates=6, months=24)


def mean_of(text: str) -> float:
    """The number before the interval."""
    return float(text.split(" ", maxsplit=1)[0].replace(",", ""))


def test_indices_are_levels_for_the_baseline_and_differences_for_the_rest() -> None:
    header, base, other = index_rows(SOME.organisation_months, SOME.runs)
    months = SOME.organisation_months
    last = months[(months["month"] > 12) & (months["kind"] == "simulated")].groupby("scenario")["mri"].mean()
    place = 1 + [m.name for m in INDICES].index("mri")
    assert header[place].startswith("responsiveness") and base[0] == "as is (level)"
    assert mean_of(base[place]) == pytest.approx(last["as_is"], abs=0.5)
    assert mean_of(other[place]) == pytest.approx(last["unlock"] - last["as_is"], abs=0.51)
    assert "[" in other[place] and "[" not in base[place]


def test_the_bridge_adds_up() -> None:
    for row in bridge_rows(SOME.organisation_months, SOME.runs)[1:]:
        parts = [mean_of(cell) for cell in row[1:]]
        assert len(parts) == len(BRIDGE) + 1 and sum(parts[:-1]) == pytest.approx(parts[-1], abs=0.3)
        assert any(parts)


def units(treated: tuple[str, ...], start: int, rest: int, months: int = 30) -> pd.DataFrame:
    """Four shops and an office; treated shops grow by a point a month from `start` on, the others from `rest` on."""
    names = ("a", "b", "c", "d", "office")
    rows = []
    for month in range(months + 1):
        for name in names:
            begun = start if name in treated else rest
            sales = 0.0 if name == "office" else 100.0 + max(0, month - begun)
            rows.append({"month": month, "silo": name, "revenue": sales, "formal_x": float(month >= begun),
                         "satisfaction": 0.6 + 0.01 * (month >= begun), "churn": 0.02})  # fmt: skip
    return pd.DataFrame(rows)


def test_treated_less_untreated_while_both_exist() -> None:
    """Up to month 19, the last before the others start; means over the half year from 14 on: growth 4 to 9 points."""
    found = gap(units(("a", "b"), start=10, rest=20))
    assert found is not None and found["month"] == 19
    assert found["sales"] == pytest.approx(np.mean(np.arange(4, 10)))
    assert found["satisfaction"] == pytest.approx(0.01) and found["churn"] == pytest.approx(0)


def test_nothing_to_compare_where_all_start_together_or_nobody() -> None:
    assert gap(units(("a", "b", "c", "d", "office"), start=10, rest=99)) is None
    assert gap(units((), start=0, rest=99)) is None


def test_one_row_per_staged_plan() -> None:
    frames = [units(("a",), 5, 25).assign(scenario="staged", kind="simulated", replicate=r) for r in range(4)]
    frames += [units((), 0, 99).assign(scenario="as_is", kind="simulated", replicate=r) for r in range(4)]
    runs = pd.DataFrame({"replicate": range(4), "world": [0, 0, 1, 1]})
    header, row = treated_rows(pd.concat(frames), runs, ["staged"])
    assert row[:2] == ["staged", "24"] and mean_of(row[2]) == pytest.approx(16.5) and len(header) == len(row)
    assert treated_rows(pd.concat(frames), runs, ["as_is"]) == []
    assert treated_table(SOME) == ""


def test_staged_plans_are_known_by_what_they_say() -> None:
    at_once, later = Strategy(rollout={"x": 0}), Strategy(rollout={"x": 6})
    assert staged({"a": Strategy(), "b": Strategy(pilot_units=2), "c": at_once, "d": later}) == ["b", "d"]
