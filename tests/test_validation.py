"""Validation: how claims are judged, that every published pattern is looked for, and what the command writes."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.evidence import FIGURES, Use
from experiments.interruption import Interrupted
from experiments.settings import Compute
from experiments.validation import compute as computing
from experiments.validation.compute import Job, Measured, jobs_of
from experiments.validation.judgement import COLUMNS, dependence, judge, judge_without, tally
from experiments.validation.page import as_page, band, on_screen
from experiments.validation.pattern import (
    Against,
    Claim,
    Mechanism,
    Pattern,
    Readings,
    Setting,
    Verdict,
    errors_of,
    jackknife,
    mean_of,
)
from experiments.validation.patterns import BY_KEY, PATTERNS
from experiments.validation.settings import ValidationSettings
from sim.params.field import walk

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "validation.md"
INF = math.inf
# Published figures marked for validation that have no counterpart in the model, and why.
WITHOUT_COUNTERPART = {
    "march1991": "the model has no organisational code that learns from people who know more of an outer reality",
}


def claim(low: float, high: float) -> Claim:
    return Claim("c", "a claim", low, high, "1", mean_of("x"), "made up")


@pytest.mark.parametrize(("low", "high", "value", "error", "verdict"), [
    (1, 3, 2.0, 0.1, Verdict.HIT),
    (1, 3, 2.9, 0.5, Verdict.HIT),  # two standard errors are half the band
    (1, 3, 2.0, 0.6, Verdict.UNCLEAR),  # too small an experiment to have missed
    (1, 3, 3.2, 0.11, Verdict.UNCLEAR),  # outside, but within two standard errors
    (1, 3, 3.2, 0.09, Verdict.MISS),
    (1, 3, 0.5, 0.2, Verdict.MISS),
    (0, INF, 1.0, 0.4, Verdict.HIT),
    (0, INF, 1.0, 0.6, Verdict.UNCLEAR),
    (0, INF, -1.0, 0.4, Verdict.MISS),
    (-INF, 0, -1.0, 0.4, Verdict.HIT),
    (0, INF, 0.0, 0.0, Verdict.MISS),
    (0, 1, 0.0, 0.0, Verdict.HIT),
    (0, INF, math.nan, 0.1, Verdict.UNCLEAR),
    (0, INF, 1.0, math.nan, Verdict.UNCLEAR),
])  # fmt: skip
def test_rule_of_judgement(low: float, high: float, value: float, error: float, verdict: Verdict) -> None:
    assert claim(low, high).judge(value, error) is verdict


def test_by_how_much_a_band_is_missed() -> None:
    assert [claim(1, 3).missed_by(v) for v in (0.5, 2.0, 4.0)] == [0.5, 0.0, 1.0]
    assert [band(claim(1, 3)), band(claim(0, INF)), band(claim(-INF, 0))] == ["1 to 3", "above 0", "below 0"]


def test_mean_and_jackknife_agree_on_a_mean() -> None:
    readings = [{"x": x} for x in (1.0, 2.0, 4.0, 7.0)]
    value, error = mean_of("x")(readings)
    assert (value, error) == pytest.approx((3.5, np.std([1, 2, 4, 7], ddof=1) / 2))
    assert jackknife(lambda r: float(np.mean([one["x"] for one in r])))(readings) == pytest.approx((value, error))
    assert mean_of("x")([{"x": math.nan}, {"x": 2.0}])[0] == 2.0


def test_replicates_that_share_a_world_count_as_one() -> None:
    """Two lives in each of four worlds know no more than the four means; as if independent they would claim more."""
    shared = [{"x": x, "world": w} for w, x in enumerate((1.0, 2.0, 4.0, 7.0))] * 2
    expected = (3.5, np.std([1, 2, 4, 7], ddof=1) / 2)
    assert mean_of("x")(shared) == pytest.approx(expected)
    assert jackknife(lambda r: float(np.mean([one["x"] for one in r])))(shared) == pytest.approx(expected)
    rows = np.array([[one["x"], 2 * one["x"]] for one in shared])
    assert errors_of(rows, shared) == pytest.approx([expected[1], 2 * expected[1]])
    assert errors_of(rows[:1], shared[:1]) == [0.0, 0.0]


def test_every_validation_figure_has_a_pattern_or_a_reason() -> None:
    cited = {key for pattern in PATTERNS for key in pattern.figures}
    wanted = {key for key, figure in FIGURES.items() if figure.use is Use.VALIDATION}
    assert wanted - cited == set(WITHOUT_COUNTERPART) - cited
    for key in WITHOUT_COUNTERPART:
        assert key in cited or key in (ROOT / "docs" / "credibility.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.key)
def test_pattern_is_complete(pattern: Pattern) -> None:
    assert pattern.question.endswith("?") and pattern.published and pattern.counterpart
    assert all(FIGURES[key].use is pattern.use for key in pattern.figures)
    names = [c.name for c in pattern.claims]
    assert names and len(set(names)) == len(names)
    assert all(c.low < c.high and c.tolerance and c.unit for c in pattern.claims)
    assert pattern.replicates[0] <= pattern.replicates[1]
    if pattern.mechanism:
        assert pattern.mechanism.claim in names


def test_keys_are_files() -> None:
    files = {path.stem for path in (ROOT / "experiments" / "validation" / "patterns").glob("*.py")} - {"__init__"}
    assert set(BY_KEY) == files and len(PATTERNS) == len(BY_KEY)


def test_a_replicate_has_a_world_of_its_own_and_the_mechanism_is_off_last() -> None:
    plain, other = Setting(1, 0), Setting(1, 1)
    worlds = [dict((d, v) for d, _, v in walk(s.scenario("months=12"))) for s in (plain, other)]
    assert worlds[0]["customers.churn.trust"] != worlds[1]["customers.churn.trust"]
    off = Setting(1, 0, {"customers.churn.trust": 0.0}).scenario("months=12", changes={"customers.churn.trust": 0.9})
    assert off.customers.churn.trust == 0.0 and off.months == 12


def toy_once(setting: Setting) -> Readings:
    return {"x": 1.0 - bool(setting.off)}


def toy(mechanism: bool = True, key: str = "toy") -> Pattern:
    return Pattern(
        key, "Does it?", ("gupta2004",), Use.VALIDATION, "p", "c", toy_once, (claim(0.5, INF),), (2, 3),
        Mechanism("it", {"a": 0}, "c") if mechanism else None,
    )  # fmt: skip


@pytest.fixture
def _toys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computing, "BY_KEY", {"toy": toy()})


def test_rows_are_computed_from_readings() -> None:
    one = Measured(toy(), tuple({"x": x} for x in (1.0, 1.1, 0.9)), ({"x": 0.0}, {"x": 0.1}))
    table, without = judge([one]), judge_without([one])
    named = "pattern, source, use, against, published_low, published_high, simulated, standard_error, verdict"
    assert list(table.columns) == COLUMNS == named.split(", ")
    assert table.iloc[0]["verdict"] == "hit" and table.iloc[0]["simulated"] == pytest.approx(1.0)
    assert without.iloc[0]["verdict_without"] == "miss"
    assert tally(table) == "validation: against published signs without a size 1 hit, 0 miss, 0 unclear"
    worse = Measured(toy(), tuple({"x": x} for x in (0.1, 0.11)), ())
    assert judge([worse]).iloc[0]["verdict"] == "miss" and judge_without([worse]).empty
    assert "MISS by 0.4" in on_screen([worse], judge([worse]), judge_without([worse]))
    page = as_page([one], table, without, ValidationSettings())
    assert "becomes" not in page and "## What the patterns depend on" in page and "## toy" in page


def test_what_claims_are_held_against_is_counted_apart() -> None:
    """A sign is no figure, the model's own checks were not published, and one number counts once."""
    both, sign = claim(1, 3), claim(0, INF)
    assert [toy().against(c) for c in (both, sign)] == [Against.FIGURE, Against.SIGN]
    assert toy().against(replace(sign, again=True)) is Against.AGAIN
    assert replace(toy(), own_check=True).against(both) is Against.OWN
    assert {p.key for p in PATTERNS if p.own_check} == {"placebo"}
    shared = [(p.key, c.name) for p in PATTERNS for c in p.claims if c.again]
    assert shared == [("lags", "customers")]


