"""Effects of parameters (Morris) and shares of variance (Sobol), with luck as the floor that they have to clear."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.designs.factor import DUMMY, LUCK
from experiments.figures.style import BLUE, GREY, SKY, STYLE, VERMILLION, headed
from experiments.headline import LEVEL, listing, percent
from experiments.sensitivity.floor import FLOORS, Verdict
from experiments.sensitivity.outcomes import Of
from experiments.sensitivity.sobol_text import too_small
from experiments.sensitivity.words import (
    About,
    among,
    capital,
    counts,
    most_known,
    quantities,
    quantity,
    short,
)

SHOWN = 14  # parameters
NAMED = 8  # of them by their rank beside a point
MOST_NAMED = 3  # in a title
PANELS = 2  # quantities
COLOUR = {Verdict.CLEAR: BLUE, Verdict.TOLD: SKY, Verdict.FLOOR: VERMILLION}
LEFT, WIDE, STEP, SCATTER = 0.135, 0.165, 0.335, 0.745  # parts of the width
SCREEN_NOTE = (
    f"Dots: mean size of the effect of going through the range; lines: {LEVEL:.0%} intervals. Orange: luck, another "
    "life of the same firm. Dark blue: more than luck; light blue: told from luck; grey: not. The dummy has exactly no "
    "effect."
)
SOBOL_NOTE = (
    f"Filled: total index; open: first-order index; lines: {LEVEL:.0%} intervals; strokes: from half of the sample. "
    "Orange: luck, band: its total.\nDark blue: more than luck; light blue: "
    "told from luck, but not shown to matter more; grey: not told from luck. The dummy is exactly 0."
)


def screen_figure(found: pd.DataFrame, about: About, of: Of) -> Figure:
    """The largest effects on up to two quantities with intervals, and how much the first depends on the place.

    Args:
        found: content of screen.csv.
        about: what was studied.
        of: what comes first.
    """
    chosen = quantities(found, of)[:PANELS]
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=(14, 6.2))
        headed(fig, screen_title(*chosen[0], about))
        for k, (kind, plan, part) in enumerate(chosen):
            axes = fig.add_axes((LEFT + STEP * k, 0.15, WIDE, 0.66))
            effect_panel(axes, with_floors(part, SHOWN), about, ranked=k == 0)
            axes.set_title(capital(quantity(kind, plan, about)), fontsize=9, x=-0.75)
        scatter_panel(fig.add_axes((SCATTER, 0.15, 0.24, 0.66)), chosen[0][2], about)
        fig.text(0.015, 0.02, SCREEN_NOTE, fontsize=8, color=GREY)
    return fig


def screen_title(of: str, plan: str, part: pd.DataFrame, about: About) -> str:
    """How many parameters matter more than luck, how many can be told from it, and which move a quantity most."""
    number, (_, own) = counts(part), most_known(part)
    clear, told = number[Verdict.CLEAR], number[Verdict.TOLD]
    text = f"{clear or 'None'} of {about.parameters} parameters can be shown to move the {quantity(of, plan, about)}"
    others = f"{told or 'no'} other{'s' if told != 1 else ''}" if clear else f"{told or 'none'}"
    names = listing([short(name) for name in own["factor"].head(MOST_NAMED)])
    return f"{text} more than luck does, {others} can be told from it{f'; most {names}' if len(own) else ''}"


def with_floors(part: pd.DataFrame, most: int) -> pd.DataFrame:
    """The largest parameters, then luck and the dummy, from the bottom up."""
    floors = [part[part["factor"] == name] for name in (LUCK, DUMMY)]
    rows = pd.concat([part[~part["factor"].isin(FLOORS)].head(most), *floors])
    return rows.iloc[::-1].reset_index(drop=True)


def effect_panel(axes: Axes, rows: pd.DataFrame, about: About, ranked: bool) -> None:
    """A dot with its interval per factor; the interval of luck as a band."""
    scale = about.measure.scale
    luck = rows[rows["factor"] == LUCK].iloc[0]
    axes.axvspan(luck["low"] * scale, luck["high"] * scale, color=VERMILLION, alpha=0.15, linewidth=0)
    for place, row in enumerate(rows.to_dict("records")):
        colour = COLOUR.get(row["verdict"], GREY)
        axes.plot([row["low"] * scale, row["high"] * scale], [place] * 2, color=colour, linewidth=1.4)
        axes.plot(row["mu_star"] * scale, place, "o", color=colour, markersize=5, clip_on=False)
    labels(axes, rows, ranked)
    axes.set_xlim(left=0)
    axes.set_xlabel(f"size of the effect, mu* ({about.unit})", fontsize=8)


def labels(axes: Axes, rows: pd.DataFrame, ranked: bool = False) -> None:
    """Names of factors along the left side, the first ones with their rank."""
    ranks = {len(rows) - 1 - k: f"({k + 1})  " for k in range(NAMED)} if ranked else {}
    names = [ranks.get(k, "") + short(str(name)) for k, name in enumerate(rows["factor"])]
    axes.set_yticks(range(len(rows)), names, fontsize=7.5)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=7.5)
    axes.grid(axis="x", color="#eeeeee")
    axes.set_axisbelow(True)


def scatter_panel(axes: Axes, part: pd.DataFrame, about: About) -> None:
    """Size of the effect against its spread between places; on the dotted line it is as uneven as it is large."""
    scale = about.measure.scale
    for row in part.iloc[::-1].to_dict("records"):
        colour = COLOUR.get(row["verdict"], GREY)
        axes.plot(row["mu_star"] * scale, row["sigma"] * scale, "o", color=colour, markersize=4.5, clip_on=False)
    own = part[~part["factor"].isin(FLOORS)].head(NAMED)
    named = {f"({k + 1})": row for k, row in enumerate(own.to_dict("records"))}
    for text, row in {**named, LUCK: part[part["factor"] == LUCK].to_dict("records")[0]}.items():
        place = (row["mu_star"] * scale, row["sigma"] * scale)
        shift = (4, 3) if len(text) > 3 or int(text[1]) % 2 else (4, -9)  # neighbours do not cover each other
        axes.annotate(text, place, shift, textcoords="offset points", fontsize=7)
    reach = max(float(part["mu_star"].max()), float(part["sigma"].max())) * scale * 1.12 or 1.0
    axes.plot([0, reach], [0, reach], color=GREY, linewidth=0.8, linestyle=":")
    axes.set_xlim(0, reach)
    axes.set_ylim(0, reach)
    axes.set_title("Near and above the dotted line\nit depends on the other parameters", fontsize=9)
    axes.set_xlabel(f"size of the effect, mu* ({about.unit})", fontsize=8)
    axes.set_ylabel(f"spread between places, sigma ({about.unit})", fontsize=8)
    axes.tick_params(labelsize=7.5)


def sobol_figure(found: pd.DataFrame, about: About, of: Of) -> Figure:
    """Shares of the variance of what comes first, in a single life and of the mean over lives, with intervals.

    Args:
        found: content of sobol.csv.
        about: what was studied.
        of: what comes first.
    """
    kind, plan, part = quantities(found, of)[0]
    height = 2.3 + 0.36 * found["factor"].nunique()
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=(12.5, height))
        headed(fig, sobol_title(kind, plan, part, about))
        for k, (panel, name) in enumerate(((share_panel, "In a single life"), (mean_panel, "What luck leaves"))):
            axes = fig.add_axes((0.155 + 0.49 * k, 0.95 / height, 0.33, 1 - 2.15 / height))
            panel(axes, with_floors(part, len(part)))
            axes.set_title(name, fontsize=9)
        fig.text(0.015, 0.14 / height, SOBOL_NOTE, fontsize=8, color=GREY)
    return fig


def sobol_title(of: str, plan: str, part: pd.DataFrame, about: About) -> str:
    """What explains more of the variance than luck does."""
    name = quantity(of, plan, about)
    if too_small(part):
        return f"The sample is too small to say where the variance of the {name} comes from"
    own, luck = part[~part["factor"].isin(FLOORS)], part[part["factor"] == LUCK].iloc[0]
    clear = among(own, Verdict.CLEAR)
    rows = (most_known(own)[1] if clear.empty else clear).head(MOST_NAMED)
    named = [f"{short(row['factor'])} ({percent(row['total'])})" for row in rows.to_dict("records")]
    if clear.empty:
        return (
            f"No parameter can be shown to explain more of the variance of the {name} than luck does "
            f"({percent(luck['total'])}); {told(own)}: {listing(named)}"
        )
    return (
        f"{capital(name)} varies more with {listing(named)} than with luck ({percent(luck['total'])}; shares of the "
        "variance, alone and with others)"
    )


def told(own: pd.DataFrame) -> str:
    """How many of the parameters can be told from luck."""
    number = len(among(own, Verdict.TOLD))
    return f"{number} of {len(own)} can be told from it, most" if number else "none can be told from it; largest"


def share_panel(axes: Axes, rows: pd.DataFrame) -> None:
    """Total and first-order index per factor, and strokes where half of the sample puts them; the band is luck's."""
    luck = rows[rows["factor"] == LUCK].iloc[0]
    axes.axvspan(luck["total_low"], luck["total_high"], color=VERMILLION, alpha=0.15, linewidth=0)
    for place, row in enumerate(rows.to_dict("records")):
        for name, y, filled in (("total", place + 0.15, True), ("first", place - 0.15, False)):
            mark(axes, row, name, y, filled)
            axes.plot(row[f"half_{name}"], y, "|", color="#333333", markersize=7)
    finished(axes, rows, "share of the variance in a single life")


def mean_panel(axes: Axes, rows: pd.DataFrame) -> None:
    """First-order index of the mean over lives per parameter."""
    for place, row in enumerate(rows.to_dict("records")):
        if math.isfinite(row["mean"]):
            mark(axes, row, "mean", place, False)
    if rows["mean"].isna().all():
        axes.text(0.5, 0.5, "luck may take everything", ha="center", color=GREY, transform=axes.transAxes)
    finished(axes, rows, "share of the variance of the mean over lives")


def mark(axes: Axes, row: Mapping[Any, Any], name: str, y: float, filled: bool) -> None:
    """A dot with its interval."""
    colour = COLOUR.get(row["verdict"], GREY)
    axes.plot([row[f"{name}_low"], row[f"{name}_high"]], [y, y], color=colour, linewidth=1.2)
    axes.plot(row[name], y, "o", color=colour, markerfacecolor=colour if filled else "white", markersize=5)


def finished(axes: Axes, rows: pd.DataFrame, label: str) -> None:
    """With zero, names and the label of the axis."""
    axes.axvline(0, color="#333333", linewidth=0.8)
    labels(axes, rows)
    axes.set_xlabel(label, fontsize=8)
