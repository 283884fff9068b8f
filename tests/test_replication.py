"""Replication planning: textbook numbers, power and coverage by simulation, and a pilot whose runs are used again."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.cli import main
from experiments.evaluation import chunk as chunking
from experiments.evaluation.study import Incomplete, Study, open_study
from experiments.figures.replication import detectable_differences
from experiments.headline import EQUITY
from experiments.paired import estimate
from experiments.replication.command import TABLE, perform
from experiments.replication.needs import Aim, Pair, needs
from experiments.replication.page import on_screen
from experiments.replication.sample_size import (
    MOST,
    detectable,
    paired_power,
    power,
    spread_interval,
    unpaired_power,
    worlds_needed,
)
from experiments.replication.settings import ReplicationSettings

HOW = Aim(0.9, 0.9, 2)

# Effect (mean over standard deviation), two-sided error, power -> pairs; Cohen 1988, ch. 2, as G*Power gives them.
PAIRS = {(0.2, 0.05, 0.8): 199, (0.5, 0.05, 0.8): 34, (0.8, 0.05, 0.8): 15, (0.5, 0.05, 0.9): 44, (1.0, 0.05, 0.9): 13}
GROUPS = {(0.2, 0.05, 0.8): 394, (0.5, 0.05, 0.8): 64, (0.8, 0.05, 0.8): 26, (0.5, 0.05, 0.9): 86}  # in each group


@pytest.mark.parametrize("case", PAIRS)
def test_pairs_as_in_the_textbook(case: tuple[float, float, float]) -> None:
    effect, error, target = case
    assert worlds_needed(effect, target, 1 - error) == PAIRS[case]


@pytest.mark.parametrize("case", GROUPS)
def test_groups_as_in_the_textbook(case: tuple[float, float, float]) -> None:
    effect, error, target = case
    assert worlds_needed(effect / math.sqrt(2), target, 1 - error, unpaired_power) == GROUPS[case]


def test_power_as_in_the_textbook() -> None:
    assert paired_power(0.5, 34, 0.95) == pytest.approx(0.8077775, abs=1e-6)
    assert unpaired_power(0.5 / math.sqrt(2), 64, 0.95) == pytest.approx(0.8014596, abs=1e-6)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.999])
@pytest.mark.parametrize("freedom", [1, 2, 5, 31, 9998])
def test_power_grows_from_the_error_to_one(freedom: int, level: float) -> None:
    """Also where scipy's noncentral t is not a number."""
    found = [power(shift, freedom, level) for shift in (0, 1e-3, *np.linspace(0.1, 60, 120), 1e9)]
    assert found[0] == pytest.approx(1 - level) and np.all(np.diff(found) >= -1e-12)
    assert found[-1] == pytest.approx(1.0) and max(found) <= 1 + 1e-12


@pytest.mark.parametrize("worlds", [2, 6, 64])
def test_what_is_detectable_is_detected(worlds: int) -> None:
    effect = detectable(worlds, 0.9, 0.9)
    assert paired_power(effect, worlds, 0.9) == pytest.approx(0.9, abs=1e-6)
    assert worlds_needed(effect * 1.0001, 0.9, 0.9) == worlds


def test_extremes() -> None:
    assert worlds_needed(math.inf, 0.9, 0.9) == 2
    assert math.isinf(worlds_needed(1e-6, 0.9, 0.9)) and worlds_needed(0.05, 0.9, 0.9) < MOST


def drawn(chance: np.random.Generator, worlds: int, effect: float) -> tuple[np.ndarray, np.ndarray]:
    """Paired differences of two replicates per world: standard deviation 2 between worlds, 1 within."""
    world = np.repeat(np.arange(worlds), 2)
    return effect + chance.normal(0, 2, worlds)[world] + chance.normal(0, 1, 2 * worlds), world


