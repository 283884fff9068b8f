"""What five points fewer defections a year do to the profit that a customer brings over her life."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experiments.evidence import Use
from experiments.validation.equity import (
    all_hazards,
    annual_retention,
    factor_for,
    hazards,
    per_customer,
    per_newcomer,
    scaled,
)
from experiments.validation.pattern import Claim, Curve, Mechanism, Pattern, Readings, Setting, Statistic, mean_of
from sim.params.scenario import sized
from sim.run import burn_in, follow

CUSTOMERS = 12_000
POINTS = (0, 2, 5, 8)  # fewer defections a year
PUBLISHED = POINTS.index(5)


def once(setting: Setting) -> Readings:
    """One life of the unchanged organisation, and the same life with fewer defections."""
    scenario = sized(setting.scenario("organisation=midwest_telecom", "months=12"), CUSTOMERS)
    origin = burn_in(scenario, setting.seed, setting.replicate)
    present, delta = hazards(origin), scenario.organisation.economics.monthly_discount
    kept = annual_retention(present)
    lives = [follow(scaled(origin, all_hazards(factor_for(present, kept + points / 100)))) for points in POINTS]
    base = np.array([per_customer(life.months) for life in lives])
    won = np.array([per_newcomer(life.months, delta) for life in lives])
    return {"present": 100 * (base / base[0] - 1), "newcomers": 100 * (won / won[0] - 1), "kept": kept}


def at(name: str, place: int) -> Statistic:
    """Mean rise at one of `POINTS`."""

    def statistic(readings: Sequence[Readings]) -> tuple[float, float]:
        return mean_of(name)([{**r, name: float(np.asarray(r[name])[place])} for r in readings])

    return statistic


def picture(readings: Sequence[Readings]) -> Curve:
    """Rise of value over points of defection."""
    seen = {name: [at(name, k)(readings) for k in range(len(POINTS))] for name in ("present", "newcomers")}
    return Curve(
        x=POINTS, published={}, simulated={name: [v for v, _ in found] for name, found in seen.items()},
        errors={name: [e for _, e in found] for name, found in seen.items()},
        x_label="fewer defections, percentage points a year", y_label="rise of lifetime value per customer, %",
    )  # fmt: skip


PATTERN = Pattern(
    key="defections",
    question="What are five points fewer defections a year worth?",
    figures=("reichheld1990",),
    use=Use.VALIDATION,
    published="Five points fewer defections raise the present value of the profit that a customer brings by 25 to 85%, "
    "depending on the industry.",
    counterpart="Mean lifetime value per customer of the unchanged Midwest Telecom in the same life after all hazards "
    "have been multiplied by the number that raises mean annual retention by five points. The published streams of "
    "profit begin with the cost of winning the customer, so newcomers net of that cost are the nearer counterpart; the "
    "defection rate is that of the base, so its present customers are shown as well.",
    once=once,
    claims=(
        Claim("newcomers", "newcomers, net of acquisition cost", 25, 85, "%", at("newcomers", PUBLISHED),
              "the published range over industries"),
        Claim("present", "present customers", 25, 85, "%", at("present", PUBLISHED),
              "the published range over industries"),
    ),
    replicates=(12, 48),
    mechanism=Mechanism(
        "winning a customer costs something", {"organisation.economics.acquisition_cost": 0.0}, "newcomers"
    ),
    picture=picture,
    remark="The hit of newcomers rests on the cost of winning them, which is judgement: their value before that cost "
    "is subtracted gains less than published. Present customers gain less still: they are the survivors of their "
    "cohorts, and most of their value lies with those who hardly leave anyway. What the published account adds - older "
    "customers spend more, cost less and refer others - is not in lifetime values here, which hold cash constant.",
)  # fmt: skip
