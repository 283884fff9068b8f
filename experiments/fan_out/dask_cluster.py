"""Engine: futures of a Dask cluster, an existing one or one of this machine."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import resource_tracker
from pkgutil import resolve_name
from typing import Any

from experiments.fan_out.away import not_installed
from experiments.fan_out.engine import AHEAD, DIED, RETRIES, Lost, Queue, lost_to, sent
from experiments.fan_out.in_flight import LOOK, TAKEN_BACK, Gone, in_flight
from experiments.interruption import without_interrupts
from experiments.settings import Compute
from sim.errors import InputError

KNOCK = 10.0  # seconds until an address counts as dead
HERE = {  # settings of a cluster of this machine
    "distributed.scheduler.allowed-failures": RETRIES,
    "distributed.deploy.lost-worker-timeout": "1 day",  # otherwise a worker that dies twice in 15 s is never replaced
}
PROBE = "experiments.fan_out.engine:AHEAD"  # something that a worker finds if it has this package
GONE = "the Dask scheduler is gone"


def results[J, R](
    call: Callable[[J], R], jobs: Iterable[J], compute: Compute, ahead: int = AHEAD
) -> Generator[tuple[int, R | Lost], None, None]:
    """See `Engine`. What was lost with a worker goes to another, as often as the scheduler allows.

    No job waits at a worker: Dask would count a death against it as much as against the job that was under way.
    """
    del ahead
    queue = Queue(enumerate(jobs))
    if queue.more():
        with _connected(compute) as client:
            yield from in_flight(_Futures(client, call, compute.workers), queue)


class _Futures[J]:
    """Futures of a client."""

    def __init__(self, client: Any, call: Callable[[J], Any], workers: int) -> None:
        self._client, self._call, self._workers = client, call, workers
        self._withdrawn = False
        self._asked = set[str]()

    def room(self) -> int:
        """As many as there are threads of workers.

        Raises:
            InputError: a worker does not have this package; a job would make it leave without a word.
        """
        try:
            threads: dict[str, int] = self._client.nthreads()
            new = list(threads.keys() - self._asked)
            answers = self._client.run(resolve_name, PROBE, workers=new, on_error="return") if new else {}
        except (OSError, CancelledError):
            raise Gone(GONE) from None
        self._asked.update(new)
        for answer in answers.values():
            if isinstance(answer, ImportError):
                raise not_installed(lost_to(answer).reason)
        return self._workers or sum(threads.values())

    def give(self, job: J) -> Any:
        """Submit a call."""
        return self._client.submit(sent, self._call, job, pure=False)

    def finished(self, given: Collection[Any]) -> Collection[Any]:
        """Futures with a result, an error, or without a scheduler."""
        from distributed import wait  # noqa: PLC0415

        with suppress(TimeoutError, CancelledError):
            wait(list(given), timeout=LOOK, return_when="FIRST_COMPLETED")
        return [future for future in given if future.done()]

    def outcome(self, ticket: Any) -> Any:
        """Result of a future."""
        from distributed import KilledWorker  # noqa: PLC0415

        if ticket.cancelled():
            return TAKEN_BACK if self._withdrawn else Lost(GONE)
        try:
            return ticket.result()
        except KilledWorker:
            return Lost(DIED)
        except (OSError, CancelledError):
            return Lost(GONE)
        except Exception as error:
            return lost_to(error)

    def withdraw(self, given: Collection[Any]) -> None:
        """Cancel what no worker computes at this moment."""
        self._withdrawn = True
        try:
            begun = {key for stacks in self._client.call_stack().values() for key in stacks}
            self._client.cancel([future for future in given if future.key not in begun])
        except (OSError, CancelledError):
            raise Gone(GONE) from None

    def drop(self, given: Collection[Any]) -> None:
        """Cancel all; what is under way ends unheard."""
        if given and self._client.status == "running":
            self._client.cancel(list(given), force=True)


@contextmanager
def _connected(compute: Compute) -> Iterator[Any]:
    """A client of the scheduler of the settings or of the environment, or of processes of this machine."""
    import dask  # noqa: PLC0415
    from distributed import Client  # noqa: PLC0415

    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    address = compute.address or os.environ.get("DASK_SCHEDULER_ADDRESS", "")
    if address:
        with _client(address) as client:
            yield client
        return
    with dask.config.set(HERE), _processes(compute.workers) as cluster, Client(cluster) as client:
        yield client


@contextmanager
def _processes(workers: int) -> Iterator[Any]:
    """A cluster of this machine."""
    from distributed import LocalCluster  # noqa: PLC0415

    resource_tracker.ensure_running()  # its start would let the workers hear Ctrl-C
    with ExitStack() as stack:
        with without_interrupts():
            cluster = LocalCluster(n_workers=workers or os.cpu_count() or 1, threads_per_worker=1, processes=True,
                                   host="127.0.0.1", dashboard_address=":0", memory_limit=0,
                                   silence_logs=logging.CRITICAL)  # fmt: skip
            stack.enter_context(cluster)
        yield cluster


def _client(address: str) -> Any:
    """Connect.

    Raises:
        InputError: no scheduler answers.
    """
    from distributed import Client  # noqa: PLC0415

    try:
        return Client(address, timeout=KNOCK)
    except (OSError, ValueError) as error:
        rule = f"must be a Dask scheduler that answers within {KNOCK:.0f} seconds ({lost_to(error).reason})"
        advice = "give the address that dask scheduler printed, or leave it out for a cluster of this machine"
        raise InputError("compute.address", rule, address, advice) from None
