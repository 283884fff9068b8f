"""What a study will cost, before it is computed: runs, time, disk. Two lives are run to find out."""

from __future__ import annotations

import math
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from experiments.evaluation.chunk import runs_of
from experiments.evaluation.chunks import MOST_LIVES
from experiments.evaluation.study import Study
from experiments.fan_out import compile_once
from experiments.settings import EngineName
from experiments.store.rows import Finished
from experiments.store.shard import write_shard
from experiments.store.store import RECORD, open_store
from experiments.terminal import counted

MEGABYTE = 1e6


@dataclass(frozen=True)
class Forecast:
    """Cost of a study.

    Args:
        points: points of the design.
        runs: points x strategies x replicates.
        different: different runs among them.
        known: runs that the store has.
        seconds: time on the workers of this command.
        workers: how many; 0 if that is the cluster's affair, and the time is that of one.
        bytes: disk for what is missing.
    """

    points: int
    runs: int
    different: int
    known: int
    seconds: float
    workers: int
    bytes: float


def forecast(study: Study[Any]) -> Forecast:
    """Count, and run two of the lives that are missing to measure time and disk; nothing is stored."""
    wanted, compute = study.wanted, study.job.settings.compute
    store = open_store(study.settings.store) if (study.settings.store / RECORD).is_file() else None
    known = store.finished(study.settings.keep) if store else {}
    missing = {key for key in wanted.runs if key not in known}
    lives = wanted.lives(missing)
    price = measured(study, lives) if lives else Price(0.0, 0.0, 0.0, 1)
    here = compute.engine in (EngineName.HERE, EngineName.CORES)
    workers = compute.workers or (os.cpu_count() or 1 if here else 0)
    return Forecast(len(study.points), len(wanted.table), len(wanted.runs), len(wanted.runs) - len(missing),
                    price.seconds * len(lives) / max(1, workers), workers,
                    price.bytes(len(lives), compute.chunk_seconds))  # fmt: skip


@dataclass(frozen=True)
class Price:
    """What lives cost, each with all its futures.

    Args:
        seconds: of one life.
        first: bytes of a shard that holds one life.
        further: bytes of another life in the same shard.
        runs: runs of a life.
    """

    seconds: float
    first: float
    further: float
    runs: int

    def bytes(self, lives: float, chunk_seconds: float) -> float:
        """Disk for so many lives in shards that took so long to compute."""
        together = min(max(1.0, chunk_seconds / max(self.seconds, 1e-9)), MOST_LIVES, max(1.0, lives))
        shards = lives / together + math.log2(together)  # the last are made smaller, by halves
        return shards * self.first + max(0.0, lives - shards) * self.further


def measured(study: Study[Any], lives: Sequence[tuple[str, ...]]) -> Price:
    """Run the last life and the first, which is timed; nothing is stored.

    Args:
        study: knows what a run is.
        lives: runs of every life.
    """
    compile_once()
    last = runs_of(study.wanted.life(lives[-1]), {})  # also what only the first run of a process costs
    began = time.perf_counter()
    runs = runs_of(study.wanted.life(lives[0]), {})
    seconds = time.perf_counter() - began
    first = _bytes(study, runs)
    further = _bytes(study, [*runs, *last]) - first if len(lives) > 1 else 0.0
    return Price(seconds, first, further, max(1, len(runs)))


def _bytes(study: Study[Any], runs: Sequence[Finished]) -> float:
    """Size of a shard."""
    if not runs:
        return 0.0
    with tempfile.TemporaryDirectory() as folder:
        write_shard(Path(folder), runs, study.settings.keep)
        return float(sum(path.stat().st_size for path in Path(folder).rglob("*.parquet")))


def in_words(found: Forecast) -> str:
    """The answer of a dry run."""
    runs = f"{found.runs} runs ({found.points} points)"
    if found.different < found.runs:
        runs += f", {found.different} of them different"
    lines = [f"{runs}; {found.known} are in the store, {found.different - found.known} to compute."]
    if found.different > found.known:
        took = tqdm.format_interval(math.ceil(found.seconds))
        where = (
            f"on {counted(found.workers, 'worker')}"
            if found.workers
            else "of one worker, shared by those of the cluster"
        )
        lines.append(f"Estimated time: {took} (h:mm:ss or mm:ss) {where}, from one life timed now.")
        lines.append(f"Estimated disk: about {found.bytes / MEGABYTE:,.1f} MB.")
    return "\n".join([*lines, "Nothing has been stored (--dry-run)."])
