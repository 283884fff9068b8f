"""What engines of clusters have in common: some jobs are in flight, the next is handed over when one comes back."""

from __future__ import annotations

import sys
from collections.abc import Collection, Generator
from contextlib import suppress
from typing import Any, Protocol

from experiments.fan_out.engine import Lost, Queue
from experiments.interruption import STOPPING, without_interrupts

LOOK = 5.0  # seconds after which a place is asked for its room again, although nothing has come back
TAKEN_BACK = Lost("was taken back before it began")
EMPTY = "No worker is there yet; waiting for one."


class Gone(Exception):
    """The cluster no longer answers.

    Args:
        reason: one line.
    """


class Place[J, T](Protocol):
    """A cluster, which gives a ticket for every job."""

    def room(self) -> int:
        """How many jobs may be in flight now; changes as workers come and go."""

    def give(self, job: J) -> T:
        """Hand a job over."""

    def finished(self, given: Collection[T]) -> Collection[T]:
        """Wait until something is finished, for `LOOK` seconds at most."""

    def outcome(self, ticket: T) -> Any:
        """What came of a finished job: its result, or `Lost`."""

    def withdraw(self, given: Collection[T]) -> None:
        """Take back what has not begun: it is finished soon, with `TAKEN_BACK`."""

    def drop(self, given: Collection[T]) -> None:
        """Forget jobs, begun or not, at once."""


def in_flight[J, T](place: Place[J, T], queue: Queue[J]) -> Generator[tuple[int, Any], None, None]:
    """Outcomes of all jobs, as an engine yields them.

    Args:
        place: where they go.
        queue: where they come from.
    """
    given: dict[T, int] = {}
    try:
        yield from _until_done(place, queue, given)
    except KeyboardInterrupt:
        print(STOPPING, file=sys.stderr, flush=True)
        with suppress(Gone):
            place.withdraw(list(given))
            while given:
                yield from _returned(place, given)
        raise
    except Gone as gone:
        for k in given.values():
            yield k, Lost(str(gone))
        given.clear()
        while queue.more():
            yield queue.take()[0], Lost(str(gone))
    finally:
        place.drop(list(given))


def _until_done[J, T](
    place: Place[J, T], queue: Queue[J], given: dict[T, int]
) -> Generator[tuple[int, Any], None, None]:
    waited = False
    while given or queue.more():
        room = place.room()
        if room < 1 and not waited:
            print(EMPTY, file=sys.stderr, flush=True)
            waited = True
        while len(given) < max(1, room) and queue.more():
            k, job = queue.take()
            with without_interrupts():  # no ticket may get lost
                given[place.give(job)] = k
        yield from _returned(place, given)


def _returned[J, T](place: Place[J, T], given: dict[T, int]) -> Generator[tuple[int, Any], None, None]:
    """Outcomes of what is finished next."""
    for ticket in place.finished(list(given)):
        k, outcome = given.pop(ticket), place.outcome(ticket)
        if outcome is not TAKEN_BACK:
            yield k, outcome
