"""The answer of a search on screen."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from experiments.headline import Measure, heading, label, listing, percent
from experiments.optimisation.flat_top import sentence, shared_and_different
from experiments.optimisation.holdout import BASELINE, FOUND, NAMED
from experiments.terminal import aligned, counted
from sim.params.strategy import Strategy

MILLION = 1e6
MOST_DIGITS = 4
WIDTH = 115  # of a line
SHOWN = 20  # plans in the table
TELLING = 3  # plans that were not picked by results, needed to tell luck of the draw from kinder worlds


@dataclass(frozen=True)
class Answer:
    """What there is to say.

    Args:
        table: see `holdout.verdict`, under final names.
        plans: key -> plan.
        measure: what was made best.
        budget: dollars.
        level: of intervals and of the tied set.
        tried: number of plans tried.
        replicates: of the search, and of the judgement.
        over: key -> planned dollars of named plans that do not fit the budget.
    """

    table: pd.DataFrame
    plans: Mapping[str, Strategy]
    measure: Measure
    budget: float
    level: float
    tried: int
    replicates: tuple[int, int]
    over: Mapping[str, float]

    @property
    def tied(self) -> list[str]:
        """Plans that could be the best, the best on new lives first."""
        return [str(key) for key in self.table.loc[self.table["tied"], "plan"]]

    @property
    def baseline(self) -> str:
        """The plan that others are compared with."""
        return str(self.table.loc[self.table["kind"] == BASELINE, "plan"].iloc[0])

    @property
    def digits(self) -> int:
        """Decimals that the intervals of the best plans deserve."""
        width = float((self.table["high"] - self.table["low"]).head(SHOWN).median()) * self.measure.scale
        deserved = math.ceil(-math.log10(width)) + 1 if width > 0 else 0
        return min(MOST_DIGITS, max(self.measure.digits, deserved))

    def text(self, gain: float) -> str:
        """A gain as a signed difference of the measure, without unit."""
        if not math.isfinite(gain):
            return "-"
        rounded = round(self.gain(gain) * self.measure.scale, self.digits) + 0.0  # + 0.0 turns -0.0 into 0.0
        return f"{rounded:{'+' if rounded else ''},.{self.digits}f}"

    def span(self, low: float, high: float) -> str:
        """An interval of a gain."""
        first, last = sorted((low, high), key=self.gain)
        return f" [{self.text(first)}, {self.text(last)}]" if math.isfinite(low) else ""

    def words(self, gain: float) -> str:
        """A gain with its unit, as in a sentence."""
        number = self.text(gain)
        if not self.measure.step.startswith("$M"):
            return f"{number} {self.measure.step}".rstrip()
        return f"{number[0]}${number[1:]}M" if number[0] in "+-" else f"${number}M"

    def gain(self, value: float) -> float:
        """A gain as a difference of the measure, which may be one that should fall."""
        return self.measure.better * value


def on_screen(answer: Answer) -> str:
    """The answer in words, the table, what tied plans share, luck of the draw."""
    new = answer.replicates[1]
    parts = [best(answer), ties(answer), "", rows(answer), NOTE.format(new=new)]
    for part in (flat_top(answer), winners_curse(answer)):
        parts += ["", part] if part else []
    if answer.over:
        items = [f"{label(key)} (${dollars / MILLION:,.3g}M)" for key, dollars in answer.over.items()]
        parts += ["", textwrap.fill(f"Over the budget as planned, and left out: {listing(items)}.", WIDTH)]
    return "\n".join([*parts, "", "It is not a forecast."])


def best(answer: Answer) -> str:
    """The leader and what it is."""
    top = answer.table.iloc[0]
    head = (f"{counted(answer.tried, 'plan')} tried under ${answer.budget / MILLION:,.3g}M; the best were judged on "
            f"{answer.replicates[1]} lives that the search has not seen.")  # fmt: skip
    key = str(top["plan"])
    if top["kind"] == BASELINE:
        return f"{head}\nNo plan under this budget does better than {label(key)} in {answer.measure.label}."
    gain, span = answer.words(top["gain"]), answer.span(top["low"], top["high"])
    does = textwrap.fill(sentence(answer.plans[key]), WIDTH, initial_indent="  ", subsequent_indent="  ")
    return (f"{head}\nBest: {label(key)}, {gain}{span} in {answer.measure.label} against {label(answer.baseline)}; "
            f"it pays ${top['paid'] / MILLION:,.3g}M.\n{does}")  # fmt: skip


def ties(answer: Answer) -> str:
    """The set of tied plans in one sentence."""
    tied, compared = answer.tied, int(answer.table["fits"].sum())
    sure = f"{percent(answer.level)} confidence, all {compared} plans compared at once"
    if len(tied) == 1:
        return f"It is clearly better than every other plan ({sure})."
    nothing = f" Doing nothing ({label(answer.baseline)}) is one of them." if answer.baseline in tied else ""
    names = [label(key) for key in tied]
    shown = listing(names) if len(names) <= SHOWN else listing([*names[:SHOWN], f"{len(names) - SHOWN} more"])
    shown = textwrap.fill(f"{shown}.{nothing}", WIDTH, initial_indent="  ", subsequent_indent="  ")
    return f"These {len(tied)} plans are tied; nothing here tells which of them is the best ({sure}):\n{shown}"


NOTE = """\
gain: against the baseline on {new} new lives, with interval; search: what the search saw; planned: at list prices;
paid: by the books, mean over new lives (retention acts apart); tied: no other plan clearly beats it, life by life."""


def rows(answer: Answer) -> str:
    """A row per plan, the best first."""
    head = [heading(answer.measure), "gain", "search", "planned $M", "paid $M", ""]
    body = []
    for row in answer.table.head(SHOWN).to_dict("records"):
        mark = "tied" if row["tied"] else "" if row["fits"] else "over the budget"
        body.append([
            label(row["plan"]), answer.text(row["gain"]) + answer.span(row["low"], row["high"]),
            answer.text(row["search"]), f"{row['planned'] / MILLION:,.3g}",
            f"{row['paid'] / MILLION:,.3g}", mark,
        ])  # fmt: skip
    rest = len(answer.table) - SHOWN
    return aligned([head, *body], note=f"({rest} more in plans.csv)" if rest > 0 else "")


def flat_top(answer: Answer) -> str:
    """What tied plans share and where they differ; nothing if there are not two that do something."""
    plans = [answer.plans[key] for key in answer.tied if key != answer.baseline]
    if len(plans) < 2:
        return ""
    lines = [textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ")
             for line in shared_and_different(plans)]  # fmt: skip
    return "\n".join([f"What the {len(plans)} tied plans share, and where the top is flat:", *lines])


def winners_curse(answer: Answer) -> str:
    """The search's own estimate of its leader beside the one on new lives."""
    found = answer.table[answer.table["kind"] == FOUND]
    if found.empty:
        return ""
    top = found.iloc[int(found["search"].argmax())]
    text = (f"Luck of being picked: the plan that led the search ({label(str(top['plan']))}) was worth "
            f"{answer.words(top["search"])} there and {answer.words(top["gain"])} on new lives.")  # fmt: skip
    others = answer.table[answer.table["kind"] == NAMED]
    if len(others) < TELLING:
        return text
    moved = float((others["gain"] - others["search"]).mean())
    return f"{text}\n  Named plans, which no result had picked, moved by {answer.words(moved)} on average."


def no_plan(cheapest: Mapping[str, float], budget: float) -> str:
    """Why nothing can be tried."""
    key, hint = min(cheapest, key=lambda name: cheapest[name], default=""), ""
    if key:
        hint = f"; the cheapest named plan, {label(key)}, is planned to cost ${cheapest[key] / MILLION:,.3g}M"
    return f"must pay for at least one activity (${budget / MILLION:,.3g}M buys nothing){hint}"
