"""Calibration: what it aims at, what it may not see, what it keeps, and what the shipped ensemble is worth."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import ensembles
from experiments.calibration import search as searching
from experiments.calibration.command import about
from experiments.calibration.identify import central, identify
from experiments.calibration.search import FREE, distance, values_at
from experiments.calibration.settings import CalibrationSettings
from experiments.calibration.store import finished, save
from experiments.calibration.targets import TARGETS, Found, combine, intraclass, lucky, sight, survival
from experiments.cli import main
from experiments.configuration import load_scenario
from experiments.evidence import FIGURES, Use
from experiments.settings import RunSettings, Unknowns
from experiments.unknowns import STANDARD, in_words, in_world, ranges, set_of, sets_of, stays_as_it_is, values_of
from sim.columns import Employees
from sim.errors import InputError
from sim.params.field import extras, replace, walk
from sim.params.scenario import sized
from sim.run import burn_in

SCENARIO = load_scenario()
SHIPPED = ensembles.load(STANDARD)
LEAVES = {dotted: (field, value) for dotted, field, value in walk(SCENARIO)}


def small(**changes: float):  # type: ignore[no-untyped-def]
    """The default organisation with few customers, quick to watch."""
    return replace(sized(SCENARIO, 600), {name.replace("__", "."): v for name, v in changes.items()})


# --- what may enter ---------------------------------------------------------------------------------------------------


def test_no_strategy_takes_part() -> None:
    """Whatever strategy a scenario names, the objective sees the same; and it ends before any could begin."""
    plans = ("as_is", "everything_at_once")
    seen = [sight(sized(load_scenario([f"strategy={plan}"]), 600), 1, 0) for plan in plans]
    assert seen[0].numbers == seen[1].numbers
    np.testing.assert_array_equal(seen[0].left, seen[1].left)


def test_only_the_burn_in_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    months = []
    advance = searching.sight.__globals__["OrganisationModel"].advance

    def watched(model) -> None:  # type: ignore[no-untyped-def]
        months.append(model.world.month)
        advance(model)

    monkeypatch.setattr("sim.model.OrganisationModel.advance", watched)
    sight(small(), 1, 0)
    assert months == list(range(-SCENARIO.burn_in, 0))


def test_targets_are_calibration_figures_and_nothing_else() -> None:
    for target in TARGETS:
        assert FIGURES[target.source].use is Use.CALIBRATION, target.name


def test_calibration_does_not_know_validation_or_comparisons() -> None:
    allowed = ("calibration", "ensembles", "evidence", "unknowns", "configuration", "fan_out", "interruption",
               "output_folder", "complaints", "settings", "store")  # fmt: skip
    for path in Path(searching.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("experiments."):
                assert str(node.module).split(".")[1] in allowed, f"{path.name} imports {node.module}"


def test_programme_responses_are_not_searched() -> None:
    """The free parameters describe people and customers as they are; nothing that only a programme would show."""
    start = burn_in(small(), 1, 0).state.ledger.total["programme"]
    assert start == 0
    assert not [name for name in FREE if name.startswith(("programme.", "behaviour.adoption", "behaviour.buy_in"))]


# --- how it is read ---------------------------------------------------------------------------------------------------


def test_intraclass_correlation_by_hand() -> None:
    """Two units of two: between 4.0, within 0.5 -> (4 - .5) / (4 + .5)."""
    silo, engagement = np.array([0, 0, 1, 1], np.int32), np.array([0.0, 1.0, 2.0, 3.0])
    people = Employees(*[silo if f == "silo" else engagement for f in Employees._fields])
    assert intraclass(people) == pytest.approx((4 - 0.5) / (4 + 0.5))


def test_life_table_by_hand() -> None:
    at_risk, left = np.full((1, 24), 100.0), np.zeros((1, 24))
    left[0, 3], left[0, 20] = 10, 50
    np.testing.assert_allclose(survival(at_risk, left), [[0.9, 0.45]])


def test_readings_answer_to_what_they_read() -> None:
    """Each target moves the way it must when its cause is moved."""

    def reading(name: str, **changes: float) -> float:
        return np.mean([sight(small(**changes), 1, r).numbers[name] for r in range(3)])

    for name, dotted, low, high in (
        ("churn", "market__competitor_pull", 0.6, 1.6),
        ("engaged", "behaviour__engagement__level", 0.5, 0.7),
        ("turnover", "behaviour__engagement__quits", 0.01, 0.03),
        ("resolution", "customers__service__handling", 1.0, 4.0),
        ("between_units", "behaviour__engagement__unit_spread", 0.0, 0.8),
        ("leave_unresolved", "customers__churn__satisfaction", 0.5, 8.0),
    ):
        assert reading(name, **{dotted: low}) < reading(name, **{dotted: high}), name


def test_distance_counts_from_the_middle_of_each_band() -> None:
    middle = {t.name: Found((t.low + t.high) / 2, 0.0) for t in TARGETS}
    assert distance(middle) == 0
    first = next(t for t in TARGETS if t.steers)
    edge = {**middle, first.name: Found(first.high, 0.0)}
    assert distance(edge) == pytest.approx((1 - searching.AIM) ** 2)
    ignored = next(t for t in TARGETS if not t.steers)
    assert distance({**middle, ignored.name: Found(1e6, 0.0)}) == 0


# --- the search -------------------------------------------------------------------------------------------------------


def test_search_finds_what_fits_and_depends_on_number_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a loss whose answer is known: the middle of every range."""
    tried = []

    def known(scenario, seed) -> float:  # type: ignore[no-untyped-def]
        here = {dotted: value for dotted, _, value in walk(scenario) if dotted in FREE}
        tried.append(here)
        return sum(((here[n] - (a + b) / 2) / (b - a)) ** 2 for n, (a, b) in FREE.items())

    def fits(trial, scenario, seed):  # type: ignore[no-untyped-def]
        return searching.Member(trial, {}, True)

    monkeypatch.setattr(searching, "loss", known)
    monkeypatch.setattr(searching, "judged", fits)
    one, same, other = (searching.search(SCENARIO, 1, 60, "", n).trial for n in (3, 3, 4))
    assert one == same and one.start != other.start and one.values != other.values
    worst = max(abs(one.values[n] - (a + b) / 2) / (b - a) for n, (a, b) in FREE.items())
    assert worst < 0.3 and one.evaluations < 480
    responses = set(one.values) - set(FREE)
    assert all(extras(LEAVES[name][0])["prior"][0] <= one.values[name] <= extras(LEAVES[name][0])["prior"][1]
               for name in responses)  # fmt: skip


