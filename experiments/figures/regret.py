"""Regret: plans by futures as a heat map, its distribution per plan, and the box of futures in which a plan fails."""

from __future__ import annotations

import textwrap
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from experiments.figures.style import BLUE, F64, GREY, STYLE, VERMILLION, colour_of, page, save
from experiments.headline import LEVEL, NPV, label, percent
from experiments.regret.failing import Explained
from experiments.regret.findings import Findings
from experiments.regret.futures import Futures
from experiments.regret.measures import TAIL, Outcome
from experiments.regret.rule import Flags, Limit

MILLION = 1e6
DARKEST = 0.98  # quantile of all regrets that gets the darkest colour
PALETTE = "Blues"  # one hue from white, no regret, to dark: nothing hangs on telling hues apart
NAMED = 0.05  # share of futures from which a group is named


def draw(found: Findings, folder: Path) -> list[str]:
    """Draw and save every figure; returns their names."""
    outcome, table = found.outcome, found.table
    with mpl.rc_context(STYLE):
        figures = {"regret_map": heat_map(outcome, table), "regret_distribution": distribution(outcome, table)}
        if found.explained.rule.found:
            figures["regret_rule"] = box(outcome, found.explained, found.futures)
    for path in folder.glob("regret_rule.*"):
        path.unlink()  # of an earlier study
    for name, figure in figures.items():
        save(figure, folder, name)
    return list(figures)


def heat_map(outcome: Outcome, table: pd.DataFrame) -> Figure:
    """A row per plan, a column per future; futures grouped by their best plan, then by what the leader loses there."""
    plans = [str(key) for key in table["plan"]]
    regret = outcome.regret[:, [outcome.plans.index(plan) for plan in plans]] / MILLION
    best = regret.argmin(axis=1)
    order = np.lexsort((regret.sum(axis=1), regret[:, 0], best))
    height = 2.3 + 0.36 * len(plans)
    fig, (axes,) = page((12, height), 1, best_title(table, len(best)), sides=(2.2, 1.2), foot=0.65)
    top = float(np.quantile(regret, DARKEST)) or 1.0
    image = axes.imshow(regret[order].T, aspect="auto", cmap=PALETTE, vmin=0, vmax=top, interpolation="nearest")
    beside = fig.add_axes((1 - 0.95 / 12, 0.65 / height, 0.18 / 12, 0.36 * len(plans) / height))
    fig.colorbar(image, cax=beside, extend="max").set_label("regret, $M")
    for edge in np.flatnonzero(np.diff(best[order])) + 0.5:
        axes.axvline(edge, color="black", linewidth=1)
    for row in np.arange(1, len(plans)) - 0.5:
        axes.axhline(row, color=GREY, linewidth=0.4)
    for k, plan in enumerate(plans):
        here = np.flatnonzero(best[order] == k)
        if len(here) >= NAMED * len(best):
            words = textwrap.fill(f"best: {label(plan)}", max(8, int(100 * len(here) / len(best))))
            axes.text(here.mean(), -0.65, words, ha="center", va="bottom", fontsize=8)
    axes.set_yticks(range(len(plans)), [label(plan) for plan in plans])
    axes.set_xticks([])
    axes.set_xlabel(
        f"{len(best)} futures, grouped by their best plan (white), then by what {label(plans[0])} loses there"
    )
    axes.tick_params(length=0)
    return fig


def best_title(table: pd.DataFrame, futures: int) -> str:
    """How often the plans that are best most often are best."""
    first, *others = [row for row in table.nlargest(3, "best_share").to_dict("records") if row["best_share"] > 0]
    rest = [f"{label(row['plan'])} in {percent(row['best_share'])}" for row in others]
    text = f"{label(first['plan'])} is the best plan in {percent(first['best_share'])} of {futures} futures"
    return ", ".join([text[0].upper() + text[1:], *rest])


def near(tail: float) -> str:
    """How far from the best a plan is at most in nine of ten futures, in words."""
    return f"stays within ${NPV.text(tail)}M of" if tail > 0 else "is"


