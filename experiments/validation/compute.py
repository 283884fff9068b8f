"""Run every experiment: all patterns and replicates through one pool, mechanisms switched off as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from experiments.fan_out import spread
from experiments.interruption import Interrupted
from experiments.validation.pattern import Pattern, Readings, Setting
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
    return [_measured(pattern, done) for pattern in patterns], stopped


def jobs_of(settings: ValidationSettings, patterns: Sequence[Pattern]) -> list[Job]:
    """Every replicate of every pattern, in turn, so that an interruption leaves something of each."""
    planned = [
        (replicate, Job(pattern.key, replicate, without))
        for pattern in patterns
        for without in ((False,) if settings.quick or pattern.mechanism is None else (False, True))
        for replicate in range(pattern.replicates[0 if settings.quick or without else 1])
    ]
    return [job for _, job in sorted(planned, key=lambda pair: pair[0])]


def perform(seed: int, quick: bool, job: Job) -> Readings:
    """One replicate of one experiment."""
    pattern = BY_KEY[job.key]
    off = pattern.mechanism.off if job.without and pattern.mechanism else {}
    return pattern.once(Setting(seed, job.replicate, off, quick))


def _measured(pattern: Pattern, done: dict[Job, Readings]) -> Measured:
    def part(without: bool) -> tuple[Readings, ...]:
        jobs = sorted((j for j in done if j.key == pattern.key and j.without == without), key=lambda j: j.replicate)
        return tuple(done[job] for job in jobs)

    return Measured(pattern, part(False), part(True))
