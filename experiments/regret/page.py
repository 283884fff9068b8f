"""The answer on screen and as a page."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.headline import LEVEL, NPV, chance, label, listing, percent
from experiments.luck import CRITERIA
from experiments.regret.failing import sentence
from experiments.regret.findings import Findings
from experiments.regret.measures import Outcome
from experiments.terminal import WIDTH, aligned, counted

RIVAL = 0.05  # chance from which another plan may just as well have the smallest figure
NOTE = (
    "Regret of a plan in a future: value of the best plan there less its own. Shares are shares of the futures looked "
    "at; no chance is claimed for any of them."
)
HALVES = (
    "The rule was sought on one half of the worlds (PRIM) and judged on the other. Coverage: share of the failing "
    "futures that lie inside; density: share of the futures inside that fail. It counts as a rule if both are at least "
    "50%, the density goes at least a third of the way from the share that fails anyway to 100%, and its 90% interval "
    "lies above that share. These thresholds are our judgement."
)
FORECAST = "It is not a forecast."


def opening(found: Findings) -> str:
    """What was compared."""
    outcome = found.outcome
    shape = f"{len(outcome.plans)} plans in {counted(len(outcome.values), 'future')}"
    lives = f"{outcome.lives} lives each" if outcome.lives > 1 else "one life each"
    return f"Regret in {CRITERIA[found.objective]} over {found.months} months: {shape}, {lives}."


def answer(table: pd.DataFrame) -> list[str]:
    """Which plan is best on average, and whose large regrets are the smallest, with what is not clear about it."""
    first = table.iloc[0]
    best = (
        f"{label(first['plan'])} is best on average: its mean regret is the smallest, {figure(first, 'mean')}"
        f"{doubt(table, 'mean')}; it is the best plan in {percent(first['best_share'])} of the futures."
    )
    tail, most = (table.iloc[int(table[name].argmin())] for name in ("p90", "max"))
    who = "it also has" if tail["plan"] == most["plan"] else f"{label(most['plan'])} has"
    return [
        best,
        f"{label(tail['plan'])} has the smallest 90th-percentile regret, {figure(tail, 'p90')}{doubt(table, 'p90')}; "
        f"{who} the smallest maximum regret, {money(most['max'])}{doubt(table, 'max')}.",
    ]


def doubt(table: pd.DataFrame, name: str) -> str:
    """Other plans that may have the smallest figure, or how sure it is that this one has."""
    chances = table[f"p_smallest_{name}"]
    if chances.isna().any():
        return " (too few worlds to say how sure that is)"
    leader = int(table[name].argmin())
    others = [f"{label(row['plan'])} ({chance(row[f'p_smallest_{name}'])})"
              for row in table.drop(index=leader).to_dict("records") if row[f"p_smallest_{name}"] >= RIVAL]  # fmt: skip
    if others:
        return f", but that of {listing(others)} may be smaller"
    sure = f" (chance that this is right: {chance(chances.iloc[leader])})"
    return "" if name == "max" else sure  # a single future decides about a maximum, and a future not drawn may be worse


def figure(row: pd.Series, name: str) -> str:
    """Money with its interval."""
    return f"{money(row[name])}{interval(row, name)}"


def interval(row: Mapping[Any, Any] | pd.Series, name: str) -> str:
    """Interval of a figure; empty if it is not known, or if there is no regret at all."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f" [{millions(low)}, {millions(high)}]" if math.isfinite(low) and high > 0 else ""


def money(value: float) -> str:
    """With its unit."""
    return f"${millions(value)}M" if value else "$0"


def millions(value: float) -> str:
    """Millions of dollars; nothing is nothing."""
    return NPV.text(value) if value else "0"


def table_rows(table: pd.DataFrame, baseline: str) -> list[list[str]]:
    """Header and one row per plan."""
    header = ["", "mean regret ($M)", "90th percentile ($M)", "maximum ($M)", "best in"]
    rows = [[*header, f"loses to {label(baseline)} in"]]
    for row in table.to_dict("records"):
        spans = [f"{millions(row[name])}{interval(row, name)}" for name in ("mean", "p90")]
        shares = [percent(row["best_share"]), "-" if row["plan"] == baseline else percent(row["loses_to_baseline"])]
        rows.append([label(row["plan"]), *spans, millions(row["max"]), *shares])
    return rows


def about_luck(outcome: Outcome) -> str:
    """What was done about luck."""
    if outcome.lives < 2:
        return "One life per future: luck is in every regret and makes it larger; replicates=2 takes it out."
    lost = [label(plan) for plan, share in zip(outcome.plans, outcome.luck, strict=True) if share >= 1]
    text = f"Luck is taken out as far as {outcome.lives} lives of the same future disagree"
    if lost:
        text += f"; of {listing(lost)} no difference between futures but luck can be seen"
    return f"{text}."


def on_screen(found: Findings) -> str:
    """The answer for a terminal."""
    sentences = [opening(found), *answer(found.table), sentence(found.explained)]
    note = (
        f"{LEVEL:.0%} intervals: bootstrap over worlds; the maximum is that of these futures, more can only raise it."
    )
    notes = [found.futures.in_words, NOTE, note, about_luck(found.outcome), *halves(found), FORECAST]
    rows = table_rows(found.table, found.outcome.plans[0])
    return "\n".join([
        *(textwrap.fill(capital(text), WIDTH) for text in sentences), "", aligned(rows), "",
        *(textwrap.fill(text, WIDTH) for text in notes),
    ])  # fmt: skip


def halves(found: Findings) -> list[str]:
    """How a rule was sought, if one was."""
    rule = found.explained.rule
    return [HALVES] if rule.training is not None and not rule.why_not else []


def capital(text: str) -> str:
    """A sentence begins with a capital."""
    return text[0].upper() + text[1:]


def as_page(found: Findings, command: str, figures: Sequence[str]) -> str:
    """The page regret.md.

    Args:
        found: what is told.
        command: the command that reproduces it.
        figures: names of the figures drawn.
    """
    header, *rows = table_rows(found.table, found.outcome.plans[0])
    body = ["| " + " | ".join(row) + " |" for row in (header, ["---"] * len(header), *rows)]
    lines = ["# Plans by futures", "", f"Written by `{command}`.", "", opening(found), ""]
    lines += [*map(capital, answer(found.table)), "", *body, ""]
    lines += [found.futures.in_words, NOTE, about_luck(found.outcome), "", "## Where it fails", ""]
    lines += [capital(sentence(found.explained)), "", *halves(found), ""]
    lines += [*(f"![{name}](figures/{name}.png)" for name in figures), "", FORECAST]
    return "\n".join(lines) + "\n"
