"""The synthetic industry: what is drawn, what is answered, what is found, and where an organisation stands."""

from __future__ import annotations

import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.cli import main
from experiments.complaints import InputErrors
from experiments.culture import INDICES as IN_REPORT
from experiments.culture import index_rows
from experiments.interruption import Interrupted
from experiments.survey import industry as drawing
from experiments.survey import simulate as simulating
from experiments.survey.benchmark import HERE, ORIGIN, PLACED, TABLE, Benchmark, ordinal, shipped
from experiments.survey.distributions import INDUSTRY, STAGE_SHARES, TOGETHER, Choice, Spread, fingerprint
from experiments.survey.findings import (
    WIDTH,
    advantage,
    correlation,
    level_shares,
    odds_ratio,
    share,
    with_performance,
)
from experiments.survey.firm import among_rivals, answers, business_of
from experiments.survey.industry import draw, make_firm, scenario_of, typical_firm
from experiments.survey.items import ITEMS, OPEN, SIGNALS, item_table
from experiments.survey.placing import place_text
from experiments.survey.renewal import percentiles
from experiments.survey.scale import GOOD_FROM, is_good
from experiments.survey.settings import SurveySettings, Usual, read_settings
from experiments.survey.simulate import simulate
from experiments.unknowns import stays_as_it_is
from sim.errors import InputError
from sim.measures.indices import INDICES
from sim.measures.signals import SIGNALS as ALL_SIGNALS
from sim.params.field import Grade, walk
from sim.params.scenario import Scenario
from sim.run import Result, burn_in
from tests.synthetic import study

MANY = 4000
SMALL = SurveySettings(firms=12, months=12, quiet=True, compute={"workers": 1}).filled()


@cache
def draws() -> pd.DataFrame:
    return pd.DataFrame([draw(3, number) for number in range(MANY)])


@cache
def few() -> pd.DataFrame:
    """A dozen real firms with a short history."""
    firms, stopped = simulate(SMALL)
    assert stopped is None
    return firms


def leaves(scenario: Scenario) -> dict[str, Any]:
    return {dotted: value for dotted, _, value in walk(scenario)}


# --- what is drawn


@pytest.mark.parametrize("name", INDUSTRY)
def test_every_distribution_is_declared(name: str) -> None:
    d = INDUSTRY[name]
    assert d.source and Grade(d.grade)
    if isinstance(d, Choice):
        assert sum(d.shares.values()) == pytest.approx(1) and min(d.shares.values()) > 0
    else:
        assert 0 < d.good < 1 and min(d.low, d.high) < d.cut < max(d.low, d.high)


@pytest.mark.parametrize("name", INDUSTRY)
def test_draws_match_the_declared_shares(name: str) -> None:
    """Also for what is linked: going together changes no share."""
    found, d = draws()[name], INDUSTRY[name]
    if isinstance(d, Choice):
        shares = {value: (found == value).mean() for value in d.shares}
        wanted: dict[Any, float] = dict(d.shares)
    else:
        up = np.sign(d.high - d.low)
        below = [min(1.0, 1 - d.good), min(1.0, (1 - d.good) / 2), 1 - d.good / 2]
        ends = [d.cut, (d.low + d.cut) / 2, (d.cut + d.high) / 2]
        shares = {end: (up * found < up * end).mean() for end in ends}
        wanted = dict(zip(ends, below, strict=True))
    for value, p in wanted.items():
        assert abs(shares[value] - p) < 4.5 * math.sqrt(p * (1 - p) / MANY), (name, value)


def test_positions_become_values() -> None:
    spread, choice = Spread((), 0.0, 0.6, 1.0, 0.25), Choice((), {"a": 0.2, "b": 0.8})
    values = [spread.at(u) for u in (0.0, 0.375, 0.7, 0.75, 0.875, 1.0)]
    assert values == pytest.approx([0, 0.3, 0.56, 0.6, 0.8, 1])
    assert [choice.at(u) for u in (0.0, 0.19, 0.21, 0.999, 1.0)] == ["a", "a", "b", "b", "b"]


