"""Compute many replicates at once; each runs its burn-in once and forks every variant."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from experiments.fan_out.away import away, not_installed
from experiments.fan_out.engine import AHEAD, Engine, Lost
from experiments.interruption import Interrupted, WorkerDied
from experiments.progress import Progress
from experiments.settings import Compute, EngineName, RunSettings
from sim.errors import InputError

if TYPE_CHECKING:  # workers that compute something else start the sooner
    from sim.params.scenario import Scenario
    from sim.run import Result, Variant

# Engine: its module, the library that it stands on, the extra of ungridlock that brings that library.
ENGINES = {
    EngineName.HERE: ("experiments.fan_out.here", "loky", ""),
    EngineName.CORES: ("experiments.fan_out.cores", "loky", ""),
    EngineName.RAY: ("experiments.fan_out.ray_cluster", "ray", "ray"),
    EngineName.DASK: ("experiments.fan_out.dask_cluster", "distributed", "dask"),
    EngineName.SLURM: ("experiments.fan_out.slurm", "submitit", "slurm"),
}


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
    """Call a function with every job, where the settings say, and hand each finished one to `take`.

    Args:
        call: function of a job, at module level or a partial of one.
        jobs: what to compute.
        settings: engine, workers, quiet.
        take: called in the parent with job and result, in any order of jobs.
        what: word for the progress bar.
        runs: number of runs in each job.

    Raises:
        Interrupted: Ctrl-C; finished jobs have been taken.
        Exception: what a job raised, or `WorkerDied`.
    """
    compile_once()
    done = 0
    with Progress(sum(runs), what, settings.quiet) as progress, closing(_results(call, jobs, settings)) as results:
        try:
            for k, outcome in results:
                if isinstance(outcome, Lost):
                    raise outcome.error or WorkerDied(outcome.reason)
                take(jobs[k], outcome)
                done += 1
                progress.add(runs[k])
        except KeyboardInterrupt:
            raise Interrupted(done, len(jobs)) from None


def _results[J, R](
    call: Callable[[J], R], jobs: Sequence[J], settings: HowToCompute
) -> Generator[tuple[int, R | Lost], None, None]:
    """Outcomes as they come; what one local process would do alone is done in this one."""
    compute, workers = settings.compute, min(settings.compute.workers or os.cpu_count() or 1, len(jobs))
    if compute.engine is EngineName.CORES:
        engine = EngineName.CORES if workers > 1 else EngineName.HERE
        compute = compute.model_copy(update={"engine": engine, "workers": workers})
    yield from outcomes(call, jobs, compute)


def outcomes[J, R](
    call: Callable[[J], R], jobs: Iterable[J], compute: Compute, ahead: int = AHEAD
) -> Generator[tuple[int, R | Lost], None, None]:
    """What the engine of the settings yields; see `Engine`.

    Raises:
        InputError: the engine cannot be used, or its workers do not have this model.
    """
    extra = ENGINES[compute.engine][-1]
    found = engine_of(compute.engine)(away(call) if extra else call, jobs, compute, ahead)
    with closing(found):
        for k, outcome in found:
            if isinstance(outcome, Lost) and _not_installed(outcome):
                raise not_installed(outcome.reason)
            yield k, outcome


def _not_installed(outcome: Lost) -> bool:
    return "No module named 'experiments'" in outcome.reason or "No module named 'sim'" in outcome.reason


def engine_of(name: EngineName) -> Engine:
    """The engine of a name; its module, and the library it stands on, are imported only now.

    Raises:
        InputError: the extra that holds the library is not installed.
    """
    module, needs, extra = ENGINES[name]
    if find_spec(needs) is None:
        rule, advice = f"needs the extra {extra}", f"uv sync --extra {extra}, or pip install 'ungridlock[{extra}]'"
        raise InputError("compute.engine", rule, name.value, advice)
    engine: Engine = import_module(module).results
    return engine


def _run(scenario: Scenario, settings: RunSettings, task: Task) -> list[Result]:
    from experiments.unknowns import in_settings  # noqa: PLC0415
    from sim.run import run_variants  # noqa: PLC0415

    here = in_settings(scenario, settings, task.world)
    return run_variants(here, task.variants, settings.seed, task.replicate)


def tasks_of(variants: Sequence[Variant], worlds: Mapping[int, int]) -> list[Task]:
    """The same variants in every given replicate; `worlds` says in which world each lives."""
    return [Task(replicate, world, tuple(variants)) for replicate, world in worlds.items()]


def compile_once() -> None:
    """Compile the rules in this process if no compiled copy exists, and say so once; workers then load the copy."""
    from sim.compiled import rules_to_compile  # noqa: PLC0415

    waiting = rules_to_compile()
    if waiting:
        print(f"Compiling the rules of the model ({waiting} functions), once on this machine: most of a minute ...",
              file=sys.stderr, flush=True)  # fmt: skip
        from sim.warm_up import warm_up  # noqa: PLC0415

        warm_up()
