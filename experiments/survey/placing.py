"""Where an organisation stands in the industry, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from experiments.survey.benchmark import PLACED, Benchmark, ordinal
from experiments.terminal import aligned, counted

WHOLE = ("cemm", "barrett", "mri", "q12", "orientation", "alignment")
NAMED = (*WHOLE, *(name for name in PLACED if name.startswith("copernicus_")))  # the rest is in the benchmark


def place_text(title: str, columns: Mapping[str, Mapping[str, float]], benchmark: Benchmark) -> str:
    """Where an organisation stands, index by index: value and percentile.

    Args:
        title: who stands there.
        columns: heading -> index -> value.
        benchmark: the industry.
    """
    rows = [["index", *(word for heading in columns for word in (heading, "percentile"))]]
    for name in NAMED:
        cells = [(f"{at[name]:.2f}", ordinal(benchmark.place(name, at[name]))) for at in columns.values()]
        rows.append([name, *(text for cell in cells for text in cell)])
    return aligned(rows, f"{title} (percentile of a synthetic industry of {counted(benchmark.firms, 'firm')})")
