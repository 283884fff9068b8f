"""From measured seconds and bytes to medians, ratios, targets and rates of growth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from benchmarks.company import BOTH
from benchmarks.tasks.growth import STEPS
from benchmarks.timing import Times


class Spread(NamedTuple):
    """A median with the smallest and the largest value."""

    middle: float
    low: float
    high: float

    def times(self, factor: float) -> Spread:
        """The same in another unit."""
        return Spread(*(factor * value for value in self))


class Target(NamedTuple):
    """Something the engine should be able to do, and what was measured.

    Args:
        text: what is measured.
        measured: the result.
        goal: the value that it should reach.
        at_least: True if more is better.
        unit: what the number is followed by.
    """

    text: str
    measured: Spread
    goal: float
    at_least: bool
    unit: str

    @property
    def met(self) -> bool:
        """Whether the median is on the right side."""
        return self.measured.middle >= self.goal if self.at_least else self.measured.middle <= self.goal

    @property
    def reached(self) -> float:
        """How far the goal is reached: 1 exactly, above 1 better, below 1 worse."""
        share = self.measured.middle / self.goal
        return share if self.at_least else 1 / share


class Growth(NamedTuple):
    """How cost grows with a number.

    Args:
        kind: what there is more of.
        numbers: how many.
        cost: seconds.
        power: slope of log cost over log number between the last two: 1 is proportional, 0 is flat.
    """

    kind: str
    numbers: tuple[int, ...]
    cost: tuple[Spread, ...]
    power: float


def spread(values: Sequence[float]) -> Spread:
    """Median, minimum, maximum."""
    return Spread(median(values), min(values), max(values))


def ratio(above: Sequence[float], below: Sequence[float]) -> Spread:
    """Ratio of medians, with the range over repetitions that belong together, else with the widest range there is."""
    middle = median(above) / median(below)
    if len(above) == len(below):
        pairs = [a / b for a, b in zip(above, below, strict=True)]
        return Spread(middle, min(pairs), max(pairs))
    return Spread(middle, min(above) / max(below), max(above) / min(below))


def per_customer(found: Times, name: str, customers: float) -> list[float]:
    """Seconds per customer and month."""
    return [value / customers for value in found[name]]


def number_of(found: Times, label: str) -> int:
    """Customers that a label stands for."""
    return int(found[f"customers.{label}"][0])


def largest_of_both(found: Times) -> int:
    """The largest number of customers at which plain Mesa was measured."""
    return max(size.customers for size in BOTH if f"plain.{size.customers}" in found)


def copy_share(found: Times, label: str) -> Spread:
    """Speed of the customer phases as a share of that of the kernel that only copies."""
    return ratio(found[f"copy.{label}"], found[f"engine_customers.{label}"])


def targets(found: Times) -> list[Target]:
    """All targets, in the order of the page."""
    return [*speed(found), *threads_and_memory(found), *small(found)]


def speed(found: Times) -> list[Target]:
    """Against plain Mesa."""
    size, top, million = BOTH[1], largest_of_both(found), number_of(found, "1m")
    month = f"one month at {size.customers:,} customers and {size.employees} employees, against plain Mesa"
    phases = f"customer phases at {million:,} customers, against plain Mesa at {top:,}"
    plain = per_customer(found, f"plain_customers.{top}", top)
    engine = per_customer(found, "engine_customers.1m", million)
    return [
        Target(month, ratio(found[f"plain.{size.customers}"], found[f"engine.{size.customers}"]), 150, True, "x"),
        Target(phases, ratio(plain, engine), 250, True, "x"),
    ]


def threads_and_memory(found: Times) -> list[Target]:
    """What millions of customers cost."""
    million, more = number_of(found, "1m"), number_of(found, "10m")
    two = ratio(found["engine.1m"], found["engine_two_threads.1m"])
    costs = [per_customer(found, f"engine.{label}", n) for label, n in (("10m", more), ("1m", million))]
    held = found["bytes_resident.10m"][0] + found["bytes_month.10m"][0]
    return [
        Target(f"two threads against one at {million:,} customers", two, 1.8, True, "x"),
        Target(f"memory per customer at {more:,} customers", spread([held]), 160, False, " bytes"),
        Target(f"cost per customer at {more:,} against {million:,} customers", ratio(*costs), 1.5, False, "x"),
        Target(f"customer phases at {million:,} against copying their columns", copy_share(found, "1m"), 0.3, True, ""),
    ]


def small(found: Times) -> list[Target]:
    """What many small runs cost, and the start."""
    size, months = BOTH[0], found["small_months"][0]
    plain = [months * value for value in found[f"plain.{size.customers}"]]
    text = f"runs of {size.customers:,} customers, {size.employees} employees, {months:.0f} months, against plain Mesa"
    return [
        Target(text, ratio(plain, found["small_run"]), 100, True, "x"),
        Target("of such a run, outside compiled rules", spread(found["outside_rules"]), 1 / 3, False, ""),
        Target("of such a run, what is left with hardly anybody in it",
               ratio(found["empty_run"], found["small_run"]), 1 / 3, False, ""),
        Target("`ungridlock --help` against an empty Python", ratio(found["start.help"], found["start.python"]), 5,
               False, "x"),
    ]  # fmt: skip


def growth(found: Times) -> list[Growth]:
    """Cost by number for every kind."""
    rows = []
    for kind, steps in STEPS.items():
        numbers = tuple(n for n in steps if f"growth.{kind}.{n}" in found)
        cost = tuple(spread(found[f"growth.{kind}.{n}"]) for n in numbers)
        power = math.log(cost[-1].middle / cost[-2].middle) / math.log(numbers[-1] / numbers[-2])
        rows.append(Growth(kind, numbers, cost, power))
    return rows
