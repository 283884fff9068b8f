"""Which lives go to a worker together."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from experiments.evaluation.wanted import Life, Wanted

Keys = tuple[str, ...]  # runs of one life
MOST_LIVES = 512


class Given:
    """Chunks that were put together before.

    Args:
        wanted: the study.
        keys: runs of every life of every chunk.
    """

    def __init__(self, wanted: Wanted, keys: list[list[Keys]]) -> None:
        """Nothing is made yet."""
        self._wanted, self.keys = wanted, keys

    def __iter__(self) -> Iterator[list[Life]]:
        """Make one chunk after another."""
        for chunk in self.keys:
            yield [self._wanted.life(keys) for keys in chunk]

    def back(self, number: int, seconds: float) -> None:
        """Learn nothing."""


class Paced:
    """Chunks that take about the seconds asked for. The first hold one life each, until it is known how long one takes.

    Args:
        wanted: the study.
        lives: runs of every life that is to be computed.
        seconds: work aimed at per chunk. The last chunks are made smaller, so that all workers finish together.
    """

    def __init__(self, wanted: Wanted, lives: Sequence[Keys], seconds: float) -> None:
        """Nothing is made yet."""
        self._wanted, self._waiting, self._seconds = wanted, deque(lives), seconds
        self._per_life, self._back = 0.0, 0
        self.keys: list[list[Keys]] = []  # of every chunk made so far

    def __iter__(self) -> Iterator[list[Life]]:
        """Make one chunk after another."""
        while self._waiting:
            chunk = [self._waiting.popleft() for _ in range(self._size())]
            self.keys.append(chunk)
            yield [self._wanted.life(keys) for keys in chunk]

    def back(self, number: int, seconds: float) -> None:
        """Learn that a chunk took so long; 0 if it was lost."""
        self._back += 1
        self._per_life = seconds / len(self.keys[number]) if seconds > 0 else self._per_life

    def _size(self) -> int:
        if self._per_life <= 0:
            return 1
        at_once = len(self.keys) - self._back + 1  # chunks that are somewhere: tells how many workers there are now
        fair = max(1, len(self._waiting) // max(2, at_once))
        return max(1, min(round(self._seconds / self._per_life), fair, MOST_LIVES, len(self._waiting)))
