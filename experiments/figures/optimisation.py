"""The plans of a search on new lives: intervals, the tied set, and what the search thought of them."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.figures.style import BLUE, GREY, STYLE, VERMILLION, headed
from experiments.headline import heading, label
from experiments.optimisation.page import MILLION, Answer

MOST = 30  # plans drawn


def plans(answer: Answer) -> Figure:
    """Gain with interval per plan, the best at the top, beside its cost and the budget."""
    table = answer.table.head(MOST)
    with mpl.rc_context(STYLE):
        height = 1.9 + 0.24 * len(table)
        fig = Figure(figsize=(11.0, height))
        lines = headed(fig, title(answer))
        bottom, top = 0.85 / height, 1 - (0.45 + 0.24 * lines) / height
        gains = fig.add_axes((0.19, bottom, 0.5, top - bottom))
        costs = fig.add_axes((0.73, bottom, 0.23, top - bottom), sharey=gains)
        draw_gains(gains, table, answer)
        draw_costs(costs, table, answer)
        fig.text(0.02, 0.08 / height, f"{answer.level:.0%} intervals over worlds, {answer.replicates[1]} new lives; "
                 f"the search saw {answer.replicates[0]}", fontsize=7, color=GREY)  # fmt: skip
    return fig


def title(answer: Answer) -> str:
    """How many plans are tied at the top."""
    tied = len(answer.tied)
    what = f"under ${answer.budget / MILLION:,.3g}M, {answer.measure.label} on new lives"
    if tied == 1:
        return f"One plan is clearly the best {what}"
    return f"{tied} of {int(answer.table['fits'].sum())} plans are tied at the top {what}"


def colour(row: dict[str, object]) -> str:
    """Tied plans stand out; those over the budget are marked."""
    return BLUE if row["tied"] else GREY if row["fits"] else VERMILLION


def draw_gains(axes: Axes, table: pd.DataFrame, answer: Answer) -> None:
    """Gains on new lives with intervals, and the search's estimates."""
    scale = answer.measure.better * answer.measure.scale
    for k, row in enumerate(table.to_dict("records")):
        place = len(table) - k
        shown = {str(name): value for name, value in row.items()}
        axes.plot([row["low"] * scale, row["high"] * scale], [place] * 2, color=colour(shown), linewidth=1.6)
        axes.plot(row["gain"] * scale, place, "o", color=colour(shown), markersize=5)
        axes.plot(row["search"] * scale, place, "D", markerfacecolor="white", markeredgecolor=colour(shown),
                  markersize=4)  # fmt: skip
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(np.arange(len(table), 0, -1), [label(str(key)) for key in table["plan"]], fontsize=7.5)
    axes.set_ylim(0.3, len(table) + 0.7)
    axes.set_xlabel(f"{heading(answer.measure)} against {label(answer.baseline)}", fontsize=8)
    axes.tick_params(axis="x", labelsize=7.5)
    marks = [
        Line2D([], [], color=BLUE, marker="o", markersize=5, label="tied with the best"),
        Line2D([], [], color=GREY, marker="o", markersize=5, label="clearly behind"),
        Line2D([], [], color=GREY, marker="D", markerfacecolor="white", markersize=4, linestyle="",
               label="what the search saw"),
    ]  # fmt: skip
    if not table["fits"].all():
        marks.append(Line2D([], [], color=VERMILLION, marker="o", markersize=5, label="over the budget"))
    axes.legend(handles=marks, fontsize=7, frameon=False, loc="lower right")


def draw_costs(axes: Axes, table: pd.DataFrame, answer: Answer) -> None:
    """Paid with interval, planned, budget."""
    for k, row in enumerate(table.to_dict("records")):
        place = len(table) - k
        shown = {str(name): value for name, value in row.items()}
        axes.barh(place, row["paid"] / MILLION, height=0.55, color=colour(shown), alpha=0.45)
        axes.plot(row["planned"] / MILLION, place, "|", color="black", markersize=8)
    axes.axvline(answer.budget / MILLION, color="black", linewidth=0.9, linestyle=":")
    axes.text(answer.budget / MILLION, 1.005, "budget", transform=axes.get_xaxis_transform(), fontsize=7, ha="center")
    axes.set_xlim(left=0)
    axes.tick_params(axis="y", labelleft=False, length=0)
    axes.tick_params(axis="x", labelsize=7.5)
    axes.set_xlabel("paid over the horizon, $M (line: planned)", fontsize=8)