def test_a_hit_that_survives_without_its_mechanism_is_named() -> None:
    assert dependence(Verdict.HIT, Verdict.MISS, 0.0) == "the hit needs it"
    assert dependence(Verdict.HIT, Verdict.HIT, 0.61).startswith("STILL A HIT") and "61%" in dependence(
        Verdict.HIT, Verdict.HIT, 0.61
    )
    assert dependence(Verdict.HIT, Verdict.UNCLEAR, 0.2).startswith("no miss without it")
    assert dependence(Verdict.UNCLEAR, Verdict.MISS, 0.2) == "nothing: it is no hit"
    one = Measured(toy(), tuple({"x": x} for x in (1.0, 1.1, 0.9)), ({"x": 0.9}, {"x": 0.91}))
    page = as_page([one], judge([one]), judge_without([one]), ValidationSettings())
    assert "Of 1 hits 0 become misses; toy: c does not." in page and "STILL A HIT" in page


@pytest.mark.usefixtures("_toys")
def test_quick_leaves_mechanisms_out_and_every_pattern_starts_early() -> None:
    full, quick = (jobs_of(ValidationSettings(quick=q), [toy()]) for q in (False, True))
    assert [(job.replicate, job.without) for job in quick] == [(0, False), (1, False)]
    assert sum(job.without for job in full) == 2 and len(full) == 5
    assert [job.replicate for job in full] == sorted(job.replicate for job in full)


