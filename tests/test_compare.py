"""The main job from the command line, small: tables, zeros, reproducibility, what is kept after Ctrl-C."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from experiments import compare as compare_module
from experiments import ensembles
from experiments.cli import main
from experiments.configuration import load_job, load_scenario
from experiments.fan_out import Task
from experiments.headline import PAPER, PAPER_ALONE
from experiments.interruption import Interrupted
from experiments.settings import Unknowns
from experiments.unknowns import STANDARD, draw, in_world, priors, stays_as_it_is, world_of
from sim.params.field import replace
from sim.run import Result

SMALL = ["organisation=small_firm", "months=8", "replicates=4", "quiet=true", "compute.workers=1"]
COLUMNS = ["strategy", "measure", "unit", "baseline", "value", "difference", "low", "high", "win_rate", "replicates"]
KEYS = {
    "runs": ["scenario", "kind", "replicate"],
    "organisation_months": ["scenario", "kind", "replicate", "month"],
    "silo_months": ["scenario", "kind", "replicate", "month", "silo"],
}


def run(folder: Path, *words: str) -> Path:
    assert main(["compare", *SMALL, *words, f"output={folder}"]) == 0
    return folder


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("study"), "strategies=[as_is,technology_only,unlock]", "knockouts=2", "paper=2")


def test_everything_is_written(study: Path) -> None:
    assert list(pd.read_csv(study / "comparison.csv").columns) == COLUMNS
    for name, keys in KEYS.items():
        table = pd.read_parquet(study / f"{name}.parquet")
        assert list(table.columns[: len(keys)]) == keys
        assert not table.duplicated(keys).any()
    assert {"scenario", "kind", "replicate", "month", "event", "subject", "text"} == set(
        pd.read_parquet(study / "events.parquet").columns
    )
    figures = {path.name for path in (study / "figures").iterdir()}
    assert {
        f"{n}.{e}" for n in ("fan_charts", "j_curve", "paired_differences", "gridlock") for e in ("png", "svg")
    } <= figures
    report = (study / "report.html").read_text(encoding="utf-8")
    assert "http://" not in report.replace("http://www.w3.org", "") and "https://" not in report
    assert (study / "configuration.yaml").stat().st_size > 1000


def test_kinds_of_runs(study: Path) -> None:
    runs = pd.read_parquet(study / "runs.parquet")
    simulated = runs[runs["kind"] == "simulated"]
    assert simulated.groupby("scenario").size().to_dict() == {"as_is": 4, "technology_only": 4, "unlock": 4}
    assert runs[runs["kind"] == "paper"].groupby("scenario").size().to_dict() == {"technology_only": 2, "unlock": 2}
    on_paper, alone = (runs[runs["kind"] == kind].set_index(["scenario", "replicate"]) for kind in (PAPER, PAPER_ALONE))
    assert alone.index.equals(on_paper.index), "the same lives once more, where nobody is sure to share"
    assert (alone["npv"] < on_paper["npv"]).all()
    knocked = runs[runs["kind"].str.startswith("without ")]
    assert len(knocked) > 0 and set(knocked["replicate"]) == {0, 2}  # one from each world


def test_strategies_start_from_the_same_world(study: Path) -> None:
    months = pd.read_parquet(study / "organisation_months.parquet")
    before = months[months["month"] == 0].drop(columns=["scenario", "kind", "month"])
    assert (before.groupby("replicate").nunique(dropna=False) == 1).all(axis=None)


def test_a_strategy_against_itself_differs_by_zero(tmp_path: Path) -> None:
    table = pd.read_csv(run(tmp_path, "strategies=[as_is,as_is]") / "comparison.csv")
    assert (table["difference"] == 0).all()


def test_same_command_same_files_whatever_the_workers(study: Path, tmp_path: Path) -> None:
    words = ("strategies=[as_is,technology_only,unlock]", "knockouts=2", "paper=2", "compute.workers=2")
    again = run(tmp_path, *words)
    assert (again / "comparison.csv").read_bytes() == (study / "comparison.csv").read_bytes()
    for name in KEYS:
        pd.testing.assert_frame_equal(
            pd.read_parquet(again / f"{name}.parquet"), pd.read_parquet(study / f"{name}.parquet")
        )


def test_ctrl_c_keeps_what_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def two_then_ctrl_c(_scenario, tasks: list[Task], _settings, take, what: str = "runs") -> None:  # type: ignore[no-untyped-def]
        for task in tasks[:2]:
            take(task, results_of(task))
        raise Interrupted(2, len(tasks))

    def results_of(task: Task) -> list[Result]:
        from sim.run import run_variants

        return run_variants(load_scenario(SMALL[:2]), task.variants, 1, task.replicate)

    monkeypatch.setattr(compare_module, "compute", two_then_ctrl_c)
    words = ["strategies=[as_is,technology_only]", f"output={tmp_path}"]
    assert main(["compare", *SMALL, *words]) == 130
    assert "kept 2 of 4 replicates" in capsys.readouterr().err
    assert pd.read_parquet(tmp_path / "runs.parquet")["replicate"].nunique() == 2


def test_what_the_user_sets_is_known() -> None:
    scenario = load_scenario([*SMALL[:1], "behaviour.sharing.conformity=1.25"])
    assert "behaviour.sharing.conformity" not in priors(scenario)
    assert in_world(scenario, 1, 3).behaviour.sharing.conformity == 1.25


def test_worlds_lie_inside_their_priors_and_fit_the_unchanged_firm() -> None:
    scenario = load_scenario()
    for world in range(8):
        values = draw(scenario, 1, world)
        assert all(low <= values[name] <= high for name, (low, high) in priors(scenario).items())
        assert stays_as_it_is(in_world(scenario, 1, world, ensemble=None))
        assert stays_as_it_is(in_world(scenario, 1, world))
    assert draw(scenario, 1, 0) != draw(scenario, 1, 1)
    assert not stays_as_it_is(replace(scenario, {"behaviour.sharing.conformity": 6.0, "norms.disposition_spread": 0.1}))


def test_two_lucks_share_a_world() -> None:
    for drawn in (Unknowns.PRIOR, Unknowns.ENSEMBLE):
        assert [world_of(r, drawn) for r in range(4)] == [0, 0, 1, 1]
    assert [world_of(r, Unknowns.DEFAULT) for r in range(4)] == [0, 1, 2, 3]


def test_a_bad_retention_table_is_one_line_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("segment,year,share_surviving\ncontract,1,.8\ncontract,2,.9\ncontract,3,.7\n", encoding="utf-8")
    assert main(["compare", *SMALL, f"organisation.customers.retention_table={table}", f"output={tmp_path}"]) == 2
    error = capsys.readouterr().err.strip()
    assert "\n" not in error and "mine.csv:3" in error


def test_jobs_name_every_strategy_once() -> None:
    job = load_job("compare", ["strategies=[as_is,unlock,unlock]"])
    assert len(job.strategies) == 3


def test_a_world_is_the_set_that_it_holds(tmp_path: Path) -> None:
    """A short ensemble begins anew after its last member: its worlds are numbered by member, and counted once."""
    rows = ensembles.load(STANDARD)
    table = rows.values.iloc[:2].copy().assign(member=[0, 1])
    ensembles.save(table, dict(rows.provenance), tmp_path / "two")
    folder = run(tmp_path / "out", "strategies=[as_is,unlock]", "replicates=6", "knockouts=0", "paper=0",
                 f"ensemble={tmp_path / 'two'}")  # fmt: skip
    runs = pd.read_parquet(folder / "runs.parquet")
    assert runs.groupby("replicate")["world"].first().tolist() == [0, 0, 1, 1, 0, 0]
    assert pd.read_parquet(folder / "worlds.parquet")["world"].tolist() == [0, 1]
