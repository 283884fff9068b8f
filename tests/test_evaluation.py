"""Evaluation: nothing twice, nothing lost, and everything that is missing has a name."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from experiments import fan_out
from experiments.evaluation import chunk as chunking
from experiments.evaluation import evaluate as evaluating
from experiments.evaluation.chunk import Done, Target, compute_chunk
from experiments.evaluation.chunks import Paced
from experiments.evaluation.forecast import forecast, in_words
from experiments.evaluation.settings import StudySettings
from experiments.evaluation.study import MISSING, RUNS, Incomplete, Resumable, Study, open_study, run_study
from experiments.evaluation.wanted import Life, Wanted
from experiments.fan_out.engine import DIED
from experiments.interruption import WorkerDied
from experiments.progress import Progress
from experiments.store.shard import read_shard
from experiments.store.store import Store, open_store
from sim.errors import InputError

WORDS = ("organisation=small_firm", "months=3", "burn_in=12", "quiet=true", "strategies=[as_is,unlock]", "replicates=3",
         "organisation.customers.number=200", "vary.behaviour.sharing.conformity=[1.0,2.0]")  # fmt: skip
LONG = ("months=150", "replicates=30")
POISON = 1.0, 2  # conformity and replicate of the life that does harm in these tests


def study(folder: Path, *words: str, store: str = "store") -> Study[StudySettings]:
    here = [f"output={folder / 'out'}", f"store={folder / store}", "compute=one_core"]
    return open_study("sweep", StudySettings, [*WORDS, *here, *words])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The table of runs of an undisturbed study."""
    one = study(tmp_path_factory.mktemp("undisturbed"))
    run_study(one)
    return (one.output / RUNS).read_bytes()


def table(one: Study[StudySettings]) -> bytes:
    return (one.output / RUNS).read_bytes()


def harmful(life: Life) -> bool:
    return (life.scenario.behaviour.sharing.conformity, life.replicate) == POISON


def raising(original: object, scenario: object, seed: int, replicate: int) -> object:
    if (scenario.behaviour.sharing.conformity, replicate) == POISON:  # type: ignore[attr-defined]
        raise ValueError("no such luck\nand more")
    return original(scenario, seed, replicate)  # type: ignore[operator]


def deadly_chunk(target: Target, lives: list[Life]) -> Done:
    """A worker that dies of one life, each time."""
    if any(harmful(life) for life in lives):
        os.kill(os.getpid(), signal.SIGKILL)
    return compute_chunk(target, lives)


def mortal_chunk(target: Target, lives: list[Life]) -> Done:
    """A worker that dies of one life, the first time."""
    mark = target.folder / "died"
    if any(harmful(life) for life in lives) and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return compute_chunk(target, lives)


def test_every_run_is_there_with_its_keys(tmp_path: Path, undisturbed: bytes) -> None:
    one = study(tmp_path)
    found = run_study(one)
    assert table(one) == undisturbed
    assert list(found.columns[:7]) == ["experiment", "point", "behaviour.sharing.conformity", "scenario", "replicate",
                                       "world", "run"]  # fmt: skip
    keys = found[["point", "replicate", "scenario"]].to_numpy().tolist()
    assert keys == [[p, r, s] for p in (0, 1) for r in (0, 1, 2) for s in ("as_is", "unlock")]
    assert not found["npv"].isna().any() and found["run"].nunique() == 12


