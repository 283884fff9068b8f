"""A folder of shards made by one model."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from experiments.store.fingerprint import fingerprint
from experiments.store.rows import Table
from experiments.store.shard import DAMAGED, UNFINISHED, read_shard, whole
from sim.errors import InputError
from sim.version import provenance

RECORD = "store.json"
FORMAT = 1  # of the tables


@dataclass(frozen=True)
class Store:
    """An open store.

    Args:
        folder: where it is.
        model: fingerprint of the model that made it, and of the one that is running.
    """

    folder: Path
    model: str
    _keys: dict[Path, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)  # of shards looked at
    _whole: set[Path] = field(default_factory=set, repr=False, compare=False)  # other tables looked at

    def finished(self, keep: Collection[Table]) -> dict[str, Path]:
        """Shard of every finished run by key, for runs of which all of these tables are there.

        Every file is looked at once in the life of this object; later only those that have come since.
        """
        found: dict[str, Path] = {}
        for path in sorted((self.folder / Table.RUNS).glob("*.parquet")):
            others = [self.folder / table / path.name for table in keep if table is not Table.RUNS]
            if self._look(path) and all(self._is_whole(other) for other in others):
                found |= dict.fromkeys(self._keys[path], path)
        return found

    def _look(self, path: Path) -> bool:
        """Whether a shard of runs can be read."""
        if path not in self._keys and (table := read_shard(path, ["run"])) is not None:
            self._keys[path] = tuple(table["run"].to_pylist())
        return path in self._keys

    def _is_whole(self, path: Path) -> bool:
        """Whether a shard of another table is there."""
        if path in self._whole and path.is_file():
            return True
        if whole(path):
            self._whole.add(path)
            return True
        return False

    def read(self, table: Table, keys: Collection[str], shards: Sequence[Path]) -> pd.DataFrame:
        """Rows of some runs out of a table, one copy of each.

        Args:
            table: which table.
            keys: runs wanted.
            shards: shards of the runs that hold them, as `finished` tells.

        Raises:
            InputError: a shard is damaged.
        """
        wanted, parts = set(keys), []
        for path in sorted(set(shards)):
            part = read_shard(self.folder / table / path.name)
            if part is None:
                rule, advice = "held a damaged file, which has been set aside", "give the command that filled it again"
                raise InputError("store", rule, str(self.folder / table / path.name), advice)
            here = part["run"].to_pylist()
            parts.append(part.filter(pa.array([key in wanted for key in here])))
            wanted -= set(here)
        return pa.concat_tables(parts).to_pandas() if parts else pd.DataFrame({"run": []})

    @property
    def damaged(self) -> int:
        """Shards set aside."""
        return len(list(self.folder.glob(f"*/*{DAMAGED}")))


def open_store(folder: Path, create: bool = True) -> Store:
    """Open a store, or make an empty one.

    Raises:
        InputError: it was made by another model, is something else, or cannot be written.
    """
    record = folder / RECORD
    if not record.is_file():
        _require_empty(folder, create)
        _begin(folder)
    try:
        made_by = json.loads(record.read_text(encoding="utf-8"))
    except ValueError:
        made_by = None
    _require_same(folder, made_by if isinstance(made_by, dict) else {})
    return Store(folder, fingerprint())


def read_store(folder: Path) -> Store:
    """Open a store to read what any model has made.

    Raises:
        InputError: it is no store.
    """
    record = folder / RECORD
    try:
        made_by = json.loads(record.read_text(encoding="utf-8"))
        if made_by["format"] != FORMAT:
            raise ValueError
        return Store(folder, str(made_by["model"]))
    except (OSError, ValueError, KeyError, TypeError):
        advice = "if it has been moved, give its place with store=DIR"
        raise InputError("store", "must be a store of finished runs", str(folder), advice) from None


def _begin(folder: Path) -> None:
    """Write the record of a new store."""
    unfinished = folder / f".{RECORD}.{os.getpid()}{UNFINISHED}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(json.dumps(about(), indent=1), encoding="utf-8")
        unfinished.replace(folder / RECORD)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        advice = "free some space, or choose another with store=DIR"
        raise InputError("store", f"must be a folder that can be written ({reason})", str(folder), advice) from None


def about() -> dict[str, Any]:
    """What is recorded of a new store."""
    return {"format": FORMAT, "model": fingerprint(), "ungridlock": version("ungridlock"),
            "made": datetime.now(UTC).isoformat(timespec="seconds"), "with": list(provenance(0)[2:])}  # fmt: skip


def _require_empty(folder: Path, create: bool) -> None:
    if not create:
        raise InputError("store", "must be a store", str(folder), "give the folder that a study has filled")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("store", "must be a store or an empty folder", str(folder), "choose another with store=DIR")


def _require_same(folder: Path, made_by: dict[str, Any]) -> None:
    if made_by.get("format") != FORMAT or made_by.get("model") != fingerprint():
        other = f"{folder} (ungridlock {made_by.get('ungridlock', '?')}, model {made_by.get('model', '?')})"
        rule = f"must be made by this version of the model (ungridlock {version('ungridlock')}, model {fingerprint()})"
        raise InputError("store", rule, other, "choose another folder with store=DIR, or use the version that made it")
