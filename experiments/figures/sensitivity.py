"""Effects of parameters (Morris) and shares of variance (Sobol), with luck as the floor that they have to clear."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.designs.factor import DUMMY, FREE, LUCK
from experiments.figures.style import BLUE, GREY, STYLE, VERMILLION, headed
from experiments.headline import LEVEL, listing, percent
from experiments.sensitivity.floor import Verdict
from experiments.sensitivity.outcomes import Of
from experiments.sensitivity.sobol_text import too_small
from experiments.sensitivity.words import About, capital, counts, quantities, quantity, short, strongest

SHOWN = 14  # parameters
NAMED = 8  # of them by their rank beside a point
MOST_NAMED = 3  # in a title
PANELS = 2  # quantities
COLOUR = {Verdict.CLEAR: BLUE, Verdict.FLOOR: VERMILLION}
LEFT, WIDE, STEP, SCATTER = 0.135, 0.165, 0.335, 0.745  # parts of the width
SCREEN_NOTE = (
    f"Dots: mean size of the effect of going through the range; lines: {LEVEL:.0%} intervals. Orange: luck, another "
    "life of the same firm. Blue: clear of luck; grey: not. The dummy has exactly no effect."
)
SOBOL_NOTE = (
    f"Filled: total index, open: first-order index; lines: {LEVEL:.0%} intervals; strokes: the same from half of the "
    "sample. Orange: luck. Blue: total clear of luck; grey: not. The dummy is exactly 0."
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
    """How many parameters matter for a quantity, and which most."""
    number = counts(part)[Verdict.CLEAR]
    text = f"{number or 'None'} of {about.parameters} parameters can be shown to move the {quantity(of, plan, about)}"
    return f"{text} more than luck does{f', most {strongest(part)}' if number else ''}"


def with_floors(part: pd.DataFrame, most: int) -> pd.DataFrame:
    """The largest parameters, then luck and the dummy, from the bottom up."""
    floors = [part[part["factor"] == name] for name in (LUCK, DUMMY)]
    rows = pd.concat([part[~part["factor"].isin(FREE)].head(most), *floors])
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
    own = part[~part["factor"].isin(FREE)].head(NAMED)
    named = {f"({k + 1})": row for k, row in enumerate(own.to_dict("records"))}
    for text, row in {**named, LUCK: part[part["factor"] == LUCK].to_dict("records")[0]}.items():
        place = (row["mu_star"] * scale, row["sigma"] * scale)
        axes.annotate(text, place, (4, 3), textcoords="offset points", fontsize=7)
    reach = max(float(part["mu_star"].max()), float(part["sigma"].max())) * scale * 1.12 or 1.0
    axes.plot([0, reach], [0, reach], color=GREY, linewidth=0.8, linestyle=":")
    axes.set_xlim(0, reach)
    axes.set_ylim(0, reach)
    axes.set_title("Near and above the dotted line\nit depends on the other parameters", fontsize=9)
    axes.set_xlabel(f"size of the effect, mu* ({about.unit})", fontsize=8)
    axes.set_ylabel(f"spread between places, sigma ({about.unit})", fontsize=8)
    axes.tick_params(labelsize=7.5)


def sobol_figure(found: pd.DataFrame, about: About, of: Of) -> Figure:
    """First-order and total indices of up to two quantities with intervals, and both from half of the sample.

    Args:
        found: content of sobol.csv.
        about: what was studied.
        of: what comes first.
    """
    chosen = quantities(found, of)[:PANELS]
    height = 2.3 + 0.36 * found["factor"].nunique()
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=(12.5, height))
        headed(fig, sobol_title(*chosen[0], about))
        for k, (kind, plan, part) in enumerate(chosen):
            axes = fig.add_axes((0.155 + 0.49 * k, 0.95 / height, 0.33, 1 - 2.15 / height))
            share_panel(axes, with_floors(part, len(part)))
            axes.set_title(capital(quantity(kind, plan, about)), fontsize=9, x=-0.4)
        fig.text(0.015, 0.14 / height, SOBOL_NOTE, fontsize=8, color=GREY)
    return fig


def sobol_title(of: str, plan: str, part: pd.DataFrame, about: About) -> str:
    """What explains more of the variance than luck does."""
    name = quantity(of, plan, about)
    if too_small(part):
        return f"The sample is too small to say where the variance of the {name} comes from"
    own, luck = part[~part["factor"].isin(FREE)], part[part["factor"] == LUCK].iloc[0]
    clear = own[own["verdict"] == Verdict.CLEAR].head(MOST_NAMED)
    rows = own.head(1) if clear.empty else clear
    named = [f"{short(row['factor'])} ({percent(row['total'])})" for row in rows.to_dict("records")]
    if clear.empty:
        return (
            f"No parameter can be shown to explain more of the variance of the {name} than luck does "
            f"({percent(luck['total'])}); most: {named[0]}"
        )
    return (
        f"{capital(name)} varies more with {listing(named)} than with luck ({percent(luck['total'])}; shares of the "
        "variance, alone and with others)"
    )


def share_panel(axes: Axes, rows: pd.DataFrame) -> None:
    """Two dots with intervals per factor, and strokes where half of the sample puts them."""
    luck = rows[rows["factor"] == LUCK].iloc[0]
    axes.axvspan(luck["total_low"], luck["total_high"], color=VERMILLION, alpha=0.15, linewidth=0)
    for place, row in enumerate(rows.to_dict("records")):
        colour = COLOUR.get(row["verdict"], GREY)
        for name, shift, face in (("total", 0.15, colour), ("first", -0.15, "white")):
            y = place + shift
            axes.plot([row[f"{name}_low"], row[f"{name}_high"]], [y, y], color=colour, linewidth=1.2)
            axes.plot(row[f"half_{name}"], y, "|", color="#333333", markersize=7)
            axes.plot(row[name], y, "o", color=colour, markerfacecolor=face, markersize=5)
    axes.axvline(0, color="#333333", linewidth=0.8)
    labels(axes, rows)
    axes.set_xlabel("share of the variance", fontsize=8)
