"""Engine: tasks of a Ray cluster, an existing one or one of this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from experiments.fan_out.engine import AHEAD, DIED, RETRIES, Lost, Queue, lost_to, sent
from experiments.fan_out.in_flight import LOOK, TAKEN_BACK, in_flight
from experiments.interruption import without_interrupts
from experiments.settings import Compute
from sim.errors import InputError

LOCAL = "local"
KNOCK, ASK = 5.0, 20.0  # seconds until an address counts as dead: to connect, to be told the state of the cluster
ENVIRONMENT = {  # read by Ray when it is imported; what the user has set stands
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".*",  # otherwise every dead worker is told on standard output
    "RAY_task_oom_retries": str(RETRIES),  # otherwise a job that needs too much memory is tried for ever
    "RAY_worker_niceness": "0",  # of workers of this machine; Ray would let everything else go first
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_IGNORE_UNHANDLED_ERRORS": "1",  # of jobs that were dropped because of the error of another
}


def results[J, R](
    call: Callable[[J], R], jobs: Iterable[J], compute: Compute, ahead: int = AHEAD
) -> Generator[tuple[int, R | Lost], None, None]:
    """See `Engine`. What was lost with a worker or a node is tried again by Ray, on another node if need be."""
    queue = Queue(enumerate(jobs))
    if queue.more():
        with connected(compute):
            yield from in_flight(_Tasks(call, compute.workers, ahead), queue)


class _Tasks[J]:
    """Tasks of the cluster that this process is connected to; a ticket is a reference to a result."""

    def __init__(self, call: Callable[[J], Any], workers: int, ahead: int) -> None:
        import ray  # noqa: PLC0415

        self._ray, self._workers, self._ahead = ray, workers, ahead
        self._task = ray.remote(num_cpus=1, max_retries=RETRIES)(task)
        self._call = ray.put(call)

    def room(self) -> int:
        """As many as there are processors, times those that wait."""
        return self._ahead * (self._workers or int(self._ray.cluster_resources().get("CPU", 0)))

    def give(self, job: J) -> Any:
        """Submit a task."""
        return self._task.remote(self._call, job)

    def finished(self, given: Collection[Any]) -> Collection[Any]:
        """Tasks with a result or an error."""
        ready, _ = self._ray.wait(list(given), num_returns=1, timeout=LOOK)
        return list(ready)

    def outcome(self, ticket: Any) -> Any:
        """Result of a task."""
        errors = self._ray.exceptions
        try:
            return self._ray.get(ticket)
        except errors.TaskCancelledError:
            return TAKEN_BACK
        except errors.RayTaskError as error:  # not of the job, whose errors are results, but of its way
            return lost_to(error.cause)
        except errors.OutOfMemoryError:
            return Lost("its worker ran out of memory")
        except (errors.WorkerCrashedError, errors.NodeDiedError, errors.ObjectLostError):
            return Lost(DIED)
        except errors.RayError as error:
            return Lost(lost_to(error).reason)

    def withdraw(self, given: Collection[Any]) -> None:
        """Cancel all; those under way do not hear it (see `task`)."""
        for ticket in given:
            self._ray.cancel(ticket, force=False)

    def drop(self, given: Collection[Any]) -> None:
        """Kill what is left."""
        for ticket in given:
            self._ray.cancel(ticket, force=True)


def task[J](call: Callable[[J], Any], job: J) -> Any:
    """What a worker does. Ctrl-C is the driver's affair: Ray would raise it here when a task is cancelled."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return sent(call, job)


@contextmanager
def connected(compute: Compute) -> Iterator[None]:
    """Connected to the cluster of the settings or of the environment, or to one of this machine that ends with this."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    import ray  # noqa: PLC0415

    address = compute.address or os.environ.get("RAY_ADDRESS") or LOCAL
    if address != LOCAL and (compute.address or not ray.is_initialized()):
        _require_reachable(address)
    if ray.is_initialized():  # by who called this process's Python; theirs to end
        yield
        return
    here: dict[str, Any] = {"num_cpus": compute.workers or None, "include_dashboard": False} if address == LOCAL else {}
    try:
        try:
            with without_interrupts():
                ray.init(address=address, log_to_driver=False, logging_level="error", **here)
        except (RuntimeError, ValueError, OSError) as error:
            raise _refused(address, lost_to(error).reason) from None
        yield
    finally:
        ray.shutdown()


def _require_reachable(address: str) -> None:
    """Ray itself waits for two minutes at an address where nothing is, so it is asked in a process of its own first.

    Raises:
        InputError: no cluster answers, or it wants a token that this process does not give.
    """
    host, _, port = address.rpartition(":")
    try:
        if host and port.isdigit():
            socket.create_connection((host, int(port)), timeout=KNOCK).close()
        ask = [sys.executable, "-m", "ray.scripts.scripts", "status", "--address", address]
        answer = subprocess.run(ask, capture_output=True, text=True, timeout=ASK, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _refused(address, "no Ray cluster answers" if isinstance(error, subprocess.TimeoutExpired)
                       else lost_to(error).reason) from None  # fmt: skip
    if "authentication_token_loader" in answer.stderr:  # where Ray itself gives up with a trace of its C++
        raise _refused(address, "no token is here")
    if "AuthenticationError" in answer.stderr:
        raise _refused(address, "the cluster wants its token")
    if answer.returncode:
        raise _refused(address, (answer.stderr.strip().splitlines() or ["no Ray cluster answers"])[-1])


def _refused(address: str, reason: str) -> InputError:
    advice = ("export RAY_AUTH_MODE=token and give this machine the token of the cluster's head (docs/clusters.md)"
              if "token" in reason else "give the address that ray start --head printed, or leave it out for a cluster "
              "of this machine")  # fmt: skip
    return InputError("compute.address", f"must be a Ray cluster that can be reached ({reason})", address, advice)
