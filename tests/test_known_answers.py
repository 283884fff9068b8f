"""The model against results that can be derived on paper.

Each rule runs as it is in the model, with everything switched off that the derivation leaves out. Tolerances are
standard errors of the compared means, never numbers that happened to fit.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from sim.build import leader_stage
from sim.draws import make_key
from sim.model import OrganisationModel
from sim.params.behaviour import Sharing
from sim.params.field import record, replace
from sim.params.organisation import Customers, Employees, Function, Organisation, Segment, Silo
from sim.params.programme import Load
from sim.params.scenario import Scenario
from sim.params.strategy import N_INITIATIVES, RESOURCES
from sim.phases import valuation
from sim.phases.estimates import true_worth
from sim.phases.experience import move_belief
from sim.phases.information import chain_strength
from sim.phases.load import weigh
from sim.phases.sharing import decide
from sim.phases.valuation import ACQUIRED, LOST, TOTAL, Terms, value_customers
from sim.run import run
from sim.settled import settled_quality
from sim.state import Equity
from sim.structure import apportion
from tests.conftest import shortened

F64 = NDArray[np.float64]
SE = 4.5  # standard errors that a mean may be off: about one false alarm in 150,000 comparisons


def plain_scenario(employees: int = 12, customers: int = 50, changes: dict[str, Any] | None = None) -> Scenario:
    """Two units, two segments, no traits; burn-in long enough to never leave the unchanged organisation."""
    silos = {
        "product": Silo(function=Function.PRODUCT, headcount_share=0.5, home_share=1.0, front_line_share=0.5),
        "support": Silo(function=Function.SUPPORT, headcount_share=0.5, front_line_share=0.0),
    }
    organisation = Organisation(
        name="plain", silos=silos, employees=Employees(number=employees),
        customers=Customers(number=customers, segments={"contract": Segment(share=0.5), "prepaid": Segment(share=0.5)}),
    )  # fmt: skip
    return replace(Scenario(organisation=organisation, months=1, burn_in=240), changes or {})


# --- Sharing: Brock, Durlauf (2001) -----------------------------------------------------------------------------------


class Fixed(NamedTuple):
    """A stable level of sharing and the noise around it."""

    level: float
    variance: float  # of the mean habit in one month
    memory: float  # correlation of the mean habit with that of the month before


def fixed_point(drive: float, conformity: float, start: float) -> float:
    """Level to which x -> s(drive + J (2 x - 1)) leads from a start."""
    x = start
    for _ in range(20_000):
        x = float(expit(drive + conformity * (2 * x - 1)))
    return x


def noise(level: float, conformity: float, n: int, speed: float = 0.3) -> Fixed:
    """Linear noise around a level: AR(1) with memory 1 - speed (1 - f')."""
    slope = 2 * conformity * level * (1 - level)
    pull = speed * (1 - slope)
    return Fixed(level, level * (1 - level) / n * speed / ((1 - slope) * (2 - pull)), 1 - pull)


def share_on_complete_graph(drive: float, conformity: float, start: float, n: int, months: int) -> F64:
    """Mean habit month by month when everybody sees everybody, dispositions and all other terms zero."""
    starts = (np.arange(n + 1) * (n - 1)).astype(np.int32)
    ties = ((np.arange(n)[:, None] + np.arange(1, n)) % n).ravel().astype(np.int32)
    silo, zero, none, unit = np.zeros(n, np.int32), np.zeros(n), np.zeros(1), np.zeros((1, N_INITIATIVES))
    rule = record(Sharing(conformity=conformity, hostility=0, belief=0, modelling=0, incentive=0, time_cost=0))
    habit, shares, series = np.full(n, start), np.zeros(n, np.int8), np.empty(months)
    for month in range(months):
        decide(
            (silo, zero, zero, habit, shares), (starts, ties, np.zeros(n + 1, np.int32), np.empty(0, np.int32)),
            (np.full(1, n, np.int32), unit, np.zeros((1, 4)), none, unit, unit), (drive, 0.25, 0.0, 0.0, -1.0), rule,
            make_key(11, 0), month, np.zeros((1, 6)),
        )  # fmt: skip
        series[month] = habit.mean()
    return series


def assert_settles(series: F64, expected: Fixed, conformity: float) -> None:
    """Mean and variance of the second part of a series agree with theory within their standard errors."""
    late = series[len(series) // 4 :]
    p, rho = expected.level, expected.memory
    curvature = (2 * conformity) ** 2 * p * (1 - p) * (1 - 2 * p)
    shift = 0.5 * curvature * expected.variance / (1 - 2 * conformity * p * (1 - p))  # second order of the noise
    se_mean = math.sqrt(expected.variance * (1 + rho) / (1 - rho) / len(late))
    se_variance = expected.variance * math.sqrt(2 * (1 + rho**2) / (1 - rho**2) / len(late))
    assert abs(late.mean() - p - shift) < SE * se_mean
    assert abs(np.mean((late - p - shift) ** 2) - expected.variance) < SE * se_variance


N_SHARING = 400


@pytest.mark.parametrize(("conformity", "drive"), [(0.0, -0.5), (1.0, 0.0), (1.0, -0.6), (1.6, 0.3)])
@pytest.mark.parametrize("start", [0.02, 0.98])
def test_sharing_has_one_regime_below_two(conformity: float, drive: float, start: float) -> None:
    level = float(brentq(lambda x: expit(drive + conformity * (2 * x - 1)) - x, 0, 1))
    series = share_on_complete_graph(drive, conformity, start, N_SHARING, 300)
    assert_settles(series, noise(level, conformity, N_SHARING), conformity)


@pytest.mark.parametrize(("conformity", "drive"), [(2.5, 0.0), (3.0, 0.0), (3.0, -0.2), (3.0, 0.2)])
@pytest.mark.parametrize("start", [0.02, 0.98])
def test_sharing_has_two_regimes_above_two(conformity: float, drive: float, start: float) -> None:
    level = fixed_point(drive, conformity, start)
    assert (level < 0.5) == (start < 0.5)
    series = share_on_complete_graph(drive, conformity, start, N_SHARING, 300)
    assert_settles(series, noise(level, conformity, N_SHARING), conformity)


@pytest.mark.parametrize(("conformity", "tipping"), [(2.5, 0.156), (3.0, 0.415)])
def test_sharing_tips_where_theory_says(conformity: float, tipping: float) -> None:
    """Below the tipping point the start decides; beyond it there is one regime. A third around the fold is left out."""
    m = math.sqrt(1 - 2 / conformity)
    assert conformity * m - 2 * math.atanh(m) == pytest.approx(tipping, abs=5e-4)
    for sign, start in ((1, 0.02), (-1, 0.98)):
        held = share_on_complete_graph(sign * tipping * 0.67, conformity, start, N_SHARING, 300)[-100:].mean()
        tipped = share_on_complete_graph(sign * tipping * 1.33, conformity, start, N_SHARING, 300)[-100:].mean()
        assert (held < 0.5) == (start < 0.5)
        assert (tipped < 0.5) != (start < 0.5)
        end = fixed_point(sign * tipping * 1.33, conformity, start)
        assert tipped == pytest.approx(end, abs=SE * math.sqrt(noise(end, conformity, N_SHARING).variance))


# --- Belief: DeGroot (1974) -------------------------------------------------------------------------------------------


def test_belief_reaches_the_degree_weighted_consensus() -> None:
    """W = .9 I + .1 A on the model's own network of colleagues, every other source off."""
    network = OrganisationModel(plain_scenario(employees=60)).state.network
    degree = np.diff(network.starts).astype(np.float64)
    belief = np.random.default_rng(5).uniform(0.05, 0.95, 60)
    consensus = float(degree @ belief / degree.sum())
    assert abs(consensus - belief.mean()) > 1e-3  # the weights matter
    silo, why = np.zeros(60, np.int32), np.zeros((1, 7))
    for _ in range(4000):
        move_belief(silo, belief, belief.copy(), belief, network.starts, network.ties, np.zeros((1, 4)), 0.0, 0.1, why)
    np.testing.assert_allclose(belief, consensus, atol=1e-10)


def test_belief_moves_by_the_degroot_matrix_in_the_whole_model() -> None:
    """A year of full months: the belief of everybody is W to the power of twelve times the belief at the start."""
    off = {f"behaviour.belief.{name}": 0.0 for name in ("success", "modelling", "messages", "gravity", "culture")}
    model = OrganisationModel(plain_scenario(60, 200, off | {"behaviour.engagement.quits": 0.0}))
    network, n = model.state.network, 60
    tied = np.zeros((n, n))
    np.add.at(tied, (np.repeat(np.arange(n), np.diff(network.starts)), network.ties), 1.0)
    step = 0.9 * np.eye(n) + 0.1 * tied / tied.sum(axis=1, keepdims=True)
    expected = np.linalg.matrix_power(step, 12) @ model.state.employees.belief
    for _ in range(12):
        model.advance()
    np.testing.assert_allclose(model.state.employees.belief, expected, atol=1e-12)


# --- Customers: gamma frailty -----------------------------------------------------------------------------------------

# Covariates held: nobody makes contact or gets offers, and nothing but proneness matters for leaving.
HELD = {
    "market.contact_rate": 0.0, "customers.offers.rate": 0.0, "customers.churn.satisfaction": 0.0,
    "customers.churn.trust": 0.0, "customers.churn.commitment": 0.0, "customers.churn.knowledge": 0.0,
    "customers.churn.product": 0.0, "customers.acquisition.divest": 0.0, "customers.acquisition.spread": 0.0,
}  # fmt: skip
N_COHORT = 200_000


def cohort_survival(changes: dict[str, Any], months: int) -> tuple[OrganisationModel, F64]:
    """Survival of all who join an empty market in one month, nobody later; shape [segment, months + 1]."""
    model = OrganisationModel(plain_scenario(customers=N_COHORT, changes=HELD | changes))
    model.state.customers.alive[:] = 0
    model.state.entry[:] = 1e9
    model.advance()
    joined = model.state.customers.generation.copy()
    assert (model.state.customers.alive == 1).all() and (model.state.customers.tenure == 0).all()
    model.state.entry[:] = 0.0
    present = [segment_counts(model)]
    for _ in range(months):
        model.advance()
        present.append(segment_counts(model))
    assert (model.state.customers.generation - joined == 1 - model.state.customers.alive).all()
    return model, np.array(present).T / present[0][:, None]


def segment_counts(model: OrganisationModel) -> F64:
    customers = model.state.customers
    return np.bincount(customers.segment[customers.alive == 1], minlength=2).astype(np.float64)


def assert_survives(found: F64, expected: F64, n: float) -> None:
    error = np.sqrt(np.maximum(expected * (1 - expected), 1e-12) / n)
    assert (np.abs(found - expected) <= SE * error + 1e-12).all(), np.max(np.abs(found - expected) / error)


def test_a_cohort_leaves_as_gamma_frailty_says() -> None:
    model, found = cohort_survival({"organisation.customers.horizon_years": 100.0}, 96)
    months = np.arange(97)
    for segment, fitted in enumerate(model.structure.frailties.values()):
        expected = (1 + fitted.base_hazard * months / fitted.shape) ** -fitted.shape
        assert_survives(found[segment], expected, N_COHORT / 2)


def test_relationships_end_naturally_beyond_the_horizon() -> None:
    end = {"organisation.customers.horizon_years": 2.0, "organisation.customers.natural_end_per_month": 0.05}
    model, found = cohort_survival(end, 48)
    months = np.arange(49)
    for segment, fitted in enumerate(model.structure.frailties.values()):
        expected = fitted.survival(months) * np.exp(-0.05 * np.maximum(months - 24, 0))
        assert_survives(found[segment], expected, N_COHORT / 2)


def test_competitors_scale_the_hazard() -> None:
    """Twice the pull is twice the hazard for everybody: the cohort ages twice as fast."""
    changes = {"organisation.customers.horizon_years": 100.0, "market.competitor_pull": 2.0}
    model, found = cohort_survival(changes, 24)
    for segment, fitted in enumerate(model.structure.frailties.values()):
        assert_survives(found[segment], fitted.survival(2 * np.arange(25)), N_COHORT / 2)


# --- Lifetime value ---------------------------------------------------------------------------------------------------


def months_of_cash(hazard: float, delta: float, tenure: int, end: tuple[int, float], months: int = 20_000) -> float:
    """Present value of 1 a month, first paid in a month, by adding month after month: survival falls by this month's
    hazard, and from the horizon on, end[0], by the natural end on top, end[1].
    """
    horizon, natural = end
    there, value = 1.0, 0.0
    for month in range(1, months + 1):
        age = tenure + month - 1  # the month's churn is that of the age before it
        started = tenure - 1 >= horizon  # then the hazard has it already
        there *= math.exp(-hazard - (natural if age >= horizon and not started else 0.0))
        value += there / (1 + delta) ** month
    return value


@pytest.mark.parametrize("tenure", [0, 1, 100, 143, 144, 145, 300])
def test_lifetime_value_is_the_sum_of_discounted_months(tenure: int) -> None:
    """Customers in person and by web, before, at and beyond the horizon, and a prospect; what has been lost with a
    customer who left.
    """
    model = OrganisationModel(
        plain_scenario(customers=500, changes={"organisation.customers.natural_end_per_month": 0.06})
    )
    c, delta, end = model.state.customers, 1.12 ** (1 / 12) - 1, (144, 0.06)
    c.alive[:], c.worth[4] = 0, 50.0
    c.alive[:4], c.tenure[:4], c.tier[:4] = 1, tenure, [0, 0, 0, 1]
    c.hazard[:4], c.wallet[:4], c.spend[:4] = [0.002, 0.02, 0.2, 0.02], [0.5, 0.6, 1, 0.5], [80, 60, 40, 50]
    c.service_cost[:4] = [1, 0.5, 2, 1]
    parts = np.zeros(5)
    value_customers(0, 5, c, Terms(0.45, 2.1, 0.7, delta, end[0], math.exp(-end[1])), np.zeros(2), parts)
    cash = 0.45 * c.wallet[:4].astype(float) * c.spend[:4] - np.array([2.1, 2.1, 2.1, 0.7]) * c.service_cost[:4]
    expected = sum(cash[i] * months_of_cash(float(c.hazard[i]), delta, tenure, end) for i in range(4))
    single = 2.0**-24  # rounding of survival in single precision, magnified by 1 / (1 + delta - s)
    assert parts[TOTAL] == pytest.approx(expected, rel=single / (1 + delta - math.exp(-0.002)) + 1e-7)
    assert parts[ACQUIRED] == (parts[TOTAL] if tenure == 0 else 0) and parts[LOST] == -50 and c.worth[4] == 0
    seen = true_worth(model.world, np.arange(4))  # the same for estimates, and for the next three years
    for months, found in ((20_000, seen.multiple), (36, seen.within(36) / seen.cash)):
        by_hand = [months_of_cash(float(c.hazard[i]), delta, tenure, end, months) for i in range(4)]
        assert found == pytest.approx(by_hand, rel=1e-9)


def test_the_parts_of_equity_add_up_and_tell_growth_from_retention() -> None:
    """Cash doubled is growth, hazard halved is retention, both together add up to the change."""
    model = OrganisationModel(plain_scenario(customers=500))
    world, c = model.world, model.state.customers
    valuation.advance(world)
    c.tenure[:] += 1

    def change() -> tuple[float, Equity]:
        before = world.state.equity.total
        valuation.advance(world)
        found = world.state.equity
        parts = found.acquired + found.lost + found.retained + found.grown
        assert parts == pytest.approx(found.total - before, rel=1e-9, abs=1e-4 * before)
        return before, found

    nearly = 1e-6 * world.state.equity.total  # worth is kept in single precision
    assert abs(change()[1].grown) < nearly
    c.hazard[:] *= 0.5
    assert change()[1].retained > 0.1 * world.state.equity.total and abs(world.state.equity.grown) < nearly
    c.service_cost[:] = 0
    c.spend[:] *= 2
    before, found = change()
    assert found.grown > 0.9 * before and found.retained == pytest.approx(0, abs=1e-5 * before)
    c.alive[np.flatnonzero(c.alive)[0]] = 0
    assert change()[1].lost < 0


def test_elasticity_of_customer_equity_to_annual_retention() -> None:
    """(1 + delta) / [12 (1 + delta - s)]: five at an annual retention of .915 and a discount rate of 12%, where no
    natural end is near.
    """
    model = OrganisationModel(plain_scenario(customers=500, changes={"organisation.customers.horizon_years": 100.0}))
    model.state.customers.tenure[:] = 0

    def log_equity(retention: float) -> float:
        model.state.customers.hazard[:] = -math.log(retention) / 12
        valuation.advance(model.world)
        return math.log(model.state.equity.total)

    step, delta, s = 0.002, 1.12 ** (1 / 12) - 1, 0.915 ** (1 / 12)
    slope = (log_equity(0.915 * (1 + step)) - log_equity(0.915 * (1 - step))) / math.log((1 + step) / (1 - step))
    closed = (1 + delta) / (12 * (1 + delta - s))
    assert closed == pytest.approx(5, abs=0.02)
    assert slope == pytest.approx(closed, rel=2e-3)  # hazards are stored in single precision


# --- The unchanged organisation ---------------------------------------------------------------------------------------


def test_the_unchanged_organisation_stays_as_it_is() -> None:
    """From the first to the fifth year no level drifts by more than 5%, means over independent lives."""
    scenario = shortened(
        "midwest_telecom", {"organisation.customers.number": 20_000, "organisation.employees.number": 600}
    )
    lives = [run(scenario, seed=1, replicate=r).months for r in range(12)]
    for measure in ("churn", "engaged", "sharing", "belief", "profit", "customers", "satisfaction", "turnover"):
        first = np.mean([life[measure][1:13].mean() for life in lives])
        fifth = np.mean([life[measure][49:61].mean() for life in lives])
        assert abs(fifth / first - 1) < 0.05, f"{measure} drifts from {first:.4g} to {fifth:.4g}"


def test_unchanged_cohorts_survive_as_in_the_retention_table() -> None:
    """Who joined during the burn-in, with all covariates free: within two points of the fitted curve for five years."""
    scenario = shortened("small_firm", {"organisation.customers.number": 65_000})
    model = OrganisationModel(scenario)
    cohorts: list[tuple[int, NDArray[np.int64], NDArray[np.int32]]] = []
    ages = (12, 24, 36, 48, 60)
    present, joined = np.zeros((2, 5)), np.zeros((2, 5))
    for month in range(84):
        model.advance()
        customers = model.state.customers
        if month < 24:
            rows = np.flatnonzero((customers.alive == 1) & (customers.tenure == 0))
            cohorts.append((month, rows, customers.generation[rows].copy()))
        for start, rows, generation in cohorts:
            if month - start in ages:
                k, segment = ages.index(month - start), customers.segment[rows]
                joined[:, k] += np.bincount(segment, minlength=2)
                present[:, k] += np.bincount(segment[customers.generation[rows] == generation], minlength=2)
    for segment, fitted in enumerate(model.structure.frailties.values()):
        share, expected = present[segment] / joined[segment], fitted.survival(np.array(ages))
        assert (np.abs(share - expected) < 0.02).all(), (fitted.segment, share, expected)


def test_strength_of_a_chain_lies_between_its_weakest_link_and_the_mean() -> None:
    """Power mean of the links with exponent -w: harmonic at 1, near the weakest for large w."""
    links = np.array([[0.2, 0.5, 0.8], [0.4, 0.4, 0.4], [0.0, 1.0, 1.0]])
    harmonic = 3 / (1 / 0.2 + 1 / 0.5 + 1 / 0.8)
    assert chain_strength(links, 1.0) == pytest.approx([harmonic, 0.4, 3 / (1000 + 2)], rel=1e-12)
    assert chain_strength(links, 40.0)[0] == pytest.approx(0.2 * 3 ** (1 / 40), rel=1e-9)


@pytest.mark.filterwarnings("error")
def test_a_missing_link_is_read_as_a_faint_one_before_the_burn_in_too() -> None:
    info = {f"customers.information.{name}": 0.0 for name in ("capture", "collate", "retrieve", "utilise")}
    none, faint = plain_scenario(changes=info), plain_scenario(changes=dict.fromkeys(info, 1e-3))
    assert settled_quality(none, 0.1) == settled_quality(faint, 0.1)


@pytest.mark.parametrize("shares", [[0.001, 0.999], [1 / 127] * 127, [0.9, *[0.1 / 12] * 12]])
def test_a_unit_has_two_people_at_least(shares: list[float]) -> None:
    for total in (2 * len(shares), 2 * len(shares) + 1, 600):
        sizes = apportion(total, shares)
        assert sizes.sum() == total and sizes.min() >= 2


def test_stages_are_drawn_in_the_published_shares() -> None:
    shares = np.array([0.05, 0.12, 0.38, 0.30, 0.10, 0.04, 0.01])
    u = (np.arange(10_000) + 0.5) / 10_000
    drawn = np.array([leader_stage(shares, one) for one in u])
    assert (np.diff(drawn) >= 0).all()
    assert np.bincount(drawn.astype(int), minlength=7) / u.size == pytest.approx(shares, abs=1.5e-4)
    assert leader_stage(2 * shares, 1 - 2**-33) == 6 and leader_stage(shares, 2**-33) == 0


def test_capacity_is_granted_in_the_month_of_the_budget_and_lapses_with_the_programme() -> None:
    rules = Load(capacity=1.0, resource_gain=0.5, resource_large=0.6)
    load, over = np.zeros(2), np.zeros(2)
    behaviours = np.zeros((2, 5))
    behaviours[:, RESOURCES] = 1.0, 0.6  # 0.7 by headcount

    def weighed(budget: bool, pending: float, effective: bool = True, paper: bool = False) -> tuple[float, ...]:
        return weigh(
            load, over, 0.8, np.array([0.2, 0.6]), np.array([0.25, 0.75]), behaviours, budget, pending, effective,
            paper, record(rules),
        )  # fmt: skip

    small = 1 + 0.5 * 0.4 * 0.7
    assert weighed(False, 0.0) == pytest.approx((1.3, 0.75 * (1.4 / small - 1), small, 0.0))
    assert load == pytest.approx([1.0, 1.4]) and over == pytest.approx([0.0, 1.4 / small - 1])
    assert weighed(True, 0.1)[2:] == pytest.approx((1 + 0.5 * 0.7, 0.42))
    assert weighed(False, 0.1)[2:] == pytest.approx((small + 0.5 * 0.1, 0.1))
    assert weighed(False, 0.1, effective=False)[2:] == pytest.approx((small, 0.1))
    assert weighed(True, 0.0, paper=True)[1] == 0 and (over == 0).all()
