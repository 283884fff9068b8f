"""Hydra's own multirun: as many jobs as combinations, checked before the first, each in a folder of its own."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hydra.core.global_hydra import GlobalHydra

from experiments.cli import main
from experiments.complaints import InputErrors
from experiments.configuration import Job, load_job
from experiments.interruption import Interrupted
from experiments.multirun import hand_over
from sim.errors import InputError

SMALL = ["organisation=small_firm", "burn_in=12"]


@pytest.fixture(autouse=True)
def _logs_are_put_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Hydra sets up the root logger of the process."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    monkeypatch.chdir(tmp_path)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def jobs(command: str, *words: str, config_dir: Path | None = None) -> list[Job]:
    """What would be done."""
    found: list[Job] = []
    hand_over(command, words, config_dir, ["--multirun"], lambda _, job, __: found.append(job))
    return found


def test_one_job_per_combination_in_a_folder_of_its_own(tmp_path: Path) -> None:
    found = jobs("run", *SMALL, "strategy=as_is,unlock", "months=24,36", "output=here")
    assert [(job.scenario.strategy.name, job.scenario.months) for job in found] == [
        ("as is", 24), ("as is", 36), ("unlock", 24), ("unlock", 36)]  # fmt: skip
    assert [job.settings.output for job in found] == [tmp_path / "here" / str(k) for k in range(4)]
    assert yaml.safe_load((tmp_path / "here" / "1" / ".hydra" / "overrides.yaml").read_text()) == [
        "organisation=small_firm", "++burn_in=12", "strategy=as_is", "++months=36"]  # fmt: skip


def test_a_job_is_what_the_single_command_would_be() -> None:
    """Also for names that no file mentions, which Hydra alone would refuse without a prefix."""
    words = [*SMALL, "organisation.silos.service.interest=0.25", "replicates=3", "seed=5"]
    several = jobs("compare", *words, "strategies=[as_is,unlock]", "norms=guarded,open")
    for job, norms in zip(several, ("guarded", "open"), strict=True):
        single = load_job("compare", [*words, "strategies=[as_is,unlock]", f"norms={norms}"])
        assert job.scenario == single.scenario and job.strategies == single.strategies
        assert job.choices == single.choices
        assert job.settings == single.settings.model_copy(update={"output": job.settings.output})


def test_own_defaults_of_a_command_hold() -> None:
    single, several = load_job("questions", SMALL), jobs("questions", *SMALL, "months=12,13")
    assert {job.settings.replicates for job in several} == {single.settings.replicates} == {8}
    assert [job.settings.unknowns for job in several] == [single.settings.unknowns] * 2


def test_hydras_folder_and_ranges_and_globs(tmp_path: Path) -> None:
    found = jobs("run", *SMALL, "strategy=glob(sequential*)", "hydra.sweep.dir=there")
    assert len(found) == 2 and {job.settings.output.parent for job in found} == {tmp_path / "there"}
    found = jobs("run", *SMALL, "months=range(12,36,12)")
    assert [job.scenario.months for job in found] == [12, 24]
    assert found[0].settings.output.parent.parent.parent == tmp_path / "ungridlock-output" / "run" / "multirun"


def test_entries_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine" / "strategy").mkdir(parents=True)
    (tmp_path / "mine" / "strategy" / "my_plan.yaml").write_text("name: my plan\nmessages: 0.3\n")
    found = jobs("run", *SMALL, "strategy=my_plan,as_is", config_dir=tmp_path / "mine")
    assert [job.scenario.strategy.name for job in found] == ["my plan", "as is"]


def test_nothing_is_begun_if_one_value_is_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["run", "-m", *SMALL, "months=12,0", "norms=open,oppen"]) == 2
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()] == ["months", "norms"]
    assert list(tmp_path.iterdir()) == []


def test_other_jobs_are_done_before_a_failed_one_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.multirun.check", lambda *_: None)
    done: list[int] = []

    def fails_at_13(_: str, job: Job, __: object) -> float:
        if job.scenario.months == 13:
            raise InputErrors([InputError("months", "is unlucky", 13, "take another")])
        done.append(job.scenario.months)
        return 1.0

    with pytest.raises(InputErrors, match="is unlucky"):
        hand_over("run", [*SMALL, "months=12,13,14"], None, ["--multirun"], fails_at_13)
    assert done == [12, 14]


def test_an_interrupted_job_ends_them_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("experiments.multirun.check", lambda *_: None)
    begun: list[int] = []

    def interrupted(_: str, job: Job, __: object) -> float:
        begun.append(job.scenario.months)
        raise Interrupted(3, 8)

    with pytest.raises(KeyboardInterrupt):
        hand_over("compare", [*SMALL, "months=12,13"], None, ["--multirun"], interrupted)
    assert begun == [12] and "kept 3 of 8 replicates" in capsys.readouterr().err


def test_nothing_of_hydra_is_left_behind() -> None:
    before = list(sys.argv)
    jobs("run", *SMALL, "months=12")
    assert sys.argv == before and not GlobalHydra.instance().is_initialized()
    assert load_job("run", [*SMALL, "months=14"]).scenario.months == 14


def test_what_is_composed_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--cfg", "job", *SMALL, "months=14"]) == 0
    shown = yaml.safe_load(capsys.readouterr().out)
    assert shown["months"] == 14 and shown["organisation"]["name"] == "Small firm"


def test_the_command_itself(tmp_path: Path) -> None:
    words = ["run", "-m", *SMALL, "months=1,2", "compute.workers=1", "quiet=true", "output=here"]
    command = [sys.executable, "-m", "experiments.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [len(pd.read_parquet(tmp_path / "here" / k / "organisation_months.parquet")) for k in "01"] == [2, 3]
    assert "mesa" not in (tmp_path / "here" / "0" / "run.log").read_text()
