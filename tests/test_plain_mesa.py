"""The plain-Mesa version of the rules against the engine: rule by rule where nothing is left to chance, else in law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from scipy.stats import t as student

from benchmarks.plain_mesa import PlainModel
from benchmarks.plain_mesa.portfolios import draw_portfolios
from benchmarks.plain_mesa.readings import READINGS, read
from sim.draws import Stream, uniform_table
from sim.errors import InputError
from sim.measures.organisation import measure
from sim.model import PHASES, OrganisationModel
from sim.params.scenario import Scenario
from sim.run import Variant, burn_in, fork
from tests.conftest import plan, shortened

MONTHS, REPLICATES = 10, 12
FALSE_ALARM = 0.002  # chance that one of all comparisons of a case fails though both models are the same in law


class Lives(NamedTuple):
    """Means over months of the engine's lives, and where each began."""

    origins: list[OrganisationModel]
    readings: np.ndarray  # [replicate, reading]


def engine_lives(scenario: Scenario, variant: Variant, months: int, replicates: int) -> Lives:
    origins = [burn_in(scenario, 7, replicate) for replicate in range(replicates)]
    means = []
    for origin in origins:
        model, rows = fork(origin, variant), []
        for _ in range(months):
            model.advance()
            found = measure(model.world)
            rows.append([found[name] for name in READINGS])
        means.append(np.nanmean(rows, axis=0))
    return Lives(origins, np.array(means))


def plain_lives(origins: list[OrganisationModel], variant: Variant, months: int) -> np.ndarray:
    means = []
    for seed, origin in enumerate(origins):
        model, rows = PlainModel(fork(origin, variant), seed=seed), []
        for _ in range(months):
            model.step()
            rows.append(list(read(model).values()))
        means.append(np.mean(rows, axis=0))
    return np.array(means)


def disagreements(engine: Lives, plain: np.ndarray) -> list[str]:
    """Readings whose mean difference over replicates exceeds what its own spread over replicates allows.

    Both lives of a replicate begin in the same state and have luck of their own, so the differences are independent
    between replicates with mean zero. The limit is Student's, shared among the readings.
    """
    differences = plain - engine.readings
    n = len(differences)
    errors = differences.std(axis=0, ddof=1) / np.sqrt(n)
    limit = student.ppf(1 - FALSE_ALARM / 2 / len(READINGS), n - 1)
    return [f"{name}: {difference:+.4g} with a standard error of {error:.2g}"
            for name, difference, error in zip(READINGS, differences.mean(axis=0), errors, strict=True)
            if abs(difference) > limit * error + 1e-9]


@pytest.fixture(scope="module")
def calm() -> Lives:
    """The small firm that changes nothing."""
    return engine_lives(shortened("small_firm", {"burn_in": 12}), Variant("as_is", plan("as_is")), MONTHS, REPLICATES)


CASES = {
    "telecom": ("midwest_telecom", "as_is", 8, 8,
                {"organisation.customers.number": 4000, "organisation.customers.weight": 500,
                 "organisation.employees.number": 240, "organisation.employees.weight": 10}),
    "governance": ("small_firm", "customer_governance", 24, 8, {}),
    "everything": ("small_firm", "everything_at_once", 12, 8, {}),
}  # fmt: skip


def test_unchanged_firm_agrees(calm: Lives) -> None:
    assert disagreements(calm, plain_lives(calm.origins, Variant("as_is", plan("as_is")), MONTHS)) == []


@pytest.mark.parametrize("case", CASES)
def test_agrees(case: str) -> None:
    organisation, strategy, months, replicates, changes = CASES[case]
    variant = Variant(strategy, plan(strategy))
    engine = engine_lives(shortened(organisation, {"burn_in": 12, **changes}), variant, months, replicates)
    assert disagreements(engine, plain_lives(engine.origins, variant, months)) == []


@pytest.mark.parametrize(
    ("rule", "noticed"),
    [
        ("behaviour.sharing.conformity", "sharing"),
        ("customers.service.other_unit", "satisfaction"),
        ("customers.offers.gain", "wallet_share"),
        ("behaviour.engagement.spread", "engagement"),
    ],
)
def test_broken_rule_is_noticed(calm: Lives, rule: str, noticed: str) -> None:
    broken = Variant("as_is", plan("as_is"), changes=((rule, 0.0),))
    assert noticed in {line.split(":")[0] for line in disagreements(calm, plain_lives(calm.origins, broken, MONTHS))}


