"""Every entry of every group composes, validates and runs; every field can be set; files stay readable."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.complaints import InputErrors
from experiments.configuration import GROUPS, Configuration, Library, load_job, load_scenario, shipped_configs
from experiments.settings import Unknowns
from sim.params.field import walk
from sim.params.organisation import Organisation
from sim.params.strategy import INITIATIVES, Strategy, Unlock

ENTRIES = [(group, name) for group in GROUPS for name in Library().entries(group)]
SMALL = ["organisation=small_firm", "months=3", "burn_in=12"]
SMALLER = ["organisation.employees.number=120", "organisation.customers.number=2000"]
MAIN_JOB = ("as_is", "technology_only", "overlapping_launch", "sequential_launch", "incentives_only",
            "everything_at_once", "unlock", "unlock_moments")


@pytest.mark.parametrize(("group", "name"), ENTRIES)
def test_entry_composes_and_validates(group: str, name: str) -> None:
    job = load_job("run", [f"{group}={name}"])
    assert job.choices[group] == name
    assert job.choices.keys() == set(GROUPS)


@pytest.mark.parametrize(("group", "name"), ENTRIES)
def test_entry_runs_three_months(group: str, name: str) -> None:
    from sim.run import run

    chosen = [*SMALL[1:], *SMALLER] if group == "organisation" else SMALL
    result = run(load_scenario([*chosen, f"{group}={name}"]))
    assert len(result.months["churn"]) == 4


@pytest.mark.parametrize(("group", "name"), ENTRIES)
def test_entry_is_short_and_says_what_it_is(group: str, name: str) -> None:
    lines = Library().entries(group)[name].read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert len(lines) <= (60 if group == "organisation" else 20)


def test_groups_have_enough_entries() -> None:
    counts = {group: len(Library().entries(group)) for group in GROUPS}
    assert min(counts["incentives"], counts["norms"], counts["leadership"]) >= 3


def test_compare_without_arguments_is_the_main_job() -> None:
    job = load_job("compare")
    assert tuple(job.strategies) == MAIN_JOB
    assert (job.settings.replicates, job.scenario.months, job.settings.unknowns) == (32, 60, Unknowns.ENSEMBLE)
    assert (job.scenario.organisation.employees.number, job.scenario.organisation.customers.number) == (600, 20_000)
    assert job.settings.output == Path("ungridlock-output/compare")


def test_as_is_does_nothing() -> None:
    plan = load_scenario(["strategy=as_is"]).strategy
    assert plan == Strategy(name=plan.name, description=plan.description)


def test_everything_at_once_launches_everything() -> None:
    assert load_scenario(["strategy=everything_at_once"]).strategy.initiatives == dict.fromkeys(INITIATIVES, 0)


@pytest.mark.parametrize("activity", list(Unlock.model_fields))
def test_left_out_activity_is_the_only_difference(activity: str) -> None:
    full = load_scenario(["strategy=unlock"]).strategy.model_dump(exclude={"name", "description"})
    less = load_scenario([f"strategy=unlock_without_{activity}"]).strategy.model_dump(exclude={"name", "description"})
    assert less.pop("unlock") == full.pop("unlock") | {activity: 0.0}
    assert less == full


def test_duplicate_strategies_get_keys_of_their_own() -> None:
    plans = load_job("compare", ["strategies=[as_is,as_is,unlock,as_is]"]).strategies
    assert list(plans) == ["as_is", "as_is#2", "unlock", "as_is#3"]
    assert plans["as_is"] == plans["as_is#2"] == plans["as_is#3"]


def test_every_number_can_be_set_without_plus() -> None:
    base = load_scenario()
    numbers = {name: value for name, _, value in walk(base) if isinstance(value, int | float)}
    assert len(numbers) > 250
    assert load_scenario([f"{name}={str(value).lower()}" for name, value in numbers.items()]) == base


def test_values_reach_the_scenario() -> None:
    scenario = load_scenario(["strategy=unlock", "behaviour.sharing.conformity=3", "strategy.messages=0.1",
                              "strategy.initiatives.capability_training=2", "~strategy.initiatives.insight_system",
                              "programme.initiatives.insight_system.price=7", "customers.churn.trust=1"])
    assert scenario.behaviour.sharing.conformity == 3
    assert scenario.strategy.messages == 0.1
    assert scenario.strategy.initiatives == {"closed_loop_feedback": 15, "capability_training": 2}
    assert scenario.programme.initiatives["insight_system"].price == 7
    assert scenario.customers.churn.trust == 1


def test_without_overrides_code_defaults_hold() -> None:
    scenario = load_scenario()
    assert scenario.behaviour == Configuration(organisation=small_organisation()).behaviour
    assert scenario.programme == Configuration(organisation=small_organisation()).programme


def small_organisation() -> Organisation:
    return load_scenario(SMALL).organisation


def test_own_folder_adds_entries(tmp_path: Path) -> None:
    folder = tmp_path / "it's [mine], a=b"
    (folder / "strategy").mkdir(parents=True)
    (folder / "strategy" / "quieter.yaml").write_text("defaults: [unlock, _self_]\nname: quieter\nmessages: 0.1\n")
    plan = load_job("run", ["strategy=quieter"], folder).scenario.strategy
    assert plan == load_job("compare", ["strategies=[as_is,quieter]"], folder).strategies["quieter"]
    assert (plan.name, plan.messages, plan.unlock) == ("quieter", 0.1, Unlock(
        understand=1, negotiate=1, locate=1, organize=1, communicate=1, keep_adjusting=1))


def test_own_folder_never_hides_a_shipped_entry(tmp_path: Path) -> None:
    (tmp_path / "strategy").mkdir()
    (tmp_path / "strategy" / "unlock.yaml").write_text("name: other\n")
    with pytest.raises(InputErrors, match=r"must not hide.*strategy/unlock\.yaml"):
        load_scenario([], tmp_path)


def test_main_file_names_every_group() -> None:
    assert set(Library().defaults()) == set(GROUPS)
    assert {path.name for path in shipped_configs().iterdir() if path.is_dir()} == set(GROUPS)
