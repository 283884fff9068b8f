"""`ungridlock query`: SQL over what was saved, exact, in a stable order, and one line for whatever is wrong."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from experiments.cli import main
from experiments.querying.answer import cell
from experiments.querying.settings import split
from experiments.store.rows import Table
from experiments.store.shard import DAMAGED
from experiments.store.store import RECORD, open_store
from experiments.tables import Tables, write
from sim.errors import InputError
from sim.params.scenario import Scenario
from sim.run import Variant, run_variants
from tests.conftest import plan
from tests.small_study import EVERYTHING, VARIED, swept

KEYS = ["experiment", "point", "scenario", "replicate", "world", "run"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with `out` and `store` of a study in which the same runs stand at two places."""
    folder = tmp_path_factory.mktemp("query")
    swept(folder, "strategies=[as_is,unlock,unlock]", VARIED, EVERYTHING, "experiment=test")
    return folder


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """The same to be damaged; its store is where the study does not look."""
    for name in ("out", "store"):
        shutil.copytree(made / name, tmp_path / name)
    return tmp_path


def asked(folder: Path, sql: str, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["query", f"output={folder / 'out'}", f"store={folder / 'store'}", sql, *words]) == 0
    return capsys.readouterr().out


def refused(folder: Path, sql: str, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["query", f"output={folder / 'out'}", f"store={folder / 'store'}", sql, *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    return captured.err


def frame(folder: Path, sql: str, capsys: pytest.CaptureFixture[str]) -> pd.DataFrame:
    """The whole answer, through a file."""
    asked(folder, sql, capsys, f"parquet={folder / 'answer.parquet'}")
    return pd.read_parquet(folder / "answer.parquet")


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "settings", "sql"),
    [
        (["output=a", "select 1"], ["output=a"], "select 1"),
        (["select * from runs where point=3", "csv=x"], ["csv=x"], "select * from runs where point=3"),
        (["select", "npv", "from", "runs", "where", "point=3", "csv=x"], ["csv=x"],
         "select npv from runs where point=3"),
        (["outptu=a", "select 1"], ["outptu=a"], "select 1"),
        (["select 1", "outptu=a"], ["outptu=a"], "select 1"),
        (["output=my folder", "months"], ["output=my folder"], "months"),
        (["++output=a"], ["++output=a"], ""),
        (["with a as (select 1 as b) select * from a where b='x=y'"], [],
         "with a as (select 1 as b) select * from a where b='x=y'"),
        ([], [], ""),
    ],
)  # fmt: skip
def test_what_is_not_a_setting_is_sql(words: list[str], settings: list[str], sql: str) -> None:
    assert split(words) == (settings, sql)


# --- answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_is_that_of_the_table(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = pd.read_parquet(made / "out" / "runs.parquet")
    found = frame(made, "select scenario, avg(npv) as mean, count(*) as n from runs group by all order by all", capsys)
    expected = runs.groupby("scenario")["npv"].mean()
    assert found["scenario"].tolist() == ["as_is", "unlock", "unlock#2"] and found["n"].tolist() == [4, 4, 4]
    np.testing.assert_allclose(found["mean"], expected[found["scenario"]], rtol=1e-12)


