"""A tornado of what we don't know: the leader's lead with one parameter at either end of its range."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.style import BLUE, GREY, STYLE, VERMILLION, headed
from experiments.headline import label
from experiments.luck import CRITERIA as WORDS
from experiments.reversals.judgement import CLEAR, CRITERIA, count, unmoved

SHOWN = 12
MILLION = 1e6
COLOUR = {"low": BLUE, "high": VERMILLION}


def tornado(judged: pd.DataFrame) -> Figure:
    """One panel per criterion, the parameters that move the lead most, zero where the advice turns."""
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=(12.5, 5.6))
        headed(fig, title(judged))
        legend = "bars: lead with one parameter at the low (blue) or high (orange) end; lines: two standard errors; "
        legend += "*: the unchanged firm would not stay as it is there in every world"
        fig.text(0.02, 0.02, legend, fontsize=8, color=GREY)
        for k, criterion in enumerate(CRITERIA):
            axes = fig.add_axes((0.155 + 0.335 * k, 0.16, 0.17, 0.64))
            panel(axes, judged[judged["criterion"] == criterion], unmoved(judged, criterion))
            axes.set_title(f"{WORDS[criterion]}", fontsize=9, x=-0.9)
    return fig


def title(judged: pd.DataFrame) -> str:
    """How many parameters would put another strategy first, as in the text."""
    parts = []
    for criterion in CRITERIA:
        number = count(judged, criterion)
        clearly = f" ({number.clearly or 'none'} clearly)" if number.turned else ""
        parts.append(f"{WORDS[criterion]}: {number.turned or 'none'} of {number.parameters}{clearly}")
    return f"Parameters that, moved alone, would put another strategy first on average. {'; '.join(parts)}"


def panel(axes: Axes, part: pd.DataFrame, base: pd.Series) -> None:
    """Bars from the unmoved lead to the lead at either end, with two standard errors."""
    moved = part[part["parameter"] != ""]
    order = moved.groupby("parameter")["change"].apply(lambda c: c.abs().max()).nlargest(SHOWN).index[::-1]
    start = base["lead"] / MILLION
    for row, name in enumerate(order):
        for one in moved[moved["parameter"] == name].to_dict("records"):
            end, reach = one["lead"] / MILLION, CLEAR * one["lead_error"] / MILLION
            shift = 0.16 if one["end"] == "high" else -0.16
            axes.barh(row + shift, end - start, left=start, height=0.3, color=COLOUR[one["end"]])
            axes.plot([end - reach, end + reach], [row + shift] * 2, color="#333333", linewidth=0.8)
    axes.axvline(0, color="black", linewidth=1.2)
    axes.axvline(start, color=GREY, linewidth=0.8, linestyle=":")
    marks = ["*" * bool((moved.loc[moved["parameter"] == name, "at_rest"] < 1).any()) for name in order]
    axes.set_yticks(range(len(order)), [shorter(n) + mark for n, mark in zip(order, marks, strict=True)], fontsize=7)
    axes.set_xlabel(f"{label(base['leader'])} less best rival, $M", fontsize=8)
    axes.tick_params(axis="x", labelsize=7)


def shorter(name: str) -> str:
    """The last two parts of a dotted name."""
    return ".".join(name.split(".")[-2:])
