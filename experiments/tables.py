"""From results to tidy tables: keys first, one row per run, month, unit or event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from sim.run import Result, Variant

YEAR = slice(-12, None)
HEADLINES = (
    "churn", "engaged", "gridlock", "reach", "sharing", "belief", "resolution", "satisfaction", "turnover", "profit",
)  # fmt: skip


@dataclass
class Tables:
    """Rows of all tables of a comparison, collected run by run.

    Args:
        monthly_rate: discount rate per month.
    """

    monthly_rate: float
    runs: list[dict[str, object]] = field(default_factory=list)
    months: list[pd.DataFrame] = field(default_factory=list)
    silos: list[pd.DataFrame] = field(default_factory=list)
    events: list[dict[str, object]] = field(default_factory=list)
    brakes: list[dict[str, object]] = field(default_factory=list)

    def add(self, variant: Variant, replicate: int, world: int, result: Result) -> None:
        """Take in one run."""
        keys: dict[str, str | int] = {"scenario": variant.scenario, "kind": variant.kind, "replicate": replicate}
        self.runs.append({**keys, "world": world, **headline(result, self.monthly_rate)})
        self.months.append(_keyed(pd.DataFrame(result.months), keys))
        self.events += [
            {**keys, "month": e.month, "event": e.kind, "subject": e.subject, "text": e.text} for e in result.events
        ]
        if variant.kind == "simulated":
            self.silos.append(_keyed(_by_silo(result), keys))
            self.brakes += [
                {"scenario": variant.scenario, "replicate": replicate, "brake": b, "cost": c}
                for b, c in result.brakes.items()
            ]

    def frames(self, order: Sequence[str]) -> dict[str, pd.DataFrame]:
        """All tables, sorted by strategy (in the given order), kind, replicate and month."""
        events = pd.DataFrame(
            self.events, columns=["scenario", "kind", "replicate", "month", "event", "subject", "text"]
        )
        brakes = pd.DataFrame(self.brakes, columns=["scenario", "replicate", "brake", "cost"])
        return {
            "runs": _sorted(pd.DataFrame(self.runs), order),
            "organisation_months": _sorted(pd.concat(self.months, ignore_index=True), order),
            "silo_months": _sorted(pd.concat(self.silos, ignore_index=True), order),
            "events": _sorted(events, order),
            "brakes": _sorted(brakes, order),
        }


def headline(result: Result, monthly_rate: float) -> dict[str, object]:
    """Headline numbers of one run: means over the last twelve months, equity at the end, present value of cash."""
    months = result.months
    n = len(months["cash"]) - 1
    found: dict[str, object] = {name: _mean(months[name][1:][YEAR]) for name in HEADLINES}
    discounted = months["cash"][1:] * (1 + monthly_rate) ** -np.arange(1, n + 1)
    return {
        **found, "customer_equity": float(months["customer_equity"][-1]), "npv": float(discounted.sum()),
        "stopped": float(months["stopped"][-1]), "months": n,
    }  # fmt: skip


def write(frames: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write every table as Parquet; a table appears complete or not at all."""
    for name, frame in frames.items():
        unfinished = folder / f".{name}.parquet.part"
        frame.to_parquet(unfinished, index=False)
        unfinished.replace(folder / f"{name}.parquet")


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _keyed(frame: pd.DataFrame, keys: dict[str, str | int]) -> pd.DataFrame:
    if "month" not in frame:
        frame.insert(0, "month", np.arange(len(frame)))
    for place, (name, value) in enumerate(keys.items()):
        frame.insert(place, name, value)
    return frame


def _by_silo(result: Result) -> pd.DataFrame:
    n = len(next(iter(result.silo_months.values())))
    columns = {name: table.ravel() for name, table in result.silo_months.items()}
    month = np.repeat(np.arange(n), len(result.silos))
    return pd.DataFrame({"month": month, "silo": np.tile(result.silos, n), **columns})


def _sorted(frame: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """Sort by strategy order, then by the other keys; stable, so events keep their order."""
    place = {key: k for k, key in enumerate(order)}
    by = [c for c in ("scenario", "kind", "replicate", "month") if c in frame]
    return frame.sort_values(
        by, key=lambda c: c.map(place) if c.name == "scenario" else c, kind="stable", ignore_index=True
    )
