"""The data dictionary: every column that is stored is described, and nothing that is not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments.cli import main
from experiments.querying.folder import open_folder
from experiments.querying.views import connect
from experiments.store.answers import ABOUT_ANSWERS, ANSWERS
from experiments.store.dictionary import (
    ABOUT_COMPARISON,
    ABOUT_STUDY,
    COLUMNS,
    KEYS,
    RUN_KEYS,
    tables_of_comparison,
    tables_of_study,
)
from experiments.store.rows import Table
from experiments.tables import HEADLINES, Tables
from sim.measures.indices import INDICES
from sim.measures.organisation import MEASURES
from sim.measures.silo import SILO_MEASURES
from sim.params.scenario import Scenario
from sim.run import Variant, run_variants
from tests.conftest import plan
from tests.small_study import EVERYTHING, SMALL, VARIED, swept

FACTOR = "behaviour.sharing.conformity"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    there = tmp_path_factory.mktemp("dictionary")
    return swept(there, "strategies=[unlock]", VARIED, "vary.norms=[guarded,open]", EVERYTHING)


@pytest.fixture(scope="module")
def described(folder: Path) -> dict[str, list[str]]:
    table = pd.read_csv(folder / "dictionary.csv", keep_default_na=False)
    assert list(table.columns) == COLUMNS
    return {str(name): list(part["column"]) for name, part in table.groupby("table", sort=False)}


@pytest.mark.parametrize("table", [Table.MONTHS, Table.SILO_MONTHS, Table.EVENTS])
def test_every_column_of_a_shard_is_described_and_no_other(
    table: Table, folder: Path, described: dict[str, list[str]]
) -> None:
    shard = next((folder.parent / "store" / table).glob("*.parquet"))
    keys = [name for name in RUN_KEYS if name != "run"]
    assert pq.read_schema(shard).names == [name for name in described[table] if name not in keys]


def test_a_shard_of_runs_is_described_by_runs_and_configurations(
    folder: Path, described: dict[str, list[str]]
) -> None:
    stored = set(pq.read_schema(next((folder.parent / "store" / "runs").glob("*.parquet"))).names)
    known = {*described["runs"], *described["configurations"]} - {"life"}
    assert stored == known - ({"experiment", "point", "scenario", "world", FACTOR, "norms"})


@pytest.mark.parametrize("table", list(ABOUT_STUDY))
def test_every_view_has_the_columns_described_in_their_order(
    table: str, folder: Path, described: dict[str, list[str]]
) -> None:
    with connect(open_folder(folder), [table], Path()) as connection:
        assert [row[0] for row in connection.execute(f"describe {table}").fetchall()] == described[table]


def test_every_table_of_a_study_is_described(folder: Path, described: dict[str, list[str]]) -> None:
    assert list(described) == list(ABOUT_STUDY) == open_folder(folder).tables[: len(ABOUT_STUDY)]


def test_tables_that_are_not_kept_are_not_described(tmp_path: Path) -> None:
    table = pd.read_csv(swept(tmp_path, "strategies=[as_is]", "replicates=1", "keep=runs") / "dictionary.csv")
    assert list(table["table"].unique()) == ["runs", "points", "configurations"]


def test_a_horizon_that_is_varied_stands_once(tmp_path: Path) -> None:
    out = swept(tmp_path, "strategies=[as_is]", "replicates=1", "vary.months=[12,14]")
    runs, table = pd.read_parquet(out / "runs.parquet"), pd.read_csv(out / "dictionary.csv")
    assert runs["months"].tolist() == [12, 14] and runs["npv"].notna().all()
    assert list(table[table["table"] == "runs"]["column"]) == list(runs.columns)
    assert len(pd.read_parquet(out.parent / "store" / "months").groupby("run")) == 2


def test_factors_have_their_unit_and_meaning(folder: Path) -> None:
    table = pd.read_csv(folder / "dictionary.csv", keep_default_na=False).set_index(["table", "column"])
    for name in ("runs", "points"):
        assert table.loc[(name, FACTOR), "unit"] == "logit" and "neighbours" in table.loc[(name, FACTOR), "meaning"]
        assert table.loc[(name, "norms"), "meaning"] == "factor: entry of the group norms"


def test_tables_of_compare_and_run_are_described(small_firm: Scenario) -> None:
    tables = Tables(0.01)
    variants = [Variant("unlock", plan("unlock"))]
    tables.add(variants[0], 0, 0, run_variants(small_firm, variants, 1, 0)[0])
    frames = tables.frames(["unlock"])
    known = tables_of_comparison()
    assert list(known) == list(frames) == list(ABOUT_COMPARISON)
    assert {name: list(frame.columns) for name, frame in frames.items()} == {n: list(c) for n, c in known.items()}


def test_every_entry_has_a_meaning_and_every_measure_a_unit() -> None:
    for tables in (tables_of_study({}), tables_of_comparison()):
        for columns in tables.values():
            assert all(meaning and better in (-1, 0, 1) for _, better, meaning in columns.values())
            measures = columns.keys() & {*MEASURES, *INDICES, *SILO_MEASURES, *HEADLINES} - KEYS.keys()
            assert all(columns[name][0] for name in measures)


def test_meanings_are_those_of_the_declarations() -> None:
    study = tables_of_study({})
    assert study["months"]["churn"] == MEASURES["churn"] and study["months"]["cemm"] == INDICES["cemm"]
    assert study["silo_months"]["chain"] == SILO_MEASURES["chain"]
    assert study["silo_months"]["barrett"] == INDICES["barrett"]
    unit, better, meaning = study["runs"]["churn"]
    assert (unit, better) == MEASURES["churn"][:2] and meaning.endswith("; mean of the last 12 months")


ANALYSES = {
    "screen": ["samples=2", VARIED],
    "sobol": ["samples=4", VARIED],
    "plan-reps": ["replicates=4", "sizes=[8,16]"],
    "optimise": ["replicates=4", "holdout=4", "trials=4", "batch=2", "finalists=1", "budget=1", "levers=[initiatives]",
                 "shipped=false"],
    "regret": ["samples=4"],
}  # fmt: skip
MORE = {  # columns that belong to the design, the levers or the settings
    "replication": {"detectable_4", "detectable_8", "detectable_16"}, "values": {"world", "luck"},
}  # fmt: skip


@pytest.mark.parametrize("verb", ANALYSES)
def test_every_column_of_an_answer_is_described_and_no_other(verb: str, tmp_path: Path) -> None:
    words = [*SMALL, f"output={tmp_path}", f"store={tmp_path / 'store'}", "strategies=[as_is,unlock]", *ANALYSES[verb]]
    assert main([verb, *words]) == 0
    answers = {path.stem: set(pd.read_csv(path).columns) for path in tmp_path.glob("*.csv")}
    answers = {name: columns for name, columns in answers.items() if name not in ("points", "dictionary")}
    assert answers and answers.keys() <= ANSWERS.keys()
    factors = set(pd.read_csv(tmp_path / "points.csv").columns) - {"point"}
    for name, columns in answers.items():
        wanted = {column for column in ANSWERS[name] if column != "detectable_N"}
        more = columns - wanted - MORE.get(name, set())
        assert wanted <= columns
        assert more <= factors or (name == "trials" and all(column.startswith("do.") for column in more))
    assert open_folder(tmp_path).dictionary().keys() >= {(n, c) for n, columns in ANSWERS.items() for c in columns}


def test_every_answer_says_what_it_is() -> None:
    assert ABOUT_ANSWERS.keys() == ANSWERS.keys()
    assert all(entry[2] for columns in ANSWERS.values() for entry in columns.values())