def test_customers_are_treated_by_value_by_owners_or_by_web() -> None:
    governance = scenario_of({**draw(1, 7), "treated": 0.8, "owned": 0.25}).governance
    assert governance.customer_share == pytest.approx(0.2) and governance.self_service == pytest.approx(0.6)


def test_published_figures_are_what_was_published() -> None:
    assert list(STAGE_SHARES.values()) == [0.05, 0.12, 0.38, 0.30, 0.10, 0.04, 0.01]
    pay = INDUSTRY["incentives"].shares  # type: ignore[union-attr]
    by_customer = {name: entry.mix.customer for name, entry in drawing.entries("incentives").items()}
    assert sum(p for name, p in pay.items() if by_customer[str(name)] >= GOOD_FROM) == pytest.approx(0.29)
    assert sum(p for name, p in pay.items() if by_customer[str(name)] > 0) == pytest.approx(0.38)
    by_item = {item.signal: item.published for item in ITEMS}
    starts = {"treated": "differently", "capture": "captured", "one_view": "connected", "use": "used",
              "visibility": "seen", "monitoring": "watched", "terms": "orchestrated"}
    for name, signal in starts.items():
        d = INDUSTRY[name]
        assert isinstance(d, Spread) and d.good == by_item[signal] / 100 and d.cut == GOOD_FROM


def test_linked_things_go_together_and_the_others_do_not() -> None:
    numbers = draws()[["capture", "use", "skill", "products", "ceo_stage"]].astype(float).corr(method="spearman")
    assert numbers.loc["capture", "use"] == pytest.approx(6 / np.pi * np.arcsin(TOGETHER / 2), abs=0.06)
    assert abs(draws()["ceo_stage"].corr(draws()["coo_stage"])) < 0.06
    assert abs(numbers.loc["capture", "products"]) < 0.06 and abs(numbers.loc["skill", "ceo_stage"]) < 0.06


def test_a_firm_is_the_same_whatever_the_number_of_firms() -> None:
    alone, among = answers(SMALL.seed, SMALL.months, SMALL.usual, 7), few().loc[7]
    assert {name: among[name] for name in alone} == alone and among["firm"] == 7
    assert draw(1, 7) == draw(1, 7) != draw(1, 8) and draw(1, 7) != draw(2, 7)


@pytest.mark.parametrize("name", INDUSTRY)
def test_a_draw_is_addressed_by_its_name(name: str) -> None:
    """Leaving one distribution out changes none of the other draws."""
    rest = {other: d for other, d in INDUSTRY.items() if other != name}
    assert draw(1, 7, industry=rest) == {other: v for other, v in draw(1, 7).items() if other != name}


@pytest.mark.parametrize("name", INDUSTRY)
def test_every_distribution_matters(name: str) -> None:
    """Both ends of a distribution give different firms, different in what the distribution names."""
    d, drawn = INDUSTRY[name], draw(1, 7)
    one, other = (leaves(scenario_of({**drawn, name: d.at(u)})) for u in (0.001, 0.999))
    changed = {dotted for dotted in one | other if one.get(dotted) != other.get(dotted)}
    assert changed
    for dotted in d.names:
        assert any(leaf == dotted or leaf.startswith(f"{dotted}.") for leaf in changed), dotted


def test_a_firm_that_would_not_rest_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Scenario] = []

    def refuse_twice(scenario: Scenario, seed: int, world: int) -> Scenario:
        calls.append(scenario)
        if len(calls) <= 2:
            raise InputError("unknowns", "must fit", "", "")
        return scenario

    monkeypatch.setattr(drawing, "in_world", refuse_twice)
    firm = make_firm(1, 12, 7)
    first, last = draw(1, 7), draw(1, 7, 2)
    assert firm.redraws == 2 and firm.drawn == last
    assert {name for name in first if first[name] != last[name]} <= set(drawing.DRAWN_AGAIN)
    assert any(draw(1, n)[name] != draw(1, n, 1)[name] for n in range(9) for name in drawing.DRAWN_AGAIN)


