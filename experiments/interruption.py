"""Ctrl-C: what was finished is kept, and said."""

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
