"""One run on one page: headline measures over time with what happened."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

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
from experiments.tables import mean_of_known, span_of, two_ends

SHOWN = (CHURN, EQUITY, PROFIT, ENGAGED, SHARING, GRIDLOCK, SATISFACTION, RESOLUTION, BELIEF)
MOST_MONTHS = 16  # with events
MOST = {"%": 100.0, "0-1": 1.0}  # of measures in these units
LAUNCH = "launch of "
LINE = 88  # characters
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
        columns = two_columns(chosen)
        foot = 0.3 + 0.2 * max(len(column) for column in columns)
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
        for k, column in enumerate(columns):
            for row, text in enumerate(column):
                fig.text(0.06 + 0.47 * k, (foot - 0.2 * (1 + row)) / height, text, fontsize=8)
    return fig


def two_columns(events: list[tuple[int, str]]) -> tuple[list[str], list[str]]:
    """Numbered events as lines of text, about half of them in each column."""
    texts = [
        textwrap.wrap(f"{k + 1}) month {month}: {happened}", LINE, max_lines=3, placeholder=" ...",
                      subsequent_indent="     ")
        for k, (month, happened) in enumerate(events)
    ]  # fmt: skip
    left: list[str] = []
    while texts and len(left) < sum(len(text) for text in texts):
        left += texts.pop(0)
    return left, [line for text in texts for line in text]


def panel(axes: Axes, months: pd.DataFrame, events: list[tuple[int, str]], measure: Measure) -> None:
    """One measure over time; numbered lines mark events."""
    month = months["month"].to_numpy(float)
    values = months[measure.name].to_numpy(float) * measure.scale
    axes.set_title(f"{measure.label} ({measure.shown})")
    axes.set_xlim(-0.015 * month.max(), month.max())
    if not np.isfinite(values).any():
        axes.text(0.5, 0.5, "no programme", transform=axes.transAxes, ha="center", color=GREY)
        return
    axes.plot(month, values, color=BLUE, linewidth=1.6)
    axes.axhline(mean_of_known(values[two_ends(len(values))[0]]), color=GREY, linewidth=0.7, linestyle=":")
    spread = float(np.nanmax(values) - np.nanmin(values))
    least = 0.1 * float(np.nanmax(np.abs(values)))  # do not blow up noise
    if spread < least:
        middle = 0.5 * float(np.nanmax(values) + np.nanmin(values))
        axes.set_ylim(middle - least / 2, middle + least / 2)
    low, high = axes.get_ylim()
    if measure.shown in MOST:
        axes.set_yticks([tick for tick in axes.get_yticks() if tick <= MOST[measure.shown]])
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
            bbox={"facecolor": "white", "alpha": 0.55, "linewidth": 0, "pad": 0.6},
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
    return [(int(month), in_words(ordered.loc[ordered["month"] == month, "text"].astype(str))) for month in chosen]


def in_words(texts: Iterable[str]) -> str:
    """What happened in a month; launches are one."""
    text = "; ".join(texts)
    return text.replace(f"; {LAUNCH}", ", ")


def run_title(scenario: str, seed: int, months: pd.DataFrame) -> str:
    """Title of a single run: what changed from its first to its last year."""
    parts, ends = [], two_ends(len(months))
    when = " and ".join(span_of(rows) for rows in ends)
    for measure in (CHURN, ENGAGED, EQUITY):
        values = months[measure.name].to_numpy(float)
        first, last = (measure.text(mean_of_known(values[rows])) for rows in ends)
        parts.append(f"{measure.label} {first} to {last} {measure.shown}")
    return f"{label(scenario)}, seed {seed}: {'; '.join(parts)} (means of {when})"
