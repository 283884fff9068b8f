"""The answer of a split of variance, on screen and as a part of a page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from experiments.designs.factor import DUMMY, LUCK
from experiments.headline import LEVEL, listing, percent
from experiments.sensitivity.floor import FLOORS, KNOWN, Verdict
from experiments.sensitivity.outcomes import Of
from experiments.sensitivity.words import (
    MOST_TABLES,
    About,
    among,
    capital,
    caveats,
    counts,
    decimals,
    interval,
    quantities,
    quantity,
    short,
    span_of,
    wrapped,
    written,
)
from experiments.terminal import aligned, counted

DIGITS = 2
NAMED = 3  # shares in a headline
LEAST_SUM = 0.9  # of total indices; exactly they add up to at least 1
ABOUT = (
    "first: share of the variance that a factor explains alone; total: alone and together with others (Sobol 1993). "
    "The variance is that over these ranges, with everything that is not varied held at its value. The dummy does "
    "nothing and has to give exactly 0, since points that differ in one factor share their luck. Luck is another life "
    "of the same firm; its total index is the share of the variance that is left when all parameters are known. What "
    "a parameter that only shuffled who meets whom would explain, it would explain together with luck, nothing alone: "
    "told from luck is what has a first-order share (at most one in ten of those named by chance: Benjamini, Hochberg "
    "1995). mean: first-order share of the variance of the mean over lives, which is what luck leaves; that is what "
    "can be planned for."
)
DESIGN = (
    "Why luck is a factor, and every point has few lives: the same lives at every point would take luck out of the "
    "variance but answer for these lives only, and more lives per point would make luck as small as one likes without "
    "a parameter mattering more. Shares of the mean over lives are to be had without either, and for the same number "
    "of runs with errors that are no larger."
)


def on_screen(found: pd.DataFrame, summary: pd.DataFrame, about: About, of: Of) -> str:
    """The answer for a terminal.

    Args:
        found: content of sobol.csv.
        summary: content of sobol_summary.csv.
        about: what was studied.
        of: what comes first.
    """
    head = (
        f"Where does the variance of {about.measure.label} come from? {counted(about.parameters, 'parameter')} and "
        f"luck, base sample {about.samples} ({about.points:,} points)."
    )
    parts, every = [wrapped(f"{head} {about.source}"), *about.absent], quantities(found, of)
    for kind, plan, part in every[:MOST_TABLES]:
        text = headline(kind, plan, part, whole(summary, kind, plan), about)
        parts.append(aligned([HEADER, *rows(part)], text))
    if len(every) > MOST_TABLES:
        parts.append(f"{len(every) - MOST_TABLES} more tables are in sobol.csv.")
    return "\n\n".join([*parts, wrapped(ABOUT), wrapped(caveats(about))])


def whole(summary: pd.DataFrame, of: str, plan: str) -> dict[str, Any]:
    """The row of a quantity."""
    row = summary[(summary["of"] == of) & (summary["scenario"] == plan)].iloc[0]
    return {str(name): value for name, value in row.items()}


def headline(of: str, plan: str, part: pd.DataFrame, split: dict[str, Any], about: About) -> str:
    """What explains most, what luck does, how much are interactions, and whether the sample was large enough."""
    name = capital(quantity(of, plan, about))
    return wrapped(f"{name}: {spread(of, split, about)}.", leading(part), f"{luck(part)} {interactions(split)}",
                   convergence(part))  # fmt: skip


def spread(of: str, split: dict[str, Any], about: About) -> str:
    """Mean and standard deviation over the sample, and for a gain its sign."""
    scale = about.measure.scale
    digits = decimals([split["mean"] * scale])
    text = f"{written(split['mean'] * scale, digits)} +- {written(split['deviation'] * scale, digits)} {about.unit}"
    text += " (mean and standard deviation over the sample)"
    return text + (f", above zero at {100 * split['positive']:.0f}% of points" if of == Of.GAIN else "")


def leading(part: pd.DataFrame) -> str:
    """How many parameters matter more than luck, how many can be told from it, and the largest shares in any case."""
    number, own = counts(part), part[~part["factor"].isin(FLOORS)]
    clear, told = number[Verdict.CLEAR], number[Verdict.TOLD]
    most = f"{clear or 'No'} parameter{'' if clear in (0, 1) else 's'} can be shown to matter more than luck"
    others = f"{told or 'no'} other{'s' if told != 1 else ''}" if clear else f"{told or 'none'} of {len(own)}"
    return f"{most}; {others} can be told from luck. The largest total shares: {largest(own, 'total')}."


def largest(own: pd.DataFrame, name: str) -> str:
    """The largest shares with their intervals, in words."""
    rows = own.nlargest(NAMED, name).to_dict("records")
    return listing([f"{short(row['factor'])} {share(row, name)}" for row in rows if row[name] > 0])


def share(row: Mapping[Any, Any], name: str) -> str:
    """In percent, with its interval."""
    return f"{percent(row[name])} {interval(100 * row[f'{name}_low'], 100 * row[f'{name}_high'], 0)}"


def luck(part: pd.DataFrame) -> str:
    """The share of luck, and who has most of what it leaves."""
    row = part[part["factor"] == LUCK].to_dict("records")[0]
    text, told = f"Luck, alone and with others: {share(row, 'total')}.", among(part, *KNOWN)
    if told["mean"].notna().any():
        text += f" Of the {percent(1 - row['total'])} that it leaves, alone: {largest(told, 'mean')}."
    return text


def interactions(split: dict[str, Any]) -> str:
    """What first-order indices leave over; estimates of their sum may be above 1."""
    middle, low, high = (max(0.0, min(1.0, 1 - split[name])) for name in ("first", "first_high", "first_low"))
    return (
        f"First-order shares add up to {percent(split['first'])}; the rest are interactions: {percent(middle)} "
        f"{interval(100 * low, 100 * high, 0)}."
    )


def too_small(part: pd.DataFrame) -> bool:
    """Whether total indices add up to clearly less than 1, which they cannot do but by too small a sample."""
    return bool(part["total"].sum() < LEAST_SUM)


def convergence(part: pd.DataFrame) -> str:
    """How far indices moved when the sample was doubled to its present size, and whether beyond their intervals."""
    names = ("first", "total")
    change = np.array([(part[name] - part[f"half_{name}"]).abs() for name in names])
    outside = [(part[f"half_{n}"] < part[f"{n}_low"]) | (part[f"half_{n}"] > part[f"{n}_high"]) for n in names]
    number, place = int((outside[0] | outside[1]).sum()), str(part["factor"].iloc[int(change.max(axis=0).argmax())])
    text = (
        f"Half of the sample gives indices that differ by at most {100 * change.max():.0f} points ({short(place)}); "
        f"{number or 'none'} of {len(part)} factors then lie outside their interval."
    )
    if too_small(part):
        text = (
            f"The sample is too small: total shares add up to {percent(part['total'].sum())}, and they must reach "
            f"100%. {text}"
        )
    return text


HEADER = ["", "total", f"[{LEVEL:.0%}]", "first", f"[{LEVEL:.0%}]", "mean", f"[{LEVEL:.0%}]", ""]


def rows(part: pd.DataFrame) -> list[list[str]]:
    """A row per factor; luck and dummy last."""
    ordered = pd.concat([part[~part["factor"].isin(FLOORS)], *(part[part["factor"] == n] for n in (LUCK, DUMMY))])
    found = []
    for row in ordered.to_dict("records"):
        cells = []
        for name in ("total", "first", "mean"):
            there = math.isfinite(row[name])
            cells += [written(row[name], DIGITS) if there else "-"]
            cells += [interval(row[f"{name}_low"], row[f"{name}_high"], DIGITS) if there else ""]
        found.append([row["factor"], *cells, row["verdict"]])
    return found


def as_page(found: pd.DataFrame, summary: pd.DataFrame, about: About, of: Of) -> str:
    """A page that can stand alone or follow that of a screen."""
    parts = quantities(found, of)
    first = parts[0][2]
    ranges = "; ".join(
        f"`{row['factor']}` {span_of(row['range'])}"
        for row in first[~first["factor"].isin(FLOORS)].to_dict("records")
    )  # fmt: skip
    lines = [
        "## How much of the variance each explains", "",
        f"Written by `{about.command}`; not edited by hand.", "",
        f"{counted(about.parameters, 'parameter')} and luck, base sample {about.samples}: {about.points:,} points of "
        f"{about.firm}, {about.months} months, {counted(about.replicates, 'run')} per point and plan, all plans in the "
        f"same lives. {about.source} Ranges: {ranges}.", "",
        wrapped(ABOUT, "", DESIGN, "", caveats(about)), "", "![Shares of variance](figures/sensitivity_sobol.png)",
        *(text for absent in about.absent for text in ("", absent)),
    ]  # fmt: skip
    for kind, plan, part in parts:
        text = headline(kind, plan, part, whole(summary, kind, plan), about)
        lines += ["", f"### Variance: {quantity(kind, plan, about)}", "", text, "",
                  f"| parameter | {' | '.join(HEADER[1:])} |", "|---|---|---|---|---|---|---|---|"]  # fmt: skip
        lines += [f"| `{row[0]}` | {' | '.join(row[1:])} |" for row in rows(part)]
    return "\n".join(lines) + "\n"
