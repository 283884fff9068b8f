"""Firms that reorganise around customers: first worse, then better, less so where rivals do the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from experiments.configuration import load_scenario
from experiments.evidence import Use
from experiments.validation.lives import gap, lives, quarterly, year
from experiments.validation.pattern import (
    Claim,
    Curve,
    Mechanism,
    Pattern,
    Readings,
    Setting,
    errors_of,
    jackknife,
    mean_of,
)
from sim.params.scenario import sized
from sim.params.strategy import Strategy
from sim.run import Variant

CUSTOMERS = 6_000
YEARS = 7
QUARTERS = 4 * YEARS
AT_ONCE = (("market.imitation", 1.0),)
REORGANISED, DECREED = "customer_governance", "structure_only"
INSTALLED = ("insight_system", "capability_training", "cross_functional_teams", "portfolio_governance")


def once(setting: Setting) -> Readings:
    """Reorganised around customers or not, with rivals as they are or with rivals who match any service at once."""
    scenario = sized(setting.scenario("organisation=midwest_telecom", f"months={12 * YEARS}"), CUSTOMERS)
    plans = {name: load_scenario([f"strategy={name}"]).strategy for name in (REORGANISED, DECREED)}
    variants = [
        Variant("as_is", Strategy()), *(Variant(name, plan) for name, plan in plans.items()),
        Variant("as_is, matched", Strategy(), changes=AT_ONCE),
        Variant("matched", plans[REORGANISED], changes=AT_ONCE),
    ]  # fmt: skip
    found = lives(scenario, setting.seed, setting.replicate, variants)
    base = found["as_is"]
    usual = float(base.months["profit"][1:].mean()) / 100

    def later(one: str, other: str) -> float:
        return gap(found[one], found[other], "profit", slice(year(5).start, year(YEARS).stop)) / usual

    return {
        "first": gap(found[REORGANISED], base, "profit", year(1)) / usual,
        "later": later(REORGANISED, "as_is"),
        "matched": later("matched", "as_is, matched") - later(REORGANISED, "as_is"),
        **{name: quarterly(found[name].months["profit"] - base.months["profit"]) / usual for name in plans},
    }


def course(readings: Sequence[Readings], name: str = REORGANISED) -> NDArray[np.float64]:
    """Profit over that of the unchanged life, % of its mean, per quarter; mean over replicates."""
    return np.asarray(np.mean([r[name] for r in readings], axis=0))


def back(readings: Sequence[Readings]) -> float:
    """Quarters until the mean course is back at zero after its trough, between quarters by a straight line.

    The number of quarters looked at plus one if it never is.
    """
    path = course(readings)
    trough = int(np.argmin(path))
    if path[trough] >= 0:
        return 0.0
    risen = np.flatnonzero(path[trough:] >= 0)
    if len(risen) == 0:
        return float(len(path) + 1)
    after = trough + int(risen[0])
    return float(after + path[after - 1] / (path[after - 1] - path[after]))


def picture(readings: Sequence[Readings]) -> Curve:
    """The course of profit, carried by activities and by decree alone."""
    names = {"carried": REORGANISED, "decreed": DECREED}
    return Curve(
        x=np.arange(1, QUARTERS + 1).tolist(), published={},
        simulated={short: course(readings, name).tolist() for short, name in names.items()},
        errors={s: errors_of(np.array([r[name] for r in readings]), readings) for s, name in names.items()},
        x_label="quarters since the reorganisation began", y_label="profit against the unchanged life, %",
    )  # fmt: skip


PATTERN = Pattern(
    key="reorganisation",
    question="Does reorganising around customers cost first and pay after about ten quarters?",
    figures=("lee2015",),
    use=Use.VALIDATION,
    published="Among 37 large firms performance fell by 39% at first and stood 11% higher after ten quarters; less was "
    "gained where rivals had done the same. Only signs and timing are used: the figures are known from accounts.",
    counterpart="Profit of Midwest Telecom after portfolio governance with teams, an insight system and training "
    "(strategy customer_governance; in the figure also the organisation chart alone, structure_only) less that of the "
    "same life unchanged. Rivals who have done the same: they match any better service within a month "
    "(market.imitation = 1), so that customers take it for normal.",
    once=once,
    claims=(
        Claim("trough", "first year: profit against the unchanged life", -np.inf, 0, "%", mean_of("first"), "the sign"),
        Claim("timing", "back at the unchanged life's profit", 6, 14, "quarters", jackknife(back),
              "about ten quarters: a year either side"),
        Claim("gain", "years 5 to 7: profit against the unchanged life", 0, np.inf, "%", mean_of("later"), "the sign"),
        Claim("rivals", "the same where rivals match at once, less where they don't", -np.inf, 0, "points",
              mean_of("matched"), "the sign"),
    ),
    replicates=(6, 40),
    mechanism=Mechanism(
        "what installing it costs", {f"programme.initiatives.{name}.price": 0.0 for name in INSTALLED}, "timing",
        replicates=16,
    ),
    picture=picture,
    remark="The published trough is deeper, the gain smaller; only signs and timing count as evidence. Most of the "
    "trough here is the price of what is installed; what coordination and learning cost is the small rest, seen when "
    "the price is taken away. By decree alone (the other line) the trough is over sooner and the gain hardly smaller: "
    "owners by decree save repeated contacts and court fewer poor prospects at once.",
)  # fmt: skip
