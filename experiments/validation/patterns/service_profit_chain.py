"""Employees' attitude, customers' impression, revenue: the size of each step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experiments.evidence import Use
from experiments.validation.pattern import Claim, Curve, Mechanism, Pattern, Readings, Setting, jackknife
from experiments.validation.responses import engage, lines, mean_series, response
from sim.params.scenario import sized
from sim.run import burn_in

CUSTOMERS, MONTHS = 12_000, 36
STEP = 5.0  # points of 100
QUARTER, YEAR = 3, 12
FACTOR = "a factor of two either way: another organisation, other scales"


def once(setting: Setting) -> Readings:
    """Everybody's engagement is lifted by five points at month 0 and stays up; the rest is the same life."""
    scenario = sized(setting.scenario(f"months={MONTHS}"), CUSTOMERS)
    origin = burn_in(scenario, setting.seed, setting.replicate)
    usual, more = response(origin, ("engagement", "satisfaction", "revenue"), change=lambda m: engage(m, STEP / 100))
    return {
        "engagement": 100 * more["engagement"],
        "satisfaction": 100 * more["satisfaction"],
        "revenue": 100 * more["revenue"] / usual["revenue"],
    }


def in_year(name: str, first: int, readings: Sequence[Readings]) -> float:
    """Mean of a response over the year that begins after `first` months."""
    return float(mean_series(readings, name)[first + 1 : first + YEAR + 1].mean())


def per_step(readings: Sequence[Readings], name: str, first: int) -> float:
    """A response per five points of engagement over the first year."""
    return STEP * in_year(name, first, readings) / in_year("engagement", 0, readings)


def customers(readings: Sequence[Readings]) -> float:
    """Customers' response in the year that begins a quarter later."""
    return per_step(readings, "satisfaction", QUARTER)


def revenue(readings: Sequence[Readings]) -> float:
    """Revenue's response in the year that begins two quarters later."""
    return per_step(readings, "revenue", 2 * QUARTER)


def picture(readings: Sequence[Readings]) -> Curve:
    """Customers and revenue over time, with the published sizes in the years in which they are looked for."""
    mean, error = lines(readings, {"customers": "satisfaction", "revenue": "revenue"})
    months = np.arange(MONTHS + 1)
    published = {
        label: np.where((months > first) & (months <= first + YEAR), size, np.nan).tolist()
        for label, size, first in (("customers", 1.3, QUARTER), ("revenue", 0.5, 2 * QUARTER))
    }
    return Curve(
        x=range(MONTHS + 1), published=published, simulated=mean, errors=error,
        x_label="months since everybody became 5 points more engaged",
        y_label="difference: satisfaction (0-100), revenue (%)",
    )  # fmt: skip


PATTERN = Pattern(
    key="service_profit_chain",
    question="How much do more engaged employees bring with customers and in revenue?",
    figures=("rucci1998",),
    use=Use.VALIDATION,
    published="At Sears five units more in employees' attitude went with 1.3 units more in customers' impression and "
    "0.5% more revenue growth, about a quarter per step.",
    counterpart="Midwest Telecom without a programme, twice with the same luck: as it is, and with everybody five "
    "points of 100 more engaged from month 0 on. Customers' satisfaction (0-100) in the year that begins a quarter "
    "later; growth of revenue from before to the year that begins two quarters later. The effect of engagement on how "
    "contacts are handled is a prior, not fitted to this figure.",
    once=once,
    claims=(
        Claim("customers", "customers' satisfaction per 5 points of engagement", 0.65, 2.6, "points of 100",
              jackknife(customers), f"published 1.3; {FACTOR}"),
        Claim("revenue", "growth of revenue per 5 points of engagement", 0.25, 1.0, "%",
              jackknife(revenue), f"published 0.5; {FACTOR}"),
    ),
    replicates=(16, 120),
    mechanism=Mechanism(
        "customers feel the engagement of who serves them",
        {"customers.service.handling_engagement": 0.0, "customers.service.quality_engagement": 0.0}, "customers",
    ),
    picture=picture,
    remark="Engagement reaches customers by the manner in which they are served, a judgement (0.2, prior 0 to 0.4) "
    "that was added when a first look had shown a step thirty times too small (DESIGN 65): what is hit here is "
    "weaker evidence than other hits. Handling itself leaves little to gain: the calibration lets nearly all "
    "failures come from requests that other units do not answer, which engagement does not touch. Published: "
    "one retailer's own model, correlations.",
)  # fmt: skip
