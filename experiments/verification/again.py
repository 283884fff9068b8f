"""What a worker does: read stored runs, run them again from what they say of themselves, compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from experiments.evaluation.chunk import runs_of
from experiments.evaluation.wanted import Future, Life
from experiments.store.keys import life_key, run_key, scenario_key
from experiments.store.rows import Table, table_of
from experiments.store.shard import read_shard
from experiments.verification.bits import first_difference
from experiments.verification.choice import Batch
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy


@dataclass(frozen=True)
class Verdict:
    """What became of one run.

    Args:
        run: its key.
        problem: where it differs, or why it could not be compared; empty if it is the same.
    """

    run: str
    problem: str = ""


def verify(folder: Path, keep: Sequence[Table], batch: Batch) -> list[Verdict]:
    """Run the runs of a batch again.

    Args:
        folder: the store.
        keep: tables to compare.
        batch: runs of one shard.
    """
    stored = {table: read_shard(folder / table / batch.shard) for table in sorted({*keep, Table.RUNS})}
    damaged = [table for table, content in stored.items() if content is None]
    if damaged:
        problem = f"the file of its {damaged[0]} is damaged and has been set aside; run the study again"
        return [Verdict(key, problem) for key in batch.keys]
    verdicts: list[Verdict] = []
    for life in _lives(_only(stored[Table.RUNS], batch.keys).to_pylist(), verdicts):
        failed: dict[str, str] = {}
        for run in runs_of(life, failed):
            found = {table: first_difference(_only(content, [run.key]), table_of(table, [run]))
                     for table, content in stored.items()}  # fmt: skip
            problem = next((f"{table}: {text}" for table, text in found.items() if text), "")
            verdicts.append(Verdict(run.key, problem))
        verdicts += [Verdict(key, f"cannot be run: {reason}") for key, reason in failed.items()]
    return verdicts


def _lives(rows: Sequence[dict[str, Any]], verdicts: list[Verdict]) -> list[Life]:
    """Lives as the stored runs describe them; runs that do not lead back to their own key get their verdict."""
    lives: dict[str, Life] = {}
    for row in rows:
        try:
            resolved = Scenario.model_validate_json(row["configuration"])
        except ValidationError as error:
            verdicts.append(Verdict(row["run"], f"its configuration is not valid: {error.errors()[0]['msg']}"))
            continue
        plan, scenario = resolved.strategy, resolved.model_copy(update={"strategy": Strategy()})
        key = life_key(scenario_key(scenario), row["seed"], row["replicate"])
        if run_key(key, plan, row["kind"]) != row["run"]:
            table = resolved.organisation.customers.retention_table
            cause = f" (or {table} is no longer what it was)" if table else ""
            verdicts.append(Verdict(row["run"], f"its key is not that of its configuration{cause}"))
            continue
        futures = lives[key].futures if key in lives else ()
        lives[key] = Life(scenario, row["seed"], row["replicate"], (*futures, Future(row["run"], plan, row["kind"])))
    return list(lives.values())


def _only(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    wanted = set(keys)
    return table.filter(pa.array([key in wanted for key in table["run"].to_pylist()]))