def test_the_number_reaches_its_power_with_the_intervals_of_a_comparison() -> None:
    chance, wanted = np.random.default_rng(4), 1.3
    worlds = int(worlds_needed(wanted / math.sqrt(2**2 + 1 / 2), 0.9, 0.9))
    seen = np.mean([estimate(*drawn(chance, worlds, wanted)).sign == 1 for _ in range(3000)])
    assert seen == pytest.approx(0.9, abs=3 * math.sqrt(0.09 / 3000))
    none = np.mean([estimate(*drawn(chance, worlds, 0.0)).sign != 0 for _ in range(3000)])
    assert none == pytest.approx(0.1, abs=3 * math.sqrt(0.09 / 3000))


def test_the_range_of_the_number_covers_the_true_one() -> None:
    chance, wanted, spread = np.random.default_rng(5), 1.3, math.sqrt(4.5)
    true = 2 * worlds_needed(wanted / spread, 0.9, 0.9)
    hits, tight = 0, 0
    for _ in range(200):
        gains, world = drawn(chance, 6, 0.0)
        row = Pair(gains, np.zeros(12), world).row(wanted, HOW)
        hits += row["replicates_low"] <= true <= row["replicates_high"]
        low, high = spread_interval(row["spread"], 6, 0.9)
        tight += low <= spread <= high
    assert tight / 200 == pytest.approx(0.9, abs=3 * math.sqrt(0.09 / 200))
    assert hits >= tight  # whole worlds round outwards, never inwards


def runs(**plans: list[float]) -> pd.DataFrame:
    """A pilot with customer equity, two replicates per world."""
    rows = [
        {"scenario": key, "kind": "simulated", "replicate": r, "world": r // 2, "customer_equity": value,
         "gridlock": math.nan if key == "as_is" else value}
        for key, values in plans.items() for r, value in enumerate(values)
    ]  # fmt: skip
    return pd.DataFrame(rows)


AS_IS = [100e6, 104e6, 96e6, 100e6, 102e6, 98e6]
PILOT = runs(as_is=AS_IS, a=[103e6, 107e6, 101e6, 103e6, 104e6, 102e6], twin=AS_IS)


def test_a_planted_pilot() -> None:
    """World means of the differences are 3, 4, 3 $M; within worlds they differ by 0, 2, 2."""
    table = needs(PILOT, ReplicationSettings(measure="customer_equity", detect="2%", sizes=(4, 7)), 2)
    row = table.set_index("strategy").loc["a"]
    assert row["detect"] == pytest.approx(2e6) and row["baseline"] == pytest.approx(100e6)
    assert row["difference"] == pytest.approx(10e6 / 3) and row["spread"] == pytest.approx(1e6 / math.sqrt(3))
    assert row["luck"] == pytest.approx(math.sqrt(4 / 3) * 1e6) and row["unknown"] == 0
    assert row["replicates"] == 2 * worlds_needed(2 * math.sqrt(3), 0.9, 0.9) == 2 * row["worlds"]
    levels = np.std([105, 102, 103], ddof=1) ** 2 + np.std([102, 98, 100], ddof=1) ** 2
    assert row["unpaired"] == 2 * worlds_needed(2 / math.sqrt(levels), 0.9, 0.9, unpaired_power)
    assert row["detectable_6"] == pytest.approx(1e6 / math.sqrt(3) * detectable(3, 0.9, 0.9))
    assert row["detectable_4"] > row["detectable_6"] == row["detectable_7"]  # only whole worlds count
    assert row["replicates_low"] <= row["replicates"] <= row["replicates_high"]


def test_a_plan_that_changes_nothing_needs_the_fewest() -> None:
    table = needs(PILOT, ReplicationSettings(measure="customer_equity"), 2).set_index("strategy")
    assert table.loc["twin", ["difference", "spread", "replicates"]].tolist() == [0, 0, 4]
    assert detectable_differences(table.reset_index(), ReplicationSettings(), 2).axes


def test_a_measure_that_only_plans_have_is_taken_as_it_is() -> None:
    table = needs(PILOT, ReplicationSettings(measure="gridlock", detect=5), 2).set_index("strategy")
    assert table.loc["a", "difference"] == pytest.approx(np.mean([103e6, 107e6, 101e6, 103e6, 104e6, 102e6]))
    assert table.loc["a", "detect"] == pytest.approx(0.05)  # points, as differences are shown
    assert math.isnan(table.loc["a", "unpaired"])


