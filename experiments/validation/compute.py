"""Run every experiment: all patterns and replicates through one pool, mechanisms switched off as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from experiments.fan_out import spread
from experiments.interruption import Interrupted
from experiments.unknowns import repeated
from experiments.validation.pattern import WORLD, Pattern, Readings, Setting
from experiments.validation.patterns import BY_KEY
from experiments.validation.settings import ValidationSettings


@dataclass(frozen=True)
class Job:
    """One replicate of one experiment, with its mechanism or without."""

    key: str
    replicate: int
    without: bool


@dataclass(frozen=True)
class Measured:
    """All readings of one experiment, in the order of replicates."""

    pattern: Pattern
    readings: tuple[Readings, ...]
    without: tuple[Readings, ...]


def compute(settings: ValidationSettings, patterns: Sequence[Pattern]) -> tuple[list[Measured], Interrupted | None]:
    """Readings of the patterns, or those finished at Ctrl-C.

    Raises:
        Interrupted: Ctrl-C before any replicate was finished.
    """
    jobs = jobs_of(settings, patterns)
    done: dict[Job, Readings] = {}
    stopped: Interrupted | None = None
    try:
        spread(partial(perform, settings.seed, settings.quick), jobs, settings, done.__setitem__, "experiments",
               [1] * len(jobs))  # fmt: skip
    except Interrupted as interruption:
        if not done:
            raise
        stopped = Interrupted(interruption.finished, interruption.planned, "experiments")
    return [
        Measured(pattern, *(_part(settings, pattern, without, done) for without in (False, True)))
        for pattern in patterns
    ], stopped  # fmt: skip


def jobs_of(settings: ValidationSettings, patterns: Sequence[Pattern]) -> list[Job]:
    """Every replicate of every pattern, in turn, so that an interruption leaves something of each."""
    planned = [job for p in patterns for without in (False, True) for job in _own_jobs(settings, p, without)]
    return sorted(dict.fromkeys(planned), key=lambda job: job.replicate)


def _own_jobs(settings: ValidationSettings, pattern: Pattern, without: bool) -> list[Job]:
    """The replicates whose readings a pattern uses; those of one experiment are shared by all patterns that name it."""
    if without and (settings.quick or pattern.mechanism is None):
        return []
    key = pattern.key if without else next(key for key, other in BY_KEY.items() if other.once is pattern.once)
    times = pattern.replicates[0 if settings.quick or without else 1]
    if without and pattern.mechanism:
        times = pattern.mechanism.replicates or times
    return [Job(key, r, without) for r in range(times)]


def perform(seed: int, quick: bool, job: Job) -> Readings:
    """Readings of one replicate of one experiment, and its world."""
    pattern = BY_KEY[job.key]
    off = pattern.mechanism.off if job.without and pattern.mechanism else {}
    world = int(repeated(np.array(job.replicate)))
    return {WORLD: world, **pattern.once(Setting(seed, job.replicate, off, quick))}


def _part(
    settings: ValidationSettings, pattern: Pattern, without: bool, done: Mapping[Job, Readings]
) -> tuple[Readings, ...]:
    return tuple(done[job] for job in _own_jobs(settings, pattern, without) if job in done)