def test_a_firm_that_would_not_stay_as_it_is_is_refused() -> None:
    wild = replace(SCENARIO, {"behaviour.sharing.conformity": 6.0, "behaviour.sharing.reference_level": 0.3})
    assert not stays_as_it_is(wild)
    assert searching.loss(wild, 1) == searching.RESTLESS


def test_identification_on_planted_ensembles() -> None:
    rng = np.random.default_rng(1)
    names = list(FREE)
    points = rng.random((200, len(names)))
    points[:, 0] = 0.5 + 0.02 * points[:, 0]  # told
    points[:, 2] = 1 - points[:, 1]  # makes up for
    found = identify(pd.DataFrame([values_at(p) for p in points]))
    assert names[0] in found.told and names[3] in found.untold
    assert found.pairs[0][:2] == (names[1], names[2]) and found.pairs[0][2] == pytest.approx(-1)
    planted = pd.DataFrame([values_at(np.full(len(names), x)) for x in (0.1, 0.5, 0.8)])
    assert central(planted) == 1


# --- stored ensembles -------------------------------------------------------------------------------------------------


def test_shipped_ensemble_is_large_complete_and_inside_its_ranges() -> None:
    values, about = SHIPPED.values, SHIPPED.provenance
    assert len(values) >= 64 and about["members"] == len(values)
    assert about["searched"] == {name: list(bounds) for name, bounds in FREE.items()}
    for name, (low, high) in FREE.items():
        assert values[name].between(low, high).all(), name
    assert set(values) <= set(LEAVES)


def test_shipped_members_met_every_target() -> None:
    for target in TARGETS:
        met = SHIPPED.found[ensembles.FOUND + target.name].between(target.low, target.high)
        assert met.mean() >= 0.9, target.name
        assert SHIPPED.provenance["targets"][target.name]["low"] == pytest.approx(target.low)


def test_programme_responses_keep_their_priors_in_the_ensemble() -> None:
    """Means and spreads as of uniform draws: nothing was selected through them."""
    n = len(SHIPPED.values)
    for name, (field, _) in LEAVES.items():
        prior = extras(field).get("prior")
        if prior is None or name in FREE or name not in SHIPPED.values:
            continue
        low, high = prior
        u = (SHIPPED.values[name].to_numpy() - low) / (high - low)
        assert u.min() >= -1e-4 and u.max() <= 1 + 1e-4, name
        assert abs(u.mean() - 0.5) < 4 / np.sqrt(12 * n), name


def test_defaults_are_the_member_in_the_middle() -> None:
    middle = SHIPPED.values.iloc[central(SHIPPED.values)]
    for name in FREE:
        assert LEAVES[name][1] == pytest.approx(middle[name], rel=0.006), f"{name}: default is not the calibrated one"
        assert "calibrated" in extras(LEAVES[name][0])["source"], name


