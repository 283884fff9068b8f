"""Which difference how many replicates show: one panel per measure, one line per strategy."""

from __future__ import annotations

import math

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from experiments.figures.style import COLOURS, GREY, STYLE, colour_of, headed
from experiments.headline import BY_NAME, Measure, heading, label, listing
from experiments.replication.page import number
from experiments.replication.sample_size import detectable, spread_interval
from experiments.replication.settings import ReplicationSettings

DASHES = ("-", "--", ":", "-.")
REACH = 4  # times as many replicates as needed are shown


def detectable_differences(table: pd.DataFrame, settings: ReplicationSettings, lucks: int) -> Figure:
    """Smallest detectable difference against replicates, with the range that the pilot leaves for the neediest plan.

    Args:
        table: see `needs`.
        settings: power and level.
        lucks: replicates per world.
    """
    names = list(table["measure"].unique())
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=(1.6 + 4.6 * len(names), 4.6))
        headed(fig, title(table))
        left, width = 0.75, fig.get_size_inches()[0]
        for k, name in enumerate(names):
            axes = fig.add_axes(((left + 4.6 * k) / width, 0.16, 3.3 / width, 0.62))
            panel(axes, table[table["measure"] == name], BY_NAME[name], settings, lucks)
        handles, labels = axes.get_legend_handles_labels()
        fig.legend(handles, labels, fontsize=7, frameon=False, loc="center right")
        fig.text(0.02, 0.01, f"{settings.power:.0%} power, two-sided paired t over worlds at {1 - settings.level:.0%}; "
                 "band: range that the pilot's own uncertainty leaves for the plan that needs most", fontsize=7,
                 color=GREY)  # fmt: skip
    return fig


def title(table: pd.DataFrame) -> str:
    """What is needed for every plan, by measure."""
    most = table.groupby("measure", sort=False)[["replicates", "detect"]].max()
    parts = [f"{number(row['replicates'])} to show {BY_NAME[str(name)].words(row['detect']).lstrip('+')} in "
             f"{BY_NAME[str(name)].label}" for name, row in most.iterrows()]  # fmt: skip
    return f"Replicates needed: {listing(parts)}"


def panel(axes: Axes, part: pd.DataFrame, measure: Measure, settings: ReplicationSettings, lucks: int) -> None:
    """One measure."""
    worlds = grid(part, lucks)
    shown = np.array([detectable(int(k), settings.power, settings.level) for k in worlds]) * measure.scale
    x = worlds * lucks
    neediest = part.iloc[int(np.nanargmax(part["spread"]))]
    low, high = spread_interval(neediest["spread"], int(neediest["pilot"]) // lucks, settings.level)
    if neediest["spread"] > 0:
        axes.fill_between(x, low * shown, high * shown, color=GREY, alpha=0.15, linewidth=0)
    for k, row in enumerate(part.to_dict("records")):  # a plan without spread, on a logarithmic axis, has no line
        dashes = DASHES[k // len(COLOURS) % len(DASHES)]
        axes.plot(x, row["spread"] * shown, color=colour_of(k), linestyle=dashes, linewidth=1.4,
                  label=label(row["strategy"]))  # fmt: skip
    wanted = part["detect"].iloc[0] * measure.scale
    axes.axhline(wanted, color="black", linewidth=0.9, linestyle=":")
    axes.text(x[-1], wanted, "wanted ", ha="right", va="bottom", fontsize=7)
    axes.axvline(neediest["pilot"], color=GREY, linewidth=0.8)
    axes.text(neediest["pilot"], 0.99, " pilot", transform=axes.get_xaxis_transform(), va="top", fontsize=7, color=GREY)
    logarithmic(axes)
    axes.set_xlabel("replicates", fontsize=8)
    axes.set_title(f"smallest difference shown: {heading(measure)}", fontsize=9)


def logarithmic(axes: Axes) -> None:
    """Both axes logarithmic with plain numbers."""
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.4g}"))
        axis.set_minor_locator(NullLocator())
    axes.tick_params(labelsize=7)


def grid(part: pd.DataFrame, lucks: int) -> np.ndarray:
    """Numbers of worlds from 3 to well beyond what is needed."""
    needed = part["replicates"].max() / lucks
    most = REACH * max(needed if math.isfinite(needed) else 0, part["pilot"].max() / lucks, 64 / lucks)
    return np.unique(np.geomspace(3, most, 40).astype(int))
