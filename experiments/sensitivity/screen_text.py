"""The answer of a screen, on screen and as a part of a page."""

from __future__ import annotations

import pandas as pd

from experiments.designs.factor import FREE, LUCK
from experiments.headline import LEVEL
from experiments.sensitivity.floor import Verdict
from experiments.sensitivity.outcomes import Of
from experiments.sensitivity.words import (
    MOST_TABLES,
    ON_PAGE,
    SHOWN,
    About,
    capital,
    caveats,
    counts,
    decimals,
    interval,
    quantities,
    quantity,
    shown,
    span_of,
    strongest,
    wrapped,
    written,
)
from experiments.terminal import aligned, counted

ABOUT = (
    "mu*: size of the effect of going once through a parameter's range, mean over places (Morris 1991); mu: the same "
    "with its sign; sigma: how much the effect differs from place to place, because it depends on the others or is not "
    "straight. The dummy does nothing and has to give exactly 0, since neighbouring points share their luck; what has "
    "an effect can still be smaller than chance. Luck is another life of the same firm (1.5 times the mean difference "
    "between two lives, on the scale of the others): what does not clear it cannot be shown to matter more than chance "
    "does in a single life."
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
    """How many parameters matter for a quantity, and which most."""
    number, name = counts(part), capital(quantity(of, plan, about))
    most = f", most {strongest(part)}" if number[Verdict.CLEAR] else ""
    text = (
        f"{name}: {number[Verdict.CLEAR] or 'none'} of {about.parameters} parameters can be shown to matter more than "
        f"luck{most}."
    )
    rest = (
        f"{number[Verdict.OPEN]} have an effect that is not clear of luck, {number[Verdict.ZERO]} one that cannot be "
        f"told from zero, {number[Verdict.NONE]} none at all."
    )
    return wrapped(text, rest)


def header(about: About) -> list[str]:
    """Column names of `rows`."""
    return ["", f"mu*, {about.unit}", f"[{LEVEL:.0%}]", "mu", "sigma", "range", ""]


def rows(part: pd.DataFrame, about: About) -> list[list[str]]:
    """A row per factor."""
    scale = about.measure.scale
    digits = decimals(part["mu_star"] * scale)
    found = []
    for row in part.to_dict("records"):
        free = row["factor"] in FREE
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
    own = part[~part["factor"].isin(FREE)]
    without = sorted(own.loc[own["verdict"] == Verdict.NONE, "factor"])
    more, lines = len(own) - len(without) - ON_PAGE, []
    if more > 0:
        lines = ["", f"Smaller effects, in screen.csv of the output folder: {more} more."]
    if without:
        named = ", ".join(f"`{name}`" for name in without) if len(without) <= ON_PAGE else f"{len(without)} parameters"
        lines += ["", f"No effect: {named}."]
    return lines