def test_a_firm_that_never_rests_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Scenario:
        raise InputError("unknowns", "must fit", "", "")

    monkeypatch.setattr(drawing, "in_world", refuse)
    with pytest.raises(InputError, match="firm 7 does not"):
        make_firm(1, 12, 7)


def test_the_typical_firm_shares_world_and_market_and_nothing_else() -> None:
    firm = next(f for f in (make_firm(1, 12, n) for n in range(50)) if f.drawn["market"] == "empowered_customers")
    own, typical, base = leaves(firm.scenario), leaves(firm.typical), leaves(typical_firm())
    assert firm.typical.market.contact_rate == firm.scenario.market.contact_rate != typical_firm().market.contact_rate
    for name in ("capture", "terms", "visibility", "skill", "products"):
        for dotted in INDUSTRY[name].names:
            assert typical[dotted] == base[dotted] != own[dotted]
    assert firm.typical.behaviour.adoption == firm.scenario.behaviour.adoption != typical_firm().behaviour.adoption
    assert firm.typical.incentives == typical_firm().incentives and stays_as_it_is(firm.scenario)


# --- what is answered


def test_customers_compare_with_the_typical_firm() -> None:
    firm = make_firm(1, 12, 7)
    own, typical = burn_in(firm.scenario, 1, 7), burn_in(firm.typical, 1, 7)
    profit = own.world.state.normal.profit
    among_rivals(own, typical)
    for name in ("risk_ratio", "satisfaction", "trust", "advocates"):
        np.testing.assert_array_equal(getattr(own.world.state.normal, name), getattr(typical.world.state.normal, name))
    assert own.world.state.normal.profit == profit
    assert own.world.state.entry is typical.world.state.entry


def test_what_is_usual_can_be_set() -> None:
    """The same firm, the same answers before customers react to it, another business."""
    own, rivals = (answers(1, 12, usual, 7) for usual in (Usual.OWN, Usual.RIVALS))
    assert own["retention"] != rivals["retention"]
    assert {name: own[name] for name in INDUSTRY} == {name: rivals[name] for name in INDUSTRY}


def test_answers_are_means_over_the_last_year() -> None:
    """Scores of maturity are means of signals, so both must tell the same."""
    number = next(n for n in range(99) if draw(1, n)["history"] == "technology_only")
    longer = answers(1, 18, Usual.RIVALS, number)
    insight = ("captured", "connected", "current", "value_known", "scored")
    assert longer["cemm_insight"] == pytest.approx(1 + 4 * np.mean([longer[f"signal_{name}"] for name in insight]))
    assert longer["signal_captured"] > longer["capture"] + 0.02  # the year moves, so another window would not agree
    parts = [longer[name] for name in ("cemm_insight", "cemm_interaction", "cemm_improvement")]
    assert longer["capability"] == pytest.approx(np.mean(parts))
    assert longer["signal_watched"] >= longer["monitoring"]


def test_business_is_that_of_the_last_twelve_months() -> None:
    series = {
        "profit": np.array([9.0, 9, *[2.0] * 12]), "revenue": np.array([9.0, 9, *[10.0] * 12]),
        "churn": np.array([0.9, 0.9, *[0.01] * 12]), "customers": np.array([1.0, 100, *[90.0] * 11, 120]),
    }  # fmt: skip
    found = business_of(Result(series, {}, (), (), {}))
    assert found == pytest.approx({"margin": 0.2, "retention": 0.99**12, "growth": 0.2})


def test_the_cut_of_an_item() -> None:
    assert [is_good(x) for x in (0.0, 0.62499, 0.625, 1.0)] == [False, False, True, True]


def test_items_count_firms_from_the_cut_on() -> None:
    firms = few().assign(signal_captured=[0.625] * 3 + [0.62] * 9)
    row = item_table(firms).set_index("signal").loc["captured"]
    assert row["simulated"] == 25 and row["published"] == 28
    assert row["standard_error"] == pytest.approx(100 * math.sqrt(3.5 / 13 * 9.5 / 13 / 12))


