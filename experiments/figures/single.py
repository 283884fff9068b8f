"""One run on one page: headline measures over time with what happened."""

from __future__ import annotations

import textwrap

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.style import BLUE, GREY, STYLE, headed
from experiments.headline import (
    BELIEF,
    CHURN,
    ENGAGED,
    EQUITY,
    GRIDLOCK,
    PROFIT,
    RESOLUTION,
    SATISFACTION,
    SHARING,
    Measure,
    label,
)

SHOWN = (CHURN, EQUITY, PROFIT, ENGAGED, SHARING, GRIDLOCK, SATISFACTION, RESOLUTION, BELIEF)
MOST_MONTHS = 16  # with events
FIRST = (
    "programme stopped",
    "launched",
    "stopped by checkpoint",
    "attack",
    "moment",
    "postponed",
    "checkpoint",
    "foundation",
    "located",
    "diagnosis",
    "installed",
)  # kinds of events, those to be shown first


def single_run(months: pd.DataFrame, events: pd.DataFrame, title: str) -> Figure:
    """Headline measures of one run, with its main events numbered.

    Args:
        months: `month` and measures, one row per month from month 0.
        events: `month, event, text`.
        title: scenario, seed and what is worth saying.
    """
    chosen = main_events(events)
    with mpl.rc_context(STYLE):
        per_column = -(-len(chosen) // 2)
        foot = 0.3 + 0.26 * per_column
        height = 8.2 + foot
        fig = Figure(figsize=(12, height))
        headed(fig, title)
        shown = [measure for measure in SHOWN if measure.name in months]
        grid = fig.add_gridspec(
            3, 3, left=0.06, right=0.985, top=1 - 0.95 / height, bottom=(foot + 0.6) / height, hspace=0.38, wspace=0.22
        )
        for place, measure in enumerate(shown):
            axes = fig.add_subplot(grid[place // 3, place % 3])
            panel(axes, months, chosen, measure)
            if place >= len(shown) - 3:
                axes.set_xlabel("month")
        for k, (month, happened) in enumerate(chosen):
            text = textwrap.shorten(f"{k + 1}) month {month}: {happened}", 92, placeholder=" ...")
            fig.text(0.06 + 0.47 * (k // per_column), (foot - 0.26 * (1 + k % per_column)) / height, text, fontsize=8)
    return fig


def panel(axes: Axes, months: pd.DataFrame, events: list[tuple[int, str]], measure: Measure) -> None:
    """One measure over time; numbered lines mark events."""
    month = months["month"].to_numpy(float)
    values = months[measure.name].to_numpy(float) * measure.scale
    axes.set_title(f"{measure.label} ({measure.shown})")
    axes.set_xlim(0, month.max())
    if not np.isfinite(values).any():
        axes.text(0.5, 0.5, "no programme", transform=axes.transAxes, ha="center", color=GREY)
        return
    axes.plot(month, values, color=BLUE, linewidth=1.6)
    axes.axhline(values[np.isfinite(values)][0], color=GREY, linewidth=0.7, linestyle=":")
    spread = float(np.nanmax(values) - np.nanmin(values))
    least = 0.1 * float(np.nanmax(np.abs(values)))  # do not blow up noise
    if spread < least:
        middle = 0.5 * float(np.nanmax(values) + np.nanmin(values))
        axes.set_ylim(middle - least / 2, middle + least / 2)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.22 * (high - low))  # room for the numbers
    for k, (when, _) in enumerate(events):
        axes.axvline(when, color="#cccccc", linewidth=0.7, zorder=0)
        axes.text(
            when,
            0.99 - 0.065 * (k % 3),
            str(k + 1),
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="top",
            fontsize=6.5,
            color="#444444",
            backgroundcolor="#ffffff90",
        )


def main_events(events: pd.DataFrame) -> list[tuple[int, str]]:
    """(month, what happened) for at most `MOST_MONTHS` months in order; the most telling kinds of events first."""
    if events.empty:
        return []
    kinds = events["event"].astype(str).str.lower()
    rank = pd.Series(len(FIRST), index=events.index)
    for place, word in reversed(list(enumerate(FIRST))):
        rank[kinds.str.startswith(word)] = place
    ordered = events.assign(rank=rank).sort_values(["rank", "month"], kind="stable")
    chosen = sorted(ordered["month"].drop_duplicates().head(MOST_MONTHS))
    return [(int(month), "; ".join(ordered.loc[ordered["month"] == month, "text"].astype(str))) for month in chosen]


def run_title(scenario: str, seed: int, months: pd.DataFrame) -> str:
    """Title of a single run: what changed between month 0 and the end."""
    parts = []
    for measure in (CHURN, ENGAGED, EQUITY):
        values = months[measure.name].to_numpy(float)
        parts.append(f"{measure.label} {measure.text(values[0])} to {measure.text(values[-1])} {measure.shown}")
    return f"{label(scenario)}, seed {seed}: {'; '.join(parts)} in {int(months['month'].max())} months"
