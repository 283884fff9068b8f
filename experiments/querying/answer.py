"""The answer of a query: the first rows on screen, all of them into files, never all of them in memory."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from experiments.querying.settings import NOWHERE, QuerySettings
from experiments.terminal import aligned, counted
from sim.errors import InputError

BATCH = 50_000  # rows
WIDEST = 60  # of a cell
LARGE = 1e5  # from here on numbers are shown without decimals


def show(answer: pa.RecordBatchReader, settings: QuerySettings) -> str:
    """Read an answer to its end.

    Args:
        answer: batches of rows.
        settings: files, and how many rows are shown.

    Returns:
        The first rows as a table, with how many there are.

    Raises:
        InputError: a file cannot be written.
    """
    first: list[list[Any]] = []
    number = 0
    with ExitStack() as files:
        writers = [files.enter_context(written(path, answer.schema)) for path in _files(settings)]
        for batch in answer:
            for writer in writers:
                writer.write_batch(batch)
            if len(first) < settings.rows:
                columns = [column.to_pylist() for column in batch.slice(0, settings.rows - len(first)).columns]
                first += [list(row) for row in zip(*columns, strict=True)]
            number += batch.num_rows
    table = aligned(_narrow([list(answer.schema.names), *([cell(v) for v in row] for row in first)]))
    rest = f", the first {len(first)} shown" if number > len(first) else ""
    saved = [f"All are in {path}." for path in _files(settings)]
    return "\n".join([table, " ".join([f"{counted(number, 'row')}{rest}. It is not a forecast.", *saved])])


def _files(settings: QuerySettings) -> list[Path]:
    return [path for path in (settings.csv, settings.parquet) if path != NOWHERE]


@contextmanager
def written(path: Path, schema: pa.Schema) -> Iterator[Any]:
    """A writer of batches into a file that appears complete or not at all.

    Raises:
        InputError: it cannot be written, or its kind has no place for such columns.
    """
    name = "parquet" if path.suffix == ".parquet" else "csv"
    unfinished = path.with_name(f".{path.name}.part")
    try:
        writer = pq.ParquetWriter(unfinished, schema) if name == "parquet" else pa.csv.CSVWriter(unfinished, schema)
        with writer:
            yield writer
        unfinished.replace(path)
    except (OSError, pa.ArrowException) as error:
        reason = (getattr(error, "strerror", None) or str(error)).splitlines()[0].lower()
        raise InputError(name, f"must be a file that can be written ({reason})", str(path), "choose another") from None
    finally:
        unfinished.unlink(missing_ok=True)


def cell(value: object) -> str:
    """A value as it is shown; nothing where there is none."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= LARGE else f"{value:.6g}"
    line = " ".join(str(value).split())
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 3]}..."


def _narrow(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Only as many columns as fit on a terminal; everything goes into a pipe."""
    if not sys.stdout.isatty():
        return [list(row) for row in rows]
    room, fit = shutil.get_terminal_size().columns, 0
    for column in zip(*rows, strict=True):
        room -= max(map(len, column)) + 2
        if room < len("+ 100 more"):
            break
        fit += 1
    fit = max(fit, 1)
    more = len(rows[0]) - fit
    if not more:
        return [list(row) for row in rows]
    return [[*row[:fit], f"+ {more} more" if k == 0 else "..."] for k, row in enumerate(rows)]
