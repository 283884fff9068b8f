"""Screens and shares of variance: known answers, floors, and that nothing is left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp

from experiments.cli import main
from experiments.designs import morris, saltelli
from experiments.designs.factor import DUMMY, LUCK, LUCKS, Factor
from experiments.designs.settings import DesignSettings
from experiments.evaluation import chunk as chunking
from experiments.evaluation import evaluate as evaluating
from experiments.evaluation.settings import StudySettings
from experiments.evaluation.study import open_study
from experiments.figures.sensitivity import screen_figure, sobol_figure
from experiments.sensitivity import screen_text, sobol_text
from experiments.sensitivity.at_rest import share_at_rest
from experiments.sensitivity.elementary import chance_of_none, effects
from experiments.sensitivity.floor import Verdict, discovered, judge
from experiments.sensitivity.indices import additive, independent, indices, of_the_mean
from experiments.sensitivity.outcomes import OUTCOMES, Of, known, outcomes
from experiments.sensitivity.screen import screened
from experiments.sensitivity.screened import ranked
from experiments.sensitivity.settings import Ranges, ScreenSettings
from experiments.sensitivity.sobol import split
from experiments.sensitivity.words import About, decimals, quantities, span_of
from experiments.settings import Unknowns
from experiments.unknowns import ranges
from sim.errors import InputError

PLANS = ["as_is", "unlock"]
A, B = 7.0, 0.1  # of the Ishigami function
SMALL = ("organisation=small_firm", "months=8", "burn_in=12", "organisation.customers.number=200", "quiet=true",
         "compute=one_core")  # fmt: skip
THREE = ("vary.market.complexity=[0.1,0.4]", "vary.customers.churn.satisfaction=prior", "vary.norms=[guarded,open]")


def made_up(points: pd.DataFrame, gain: Callable[[pd.DataFrame], Any], replicates: int = 2) -> pd.DataFrame:
    """Runs as a study would leave them: two plans, whose difference is known and whose level is not smooth."""
    level = 100 + 10 * np.sin(1e4 * points.iloc[:, 0].to_numpy())
    parts = [
        pd.DataFrame({"point": points.index, "scenario": plan, "replicate": r, "npv": level + k * gain(points)})
        for r in range(replicates) for k, plan in enumerate(PLANS)
    ]  # fmt: skip
    return pd.concat(parts).sample(frac=1, random_state=1)  # the order of rows must not matter


def gains(points: pd.DataFrame, gain: Callable[[pd.DataFrame], Any]) -> np.ndarray:
    found = outcomes(made_up(points, gain), "npv", PLANS, len(points))
    return found[Of.GAIN, "unlock"].to_numpy()


def ranged(*names: str, low: float = -np.pi, high: float = np.pi) -> list[Factor]:
    return [Factor(name, (low, high), True) for name in names]


def ishigami(points: pd.DataFrame) -> Any:
    return np.sin(points["x1"]) + A * np.sin(points["x2"]) ** 2 + B * points[LUCK] ** 4 * np.sin(points["x1"])


FACTORS = ["x1", "x2", LUCK, DUMMY]


@pytest.fixture(scope="module")
def ishigami_gains() -> np.ndarray:
    points = saltelli.points(ranged(*FACTORS), DesignSettings(design="saltelli", samples=1024), 1)
    return gains(points, ishigami)


def shares_of_ishigami() -> pd.DataFrame:
    """Closed form (Ishigami and Homma 1990)."""
    x1, x2 = 0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8
    both = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    shares = {"first": [x1, x2, 0, 0], "total": [x1 + both, x2, both, 0]}
    return pd.DataFrame(shares, index=FACTORS) / (x1 + x2 + both)


def test_shares_of_a_known_function(ishigami_gains: np.ndarray) -> None:
    found, exact = indices(FACTORS, ishigami_gains, 1).set_index("factor"), shares_of_ishigami()
    for name in ("first", "total"):
        assert np.abs(found[name] - exact[name]).max() < 0.03
        assert np.abs(found[f"half_{name}"] - exact[name]).max() < 0.08
        assert (found[f"half_{name}"] != found[name])[["x1", "x2"]].all(), "half of the sample is another sample"
        parameters = found.drop(index=DUMMY)
        assert (parameters[f"{name}_low"] < parameters[name]).all()
        assert (parameters[f"{name}_high"] - parameters[f"{name}_low"] < 0.3).all()
    assert (found.loc[DUMMY].drop("p") == 0).all() and found.loc[DUMMY, "p"] == 1
    assert found.index[0] == "x1" and list(found["total"]) == sorted(found["total"], reverse=True)


def test_interactions_are_what_first_order_shares_leave(ishigami_gains: np.ndarray) -> None:
    middle, low, high = additive(FACTORS, ishigami_gains, 1)
    exact = shares_of_ishigami()["first"].sum()
    assert low < exact < high and middle == pytest.approx(exact, abs=0.05) and 0.1 < high - low < 0.3


def test_shares_of_the_mean_over_lives_are_of_what_luck_leaves(ishigami_gains: np.ndarray) -> None:
    found, exact = of_the_mean(FACTORS, ishigami_gains, 1).set_index("factor"), shares_of_ishigami()["first"]
    for name in ("x1", "x2"):
        share = exact[name] / (exact["x1"] + exact["x2"])  # E[ishigami | x1, x2] has no interactions
        assert found.loc[name, "mean"] == pytest.approx(share, abs=0.04)
        assert found.loc[name, "mean_low"] < share < found.loc[name, "mean_high"]
    assert found.loc[LUCK].isna().all() and (found.loc[DUMMY] == 0).all()
    lives_only = gains(saltelli.points(ranged("x", LUCK), DesignSettings(design="saltelli", samples=64), 1), chance)
    assert of_the_mean(["x", LUCK], lives_only, 1).drop(columns="factor").isna().all(axis=None)


def chance(points: pd.DataFrame) -> Any:
    return np.sin(40 * points[LUCK])


def one_that_tells(points: pd.DataFrame) -> Any:
    """Small but steady, large but another in every life, and luck that is larger than both."""
    life = np.floor(LUCKS * points[LUCK])
    return points["steady"] + np.sin(900 * points["shuffler"] + 77 * life) + 3 * np.sin(5 * life)


def test_what_moves_the_mean_over_lives_is_told_from_luck_by_shares() -> None:
    names, found = ["steady", "shuffler", LUCK, DUMMY], []
    for seed in range(8):
        points = saltelli.points(ranged(*names, low=0, high=1), DesignSettings(design="saltelli", samples=512), seed)
        values = pd.DataFrame({(Of.GAIN, "unlock"): gains(points.assign(steady=3 * points["steady"]), one_that_tells)})
        found.append(split(values, names, seed).set_index("factor"))
    assert [one.loc["steady", "verdict"] for one in found] == [Verdict.TOLD] * 8
    assert sum(one.loc["shuffler", "verdict"] == Verdict.OPEN for one in found) >= 7
    assert all(one.loc["shuffler", "total"] > 0.05 for one in found), "in a single life it matters"
    assert all(one.loc["steady", "mean"] > 0.6 for one in found)


def test_what_moves_the_mean_over_lives_is_told_from_luck_by_effects() -> None:
    names, found = ["steady", "shuffler", LUCK, DUMMY], []
    for seed in range(8):
        varied = [*ranged("steady", "shuffler", low=0, high=1), Factor(LUCK, (0.0, 1.0), True, from_prior=True),
                  Factor(DUMMY, (0.0, 1.0), True)]  # fmt: skip
        points = morris.points(varied, DesignSettings(design="morris", samples=32), seed)
        values = pd.DataFrame({(Of.GAIN, "unlock"): gains(points, one_that_tells)})
        found.append(screened(values, morris.positions(names, 32, seed), seed).set_index("factor"))
    assert [one.loc["steady", "verdict"] for one in found] == [Verdict.TOLD] * 8
    assert sum(one.loc["shuffler", "verdict"] == Verdict.OPEN for one in found) >= 7
    assert all(one.loc["shuffler", "mu_star"] > 0.4 for one in found), "in a single life it matters"


def test_among_many_some_would_be_told_by_chance() -> None:
    p = np.array([1e-4, 0.02, 0.04, *np.linspace(0.05, 1, 47), 1e-9, 1.0])
    names = [*(f"x{k}" for k in range(50)), LUCK, DUMMY]
    found = discovered(pd.DataFrame({"factor": names, "p": p}), "p")
    assert np.flatnonzero(found).tolist() == [0], "0.02 would be told alone; luck is not counted"
    assert discovered(pd.DataFrame({"factor": ["x", LUCK, DUMMY], "p": [0.02, 1, 1]}), "p").tolist() == [1, 0, 0]


def test_independent_rows_of_the_design(ishigami_gains: np.ndarray) -> None:
    sample = independent(FACTORS, ishigami_gains)
    assert len(sample) == 2 * 1024 and sample.mean() == pytest.approx(A / 2, abs=0.1)
    assert independent(["a", DUMMY], np.arange(8.0)).tolist() == [0, 4, 3, 7]


def test_floors_of_a_known_function(ishigami_gains: np.ndarray) -> None:
    values = pd.DataFrame({(Of.GAIN, "unlock"): ishigami_gains})
    found = split(values, FACTORS, 1).set_index("factor")["verdict"]
    assert found.to_dict() == {"x1": Verdict.CLEAR, "x2": Verdict.CLEAR, LUCK: Verdict.FLOOR, DUMMY: Verdict.NONE}


def test_a_seed_of_zero_repeats_itself(ishigami_gains: np.ndarray) -> None:
    pd.testing.assert_frame_equal(indices(FACTORS, ishigami_gains, 0), indices(FACTORS, ishigami_gains, 0))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_missing_value_is_refused(bad: float, ishigami_gains: np.ndarray) -> None:
    values = ishigami_gains.copy()
    values[7] = bad
    with pytest.raises(ValueError, match="finite"):
        indices(FACTORS, values, 1)
    with pytest.raises(ValueError, match="finite"):
        additive(FACTORS, values, 1)
    positions = morris.positions(FACTORS, 3, 1)
    with pytest.raises(ValueError, match="finite"):
        effects(positions, values[: len(positions)], 1)


def test_no_variance_is_refused() -> None:
    with pytest.raises(ValueError, match="one value everywhere"):
        indices(FACTORS, np.full(6 * 8, 3.0), 1)


def test_points_out_of_order_betray_themselves_by_the_dummy(ishigami_gains: np.ndarray) -> None:
    shifted = pd.DataFrame({(Of.GAIN, "unlock"): np.roll(ishigami_gains, 1)})
    with pytest.raises(ValueError, match="out of order"):
        split(shifted, FACTORS, 1)


def test_effects_of_a_straight_function() -> None:
    slopes = {"a": 3.0, "b": -2.0, LUCK: 0.5, DUMMY: 0.0}
    varied = ranged(*slopes, low=10, high=14)
    points = morris.points(varied, DesignSettings(design="morris", samples=5), 1)
    found = gains(points, lambda table: sum(slope * table[name] for name, slope in slopes.items()))
    table = effects(morris.positions(list(slopes), 5, 1), found, 1).set_index("factor")
    assert list(table.index) == ["a", "b", LUCK, DUMMY]
    assert table["mu"].to_dict() == pytest.approx({name: 4 * slope for name, slope in slopes.items()}, abs=1e-9)
    assert table["mu_star"].to_dict() == pytest.approx({name: 4 * abs(s) for name, s in slopes.items()}, abs=1e-9)
    assert table["sigma"].max() < 1e-9 and (table["high"] - table["low"]).max() < 1e-9
    assert table.loc[["a", "b"], "p"].max() < 1e-9 and table.loc[DUMMY, "p"] == 1


def test_p_of_a_mean_effect_is_that_of_a_t_test() -> None:
    sample = np.array([1.0, 3.0, 0.5, 2.0, -1.0])
    mu, sigma = np.array([sample.mean(), 0.0, 2.0]), np.array([sample.std(ddof=1), 0.0, 0.0])
    assert chance_of_none(mu, sigma, 5).tolist() == pytest.approx([ttest_1samp(sample, 0).pvalue, 1, 0])


def test_effects_that_depend_on_each_other() -> None:
    names = ["a", "b", LUCK, DUMMY]
    points = morris.points(ranged(*names, low=0, high=1), DesignSettings(design="morris", samples=200), 1)
    found = gains(points, lambda table: (table["a"] - 0.5) * table["b"] + 0.01 * table[LUCK])
    table = screened(pd.DataFrame({(Of.GAIN, "unlock"): found}), morris.positions(names, 200, 1), 1).set_index("factor")
    assert table.loc["b", "mu"] == pytest.approx(0.0, abs=0.06), "as often up as down"
    assert table.loc["b", "mu_star"] == pytest.approx(1 / 3, abs=0.03), "1/2 or 1/6 on a grid of four levels"
    assert table.loc["b", "sigma"] > table.loc["b", "mu_star"] and table.loc["a", "mu"] == pytest.approx(0.5, abs=0.06)
    assert table["verdict"].to_dict() == {
        "a": Verdict.CLEAR, "b": Verdict.CLEAR, LUCK: Verdict.FLOOR, DUMMY: Verdict.NONE,
    }  # fmt: skip


def test_the_size_of_an_effect_is_never_below_zero() -> None:
    positions = morris.positions(["a", "b"], 4, 1)
    values = np.zeros(len(positions))
    values[-1] = 1.0  # one trajectory of four sees an effect
    found = effects(positions, values, 1)
    assert found["mu_star"].tolist() == pytest.approx([3 / 8, 0]) and found["low"].tolist() == [0, 0]
    assert found["high"].iloc[0] > 2 * found["mu_star"].iloc[0]


def test_every_trajectory_has_two_lives_of_its_own() -> None:
    varied = [*ranged("a", "b"), Factor(LUCK, (0.0, 1.0), True, from_prior=True)]
    few, more = (morris.points(varied, DesignSettings(design="morris", samples=n), 1) for n in (5, 20))
    lives = np.floor(more[LUCK].to_numpy() * LUCKS).astype(int).reshape(20, 4)
    assert [sorted(set(row)) for row in lives.tolist()] == [[2 * t, 2 * t + 1] for t in range(20)]
    pd.testing.assert_frame_equal(few, more.iloc[:20])


def test_a_verdict_is_where_the_interval_lies() -> None:
    rows = [("far", 9, 7, 11, True), ("far up and down", 9, 7, 11, False), ("near", 5, 2, 8, True),
            ("touching", 8, 6, 10, False), ("open", 1, 0, 3, False), ("nothing", 0, 0, 0, False),
            (LUCK, 4, 2, 6, True), (DUMMY, 0, 0, 0, False)]  # fmt: skip
    found = pd.DataFrame(rows, columns=["factor", "size", "low", "high", "told"])
    assert judge(found, "size", "low", "high", found["told"].to_numpy()).tolist() == [
        Verdict.CLEAR, Verdict.CLEAR, Verdict.TOLD, Verdict.OPEN, Verdict.ZERO, Verdict.NONE, Verdict.FLOOR,
        Verdict.NONE,
    ]  # fmt: skip


ABOUT_SOBOL = About("ungridlock sobol", "Firm", 60, "npv", "as_is", 3, 64, 320, 1, 0.9)


def a_screen(*verdicts: Verdict) -> pd.DataFrame:
    rows = [("m.a", 6e6, 5e6, 7e6), ("m.b", 4e6, 1e6, 7e6), ("m.c", 2e6, 1e6, 3e6), (LUCK, 5e6, 3e6, 7e6),
            (DUMMY, 0, 0, 0)]  # fmt: skip
    found = pd.DataFrame(rows, columns=["factor", "mu_star", "low", "high"])
    return found.assign(mu=found["mu_star"], sigma=1e6, range="[0, 1]",
                        verdict=[*verdicts, Verdict.FLOOR, Verdict.NONE])  # fmt: skip


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [((Verdict.OPEN, Verdict.OPEN, Verdict.ZERO),
      "none of 3 parameters can be shown to matter more than luck does in a single life (5.00 [3.00, 7.00] $M). "
      "None can be told from luck. The largest effects: m.a 6.00 [5.00, 7.00], m.b 4.00 [1.00, 7.00] and m.c 2.00 "
      "[1.00, 3.00] $M. 2 have an effect that cannot be told from luck, 1 one that cannot be told from zero, 0 none"),
     ((Verdict.OPEN, Verdict.TOLD, Verdict.NONE),
      "1 can be told from luck, since the mean over lives moves with it. The largest effect: m.b 4.00 [1.00, 7.00] $M. "
      "1 have"),
     ((Verdict.CLEAR, Verdict.TOLD, Verdict.OPEN),
      "1 of 3 parameters can be shown to matter more than luck does in a single life (5.00 [3.00, 7.00] $M). The "
      "largest effect: m.a 6.00 [5.00, 7.00] $M. 1 other can be told"),
     ((Verdict.CLEAR, Verdict.OPEN, Verdict.OPEN), "m.a 6.00 [5.00, 7.00] $M. No other can be told from luck. 2 have"),
     ((Verdict.NONE, Verdict.NONE, Verdict.NONE), "None has any effect. 0 have")],
)  # fmt: skip
def test_a_screen_names_the_largest_effects_in_any_case(verdicts: tuple[Verdict, ...], said: str) -> None:
    text = screen_text.headline(Of.GAIN, "unlock", a_screen(*verdicts), ABOUT_SOBOL).replace("\n", " ")
    assert text.startswith("Gain in NPV of UNLOCK over as is: ") and said in text, text


def a_split(*verdicts: Verdict) -> pd.DataFrame:
    rows = [("m.a", 0.3, 0.2), ("m.b", 0.2, 0.15), ("m.c", 0.1, 0.0), (LUCK, 0.6, 0.4), (DUMMY, 0, 0)]
    found = pd.DataFrame(rows, columns=["factor", "total", "first"])
    found = found.assign(mean=2 * found["first"]).assign(mean=lambda t: t["mean"].where(t["factor"] != LUCK))
    for name in ("total", "first", "mean"):
        found[f"{name}_low"], found[f"{name}_high"] = found[name] - 0.05, found[name] + 0.05
    return found.assign(verdict=[*verdicts, Verdict.FLOOR, Verdict.NONE])


LARGEST = "The largest total shares: m.a 30% [25, 35], m.b 20% [15, 25] and m.c 10% [5, 15]."


@pytest.mark.parametrize(
    ("verdicts", "said", "of_the_rest"),
    [((Verdict.OPEN, Verdict.OPEN, Verdict.ZERO),
      "No parameter can be shown to matter more than luck; none of 3 can be told from luck.", ""),
     ((Verdict.TOLD, Verdict.TOLD, Verdict.OPEN),
      "No parameter can be shown to matter more than luck; 2 of 3 can be told from luck.",
      " Of the 40% that it leaves, alone: m.a 40% [35, 45] and m.b 30% [25, 35]."),
     ((Verdict.CLEAR, Verdict.TOLD, Verdict.OPEN),
      "1 parameter can be shown to matter more than luck; 1 other can be told from luck.",
      " Of the 40% that it leaves, alone: m.a 40% [35, 45] and m.b 30% [25, 35]."),
     ((Verdict.CLEAR, Verdict.CLEAR, Verdict.OPEN),
      "2 parameters can be shown to matter more than luck; no others can be told from luck.",
      " Of the 40% that it leaves, alone: m.a 40% [35, 45] and m.b 30% [25, 35].")],
)  # fmt: skip
def test_a_split_names_the_largest_shares_in_any_case(
    verdicts: tuple[Verdict, ...], said: str, of_the_rest: str
) -> None:
    part = a_split(*verdicts)
    assert sobol_text.leading(part) == f"{said} {LARGEST}"
    assert sobol_text.luck(part) == f"Luck, alone and with others: 60% [55, 65].{of_the_rest}"


def test_gains_are_paired_and_means_over_replicates() -> None:
    rows = [(0, "as_is", 0, 10.0), (0, "unlock", 0, 11.0), (0, "as_is", 1, 20.0), (0, "unlock", 1, 25.0),
            (1, "as_is", 0, 1.0), (1, "unlock", 0, 1.0), (1, "as_is", 1, 3.0), (1, "unlock", 1, 5.0)]  # fmt: skip
    runs = pd.DataFrame(rows, columns=["point", "scenario", "replicate", "npv"])
    found = outcomes(runs, "npv", PLANS, 2)
    assert list(found.columns) == [("gain", "unlock"), ("level", "unlock"), ("level", "as_is")]
    assert found.to_numpy().tolist() == [[3, 18, 15], [1, 3, 2]]
    reversed_gain = outcomes(runs, "npv", PLANS[::-1], 2)["gain", "as_is"]
    assert reversed_gain.tolist() == [-3, -1]


@pytest.mark.parametrize("gone", ["run", "point", "replicate of a point"])
def test_a_run_that_is_not_there_is_no_smaller_design(gone: str) -> None:
    runs = made_up(pd.DataFrame({"x": [1.0, 2.0, 3.0]}), lambda table: table["x"]).sort_values("point")
    left = {"run": runs.iloc[1:], "point": runs[runs["point"] != 1],
            "replicate of a point": runs[(runs["point"] != 1) | (runs["replicate"] != 1)]}[gone]  # fmt: skip
    with pytest.raises(ValueError, match="must hold 3 x 2 x 2 runs"):
        outcomes(left, "npv", PLANS, 3)


def test_an_outcome_that_is_missing_somewhere_is_refused() -> None:
    runs = made_up(pd.DataFrame({"x": [1.0, 2.0, 3.0]}), lambda table: table["x"])
    nowhere = runs.assign(npv=runs["npv"].where(runs["scenario"] != "as_is"))
    assert list(known(outcomes(nowhere, "npv", PLANS, 3), "npv").columns) == [("level", "unlock")]
    one = runs.assign(npv=runs["npv"].where((runs["point"] != 1) | (runs["replicate"] == 0)))
    with pytest.raises(InputError, match="the gain under unlock is missing at 1 of 3"):
        known(outcomes(one, "npv", PLANS, 3), "npv")
    with pytest.raises(InputError, match="must exist under some plan"):
        known(outcomes(runs.assign(npv=np.nan), "npv", PLANS, 3), "npv")


def test_factors_are_taken_by_their_largest_effect_on_what_is_asked() -> None:
    over, under = ("gain", "as_is", "unlock"), ("level", "", "unlock")
    rows = [(*over, "a", 5.0), (*over, "b", 9.0), (*over, "c", 0.0), (*over, LUCK, 99.0), (*under, "a", 50.0),
            (*under, "b", 20.0), ("level", "", "as_is", "c", 30.0)]  # fmt: skip
    found = pd.DataFrame(rows, columns=["of", "baseline", "scenario", "factor", "mu_star"])
    found = found.assign(outcome="npv", range=[json.dumps([0, k]) for k in range(len(rows))])
    assert list(ranked(found, "npv", PLANS, Of.GAIN).index) == ["b", "a"]
    assert list(ranked(found, "npv", PLANS, Of.LEVEL).index) == ["a", "c", "b"]
    assert list(ranked(found, "npv", ["as_is"], Of.GAIN).index) == ["c"], "one plan has levels only"
    assert ranked(found, "npv", PLANS[::-1], Of.GAIN).empty and ranked(found, "churn", PLANS, Of.GAIN).empty


def test_everything_uncertain_is_screened_over_what_the_ensemble_leaves() -> None:
    one = open_study("screen", ScreenSettings, ["organisation=small_firm"])
    settings = one.job.settings
    for name, unknowns in (("fitted", Unknowns.ENSEMBLE), ("prior", Unknowns.PRIOR)):
        uncertain = ranges(one.job.scenario, settings.model_copy(update={"unknowns": unknowns}))
        varied = one.settings.model_copy(update={"ranges": Ranges(name)}).varied(one.space)
        assert {key: tuple(v) for key, v in varied.items() if key not in (DUMMY, LUCK)} == uncertain
        assert {DUMMY, LUCK} < varied.keys() and len(uncertain) > 80


def test_share_of_points_at_rest() -> None:
    one = open_study("sweep", StudySettings, ["organisation=small_firm", "vary.behaviour.sharing.conformity=[1,4]",
                                              "vary.luck=[0.1,0.2]"])  # fmt: skip
    assert share_at_rest(one) == 0.5


def test_numbers_for_people() -> None:
    assert [decimals([x]) for x in (0.0, 0.0123, 1.23, 12.3, 1234.0)] == [0, 4, 2, 1, 0]
    assert span_of("[0.12345, 2.5]") == "0.123 to 2.5" and span_of('["guarded", "open"]') == "guarded, open"


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A screen of a small firm, and beside it the store."""
    folder = tmp_path_factory.mktemp("screen")
    words = [*SMALL, *THREE, "samples=4", "strategies=[as_is,unlock]", f"store={folder / 'store'}"]
    assert main(["screen", *words, f"output={folder / 'out'}"]) == 0
    return folder / "out"


