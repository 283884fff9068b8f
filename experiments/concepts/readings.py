"""Readings: how a finished run becomes the one number in which a concept shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from experiments.survey.benchmark import shipped
from sim.measures.indices import INDICES
from sim.measures.organisation import MEASURES
from sim.measures.questions import ask
from sim.run import Result
from sim.world import World

YEAR = 12
KNOWN = {**MEASURES, **INDICES}


@dataclass(frozen=True)
class Outcome:
    """One run and what it is set against.

    Args:
        result: tables of the run.
        world: the world at its end.
        paper: the same plan on paper, where a reading needs it.
        monthly_rate: discount rate per month.
    """

    result: Result
    world: World
    paper: Result | None
    monthly_rate: float


@dataclass(frozen=True)
class Reading:
    """One number of a run.

    Args:
        measure: name of the measure that is read.
        label: what is read, in words that fit "... rises from".
        unit: unit of the number.
        read: the reading.
        on_paper: True if the business case on paper is needed as well.
    """

    measure: str
    label: str
    unit: str
    read: Callable[[Outcome], float]
    on_paper: bool = False


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _window(name: str, label: str, rows: slice) -> Reading:
    return Reading(name, label, KNOWN[name][0], lambda o: _mean(o.result.months[name][1:][rows]))


def words(name: str) -> str:
    """A measure's name as people read it."""
    return name.replace("_", " ")


def late(name: str) -> Reading:
    """Mean of a measure over the last year."""
    return _window(name, words(name), slice(-YEAR, None))


def late_in_units(name: str, label: str) -> Reading:
    """Mean of a units' measure over units and the last year."""
    return Reading(name, label, "share", lambda o: float(o.result.silo_months[name][-YEAR:].mean()))


def first_year(name: str) -> Reading:
    """Mean of a measure over the first year."""
    return _window(name, f"{words(name)} in the first year", slice(0, YEAR))


def throughout(name: str) -> Reading:
    """Mean of a measure over all months."""
    return _window(name, f"{words(name)} over all months", slice(None))


def late_mean(names: tuple[str, ...], label: str) -> Reading:
    """Mean of several measures of one unit over the last year."""
    parts = [late(name) for name in names]
    return Reading(", ".join(names), label, KNOWN[names[0]][0], lambda o: float(np.mean([p.read(o) for p in parts])))


def unit_at(name: str, unit: str, month: int) -> Reading:
    """A measure of one unit in one month."""

    def read(o: Outcome) -> float:
        rows = o.result.silo_months[name]
        return float(rows[min(month, len(rows) - 1), o.result.silos.index(unit)])

    return Reading(name, f"{name} of {unit} in month {month}", "1", read)


def events(kind: str, label: str) -> Reading:
    """How often something is logged."""
    return Reading("events", label, "events", lambda o: float(sum(e.kind == kind for e in o.result.events)))


def month_of(kind: str, label: str) -> Reading:
    """Month in which something is first logged; the horizon if never."""

    def read(o: Outcome) -> float:
        found = [e.month for e in o.result.events if e.kind == kind]
        return float(min(found, default=len(o.result.months["churn"]) - 1))

    return Reading("events", label, "month", read)


def npv(result: Result, rate: float) -> float:
    """Net present value of the firm's cash flow, $."""
    cash = result.months["cash"][1:]
    return float(cash @ (1 + rate) ** -np.arange(1.0, len(cash) + 1))


def _paper(o: Outcome) -> float:
    assert o.paper is not None
    return npv(o.paper, o.monthly_rate)


PAPER_VALUE = Reading("npv", "net present value on paper", "$", _paper, on_paper=True)


def _shortfall(o: Outcome) -> float:
    return _paper(o) - npv(o.result, o.monthly_rate)


SHORTFALL = Reading("npv", "cost of gridlock (net present value, paper less simulated)", "$", _shortfall, on_paper=True)


def _per_customer(o: Outcome) -> float:
    months = o.result.months
    return _mean(months["customer_equity"][-YEAR:] / months["customers"][-YEAR:])


EQUITY_PER_CUSTOMER = Reading("customer_equity", "customer equity per customer", "$/customer", _per_customer)
RETAINED = Reading(
    "equity_retained, equity_lost", "equity kept (retained less lost, all months)", "$",
    lambda o: float((o.result.months["equity_retained"] + o.result.months["equity_lost"])[1:].sum()),
)  # fmt: skip


def _gap(o: Outcome) -> float:
    """Growth of sales since launch, units that start at once less units that wait, points.

    Half a year up to the month in which the first of the waiting units follows.
    """
    sales, delay = o.result.silo_months["revenue"], o.world.state.plan.delay
    homes, later = sales[0] > 0, delay[delay > 0]
    last = min(int(later.min()), len(sales) - 1) if len(later) else len(sales) - 1
    growth = 100 * (sales[last - YEAR // 2 + 1 : last + 1].mean(axis=0) / np.where(homes, sales[0], 1.0) - 1)
    return float(growth[homes & (delay == 0)].mean() - growth[homes & (delay != 0)].mean())


TREATED = Reading("revenue", "growth of sales of treated units beyond untreated ones, while both exist", "points", _gap)


def _revenue_gain(o: Outcome) -> float:
    months = o.result.months["revenue"]
    return 100 * (_mean(months[-YEAR:]) / float(months[0]) - 1)


REVENUE_GAIN = Reading("revenue", "growth of revenue since launch", "percent", _revenue_gain)


def _together(o: Outcome) -> float:
    """Correlation of responsiveness and engagement over months."""
    one, other = o.result.months["mri"][1:], o.result.months["q12"][1:]
    return float(np.corrcoef(one, other)[0, 1])


TOGETHER = Reading("mri, q12", "correlation of customer focus and engagement over months", "1", _together)


def _lead(o: Outcome) -> float:
    """Months by which half-yearly changes of responsiveness run ahead of those of engagement where they fit best.

    Looked for up to a year either way; missing where they never go together (correlation below .3).
    """
    half = YEAR // 2
    focus, mood = (o.result.months[name][1 + half :] - o.result.months[name][1:-half] for name in ("mri", "q12"))
    lags = range(-YEAR, YEAR + 1)
    n = len(focus)
    fits = [np.corrcoef(focus[max(0, -k) : n - max(0, k)], mood[max(0, k) : n - max(0, -k)])[0, 1] for k in lags]
    return float(lags[int(np.argmax(fits))]) if max(fits) >= 0.3 else float("nan")


LEAD = Reading("mri, q12", "months by which customer focus runs ahead of engagement", "months", _lead)


def _percentile(o: Outcome) -> float:
    return shipped().place("mri", _mean(o.result.months["mri"][-YEAR:]))


PERCENTILE = Reading("mri", "percentile of responsiveness in the industry", "percent", _percentile)


def answer(question: int, what: str, label: str) -> Reading:
    """Share of those whom the enterprise has in mind who are truly so, at the end."""

    def read(o: Outcome) -> float:
        return next(line.true for line in ask(o.world) if line.question == question and line.what == what)

    return Reading("customer questions", label, "share", read)
