"""The figure of the benchmark: cost per customer by size, and how far targets are reached."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.company import BOTH
from benchmarks.findings import Target, number_of, per_customer, spread, targets
from benchmarks.timing import Times
from experiments.figures.style import BLUE, GREY, STYLE, VERMILLION, headed, save

GREEN = "#009E73"


def draw(found: Times, folder: Path) -> Path:
    """Draw and save; returns the PNG."""
    with mpl.rc_context(STYLE):
        reached = targets(found)
        fig = Figure(figsize=(12.0, 5.2))
        headed(fig, title(reached))
        cost(fig.add_axes((0.065, 0.13, 0.40, 0.72)), found)
        bars(fig.add_axes((0.76, 0.13, 0.19, 0.72)), reached)
    return save(fig, folder, "benchmarks")[0]


def title(reached: Sequence[Target]) -> str:
    """The finding."""
    met, first = sum(target.met for target in reached), reached[0].measured
    months = f"A month takes plain Mesa {first.middle:,.0f} times as long as the engine"
    return f"{months}; {met} of {len(reached)} targets are hit"


def cost(axes: Axes, found: Times) -> None:
    """Nanoseconds per customer and month over the number of customers; bars from the least to the most."""
    sizes = [(str(s.customers), s.customers) for s in BOTH if f"plain.{s.customers}" in found]
    large = [(label, number_of(found, label)) for label in ("1m", "10m")]
    line(axes, found, "plain", sizes, (VERMILLION, "o", "plain Mesa"))
    line(axes, found, "engine", sizes + large, (BLUE, "o", "engine, one thread"))
    line(axes, found, "engine_two_threads", large, (GREEN, "s", "engine, two threads"))
    line(axes, found, "copy", large, (GREY, "D", "copying customers' columns"))
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("customers (places in the market)")
    axes.set_ylabel("cost of a month per customer, ns")
    axes.set_title("What does a month cost per customer? Medians, least to most", fontsize=9)
    axes.grid(True, which="major", color="#e5e5e5", linewidth=0.6)
    axes.legend(frameon=False, fontsize=8, loc="lower left")
    axes.set_xticks([n for _, n in sizes + large], [f"{n:,}" for _, n in sizes + large], fontsize=7.5)
    axes.set_yticks([10, 100, 1_000, 10_000], ["10", "100", "1,000", "10,000"], fontsize=8)
    axes.minorticks_off()
    axes.set_ylim(bottom=1)


def line(axes: Axes, found: Times, name: str, sizes: Sequence[tuple[str, int]], look: tuple[str, str, str]) -> None:
    """One way of computing, by size."""
    spreads = [spread(per_customer(found, f"{name}.{label}", n)).times(1e9) for label, n in sizes]
    middle = [s.middle for s in spreads]
    reach = [[s.middle - s.low for s in spreads], [s.high - s.middle for s in spreads]]
    colour, marker, text = look
    axes.errorbar([n for _, n in sizes], middle, yerr=reach, color=colour, marker=marker, markersize=5, capsize=2,
                  linewidth=1.3, label=text)  # fmt: skip


def bars(axes: Axes, reached: Sequence[Target]) -> None:
    """How far every target is reached: 1 is the target."""
    rows = list(reversed(reached))
    for place, target in enumerate(rows):
        colour = BLUE if target.met else VERMILLION
        axes.hlines(place, 1, target.reached, color=colour, linewidth=2)
        axes.plot(target.reached, place, "o" if target.met else "X", color=colour, markersize=7)
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log")
    least, most = min(t.reached for t in rows), max(t.reached for t in rows)
    axes.set_xticks([0.03, 0.1, 0.3, 1, 3], ["0.03", "0.1", "0.3", "1", "3"], fontsize=8)
    axes.minorticks_off()
    axes.set_xlim(min(0.4, 0.8 * least), max(2.5, 1.25 * most))
    names = [textwrap.fill(t.text.replace("`", ""), 46) for t in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=7.5)
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlabel("share of the target that is reached (right of 1: hit)", fontsize=8)
    axes.set_title("Which targets are hit (dots), which missed (crosses)?", fontsize=9, x=-1.2)
