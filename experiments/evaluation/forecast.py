"""What a study will cost, before it is computed: runs, time, disk. One life is run to find out."""

from __future__ import annotations

import math
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from experiments.evaluation.chunk import runs_of
from experiments.evaluation.study import Study
from experiments.fan_out import compile_once
from experiments.settings import EngineName
from experiments.store.shard import write_shard
from experiments.store.store import RECORD, open_store

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
    """Count, and run the first life that is missing to measure time and disk; nothing is stored."""
    wanted, compute = study.wanted, study.job.settings.compute
    store = open_store(study.settings.store) if (study.settings.store / RECORD).is_file() else None
    known = store.finished(study.settings.keep) if store else {}
    missing = {key for key in wanted.runs if key not in known}
    lives = wanted.lives(missing)
    seconds, size = measured(study, lives[0]) if lives else (0.0, 0.0)
    here = compute.engine in (EngineName.HERE, EngineName.CORES)
    workers = compute.workers or (os.cpu_count() or 1 if here else 0)
    return Forecast(len(study.points), len(wanted.table), len(wanted.runs), len(wanted.runs) - len(missing),
                    seconds * len(lives) / max(1, workers), workers, size * len(missing))  # fmt: skip


def measured(study: Study[Any], keys: tuple[str, ...]) -> tuple[float, float]:
    """Seconds of one life with its futures, and bytes of one run; nothing is stored."""
    compile_once()
    life = study.wanted.life(keys)
    runs_of(life, {})  # once for what only the first run of a process costs
    began = time.perf_counter()
    runs = runs_of(life, {})
    seconds = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        write_shard(Path(folder), runs, study.settings.keep)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.parquet"))
    return seconds, size / max(1, len(runs))


def in_words(found: Forecast) -> str:
    """The answer of a dry run."""
    runs = f"{found.runs} runs ({found.points} points)"
    if found.different < found.runs:
        runs += f", {found.different} of them different"
    lines = [f"{runs}; {found.known} are in the store, {found.different - found.known} to compute."]
    if found.different > found.known:
        took = tqdm.format_interval(math.ceil(found.seconds))
        where = f"on {found.workers} workers" if found.workers else "of one worker, shared by those of the cluster"
        lines.append(f"Estimated time: {took} (h:mm:ss or mm:ss) {where}, from one life timed now.")
        lines.append(f"Estimated disk: at most {found.bytes / MEGABYTE:,.1f} MB.")
    return "\n".join([*lines, "Nothing has been stored (--dry-run)."])
