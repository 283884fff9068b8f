"""Paired differences: every replicate, the mean and its interval."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.analysis import Analysis, Study
from experiments.figures.style import BLUE, F64, GREY, VERMILLION, headed
from experiments.headline import (
    CHURN,
    ENGAGED,
    EQUITY,
    LEVEL,
    NPV,
    PROFIT,
    SHARING,
    Measure,
    heading,
    label,
    listing,
)
from experiments.paired import Estimate, by_replicate, lookup

DIFFERENCES = (CHURN, ENGAGED, EQUITY, NPV, SHARING, PROFIT)


def paired_differences(study: Study, found: Analysis) -> Figure:
    """Paired difference per replicate with its mean and interval, for six measures."""
    keys = study.strategies[1:]
    clear = [key for key in keys if lookup(found.comparison, key, NPV.name).low > 0]
    title = f"NPV is clearly above zero for {len(clear)} of {len(keys)}"
    title += f": {listing([label(key) for key in clear])}" if 0 < len(clear) <= 3 else ""
    height = 1.7 + 2 * (0.34 * len(keys) + 0.9)
    fig = Figure(figsize=(12, height))
    headed(fig, title)
    grid = fig.add_gridspec(
        2, 3, left=0.13, right=0.985, top=1 - 0.85 / height, bottom=0.75 / height, hspace=0.32, wspace=0.08
    )
    for place, measure in enumerate(DIFFERENCES):
        axes = fig.add_subplot(grid[place // 3, place % 3])
        table = by_replicate(study.runs, measure.name)
        gains = (table[keys].sub(table[study.strategies[0]], axis=0) * measure.scale).to_numpy()
        for k, key in enumerate(keys):
            difference_row(axes, gains[:, k], len(keys) - 1 - k, lookup(found.comparison, key, measure.name), measure)
        axes.axvline(0, color="#333333", linewidth=0.8)
        axes.set_title(heading(measure))
        axes.set_ylim(-0.6, len(keys) - 0.4)
        shown = [label(key) for key in reversed(keys)] if place % 3 == 0 else []
        axes.set_yticks(range(len(keys)), shown or [""] * len(keys))
        axes.tick_params(axis="y", length=0)
    fig.text(
        0.2 / 12,
        0.14 / height,
        f"Paired difference to {label(study.strategies[0])}: dots are replicates, bars "
        f"mean with its {LEVEL:.0%} interval. Blue: clearly better, vermillion: clearly worse, grey: open.",
        fontsize=9,
    )
    return fig


def difference_row(axes: Axes, gains: F64, y: int, found: Estimate, measure: Measure) -> None:
    """Replicates as dots, mean and interval as a bar."""
    colour = {1: BLUE, -1: VERMILLION, 0: GREY}[found.sign * measure.better]
    jitter = (np.arange(len(gains)) * 0.618 % 1 - 0.5) * 0.5
    axes.plot(gains, y + jitter, "o", color=colour, alpha=0.3, markersize=2.5, markeredgewidth=0)
    if np.isfinite(found.low):
        axes.plot([found.low * measure.scale, found.high * measure.scale], [y, y], color=colour, linewidth=3)
    axes.plot(found.mean * measure.scale, y, "D", color=colour, markersize=5, markeredgecolor="white")