def computing_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr(evaluating, "compute_chunk", refuse)


def test_a_screen_ends_with_tables_page_and_figure(screen: Path) -> None:
    found = pd.read_csv(screen / "screen.csv")
    assert found.groupby(["of", "scenario"]).size().to_dict() == {
        ("gain", "unlock"): 5, ("level", "unlock"): 5, ("level", "as_is"): 5,
    }  # fmt: skip
    assert (found.loc[found["factor"] == DUMMY, "mu_star"] == 0).all()
    assert (found["baseline"].isna() == (found["of"] == "level")).all()
    assert (found.loc[found["factor"] == LUCK, "mu_star"] > 0).all()
    level = found[(found["of"] == "level") & (found["scenario"] == "as_is")].set_index("factor")
    assert level.loc["norms", "mu_star"] > 0 and json.loads(level.loc["norms", "range"]) == ["guarded", "open"]
    page = (screen / "screen.md").read_text(encoding="utf-8")
    assert "figures/sensitivity_screen.png" in page and "not a forecast" in page and "`ungridlock screen" in page
    assert (screen / "figures" / "sensitivity_screen.png").stat().st_size > 10_000
    runs = pd.read_parquet(screen / "runs.parquet")
    assert set(OUTCOMES) <= set(runs.columns) and runs["run"].nunique() == 2 * 4 * 5, "the dummy costs nothing"


