"""Validation patterns about customers and firms: their statistics by hand, and readings that move when they should."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from experiments.validation import compute, firms
from experiments.validation.equity import (
    all_hazards,
    annual_retention,
    factor_for,
    hazards,
    per_customer,
    per_newcomer,
    scaled,
    total_at_launch,
)
from experiments.validation.lives import gap, quarterly, year
from experiments.validation.pattern import Setting, Verdict
from experiments.validation.patterns import (
    BY_KEY,
    advantage,
    defections,
    elasticities,
    reorganisation,
    staged_rollout,
    worse_before_better,
)
from experiments.validation.settings import read_settings
from sim.measures.organisation import measure
from sim.run import burn_in
from tests.conftest import shortened

SMALL = {"organisation.customers.number": 600, "burn_in": 12, "months": 12}


def life(**months: list[float]) -> Any:
    """A hand-made result."""
    return SimpleNamespace(months={name: np.array(values) for name, values in months.items()})


# --- equity -----------------------------------------------------------------------------------------------------------


def test_total_equity_adds_what_every_month_wins_net_of_its_cost() -> None:
    origin = burn_in(shortened("small_firm", SMALL), 1, 0)
    world, economics = origin.world, origin.inputs.organisation.economics
    c, weight = world.state.customers, origin.inputs.organisation.customers.weight
    new = (c.alive == 1) & (c.tenure == 0)
    assert new.any()
    won = weight * float(c.worth[new].astype(float).sum() - economics.acquisition_cost * new.sum())
    found = measure(world)
    delta = 1.12 ** (1 / 12) - 1
    assert found["total_equity"] - found["customer_equity"] == pytest.approx(won / delta, rel=1e-6)


def test_who_joins_starts_with_the_pull_of_rivals_in_her_hazard() -> None:
    """So that cohorts to come are valued at the hazards which they will have."""
    usual, pulled = (
        burn_in(shortened("small_firm", SMALL | {"market.competitor_pull": pull}), 1, 0) for pull in (1.0, 1.5)
    )
    for model, pull in ((usual, 1.0), (pulled, 1.5)):
        c, segments = model.state.customers, model.structure.segments
        new = (c.alive == 1) & (c.tenure == 0)
        assert new.any()
        expected = pull * segments.hazard[c.segment[new]] * c.frailty[new]
        np.testing.assert_allclose(c.hazard[new], expected, rtol=1e-5)


def test_hazards_are_scaled_to_the_retention_that_is_asked_for() -> None:
    mixed = np.array([0.001, 0.02, 0.3])
    for wanted in (0.3, 0.6, 0.8):
        assert annual_retention(factor_for(mixed, wanted) * mixed) == pytest.approx(wanted, abs=1e-12)
    alike = np.full(5, 0.02)
    assert factor_for(alike, 0.85) == pytest.approx(-math.log(0.85) / 12 / 0.02)
    with pytest.raises(ValueError, match=r"between 0 and 1, got 1\.01"):
        factor_for(mixed, 1.01)


def test_scaling_all_hazards_scales_each_of_next_month() -> None:
    origin = burn_in(shortened("small_firm", SMALL), 1, 0)
    origin.state.customers.tenure[:40] = 200  # beyond the horizon: natural ends
    usual, fewer = scaled(origin, {}), scaled(origin, all_hazards(0.8))
    usual.advance()
    fewer.advance()
    one, other = usual.state.customers, fewer.state.customers
    both = (one.alive == 1) & (other.alive == 1)
    np.testing.assert_allclose(other.hazard[both], 0.8 * one.hazard[both], rtol=1e-5)
    assert len(hazards(origin)) == (origin.state.customers.alive == 1).sum()


def test_readings_of_equity_by_hand() -> None:
    equity = [0.0, 1000.0, *[9999.0] * 11]
    flow = np.array([0.0, *[10.0, 30.0] * 6])
    months = {
        "customer_equity": np.array(equity), "total_equity": np.array(equity) + flow / 0.01,
        "customers": np.full(13, 50.0), "joined": np.full(13, 4.0),
    }  # fmt: skip
    assert total_at_launch(months) == pytest.approx(1000 + 20 / 0.01)
    assert per_customer(months) == pytest.approx(20)
    assert per_newcomer(months, 0.01) == pytest.approx(20 / 4)


def test_elasticities_differ_by_one_if_serving_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Value = margin x revenue - acquisition then, so that the first has the elasticity of 1 plus the second."""
    monkeypatch.setattr(elasticities, "CUSTOMERS", 1500)
    free = elasticities.once(Setting(1, 0, {"organisation.economics.contact_cost": 0.0, "burn_in": 12}))
    dear = elasticities.once(Setting(1, 0, {"burn_in": 12}))
    assert free["margin"] == pytest.approx(1 + float(free["acquisition"]), rel=1e-4)
    assert float(dear["margin"]) > 1.02 + float(dear["acquisition"])
    assert 0 < float(dear["discount"]) < float(dear["retention"])
    assert elasticities.closed_form(0.915, 1.12 ** (1 / 12) - 1) == pytest.approx(5, abs=0.02)
    pair = [{"retention": 4.0, "discount": 1.0}, {"retention": 6.0, "discount": 1.5}]
    assert elasticities.times_discount(pair) == pytest.approx(4)


def test_fewer_defections_are_worth_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defections, "CUSTOMERS", 1500)
    found = defections.once(Setting(1, 0, {"burn_in": 12}))
    for name in ("present", "newcomers"):
        rise = np.asarray(found[name])
        assert rise[0] == 0 and (np.diff(rise) > 0).all()
    value, error = defections.at("present", 1)([{"present": np.array([0, 2.0])}, {"present": np.array([0, 4.0])}])
    assert (value, error) == (pytest.approx(3), pytest.approx(1))


