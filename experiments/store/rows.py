"""From the result of a run to rows of the stored tables; every row begins with the key of its run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa

from experiments.tables import headline
from sim.params.scenario import Scenario
from sim.run import Result


class Table(StrEnum):
    """A stored table."""

    RUNS = "runs"  # one row per run: what decided it, headline numbers
    MONTHS = "months"  # one row per run and month
    SILO_MONTHS = "silo_months"  # one row per run, month and unit
    EVENTS = "events"  # the log


@dataclass(frozen=True)
class Finished:
    """A finished run with what decided it.

    Args:
        key: hash of what decided it.
        scenario: resolved, with its strategy.
        seed: seed of all draws.
        replicate: which of the seed's lives.
        kind: "simulated" or "paper".
        result: what came out.
    """

    key: str
    scenario: Scenario
    seed: int
    replicate: int
    kind: str
    result: Result


def table_of(name: Table, runs: Sequence[Finished]) -> pa.Table:
    """One of the tables of several runs."""
    return {Table.RUNS: _runs, Table.MONTHS: _months, Table.SILO_MONTHS: _silo_months, Table.EVENTS: _events}[name](
        runs
    )


def _runs(runs: Sequence[Finished]) -> pa.Table:
    rows = [
        {"run": run.key, "seed": run.seed, "replicate": run.replicate, "kind": run.kind,
         **headline(run.result, run.scenario.organisation.economics.monthly_discount),
         "configuration": run.scenario.model_dump_json()}
        for run in runs
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def _months(runs: Sequence[Finished]) -> pa.Table:
    length = [len(run.result.months["cash"]) for run in runs]
    columns = {
        "run": _repeated((run.key for run in runs), length),
        "month": np.concatenate([np.arange(n) for n in length]),
    }
    for name in runs[0].result.months:
        columns[name] = np.concatenate([run.result.months[name] for run in runs])
    return pa.table(columns)


def _silo_months(runs: Sequence[Finished]) -> pa.Table:
    months, units = [len(run.result.months["cash"]) for run in runs], [len(run.result.silos) for run in runs]
    rows = [m * u for m, u in zip(months, units, strict=True)]
    month = [np.repeat(np.arange(m), u) for m, u in zip(months, units, strict=True)]
    columns = {"run": _repeated((run.key for run in runs), rows), "month": np.concatenate(month)}
    columns["silo"] = np.array([silo for run, m in zip(runs, months, strict=True) for silo in run.result.silos * m])
    for name in runs[0].result.silo_months:
        columns[name] = np.concatenate([run.result.silo_months[name].ravel() for run in runs])
    return pa.table(columns)


def _events(runs: Sequence[Finished]) -> pa.Table:
    schema = pa.schema([("run", pa.string()), ("month", pa.int64()), ("event", pa.string()), ("subject", pa.string()),
                        ("text", pa.string())])  # fmt: skip
    rows = [{"run": run.key, "month": e.month, "event": e.kind, "subject": e.subject, "text": e.text}
            for run in runs for e in run.result.events]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


def _repeated(keys: Iterable[str], times: Sequence[int]) -> np.ndarray:
    return np.repeat(np.array(list(keys), dtype=object), times)