def test_a_second_look_computes_nothing(
    screen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    computing_nothing(monkeypatch)
    store = screen.parent / "store"
    before = sorted(store.rglob("*.parquet"))
    words = [*SMALL, *THREE, "samples=4", "strategies=[as_is,unlock]", f"store={store}", f"output={tmp_path}"]
    assert main(["screen", *words]) == 0
    assert (tmp_path / "screen.csv").read_bytes() == (screen / "screen.csv").read_bytes()
    assert main(["screen", *words, "outcome=gridlock"]) == 0
    assert "gridlock under as is, which does not exist" in capsys.readouterr().out
    assert sorted(store.rglob("*.parquet")) == before


def test_variance_is_split_among_what_a_screen_found(
    screen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = pd.read_csv(screen / "screen.csv")
    order = ranked(table, "customer_equity", PLANS, Of.GAIN)
    words = [*SMALL, "strategies=[as_is,unlock]", f"from={screen}", "top=2", "samples=4", f"store={tmp_path / 'store'}",
             f"output={tmp_path / 'out'}"]  # fmt: skip
    assert main(["sobol", *words]) == 0
    said = capsys.readouterr().out
    assert "They are the 2 with the largest effect on the gain in the screen" in said.replace("\n", " ")
    assert "First-order shares add up to" in said and "Half of the sample" in said and "not a forecast" in said
    points = pd.read_csv(tmp_path / "out" / "points.csv")
    assert list(points.columns[1:]) == [*order.index[:2], DUMMY, LUCK] and len(points) == 4 * 6
    found = pd.read_csv(tmp_path / "out" / "sobol.csv")
    assert np.isfinite(found[["first", "total", "half_first", "half_total"]]).all(axis=None)
    assert (found.loc[found["factor"] == DUMMY, "total"] == 0).all() and (found["total_low"] >= 0).all()
    record = json.loads((tmp_path / "out" / "experiment.json").read_text())
    assert record["study"]["from"] == str(screen) and record["different_runs"] == 2 * 4 * 5
    shards = sorted((tmp_path / "store").rglob("*.parquet"))
    computing_nothing(monkeypatch)
    assert main(["sobol", *words]) == 0 and sorted((tmp_path / "store").rglob("*.parquet")) == shards


def test_one_plan_has_levels_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*SMALL, THREE[0], "samples=4", "strategies=[unlock]", f"store={tmp_path}/s", f"output={tmp_path}/out"]
    assert main(["sobol", *words]) == 0
    assert "Customer equity under UNLOCK" in capsys.readouterr().out
    assert set(pd.read_csv(tmp_path / "out" / "sobol.csv")["of"]) == {"level"}


def test_what_never_differs_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*SMALL, THREE[0], "samples=4", "strategies=[as_is,as_is]", f"store={tmp_path / 'store'}"]
    assert main(["sobol", *words, f"output={tmp_path}/out"]) == 0
    assert "gain in customer equity of as is#2 over as is, which is the same at every point" in capsys.readouterr().out
    assert main(["sobol", *words, f"output={tmp_path}/other", "outcome=stopped"]) == 0
    assert "Nothing to split." in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["screen", "sobol"])