# --- programmes -------------------------------------------------------------------------------------------------------


def test_years_gaps_and_quarters() -> None:
    series = [99.0, *range(1, 25)]
    assert list(np.array(series)[year(2)]) == list(range(13, 25))
    assert list(quarterly(np.array(series[:8]))) == [2, 5]
    assert gap(life(profit=series), life(profit=[0.0] * 25), "profit", year(1)) == pytest.approx(6.5)


def stores(sales: list[list[float]], started: list[float]) -> Any:
    """A life of units: sales and the formal state of empowerment, [month][unit]."""
    months, units = np.shape(sales)
    formal = np.zeros((months, units))
    formal[1:] = started
    tables = {
        "revenue": np.array(sales), "formal_front_line_empowerment": formal, "churn": np.zeros((months, units)),
        "satisfaction": np.zeros((months, units)),
    }  # fmt: skip
    return SimpleNamespace(months={"churn": np.zeros(months)}, silo_months=tables, silos=tuple("abc"[:units]))


def test_treated_stores_are_compared_with_waiting_ones_and_with_themselves() -> None:
    """One store grows by 10% because of the format, the waiting one by 2%, headquarters sell nothing."""
    staged = stores([[200.0, 100.0, 0.0], *[[220.0, 102.0, 0.0]] * 9], [1.0, 0.0, 1.0])
    as_is = stores([[200.0, 100.0, 0.0]] * 10, [0.0, 0.0, 0.0])
    found = staged_rollout.gap(staged_rollout.frame(staged))
    assert found is not None and found["sales"] == pytest.approx(8)
    curves = staged_rollout.curves(staged, as_is)
    assert {name: float(curve[-1]) for name, curve in curves.items()} == pytest.approx(
        {"against waiting": 8, "effect": 10, "spill": 2}
    )


def test_only_some_stores_are_treated() -> None:
    found = staged_rollout.once(Setting(1, 0, {"burn_in": 12, "organisation.customers.number": 2400}))
    assert math.isfinite(float(found["sales"])) and float(found["satisfaction"]) > 0


@pytest.mark.parametrize(
    ("path", "quarters"),
    [([-4, -2, 2, 3], 2.5), ([1, -3, -1, 1], 3.5), ([-1, -2, -3], 4), ([1, 2, 3], 0)],
)
def test_quarters_until_profit_is_back(path: list[float], quarters: float) -> None:
    """Between quarters by a straight line, on the axis of the figure, whose first quarter is 1."""
    reading = {reorganisation.REORGANISED: np.array(path, dtype=float)}
    assert reorganisation.back([reading, reading]) == pytest.approx(quarters)


def test_reorganisation_reads_no_difference_where_rivals_match_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reorganisation, "AT_ONCE", ())
    monkeypatch.setattr(reorganisation, "CUSTOMERS", 800)
    found = reorganisation.once(Setting(1, 0, {"burn_in": 12}))
    assert found["matched"] == 0
    assert np.asarray(found[reorganisation.REORGANISED]).shape == (reorganisation.QUARTERS,)


def test_without_pressure_there_is_no_trap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worse_before_better, "CUSTOMERS", 800)
    monkeypatch.setattr(worse_before_better, "PRESSED", ())
    found = worse_before_better.once(Setting(1, 0, {"burn_in": 12}))
    assert found["trap"] == 0 and float(found["first"]) < 0 < float(found["service"])


# --- firms ------------------------------------------------------------------------------------------------------------


def firm(number: int, **values: float) -> dict[str, float]:
    """One firm's reading: everything rises with its number unless said otherwise."""
    return {"firm": number, **{name: float(number) for name in firms.READ[1:]}, **values}


def test_firms_claims_by_hand() -> None:
    industry = [firm(k, cemm_level=2 + k % 3) for k in range(30)]
    for key, expected in (("maturity", 2 / 3), ("market_orientation", 1.0)):
        value, _ = BY_KEY[key].claims[0].statistic(industry)
        assert value == pytest.approx(expected)
    odds = advantage.log_odds(firms.industry(industry))
    assert odds.value == pytest.approx(math.log(10.5 * 10.5 / (0.5 * 0.5)))  # all ten strong win, no weak one does
    assert odds.error == pytest.approx(math.sqrt(2 / 10.5 + 2 / 0.5))
    claim = BY_KEY["advantage"].claims[0]
    assert claim.judge(math.log(2.8), 0.2) == Verdict.HIT and claim.judge(math.log(2.8), 0.3) == Verdict.UNCLEAR
    assert claim.judge(math.log(8.0), 0.2) == Verdict.MISS


def test_patterns_of_one_experiment_share_its_runs() -> None:
    settings = read_settings(["quick=true"])
    chosen = [BY_KEY[key] for key in ("advantage", "market_orientation", "elasticities")]
    jobs = compute.jobs_of(settings, chosen)
    assert len(jobs) == len(set(jobs)) == firms.FIRMS[0] + BY_KEY["elasticities"].replicates[0]
    assert [job.replicate for job in jobs] == sorted(job.replicate for job in jobs)
    thorough = compute.jobs_of(read_settings([]), [BY_KEY["elasticities"]])
    quick, full = BY_KEY["elasticities"].replicates
    assert sum(job.without for job in thorough) == quick and len(thorough) == quick + full
