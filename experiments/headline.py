"""The measures that a comparison shows: unit, direction, and how a number is written for people."""

from __future__ import annotations

import math
from dataclasses import dataclass

SIMULATED = "simulated"
PAPER = "paper"
PAPER_ALONE = "paper without sharing"  # the business case where people share as they decide to
WITHOUT = "without "
SMALL_MONEY = 0.05  # $M
LEVEL = 0.90  # of every interval
OF_THE_MEAN = f"{LEVEL:.0%} interval of the mean"


@dataclass(frozen=True)
class Measure:
    """One measure of a comparison.

    Args:
        name: column of `runs`, or a measure derived from the cash flow.
        label: words for people.
        unit: unit in tables and files.
        better: +1 if more is better, -1 if less is better.
        scale: factor from table unit to shown unit.
        shown: unit shown for a level.
        step: unit shown for a difference.
        digits: decimals shown.
        finer: further decimals shown in a difference.
    """

    name: str
    label: str
    unit: str
    better: int
    scale: float
    shown: str
    step: str
    digits: int
    finer: int = 0

    @property
    def monthly(self) -> bool:
        """Whether differences are per month without saying so in their unit."""
        return self.shown.endswith("/month") and not self.step.endswith("/month")

    def text(self, value: float, signed: bool = False) -> str:
        """The number in shown units, without the unit; "-" if missing."""
        if not math.isfinite(value):
            return "-"
        digits = self.digits + self.finer * signed
        if self.shown.startswith("$M") and abs(value * self.scale) < SMALL_MONEY:
            digits += 2  # a small firm's thousands
        rounded = round(value * self.scale, digits) + 0.0  # + 0.0 turns -0.0 into 0.0
        return f"{rounded:{'+' if signed and rounded else ''},.{digits}f}"

    def span(self, low: float, high: float, signed: bool = True) -> str:
        """An interval in shown units; empty if it is missing."""
        return f" [{self.text(low, signed)}, {self.text(high, signed)}]" if math.isfinite(low) else ""

    def reach(self, low: float, high: float) -> str:
        """Where single lives lie, in shown units, signed: "-12 to +31"; "-" if that is not known."""
        return f"{self.text(low, True)} to {self.text(high, True)}" if math.isfinite(low) else "-"

    def words(self, value: float) -> str:
        """A difference with its unit, as in a sentence."""
        number = self.text(value, signed=True)
        if self.step.startswith("$M"):
            sign = number[0] if number[0] in "+-" and len(number) > 1 else ""
            return f"{sign}${number.lstrip('+-')}M{self.step[2:]}"
        return f"{number} {self.step}{' a month' if self.monthly else ''}".rstrip()


CHURN = Measure("churn", "churn", "share/month", -1, 100, "%/month", "points", 2, 1)
ENGAGED = Measure("engaged", "engaged share", "share of employees", 1, 100, "%", "points", 1)
EQUITY = Measure("customer_equity", "customer equity", "$", 1, 1e-6, "$M", "$M", 1)
NPV = Measure("npv", "NPV", "$", 1, 1e-6, "$M", "$M", 1)
COST = Measure("programme_cost", "programme cost", "$", -1, 1e-6, "$M", "$M", 1)  # over the horizon, not discounted
PAYBACK = Measure("payback", "payback", "month", -1, 1, "month", "months", 0)
PAYS_BACK = Measure("pays_back", "pays back", "share of replicates", 1, 100, "%", "points", 0)
GRIDLOCK = Measure("gridlock", "gridlock", "share of what is installed", -1, 100, "%", "points", 0)
REACH = Measure("reach", "reach", "share of the programme", 1, 100, "%", "points", 1)
STOPPED = Measure("stopped", "stopped", "share of replicates", -1, 100, "%", "points", 0)
SHARING = Measure("sharing", "sharing", "share of requests", 1, 100, "%", "points", 1)
BELIEF = Measure("belief", "outside-in belief", "0-1", 1, 1, "0-1", "", 3)
RESOLUTION = Measure("resolution", "first-contact resolution", "share of contacts", 1, 100, "%", "points", 1)
SATISFACTION = Measure("satisfaction", "satisfaction", "0-1", 1, 1, "0-1", "", 3)
TURNOVER = Measure("turnover", "turnover", "share/month", -1, 100, "%/month", "points", 2, 1)
PROFIT = Measure("profit", "profit", "$/month", 1, 1e-6, "$M/month", "$M/month", 2)

MEASURES = (
    CHURN,
    ENGAGED,
    EQUITY,
    NPV,
    COST,
    PAYBACK,
    PAYS_BACK,
    GRIDLOCK,
    STOPPED,
    REACH,
    SHARING,
    BELIEF,
    RESOLUTION,
    SATISFACTION,
    TURNOVER,
    PROFIT,
)
BY_NAME = {measure.name: measure for measure in MEASURES}
HEADLINES = (CHURN, ENGAGED, EQUITY, NPV)


def heading(measure: Measure) -> str:
    """A measure with the unit of its differences."""
    return f"{measure.label} ({measure.step or measure.unit}{'/month' if measure.monthly else ''})"


def label(strategy: str) -> str:
    """A strategy's key as people read it."""
    return strategy.replace("_", " ").replace("unlock", "UNLOCK")


def percent(share: float) -> str:
    """A share for people."""
    return f"{100 * share:.0f}%" if math.isfinite(share) else "-"


def chance(p: float) -> str:
    """A probability for people; certainty is never claimed from a finite sample."""
    if p < 0.005:
        return "<1%"
    return ">99%" if p > 0.995 else percent(p)


def listing(items: list[str]) -> str:
    """Items as an English list: "a", "a and b", "a, b and c"; "none" if there are none."""
    if len(items) < 2:
        return items[0] if items else "none"
    return f"{', '.join(items[:-1])} and {items[-1]}"
