"""Views over an output folder and its store, in a DuckDB of their own; nothing is copied, nothing is written.

DuckDB does not look at the checksums of Parquet pages: a changed byte comes out as another number. Every file that a
query may read is therefore read once before, with its checksums.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.evaluation.study import RUNS
from experiments.querying.folder import CONFIGURATIONS, Folder
from experiments.store.dictionary import RUN_KEYS
from experiments.store.rows import Table
from experiments.store.shard import read_shard
from experiments.store.store import Store, read_store
from sim.errors import InputError

PLACES = "hidden.places"  # where every run stands in the study, and in which shard it lies
READERS = 4  # files read at once


def connect(folder: Folder, wanted: Collection[str], moved: Path) -> duckdb.DuckDBPyConnection:
    """A connection with views.

    Args:
        folder: what there is.
        wanted: tables that the query names.
        moved: the store, if it is not where the study says; else the empty path.

    Raises:
        InputError: a file is damaged, or runs of the study are not in the store.
    """
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    for name in wanted:
        if name in folder.files:
            _of_file(connection, name, folder)
    shards = [name for name in folder.in_store if name in wanted]
    if shards:
        moved_to = moved if moved != Path() else folder.place
        _place_runs(connection, folder, read_store(moved_to), shards)
        for name in shards:
            _of_shards(connection, name, moved_to)
    return connection


def _of_file(connection: duckdb.DuckDBPyConnection, name: str, folder: Folder) -> None:
    """A view of a file, whose rows keep their order."""
    path = folder.files[name]
    if path.suffix == ".csv":
        source = f"read_csv({text(path)}, header=true, delim=',', quote='\"', escape='\"')"
    else:
        _require_whole(path, folder)
        source = f"read_parquet({text(path)})"
    try:
        columns = ", ".join(_values(connection, source, ()))
    except duckdb.Error:
        raise InputError("output", "holds a file that is no table", str(path), "move it elsewhere") from None
    connection.execute(f"create view {quoted(name)} as select {columns} from {source}")


def _require_whole(path: Path, folder: Folder) -> None:
    try:
        pq.read_table(path, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError("output", f"holds a damaged file ({reason})", str(path), folder.again) from None


def _place_runs(connection: duckdb.DuckDBPyConnection, folder: Folder, store: Store, shards: list[str]) -> None:
    """Find the shard of every run of the study, and read every shard that will be read."""
    _require_whole(folder.path / RUNS, folder)
    places = pd.read_parquet(folder.path / RUNS, columns=list(RUN_KEYS))
    before = store.damaged
    found = store.finished(folder.kept)
    used = {found[key].name for key in places["run"] if key in found}
    tables = {Table.RUNS if name == CONFIGURATIONS else name for name in shards}
    with ThreadPoolExecutor(READERS) as readers:
        whole = list(readers.map(_is_whole, [store.folder / table / name for table in tables for name in sorted(used)]))
    damaged = store.damaged - before
    missing = [key for key in dict.fromkeys(places["run"]) if key not in found]
    if damaged or not all(whole):
        rule = f"held damaged files, {damaged} of which have been set aside"
        raise InputError("store", rule, str(store.folder), folder.again)
    if missing:
        rule = f"lacks {len(missing)} of {places['run'].nunique()} runs of the study"
        raise InputError("store", rule, str(store.folder), f"give its place with store=DIR, or {folder.again}")
    places = places.assign(place=range(len(places)), shard=[found[key].stem for key in places["run"]])
    connection.register("places", places)
    connection.execute("create schema hidden")
    connection.execute(f"create table {PLACES} as select * from places")
    connection.unregister("places")


def _is_whole(path: Path) -> bool:
    return read_shard(path) is not None


def _of_shards(connection: duckdb.DuckDBPyConnection, name: str, store: Path) -> None:
    """A view of a table that lies in shards: runs in the order of the study, rows of a run in theirs."""
    table = Table.RUNS if name == CONFIGURATIONS else name
    shards = [row[0] for row in connection.execute(f"select distinct shard from {PLACES} order by 1").fetchall()]
    files = ", ".join(text(store / table / f"{shard}.parquet") for shard in shards)
    source = f"read_parquet([{files}], filename=true, file_row_number=true)"
    if name == CONFIGURATIONS:
        columns = "t.run, t.seed, t.replicate as life, t.kind, t.configuration"
        places = f"(select run, shard, min(place) as place from {PLACES} group by run, shard)"
    else:
        hidden = ("run", "filename", "file_row_number")
        keys = [f"k.{key}" for key in RUN_KEYS]
        columns, places = ", ".join([*keys, *_values(connection, source, hidden)]), PLACES
    connection.execute(
        f"create view {quoted(name)} as select {columns} from {source} as t join {places} as k "
        "on k.run = t.run and k.shard = parse_filename(t.filename, true) order by k.place, t.file_row_number"
    )


def _values(connection: duckdb.DuckDBPyConnection, source: str, hidden: Iterable[str]) -> list[str]:
    """Columns of a source; where a number is missing (NaN), SQL's NULL."""
    found = []
    for name, kind, *_ in connection.execute(f"describe select * from {source}").fetchall():
        column = quoted(name)
        if name not in hidden:
            number = kind in ("DOUBLE", "FLOAT")
            found.append(f"case when isnan({column}) then null else {column} end as {column}" if number else column)
    return found


def quoted(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def text(value: object) -> str:
    """A text in SQL."""
    return "'" + str(value).replace("'", "''") + "'"
