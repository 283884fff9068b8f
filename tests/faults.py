"""Jobs for tests of engines, one of which may raise or kill its worker; light to import where they are computed."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

RAISES, RAISES_BADLY, DIES_ONCE, DIES, STRUCK = 1, 2, 4, 6, 3


class Awkward(Exception):
    """An error that cannot be built again from its own words."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}, {why}")


def faulty(folder: Path, deadly: bool, job: int) -> tuple[int, str]:
    """Square of a number and the folder it was computed in, from a process that may die of it."""
    if job == RAISES:
        raise ValueError("no such luck\nand more")
    if job == RAISES_BADLY:
        raise Awkward("no", "such luck")
    mark = folder / f"died of {job}"
    if deadly and (job == DIES or (job == DIES_ONCE and not mark.exists())):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return job * job, os.getcwd()


def threads(_: int) -> str:
    return os.environ.get("OMP_NUM_THREADS", "")


def loaded(_: int) -> list[str]:
    """Which engines' libraries a process has imported."""
    return sorted({"ray", "distributed", "submitit"} & sys.modules.keys())


def slow(folder: Path, job: int) -> int:
    """Leave a mark, then take its time."""
    import time

    (folder / f"began {job}").touch()
    time.sleep(1.5)
    return job


class Struck:
    """Something whose way to another process is met by Ctrl-C."""

    def __reduce__(self) -> tuple[type[int], tuple[int]]:
        os.kill(os.getpid(), signal.SIGINT)
        return int, (0,)


def struck_while_sent(job: int) -> object:
    """A job, one of which is met by Ctrl-C while it is handed over."""
    return Struck() if job == STRUCK else job


def hears_interrupts(_: object) -> bool:
    """Whether this process would hear Ctrl-C."""
    blocked = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    return not blocked and signal.getsignal(signal.SIGINT) != signal.SIG_IGN
