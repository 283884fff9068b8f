"""Designs: the points that settings mean, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.complaints import InputErrors
from experiments.designs.factor import DUMMY, LUCK, Factor, scaled
from experiments.designs.kinds import KINDS, points
from experiments.designs.settings import DesignSettings, Kind, flat
from experiments.designs.space import Space
from experiments.evaluation.settings import StudySettings
from experiments.evaluation.study import Study, open_study
from sim.errors import InputError

CONFORMITY, PULL = "behaviour.sharing.conformity", "market.competitor_pull"
SMALL = ["organisation=small_firm", "strategies=[as_is,unlock]"]


def study(*words: str) -> Study[StudySettings]:
    return open_study("sweep", StudySettings, [*SMALL, *words])


@pytest.fixture(scope="module")
def space() -> Space:
    return study().space


def rows(space: Space, **given: Any) -> list[dict[str, Any]]:
    return points(DesignSettings(**given), space, 1).to_dict("records")


def test_names_nested_by_dots_become_flat() -> None:
    assert flat({"a": {"b": [1, 2], "c": {"d": "x"}}, "e": 1}) == {"a.b": [1, 2], "a.c.d": "x", "e": 1}


def test_grid_is_every_combination_and_the_last_factor_changes_fastest(space: Space) -> None:
    found = rows(space, vary={CONFORMITY: [1, 2, 3], "norms": ["guarded", "open"]})
    assert [tuple(row.values()) for row in found] == [(c, n) for c in (1, 2, 3) for n in ("guarded", "open")]


def test_grid_takes_two_numbers_as_levels_and_a_prior_as_a_range(space: Space) -> None:
    low, high = space.prior(CONFORMITY)
    assert [row[PULL] for row in rows(space, vary={PULL: [0.5, 1.5]})] == [0.5, 1.5]
    found = [row[CONFORMITY] for row in rows(space, vary={CONFORMITY: "prior"}, levels=5)]
    assert found == pytest.approx(np.linspace(low, high, 5))


def test_list_sets_values_side_by_side(space: Space) -> None:
    found = rows(space, design="list", vary={CONFORMITY: [1, 2], PULL: [0.5, 1.5]})
    assert found == [{CONFORMITY: 1, PULL: 0.5}, {CONFORMITY: 2, PULL: 1.5}]
    with pytest.raises(InputError, match="as many values"):
        rows(space, design="list", vary={CONFORMITY: [1, 2, 3], PULL: [0.5, 1.5]})


def test_latin_hypercube_puts_one_point_into_every_stratum(space: Space) -> None:
    found = pd.DataFrame(rows(space, design="lhs", samples=20, vary={CONFORMITY: [1, 3], PULL: [0.5, 1.5]}))
    for name, low, width in ((CONFORMITY, 1, 2), (PULL, 0.5, 1)):
        assert sorted(np.floor((found[name] - low) / width * 20)) == list(range(20))


def test_sobol_sequence_is_balanced_and_grows_by_adding_points(space: Space) -> None:
    vary = {CONFORMITY: [0.0, 1.0], PULL: [0.0, 1.0]}
    few = points(DesignSettings(design="sobol", samples=16, vary=vary), space, 1)
    more = points(DesignSettings(design="sobol", samples=32, vary=vary), space, 1)
    pd.testing.assert_frame_equal(few, more.iloc[:16])
    assert ((few < 0.5).sum() == 8).all()
    with pytest.raises(InputError, match="power of two"):
        rows(space, design="sobol", samples=20, vary=vary)


def test_saltelli_exchanges_one_column_at_a_time(space: Space) -> None:
    found = points(DesignSettings(design="saltelli", samples=4, vary={CONFORMITY: [1, 3], PULL: [0, 1], DUMMY: [0, 1]}),
                   space, 1).to_numpy(float).reshape(4, 5, 3)  # fmt: skip
    for block in found:
        for k in range(3):
            assert (block[1 + k] != block[0]).sum() == 1 and block[1 + k, k] == block[4, k]


def test_morris_moves_one_factor_at_a_time(space: Space) -> None:
    vary = {CONFORMITY: [0, 3], PULL: [0, 3], LUCK: [0, 1]}
    found = points(DesignSettings(design="morris", samples=5, vary=vary), space, 1).to_numpy(float).reshape(5, 4, 3)
    for trajectory in found:
        moved = np.diff(trajectory, axis=0) != 0
        assert (moved.sum(axis=1) == 1).all() and (moved.sum(axis=0) == 1).all()


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_gives_values_inside_the_ranges_and_repeats_itself(kind: Kind, space: Space) -> None:
    settings = DesignSettings(design=kind, samples=8, vary={CONFORMITY: [1.0, 3.0], "months": [24, 36]})
    found = points(settings, space, 1)
    assert found[CONFORMITY].between(1, 3).all() and found["months"].between(24, 36).all()
    assert all(isinstance(row["months"], int) for row in found.to_dict("records")) and kind in KINDS
    pd.testing.assert_frame_equal(found, points(settings, space, 1))


def test_whole_numbers_and_choices_are_hit_evenly() -> None:
    u = (np.arange(600) + 0.5) / 600
    months, norms = Factor("months", (1, 6), True, True), Factor("norms", ("a", "b", "c"), False)
    assert np.bincount(months.at(u))[1:].tolist() == [100] * 6
    assert [norms.at(u).count(name) for name in "abc"] == [200] * 3
    assert list(scaled(np.array([[0.0, 1.0]]), [months, norms]).iloc[0]) == [1, "c"]


def test_file_of_points(tmp_path: Path, space: Space) -> None:
    path = tmp_path / "points.csv"
    path.write_text(f"{CONFORMITY}, months, norms\n1.5, 24, open\n2, 36, guarded\n")
    assert rows(space, design=str(path)) == [
        {CONFORMITY: 1.5, "months": 24, "norms": "open"}, {CONFORMITY: 2, "months": 36, "norms": "guarded"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "match"),
    [("", "can be read"), ("months\n", "at least one row"), ("mnths\n3\n", "unknown name"),
     ("months,norms\n3\n", "must have a value of norms"), ("norms\nopne\n", "unknown norms")],
)  # fmt: skip
def test_bad_file_of_points(text: str, match: str, tmp_path: Path, space: Space) -> None:
    path = tmp_path / "points.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=match):
        rows(space, design=str(path))


def test_file_and_factors_exclude_each_other(space: Space) -> None:
    with pytest.raises(InputError, match="not used with a file"):
        rows(space, design="points.csv", vary={CONFORMITY: [1, 2]})
    with pytest.raises(InputError, match="can be read"):
        rows(space, design="no-such.csv")


@pytest.mark.parametrize(
    ("vary", "match"),
    [({"behaviour.sharing.conformty": [1, 2]}, "did you mean"), ({CONFORMITY: []}, "must have values"),
     ({"norms": ["opne"]}, "did you mean open"), ({"strategy": ["unlock"]}, "several plans"),
     ({"compute": ["local"]}, "cannot be varied"), ({"months": "prior"}, "no range of its own")],
)  # fmt: skip
def test_bad_factors_are_named(vary: dict[str, Any], match: str, space: Space) -> None:
    with pytest.raises((InputErrors, InputError), match=match):
        rows(space, vary=vary)


def test_sampled_designs_want_ranges(space: Space) -> None:
    with pytest.raises(InputError, match="must have a range"):
        rows(space, design="lhs", vary={CONFORMITY: [2]})


@pytest.mark.parametrize("given", [[2.5, 1.5], [2, 2]])
def test_a_range_that_does_not_rise_is_no_range(given: list[float], space: Space) -> None:
    with pytest.raises(InputError, match="must have a range that rises"):
        rows(space, design="morris", vary={CONFORMITY: given})
    assert [row[CONFORMITY] for row in rows(space, vary={CONFORMITY: given})] == given, "levels of a grid"
    assert len(rows(space, design="lhs", samples=6, vary={CONFORMITY: [3, 2, 1]})) == 6


@pytest.mark.parametrize("name", ["luck", "dummy"])
@pytest.mark.parametrize("value", [-0.1, 2, "high", True])
def test_factors_that_are_no_parameters_lie_between_0_and_1(
    name: str, value: object, tmp_path: Path, space: Space
) -> None:
    with pytest.raises((InputErrors, InputError), match="must lie between 0 and 1"):
        rows(space, vary={name: [0, value]})
    path = tmp_path / "points.csv"
    path.write_text(f"{name}\n{value}\n")
    with pytest.raises(InputError, match="must lie between 0 and 1"):
        rows(space, design=str(path))


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.GRID])
def test_designs_that_need_factors_say_so(kind: Kind) -> None:
    with pytest.raises(InputError, match=f"must name what is varied in the design {kind}"):
        _ = study(f"design={kind}").points


def test_a_setting_of_a_plan_keeps_its_full_name_in_complaints() -> None:
    with pytest.raises(InputErrors, match=r"point 1: strategy\.messages: must be at most"):
        _ = study("vary.strategy.messages=[0,2]").wanted


def test_nothing_varied_is_one_point(space: Space) -> None:
    assert rows(space) == [{}]


def test_a_point_that_breaks_a_rule_is_named_before_anything_is_computed() -> None:
    with pytest.raises(InputErrors, match=r"point 1: behaviour\.sharing\.conformity: must be at most"):
        _ = study("vary.behaviour.sharing.conformity=[1,1e9]").wanted


def test_group_chosen_by_a_point_changes_what_its_file_says() -> None:
    one = study("vary.norms=[guarded,hoarding]", "market.complexity=0.3").wanted
    guarded, hoarding = (one.scenario_in({"norms": name}, 0) for name in ("guarded", "hoarding"))
    assert guarded.norms.name != hoarding.norms.name and guarded.market == hoarding.market
    assert guarded.market.complexity == 0.3


def test_settings_of_a_plan_can_be_varied() -> None:
    one = study("vary.strategy.support_months=[12,48]")
    assert [one.space.plan_at({"strategy.support_months": m}, "unlock").support_months for m in (12, 48)] == [12, 48]
    table = one.wanted.table
    assert len(one.wanted.places) == 2, "both points share the burn-in of each replicate"
    assert table["run"].nunique() == len(table) == 8
