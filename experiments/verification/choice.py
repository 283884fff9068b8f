"""Which stored runs are run again, and which of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.complaints import Brief
from experiments.verification.settings import ALL, VerifySettings
from sim.errors import InputError

MOST_TOGETHER = 8  # lives per job


@dataclass(frozen=True)
class Batch:
    """Runs of one shard that are verified together.

    Args:
        shard: file name of the shard.
        keys: runs, those of a life side by side.
    """

    shard: str
    keys: tuple[str, ...]


def chosen(places: pd.DataFrame, settings: VerifySettings) -> pd.DataFrame:
    """Rows of the runs wanted, each run once.

    Args:
        places: run, point, scenario and replicate of every run of a study.
        settings: what was asked for.

    Raises:
        InputError: there is no such run.
    """
    fit = np.ones(len(places), dtype=bool)
    for name, value in settings.named.items():
        column = places[name]
        fit &= (column.str.startswith(str(value)) if name == "run" else column == value).to_numpy()
    found = places[fit].drop_duplicates("run")
    if found.empty:
        said = ", ".join(f"{name}={value}" for name, value in settings.named.items())
        sql = "select point, scenario, replicate, run from runs"
        advice = f"ungridlock query output={settings.output} '{sql}' shows all"
        raise InputError("verify", "the study has no such run", Brief(said), advice)
    if settings.number == ALL or settings.number >= len(found):
        return found
    lot = np.random.default_rng(settings.seed).choice(len(found), settings.number, replace=False)
    return found.iloc[np.sort(lot)]


def batches(wanted: pd.DataFrame, shards: Mapping[str, Path], workers: int) -> list[Batch]:
    """Runs in batches, none of which splits a life or a shard.

    Args:
        wanted: run, point and replicate.
        shards: shard of every run.
        workers: batches are small enough for all of them to have work.
    """
    lives: dict[tuple[str, int, int], list[str]] = {}
    for run, point, replicate in zip(wanted["run"], wanted["point"], wanted["replicate"], strict=True):
        lives.setdefault((shards[run].name, point, replicate), []).append(run)
    together = max(1, min(MOST_TOGETHER, len(lives) // (2 * workers)))
    by_shard: dict[str, list[list[str]]] = {}
    for (shard, _, _), keys in lives.items():
        by_shard.setdefault(shard, []).append(keys)
    return [Batch(shard, tuple(_flat(part))) for shard, every in by_shard.items() for part in _parts(every, together)]


def _parts[T](items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[k : k + size] for k in range(0, len(items), size)]


def _flat(lists: Sequence[Sequence[str]]) -> list[str]:
    return [key for keys in lists for key in keys]
