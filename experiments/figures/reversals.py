"""A tornado of what we don't know: the leader's lead with one parameter at either end of its range."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.style import BLUE, GREY, STYLE, VERMILLION, headed
from experiments.headline import label
from experiments.luck import CRITERIA as WORDS
from experiments.reversals.judgement import CLEAR, CRITERIA, unmoved

SHOWN = 12
MILLION = 1e6
COLOUR = {"low": BLUE, "high": VERMILLION}


def tornado(judged: pd.DataFrame) -> Figure:
    """One panel per criterion, the parameters that move the lead most, zero where the advice turns."""
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=(12.5, 5.6))
        headed(fig, title(judged))
        for k, criterion in enumerate(CRITERIA):
            axes = fig.add_axes((0.155 + 0.335 * k, 0.13, 0.17, 0.66))
            panel(axes, judged[judged["criterion"] == criterion], unmoved(judged, criterion))
            axes.set_title(f"{WORDS[criterion]}", fontsize=9, x=-0.9)
    return fig


def title(judged: pd.DataFrame) -> str:
    """How many parameters could turn the answer."""
    parts = []
    for criterion in CRITERIA:
        moved = judged[(judged["criterion"] == criterion) & (judged["parameter"] != "")]
        turned = moved.loc[moved["new_leader"] != moved["leader"], "parameter"].nunique()
        parts.append(f"{WORDS[criterion]}: {turned} of {moved['parameter'].nunique()}")
    return f"Parameters that alone could change which strategy leads. {'; '.join(parts)}"


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
    axes.set_yticks(range(len(order)), [shorter(name) for name in order], fontsize=7)
    axes.set_xlabel(f"{label(base['leader'])} less best rival, $M", fontsize=8)
    axes.tick_params(axis="x", labelsize=7)
    axes.text(1, 1.005, "blue: low end, orange: high end", transform=axes.transAxes, ha="right", fontsize=7, color=GREY)


def shorter(name: str) -> str:
    """The last two parts of a dotted name."""
    return ".".join(name.split(".")[-2:])
