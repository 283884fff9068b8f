"""Figures of the synthetic industry: items beside the published shares, levels, maturity against performance."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.style import BLUE, GREY, STYLE, VERMILLION, page, save
from experiments.headline import LEVEL
from experiments.survey.findings import WIDTH, correlation, level_shares
from experiments.survey.items import OPEN
from sim.measures.maturity import CUTS

NEAR = 10  # per cent of firms
PUBLISHED_MIDDLE = 74  # per cent of firms at levels 2 and 3


def draw_survey(firms: pd.DataFrame, items: pd.DataFrame, folder: Path) -> None:
    """Draw and save all three."""
    with mpl.rc_context(STYLE):
        figures = {"items": items_figure(items), "levels": levels_figure(firms), "performance": cloud(firms)}
    for name, fig in figures.items():
        save(fig, folder, name)


def items_figure(items: pd.DataFrame) -> Figure:
    """Published shares as diamonds, simulated ones as dots with intervals."""
    known = items[items["signal"] != ""].sort_values("published", ignore_index=True)
    published, simulated = (known[name].to_numpy(float) for name in ("published", "simulated"))
    near, unused = np.abs(simulated - published) <= NEAR, (known["role"] == OPEN).to_numpy()
    title = f"{near.sum()} of {len(known)} items come within {NEAR} points of the published share of firms, "
    title += f"{near[unused].sum()} of the {unused.sum()} that were not used to draw firms"
    fig, (axes,) = page((10, 1.8 + 0.36 * len(known)), 1, title, sides=(3.6, 0.3), foot=0.95)
    reach = WIDTH * known["standard_error"].to_numpy(float)
    rows = np.arange(len(known))
    axes.hlines(rows, published, simulated, color="#cccccc", linewidth=1, zorder=0)
    axes.errorbar(
        simulated, rows, xerr=reach, fmt="o", color=BLUE, markersize=6, label=f"simulated, {LEVEL:.0%} interval"
    )
    axes.plot(published, rows, "D", color=VERMILLION, markersize=6, label="published")
    axes.set_yticks(
        rows, [f"{text}{' *' if role == OPEN else ''}" for text, role in zip(known["item"], known["role"], strict=True)]
    )
    axes.set_xlim(-2, 100)
    axes.set_ylim(-0.7, len(known) - 0.3)
    axes.set_xlabel("firms that are good or excellent (%)")
    axes.grid(axis="x", color="#eeeeee")
    axes.legend(loc="lower right", frameon=False)
    _note(
        fig,
        "Published: 434 firms (SAS, Peppers and Rogers 2009); used to draw firms, except where marked *.",
    )
    return fig


def levels_figure(firms: pd.DataFrame) -> Figure:
    """How mature firms are, with the fixed cuts between levels."""
    shares = level_shares(firms)
    middle = shares["levels 2 and 3"]
    title = f"{100 * middle.value:.0f}% of firms are at levels 2 and 3 of maturity; published {PUBLISHED_MIDDLE}%"
    fig, (axes,) = page((10, 4.6), 1, title, foot=0.95)
    axes.hist(firms["cemm"], bins=np.arange(1, 5.001, 0.1).tolist(), color=BLUE, edgecolor="white", linewidth=0.5)
    top = axes.get_ylim()[1]
    for cut in CUTS:
        axes.axvline(cut, color="#333333", linewidth=0.8, linestyle="--")
    for level, at in zip(range(1, 6), (1.25, 2, 3, 4, 4.75), strict=True):
        found = shares[f"level {level}"]
        axes.text(
            at,
            top * 1.02,
            f"level {level}\n{100 * found.value:.0f} ± {100 * found.error:.1f}%",
            ha="center",
            va="bottom",
        )
    axes.set_xlim(1, 5)
    axes.set_xlabel("customer experience maturity (1-5)")
    axes.set_ylabel("firms")
    _note(
        fig,
        f"{len(firms)} simulated firms; shares with standard errors; dashed: cuts between levels, fixed beforehand.",
    )
    return fig


def cloud(firms: pd.DataFrame) -> Figure:
    """Every firm's maturity and performance."""
    found = correlation(firms, "cemm")
    direction = "better" if found.low > 0 else "worse" if found.high < 0 else "neither better nor worse for certain"
    title = f"More mature firms do {direction}: correlation {found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"
    fig, (axes,) = page((10, 5.4), 1, title, foot=0.95)
    for beats, colour, marker, text in (
        (True, BLUE, "o", "beats its competitors"),
        (False, VERMILLION, "^", "does not"),
    ):
        part = firms[firms["beats"] == beats]
        axes.plot(
            part["cemm"],
            part["performance"],
            marker,
            color=colour,
            alpha=0.55,
            markersize=5,
            markeredgewidth=0,
            label=text,
        )
    _line(axes, firms)
    axes.set_xlabel("customer experience maturity (1-5)")
    axes.set_ylabel("performance (mean of z-scores)")
    axes.legend(loc="lower right", frameon=False)
    _note(
        fig,
        "Performance: profit margin, annual retention, growth of customers in the last year. Line: least squares.",
    )
    return fig


def _line(axes: Axes, firms: pd.DataFrame) -> None:
    if firms["cemm"].std() > 0:
        slope, level = np.polyfit(firms["cemm"], firms["performance"], 1)
        ends = np.array([firms["cemm"].min(), firms["cemm"].max()])
        axes.plot(ends, level + slope * ends, color="#333333", linewidth=1.2)
    axes.axhline(0, color=GREY, linewidth=0.7, linestyle=":")


def _note(fig: Figure, text: str) -> None:
    width, height = fig.get_size_inches()
    fig.text(0.2 / width, 0.14 / height, text, fontsize=8.5)
