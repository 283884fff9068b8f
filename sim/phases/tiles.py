"""How the phases go through customers: chunks, which threads take, and tiles, which loops take several rows of."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.compiled import woven_in
from sim.state import CHUNK
from sim.world import World

U32 = NDArray[np.uint32]  # rows and places: never negative, which spares compiled code a question
U64 = NDArray[np.uint64]
TILE = 1024  # rows at a time: what a loop keeps of them stays in the fastest caches


@cache
def pool_of(threads: int) -> ThreadPoolExecutor:
    """Threads that help the calling one, kept as long as the process: four phases a month need them."""
    return ThreadPoolExecutor(threads, thread_name_prefix="customers")


def in_chunks(world: World, rows: Callable[[int, int, int], None]) -> None:
    """Call rows(chunk, first row, last row + 1) for every chunk of customers; chunks never depend on threads."""
    n = len(world.state.customers.alive)
    if n <= CHUNK:  # nothing to share out
        rows(0, 0, n)
        return
    jobs = [(k, lo, min(n, lo + CHUNK)) for k, lo in enumerate(range(0, n, CHUNK))]
    waiting = iter(jobs)

    def work() -> None:
        for job in waiting:  # one after the other takes the next, under the interpreter's lock
            rows(*job)

    helpers = min(world.threads, len(jobs)) - 1
    if helpers > 0:
        others = [pool_of(helpers).submit(work) for _ in range(helpers)]
        try:
            work()
        finally:
            wait(others)
        for other in others:
            other.result()
    else:
        work()


@woven_in
def end_of_tile(home, segment, start, hi):  # type: ignore[no-untyped-def]
    """First row after a tile: rows from `start` that share home unit and segment, at most `TILE` and below `hi`."""
    stop = min(start + TILE, hi)
    same = 0
    for row in range(start, stop):
        same += (home[row] == home[start]) & (segment[row] == segment[start])
    if same == stop - start:
        return stop
    row = start + 1
    while row < stop and home[row] == home[start] and segment[row] == segment[start]:
        row += 1
    return row


@woven_in
def find(wanted, start, rows):  # type: ignore[no-untyped-def]
    """Write the rows of a tile for which `wanted` is 1 into `rows`; how many there are."""
    found = 0
    for j in range(wanted.shape[0]):
        rows[found] = start + j
        found += int(wanted[j])
    return found
