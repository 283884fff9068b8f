"""What DuckDB says about a query, in one line, with what may have been meant."""

from __future__ import annotations

import re

from experiments.complaints import Brief, did_you_mean
from experiments.querying.folder import Folder
from experiments.store.dictionary import tables_of_study
from experiments.store.rows import Table
from sim.errors import InputError

LONGEST = 80
COLUMN = re.compile(r'(?:column named |column )"([^"]+)"')
TABLE = re.compile(r'(?:Table with name (\S+) does not exist|Referenced table "([^"]+)" not found)')


def complaint(message: str, sql: str, folder: Folder) -> InputError:
    """One line about a query that DuckDB refuses.

    Args:
        message: what DuckDB says, many lines.
        sql: the query.
        folder: what could have been asked.
    """
    rule = " ".join(line.strip() for line in message.split("\nLINE ", maxsplit=1)[0].splitlines()[:1])
    rule = re.sub(r"^\w+(?: \w+)? Error: ", "", rule).rstrip("!. ")
    shown = sql if len(sql) <= LONGEST else f"{sql[: LONGEST - 3]}..."
    table, column = TABLE.search(message), COLUMN.search(message)
    if table or sql.isidentifier():
        advice = _about_table(table[1] or table[2] if table else sql, folder)
    elif column:
        advice = _about_column(column[1], sql, folder)
    else:
        advice = "correct the SQL; without any, ungridlock query shows the tables and their columns"
    return InputError("query", rule, Brief(" ".join(shown.split())), advice)


def _about_table(name: str, folder: Folder) -> str:
    """Which table may have been meant, or how to have it."""
    if folder.record and name in list(Table):
        return _kept_with(name, folder)
    inside = [table for table in folder.tables if name.lower() in table]
    if inside:
        return f"did you mean {' or '.join(inside)}?"
    return did_you_mean(name, folder.tables, f"choose from {', '.join(folder.tables)}")


def _kept_with(table: str, folder: Folder) -> str:
    wanted = ",".join([*folder.kept, table])
    return f"the study did not keep {table}: run it again with 'keep=[{wanted}]', which computes its runs again"


def _about_column(name: str, sql: str, folder: Folder) -> str:
    """Which column may have been meant, or that it was none."""
    entries = folder.dictionary()
    holders = [table for table, column in entries if column == name and table in folder.tables]
    if holders:
        return f"it is a column of {', '.join(holders)}"
    absent = [table for table, columns in tables_of_study({}).items() if name in columns and table in list(Table)]
    if folder.record and absent:
        return _kept_with(absent[0], folder)
    known = sorted({column for _, column in entries})
    dotted = [column for column in known if column.rpartition(".")[2] == name]
    if dotted:
        return f'write dotted names in double quotes: "{dotted[0]}"'
    meant = did_you_mean(name, known, "without SQL, ungridlock query shows the columns of every table")
    return f"text stands in single quotes: '{name}'; else {meant}" if f'"{name}"' in sql else meant
