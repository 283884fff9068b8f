"""Engines: wherever jobs are computed, every job comes back with its number, whatever becomes of the others."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from experiments.fan_out import ENGINES, outcomes
from experiments.fan_out.engine import Lost
from experiments.settings import Compute, EngineName, Slurm

JOBS = 24
RAISES, RAISES_BADLY, DIES_ONCE, DIES = 3, 5, 8, 13
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

