"""Computations that end before their time: what was finished is kept, and said."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STOPPING = "Stopping: what is under way is finished first; Ctrl-C once more leaves at once."


class Interrupted(Exception):
    """The user stopped the computation; what was finished has been handed over.

    Args:
        finished: finished replicates.
        planned: replicates asked for.
        what: what is counted, if not replicates.
    """

    def __init__(self, finished: int, planned: int, what: str = "replicates") -> None:
        """Compose the single line that is shown."""
        self.finished, self.planned = finished, planned
        kept = "they are saved and reported" if finished else "nothing was saved"
        super().__init__(f"ungridlock: interrupted, kept {finished} of {planned} {what}; {kept}")


class WorkerDied(Exception):
    """A worker process ended without a result, in a command that cannot go on without it.

    Args:
        reason: what is known.
    """

    def __init__(self, reason: str) -> None:
        """Compose the single line that is shown."""
        self.reason = reason
        super().__init__(f"ungridlock: did not finish, {reason}; memory may be short, try compute.workers=1")


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Ctrl-C is heard only at the end of this, and never by processes that are started inside.

    Only the main thread can choose that; elsewhere nothing changes.

    Raises:
        KeyboardInterrupt: Ctrl-C came meanwhile, and everything inside was done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []  # by another thread; what is sent to this one waits
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited by processes and threads
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before)
    if heard:
        signal.raise_signal(signal.SIGINT)
