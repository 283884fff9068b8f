"""Engine: this very process, easy to debug and to profile."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

from experiments.fan_out.engine import AHEAD, Lost, guarded
from experiments.settings import Compute


def results[J, R](
    call: Callable[[J], R], jobs: Iterable[J], compute: Compute, ahead: int = AHEAD
) -> Generator[tuple[int, R | Lost], None, None]:
    """See `Engine`; a job that kills its worker kills everything."""
    del compute, ahead
    for k, job in enumerate(jobs):
        yield k, guarded(call, job)
