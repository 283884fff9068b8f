"""The answer on screen and as a page of the documents."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import pandas as pd

from experiments.headline import label
from experiments.luck import CRITERIA as WORDS
from experiments.reversals.judgement import CRITERIA, HOLDS, OPEN, count, strongest, unmoved
from experiments.terminal import WIDTH

SHOWN = 10
ENOUGH = 8  # worlds from which a standard error is steady enough to judge by; judgement
MILLION = 1e6
HEADER = ("parameter", "meaning", "moved to", "leader less best rival, $M", "change, $M", "best rival", "at rest in")
ABOUT = (
    "Every uncertain parameter alone at either end of its range, in the same worlds with the same luck. A move\n"
    "reverses the advice if the leader then falls behind its best rival by more than two standard errors, and leaves\n"
    "it open within two. At rest: worlds in which the unchanged firm would stay as it is under the move; where it\n"
    "would not, the move leaves what the calibration allows. Parameters may matter more together than alone. Not a\n"
    "forecast."
)


def on_screen(judged: pd.DataFrame, replicates: int, words: Mapping[str, str]) -> str:
    """The answer for a terminal.

    Args:
        judged: result of `judge`.
        replicates: number of worlds.
        words: dotted name -> what the parameter means.
    """
    lines = [f"Assumptions that could reverse the advice ({replicates} worlds, paired)."]
    for criterion in CRITERIA:
        lines += ["", textwrap.fill(headline(judged, criterion), WIDTH)]
        lines += [f"  {text}" for text in move_lines(judged, criterion, replicates, words)]
    return "\n".join([*lines, "", about(replicates)])


def about(replicates: int) -> str:
    """What was done, and whether the worlds are too few to judge by."""
    few = f"\n{replicates} worlds are few: the standard errors themselves are unsure. Ask for {ENOUGH} or more."
    return ABOUT + few * (replicates < ENOUGH)


def headline(judged: pd.DataFrame, criterion: str) -> str:
    """Who leads by how much, and how many parameters could change that."""
    base, number = unmoved(judged, criterion), count(judged, criterion)
    leader = label(base["leader"])
    clearly = f", {number.clearly or 'none'} of them clearly" if number.turned else ""
    start = (
        f"{WORDS[criterion]}: {leader} leads {label(base['rival'])} by {amount(base['lead'], base['lead_error'])}. Of "
        f"{number.parameters} parameters, moved alone, {number.turned or 'none'} would put another strategy first on "
        f"average{clearly}"
    )
    if base["verdict"] == OPEN:
        return f"{start}; but even unmoved the lead is not clear in these worlds."
    return f"{start}; {number.shaken or 'no'} more would leave {leader} first, but not clearly."


def amount(value: float, error: float) -> str:
    """Dollars with standard error."""
    shown = round(value / MILLION, 1) + 0.0  # + 0.0 turns -0.0 into 0.0
    return f"{'-' if shown < 0 else ''}${abs(shown):,.1f}M +- {error / MILLION:,.1f}"


def move_lines(judged: pd.DataFrame, criterion: str, replicates: int, words: Mapping[str, str]) -> list[str]:
    """The moves that take most from the lead: all that change the answer, at least some of the others."""
    moves = strongest(judged, criterion)
    telling = moves[(moves["verdict"] != HOLDS) | (moves.index < SHOWN // 2)]
    lines = []
    for row in telling.head(SHOWN).to_dict("records"):
        lines.append(
            f"{row['parameter']} = {row['moved_to']:.3g} ({row['end']}): {label(row['leader'])} "
            f"{amount(row['lead'], row['lead_error'])} against {label(row['rival'])}: {row['verdict']}"
        )
        about_it = textwrap.wrap(words.get(row["parameter"], ""), WIDTH - 8)
        if row["at_rest"] < 1:
            about_it.append(restless(row["at_rest"], replicates))
        lines += [f"    {text}" for text in about_it]
    if len(telling) > SHOWN:
        rest = len(telling) - SHOWN
        lines.append(f"... and {rest} more moves that leave it open or reverse it, see reversals.csv")
    return lines


def restless(at_rest: float, replicates: int) -> str:
    """Warning about a move that the unchanged firm contradicts."""
    number = round((1 - at_rest) * replicates)
    return f"NOT AT REST: in {number} of {replicates} worlds the unchanged firm would not stay as it is under this move"


def as_page(judged: pd.DataFrame, command: str, replicates: int, words: Mapping[str, str]) -> str:
    """The page of the documents; see `on_screen`."""
    lines = ["# Assumptions that could reverse the advice", "",
             f"Written by `{command}` ({replicates} worlds); not edited by hand (`make reversals` renews it).", "",
             about(replicates), "", "![What would change who leads](figures/reversals.png)"]  # fmt: skip
    for criterion in CRITERIA:
        lines += ["", f"## {WORDS[criterion]}", "", headline(judged, criterion), "",
                  f"| {' | '.join(HEADER)} | |", f"|{'---|' * (len(HEADER) + 1)}"]  # fmt: skip
        moves = strongest(judged, criterion)
        shown = moves[(moves["verdict"] != HOLDS) | (moves.index < 2 * SHOWN)]
        for row in shown.to_dict("records"):
            cells = (f"`{row['parameter']}`", words.get(row["parameter"], ""), f"{row['moved_to']:.3g} ({row['end']})",
                     cell(row["lead"], row["lead_error"]), cell(row["change"], row["change_error"]),
                     label(row["rival"]), rests(row["at_rest"], replicates), row["verdict"])  # fmt: skip
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def rests(at_rest: float, replicates: int) -> str:
    """In how many worlds the unchanged firm stays as it is."""
    return "all" if at_rest == 1 else f"**{round(at_rest * replicates)} of {replicates}**"


def cell(value: float, error: float) -> str:
    """Millions with standard error."""
    return f"{value / MILLION:+,.1f} +- {error / MILLION:,.1f}"