def test_nothing_is_computed_twice(tmp_path: Path, undisturbed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    run_study(study(tmp_path, "replicates=2"))
    computed: list[tuple[float, int, int]] = []

    def counted(target: Target, lives: list[Life]) -> Done:
        conformity = [life.scenario.behaviour.sharing.conformity for life in lives]
        computed.extend((c, life.replicate, len(life.futures)) for c, life in zip(conformity, lives, strict=True))
        return compute_chunk(target, lives)

    monkeypatch.setattr(evaluating, "compute_chunk", counted)
    one = study(tmp_path)
    run_study(one)
    assert computed == [(1.0, 2, 2), (2.0, 2, 2)] and table(one) == undisturbed
    computed.clear()
    run_study(study(tmp_path, "strategies=[as_is,technology_only]", "vary.behaviour.sharing.conformity=[2.0]"))
    assert computed == [(2.0, r, 1) for r in range(3)], "only the new plan, only where it is new"


def test_more_tables_than_before_are_computed(tmp_path: Path) -> None:
    run_study(study(tmp_path, "keep=runs"))
    assert not (tmp_path / "store" / "months").exists()
    run_study(study(tmp_path))
    store = open_store(tmp_path / "store")
    assert len(store.finished(study(tmp_path).settings.keep)) == 12


def test_a_run_that_raises_costs_nothing_else(
    tmp_path: Path, undisturbed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(chunking, "burn_in", partial(raising, chunking.burn_in))
        one = study(tmp_path)
        with pytest.raises(Incomplete, match="kept 10 of 12 runs; 2 are missing") as stopped:
            run_study(one)
    assert "ValueError: no such luck: 2 runs, first point 0, behaviour.sharing.conformity 1, scenario as_is" in str(
        stopped.value
    )
    missing = pd.read_csv(one.output / MISSING)
    assert set(missing["replicate"]) == {2} and len(missing) == 2
    assert len(pd.read_parquet(one.output / RUNS)) == 10
    run_study(study(tmp_path))
    assert table(one) == undisturbed and not (one.output / MISSING).exists()


def test_answers_of_an_earlier_study_do_not_stay_beside_incomplete_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = study(tmp_path, "replicates=2")
    run_study(one)
    (one.output / "figures").mkdir()
    for name in ("screen.csv", "figures/old.png", "notes.txt"):
        (one.output / name).write_text("of before")
    with monkeypatch.context() as patch:
        patch.setattr(chunking, "burn_in", partial(raising, chunking.burn_in))
        with pytest.raises(Incomplete, match="Answers of earlier studies are in"):
            run_study(study(tmp_path))
    kept = {RUNS, "points.csv", "experiment.json", "dictionary.csv", "configuration.yaml", MISSING, "earlier"}
    assert {path.name for path in one.output.iterdir()} == kept | {"notes.txt"}, "a file of the user's own stays"
    assert {path.name for path in (one.output / "earlier").iterdir()} == {"screen.csv", "figures"}
    (one.output / "screen.csv").write_text("complete")
    run_study(study(tmp_path))
    assert (one.output / "screen.csv").exists() and not (one.output / MISSING).exists()


def test_an_interruption_looks_at_the_store_a_few_times_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    original = Store.finished
    monkeypatch.setattr(Store, "finished", lambda store, keep: looked.append(keep) or original(store, keep))
    monkeypatch.setattr(evaluating, "compute_chunk", interrupted_at_once)
    with pytest.raises(Resumable, match="kept 0 of 12"):
        run_study(study(tmp_path))
    assert len(looked) < 4


def interrupted_at_once(*_: object) -> Done:
    raise KeyboardInterrupt


def test_an_evaluation_reads_every_shard_once_and_removes_what_killed_writers_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_study(study(tmp_path, "replicates=2"))
    months = tmp_path / "store" / "months"
    left, written = months / "a.1.part", months / "b.2.part"
    for path in (left, written):
        path.write_bytes(b"half")
    os.utime(left, (0, 0))
    reads: list[str] = []

    def counting(path: Path, columns: object = None) -> object:
        reads.append(path.name)
        return read_shard(path, columns)  # type: ignore[arg-type]

    monkeypatch.setattr("experiments.store.store.read_shard", counting)
    one = study(tmp_path)
    evaluating.evaluate(one.wanted, open_store(one.settings.store), one.settings.keep, one.job.settings, "runs")
    assert len(reads) == len(set(reads)) == shards(tmp_path) > 1
    assert written.exists() and not left.exists(), "another study may still be writing a fresh one"


def test_a_future_that_raises_costs_no_other_future(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = chunking.fork

    def fails(origin: object, variant: object) -> object:
        if variant.strategy.unlock.negotiate > 0:  # type: ignore[attr-defined]
            raise RuntimeError("stuck")
        return original(origin, variant)  # type: ignore[arg-type]

    monkeypatch.setattr(chunking, "fork", fails)
    with pytest.raises(Incomplete, match="kept 6 of 12"):
        run_study(study(tmp_path))


@pytest.mark.parametrize(("call", "kept"), [(deadly_chunk, 10), (mortal_chunk, 12)])
def test_a_worker_that_dies(
    call: object, kept: int, tmp_path: Path, undisturbed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = study(tmp_path, "compute=local", "compute.workers=2")
    with monkeypatch.context() as patch:
        patch.setattr(evaluating, "compute_chunk", call)
        missing = evaluating.evaluate(one.wanted, open_store(tmp_path / "store"), one.settings.keep, one.job.settings,
                                      "runs").missing  # fmt: skip
    assert len(missing) == 12 - kept and set(missing.values()) <= {DIED}
    assert {(one.wanted.named(key)["point"], one.wanted.named(key)["replicate"]) for key in missing} <= {(0, 2)}
    run_study(study(tmp_path))
    assert table(one) == undisturbed


def test_a_full_disk_stops_the_study_and_says_so(
    tmp_path: Path, undisturbed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = chunking.write_shard
    left = [2]

    def full(folder: Path, runs: object, keep: object) -> str:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        return written(folder, runs, keep)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(chunking, "write_shard", full)
        patch.setattr(Paced, "_size", lambda _: 1)
        with pytest.raises(Incomplete, match="kept 4 of 12 runs; 8 are missing") as stopped:
            run_study(study(tmp_path))
    assert "could not be saved: no space left on device" in str(stopped.value) and left == [-1], "tried once more only"
    one = study(tmp_path)
    run_study(one)
    assert table(one) == undisturbed


def test_truncated_shards_are_computed_again(tmp_path: Path, undisturbed: bytes) -> None:
    one = study(tmp_path)
    run_study(one)
    shard = sorted((tmp_path / "store" / "runs").glob("*.parquet"))[0]
    shard.write_bytes(shard.read_bytes()[:300])
    (one.output / RUNS).unlink()
    again = study(tmp_path)
    run_study(again)
    assert table(again) == undisturbed


def test_interrupted_studies_go_on(tmp_path: Path, undisturbed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def interrupted(target: Target, lives: list[Life]) -> Done:
        calls.append(lives)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return compute_chunk(target, lives)

    with monkeypatch.context() as patch:
        patch.setattr(evaluating, "compute_chunk", interrupted)
        patch.setattr(Paced, "_size", lambda _: 1)
        with pytest.raises(Resumable, match="kept 4 of 12 runs; run the same command"):
            run_study(study(tmp_path))
    one = study(tmp_path)
    run_study(one)
    assert table(one) == undisturbed


def test_a_worker_with_another_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunking, "fingerprint", lambda: "another")
    with pytest.raises(InputError, match="workers must have the model of the store"):
        run_study(study(tmp_path))


def command(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "experiments.cli", "sweep", *[w for w in WORDS if "quiet" not in w], *words,
            f"output={folder / 'out'}", f"store={folder / 'store'}", "compute.workers=2"]  # fmt: skip


def shards(folder: Path) -> int:
    return len(list((folder / "store" / "runs").glob("*.parquet")))


def started(folder: Path, enough: int) -> subprocess.Popen[str]:
    """A study in a process of its own that has finished some shards."""
    process = subprocess.Popen(command(folder, *LONG, "compute.chunk_seconds=0.001"), text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)  # fmt: skip
    for _ in range(2400):
        if shards(folder) >= enough or process.poll() is not None:
            break
        time.sleep(0.05)
    return process


@pytest.fixture(scope="module")
def long_undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("long")
    subprocess.run(command(folder, *LONG), check=True, capture_output=True)
    return (folder / "out" / RUNS).read_bytes()


@pytest.mark.parametrize("deadly", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_command_goes_on_where_it_was(deadly: signal.Signals, tmp_path: Path, long_undisturbed: bytes) -> None:
    process = started(tmp_path, 2)
    process.send_signal(deadly)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == {signal.SIGKILL: -9, signal.SIGINT: 130}[deadly], errors
    assert ("run the same command to go on" in errors) == (deadly is signal.SIGINT)
    assert 2 <= shards(tmp_path) < 60
    again = subprocess.run(command(tmp_path, *LONG), check=True, capture_output=True, text=True)
    assert (tmp_path / "out" / RUNS).read_bytes() == long_undisturbed
    assert again.stdout.splitlines()[1].startswith("2 points x 2 plans x 30 replicates")


def test_workers_leave_with_their_parent(tmp_path: Path) -> None:
    process = started(tmp_path, 1)
    process.kill()
    process.communicate(timeout=60)
    for _ in range(100):
        left = subprocess.run(["pgrep", "-g", str(process.pid)], check=False, capture_output=True, text=True)
        left = left.stdout.split()
        if not left:
            break
        time.sleep(0.1)
    assert left == []


def test_chunks_grow_to_the_seconds_asked_for_and_shrink_at_the_end(tmp_path: Path) -> None:
    one = study(tmp_path, "replicates=50")
    chunks = Paced(one.wanted, one.wanted.lives(set(one.wanted.runs)), 1.0)
    sizes = []
    for number, lives in enumerate(chunks):
        sizes.append(len(lives))
        chunks.back(number, 0.1 * len(lives))
    assert sizes[:2] == [1, 10] and sizes[-1] == 1 and sum(sizes) == 100
    assert sizes[1:] == sorted(sizes[1:], reverse=True)


def test_plans_of_a_life_share_its_burn_in(tmp_path: Path) -> None:
    one = study(tmp_path)
    lives = one.wanted.lives(set(one.wanted.runs))
    assert [len(keys) for keys in lives] == [2] * 6
    life = one.wanted.life(lives[5])
    assert (life.scenario.behaviour.sharing.conformity, life.replicate, len(life.futures)) == (2.0, 2, 2)


def test_a_dummy_factor_costs_nothing_and_luck_chooses_another_life(tmp_path: Path) -> None:
    wanted: Wanted = study(tmp_path, "vary.dummy=[0.1,0.9]", "vary.luck=[0.0,0.5]", "replicates=1").wanted
    assert len(wanted.table) == 16 and len(wanted.runs) == 8
    assert {wanted.life(keys).replicate for keys in wanted.lives(set(wanted.runs))} == {0, 5_120_000}


def test_a_dry_run_counts_and_stores_nothing(tmp_path: Path) -> None:
    one = study(tmp_path)
    found = forecast(one)
    assert (found.points, found.runs, found.different, found.known) == (2, 12, 12, 0)
    assert found.seconds > 0 and found.bytes > 0 and not (tmp_path / "store").exists()
    run_study(one)
    after = forecast(study(tmp_path))
    assert (after.known, after.seconds, after.bytes) == (12, 0.0, 0.0)
    assert "12 are in the store, 0 to compute" in in_words(after)


@pytest.mark.parametrize("keep", ["runs", "[runs,months]"])
def test_disk_is_foretold_within_a_factor_of_two(keep: str, tmp_path: Path) -> None:
    """What runs have in common is packed once per shard, so that a run by itself says nothing about many."""
    one = study(tmp_path, "replicates=20", f"keep={keep}", "compute.chunk_seconds=60")
    foretold = forecast(one).bytes
    run_study(one)
    taken = sum(path.stat().st_size for path in (tmp_path / "store").rglob("*.parquet"))
    assert taken / 2 < foretold < 2 * taken


def test_progress_is_plain_in_logs_and_silent_when_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    for quiet in (True, False):
        with Progress(10, "runs", quiet, before=2) as progress:
            progress.told -= 60
            progress.began -= 60
            progress.add(4)
        shown = capsys.readouterr().err
        assert shown == ("" if quiet else "runs: 6 of 10, 0.0667 per second, 01:00 left\n")


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(fan_out, "find_spec", lambda _: None)
    yield


def test_progress_is_a_bar_on_terminals_that_do_not_know_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with Progress(20, "sweep", False) as progress:
            time.sleep(0.2)
            progress.add(5)
            shown = b""
            for _ in range(100):
                ready, _, _ = select.select([ours], [], [], 0.1)
                shown += os.read(ours, 4096) if ready else b""
                if b"5/20" in shown:
                    break
    assert re.search(rb"sweep:  25%.*5/20 \[.*run/s\]", shown)
    os.close(ours)


@pytest.mark.usefixtures("never")
def test_a_missing_extra_is_one_line() -> None:
    with pytest.raises(InputError, match=r"compute\.engine: needs the extra ray; got 'ray'; uv sync --extra ray"):
        fan_out.engine_of(fan_out.EngineName.RAY)


@pytest.mark.parametrize(
    ("word", "match"),
    [("design=gird", "design: must be one of grid"), ("samples=0", "samples: must be at least 1"),
     ("keep=weeks", "keep"), ("levels=1", "levels: must be at least 2"), ("sampels=3", "sampels: unknown name"),
     ("compute=rayy", "unknown compute"), ("compute.chunk_seconds=0", "chunk_seconds")],
)  # fmt: skip
def test_bad_settings_are_one_line_each(word: str, match: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=match) as refused:
        study(tmp_path, word)
    assert "\n" not in str(refused.value)


def dies(job: int) -> int:
    if job == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return job


def test_a_command_that_needs_every_job_says_that_a_worker_died() -> None:
    settings = study(Path("unused"), "compute=local", "compute.workers=2").job.settings
    with pytest.raises(WorkerDied, match=r"did not finish, its worker process died; .* compute\.workers=1"):
        fan_out.spread(dies, range(4), settings, lambda *_: None, "jobs", [1] * 4)