def test_no_analysis_of_what_is_incomplete(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    original = chunking.burn_in

    def unlucky(scenario: Any, seed: int, replicate: int) -> object:
        if scenario.market.complexity > 0.3 and replicate > 0:
            raise ValueError("no such luck")
        return original(scenario, seed, replicate)

    monkeypatch.setattr(chunking, "burn_in", unlucky)
    words = [*SMALL, THREE[0], "samples=4", "strategies=[as_is]", f"store={tmp_path}/s", f"output={tmp_path}/out"]
    assert main([verb, *words]) == 1
    captured = capsys.readouterr()
    assert "are missing" in captured.err and "no such luck" in captured.err
    assert len(captured.out.splitlines()) == 1 and "employees" in captured.out  # the company, no answer
    assert (tmp_path / "out" / "missing.csv").is_file() and not (tmp_path / "out" / f"{verb}.csv").exists()


BAD = {
    "outcome": (["screen", "outcome=customer_equit"], "outcome: unknown outcome; .*did you mean customer_equity"),
    "of": (["screen", "of=both"], "of: must be one of 'gain' or 'level'"),
    "design": (["screen", "design=grid"], "design: must be morris here; got grid; leave it out"),
    "design of sobol": (["sobol", "design=morris", THREE[0]], "design: must be saltelli here"),
    "levels": (["screen", "levels=5"], "levels: is not used here"),
    "one trajectory": (["screen", "samples=1"], "samples: must be at least 2"),
    "ranges": (["screen", "ranges=wide"], "ranges: must be one of 'fitted' or 'prior'"),
    "ranges of sobol": (["sobol", "ranges=prior", THREE[0]], "ranges: unknown name"),
    "misspelt factor": (["screen", "vary.market.complexty=prior"], "did you mean market.complexity"),
    "no factors": (["sobol"], "vary: must name what is varied"),
    "two sources": (["sobol", "from=.", THREE[0]], "vary: is not used with from"),
    "top without a screen": (["sobol", "top=3", THREE[0]], "top: is used with from only"),
    "top": (["sobol", "from=.", "top=0"], "top: must be at least 1"),
    "no power of two": (["sobol", "samples=12", THREE[0]], "samples: must be a power of two"),
    "too few": (["sobol", "samples=2", THREE[0]], "samples: must be at least 4"),
    "no screen": (["sobol", "from=nowhere"], "from: must be the output folder of a screen; got 'nowhere'"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    computing_nothing(monkeypatch)
    monkeypatch.chdir(tmp_path)
    words, rule = BAD[case]
    assert main([*words, "organisation=small_firm"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and pd.Series([said]).str.contains(rule).all(), said


@pytest.mark.parametrize(
    ("words", "rule"),
    [(["months=9"], "same scenario; it differs in months"), (["outcome=npv"], "a screen of npv under as_is, unlock"),
     (["strategies=[unlock,as_is]"], "a screen of customer_equity under unlock, as_is")],
)  # fmt: skip
def test_a_screen_of_something_else_is_refused(
    words: list[str], rule: str, screen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {word.split("=")[0]: word for word in [*SMALL, "strategies=[as_is,unlock]", *words]}
    assert main(["sobol", *given.values(), f"from={screen}", f"output={tmp_path}", f"store={tmp_path / 's'}"]) == 2
    assert rule in capsys.readouterr().err and not (tmp_path / "s").exists()


def test_figures_say_what_was_found(ishigami_gains: np.ndarray) -> None:
    about = About("ungridlock sobol", "Firm", 60, "npv", "as_is", 2, 1024, 6144, 1, 0.9)
    found = split(pd.DataFrame({(Of.GAIN, "unlock"): ishigami_gains}), FACTORS, 1)
    title = sobol_figure(found, about, Of.GAIN).get_suptitle().replace("\n", " ")
    assert title.startswith("Gain in NPV of UNLOCK over as is varies more with x1 (56%) and x2 (44%) than with luck")
    none = sobol_figure(found.assign(verdict=Verdict.OPEN), about, Of.GAIN).get_suptitle().replace("\n", " ")
    assert none.startswith("No parameter can be shown to explain more of the variance of the gain in NPV")
    assert none.endswith("than luck does (24%); none can be told from it; largest: x1 (56%) and x2 (44%)")
    told = found.assign(verdict=found["verdict"].replace({Verdict.CLEAR: Verdict.TOLD}))
    title = sobol_figure(told, about, Of.GAIN).get_suptitle().replace("\n", " ")
    assert title.endswith("(24%); 2 of 2 can be told from it, most: x1 (56%) and x2 (44%)")
    small = sobol_figure(found.assign(total=found["total"] / 2), about, Of.GAIN).get_suptitle()
    assert small.startswith("The sample is too small")
    positions = morris.positions(FACTORS, 4, 1)
    still = screened(pd.DataFrame({(Of.GAIN, "unlock"): np.zeros(len(positions))}), positions, 1)
    title = screen_figure(still, about, Of.GAIN).get_suptitle().replace("\n", " ")
    assert title.startswith("None of 2 parameters can be shown to move the gain in NPV")
    assert title.endswith("more than luck does, none can be told from it")
    small = a_screen(Verdict.OPEN, Verdict.TOLD, Verdict.OPEN).assign(of="gain", scenario="unlock")
    title = screen_figure(small, about, Of.GAIN).get_suptitle().replace("\n", " ")
    assert title.endswith("more than luck does, 1 can be told from it; most m.b")
    assert [part[:2] for part in quantities(still, Of.LEVEL)] == [("gain", "unlock")]


def test_all_that_is_not_known_can_be_one_factor(tmp_path: Path) -> None:
    words = [*SMALL, "vary.world=[0,9]", "unknowns=ensemble", "samples=4", "strategies=[as_is]", f"store={tmp_path}/s"]
    assert main(["sobol", *words, f"output={tmp_path}/out"]) == 0
    found = pd.read_csv(tmp_path / "out" / "sobol.csv").set_index("factor")
    assert set(found.index) == {"world", LUCK, DUMMY} and found.loc["world", "total"] > 0
