"""Engine: processes on this machine's cores (loky)."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

from loky import ProcessPoolExecutor, get_reusable_executor
from loky.process_executor import BrokenProcessPool

from experiments.fan_out.engine import AHEAD, DIED, Lost, Queue, leave_with, lost_to, sent
from experiments.interruption import STOPPING, without_interrupts
from experiments.settings import Compute

DEATHS_IN_A_ROW = 10  # pools that break before anything is finished
IDLE = 60.0  # seconds after which a worker that nobody asks for anything leaves


def results[J, R](
    call: Callable[[J], R], jobs: Iterable[J], compute: Compute, ahead: int = AHEAD
) -> Generator[tuple[int, R | Lost], None, None]:
    """See `Engine`. A worker that dies takes the whole pool with it: jobs under way are lost, a new pool goes on.

    After `DEATHS_IN_A_ROW` pools that broke without finishing anything the rest is given up as lost.
    """
    workers = compute.workers or os.cpu_count() or 1
    queue, deaths = Queue(enumerate(jobs)), 0
    while queue.more() and deaths < DEATHS_IN_A_ROW:
        deaths += 1
        with _pool(workers) as pool:
            for k, outcome in _until_broken(pool, call, queue, workers * ahead):
                deaths = deaths if isinstance(outcome, Lost) and outcome.error is None else 0
                yield k, outcome
    while queue.more():
        yield queue.take()[0], Lost(f"{DIED}, as all before it")


def _until_broken[J](
    pool: ProcessPoolExecutor, call: Callable[[J], Any], queue: Queue[J], most: int
) -> Iterator[tuple[int, Any]]:
    """Take jobs and yield their outcomes, until all are done or the pool is broken."""
    given: dict[Future[Any], int] = {}
    broken = False
    try:
        while True:
            while not broken and len(given) < most and queue.more():
                broken = not _hand_over(pool, call, queue, given)
            if not given:
                return
            for future in wait(given, return_when=FIRST_COMPLETED).done:
                outcome = _outcome(future)
                broken = broken or (isinstance(outcome, Lost) and outcome.error is None)
                yield given.pop(future), outcome
    except KeyboardInterrupt:
        print(STOPPING, file=sys.stderr, flush=True)
        for future in wait([f for f in given if not f.cancel()]).done:
            yield given[future], _outcome(future)
        raise
    finally:
        for future in given:
            future.cancel()


def _hand_over[J](
    pool: ProcessPoolExecutor, call: Callable[[J], Any], queue: Queue[J], given: dict[Future[Any], int]
) -> bool:
    """Hand the next job to the pool; False if the pool is broken."""
    k, job = queue.look()
    try:
        with without_interrupts():  # workers inherit this while they start
            given[pool.submit(sent, call, job)] = k
    except RuntimeError:  # a broken pool is one
        return False
    queue.take()
    return True


def _outcome(future: Future[Any]) -> Any:
    try:
        return future.result()
    except BrokenProcessPool:
        return Lost(DIED)
    except Exception as error:
        return lost_to(error)


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """The pool of the last call if it still works: a search calls many times, and a worker takes seconds to start."""
    resource_tracker.ensure_running()  # its start would let the workers hear Ctrl-C
    yield get_reusable_executor(max_workers=workers, timeout=IDLE, initializer=_prepare, initargs=(os.getpid(),))


def _prepare(parent: int) -> None:
    """In a new worker: Ctrl-C is the parent's affair, and nobody works for a parent that is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=leave_with, args=(parent,), daemon=True).start()
