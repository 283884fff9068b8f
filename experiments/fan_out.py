"""Compute many replicates on this machine's cores; each replicate runs its burn-in once and forks every variant."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from loky import ProcessPoolExecutor, as_completed
from tqdm import tqdm

from experiments.interruption import Interrupted
from experiments.settings import RunSettings
from experiments.unknowns import in_world, world_of
from sim.params.scenario import Scenario
from sim.run import Result, Variant

Finished = tuple["Task", list[Result]]


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
    compile_once()
    workers = settings.compute.workers or os.cpu_count() or 1
    done = 0
    total = sum(len(t.variants) for t in tasks)
    with tqdm(total=total, desc=what, unit="run", disable=True if settings.quiet else None, leave=False) as bar:
        try:
            for task, results in _results(scenario, tasks, settings, min(workers, len(tasks))):
                take(task, results)
                done += 1
                bar.update(len(results))
        except KeyboardInterrupt:
            raise Interrupted(done, len(tasks)) from None


def _results(scenario: Scenario, tasks: Sequence[Task], settings: RunSettings, workers: int) -> Iterator[Finished]:
    if workers <= 1:
        yield from (_run(scenario, task, settings) for task in tasks)
    else:
        yield from _pooled(scenario, tasks, settings, workers)


def _pooled(scenario: Scenario, tasks: Sequence[Task], settings: RunSettings, workers: int) -> Iterator[Finished]:
    """Results as they come. Ctrl-C reaches this process only; tasks under way are finished and handed over first."""
    with _without_interrupts():  # workers inherit this while they start
        executor = ProcessPoolExecutor(max_workers=workers, initializer=_ignore_interrupts)
        futures = [executor.submit(_run, scenario, task, settings) for task in tasks]
    given = set()
    try:
        for future in as_completed(futures):
            given.add(future)
            yield future.result()
    except KeyboardInterrupt:
        print("Stopping: replicates under way are finished first.", file=sys.stderr, flush=True)
        for future in as_completed([f for f in futures if f not in given and not f.cancel()]):
            yield future.result()
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


def _run(scenario: Scenario, task: Task, settings: RunSettings) -> Finished:
    from experiments.settings import Unknowns  # noqa: PLC0415
    from sim.run import run_variants  # noqa: PLC0415

    drawn = settings.unknowns is Unknowns.PRIOR
    here = in_world(scenario, settings.seed, task.world) if drawn else scenario
    return task, run_variants(here, task.variants, settings.seed, task.replicate)


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