def test_counterparts_are_signals_and_published_shares_are_there() -> None:
    assert set(SIGNALS) - {"orientation", "watched"} <= set(ALL_SIGNALS)
    published = {item.text: item.published for item in ITEMS}
    assert published["treats customers differently"] == 62 and published["keeps profiles current"] == 29
    assert len(published) == len(ITEMS)
    assert {item.signal for item in ITEMS if item.role == OPEN} == {"value_known", "acts"}


# --- what is found


def industry(n: int, **columns: Any) -> pd.DataFrame:
    empty = {"margin": np.arange(n, dtype=float), "retention": np.zeros(n), "growth": np.zeros(n)}
    return with_performance(pd.DataFrame({**empty, **columns}))


def test_performance_is_the_mean_of_z_scores_and_half_beat_the_others() -> None:
    firms = industry(3, margin=[0.0, 1.0, 2.0], retention=[0.5, 0.5, 0.8], growth=[0.0, 0.0, 0.0])
    retention = np.array([-0.1, -0.1, 0.2]) / np.std([0.5, 0.5, 0.8], ddof=1)
    assert firms["performance"].to_numpy() == pytest.approx((np.array([-1, 0, 1]) + retention) / 3)
    assert list(industry(6)["beats"]) == [False] * 3 + [True] * 3
    assert list(industry(4, margin=[0.0, 1.0, 2.0, 99.0])["beats"]) == [False, False, True, True]  # above the median


def test_odds_ratio_by_hand() -> None:
    """The published shares themselves: 81 of 100 against 60 of 100 give an odds ratio of 2.84."""
    found = odds_ratio(pd.Series([True] * 81 + [False] * 19), pd.Series([True] * 60 + [False] * 40))
    assert (found.strong, found.weak, found.n_strong) == (0.81, 0.60, 100)
    assert found.odds.value == pytest.approx(81 * 40 / (19 * 60)) == pytest.approx(2.842, abs=1e-3)
    assert found.odds.error == pytest.approx(math.sqrt(1 / 81 + 1 / 19 + 1 / 60 + 1 / 40))
    assert found.odds.low == pytest.approx(found.odds.value * math.exp(-1.6449 * found.odds.error), rel=1e-4)


def test_an_empty_cell_gets_a_half_and_so_do_the_others() -> None:
    found = odds_ratio(pd.Series([True] * 4), pd.Series([True] * 2 + [False] * 2))
    assert found.odds.value == pytest.approx(4.5 * 2.5 / (0.5 * 2.5))
    assert found.odds.error == pytest.approx(math.sqrt(1 / 4.5 + 1 / 0.5 + 2 / 2.5))


def test_the_right_firms_are_compared() -> None:
    firms = industry(9, cemm_level=[2] * 6 + [3, 4, 5], capability=np.arange(9.0)[::-1])
    found = advantage(firms)
    levels, thirds = found["levels 4 and 5 against the rest"], found["capable third against weakest third"]
    assert (levels.n_strong, levels.n_weak, levels.strong) == (2, 7, 1.0)
    assert (thirds.n_strong, thirds.n_weak, thirds.strong, thirds.weak) == (3, 3, 0.0, 1.0)


def test_shares_of_levels() -> None:
    found = level_shares(pd.DataFrame({"cemm_level": [1.0, 2, 2, 3, 4]}))
    assert found["level 2"].value == 0.4 and found["levels 2 and 3"].value == pytest.approx(0.6)
    assert found["levels 2 and 3"].error == pytest.approx(math.sqrt(3.5 / 6 * 2.5 / 6 / 5))
    assert found["level 5"].value == 0 and found["level 5"].error > 0.1  # none among five proves little
    assert share(pd.Series([True, False])).high == 1.0  # cut