@pytest.mark.parametrize(
    ("method", "noticed"),
    [("Employee.be_replaced", "turnover"), ("Customer.leave", "churn"), ("Employee.helps", "resolution")],
)
def test_broken_method_is_noticed(calm: Lives, method: str, noticed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A method that does nothing (somebody who never helps)."""
    name, attribute = method.split(".")
    monkeypatch.setattr(f"benchmarks.plain_mesa.{name.lower()}.{name}.{attribute}", lambda *_: False)
    plain = plain_lives(calm.origins, Variant("as_is", plan("as_is")), MONTHS)
    assert noticed in {line.split(":")[0] for line in disagreements(calm, plain)}


# Rule by rule: both models take one step from the same state; what chance decides is given or left out.


class Told:
    """Random numbers that are told beforehand."""

    def __init__(self, numbers: Iterator[float]) -> None:
        self.numbers = numbers

    def random(self) -> float:
        return next(self.numbers)


@pytest.fixture(scope="module")
def midway() -> OrganisationModel:
    """A firm with portfolios two and a half years into a programme."""
    origin = burn_in(shortened("small_firm", {"burn_in": 12}), 5, 0)
    model = fork(origin, Variant("customer_governance", plan("customer_governance")))
    for _ in range(30):
        model.advance()
    return model


def copied(model: OrganisationModel) -> OrganisationModel:
    return model.fork(model.inputs)


def up_to(model: OrganisationModel, phase: str) -> OrganisationModel:
    """A copy that has gone through the month's phases before this one."""
    twin = copied(model)
    for module in PHASES:
        if module.__name__.endswith(phase):
            return twin
        module.advance(twin.world)
    raise AssertionError(phase)


def run_phase(model: OrganisationModel, phase: str) -> None:
    next(module for module in PHASES if module.__name__.endswith(phase)).advance(model.world)


def briefed(model: OrganisationModel) -> PlainModel:
    """The plain model in the same state, with everything that surrounds its agents worked out."""
    plain = PlainModel(copied(model), shuffled=False)
    climate = plain.office.world.state.climate
    plain.support, plain.reach, plain.agents_reach = climate.support, climate.reach, climate.agents.tolist()
    rules = plain.rules
    plain.gravity = rules.belief.gravity * (1 + rules.belief.pressure * climate.pressure)
    plain.gravity *= 1 + rules.belief.maturity * model.inputs.organisation.maturity
    for unit in plain.units:
        unit.brief_staff(plain.office.world)
        unit.brief_front_line(plain.office.world)
        unit.hear(plain.office.world)
    plain.set_month()
    return plain


def test_everybody_shares_as_in_the_engine(midway: OrganisationModel) -> None:
    engine = up_to(midway, "sharing")
    plain = briefed(engine)
    slots = np.arange(len(plain.staff), dtype=np.int64)
    luck = uniform_table(engine.world.key, Stream.SHARING, slots, engine.world.state.month)[:, 0]
    plain.random = Told(iter(luck.tolist()))
    run_phase(engine, "sharing")
    plain.share()
    assert plain.staff.get("shares") == engine.state.employees.shares.tolist()
    np.testing.assert_allclose(plain.staff.get("habit"), engine.state.employees.habit, rtol=1e-12)


def test_everybody_experiences_what_the_engine_says(midway: OrganisationModel) -> None:
    engine = up_to(midway, "experience")
    plain = briefed(engine)
    plain.random = Told(iter(lambda: 1.0, 2.0))  # nobody quits
    run_phase(engine, "experience")
    plain.experience()
    stayed = engine.state.employees.tenure > 0
    assert stayed.sum() > 100
    for name in ("belief", "engagement", "skill", "tacit", "empowerment"):
        found = np.array(plain.staff.get(name))[stayed]
        np.testing.assert_allclose(found, getattr(engine.state.employees, name)[stayed], rtol=1e-9, err_msg=name)


def test_every_customer_reacts_as_in_the_engine(midway: OrganisationModel) -> None:
    engine = up_to(midway, "customers")
    plain = briefed(engine)
    before = engine.state.customers.alive.copy() == 1
    plain.random = Told(iter(lambda: 0.999999, 2.0))  # nobody leaves, nothing is done about anybody
    run_phase(engine, "customers")
    for customer in plain.customers.select(lambda c: c.alive):
        customer.react()
    columns = engine.state.customers
    same = before & (columns.alive == 1) & (columns.acted == 0)
    assert same.sum() > 1000
    for name in ("satisfaction", "trust", "expectation", "commitment", "knowledge", "participation", "hazard"):
        found = np.array(plain.customers.get(name))[same]
        np.testing.assert_allclose(found, getattr(columns, name)[same], rtol=2e-5, atol=1e-6, err_msg=name)


def test_every_customer_is_worth_what_the_engine_says(midway: OrganisationModel) -> None:
    engine = up_to(midway, "valuation")
    plain = briefed(engine)
    run_phase(engine, "valuation")
    plain.customers.do("revalue")
    np.testing.assert_allclose(plain.customers.get("worth"), engine.state.customers.worth, rtol=1e-5, atol=1e-3)
    weight = plain.rules.customers.weight
    for part in ("total", "acquired", "lost", "retained", "grown"):
        assert getattr(plain.equity, part) * weight == pytest.approx(getattr(engine.state.equity, part), rel=1e-4)


def test_the_same_customers_have_owners(midway: OrganisationModel) -> None:
    engine = up_to(midway, "portfolios")
    plain = briefed(engine)
    plain.random = Told(iter(lambda: 1.0, 2.0))  # nobody is converted
    run_phase(engine, "portfolios")
    draw_portfolios(plain)
    numbers = {employee: k for k, employee in enumerate(plain.staff)}
    owners = [numbers[c.owner] if c.owner else -1 for c in plain.customers]
    assert sum(owner >= 0 for owner in owners) > 10
    assert owners == engine.state.customers.owner.tolist()
    assert plain.customers.get("tier") == engine.state.customers.tier.tolist()


def test_order_changes_nothing_but_luck(calm: Lives) -> None:
    model = PlainModel(fork(calm.origins[0], Variant("as_is", plan("as_is"))), shuffled=False)
    model.step()
    assert 0.3 < read(model)["satisfaction"] < 0.9


def test_what_is_left_out_is_refused(calm: Lives) -> None:
    with pytest.raises(InputError, match="moments_per_year"):
        PlainModel(fork(calm.origins[0], Variant("moments", plan("moments_alone"))))
    with pytest.raises(InputError, match="burn-in"):
        PlainModel(OrganisationModel(shortened("small_firm", {"burn_in": 12})))
