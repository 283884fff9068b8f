"""Computations that end before their time: what was finished is kept, and said."""

from __future__ import annotations


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
