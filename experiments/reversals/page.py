"""The answer on screen and as a page of the documents."""

from __future__ import annotations

import pandas as pd

from experiments.headline import label
from experiments.luck import CRITERIA as WORDS
from experiments.reversals.judgement import CRITERIA, HOLDS, OPEN, REVERSES, strongest, unmoved

SHOWN = 10
ENOUGH = 8  # worlds from which a standard error is steady enough to judge by; judgement
MILLION = 1e6
ABOUT = (
    "Every uncertain parameter alone at either end of its range, in the same worlds with the same luck. A move\n"
    "reverses the advice if the leader then falls behind its best rival by more than two standard errors, and leaves\n"
    "it open within two. Parameters may matter more together than alone. Not a forecast."
)


def on_screen(judged: pd.DataFrame, replicates: int) -> str:
    """The answer for a terminal."""
    lines = [f"Assumptions that could reverse the advice ({replicates} worlds, paired)."]
    for criterion in CRITERIA:
        lines += ["", headline(judged, criterion)]
        lines += [f"  {text}" for text in move_lines(judged, criterion)]
    return "\n".join([*lines, "", about(replicates)])


def about(replicates: int) -> str:
    """What was done, and whether the worlds are too few to judge by."""
    few = f"\n{replicates} worlds are few: the standard errors themselves are unsure. Ask for {ENOUGH} or more."
    return ABOUT + few * (replicates < ENOUGH)


def headline(judged: pd.DataFrame, criterion: str) -> str:
    """Who leads by how much, and how many parameters could change that."""
    base = unmoved(judged, criterion)
    moved = judged[(judged["criterion"] == criterion) & (judged["parameter"] != "")]
    count = {v: moved.loc[moved["verdict"] == v, "parameter"].nunique() for v in (REVERSES, OPEN)}
    turned = moved.loc[moved["new_leader"] != moved["leader"], "parameter"].nunique()
    start = (
        f"{WORDS[criterion]}: {label(base['leader'])} leads {label(base['rival'])} by "
        f"{amount(base['lead'], base['lead_error'])}. Of {moved['parameter'].nunique()} parameters "
        f"{count[REVERSES] or 'none'} alone would reverse that"
    )
    if base["verdict"] == OPEN:
        return f"{start}; even unmoved the lead is not clear in these worlds. {turned} put another first on average."
    return f"{start}, {count[OPEN]} would leave it open; {turned} put another first on average."


def amount(value: float, error: float) -> str:
    """Dollars with standard error."""
    shown = round(value / MILLION, 1) + 0.0  # + 0.0 turns -0.0 into 0.0
    return f"{'-' if shown < 0 else ''}${abs(shown):,.1f}M +- {error / MILLION:,.1f}"


def move_lines(judged: pd.DataFrame, criterion: str) -> list[str]:
    """The moves that take most from the lead: all that change the answer, at least some of the others."""
    moves = strongest(judged, criterion)
    shown = moves[(moves["verdict"] != HOLDS) | (moves.index < SHOWN // 2)].head(SHOWN)
    return [
        f"{row['parameter']} = {row['moved_to']:.3g} ({row['end']}): {label(row['leader'])} "
        f"{amount(row['lead'], row['lead_error'])} against {label(row['rival'])}: {row['verdict']}"
        for row in shown.to_dict("records")
    ]


def as_page(judged: pd.DataFrame, command: str, replicates: int) -> str:
    """The page of the documents."""
    lines = ["# Assumptions that could reverse the advice", "",
             f"Written by `{command}` ({replicates} worlds); not edited by hand (`make reversals` renews it).", "",
             about(replicates), "", "![What would change who leads](figures/reversals.png)"]  # fmt: skip
    for criterion in CRITERIA:
        lines += ["", f"## {WORDS[criterion]}", "", headline(judged, criterion), "",
                  "| parameter | moved to | leader less best rival, $M | change, $M | best rival | |",
                  "|---|---|---|---|---|---|"]  # fmt: skip
        moves = strongest(judged, criterion)
        shown = moves[(moves["verdict"] != HOLDS) | (moves.index < 2 * SHOWN)]
        lines += [
            f"| `{row['parameter']}` | {row['moved_to']:.3g} ({row['end']}) | {cell(row['lead'], row['lead_error'])} | "
            f"{cell(row['change'], row['change_error'])} | {label(row['rival'])} | {row['verdict']} |"
            for row in shown.to_dict("records")
        ]
    return "\n".join(lines) + "\n"


def cell(value: float, error: float) -> str:
    """Millions with standard error."""
    return f"{value / MILLION:+,.1f} +- {error / MILLION:,.1f}"
