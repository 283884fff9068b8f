"""The answer of a screen, on screen and as a part of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments.designs.factor import LUCK
from experiments.headline import LEVEL, listing
from experiments.sensitivity.floor import FLOORS, Verdict
from experiments.sensitivity.outcomes import Of
from experiments.sensitivity.words import (
    MOST_TABLES,
    ON_PAGE,
    SHOWN,
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
    shown,
    span_of,
    wrapped,
    written,
)
from experiments.terminal import aligned, counted

NAMED = 3  # effects in a headline

ABOUT = (
    "mu*: size of the effect of going once through a parameter's range, mean over places (Morris 1991); mu: the same "
    "with its sign; sigma: how much the effect differs from place to place, because it depends on the others or is not "
    "straight. The dummy does nothing and has to give exactly 0, since neighbouring points share their luck; what has "
    "an effect can still be smaller than chance. Luck is another life of the same firm (1.5 times the mean difference "
    "between two lives, on the scale of the others): what clears it matters more than chance does in a single life. "
    "Every place has lives of its own, so a parameter that only shuffled who meets whom would move some up and others "
    "down. Told from luck is what moves the mean over places and lives (mu; t test, at most one in ten of those named "
    "by chance: Benjamini, Hochberg 1995); what is not told may still matter, up here and down there."
)


def on_screen(found: pd.DataFrame, about: About, of: Of) -> str:
    """The answer for a terminal.

    Args:
        found: content of screen.csv.
        about: what was studied.
        of: what comes first.
    """
    head = (
        f"What moves {about.measure.label}? {counted(about.parameters, 'parameter')}, each moved alone from "
        f"{about.samples} places ({about.points:,} points)."
    )
    parts, every = [head, *about.absent], quantities(found, of)
    for kind, plan, part in every[:MOST_TABLES]:
        parts.append(aligned([header(about), *rows(shown(part, SHOWN), about)], headline(kind, plan, part, about)))
    if len(every) > MOST_TABLES:
        parts.append(f"{len(every) - MOST_TABLES} more of such tables are in screen.csv.")
    return "\n\n".join([*parts, wrapped(ABOUT), wrapped(caveats(about))])


def headline(of: str, plan: str, part: pd.DataFrame, about: About) -> str:
    """How many parameters matter more than luck, how many can be told from it, and the largest effects."""
    number, name = counts(part), capital(quantity(of, plan, about))
    luck = part[part["factor"] == LUCK].to_dict("records")[0]
    text = (
        f"{name}: {number[Verdict.CLEAR] or 'none'} of {about.parameters} parameters can be shown to matter more than "
        f"luck does in a single life ({effect(luck, part, about)} {about.unit})."
    )
    if number[Verdict.CLEAR]:
        text += f" {largest(among(part, Verdict.CLEAR), part, about)}"
    return wrapped(text, told(part, about), untold(number))


def told(part: pd.DataFrame, about: About) -> str:
    """Which other parameters can be told from luck; without any, the largest effects all the same."""
    own, cleared = among(part, Verdict.TOLD), len(among(part, Verdict.CLEAR))
    if len(own):
        who = counted(len(own), "other") if cleared else str(len(own))
        moving = f"since the mean over lives moves with {'it' if len(own) == 1 else 'them'}"
        return f"{who} can be told from luck, {moving}. {largest(own, part, about)}"
    if cleared:
        return "No other can be told from luck."
    rest = among(part, Verdict.OPEN, Verdict.ZERO)
    return f"None can be told from luck. {largest(rest, part, about)}" if len(rest) else "None has any effect."


def largest(own: pd.DataFrame, part: pd.DataFrame, about: About) -> str:
    """The largest effects of some parameters with their intervals, in words."""
    named = [f"{short(row['factor'])} {effect(row, part, about)}" for row in own.head(NAMED).to_dict("records")]
    return f"The largest effect{'s' if len(named) > 1 else ''}: {listing(named)} {about.unit}."


def effect(row: Mapping[Any, Any], part: pd.DataFrame, about: About) -> str:
    """Size of an effect with its interval, as precise as the table."""
    scale = about.measure.scale
    digits = decimals(part["mu_star"] * scale)
    return f"{written(row['mu_star'] * scale, digits)} {interval(row['low'] * scale, row['high'] * scale, digits)}"


def untold(number: Mapping[str, int]) -> str:
    """How many parameters are left."""
    return (
        f"{number[Verdict.OPEN]} have an effect that cannot be told from luck, {number[Verdict.ZERO]} one that cannot "
        f"be told from zero, {number[Verdict.NONE]} none at all."
    )


def header(about: About) -> list[str]:
    """Column names of `rows`."""
    return ["", f"mu*, {about.unit}", f"[{LEVEL:.0%}]", "mu", "sigma", "range", ""]


def rows(part: pd.DataFrame, about: About) -> list[list[str]]:
    """A row per factor."""
    scale = about.measure.scale
    digits = decimals(part["mu_star"] * scale)
    found = []
    for row in part.to_dict("records"):
        free = row["factor"] in FLOORS
        numbers = [written(row[name] * scale, digits) for name in ("mu_star", "mu", "sigma")]
        span = interval(row["low"] * scale, row["high"] * scale, digits)
        signed = "" if row["factor"] == LUCK else numbers[1]  # lives have no order
        found.append([row["factor"], numbers[0], span, signed, numbers[2], "" if free else span_of(row["range"]),
                      row["verdict"]])  # fmt: skip
    return found


def as_page(found: pd.DataFrame, about: About, of: Of) -> str:
    """The page; what `sobol` writes continues it."""
    parts = quantities(found, of)
    lines = [
        f"# What {about.measure.label} hangs on", "",
        f"Written by `{about.command}`; not edited by hand (`make sensitivity` renews the page in the documents).", "",
        "## Which parameters matter at all", "",
        f"{counted(about.parameters, 'uncertain parameter')} of {about.firm}, each moved alone from {about.samples} "
        f"places: {about.points:,} points, {about.months} months, {counted(about.replicates, 'run')} per point and "
        "plan, all plans in the same lives.", "",
        *(f"- {headline(kind, plan, part, about)}" for kind, plan, part in parts),
        *(f"- {text}" for text in about.absent), "",
        wrapped(ABOUT, "", caveats(about)), "", "![Effects of parameters](figures/sensitivity_screen.png)",
    ]  # fmt: skip
    for kind, plan, part in parts:
        lines += ["", f"### {capital(quantity(kind, plan, about))}", "",
                  f"| parameter | {' | '.join(header(about)[1:])} |", "|---|---|---|---|---|---|---|"]  # fmt: skip
        lines += [f"| `{row[0]}` | {' | '.join(row[1:])} |" for row in rows(shown(part, ON_PAGE), about)]
        lines += left_over(part)
    return "\n".join(lines) + "\n\n"


def left_over(part: pd.DataFrame) -> list[str]:
    """What a table does not show."""
    own = part[~part["factor"].isin(FLOORS)]
    without = sorted(own.loc[own["verdict"] == Verdict.NONE, "factor"])
    more, lines = len(own) - len(without) - ON_PAGE, []
    if more > 0:
        lines = ["", f"Smaller effects, in screen.csv of the output folder: {more} more."]
    if without:
        named = ", ".join(f"`{name}`" for name in without) if len(without) <= ON_PAGE else f"{len(without)} parameters"
        lines += ["", f"No effect: {named}."]
    return lines
