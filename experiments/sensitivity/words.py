"""Words that a screen and a split of variance share."""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from experiments.designs.factor import DUMMY, LUCK
from experiments.headline import BY_NAME, LEVEL, Measure, label, percent
from experiments.sensitivity.floor import FLOORS, KNOWN, Verdict
from experiments.sensitivity.outcomes import Of
from experiments.terminal import WIDTH

SHOWN = 10  # factors of a table on screen
ON_PAGE = 30  # and on a page
MOST_TABLES = 4  # on screen


@dataclass(frozen=True)
class About:
    """What was studied.

    Args:
        command: reproduces this.
        firm: name of the organisation.
        months: horizon.
        outcome: what is analysed.
        baseline: first plan.
        parameters: number of factors without dummy and luck.
        samples: trajectories, or base sample.
        points: points of the design.
        replicates: runs per point and plan.
        at_rest: share of points that describe a firm which would stay as it is.
        absent: quantities that do not exist or never differ, in words.
        source: where the parameters come from, in words; empty if they were typed.
    """

    command: str
    firm: str
    months: int
    outcome: str
    baseline: str
    parameters: int
    samples: int
    points: int
    replicates: int
    at_rest: float
    absent: tuple[str, ...] = ()
    source: str = ""

    @property
    def measure(self) -> Measure:
        """How numbers of the outcome are written."""
        return BY_NAME[self.outcome]

    @property
    def unit(self) -> str:
        """Unit of an effect."""
        return self.measure.step or self.measure.shown


def quantity(of: str, plan: str, about: About) -> str:
    """A quantity in words."""
    if of == Of.GAIN:
        return f"gain in {about.measure.label} of {label(plan)} over {label(about.baseline)}"
    return f"{about.measure.label} under {label(plan)}"


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def quantities(found: pd.DataFrame, of: Of) -> list[tuple[str, str, pd.DataFrame]]:
    """(of, plan, its rows) of every quantity, those of one kind first."""
    parts = [(str(o), str(plan), part) for (o, plan), part in found.groupby(["of", "scenario"], sort=False)]
    return sorted(parts, key=lambda part: part[0] != of)


def decimals(values: Iterable[float]) -> int:
    """Decimals that show three digits of the largest value."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return max(0, 2 - math.floor(math.log10(largest))) if largest > 0 else 0


def written(value: float, digits: int) -> str:
    """A number; an exact zero is just 0."""
    rounded = round(value, digits) + 0.0  # + 0.0 turns -0.0 into 0.0
    return "0" if value == 0 else f"{rounded:,.{digits}f}"


def interval(low: float, high: float, digits: int) -> str:
    """An interval."""
    return f"[{written(low, digits)}, {written(high, digits)}]"


def shown(part: pd.DataFrame, most: int) -> pd.DataFrame:
    """The parameters with the largest effects, then luck and dummy."""
    own = part[~part["factor"].isin(FLOORS) & (part["verdict"] != Verdict.NONE)]
    floors = [part[part["factor"] == name] for name in (LUCK, DUMMY)]
    return pd.concat([own.head(most), *floors], ignore_index=True)


def counts(part: pd.DataFrame) -> dict[str, int]:
    """Verdict -> number of parameters."""
    own = part.loc[~part["factor"].isin(FLOORS), "verdict"]
    return {verdict: int((own == verdict).sum()) for verdict in Verdict}


def among(part: pd.DataFrame, *verdicts: Verdict) -> pd.DataFrame:
    """The parameters with one of these verdicts, the largest effect first."""
    return part[~part["factor"].isin(FLOORS) & part["verdict"].isin(verdicts)]


def most_known(part: pd.DataFrame) -> tuple[Verdict | None, pd.DataFrame]:
    """The strongest verdict that some parameters have, and these; none and those with any effect if none is known."""
    for verdict in KNOWN:
        if len(own := among(part, verdict)):
            return verdict, own
    return None, among(part, Verdict.OPEN, Verdict.ZERO)


def short(name: str) -> str:
    """The last two parts of a dotted name."""
    return ".".join(name.split(".")[-2:])


def caveats(about: About) -> str:
    """What nobody may forget."""
    restless = f"about {percent(1 - about.at_rest)}" if about.at_rest < 1 else "none"
    return (
        f"Ranges are partly judgement; they are taken evenly and independently of each other, and {restless} of the "
        "points describe a firm that would not have stayed as it is without any plan. All of it holds for this firm "
        f"({about.firm}), these plans, {about.months} months and ranges as wide as these. Intervals: {LEVEL:.0%}, "
        "bootstrap. It is not a forecast."
    )


def wrapped(*sentences: str) -> str:
    """Each from a new line, no wider than a terminal."""
    return "\n".join(textwrap.fill(sentence, WIDTH) for sentence in sentences)


def span_of(text: str) -> str:
    """The range of a factor as JSON, for people."""
    values = json.loads(text)
    if len(values) == 2 and all(isinstance(value, int | float) for value in values):
        return f"{values[0]:.3g} to {values[1]:.3g}"
    return ", ".join(str(value) for value in values)
