"""The seam between what is computed and where: an engine calls one function with many jobs.

An engine is a function `results(call, jobs, compute, ahead)` in a module of its own. It yields (number of the job,
outcome) in any order and never raises for a job: an outcome is what the call returned, or `Lost`. It takes jobs only as
workers become free, so that later jobs may depend on how long earlier ones took. It may try again what a dead worker
lost; who called it will. An engine whose library is an extra imports it inside its functions. Engines of clusters share
the loop of `in_flight.py`.
"""

from __future__ import annotations

import os
import pickle
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol

from experiments.settings import Compute

AHEAD = 2  # jobs handed over per worker: one under way, one waiting
LOOK = 1.0  # seconds between two looks at whether the parent lives
RETRIES = 2  # times that a cluster tries again what was lost with a worker or a node
DIED = "its worker process died"


@dataclass(frozen=True)
class Lost:
    """A job that brought no result.

    Args:
        reason: one line.
        error: what the call raised; None if its worker died.
    """

    reason: str
    error: Exception | None = None


class Engine(Protocol):
    """How an engine is called."""

    def __call__[J, R](
        self, call: Callable[[J], R], jobs: Iterable[J], compute: Compute, ahead: int = AHEAD
    ) -> Generator[tuple[int, R | Lost], None, None]:
        """Call a function with every job.

        Args:
            call: function of a job, at module level or a partial of one; it can be sent to other processes.
            jobs: what to compute; numbered as they come.
            compute: number of workers and where they are.
            ahead: jobs handed over per worker, where they wait with their worker; 1 tells exactly which job killed it.

        Raises:
            InputError: the cluster cannot be reached; nothing has been taken.
            KeyboardInterrupt: Ctrl-C, after jobs under way have been finished and yielded.
        """


def lost_to(error: BaseException) -> Lost:
    """What a call raised, as an outcome."""
    first = (str(error).strip().splitlines() or [""])[0]
    kind = type(error).__name__
    return Lost(f"{kind}: {first}" if first else kind, error if isinstance(error, Exception) else None)


def guarded[J](call: Callable[[J], Any], job: J) -> Any:
    """Call a function where an engine would wrap what it raises; errors come back as outcomes."""
    try:
        return call(job)
    except Exception as error:
        return lost_to(error)


def sent[J](call: Callable[[J], Any], job: J) -> Any:
    """As `guarded`, in another process: an error comes back with a note of where it arose, or as its text if it would
    not survive the way.
    """
    try:
        return call(job)
    except Exception as error:
        lost = lost_to(error)
        error.add_note(traceback.format_exc())
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:
            return replace(lost, error=RuntimeError(lost.reason))
        return lost


def leave_with(parent: int) -> None:
    """End this process, from a thread of its own, when its parent is gone."""
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)


class Queue[J]:
    """Numbered jobs, one of which may be looked at before it is taken.

    Args:
        jobs: number and job.
    """

    def __init__(self, jobs: Iterator[tuple[int, J]]) -> None:
        """Look at nothing yet."""
        self._jobs, self._next = jobs, deque[tuple[int, J]]()

    def more(self) -> bool:
        """Whether there is another job."""
        if not self._next:
            self._next.extend(islice(self._jobs, 1))
        return bool(self._next)

    def look(self) -> tuple[int, J]:
        """The next job, which stays."""
        return self._next[0]

    def take(self) -> tuple[int, J]:
        """The next job."""
        return self._next.popleft()
