"""What a worker does: compute some lives, write one shard, say what failed."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from experiments.evaluation.wanted import Life
from experiments.fan_out.away import ADVICE
from experiments.fan_out.engine import lost_to
from experiments.store.fingerprint import fingerprint
from experiments.store.rows import Finished, Table
from experiments.store.shard import write_shard
from experiments.store.store import RECORD
from sim.errors import InputError
from sim.run import Variant, burn_in, follow, fork


@dataclass(frozen=True)
class Target:
    """Where a chunk goes.

    Args:
        folder: the store, seen from all workers.
        model: fingerprint of the model that the store is made by.
        keep: tables kept beside that of the runs.
    """

    folder: Path
    model: str
    keep: tuple[Table, ...]


@dataclass
class Done:
    """What became of a chunk.

    Args:
        finished: keys of runs that are in the store now.
        failed: key -> error of runs that raised.
        unsaved: why the shard could not be written; empty if it was.
        seconds: time it took.
    """

    finished: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    unsaved: str = ""
    seconds: float = 0.0


def compute_chunk(target: Target, lives: list[Life]) -> Done:
    """Compute lives and write their shard; a run that raises costs nothing but itself.

    Raises:
        InputError: this worker has another version of the model than the store, or does not see the store.
    """
    if fingerprint() != target.model:
        raise InputError("compute", f"workers must have the model of the store ({target.model})", fingerprint(), ADVICE)
    if not (target.folder / RECORD).is_file():
        advice = "choose one with store=DIR on a file system that all nodes share"
        raise InputError("store", "must be a folder that all workers see", str(target.folder), advice)
    began, done = time.perf_counter(), Done()
    runs = [run for life in lives for run in runs_of(life, done.failed)]
    if runs:
        try:
            write_shard(target.folder, runs, target.keep)
            done.finished = [run.key for run in runs]
        except OSError as error:
            done.unsaved = (os.strerror(error.errno) if error.errno else str(error)).lower()
    done.seconds = time.perf_counter() - began
    return done


def runs_of(life: Life, failed: dict[str, str]) -> list[Finished]:
    """Finished runs of a life; why others failed goes into `failed`."""
    try:
        origin = burn_in(life.scenario, life.seed, life.replicate)
    except Exception as error:
        failed |= {future.key: lost_to(error).reason for future in life.futures}
        return []
    finished = []
    for future in life.futures:
        try:
            result = follow(fork(origin, Variant(future.key, future.plan, future.kind)))
        except Exception as error:
            failed[future.key] = lost_to(error).reason
            continue
        resolved = life.scenario.model_copy(update={"strategy": future.plan})
        finished.append(Finished(future.key, resolved, life.seed, life.replicate, future.kind, result))
    return finished
