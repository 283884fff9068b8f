"""Where an organisation stands among the firms of the synthetic industry, by percentiles that are shipped as data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from sim.measures.indices import INDICES

TABLE, ORIGIN = "benchmark.csv", "benchmark.json"
HERE = Path(__file__).resolve().parent
PLACED = tuple(name for name in INDICES if name not in {"cemm_level", "idle_spending"})  # no steps, no dollars


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


def benchmark_of(table: pd.DataFrame, firms: int) -> Benchmark:
    """A benchmark from its table."""
    return Benchmark({name: table[name].to_numpy(float) for name in PLACED}, firms)


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