def test_firms_that_share_a_world_are_not_counted_as_independent() -> None:
    """Five firms in each of 120 worlds, all alike within a world, say as much as 120 firms."""
    chance = np.random.default_rng(4)
    few = pd.DataFrame({"mri": chance.normal(size=120), "cemm_level": chance.integers(2, 4, 120), "world": range(120)})
    few = few.assign(performance=few["mri"] + chance.normal(size=120), capability=few["mri"])
    few["beats"] = few["performance"] > few["performance"].median()
    many = pd.concat([few] * 5, ignore_index=True)
    alone = many.assign(world=range(600))
    for found in (
        lambda firms: level_shares(firms)["level 2"].error,
        lambda firms: advantage(firms)["capable third against weakest third"].odds.error,
        lambda firms: correlation(firms, "mri").error,
    ):
        assert found(many) == pytest.approx(found(few), rel=0.3)
        assert found(many) > 1.6 * found(alone)


def test_correlation_by_hand() -> None:
    firms = pd.DataFrame({"performance": [1.0, 2, 3, 4, 5], "mri": [2.0, 1, 4, 3, 5]})
    found = correlation(firms, "mri")
    assert found.value == pytest.approx(0.8)
    assert found.error == pytest.approx(0.36 / math.sqrt(2))
    assert found.low == pytest.approx(math.tanh(math.atanh(0.8) - WIDTH / math.sqrt(2)))
    assert math.isnan(correlation(firms.assign(mri=1.0), "mri").value)


# --- where an organisation stands

KNOWN = Benchmark({"mri": np.arange(101.0) * 2, "cemm": np.array([1.0] * 41 + [2.0] * 60)}, 434)


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [("mri", 82.0, 41), ("mri", 83.0, 41.5), ("mri", -1, 0), ("mri", 0, 0), ("mri", 200, 100), ("mri", 201, 100),
     ("cemm", 1.0, 20), ("cemm", 2.0, 70.5), ("cemm", 1.5, 40.5), ("cemm", 0.9, 0)],
)  # fmt: skip
def test_placing_is_exact(name: str, value: float, place: float) -> None:
    assert KNOWN.place(name, value) == pytest.approx(place)


def test_placing_agrees_with_the_firms() -> None:
    values = np.random.default_rng(1).normal(size=434)
    firms = pd.DataFrame({name: values for name in PLACED})
    found = Benchmark({name: percentiles(firms)[name].to_numpy() for name in PLACED}, 434)
    for x in (-1.0, 0.0, 0.7):
        assert found.place("mri", x) == pytest.approx(100 * (values < x).mean(), abs=1)


def test_ordinals() -> None:
    assert [ordinal(p) for p in (0, 1.4, 2, 3, 11, 12, 13, 41, 92, 99.6)] == [
        "0th", "1st", "2nd", "3rd", "11th", "12th", "13th", "41st", "92nd", "100th",
    ]  # fmt: skip


def test_the_shipped_benchmark_is_consistent() -> None:
    table, origin = pd.read_csv(HERE / TABLE), json.loads((HERE / ORIGIN).read_text())
    assert list(table.columns) == ["percentile", *PLACED] and list(table["percentile"]) == list(range(101))
    assert set(INDICES) - set(PLACED) == {"cemm_level", "idle_spending"}
    assert (table.diff().iloc[1:] >= 0).all().all() and np.isfinite(table.to_numpy()).all()
    assert (table[list(PLACED)].iloc[-1] > table[list(PLACED)].iloc[0]).all()
    assert origin["firms"] == shipped().firms == 434
    assert origin["usual"] == SurveySettings().usual
    assert origin["distributions"] == list(INDUSTRY) and origin["fingerprint"] == fingerprint(), "run make benchmark"
    words = origin["command"].removeprefix("ungridlock survey ").split()
    assert read_settings(words) == SurveySettings(firms=434, months=origin["months"], seed=origin["seed"])