def test_targets_still_hold_for_a_member_of_the_ensemble() -> None:
    """The model may have changed since the calibration: looked at again, within four standard errors of the band."""
    member = sized(replace(SCENARIO, SHIPPED.member(5)), 3_000)
    found = combine(member, [sight(member, 77, r) for r in range(8)])
    for target in TARGETS:
        if target.steers:
            one = found[target.name]
            assert target.low - 4 * one.error <= one.value <= target.high + 4 * one.error, target.name


def test_ensemble_by_name_by_folder_and_not_at_all(tmp_path: Path) -> None:
    table = pd.DataFrame({"member": [0, 1], "market.complexity": [0.2, 0.4], "found.churn": [0.02, 0.02]})
    ensembles.save(table, {"searched": {"market.complexity": [0.1, 0.5]}}, tmp_path / "mine")
    mine = ensembles.load(str(tmp_path / "mine"))
    assert mine.member(1) == {"market.complexity": 0.4} and mine.member(2) == {"market.complexity": 0.2}
    assert STANDARD in ensembles.shipped()
    with pytest.raises(InputError, match="ensemble: cannot be read"):
        ensembles.load(str(tmp_path / "nothing"))
    (tmp_path / "mine" / ensembles.PROVENANCE).write_text("{")
    ensembles.load.cache_clear()
    with pytest.raises(InputError, match="cannot be read"):
        ensembles.load(str(tmp_path / "mine"))


def test_worlds_are_members_and_what_the_user_has_set_stays(tmp_path: Path) -> None:
    here = in_world(SCENARIO, 1, 2)
    member = SHIPPED.member(2)
    assert all(dict((d, v) for d, _, v in walk(here))[name] == pytest.approx(member[name]) for name in FREE)
    known = replace(SCENARIO, {"market.complexity": 0.123})
    assert in_world(known, 1, 2).market.complexity == 0.123
    assert values_of(SCENARIO, 1, 3, STANDARD) != values_of(SCENARIO, 1, 4, STANDARD)
    n = len(SHIPPED.values)
    assert values_of(SCENARIO, 1, n + 1, STANDARD)[0] == values_of(SCENARIO, 1, 1, STANDARD)[0]
    assert set_of(SCENARIO, 1, n + 1) == 1
    assert set_of(SCENARIO, 1, n + 1, None) == n + 1  # draws from the priors never repeat
    asked = [0, 2 * n - 1, 2 * n, 2 * n + 3]
    assert sets_of(SCENARIO, RunSettings(), asked) == {0: 0, 2 * n - 1: n - 1, 2 * n: 0, 2 * n + 3: 1}
    assert sets_of(SCENARIO, RunSettings(unknowns=Unknowns.DEFAULT), [200]) == {200: 200}
    spans = ranges(SCENARIO, RunSettings())
    assert spans["market.complexity"] == (SHIPPED.values["market.complexity"].min(),
                                          SHIPPED.values["market.complexity"].max())  # fmt: skip
    assert ranges(SCENARIO, RunSettings(unknowns=Unknowns.DEFAULT)) == {}


def test_members_under_which_the_firm_would_not_rest_are_passed_over(tmp_path: Path) -> None:
    rows = pd.DataFrame({"member": [0, 1, 2], "behaviour.sharing.conformity": [6.0, 1.0, 2.0],
                         "behaviour.sharing.reference_level": [0.3, 0.1, 0.1]})  # fmt: skip
    ensembles.save(rows, {"searched": {}}, tmp_path / "odd")
    values, passed = values_of(SCENARIO, 1, 0, str(tmp_path / "odd"))
    assert values["behaviour.sharing.conformity"] == 1.0 and passed == 1
    assert values_of(SCENARIO, 1, 2, str(tmp_path / "odd"))[0]["behaviour.sharing.conformity"] == 2.0
    settings = RunSettings(ensemble=str(tmp_path / "odd"))
    assert "2 of 3 parameter sets" in in_words(SCENARIO, settings, 4)
    assert list(sets_of(SCENARIO, settings, range(8)).values()) == [1, 1, 1, 1, 2, 2, 1, 1]
    assert "1 more was" in in_words(SCENARIO, settings, 2)
    ensembles.save(rows.iloc[:1], {"searched": {}}, tmp_path / "none")
    with pytest.raises(InputError, match="at rest"):
        values_of(SCENARIO, 1, 0, str(tmp_path / "none"))


def test_provenance_says_where_the_ensemble_comes_from() -> None:
    about = json.loads((ensembles.SHIPPED / STANDARD / ensembles.PROVENANCE).read_text(encoding="utf-8"))
    assert about["command"].startswith("ungridlock calibrate ") and about["evaluations"] > about["members"]
    assert {"version", "date", "searches", "organisation"} <= set(about)


