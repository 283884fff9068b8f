"""Engines: wherever jobs are computed, every job comes back with its number, whatever becomes of the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from experiments.fan_out import ENGINES, outcomes
from experiments.fan_out.engine import DIED, Lost
from experiments.settings import Compute, EngineName, Slurm
from sim.errors import InputError

JOBS = 12
RAISES, RAISES_BADLY, DIES_ONCE, DIES = 2, 3, 5, 8
WORKERS = 2
MOST_AHEAD = 2 * WORKERS  # jobs that an engine may have taken beyond those that came back


class Awkward(Exception):
    """An error that cannot be built again from its own words."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}, {why}")


def faulty(folder: Path, job: int) -> tuple[int, int]:
    """Square of a number, from a process that may die of it."""
    if job == RAISES:
        raise ValueError("no such luck\nand more")
    if job == RAISES_BADLY:
        raise Awkward("no", "such luck")
    mark = folder / f"died of {job}"
    if job == DIES or (job == DIES_ONCE and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return job * job, os.getpid()


def settings(name: EngineName, folder: Path, workers: int = WORKERS) -> Compute:
    return Compute(engine=name, workers=workers, slurm=Slurm(local=True, folder=folder / "slurm"))



AWAY = [name for name in EngineName if name is not EngineName.HERE]


@pytest.mark.parametrize("name", AWAY)
def test_every_job_comes_back_whatever_becomes_of_others(name: EngineName, tmp_path: Path) -> None:
    if find_spec(ENGINES[name][1]) is None:
        pytest.skip(f"{name} is not installed")
    taken: list[int] = []
    back: dict[int, Any] = {}
    most = 0

    def jobs() -> Iterator[int]:
        nonlocal most
        for job in range(JOBS):
            taken.append(job)
            most = max(most, len(taken) - len(back))
            yield job

    for k, outcome in outcomes(partial(faulty, tmp_path), jobs(), settings(name, tmp_path)):
        assert k not in back
        back[k] = outcome
    assert sorted(back) == list(range(JOBS))
    assert most <= MOST_AHEAD + 2, "jobs are taken as workers become free"
    assert isinstance(back[RAISES], Lost) and back[RAISES].reason == "ValueError: no such luck"
    assert isinstance(back[RAISES].error, ValueError)
    assert back[RAISES_BADLY].reason == "Awkward: no, such luck" and back[RAISES_BADLY].error is not None
    assert back[DIES] == Lost(DIED)
    lost = {k for k, outcome in back.items() if isinstance(outcome, Lost) and outcome.error is None}
    healthy = set(range(JOBS)) - lost - {RAISES, RAISES_BADLY}
    assert all(back[k][0] == k * k for k in healthy) and os.getpid() not in {back[k][1] for k in healthy}
    # Alone, what was lost with others comes back; what always kills its worker does not.
    again = dict(outcomes(partial(faulty, tmp_path), sorted(lost), settings(name, tmp_path, 1), 1))
    assert [sorted(lost)[k] for k, outcome in again.items() if isinstance(outcome, Lost)] == [DIES]


@pytest.mark.parametrize(
    ("name", "address"), [(EngineName.RAY, "127.0.0.1:9"), (EngineName.DASK, "tcp://127.0.0.1:9")]
)
def test_an_address_where_nothing_is_is_refused(name: EngineName, address: str, tmp_path: Path) -> None:
    if find_spec(ENGINES[name][1]) is None:
        pytest.skip(f"{name} is not installed")
    compute = settings(name, tmp_path).model_copy(update={"address": address})
    with pytest.raises(InputError, match=r"compute\.address: must be a (Ray cluster|Dask scheduler)"):
        list(outcomes(partial(faulty, tmp_path), [1, 2], compute))


def test_slurm_is_wanted_where_there_is_none(tmp_path: Path) -> None:
    if find_spec("submitit") is None:
        pytest.skip("submitit is not installed")
    compute = Compute(engine=EngineName.SLURM, slurm=Slurm(folder=tmp_path))
    with pytest.raises(InputError, match="srun is not here"):
        list(outcomes(partial(faulty, tmp_path), [1], compute))


def test_extras_are_imported_by_who_asks_for_them_only() -> None:
    source = (
        "import sys, experiments.fan_out, experiments.evaluation.study, experiments.sweep.command\n"
        "print([name for name in ('ray', 'distributed', 'submitit', 'optuna', 'ema_workbench') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