def test_the_fingerprint_follows_the_distributions(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    monkeypatch.setitem(INDUSTRY, "skill", Spread((), 0.1, 0.2, 0.3, 0.5))
    assert fingerprint() != before


def test_report_and_run_place_organisations() -> None:
    some = study(("as_is", "unlock"), replicates=4, months=24)
    months = some.organisation_months
    last = months[(months["month"] > 12) & (months["kind"] == "simulated")].groupby("scenario").mean(numeric_only=True)
    for row, key in zip(index_rows(months, some.runs)[1:], ("as_is", "unlock"), strict=True):
        for k, measure in enumerate(IN_REPORT, start=1):
            place = re.search(r" · (\d+\w\w)$", row[k])
            assert (place is None) == (measure.name == "idle_spending")
            if place:
                assert place[1] == ordinal(shipped().place(measure.name, float(last.loc[key, measure.name])))
    text = place_text("Ours", {"before": dict.fromkeys(PLACED, -9.0), "end": dict.fromkeys(PLACED, 999.0)}, shipped())
    assert re.search(r"^mri +-9\.00 +0th +999\.00 +100th$", text, re.MULTILINE)
    assert "synthetic industry of 434 firms" in text


# --- the command


def words(folder: Path, *more: str) -> list[str]:
    return ["survey", "firms=12", "months=12", "quiet=true", "compute.workers=1", f"output={folder}", *more]


def test_command_prints_and_saves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from experiments.survey import command

    monkeypatch.setattr(command, "simulate", lambda settings: (few(), None))
    monkeypatch.setattr(command, "default_company", lambda seed, industry: "Midwest Telecom stands here")
    assert main(words(tmp_path)) == 0
    shown = capsys.readouterr().out
    for text in ("Not a forecast", "capturing needs", "levels 2 and 3", "odds ratio", ".26 to .39", "Midwest Telecom"):
        assert text in shown
    saved = pd.read_csv(tmp_path / "survey.csv")
    assert len(saved) == 12 and {*INDUSTRY, *INDICES, "margin", "performance"} <= set(saved)
    assert len(pd.read_csv(tmp_path / "items.csv")) == len(ITEMS)
    correlated = pd.read_csv(tmp_path / "correlations.csv")
    assert set(correlated["index"]) >= {"mri", "cemm", "q12", "barrett", "leaders_stage"}
    assert pd.read_csv(tmp_path / TABLE)["percentile"].max() == 100
    assert json.loads((tmp_path / ORIGIN).read_text())["firms"] == 12
    assert sorted(path.name for path in (tmp_path / "figures").glob("*.png")) == [
        "items.png", "levels.png", "performance.png",
    ]  # fmt: skip


def test_ctrl_c_keeps_what_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(call: Any, jobs: Any, settings: Any, take: Any, *rest: Any) -> None:
        for number in range(12):
            take(number, few().loc[number].drop(["performance", "beats"]).to_dict())
        raise Interrupted(12, 20)

    monkeypatch.setattr(simulating, "spread", interrupted)
    assert main(["survey", "firms=20", "months=12", f"output={tmp_path}"]) == 130
    captured = capsys.readouterr()
    assert "12 firms" in captured.out and "kept 12 of 20 firms; they are saved and reported" in captured.err
    assert len(pd.read_csv(tmp_path / "survey.csv")) == 12


def test_ctrl_c_too_early_saves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise Interrupted(0, 20)

    monkeypatch.setattr(simulating, "spread", interrupted)
    assert main(words(tmp_path)) == 130
    assert "nothing was saved" in capsys.readouterr().err and not list(tmp_path.glob("*.csv"))


def test_bad_settings_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for bad, text in (
        (["firms=3"], "firms: must be at least 12"),
        (["firm=30"], "firm: unknown name; got 30; did you mean firms?"),
        (["months=6"], "months: must be at least 12"),
        (["seed=x"], "seed: must be a whole number"),
    ):
        with pytest.raises(InputErrors, match=re.escape(text)):
            read_settings(bad)
        assert main(["survey", *bad]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert main(["survey", "--config-dir", "nowhere"]) == 2
    assert "--config-dir: is not used by survey" in capsys.readouterr().err


def test_quick_asks_fewer_firms() -> None:
    assert read_settings([]).firms == 434 and read_settings(["quick=true"]).firms == 60
    assert read_settings(["quick=true", "firms=20"]).firms == 20
