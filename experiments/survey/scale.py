"""The instrument's scale, fixed before any result was looked at."""

from __future__ import annotations

GOOD_SCORE = 3.5  # of 1-5: "good or excellent", the cut from which an organisation is at level 4
GOOD_FROM = (GOOD_SCORE - 1) / 4  # the same as a signal between 0 and 1


def is_good(signal: float) -> bool:
    """Whether a signal, put on the scale 1-5 as 1 + 4 x signal, reaches the cut."""
    return 1 + 4 * signal >= GOOD_SCORE
