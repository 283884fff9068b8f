"""Engines: wherever jobs are computed, every job comes back with its number, whatever becomes of the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from experiments import fan_out
from experiments.cli import main
from experiments.configuration import load_job, typed_settings
from experiments.fan_out import ENGINES, away, engine, outcomes, spread
from experiments.fan_out.engine import DIED, RETRIES, Lost, Queue
from experiments.fan_out.in_flight import TAKEN_BACK, Gone, in_flight
from experiments.settings import Compute, EngineName, Slurm
from experiments.survey.settings import SurveySettings
from sim.errors import InputError
from tests.faults import DIES, DIES_ONCE, RAISES, RAISES_BADLY, faulty, slow

JOBS = dict.fromkeys(EngineName, 24) | {EngineName.SLURM: 8}  # a job of Slurm's takes seconds to start
WORKERS = 2
MOST_AHEAD = 2 * WORKERS  # jobs that an engine may have taken beyond those that came back


def needs(name: EngineName) -> Any:
    """An engine to be tested where its library is installed."""
    return pytest.param(name, marks=pytest.mark.skipif(find_spec(ENGINES[name][1]) is None, reason=f"no {name}"))


ALL = [needs(name) for name in EngineName]
CLUSTERS = [needs(name) for name in (EngineName.RAY, EngineName.DASK, EngineName.SLURM)]


@pytest.fixture(scope="module", autouse=True)
def _one_ray_for_all() -> Iterator[None]:
    """A Ray cluster takes seconds to start; the engine uses one that is there."""
    if find_spec("ray") is None:
        yield
        return
    from experiments.fan_out.ray_cluster import connected

    with connected(Compute(workers=WORKERS, address="local")):
        yield


def settings(name: EngineName, folder: Path, workers: int = WORKERS) -> Compute:
    return Compute(engine=name, workers=workers, slurm=Slurm(local=True, folder=folder / "slurm"))


def every_outcome(name: EngineName, folder: Path, jobs: Sequence[int], workers: int, ahead: int) -> dict[int, Any]:
    """Outcome of every job; jobs are taken as others come back."""
    taken, back = 0, {}

    def given() -> Iterator[int]:
        nonlocal taken
        for job in jobs:
            taken += 1
            yield job

    call = partial(faulty, folder, name is not EngineName.HERE)
    with closing(outcomes(call, given(), settings(name, folder, workers), ahead)) as found:
        for number, outcome in found:
            assert jobs[number] not in back, "once only"
            back[jobs[number]] = outcome
            assert taken <= len(back) + MOST_AHEAD
    return back


@pytest.mark.parametrize("name", ALL)
def test_one_contract_for_every_engine(name: EngineName, tmp_path: Path) -> None:
    jobs = list(range(JOBS[name]))
    found = every_outcome(name, tmp_path, jobs, WORKERS, 2)
    assert sorted(found) == jobs
    again = [job for job, outcome in found.items() if isinstance(outcome, Lost) and outcome.error is None]
    found |= every_outcome(name, tmp_path, again, 1, 1)
    deadly = set() if name is EngineName.HERE else {DIES}
    good = set(jobs) - {RAISES, RAISES_BADLY} - deadly
    assert {job: found[job] for job in good} == {job: (job * job, os.getcwd()) for job in good}
    assert found[RAISES].reason == "ValueError: no such luck" and isinstance(found[RAISES].error, ValueError)
    assert found[RAISES_BADLY].reason == "Awkward: no, such luck" and found[RAISES_BADLY].error is not None
    assert [found[job] for job in deadly] == [Lost(DIED)] * len(deadly)
    assert (tmp_path / f"died of {DIES_ONCE}").exists() == bool(deadly)
