"""The verb `query`: SQL over the tables of a study, of `compare` or of `run`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from experiments.complaints import Brief
from experiments.querying.answer import BATCH, show
from experiments.querying.catalogue import catalogue
from experiments.querying.complaint import complaint
from experiments.querying.folder import Folder, open_folder
from experiments.querying.settings import NOWHERE, QuerySettings, read_settings, split
from experiments.querying.views import connect
from sim.errors import InputError

__all__ = ["perform", "read_settings"]


def perform(words: Sequence[str]) -> int:
    """The verb; exit status 0."""
    settings, (_, sql) = read_settings(words), split(words)
    folder = open_folder(settings.output)
    if not sql or sql in folder.tables:
        _require_no_file(settings)
        tables = [sql] if sql else folder.tables
        with connect(folder, tables, settings.store) as connection:
            print("\n".join(catalogue(connection, folder, tables)), flush=True)
        return 0
    print(answer(folder, sql, settings), flush=True)
    return 0


def answer(folder: Folder, sql: str, settings: QuerySettings) -> str:
    """Ask, and read the whole answer.

    Raises:
        InputError: DuckDB refuses the query, a file is damaged, or one cannot be written.
    """
    named = [name for name in folder.tables if re.search(rf"\b{re.escape(name)}\b", sql, re.IGNORECASE)]
    with connect(folder, named or folder.tables, settings.store) as connection:
        try:
            found = connection.sql(sql)
            return show(found.to_arrow_reader(BATCH), settings) if found is not None else "Done."
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None
        except duckdb.Error as error:
            raise complaint(str(error), sql, folder) from None


def _require_no_file(settings: QuerySettings) -> None:
    for name in ("csv", "parquet"):
        if getattr(settings, name) != NOWHERE:
            rule, advice = "is for the answer to a query", "add one, such as 'select * from runs'"
            raise InputError(name, rule, Brief(getattr(settings, name)), advice)
