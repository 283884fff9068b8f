"""Compute many replicates on this machine's cores; each replicate runs its burn-in once and forks every variant."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from loky import ProcessPoolExecutor, as_completed
from tqdm import tqdm

from experiments.interruption import Interrupted
from experiments.settings import Compute, RunSettings
from experiments.unknowns import in_settings, world_of
from sim.params.scenario import Scenario
from sim.run import Result, Variant


class HowToCompute(Protocol):
    """What `spread` needs to know of a command's settings."""

    @property
    def compute(self) -> Compute:
        """Workers."""

    @property
    def quiet(self) -> bool:
        """No progress bar."""


@dataclass(frozen=True)
class Task:
    """All variants of one replicate."""

    replicate: int
    world: int
    variants: tuple[Variant, ...]


def compute(
    scenario: Scenario,
    tasks: Sequence[Task],
    settings: RunSettings,
    take: Callable[[Task, list[Result]], None],
    what: str = "runs",
) -> None:
    """Run every task and hand each finished one to `take`.

    Args:
        scenario: organisation, market and responses common to all variants.
        tasks: what to run.
        settings: seed, unknowns, workers, quiet.
        take: called in the parent, in any order of tasks.
        what: word for the progress bar.

    Raises:
        Interrupted: Ctrl-C; finished tasks have been taken.
    """
    call = partial(_run, scenario, settings)
    spread(call, tasks, settings, take, what, [len(task.variants) for task in tasks])


def spread[J, R](  # noqa: PLR0917
    call: Callable[[J], R],
    jobs: Sequence[J],
    settings: HowToCompute,
    take: Callable[[J, R], None],
    what: str,
    runs: Sequence[int],
) -> None:
    """Call a function with every job, on this machine's cores, and hand each finished one to `take`.

    Args:
        call: function of a job, at module level or a partial of one.
        jobs: what to compute.
        settings: workers, quiet.
        take: called in the parent with job and result, in any order of jobs.
        what: word for the progress bar.
        runs: number of runs in each job.

    Raises:
        Interrupted: Ctrl-C; finished jobs have been taken.
    """
    compile_once()
    workers = min(settings.compute.workers or os.cpu_count() or 1, len(jobs))
    done = 0
    with tqdm(total=sum(runs), desc=what, unit="run", disable=True if settings.quiet else None, leave=False) as bar:
        try:
            for k, result in _pooled(call, jobs, workers) if workers > 1 else enumerate(map(call, jobs)):
                take(jobs[k], result)
                done += 1
                bar.update(runs[k])
        except KeyboardInterrupt:
            raise Interrupted(done, len(jobs)) from None


def _pooled[J, R](call: Callable[[J], R], jobs: Sequence[J], workers: int) -> Iterator[tuple[int, R]]:
    """Results as they come. Ctrl-C reaches this process only; jobs under way are finished and handed over first."""
    with _without_interrupts():  # workers inherit this while they start
        executor = ProcessPoolExecutor(max_workers=workers, initializer=_ignore_interrupts)
        futures = {executor.submit(call, job): k for k, job in enumerate(jobs)}
    given = set()
    try:
        for future in as_completed(futures):
            given.add(future)
            yield futures[future], future.result()
    except KeyboardInterrupt:
        print("Stopping: replicates under way are finished first.", file=sys.stderr, flush=True)
        for future in as_completed([f for f in futures if f not in given and not f.cancel()]):
            yield futures[future], future.result()
        raise
    finally:
        for future in futures:
            future.cancel()
        executor.shutdown(wait=True)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C is not heard inside (only the main thread can choose that; elsewhere nothing changes)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _run(scenario: Scenario, settings: RunSettings, task: Task) -> list[Result]:
    from sim.run import run_variants  # noqa: PLC0415

    here = in_settings(scenario, settings, task.world)
    return run_variants(here, task.variants, settings.seed, task.replicate)


def tasks_of(variants: Sequence[Variant], replicates: Iterable[int], settings: RunSettings) -> list[Task]:
    """The same variants in every given replicate."""
    return [Task(r, world_of(r, settings.unknowns), tuple(variants)) for r in replicates]


def compile_once() -> None:
    """Compile the rules in this process if no compiled copy exists, and say so once; workers then load the copy."""
    from sim.compiled import rules_to_compile  # noqa: PLC0415

    waiting = rules_to_compile()
    if waiting:
        print(f"Compiling the rules of the model ({waiting} functions), once on this machine: about ten seconds ...",
              file=sys.stderr, flush=True)  # fmt: skip
        from sim.warm_up import warm_up  # noqa: PLC0415

        warm_up()