def distribution(outcome: Outcome, table: pd.DataFrame) -> Figure:
    """Share of futures in which a plan's regret stays below a value; intervals of the 90th percentile."""
    first, tail = table.iloc[0], table.iloc[int(table["p90"].argmin())]
    title = f"In nine of ten futures {label(tail['plan'])} {near(tail['p90'])} the best plan"
    if first["plan"] != tail["plan"]:
        title += f", {label(first['plan'])} (best on average) {near(first['p90'])} it"
    fig, (axes,) = page((11, 5.6), 1, title, sides=(0.85, 2.6), foot=0.95)
    share = np.arange(1, len(outcome.values) + 1) / len(outcome.values)
    for k, row in enumerate(table.to_dict("records")):
        colour = GREY if row["plan"] == outcome.plans[0] else colour_of(k - (k > place_of(table, outcome.plans[0])))
        values = np.sort(outcome.regret_of(row["plan"])) / MILLION
        text = f"{label(row['plan'])} ({NPV.text(row['p90'])})"
        axes.step([0, *values], [0, *share], where="post", color=colour, linewidth=1.6, label=text)
        y = TAIL + 0.008 * (k - len(table) / 2)
        axes.plot([row["p90_low"] / MILLION, row["p90_high"] / MILLION], [y, y], color=colour, linewidth=3, alpha=0.6)
    axes.axhline(TAIL, color="#333333", linewidth=0.8, linestyle="--")
    axes.set_xlim(left=0)
    axes.set_ylim(0, 1.01)
    axes.set_xlabel("regret, $M")
    axes.set_ylabel("share of futures with at most that regret")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, title="plan (90th percentile, $M)")
    text = f"Thick bars: {LEVEL:.0%} intervals of the 90th percentile (bootstrap over worlds)."
    fig.text(0.02, 0.03, text, fontsize=8.5)
    return fig


def place_of(table: pd.DataFrame, plan: str) -> int:
    """Row of a plan."""
    return int(np.flatnonzero(table["plan"] == plan)[0])


def box(outcome: Outcome, found: Explained, futures: Futures) -> Figure:
    """Futures over the two factors that the rule limits most, failing or not, with the box.

    With one limited factor the other axis is the plan's regret.
    """
    rule = found.rule
    assert rule.held_out is not None and rule.training is not None
    order = np.argsort(rule.p, kind="stable")
    shown = [rule.limits[k] for k in order[:2]]
    fit = rule.held_out
    title = (
        f"{label(found.plan)} {found.words} where {' and '.join(str(limit) for limit in rule.limits)}: "
        f"coverage {fit.coverage:.0%}, density {fit.density:.0%} ({fit.base:.0%} everywhere)"
    )
    fig, (axes,) = page((8.5, 6.2), 1, title[0].upper() + title[1:], sides=(1.6, 0.3), foot=1.15)
    x = places(futures, shown[0], axes.xaxis)
    y = places(futures, shown[1], axes.yaxis) if len(shown) > 1 else outcome.regret_of(found.plan) / MILLION
    if len(shown) == 1:
        axes.set_ylabel(f"regret of {label(found.plan)}, $M")
    points(axes, x, y, found.failing, rule.training)
    low, high = ends(shown[0], futures.factors, axes.get_xlim())
    bottom, top = ends(shown[1], futures.factors, axes.get_ylim()) if len(shown) > 1 else axes.get_ylim()
    axes.set_xlim(axes.get_xlim())
    axes.set_ylim(axes.get_ylim())
    axes.add_patch(Rectangle((low, bottom), high - low, top - bottom, fill=False, edgecolor="black", linewidth=1.8))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=2, frameon=False, fontsize=8)
    return fig


def points(axes: Axes, x: F64, y: F64, failing: Flags, training: Flags) -> None:
    """Failing futures as triangles, others as dots; those that judged the rule are filled."""
    for flag, colour, marker, words in ((True, VERMILLION, "^", "fails"), (False, BLUE, "o", "does not fail")):
        for half, fill, name in ((False, colour, "held out"), (True, "none", "training")):
            part = (failing == flag) & (training == half)
            axes.plot(x[part], y[part], marker, markerfacecolor=fill, markeredgecolor=colour, markersize=5.5,
                      linestyle="none", alpha=0.8, label=f"{words} ({name} half)")  # fmt: skip


def places(futures: Futures, limit: Limit, axis: Axis) -> F64:
    """Where futures stand along a factor; entries of a group have numbered places, drawn a little apart."""
    column, unit = futures.factors[limit.factor], futures.units.get(limit.factor, "")
    axis.set_label_text(f"{limit.factor} ({unit})" if unit not in ("", "1") else limit.factor)
    if not limit.entries:
        return column.to_numpy(float)
    entries = sorted(column.astype(str).unique())
    axis.set_ticks(range(len(entries)), entries)
    jitter = (np.arange(len(column)) * 0.618 % 1 - 0.5) * 0.5
    return column.astype(str).map({entry: k for k, entry in enumerate(entries)}).to_numpy(float) + jitter


def ends(limit: Limit, factors: pd.DataFrame, span: tuple[float, float]) -> tuple[float, float]:
    """Ends of the box along a factor; where it has no limit, those of the axis."""
    if limit.entries:
        entries = sorted(factors[limit.factor].astype(str).unique())
        at = [entries.index(entry) for entry in limit.entries]
        return min(at) - 0.4, max(at) + 0.4
    return (limit.low if np.isfinite(limit.low) else span[0]), (limit.high if np.isfinite(limit.high) else span[1])
