"""Compute many replicates on this machine's cores; each replicate runs its burn-in once and forks every variant."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from joblib import Parallel, delayed
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


def _results(scenario: Scenario, tasks: Sequence[Task], settings: RunSettings, workers: int) -> Iterable[Finished]:
    if workers <= 1:
        return (_run(scenario, task, settings) for task in tasks)
    pool = Parallel(n_jobs=workers, return_as="generator_unordered", pre_dispatch=2 * workers)
    jobs = (delayed(_run)(scenario, task, settings) for task in tasks)
    return pool(jobs)


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
