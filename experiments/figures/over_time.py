"""Measures and money over time, a panel per strategy."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.analysis import Analysis, Study
from experiments.figures.style import F64, GREY, band, colour_of, ink_of, names, page, strip
from experiments.headline import (
    CHURN,
    ENGAGED,
    EQUITY,
    GRIDLOCK,
    PROFIT,
    SHARING,
    SIMULATED,
    Measure,
    label,
    listing,
)
from experiments.money import CashFlows
from experiments.paired import lookup

FANS = (CHURN, ENGAGED, EQUITY, SHARING, GRIDLOCK, PROFIT)


def series(months: pd.DataFrame, measure: str) -> dict[str, F64]:
    """Strategy -> [replicate, month] of one measure of the simulated runs."""
    part = months.loc[months["kind"] == SIMULATED].sort_values(["scenario", "replicate", "month"], kind="stable")
    return {
        str(key): rows[measure].to_numpy(float).reshape(rows["replicate"].nunique(), -1)
        for key, rows in part.groupby("scenario", sort=False, observed=True)
    }


def counted(found: Analysis, measure: Measure, better: str, worse: str) -> str:
    """Like "churn clearly lower under 3 of 7, higher under 2 of 7"."""
    keys = list(found.comparison["strategy"].unique()[1:])
    ends = [lookup(found.comparison, key, measure.name) for key in keys]
    if not any(np.isfinite(e.low) for e in ends):
        return f"{measure.label}: too few worlds to tell"
    signs = [e.sign * measure.better for e in ends]
    whole = {1: label(keys[0]), 2: "both"}.get(len(keys), f"all {len(keys)}")
    sides = [
        f"{verb} under {whole if n == len(keys) else f'{n} of {len(keys)}'}"
        for verb, n in ((better, signs.count(1)), (worse, signs.count(-1)))
        if n
    ]
    return f"{measure.label} clearly {', '.join(sides) or 'different under none'}"


def fan_charts(study: Study, found: Analysis) -> Figure:
    """Headline measures over time: a row per measure, a panel per strategy, the baseline in grey in each."""
    keys, months = study.strategies, study.months
    title = (
        f"{counted(found, CHURN, 'lower', 'higher').capitalize()}; "
        f"{counted(found, ENGAGED, 'higher', 'lower')}; {counted(found, EQUITY, 'higher', 'lower')}"
    )
    fig, rows = page((max(8.0, 1.45 * len(keys)), 11.5), len(FANS), title)
    for row, (axes, measure) in enumerate(zip(rows, FANS, strict=True)):
        values = {key: array * measure.scale for key, array in series(study.organisation_months, measure.name).items()}
        starts = strip(axes, len(keys) - 1, months)
        for k, (key, start) in enumerate(zip(keys[1:], starts, strict=True)):
            if np.isfinite(values[keys[0]]).any():
                band(axes, values[keys[0]], start, GREY, 0.12)
            band(axes, values[key], start, colour_of(k))
        axes.set_ylabel(f"{measure.label}\n({measure.shown})")
        if row == 0:
            names(axes, keys[1:], starts)
        if measure is GRIDLOCK:
            axes.set_ylim(0, 100)
    rows[-1].set_xlabel(f"month. Median, 50% and 90% of {study.replicates} replicates; grey: {label(keys[0])}")
    fig.align_ylabels(rows)
    return fig


def j_curve(study: Study) -> Figure:
    """Cumulated discounted cash against the baseline, with the trough of the median marked."""
    keys, months = study.strategies, study.months
    flows = CashFlows.of(study.organisation_months, study.monthly_rate)
    curves = {key: np.pad(flows.cumulated(key, keys[0]), ((0, 0), (1, 0))) * 1e-6 for key in keys[1:]}
    per_row = len(curves) if len(curves) <= 4 else -(-len(curves) // 2)
    chunks = [keys[1:][k : k + per_row] for k in range(0, len(curves), per_row)]
    back = [key for key, curve in curves.items() if np.median(curve[:, -1]) >= 0 and curve.any()]
    title = f"Worse before better? Within {months} months the median is back at zero for {len(back)} of {len(curves)}"
    title += f": {listing([label(key) for key in back])}" if 0 < len(back) <= 3 else ""
    fig, rows = page((max(8.0, 3.0 * per_row), 3.2 * len(chunks) + 1), len(chunks), title)
    low = min(np.quantile(curve, 0.05, axis=0).min() for curve in curves.values())
    high = max(np.quantile(curve, 0.95, axis=0).max() for curve in curves.values())
    room = 0.12 * max(high - low, 1e-9)
    for r, (axes, part) in enumerate(zip(rows, chunks, strict=True)):
        starts = strip(axes, per_row, months, len(part))
        axes.plot([starts[0], starts[-1] + months], [0, 0], color=GREY, linewidth=0.8)
        for k, (key, start) in enumerate(zip(part, starts, strict=True)):
            mark_trough(axes, band(axes, curves[key], start, colour_of(r * per_row + k)), start)
            launches(axes, study.events, key, start)
            axes.text(
                start,
                1.02,
                label(key),
                transform=axes.get_xaxis_transform(),
                fontweight="bold",
                color=ink_of(r * per_row + k),
            )
        axes.set_ylim(low - 2 * room, high + room)
        axes.set_ylabel("cumulated discounted cash,\ndifference to " + label(keys[0]) + " ($M)")
    rows[-1].set_xlabel(
        "month. Median, 50% and 90% of replicates; dot: trough of the median curve (tables: mean of troughs); "
        "triangles: launches (median month)"
    )
    return fig


def mark_trough(axes: Axes, median: F64, start: float) -> None:
    """Mark the lowest point of a curve, with depth and month."""
    at = int(np.argmin(median))
    if median[at] >= 0:
        return
    axes.plot(start + at, median[at], "o", color="black", markersize=4)
    late = at > 0.6 * (len(median) - 1)
    where = "at the end, still falling" if at == len(median) - 1 else f"month {at}"
    axes.annotate(
        f"-${-median[at]:,.1f}M, {where}",
        (start + at, median[at]),
        (0, -5),
        textcoords="offset points",
        ha="right" if late else "left",
        va="top",
        fontsize=8,
    )


def launches(axes: Axes, events: pd.DataFrame, key: str, start: float) -> None:
    """Launches as small triangles on the time axis, at the median month."""
    part = events.loc[(events["scenario"] == key) & (events["kind"] == SIMULATED)]
    part = part.loc[part["event"] == "launched"]
    if len(part):
        at = start + part.groupby("subject")["month"].median().to_numpy(float)
        axes.plot(
            at,
            np.full(len(at), 0.015),
            "^",
            color="#333333",
            markersize=4,
            clip_on=False,
            transform=axes.get_xaxis_transform(),
        )
