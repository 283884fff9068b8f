"""Engine: jobs of a Slurm cluster (submitit), or processes of this machine in their place."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterable
from typing import Any

from experiments.fan_out.engine import AHEAD, DIED, Lost, Queue, leave_with, lost_to, sent
from experiments.fan_out.in_flight import LOOK, TAKEN_BACK, in_flight
from experiments.settings import Compute, Slurm
from sim.errors import InputError

JOBS = 16  # in Slurm's queue at once where compute.workers does not say
GLANCE, ASK = 0.5, 30.0  # seconds between two looks into the folder of results, and between two questions to Slurm
LATE = 15.0  # seconds that a result may take from a node to this machine
WARNED = 5  # seconds before the time limit at which a job is told to leave
THREADS = "export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1"
ENDS = {  # what Slurm or submitit write about a job that they ended -> reason
    "timed-out": "its Slurm job came to its time limit (compute.slurm.minutes)",
    "TIME LIMIT": "its Slurm job came to its time limit (compute.slurm.minutes)",
    "oom": "its Slurm job ran out of memory (compute.slurm.memory_gb)",
}


def results[J, R](
    call: Callable[[J], R], jobs: Iterable[J], compute: Compute, ahead: int = AHEAD
) -> Generator[tuple[int, R | Lost], None, None]:
    """See `Engine`. Every job is one of Slurm's, so as many as there are workers are in its queue or under way.

    Slurm itself begins again what it took a node from; a job that it ends for another reason is lost.
    """
    del ahead
    queue = Queue(enumerate(jobs))
    if queue.more():
        yield from in_flight(_Jobs(call, compute), queue)


class _Jobs[J]:
    """Jobs in Slurm's queue."""

    def __init__(self, call: Callable[[J], Any], compute: Compute) -> None:
        self._call, self._settings = call, compute.slurm
        self._workers = compute.workers or (os.cpu_count() or 1 if self._settings.local else JOBS)
        self._executor = _executor(self._settings)
        self._asked, self._missed = time.monotonic(), dict[Any, float]()
        self._cancelled = set[Any]()

    def room(self) -> int:
        """As many as were asked for."""
        return self._workers

    def give(self, job: J) -> Any:
        """Put a job into the queue."""
        from submitit.core.utils import FailedJobError  # noqa: PLC0415

        try:
            return self._executor.submit(job_of_slurm, self._call, job)
        except (FailedJobError, OSError) as error:
            reason = (str(error).strip().splitlines() or [""])[-1]
            raise InputError("compute.slurm", f"must be accepted by sbatch ({reason})", self._settings.partition,
                             "see compute.slurm.partition, minutes, memory_gb; other options of sbatch are read from "
                             "the environment, such as SBATCH_ACCOUNT") from None  # fmt: skip

    def finished(self, given: Collection[Any]) -> Collection[Any]:
        """Jobs with a result, and jobs that are over without one."""
        for _ in range(round(LOOK / GLANCE)):
            found = [job for job in given if self._over(job)]
            if found:
                return found
            self._ask(given)
            time.sleep(GLANCE)
        return []

    def _over(self, job: Any) -> bool:
        gone = time.monotonic() - self._missed.get(job, float("inf"))
        return job.paths.result_pickle.exists() or gone > (0 if self._settings.local else LATE)

    def _ask(self, given: Collection[Any]) -> None:
        """Note since when jobs are no longer in the queue."""
        now = time.monotonic()
        states: dict[str, str] | None
        if self._settings.local:
            states = {job.job_id: job.state for job in given if job.state == "RUNNING"}
        elif now - self._asked < ASK:
            return
        else:
            states, self._asked = _queue(), now
        if states is not None:
            self._missed |= {job: now for job in given if job.job_id not in states and job not in self._missed}

    def outcome(self, ticket: Any) -> Any:
        """Result of a job; the files of a job that has one are cleared away."""
        from submitit.core.utils import FailedJobError  # noqa: PLC0415

        if not ticket.paths.result_pickle.exists():
            return TAKEN_BACK if ticket in self._cancelled else Lost(_why(ticket))
        try:
            found = ticket.result()
        except FailedJobError as error:  # not of the call, whose errors are results, but of its way
            return Lost(_last_line(str(error)))
        except Exception as error:
            return lost_to(error)
        shutil.rmtree(ticket.paths.folder, ignore_errors=True)
        return found

    def withdraw(self, given: Collection[Any]) -> None:
        """Cancel what waits in the queue."""
        states = {} if self._settings.local else _queue() or {}
        for job in given:
            if states.get(job.job_id) == "PENDING":
                self._cancelled.add(job)
                self._missed[job] = float("-inf")
                job.cancel(check=False)

    def drop(self, given: Collection[Any]) -> None:
        """Cancel what waits and what is under way."""
        for job in given:
            if not self._settings.local:
                job.cancel(check=False)
            elif job.state == "RUNNING":
                os.kill(int(job.job_id), signal.SIGKILL)  # what it started leaves with it


def job_of_slurm[J](call: Callable[[J], Any], job: J) -> Any:
    """What a job of Slurm does.

    At the time limit submitit would raise an error, wherever the model happens to be; no run may pass for its cause.
    """
    told = signal.getsignal(signal.SIGUSR2)

    def leave(number: int, frame: Any) -> None:
        try:
            if callable(told):
                told(number, frame)  # asks Slurm to begin again, if it was not the time limit
        finally:
            os._exit(1)

    signal.signal(signal.SIGUSR2, leave)
    threading.Thread(target=leave_with, args=(os.getppid(),), daemon=True).start()
    return sent(call, job)


def _executor(settings: Slurm) -> Any:
    """What jobs are submitted to.

    Raises:
        InputError: Slurm's commands are not here, or the folder cannot be written.
    """
    import submitit  # noqa: PLC0415

    cluster = "local" if settings.local else "slurm"
    try:
        executor = submitit.AutoExecutor(folder=settings.folder.resolve() / "%j", cluster=cluster)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError("compute.slurm.folder", f"must be a folder that can be written ({reason})",
                         str(settings.folder), "choose one that all nodes see") from None  # fmt: skip
    except RuntimeError:
        raise InputError("compute.engine", "needs a machine from which jobs can be sent to Slurm (srun is not here)",
                         "slurm", "use a login node of the cluster; compute=slurm_local tries the same on this "
                         "machine alone") from None  # fmt: skip
    executor.update_parameters(
        name="ungridlock", timeout_min=settings.minutes, mem_gb=settings.memory_gb, cpus_per_task=1,
        slurm_signal_delay_s=WARNED, slurm_setup=[THREADS],
    )  # fmt: skip
    if settings.partition:
        executor.update_parameters(slurm_partition=settings.partition)
    return executor


def _queue() -> dict[str, str] | None:
    """State of every job of this user that waits or is under way; None if Slurm does not answer now."""
    ask = ["squeue", "--me", "--noheader", "--format=%i %T"]
    answer = subprocess.run(ask, capture_output=True, text=True, check=False)
    if answer.returncode:
        return None
    return dict(line.split(maxsplit=1) for line in answer.stdout.splitlines() if line.strip())


def _why(job: Any) -> str:
    """Reason for which a job is over without a result, as far as its logs tell."""
    logs = (job.stderr() or "") + (job.stdout() or "")
    return next((reason for word, reason in ENDS.items() if word in logs), DIED)


def _last_line(text: str) -> str:
    """The error at the end of a traceback in submitit's words."""
    lines = [line.strip() for line in text.splitlines()]
    rules = [number for number, line in enumerate(lines) if line.startswith("-----")]
    return lines[rules[-1] - 1] if rules else lines[0]