def test_luck_of_managers_is_taken_off_exactly() -> None:
    """Shares that follow managers' effects in a straight line: every life then reads the same."""
    rng = np.random.default_rng(2)
    sizes = np.tile([10.0, 30.0, 60.0], (5, 1))
    effects = rng.normal(0, 0.3, (5, 3))
    shares = 0.33 + 0.2 * effects
    units = np.stack([sizes, effects, shares, 1 - shares], axis=2)
    per_life = np.average(shares, weights=sizes[0], axis=1)
    assert per_life.std() > 0.01
    np.testing.assert_allclose(per_life - lucky(units, 2), 0.33)
    assert (lucky(np.stack([sizes, 0 * effects, shares, shares], axis=2), 2) == 0).all()


def test_a_search_can_begin_at_an_earlier_ensemble() -> None:
    point = searching.start_of(STANDARD, 1, 4)
    member = SHIPPED.member(4)
    for x, (name, (low, high)) in zip(point, FREE.items(), strict=True):
        assert x == pytest.approx(np.clip((member[name] - low) / (high - low), 0.02, 0.98)), name
    assert not np.allclose(searching.start_of("", 1, 4), searching.start_of("", 1, 5))


def test_finished_searches_are_not_repeated(tmp_path: Path) -> None:
    """What an interrupted command has left is taken up by the same command, and by no other."""
    settings = CalibrationSettings(members=3)
    rows = [{"member": n, "evaluations": 8, "market.complexity": 0.2 + n / 10, "found.churn": 0.02, "fits": n != 1}
            for n in (2, 0, 1)]  # fmt: skip
    fitting = save(pd.DataFrame(rows), about(settings, SCENARIO), tmp_path)
    assert list(fitting["member"]) == [0, 2]
    again = finished(tmp_path, about(settings, SCENARIO))
    assert sorted(zip(again["member"], again["fits"], strict=True)) == [(0, True), (1, False), (2, True)]
    assert len(finished(tmp_path, about(settings.model_copy(update={"seed": 2}), SCENARIO))) == 0
    assert len(finished(tmp_path / "empty", about(settings, SCENARIO))) == 0


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder with an organisation of one's own and, beside its file, its retention table of five years."""
    place = tmp_path / "mine" / "organisation"
    place.mkdir(parents=True)
    rows = "".join(f"{kind},{year},{0.8**year:.3f}\n" for kind in ("contract", "prepaid") for year in range(1, 6))
    (place / "ours.csv").write_text(f"segment,year,share_surviving\n{rows}", encoding="utf-8")
    text = "defaults: [small_firm, _self_]\nname: ours\ncustomers: {retention_table: ours.csv, fit_years: 4}\n"
    (place / "ours.yaml").write_text(text, encoding="utf-8")
    return tmp_path / "mine"


def test_an_organisation_of_ones_own_is_calibrated(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calibrated = []

    def found(scenario, seed, batches, begin, number):  # type: ignore[no-untyped-def]
        calibrated.append(scenario.organisation)
        seen = combine(scenario, [sight(sized(scenario, 60), seed, number)])
        return searching.Member(searching.Trial(number, {n: sum(r) / 2 for n, r in FREE.items()}, {}, 8), seen, True)

    monkeypatch.setattr("experiments.calibration.command.search", found)
    monkeypatch.chdir(tmp_path)
    words = ["calibrate", "organisation=ours", "members=2", "output=out", "quiet=true", "compute.workers=1"]
    assert main([*words, "--config-dir", str(mine)]) == 0
    assert [o.name for o in calibrated] == ["ours", "ours"]
    assert calibrated[0].customers.retention_table == str(mine / "organisation" / "ours.csv")
    about = json.loads((tmp_path / "out" / ensembles.PROVENANCE).read_text(encoding="utf-8"))
    assert about["command"].startswith(f"ungridlock calibrate --config-dir {mine} organisation=ours ")
    assert f"compare --config-dir {mine} organisation=ours ensemble=out" in capsys.readouterr().out
    (mine / "organisation" / "ours.csv").write_text("segment,year,share_surviving\n", encoding="utf-8")
    assert main([*words, "--config-dir", str(mine)]) == 2  # nothing is taken up from before the table changed


def test_a_retention_table_that_is_typed_is_looked_for_here(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = ["organisation=ours", "organisation.customers.retention_table=ours.csv"]
    assert load_scenario(typed, mine).organisation.customers.retention_table == "ours.csv"
    others = ["organisation=ours", "organisation.customers.number=80"]
    assert load_scenario(others, mine).organisation.customers.retention_table.endswith("organisation/ours.csv")
    with pytest.raises(InputError, match=r"no such file.*from that file's folder"):
        burn_in(load_scenario(typed, mine), 1, 0)
