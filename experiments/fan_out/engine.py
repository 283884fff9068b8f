"""The seam between what is computed and where: an engine calls one function with many jobs.

An engine is a function `results(call, jobs, compute, ahead)` in a module of its own. It yields (number of the job,
outcome) in any order and never raises for a job: an outcome is what the call returned, or `Lost`. It takes jobs only as
workers become free, so that later jobs may depend on how long earlier ones took. An engine whose library is an extra
imports it inside its functions.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from experiments.settings import Compute

AHEAD = 2  # jobs handed over per worker: one under way, one waiting
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
            ahead: jobs handed over per worker; 1 tells exactly which job killed a worker.

        Raises:
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
