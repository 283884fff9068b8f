"""Engines: wherever jobs are computed, every job comes back with its number, whatever becomes of the others."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from experiments.fan_out import ENGINES, outcomes
from experiments.fan_out.engine import DIED, Lost
from experiments.interruption import without_interrupts
from experiments.settings import Compute, EngineName, Slurm
from sim.errors import InputError
from tests.faults import (
    DIES,
    DIES_ONCE,
    RAISES,
    RAISES_BADLY,
    STRUCK,
    faulty,
    hears_interrupts,
    struck_while_sent,
    threads,
)

JOBS = dict.fromkeys(EngineName, 24) | {EngineName.SLURM: 8}  # a job of Slurm's takes seconds to start
WORKERS = 2
MOST_AHEAD = 2 * WORKERS  # jobs that an engine may have taken beyond those that came back


def needs(name: EngineName) -> Any:
    """An engine to be tested where its library is installed."""
    return pytest.param(name, marks=pytest.mark.skipif(find_spec(ENGINES[name][1]) is None, reason=f"no {name}"))


ALL = [needs(name) for name in EngineName]


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


@pytest.mark.parametrize("name", [needs(EngineName.CORES), needs(EngineName.DASK), needs(EngineName.SLURM)])
def test_interrupts_are_heard_whenever_they_come(name: EngineName, tmp_path: Path) -> None:
    """Also while a job is handed over, and while workers start, which do not hear them."""
    back: list[Any] = []
    found = outcomes(hears_interrupts, map(struck_while_sent, range(STRUCK + 20)), settings(name, tmp_path), 1)
    with closing(found), pytest.raises(KeyboardInterrupt):
        for _, outcome in found:
            back.append(outcome)
    assert 1 < len(back) <= STRUCK + WORKERS and set(back) == {False}


def test_an_interrupt_waits_and_is_not_inherited() -> None:
    child = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    reached, other = False, threading.Event()
    threading.Thread(target=other.wait, daemon=True).start()  # the system may choose this thread to hear it
    with pytest.raises(KeyboardInterrupt), without_interrupts():
        os.kill(os.getpid(), signal.SIGINT)
        heard = subprocess.run([sys.executable, "-c", child], check=True, capture_output=True, text=True).stdout
        reached = True
    other.set()
    assert reached and heard.strip() == "True"
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize(("name", "address"), [(EngineName.RAY, "127.0.0.1:9"), (EngineName.DASK, "tcp://127.0.0.1:9")])
def test_an_address_where_nothing_is_is_refused(name: EngineName, address: str, tmp_path: Path) -> None:
    if find_spec(ENGINES[name][1]) is None:
        pytest.skip(f"{name} is not installed")
    compute = settings(name, tmp_path).model_copy(update={"address": address})
    with pytest.raises(InputError, match=r"compute\.address: must be a (Ray cluster|Dask scheduler)"):
        list(outcomes(partial(faulty, tmp_path, True), [1, 2], compute))


def test_a_dask_worker_without_the_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if find_spec("distributed") is None:
        pytest.skip("distributed is not installed")
    monkeypatch.setattr("experiments.fan_out.dask_cluster.PROBE", "experiments_of_another:THING")
    with pytest.raises(InputError, match=r"workers must have ungridlock.*No module named 'experiments_of_another'"):
        list(outcomes(partial(faulty, tmp_path, True), [0], settings(EngineName.DASK, tmp_path)))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("x.cc:1: Check failed\n*** StackTrace ***\nauthentication_token_loader.cc\n_start", "no token is here"),
        ("ray.exceptions.AuthenticationError: wrong\nmore", "the cluster wants its token"),
        ("a warning\nConnectionError: nobody", "ConnectionError: nobody"),
    ],
)
def test_what_ray_answers_becomes_one_reason(answer: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if find_spec("ray") is None:
        pytest.skip("ray is not installed")
    said = subprocess.CompletedProcess[str]([], 1, "", answer)
    monkeypatch.setattr("subprocess.run", lambda *_, **__: said)
    with pytest.raises(InputError, match=re.escape(reason)):
        list(outcomes(threads, [0], Compute(engine=EngineName.RAY, address="auto")))


def test_slurm_is_wanted_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if find_spec("submitit") is None:
        pytest.skip("submitit is not installed")
    monkeypatch.setenv("PATH", str(tmp_path))  # this machine may have it
    compute = Compute(engine=EngineName.SLURM, slurm=Slurm(folder=tmp_path))
    with pytest.raises(InputError, match="srun is not here"):
        list(outcomes(partial(faulty, tmp_path, True), [1], compute))


def test_extras_are_imported_by_who_asks_for_them_only() -> None:
    source = (
        "import sys, experiments.fan_out, experiments.evaluation.study, experiments.sweep.command\n"
        "print([name for name in ('ray', 'distributed', 'submitit', 'optuna', 'ema_workbench') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
