"""One figure per published pattern: the published band with the simulated value, and the curve or cloud behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.style import COLOURS, GREY, INKS, STYLE, headed, save
from experiments.validation.compute import Measured
from experiments.validation.judgement import name
from experiments.validation.page import outcome
from experiments.validation.pattern import CLEAR, Claim, Cloud, Curve, Verdict

BAND = "#56B4E9"
INK = {Verdict.HIT: "#00734F", Verdict.MISS: "#B34F00", Verdict.UNCLEAR: "#555555"}
ROW, CHART = 0.95, 3.4  # inches


def draw_patterns(measured: Sequence[Measured], table: pd.DataFrame, folder: Path) -> None:
    """Draw every pattern that has readings."""
    rows = {row["pattern"]: row for row in table.to_dict("records")}
    for one in measured:
        if one.readings:
            with mpl.rc_context(STYLE):
                save(pattern_figure(one, rows), folder, f"validation_{one.pattern.key}")


def pattern_figure(one: Measured, rows: Mapping[Any, Mapping[Any, Any]]) -> Figure:
    """Question as title, one row per claim, and below them the pattern's own chart."""
    claims, chart = one.pattern.claims, one.pattern.picture is not None
    height = 0.9 + ROW * len(claims) + (CHART + 0.7) * chart
    fig = Figure(figsize=(8.5, height))
    headed(fig, one.pattern.question)
    top = height - 0.75
    for k, claim in enumerate(claims):
        axes = fig.add_axes((0.06, (top - ROW * (k + 1) + 0.42) / height, 0.9, 0.22 / height))
        claim_row(axes, claim, rows[name(one, claim)])
    if one.pattern.picture is not None:
        axes = fig.add_axes((0.1, 0.55 / height, 0.86, (CHART - 0.2) / height))
        picture = one.pattern.picture(one.readings)
        if isinstance(picture, Curve):
            curve(axes, picture)
        else:
            cloud(axes, picture)
    return fig


def claim_row(axes: Axes, claim: Claim, row: Mapping[Any, Any]) -> None:
    """The published band, the simulated value with two standard errors, the verdict."""
    value, error = float(row["simulated"]), float(row["standard_error"])
    reach = CLEAR * error if math.isfinite(error) else 0.0
    known = [v for v in (claim.low, claim.high, value - reach, value + reach, value) if math.isfinite(v)]
    low, high = min(known), max(known)
    pad = 0.25 * (high - low) or abs(high) * 0.25 or 1.0
    left, right = low - pad, high + pad
    axes.axvspan(max(claim.low, left), min(claim.high, right), color=BAND, alpha=0.45, linewidth=0)
    if left < 0 < right:
        axes.axvline(0, color=GREY, linewidth=0.7)
    ink = INK[Verdict(str(row["verdict"]))]
    if math.isfinite(value):
        axes.errorbar([value], [0], xerr=[[reach], [reach]], fmt="o", color=ink, capsize=3, markersize=5)
    axes.set(xlim=(left, right), ylim=(-1, 1), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", labelsize=7)
    unit = "" if claim.unit == "1" else f" ({claim.unit})"
    axes.set_title(f"{claim.label}{unit}", fontsize=8.5)
    axes.text(1, 1.25, outcome(claim, row), transform=axes.transAxes, ha="right", va="bottom", color=ink,
              fontweight="bold", fontsize=8.5)  # fmt: skip


def curve(axes: Axes, picture: Curve) -> None:
    """Published points, simulated lines with two standard errors."""
    x = np.asarray(picture.x, dtype=float)
    for k, key in enumerate(picture.simulated):
        simulated, error = np.asarray(picture.simulated[key]), CLEAR * np.asarray(picture.errors[key])
        axes.plot(x, simulated, color=COLOURS[k], linewidth=1.5)
        axes.fill_between(x, simulated - error, simulated + error, color=COLOURS[k], alpha=0.25, linewidth=0)
        if key in picture.published:
            axes.plot(x, picture.published[key], "o", color=INKS[k], markersize=4, fillstyle="none")
        axes.annotate(key, (x[-1], simulated[-1]), xytext=(4, 3), textcoords="offset points", color=INKS[k], fontsize=8)
    axes.set(xlabel=picture.x_label, ylabel=picture.y_label)
    axes.margins(x=0.12)
    if picture.split is not None:
        axes.axvline(picture.split, color=GREY, linewidth=0.8, linestyle="--")
        axes.text(picture.split, 0.98, " not fitted", transform=axes.get_xaxis_transform(), va="top", fontsize=8,
                  color=GREY)  # fmt: skip
    legend = "line: simulated, band: two standard errors" + (", circles: published" if picture.published else "")
    axes.set_title(legend, fontsize=8, color=GREY)


def cloud(axes: Axes, picture: Cloud) -> None:
    """Points with a straight line per group."""
    for k, (key, (x, y)) in enumerate(picture.groups.items()):
        a, b = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        axes.plot(a, b, "o", color=COLOURS[k], markersize=2.5, alpha=0.4, markeredgewidth=0)
        if len(a) > 2 and a.std() > 0:
            slope, base = np.polyfit(a, b, 1)
            ends = np.array([a.min(), a.max()])
            axes.plot(ends, base + slope * ends, color=INKS[k], linewidth=1.8, label=key)
    axes.set(xlabel=picture.x_label, ylabel=picture.y_label)
    if len(picture.groups) > 1:
        axes.legend(frameon=False, fontsize=8)
    axes.set_title("points: simulated, line: least squares", fontsize=8, color=GREY)
