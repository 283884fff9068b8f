"""Shards: Parquet files that appear complete or not at all, and are set aside when they are damaged."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.store.rows import Finished, Table, table_of

DAMAGED = ".damaged"  # ending of a shard that cannot be read
UNFINISHED = ".part"  # ending of a file that is being written
FORGOTTEN = 3600.0  # seconds after which nobody is still writing such a file; a shard takes a second or two


def write_shard(folder: Path, runs: Sequence[Finished], keep: Iterable[Table]) -> str:
    """Write the tables of some runs; that of the runs themselves comes last and makes them count as finished.

    Args:
        folder: the store.
        runs: at least one run.
        keep: tables beside that of the runs.

    Returns:
        Name of the shard: a hash of the runs' keys.

    Raises:
        OSError: no space, no permission; nothing half-written is left.
    """
    name = hashlib.sha256("".join(sorted(run.key for run in runs)).encode()).hexdigest()[:32]
    for table in (*sorted(set(keep) - {Table.RUNS}), Table.RUNS):
        _write(table_of(table, runs), folder / table / f"{name}.parquet")
    return name


def _write(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}{UNFINISHED}")
    words = [field.name for field in table.schema if pa.types.is_string(field.type)]
    numbers = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    try:
        pq.write_table(
            table, unfinished, compression="zstd", write_page_checksum=True, use_dictionary=words,
            use_byte_stream_split=numbers, write_statistics=words,
        )  # fmt: skip
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def remove_forgotten(folder: Path) -> None:
    """Remove what writers left that were killed in the middle of it. Fresh files stay: another study may be writing."""
    for path in folder.glob(f"**/*{UNFINISHED}"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > FORGOTTEN:
                path.unlink()


def read_shard(path: Path, columns: Sequence[str] | None = None) -> pa.Table | None:
    """Content of a shard; None if it is damaged, which sets it aside."""
    try:
        return pq.read_table(path, columns=columns, page_checksum_verification=True)
    except (pa.ArrowInvalid, pa.ArrowException, OSError):
        set_aside(path)
        return None


def whole(path: Path) -> bool:
    """Whether a shard is there and its end is readable; a truncated one is set aside."""
    if not path.is_file():
        return False
    try:
        pq.read_metadata(path)
    except (pa.ArrowInvalid, pa.ArrowException, OSError):
        set_aside(path)
        return False
    return True


def set_aside(path: Path) -> None:
    """Take a damaged shard out of sight; its runs are computed again."""
    with contextlib.suppress(OSError):
        path.replace(path.with_suffix(DAMAGED))
