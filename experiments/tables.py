"""From results to tidy tables: keys first, one row per run, month, unit or event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.run import Result, Variant

YEAR = slice(-12, None)
EVENT_COLUMNS = ["scenario", "kind", "replicate", "month", "event", "subject", "text"]
HEADLINES = (
    "churn", "engaged", "gridlock", "reach", "sharing", "belief", "resolution", "satisfaction", "turnover", "profit",
)  # fmt: skip


class Run(NamedTuple):
    """One run with its keys."""

    variant: Variant
    replicate: int
    world: int
    result: Result

    @property
    def keys(self) -> dict[str, str | int]:
        """The keys of every row about this run."""
        return {"scenario": self.variant.scenario, "kind": self.variant.kind, "replicate": self.replicate}


@dataclass
class Tables:
    """Results of a comparison, collected run by run and turned into tables together.

    Args:
        monthly_rate: discount rate per month.
    """

    monthly_rate: float
    collected: list[Run] = field(default_factory=list)

    def add(self, variant: Variant, replicate: int, world: int, result: Result) -> None:
        """Take in one run."""
        self.collected.append(Run(variant, replicate, world, result))

    def frames(self, order: Sequence[str]) -> dict[str, pd.DataFrame]:
        """All tables, sorted by strategy (in the given order), kind, replicate and month; runs arrive in any order."""
        place = {key: k for k, key in enumerate(order)}
        runs = sorted(self.collected, key=lambda r: (place[r.variant.scenario], r.variant.kind, r.replicate))
        simulated = [run for run in runs if run.variant.kind == "simulated"]
        brakes = [
            {"scenario": run.variant.scenario, "replicate": run.replicate, "brake": b, "cost": c}
            for run in simulated
            for b, c in run.result.brakes.items()
        ]
        events = [
            {**run.keys, "month": e.month, "event": e.kind, "subject": e.subject, "text": e.text}
            for run in runs
            for e in run.result.events
        ]
        heads = [{**run.keys, "world": run.world, **headline(run.result, self.monthly_rate)} for run in runs]
        return {
            "runs": pd.DataFrame(heads),
            "organisation_months": _months(runs),
            "silo_months": _silo_months(simulated),
            "events": pd.DataFrame(events, columns=EVENT_COLUMNS),
            "brakes": pd.DataFrame(brakes, columns=["scenario", "replicate", "brake", "cost"]),
        }


def _months(runs: Sequence[Run]) -> pd.DataFrame:
    """One row per run and month."""
    rows = len(runs[0].result.months["churn"])
    columns = _repeated(runs, rows) | {"month": np.tile(np.arange(rows), len(runs))}
    for name in runs[0].result.months:
        columns[name] = np.concatenate([run.result.months[name] for run in runs])
    return pd.DataFrame(columns)


def _silo_months(runs: Sequence[Run]) -> pd.DataFrame:
    """One row per run, month and unit."""
    silos, rows = runs[0].result.silos, len(runs[0].result.months["churn"])
    columns = _repeated(runs, rows * len(silos))
    columns["month"] = np.tile(np.repeat(np.arange(rows), len(silos)), len(runs))
    columns["silo"] = np.tile(np.array(silos, dtype=object), rows * len(runs))
    for name in runs[0].result.silo_months:
        columns[name] = np.concatenate([run.result.silo_months[name].ravel() for run in runs])
    return pd.DataFrame(columns)


def _repeated(runs: Sequence[Run], times: int) -> dict[str, np.ndarray]:
    """The keys of every run, as often as it has rows."""
    names = ("scenario", "kind", "replicate")
    return {name: np.repeat(np.array([run.keys[name] for run in runs]), times) for name in names}


def headline(result: Result, monthly_rate: float) -> dict[str, object]:
    """Headline numbers of one run: means over the last twelve months, equity at the end, present value and cost."""
    months = result.months
    n = len(months["cash"]) - 1
    found: dict[str, object] = {name: mean_of_known(months[name][1:][YEAR]) for name in HEADLINES}
    discounted = months["cash"][1:] * (1 + monthly_rate) ** -np.arange(1, n + 1)
    return {
        **found, "customer_equity": float(months["customer_equity"][-1]), "npv": float(discounted.sum()),
        "programme_cost": float(months["programme_cost"][1:].sum()), "stopped": float(months["stopped"][-1]),
        "months": n,
    }  # fmt: skip


def two_ends(rows: int) -> tuple[slice, slice]:
    """Rows of the first and of the last year of a series, or of its halves if it is shorter: a month is mostly luck."""
    some = max(1, min(12, rows // 2))
    return slice(0, some), slice(rows - some, rows)


def span_of(rows: slice) -> str:
    """These rows as months."""
    return f"months {rows.start}-{rows.stop - 1}" if rows.stop - rows.start > 1 else f"month {rows.start}"


def mean_of_known(values: np.ndarray) -> float:
    """Mean of what is known, NaN if nothing is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def write(frames: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write every table as Parquet; a table appears complete or not at all."""
    for name, frame in frames.items():
        unfinished = folder / f".{name}.parquet.part"
        frame.to_parquet(unfinished, index=False, write_page_checksum=True)
        unfinished.replace(folder / f"{name}.parquet")