@pytest.mark.usefixtures("_toys")
def test_patterns_that_share_an_experiment_share_its_runs() -> None:
    """Two patterns with the same experiment: its replicates are planned once and read by both."""
    other = toy(mechanism=False, key="other")
    settings = ValidationSettings(quick=True, compute=Compute(workers=1), quiet=True)
    assert len(jobs_of(settings, [toy(), other])) == 2
    measured, stopped = computing.compute(settings, [toy(), other])
    assert stopped is None and [m.readings for m in measured] == [({"world": 0, "x": 1.0}, {"world": 1, "x": 1.0})] * 2


@pytest.mark.usefixtures("_toys")
def test_interrupted_validation_judges_what_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(*arguments):  # type: ignore[no-untyped-def]
        jobs, take = arguments[1], arguments[3]
        for job in jobs[:1]:
            take(job, {"x": 1.0})
        raise Interrupted(1, len(jobs), "experiments")

    monkeypatch.setattr(computing, "spread", stops)
    measured, stopped = computing.compute(ValidationSettings(quick=True), [toy()])
    assert stopped is not None and measured[0].readings == ({"x": 1.0},)
    assert judge(measured).iloc[0]["verdict"] == "unclear"

    def at_once(*arguments):  # type: ignore[no-untyped-def]
        raise Interrupted(0, len(arguments[1]), "experiments")

    monkeypatch.setattr(computing, "spread", at_once)
    with pytest.raises(Interrupted):
        computing.compute(ValidationSettings(), [toy()])


@pytest.mark.usefixtures("_toys")
def test_a_job_switches_its_mechanism_off() -> None:
    assert computing.perform(1, True, Job("toy", 71, False)) == {"world": 1, "x": 1.0}  # of 70
    assert computing.perform(1, True, Job("toy", 0, True)) == {"world": 0, "x": 0.0}


def test_page_shows_every_pattern_with_its_figure() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for pattern in PATTERNS:
        assert f"\n## {pattern.key}\n" in text, f"{pattern.key} is missing: run make validation"
        assert (PAGE.parent / "figures" / f"validation_{pattern.key}.png").is_file()
        for one in pattern.claims:
            assert one.label in text


def test_page_shows_at_least_five_hits_that_need_their_mechanism() -> None:
    assert PAGE.read_text(encoding="utf-8").count("| the hit needs it |") >= 5
