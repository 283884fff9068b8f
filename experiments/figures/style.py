"""Pages, colours, panels and files: what every figure shares.

Small multiples are drawn as one strip of panels side by side in one Axes, which is many times faster than a grid.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.headline import label

F64 = NDArray[np.float64]
BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#767676"  # Okabe, Ito 2008
SKY = "#56B4E9"
COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
INKS = ("#B34F00", "#005F96", "#00734F", "#9C4A78", "#8A5F00", "#1F78AB", "#000000")  # the same, dark enough for text
STYLE: Any = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.edgecolor": "#555555",
    "axes.linewidth": 0.7,
    "figure.titlesize": 13,
    "svg.hashsalt": "ungridlock",
    "text.parse_math": False,
}
PER_INCH = 9  # characters of a title


def save(fig: Figure, folder: Path, name: str) -> tuple[Path, Path]:
    """Write a figure as PNG (150 dots per inch) and SVG, with nothing in them that changes from run to run."""
    folder.mkdir(parents=True, exist_ok=True)
    png, svg = folder / f"{name}.png", folder / f"{name}.svg"
    with mpl.rc_context(STYLE):
        fig.savefig(png, dpi=150, metadata={"Software": None})
        fig.savefig(svg, metadata={"Date": None, "Creator": None})
    return png, svg


def page(
    size: tuple[float, float], rows: int, title: str, sides: tuple[float, float] = (0.85, 0.15), foot: float = 0.6
) -> tuple[Figure, list[Axes]]:
    """A figure with one Axes per row below a title that states the finding.

    Args:
        size: width and height, inches.
        rows: number of Axes.
        title: the finding.
        sides: left and right margin, inches.
        foot: bottom margin, inches.
    """
    width, height = size
    fig = Figure(figsize=size)
    lines = headed(fig, title)
    grid = fig.add_gridspec(
        rows,
        1,
        left=sides[0] / width,
        right=1 - sides[1] / width,
        hspace=0.38,
        top=1 - (0.6 + 0.22 * lines) / height,
        bottom=foot / height,
    )
    return fig, [fig.add_subplot(grid[row, 0]) for row in range(rows)]


def headed(fig: Figure, title: str) -> int:
    """Put the title in place; returns how many lines it takes."""
    width, height = fig.get_size_inches()
    wrapped = textwrap.fill(title, int(width * PER_INCH))
    fig.suptitle(wrapped, x=0.2 / width, y=1 - 0.12 / height, ha="left", va="top", fontweight="bold")
    return wrapped.count("\n") + 1


def band(axes: Axes, values: F64, start: float, colour: str, shade: float = 0.22) -> F64:
    """Median with 50% and 90% bands over replicates, from x = start; returns the median."""
    known = np.where(np.isfinite(values).any(axis=0), values, 0.0)
    low, quarter, median, upper, high = np.nanquantile(known, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    shown = np.isfinite(values).any(axis=0)
    x = start + np.arange(values.shape[1])
    for a, b in ((low, high), (quarter, upper)):
        axes.fill_between(x[shown], a[shown], b[shown], color=colour, alpha=shade, linewidth=0)
    axes.plot(x[shown], median[shown], color=colour, linewidth=1.5)
    return np.where(shown, median, np.nan)


def strip(axes: Axes, panels: int, months: int, shown: int | None = None) -> list[float]:
    """Prepare an Axes for panels side by side; returns where each panel's month 0 lies.

    Args:
        axes: where the panels go.
        panels: how many there is room for.
        months: horizon, the width of a panel.
        shown: how many are used, all if not given.
    """
    step = months * 1.14
    starts = [k * step for k in range(panels)][:shown]
    middle = months // 2
    ticks = [start + month for start in starts for month in (0, middle, months)]
    axes.set_xticks(ticks, [str(month) for _ in starts for month in (0, middle, months)], fontsize=8)
    left = -months * 0.04
    axes.set_xlim(left, (panels - 1) * step + months * 1.04)
    axes.spines["bottom"].set_bounds(left, starts[-1] + months * 1.04)
    for start in starts:
        axes.axvspan(start, start + months, color="#f5f5f5", zorder=0, linewidth=0)
    return starts


def names(axes: Axes, keys: Sequence[str], starts: Sequence[float], first: int = 0) -> None:
    """Strategies' names above their panels; `first` is the place of the first of them after the baseline."""
    for k, (key, start) in enumerate(zip(keys, starts, strict=True)):
        axes.text(
            start,
            1.02,
            textwrap.fill(label(key), 18),
            transform=axes.get_xaxis_transform(),
            va="bottom",
            color=ink_of(first + k),
            fontweight="bold",
            fontsize=9,
        )


def colour_of(place: int) -> str:
    """Colour of the strategy at this place after the baseline."""
    return COLOURS[place % len(COLOURS)]


def ink_of(place: int) -> str:
    """The same colour, dark enough for text on white."""
    return INKS[place % len(INKS)]
