"""The answer of a sweep on screen: headline measures at every point, or along every factor if points are many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from experiments.evaluation.study import Study
from experiments.headline import CHURN, ENGAGED, EQUITY, NPV, Measure, label
from experiments.terminal import aligned, counted

SHOWN = (CHURN, ENGAGED, EQUITY, NPV)
MOST_ROWS = 40
PARTS = 3  # of a factor's range


def on_screen(table: pd.DataFrame, study: Study[Any]) -> str:
    """Mean and standard error of the headline measures.

    Args:
        table: one row per run.
        study: its design.
    """
    factors = [str(name) for name in study.points.columns]
    strategies = table["scenario"].nunique()
    head = (
        f"{counted(len(study.points), 'point')} x {counted(strategies, 'plan')} x "
        f"{counted(study.job.settings.replicates, 'replicate')}: levels, mean +- standard error over runs"
    )
    few = len(study.points) * strategies <= MOST_ROWS
    rows = list(_points(table, factors) if few else _along(table, factors))
    if not few:
        head += f"\n(every factor in {PARTS} parts of its values, the other factors as they fell)"
    body = [["", *(f"{m.label} ({m.shown})" for m in SHOWN)], *rows]
    return f"{aligned(body, head)}\nIt is not a forecast."


def _points(table: pd.DataFrame, factors: list[str]) -> Iterator[list[str]]:
    """A row per point and plan."""
    for _, part in table.groupby(["point", "scenario"], sort=False):
        first = part.iloc[0]
        values = ", ".join(f"{name.rpartition('.')[2]} {_text(first[name])}" for name in factors)
        yield _row(f"{values}: {label(first['scenario'])}" if values else label(first["scenario"]), part)


def _along(table: pd.DataFrame, factors: list[str]) -> Iterator[list[str]]:
    """A row per plan and part of every factor."""
    for name in factors:
        values = table[name]
        many = pd.api.types.is_numeric_dtype(values) and values.nunique() > PARTS
        parts = pd.qcut(values, PARTS, duplicates="drop") if many else values
        for (level, key), part in table.groupby([parts, "scenario"], sort=False, observed=True):
            yield _row(f"{name.rpartition('.')[2]} {_text(level)}: {label(str(key))}", part)


def _row(name: str, part: pd.DataFrame) -> list[str]:
    return [name, *(_cell(part[m.name].to_numpy(float), m) for m in SHOWN)]


def _cell(values: np.ndarray, measure: Measure) -> str:
    """Mean and standard error in shown units."""
    known = values[np.isfinite(values)]
    if len(known) == 0:
        return "-"
    error = f" +- {measure.scale * known.std(ddof=1) / np.sqrt(len(known)):.2g}" if len(known) > 1 else ""
    return measure.text(float(known.mean())) + error


def _text(value: object) -> str:
    if isinstance(value, pd.Interval):
        return f"{value.left:.3g} to {value.right:.3g}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
