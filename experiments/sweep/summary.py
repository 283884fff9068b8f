"""The answer of a sweep on screen: what plans bring over the points, then levels at points or along factors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from experiments.designs.space import PLAN
from experiments.evaluation.study import Study
from experiments.headline import CHURN, ENGAGED, EQUITY, NPV, Measure, heading, label, listing
from experiments.sweep.over_points import Spread, best_plans, gains, mean_and_error, of_points
from experiments.terminal import aligned, counted

SHOWN = (CHURN, ENGAGED, EQUITY, NPV)
ASKED = (NPV, EQUITY)  # told in words
MOST_ROWS = 40
PARTS = 3  # of a factor's range


def on_screen(table: pd.DataFrame, study: Study[Any]) -> str:
    """What plans bring against the first one over all points, and levels with standard errors.

    Args:
        table: one row per run.
        study: its design.
    """
    factors = [str(name) for name in study.points.columns]
    strategies = table["scenario"].nunique()
    size = (f"{counted(len(study.points), 'point')} x {counted(strategies, 'plan')} x "
            f"{counted(study.job.settings.replicates, 'replicate')}")  # fmt: skip
    head = "Levels, mean +- standard error over runs"
    few = len(study.points) * strategies <= MOST_ROWS
    rows = list(_points(table, factors) if few else _along(table, factors))
    if not few:
        head += f"\n(every factor in {PARTS} parts of its values, the other factors as they fell)"
    body = [["", *(f"{m.label} ({m.shown})" for m in SHOWN)], *rows]
    return "\n".join([size, *_answer(table, factors), "", aligned(body, head), "It is not a forecast."])


def _answer(table: pd.DataFrame, factors: list[str]) -> Iterator[str]:
    """What happens, in words; with several plans also what each brings against the first."""
    if table["scenario"].nunique() == 1:
        if table["point"].nunique() > 1:
            yield from (_ends(table, factors, measure) for measure in ASKED)
        return
    for measure in ASKED:
        counts = best_plans(table, measure.name, measure.better)
        points = sum(counts.values())
        told = ", ".join(f"{label(plan)} at {number}" for plan, number in counts.items())
        yield f"Best mean {measure.label}: {told} of {counted(points, 'point')}."
    base, *plans = table["scenario"].unique()
    found = {plan: [gains(table, base, plan, m.name) for m in SHOWN] for plan in plans}
    lives = found[plans[0]][0]
    rows = [[label(plan), *(_gain(*pair) for pair in zip(found[plan], SHOWN, strict=True))] for plan in plans]
    title = (f"\nDifferences to {label(base)} in the same lives, mean over points +- standard error over "
             f"{counted(lives.number, lives.unit)} [smallest, largest mean of a point]")  # fmt: skip
    yield aligned([["", *(heading(m) for m in SHOWN)], *rows], title)
    if levers := [name.removeprefix(PLAN) for name in factors if name.startswith(PLAN)]:
        was, first = "was" if len(levers) == 1 else "were", label(base)
        yield (f"{listing(levers)} {was} changed in every plan, {first} included: differences are to {first} with the "
               "same values;\nlevels, below, show what that change alone does.")  # fmt: skip


def _ends(table: pd.DataFrame, factors: list[str], measure: Measure) -> str:
    """Where a measure is lowest and highest."""
    points, first = of_points(table, measure.name), table.groupby("point").first()
    means = points["mean"].to_numpy()
    low, high = (f"{_cell(points.iloc[k], measure)} at {_values(first.iloc[k], factors)}"
                 for k in (int(means.argmin()), int(means.argmax())))  # fmt: skip
    name = measure.label[0].upper() + measure.label[1:]
    return f"{name} ({measure.shown}): lowest {low}; highest {high}."


def _gain(found: Spread, measure: Measure) -> str:
    error = f" +- {measure.scale * found.error:.2g}" if found.number > 1 else ""
    return f"{measure.text(found.mean, signed=True)}{error}{measure.span(found.low, found.high)}"


def _points(table: pd.DataFrame, factors: list[str]) -> Iterator[list[str]]:
    """A row per point and plan."""
    for _, part in table.groupby(["point", "scenario"], sort=False):
        first = part.iloc[0]
        values = _values(first, factors)
        yield _row(f"{values}: {label(first['scenario'])}" if values else label(first["scenario"]), part)


def _along(table: pd.DataFrame, factors: list[str]) -> Iterator[list[str]]:
    """A row per plan and part of every factor, parts from low to high."""
    for name in factors:
        values = table[name]
        many = pd.api.types.is_numeric_dtype(values) and values.nunique() > PARTS
        parts = pd.qcut(values, PARTS, duplicates="drop") if many else values
        order = sorted(parts.unique()) if many else list(values.unique())
        for level in order:
            for key, part in table.loc[parts == level].groupby("scenario", sort=False):
                yield _row(f"{name.rpartition('.')[2]} {_text(level)}: {label(str(key))}", part)


def _values(row: pd.Series, factors: list[str]) -> str:
    return ", ".join(f"{name.rpartition('.')[2]} {_text(row[name])}" for name in factors)


def _row(name: str, part: pd.DataFrame) -> list[str]:
    return [name, *(_cell(mean_and_error(part[m.name]), m) for m in SHOWN)]


def _cell(found: pd.Series, measure: Measure) -> str:
    """Mean and standard error in shown units; "-" where there was nothing to count."""
    if found["number"] == 0:
        return "-"
    error = f" +- {measure.scale * found['error']:.2g}" if found["number"] > 1 else ""
    return measure.text(float(found["mean"])) + error


def _text(value: object) -> str:
    if isinstance(value, pd.Interval):
        return f"{value.left:.3g} to {value.right:.3g}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
