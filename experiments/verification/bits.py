"""Where two tables differ: columns, rows, numbers bit by bit (NaN equals NaN), text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


def first_difference(stored: pa.Table, new: pa.Table) -> str:
    """The first column and row in which two tables of one run differ; empty if they do not.

    Args:
        stored: rows out of a store.
        new: what should be the same.
    """
    if stored.column_names != new.column_names:
        missing = [f"{name} is stored only" for name in stored.column_names if name not in new.column_names]
        added = [f"{name} is not stored" for name in new.column_names if name not in stored.column_names]
        return ", ".join([*missing, *added]) or "columns stand in another order"
    if stored.num_rows != new.num_rows:
        return f"{stored.num_rows} rows are stored, {new.num_rows} come out now"
    for name in stored.column_names:
        if stored[name].type != new[name].type:
            return f"{name} is stored as {stored[name].type}, comes out as {new[name].type}"
        rows = np.flatnonzero(different(stored[name], new[name]))
        if len(rows):
            row = int(rows[0])
            old, now = stored[name][row].as_py(), new[name][row].as_py()
            return f"{name}{_place(stored, row)}: stored {old!r}, now {now!r}"
    return ""


def different(a: pa.ChunkedArray, b: pa.ChunkedArray) -> np.ndarray:
    """Which values differ, shape [rows]; two zeros of different sign do, two NaN do not."""
    one, other = a.to_numpy(), b.to_numpy()
    missing = a.is_null().to_numpy() != b.is_null().to_numpy()
    if pa.types.is_floating(a.type):
        bits = f"u{one.dtype.itemsize}"
        unequal = np.ascontiguousarray(one).view(bits) != np.ascontiguousarray(other).view(bits)
        return missing | (unequal & ~(np.isnan(one) & np.isnan(other)))
    return missing | (one != other)


def _place(table: pa.Table, row: int) -> str:
    """Month and unit of a row."""
    known = [f"{name} {table[name][row].as_py()}" for name in ("month", "silo") if name in table.column_names]
    return f" in {', '.join(known)}" if known else ""
