"""The store: keys by content, shards that are whole or absent, one model only."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments.store import fingerprint as fingerprinting
from experiments.store import shard as sharding
from experiments.store.fingerprint import essence, fingerprint
from experiments.store.keys import life_key, run_key, scenario_key
from experiments.store.rows import Finished, Table, table_of
from experiments.store.shard import DAMAGED, read_shard, write_shard
from experiments.store.store import RECORD, open_store
from sim.errors import InputError
from sim.params.field import replace
from sim.params.scenario import Scenario
from sim.run import run
from tests.conftest import plan, shortened

ALL = (Table.RUNS, Table.MONTHS, Table.SILO_MONTHS, Table.EVENTS)


@pytest.fixture(scope="module")
def runs() -> list[Finished]:
    found = []
    for replicate, name in enumerate(("as_is", "unlock")):
        scenario = shortened("small_firm", {"months": 14, "burn_in": 12}).model_copy(update={"strategy": plan(name)})
        result = run(scenario, 1, replicate)
        key = run_key(life_key(scenario_key(scenario), 1, replicate), scenario.strategy, "simulated")
        found.append(Finished(key, scenario, 1, replicate, "simulated", result))
    return found


def test_a_key_follows_everything_that_decides_a_run(small_firm: Scenario) -> None:
    base = scenario_key(small_firm)
    assert base == scenario_key(replace(small_firm, {"months": small_firm.months}))
    changes = {"months": 19, "behaviour.sharing.conformity": 2.2, "organisation.employees.number": 121}
    moved = [replace(small_firm, {name: value}) for name, value in changes.items()]
    assert len({base, *map(scenario_key, moved)}) == 4
    lives = {life_key(base, seed, replicate) for seed in (1, 2) for replicate in (0, 1)}
    assert len(lives) == 4
    assert len({run_key(life, plan(name), kind) for life in lives for name in ("as_is", "unlock")
                for kind in ("simulated", "paper")}) == 16  # fmt: skip


def test_a_key_ignores_the_plan_of_the_scenario_it_forks_from(small_firm: Scenario) -> None:
    assert scenario_key(small_firm) == scenario_key(small_firm.model_copy(update={"strategy": plan("unlock")}))


def test_a_key_follows_the_content_of_a_retention_table_of_ones_own(small_firm: Scenario, tmp_path: Path) -> None:
    table = tmp_path / "retention.csv"
    keys = set()
    for text in ("one", "two"):
        table.write_text(text)
        keys.add(scenario_key(replace(small_firm, {"organisation.customers.retention_table": str(table)})))
    assert len(keys) == 2


def test_a_key_follows_the_model(small_firm: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    before = scenario_key(small_firm)
    monkeypatch.setattr("experiments.store.keys.fingerprint", lambda: "another")
    assert scenario_key(small_firm) != before


def test_fingerprint_follows_code_and_not_words() -> None:
    code = 'def f(x):\n    """Words."""\n    return x + 1  # why\n'
    assert essence(code) == essence(code.replace("Words", "Other words").replace("# why", "# because"))
    assert essence(code) != essence(code.replace("+ 1", "+ 2"))
    assert essence('class C:\n    """Only words."""\n') == essence("class C:\n    pass\n")


def test_fingerprint_covers_every_file_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(fingerprinting, "essence", lambda source: seen.append(source) or "")
    fingerprinting.fingerprint.__wrapped__()
    root = Path(fingerprinting.sim.__file__).parent
    assert {path.read_text() for path in root.rglob("*.py")} <= set(seen)
    assert len(seen) == len(list(root.rglob("*.py"))) + len(fingerprinting.ROWS)


def test_tables_hold_every_number_of_a_result(runs: list[Finished]) -> None:
    months = table_of(Table.MONTHS, runs).to_pandas()
    units = table_of(Table.SILO_MONTHS, runs).to_pandas()
    for run_ in runs:
        here, there = months[months["run"] == run_.key], units[units["run"] == run_.key]
        assert here["month"].tolist() == list(range(15))
        for name, series in run_.result.months.items():
            np.testing.assert_array_equal(here[name].to_numpy(), series)
        for k, silo in enumerate(run_.result.silos):
            part = there[there["silo"] == silo]
            assert part["month"].tolist() == list(range(15))
            for name, series in run_.result.silo_months.items():
                np.testing.assert_array_equal(part[name].to_numpy(), series[:, k])
    events = table_of(Table.EVENTS, runs)
    assert events.num_rows == sum(len(run_.result.events) for run_ in runs) > 0
    assert table_of(Table.EVENTS, runs[:1]).schema == events.schema


def test_a_stored_run_says_how_to_run_it_again(runs: list[Finished]) -> None:
    for row, run_ in zip(table_of(Table.RUNS, runs).to_pylist(), runs, strict=True):
        assert Scenario.model_validate_json(row["configuration"]) == run_.scenario
        assert (row["seed"], row["replicate"], row["kind"]) == (1, run_.replicate, "simulated")


def test_written_runs_are_found_and_read(runs: list[Finished], tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    write_shard(store.folder, runs, ALL)
    found = store.finished(ALL)
    assert set(found) == {run_.key for run_ in runs}
    table = store.read(Table.MONTHS, [runs[1].key], list(found.values()))
    assert set(table["run"]) == {runs[1].key} and len(table) == 15


def test_the_same_runs_in_two_shards_are_read_once(runs: list[Finished], tmp_path: Path) -> None:
    store = open_store(tmp_path)
    write_shard(tmp_path, runs, ALL)
    write_shard(tmp_path, runs[:1], ALL)
    shards = sorted((tmp_path / "runs").glob("*.parquet"))
    assert len(shards) == 2 and sorted(store.read(Table.RUNS, store.finished(ALL), shards)["run"]) == sorted(
        run_.key for run_ in runs
    )


def test_runs_without_a_table_that_is_wanted_are_not_finished(runs: list[Finished], tmp_path: Path) -> None:
    store = open_store(tmp_path)
    write_shard(tmp_path, runs, [Table.MONTHS])
    assert len(store.finished([Table.MONTHS])) == 2 and store.finished([Table.EVENTS]) == {}


@pytest.mark.parametrize("table", ALL)
def test_a_truncated_shard_is_set_aside(table: Table, runs: list[Finished], tmp_path: Path) -> None:
    store = open_store(tmp_path)
    name = write_shard(tmp_path, runs, ALL)
    path = tmp_path / table / f"{name}.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    assert store.finished(ALL) == {} and store.damaged == 1
    assert not path.exists() and path.with_suffix(DAMAGED).exists()
    write_shard(tmp_path, runs, ALL)
    assert len(store.finished(ALL)) == 2


def test_a_changed_byte_is_noticed(runs: list[Finished], tmp_path: Path) -> None:
    path = tmp_path / "months" / f"{write_shard(tmp_path, runs, ALL)}.parquet"
    content = bytearray(path.read_bytes())
    column = pq.read_metadata(path).row_group(0).column(5)
    content[column.data_page_offset + column.total_compressed_size - 8] ^= 0xFF
    path.write_bytes(content)
    assert read_shard(path) is None and path.with_suffix(DAMAGED).exists()


def test_a_full_disk_leaves_nothing_half_written(
    runs: list[Finished], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sharding.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_shard(tmp_path, runs, ALL)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_store_of_another_model_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path)
    record = json.loads((tmp_path / RECORD).read_text())
    assert record["model"] == fingerprint()
    (tmp_path / RECORD).write_text(json.dumps({**record, "model": "0123456789abcdef", "ungridlock": "0.0.9"}))
    with pytest.raises(InputError, match=r"store: must be made by this version.*0\.0\.9, model 0123.*store=DIR"):
        open_store(tmp_path)


@pytest.mark.parametrize("content", ["{}", "not json", "[]"])
def test_a_damaged_record_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / RECORD).write_text(content)
    with pytest.raises(InputError, match="must be made by this version"):
        open_store(tmp_path)


def test_a_folder_of_something_else_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="must be a store or an empty folder"):
        open_store(tmp_path)
    with pytest.raises(InputError, match="must be a store"):
        open_store(tmp_path / "nowhere", create=False)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_store_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="can be written"):
        open_store(tmp_path / "store")


def test_tables_are_the_same_whatever_the_shards(runs: list[Finished], tmp_path: Path) -> None:
    together, apart = open_store(tmp_path / "a"), open_store(tmp_path / "b")
    write_shard(together.folder, runs, ALL)
    for run_ in runs:
        write_shard(apart.folder, [run_], ALL)
    tables = [
        store.read(Table.MONTHS, keys := store.finished(ALL), list(keys.values())).sort_values(["run", "month"])
        for store in (together, apart)
    ]
    pd.testing.assert_frame_equal(*[table.reset_index(drop=True) for table in tables])