@pytest.mark.parametrize("table", [Table.MONTHS, Table.SILO_MONTHS, Table.EVENTS])
def test_a_table_in_shards_is_whole_and_in_the_order_of_the_study(
    table: Table, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bit for bit what the store holds, run after run; a run that stands at two places of the study comes twice."""
    runs = pd.read_parquet(made / "out" / "runs.parquet")
    store = open_store(made / "store")
    assert len(list((store.folder / table).glob("*.parquet"))) > 1 and runs["run"].duplicated().sum() == 4
    shards = store.finished([table])
    content = store.read(table, set(runs["run"]), list(shards.values()))
    by_run = {str(key): part.drop(columns="run") for key, part in content.groupby("run", sort=False)}
    parts = [by_run[row["run"]].assign(**{key: row[key] for key in KEYS}) for _, row in runs.iterrows()
             if row["run"] in by_run]  # fmt: skip
    expected = pd.concat(parts, ignore_index=True)
    found = frame(made, f"select * from {table}", capsys)
    assert list(found.columns[: len(KEYS)]) == KEYS and len(found) > len(runs)
    pd.testing.assert_frame_equal(found[expected.columns], expected, check_dtype=False, check_exact=True)


def test_a_run_in_two_shards_is_one_run(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One run of a shard is also in a shard of its own; both shards are read, for different runs."""
    before = frame(copied, "select * from months", capsys)
    shard = max((copied / "store" / "runs").glob("*.parquet"), key=lambda path: pq.read_metadata(path).num_rows)
    keys = pq.read_table(shard)["run"].to_pylist()
    assert len(keys) > 1
    for table in Table:
        whole = pq.read_table(copied / "store" / table / shard.name)
        pq.write_table(whole.filter(pc.field("run") == keys[0]), copied / "store" / table / "zzz.parquet")
    found = open_store(copied / "store").finished(list(Table))
    assert found[keys[0]].stem == "zzz" and found[keys[1]] == shard
    pd.testing.assert_frame_equal(frame(copied, "select * from months", capsys), before)


def test_what_could_not_be_counted_is_null(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for table in ("runs", "months"):
        counts = frame(made, f"select scenario, count(gridlock) as n from {table} group by all", capsys)
        assert counts.set_index("scenario")["n"].to_dict()["as_is"] == 0 < counts["n"].max()
        assert "nan" not in asked(made, f"select gridlock from {table}", capsys)


def test_configurations_are_one_per_run(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = frame(made, "select * from configurations", capsys)
    runs = pd.read_parquet(made / "out" / "runs.parquet")
    assert found["run"].tolist() == list(dict.fromkeys(runs["run"]))
    assert all(Scenario.model_validate_json(text) for text in found["configuration"])


def test_the_first_rows_are_shown_and_all_are_saved(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = asked(made, "select * from months order by run, month", capsys, "rows=3", f"csv={tmp_path / 'all.csv'}")
    whole = pd.read_csv(tmp_path / "all.csv")
    assert len(whole) == 12 * 14 and len(text.splitlines()) == 2 + 3 + 1
    assert f"{len(whole)} rows, the first 3 shown. It is not a forecast. All are in {tmp_path / 'all.csv'}." in text
    assert list(tmp_path.iterdir()) == [tmp_path / "all.csv"]


def test_duckdbs_own_copy_works(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked(made, f"copy (select * from months) to '{tmp_path / 'copy.csv'}'", capsys)
    assert len(pd.read_csv(tmp_path / "copy.csv")) == 12 * 14


def test_a_statement_without_an_answer_and_several_statements(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(made, "/* nothing */", capsys) == "Done.\n"
    assert "0 rows" in asked(made, "create view mine as select 1", capsys)
    assert "5" in asked(made, "create table mine as select 5 as x; select x from mine", capsys)


def test_numbers_on_screen() -> None:
    assert [cell(v) for v in (None, 1.0, 0.123456789, 2134567.8, 7, "a\nb", "x" * 99)] == [
        "", "1", "0.123457", "2,134,568", "7", "a b", "x" * 57 + "..."]  # fmt: skip


def test_without_sql_every_table_is_shown_with_units(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = asked(made, "months", capsys)
    assert "churn " in text and "share/month" in text and "(lower is better)" in text and "silo " not in text
    assert main(["query", f"output={made / 'out'}"]) == 0
    text = capsys.readouterr().out
    for table in ("runs", "points", "months", "silo_months", "events", "configurations", "dictionary"):
        assert f"\n{table}:" in f"\n{text}"


def test_tables_of_a_comparison_can_be_asked(
    small_firm: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = Tables(0.01)
    variant = Variant("unlock", plan("unlock"))
    tables.add(variant, 0, 0, run_variants(small_firm, [variant], 1, 0)[0])
    frames = tables.frames(["unlock"])
    (tmp_path / "out").mkdir()
    write(frames, tmp_path / "out")
    (tmp_path / "out" / "comparison.csv").write_text("scenario,measure\nunlock,churn\n")
    for name, table in frames.items():
        assert len(frame(tmp_path, f"select * from {name}", capsys)) == len(table)
    assert "unlock" in asked(tmp_path, "select * from comparison", capsys)
    line = refused(tmp_path, "select * from months", capsys)
    assert "did you mean organisation_months or silo_months?" in line


# --- what is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select chrun from runs", r'query: Referenced column "chrun" not found.*did you mean churn'),
        ("select * from runz", r"query: Table with name runz does not exist; .*did you mean runs\?"),
        ("sopints", r"did you mean points"),
        ("select r.nvp from runs r", r"did you mean npv"),
        ("select hostility from runs", r"it is a column of months, silo_months"),
        ("select conformity from runs", r'in double quotes: "behaviour\.sharing\.conformity"'),
        ('select npv from runs where scenario="unlock"', r"single quotes: 'unlock'"),
        ("selec 1", r"query: syntax error at or near .selec.; got selec 1; correct the SQL"),
        ("select cast(scenario as integer) from runs", r"query: Could not convert string"),
        ("insert into runs values (1)", r"query: "),
    ],
)
def test_a_wrong_query_is_one_line(sql: str, expected: str, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(made, sql, capsys)
    assert re.search(expected, line), line


def test_a_table_that_was_not_kept_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swept(tmp_path, "strategies=[as_is]", "replicates=1", "keep=runs")
    capsys.readouterr()
    for sql in ("select * from silo_months", "select chain from runs"):
        assert "did not keep silo_months: run it again with 'keep=[runs,silo_months]'" in refused(tmp_path, sql, capsys)


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_a_file_that_cannot_be_written_is_one_line(
    name: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(made, "select * from runs", capsys, f"{name}={tmp_path / 'no' / 'folder'}.{name}")
    assert line.startswith(f"{name}: must be a file that can be written")
    assert "is for the answer to a query" in refused(made, "runs", capsys, f"{name}=x")


def test_an_error_while_reading_leaves_no_file(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "select case when month = 13 then cast(scenario as integer) end from months"
    assert refused(made, sql, capsys, f"csv={tmp_path / 'half.csv'}").startswith("query: ")
    assert list(tmp_path.iterdir()) == []


def total(path: Path) -> object:
    """What DuckDB reads."""
    try:
        return duckdb.sql(f"select sum({pq.read_schema(path).names[5]}) from '{path}'").fetchall()
    except duckdb.Error:
        return None


def changed_number(path: Path) -> None:
    """Change a byte so that DuckDB can still read the file, with another number in it."""
    content, before = path.read_bytes(), total(path)
    column = pq.read_metadata(path).row_group(0).column(5)
    for place in range(column.data_page_offset + column.total_compressed_size - 1, column.data_page_offset, -1):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x01]) + content[place + 1 :])
        if total(path) not in (None, before):
            return
    raise AssertionError("DuckDB notices every change")


def test_a_changed_byte_is_no_answer(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """DuckDB would answer with another number; query says what to do, and the study computes what is missing."""
    shard = sorted((copied / "store" / "months").glob("*.parquet"))[0]
    changed_number(shard)
    assert "held damaged files, 1 of which" in refused(copied, "select count(*) from months", capsys)
    assert not shard.exists() and shard.with_suffix(DAMAGED).exists()
    line = refused(copied, "select count(*) from months", capsys)
    assert "lacks" in line and "of 8 runs" in line and "ungridlock sweep organisation=small_firm" in line
    assert "12" in asked(copied, "select count(*) from runs", capsys)
    swept(copied, "strategies=[as_is,unlock,unlock]", VARIED, EVERYTHING, "experiment=test")
    capsys.readouterr()
    assert str(12 * 14) in asked(copied, "select count(*) from months", capsys)


def test_a_damaged_table_of_runs_is_no_answer(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed_number(copied / "out" / "runs.parquet")
    line = refused(copied, "select avg(npv) from runs", capsys)
    assert "holds a damaged file" in line and "run the study again" in line
    (copied / "out" / "runs.parquet").write_bytes(b"PAR1")
    assert "holds a damaged file" in refused(copied, "select avg(npv) from runs", capsys)


def test_a_store_that_has_moved(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copied / "store").rename(copied / "elsewhere")
    assert "if it has been moved, give its place with store=DIR" in refused(copied, "select * from months", capsys)
    words = ["query", f"output={copied / 'out'}", "select count(*) from months"]
    assert main([*words, f"store={copied / 'elsewhere'}"]) == 0
    assert main([*words[:2], f"store={copied / 'store'}", "select count(*) from runs"]) == 0


def test_a_store_of_another_model_can_be_read(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = copied / "store" / RECORD
    record.write_text(json.dumps({**json.loads(record.read_text()), "model": "another"}))
    assert str(12 * 14) in asked(copied, "select count(*) from months", capsys)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"keep": ["cake"], "store": "x", "command": "y"}', '{"keep": []}'])
def test_a_record_that_is_none_is_refused(text: str, copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copied / "out" / "experiment.json").write_text(text)
    assert "must be the record of a study" in refused(copied, "select 1", capsys)


def test_the_store_names_damaged_rows_in_place_of_leaving_them_out(copied: Path) -> None:
    store = open_store(copied / "store")
    shards = store.finished([Table.MONTHS])
    changed_number(sorted((copied / "store" / "months").glob("*.parquet"))[0])
    with pytest.raises(InputError, match="held a damaged file, which has been set aside"):
        store.read(Table.MONTHS, shards, list(shards.values()))
