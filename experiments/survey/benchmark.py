"""Percentiles of every index in the synthetic industry, shipped as data, and where an organisation stands in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.survey.distributions import INDUSTRY, fingerprint
from experiments.survey.settings import SurveySettings
from sim.measures.indices import INDICES
from sim.version import provenance

TABLE, ORIGIN = "benchmark.csv", "benchmark.json"
HERE = Path(__file__).resolve().parent
PLACED = tuple(name for name in INDICES if name not in {"cemm_level", "idle_spending"})  # no steps, no dollars
PERCENTILES = np.arange(101)


@dataclass(frozen=True)
class Benchmark:
    """Percentiles 0 to 100 of every index, and how many firms they come from."""

    table: Mapping[str, np.ndarray]
    firms: int

    def place(self, name: str, value: float) -> float:
        """Percentile at which a value stands, between those given; the middle of those that share it."""
        column = self.table[name]
        first, after = (int(np.searchsorted(column, value, side)) for side in ("left", "right"))
        if first < after:
            return (first + after - 1) / 2
        if first in {0, len(column)}:
            return 0.0 if first == 0 else 100.0
        below, above = column[first - 1 : first + 1]
        return first - 1 + float((value - below) / (above - below))


def percentiles(firms: pd.DataFrame) -> pd.DataFrame:
    """One row per percentile, one column per index."""
    columns = {name: np.percentile(firms[name], PERCENTILES) for name in PLACED}
    return pd.DataFrame({"percentile": PERCENTILES, **columns})


def benchmark_of(table: pd.DataFrame, firms: int) -> Benchmark:
    """A benchmark from its table."""
    return Benchmark({name: table[name].to_numpy(float) for name in PLACED}, firms)


def origin_of(firms: pd.DataFrame, settings: SurveySettings) -> dict[str, Any]:
    """Where a benchmark comes from."""
    return {
        "command": f"ungridlock survey firms={settings.firms} months={settings.months} seed={settings.seed}",
        "firms": len(firms),
        "seed": settings.seed,
        "months": settings.months,
        "version": provenance(settings.seed),
        "date": datetime.now(UTC).date().isoformat(),
        "distributions": list(INDUSTRY),
        "fingerprint": fingerprint(),
    }


def write_benchmark(folder: Path, table: pd.DataFrame, origin: Mapping[str, Any]) -> None:
    """Write table and origin in the format of the shipped ones."""
    table.to_csv(folder / TABLE, index=False, float_format="%.6g", lineterminator="\n")
    (folder / ORIGIN).write_text(json.dumps(origin, indent=2) + "\n", encoding="utf-8")


@cache
def shipped() -> Benchmark:
    """The benchmark that comes with the package."""
    origin = json.loads((HERE / ORIGIN).read_text(encoding="utf-8"))
    return benchmark_of(pd.read_csv(HERE / TABLE), int(origin["firms"]))


def ordinal(percentile: float) -> str:
    """Like "41st"."""
    n = round(percentile)
    ending = "th" if n % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"
