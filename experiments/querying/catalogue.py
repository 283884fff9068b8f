"""What can be asked: tables with their columns, units and meanings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from experiments.querying.folder import Folder
from experiments.querying.views import quoted

KINDS = {"VARCHAR": "text", "BIGINT": "whole number", "DOUBLE": "number"}  # what stands where there is no unit


def catalogue(connection: duckdb.DuckDBPyConnection, folder: Folder, tables: Sequence[str]) -> Iterator[str]:
    """Lines about some tables.

    Args:
        connection: has them as views.
        folder: knows what they are.
        tables: which.
    """
    known = folder.dictionary()
    for table in tables:
        about = folder.about(table).replace("`", "")
        yield f"{table}: {about}" if about else f"{table}:"
        columns = [row[:2] for row in connection.execute(f"describe {quoted(table)}").fetchall()]
        width = max(len(name) for name, _ in columns)
        for name, kind in columns:
            entry = known.get((table, name), {})
            unit = entry.get("unit") or KINDS.get(kind, kind.lower())
            better = f" ({entry['better']} is better)" if entry.get("better") else ""
            yield f"  {name:<{width}}  {unit:<15}  {entry.get('meaning', '')}{better}".rstrip()
        yield ""
    example = "select scenario, avg(npv) from runs group by all order by all"
    yield f"Ask: ungridlock query output={folder.path} '{example}'"
    yield "csv=FILE or parquet=FILE saves all rows. Names with dots stand in double quotes. Empty: nothing to count."