def test_words_name_the_test_the_number_and_its_worlds() -> None:
    settings = ReplicationSettings(measure="customer_equity", detect=1, power=0.8)
    table = needs(PILOT, settings, 2)
    said = on_screen(table, settings, 2)
    number = int(table["replicates"].max())
    assert f"{number} replicates ({number // 2} worlds) detect a difference of $1.0M in customer equity at 80%" in said
    assert "two-sided paired t over worlds at 10%" in said and "It is not a forecast." in said
    assert EQUITY.words(1e6) == "+$1.0M"


WORDS = ("organisation=small_firm", "months=3", "burn_in=12", "quiet=true", "compute=one_core",
         "organisation.customers.number=200", "strategies=[as_is,technology_only]")  # fmt: skip


def study(folder: Path, *words: str) -> Study[ReplicationSettings]:
    here = [f"output={folder / 'out'}", f"store={folder / 'store'}"]
    return open_study("plan-reps", ReplicationSettings, [*WORDS, *here, *words])


def test_more_replicates_use_the_pilot_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lived: list[int] = []
    whole = chunking.burn_in
    monkeypatch.setattr(chunking, "burn_in", lambda *life: (lived.append(life[2]), whole(*life))[1])
    first = perform(study(tmp_path, "replicates=4", "measure=[customer_equity,npv]"))
    assert sorted(set(lived)) == [0, 1, 2, 3] and list(first["measure"]) == ["customer_equity", "npv"]
    assert re.search(r"\d+ replicates \(\d+ worlds\) detect a 2% difference", capsys.readouterr().out)
    lived.clear()
    second = perform(study(tmp_path, "replicates=8", "detect=50%"))
    assert sorted(lived) == [4, 5, 6, 7]
    assert second["pilot"].tolist() == [8, 8] and (tmp_path / "out" / TABLE).is_file()
    assert (tmp_path / "out" / "figures" / "replication.svg").is_file()


def test_a_run_without_a_result_is_no_row_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = chunking.burn_in

    def broken(*life: object) -> object:
        if life[2] == 1:
            raise ValueError("no such luck")
        return whole(*life)  # type: ignore[arg-type]

    monkeypatch.setattr(chunking, "burn_in", broken)
    with pytest.raises(Incomplete, match="2 are missing"):
        perform(study(tmp_path, "replicates=4"))
    assert not (tmp_path / "out" / TABLE).exists()


BAD = {
    "measure=equity": r"^measure: unknown measure; got 'equity'; choose from churn",
    "detect=little": r"^detect: must be a number above 0 or a percentage; got 'little'",
    "detect=-2%": r"^detect: must be a number above 0",
    "detect=[1,2,3]": r"^detect: must be one difference, or one for each of 2 measures; got 3",
    "power=1": r"^power: must be at most 0\.999",
    "level=0": r"^level: must be at least 0\.5",
    "sizes=[1]": r"^sizes\.0: must be at least 2",
    "replicates=5": r"^replicates: must be a multiple of 2 .* at least 4; got 5",
    "replicates=2": r"^replicates: must be a multiple of 2 .* at least 4; got 2",
    "strategies=[as_is]": r"^strategies: must name the baseline and at least one other plan",
    "vary.norms=[open]": r"^vary: is not used here.*got norms; .*ungridlock sweep",
    "design=lhs": r"^design: is not used here",
}


@pytest.mark.parametrize("word", BAD)
def test_bad_settings_are_one_line_each(word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [w for w in WORDS if not word.startswith("strategies") or not w.startswith("strategies")]
    assert main(["plan-reps", *words, f"output={tmp_path / 'out'}", f"store={tmp_path / 'store'}", word]) == 2
    error = capsys.readouterr().err
    assert re.search(BAD[word], error) and error.count("\n") == 1
    assert not (tmp_path / "store").exists()


def test_a_percentage_of_nothing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = [f"output={tmp_path / 'out'}", f"store={tmp_path / 'store'}", "replicates=4"]
    assert main(["plan-reps", *WORDS, *where, "measure=gridlock"]) == 2
    assert re.search(r"detect: must be a number for gridlock", capsys.readouterr().err)
