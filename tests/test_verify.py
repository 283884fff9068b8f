"""`ungridlock verify`: what is stored comes out again bit by bit, and what does not is named."""

from __future__ import annotations

import json
import pickle
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.cli import main
from experiments.fan_out import WorkerDied
from experiments.interruption import Interrupted
from experiments.store.rows import Table
from experiments.store.store import RECORD
from experiments.verification import again, command
from experiments.verification.bits import first_difference
from experiments.verification.choice import Batch, batches, chosen
from experiments.verification.command import versions_in
from experiments.verification.settings import read_settings
from sim.errors import InputError
from sim.params.scenario import Scenario
from tests.small_study import EVERYTHING, VARIED, swept


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    swept(folder, "strategies=[as_is,unlock]", VARIED, EVERYTHING, "unknowns=prior")
    return folder


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """The same to be changed; its store is where the study does not look."""
    for name in ("out", "store"):
        shutil.copytree(made / name, tmp_path / name)
    return tmp_path


def verified(folder: Path, status: int, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    words = (f"output={folder / 'out'}", f"store={folder / 'store'}", "compute.engine=here", "quiet=true", *words)
    assert main(["verify", *words]) == status
    captured = capsys.readouterr()
    return captured.err if status == 2 else captured.out


# --- the same ---------------------------------------------------------------------------------------------------------


def test_every_stored_run_comes_out_again(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = verified(made, 0, capsys, "runs=all")
    assert text == "8 of 8 stored runs are the same bit for bit (the study has 8).\n"


def test_some_are_drawn_by_lot(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verified(made, 0, capsys, "runs=3", "seed=2").startswith("3 of 3 stored runs are the same")
    assert verified(made, 0, capsys, "point=1", "scenario=unlock").startswith("2 of 2 stored runs are the same")
    assert verified(made, 0, capsys, "point=1", "runs=1").startswith("1 of 1 stored run is the same")


def places(number: int) -> pd.DataFrame:
    rows = np.arange(number)
    return pd.DataFrame(
        {"run": [f"k{r}" for r in rows], "point": rows // 4, "scenario": np.where(rows % 2, "a", "b"),
         "replicate": rows // 2 % 2}
    )  # fmt: skip


def test_the_lot_has_a_seed_and_draws_none_twice() -> None:
    drawn = [list(chosen(places(100), read_settings(["runs=10", f"seed={seed}"]))["run"]) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2] and len(set(drawn[0])) == 10
    lots = [chosen(places(20), read_settings(["runs=4", f"seed={seed}"])) for seed in range(60)]
    assert {key for lot in lots for key in lot["run"]} == {f"k{r}" for r in range(20)}


def test_runs_can_be_named() -> None:
    def keys(*words: str) -> list[str]:
        return list(chosen(places(16), read_settings(words))["run"])

    assert keys("point=3", "scenario=a", "replicate=0") == ["k13"]
    assert keys("run=k1") == ["k1", *(f"k{r}" for r in range(10, 16))]
    assert keys("runs=all") == keys("runs=99") == [f"k{r}" for r in range(16)]
    assert keys("point=3", "runs=all") == ["k12", "k13", "k14", "k15"] and len(keys("point=3", "runs=2")) == 2
    assert len(keys()) == 5
    with pytest.raises(InputError, match=r"the study has no such run; got point=9, scenario=a"):
        keys("point=9", "scenario=a")


def test_a_run_that_stands_at_two_places_is_verified_once() -> None:
    twice = pd.concat([places(4), places(4).assign(point=7)], ignore_index=True)
    assert list(chosen(twice, read_settings(["runs=all"]))["run"]) == ["k0", "k1", "k2", "k3"]


def test_batches_split_no_life_and_no_shard() -> None:
    table = places(64)
    shards = {f"k{r}": Path(f"s{r // 16}.parquet") for r in range(64)}
    found = batches(table, shards, workers=2)
    assert sorted(key for batch in found for key in batch.keys) == sorted(table["run"])
    assert len(found) >= 4
    for batch in found:
        assert {shards[key].name for key in batch.keys} == {batch.shard}
        assert all(f"k{int(key[1:]) ^ 1}" in batch.keys for key in batch.keys)  # the other plan of the life


def test_work_can_be_sent_to_other_processes() -> None:
    call = partial(again.verify, Path("store"), (Table.RUNS,))
    assert pickle.loads(pickle.dumps((call, Batch("s", ("k",)))))[1] == Batch("s", ("k",))


# --- not the same -----------------------------------------------------------------------------------------------------


def rewrite(folder: Path, table: Table, change: Callable[[pd.DataFrame], None]) -> None:
    """Change a shard with its checksums, as another model would have written it."""
    path = sorted((folder / "store" / table).glob("*.parquet"))[0]
    stored = pq.read_table(path)
    content = stored.to_pandas()
    change(content)
    columns = [pa.array(content[name].to_numpy(), stored.schema.field(name).type) for name in stored.column_names]
    pq.write_table(pa.table(columns, schema=stored.schema), path, write_page_checksum=True)


def next_bit(name: str, row: int) -> Callable[[pd.DataFrame], None]:
    def change(content: pd.DataFrame) -> None:
        content.loc[row, name] = np.nextafter(content.loc[row, name], np.inf)

    return change


def other_text(content: pd.DataFrame) -> None:
    content.loc[0, "text"] = "something else"


@pytest.mark.parametrize(
    ("table", "change", "expected"),
    [
        (Table.MONTHS, next_bit("churn", 7), r"months: churn in month 7: stored 0\.\d+, now 0\.\d+"),
        (Table.SILO_MONTHS, next_bit("belief", 4), r"silo_months: belief in month 1, silo service: stored"),
        (Table.RUNS, next_bit("npv", 0), r"runs: npv: stored"),
        (Table.EVENTS, other_text, r"events: text in month \d+: stored 'something else', now '"),
    ],
)
def test_the_last_bit_of_one_number_is_found(
    table: Table, change: Callable[[pd.DataFrame], None], expected: str, copied: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    rewrite(copied, table, change)
    text = verified(copied, 1, capsys, "runs=all")
    assert text.startswith("7 of 8 stored runs are the same bit for bit")
    line = text.splitlines()[1]
    assert re.search(r"point \d, \w+, replicate \d \(run [0-9a-f]{32}\): " + expected, line), line
    assert "The packages are the same" in text


@pytest.mark.parametrize(
    ("stored", "new", "expected"),
    [
        ([1.0, float("nan")], [1.0, -float("nan")], ""),
        ([1.0, float("nan")], [1.0, 2.0], "x in month 1: stored nan, now 2.0"),
        ([0.0, 1.0], [-0.0, 1.0], "x in month 0: stored 0.0, now -0.0"),
        ([1, 2], [1, 3], "x in month 1: stored 2, now 3"),
        ([1.0, 2.0], [1, 2], "x is stored as double, comes out as int64"),
        (["a", "b"], ["a", "c"], "x in month 1: stored 'b', now 'c'"),
        ([1.0, None], [1.0, float("nan")], "x in month 1: stored None, now nan"),
    ],
)
def test_what_counts_as_different(stored: list[object], new: list[object], expected: str) -> None:
    tables = [pa.table({"month": [0, 1], "x": pa.array(values)}) for values in (stored, new)]
    assert first_difference(*tables) == expected


def test_other_columns_and_rows_are_different() -> None:
    one = pa.table({"a": [1], "b": [2]})
    assert first_difference(one, pa.table({"a": [1], "c": [2]})) == "b is stored only, c is not stored"
    assert first_difference(one, pa.table({"b": [2], "a": [1]})) == "columns stand in another order"
    assert first_difference(one, one.slice(0, 0)) == "1 rows are stored, 0 come out now"


def test_a_run_that_is_not_that_of_its_key_is_named(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(content: pd.DataFrame) -> None:
        other = Scenario.model_validate_json(content.loc[0, "configuration"]).model_copy(update={"months": 14})
        content.loc[0, "configuration"] = other.model_dump_json()

    rewrite(copied, Table.RUNS, change)
    assert "its key is not that of its configuration" in verified(copied, 1, capsys, "runs=all")


def test_a_configuration_that_is_not_valid_is_named(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(content: pd.DataFrame) -> None:
        content.loc[0, "configuration"] = "{}"

    rewrite(copied, Table.RUNS, change)
    assert "its configuration is not valid" in verified(copied, 1, capsys, "runs=all")


def test_a_run_that_raises_is_named(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("experiments.evaluation.chunk.follow", broken)
    assert "cannot be run: ZeroDivisionError: by zero" in verified(made, 1, capsys, "runs=1")


def test_runs_that_are_no_longer_stored_are_named(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sorted((copied / "store" / "months").glob("*.parquet"))[0].unlink()
    text = verified(copied, 1, capsys, "runs=all")
    assert "is not in the store; run the study again" in text and "of 8 stored runs" in text


def test_a_damaged_shard_is_named_and_set_aside(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sorted((copied / "store" / "months").glob("*.parquet"))[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)
    assert "the file of its months is damaged and has been set aside" in verified(copied, 1, capsys, "runs=all")
    assert not path.exists()


def test_a_dead_worker_is_named(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def dies(*_: object) -> None:
        raise WorkerDied("its worker process died")

    monkeypatch.setattr(command, "spread", dies)
    text = verified(made, 1, capsys, "runs=2")
    assert text.startswith("0 of 2") and "could not be compared: its worker process died" in text


def test_an_interrupted_verification_says_what_it_compared(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(call, jobs, settings, take, what, runs) -> None:  # type: ignore[no-untyped-def]  # noqa: PLR0917
        take(jobs[0], call(jobs[0]))
        raise Interrupted(1, len(jobs))

    monkeypatch.setattr(command, "spread", interrupted)
    words = [f"output={made / 'out'}", "compute.workers=2", "runs=all"]
    assert main(["verify", *words]) == 130
    captured = capsys.readouterr()
    assert captured.out.startswith("2 of 2 stored runs are the same")
    assert captured.err == "ungridlock: interrupted, compared 2 of 8 runs\n"


def test_other_packages_are_named(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = copied / "out" / "experiment.json"
    told = json.loads(record.read_text())
    record.write_text(json.dumps({**told, "with": ["ungridlock 0.1.0", "seed 1", "Python 3.13.0, numpy 1.0.0"]}))
    assert "Made with numpy 1.0.0, now " in verified(copied, 0, capsys, "runs=1")
    assert versions_in(told["with"]).keys() >= {"ungridlock", "Python", "numpy", "numba"}


def test_another_model_is_refused(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = copied / "store" / RECORD
    record.write_text(json.dumps({**json.loads(record.read_text()), "model": "another"}))
    assert verified(copied, 2, capsys).startswith("store: must be made by this version of the model")


def test_a_comparison_keeps_no_store(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copied / "out" / "experiment.json").unlink()
    assert verified(copied, 2, capsys).startswith("output: must be the folder of a study")
