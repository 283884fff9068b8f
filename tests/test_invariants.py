"""What must hold in every run, whatever the numbers: nothing gets lost, nothing leaks from one run into another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.measures.organisation import MEASURES, measure
from sim.measures.signals import read_signals
from sim.measures.silo import measure_silos
from sim.model import OrganisationModel
from sim.params.field import replace
from sim.params.scenario import Scenario
from sim.params.strategy import INITIATIVES, Behaviours, Placebo, Strategy, Unlock
from sim.phases.rollout import homes
from sim.run import Variant, burn_in, follow, fork, run, run_variants
from sim.warm_up import toy_scenario
from tests.conftest import changed, first_difference, flat, plan, shortened

ALL_ON = Unlock(understand=1, negotiate=1, locate=1, organize=1, communicate=1, keep_adjusting=1)
MOVING = Behaviours(standards=1, recognition=1, obstacles=1, modelling=1, resources=1)
RICH = Strategy(
    name="rich", initiatives=dict.fromkeys(INITIATIVES, 0), unlock=ALL_ON, behaviours=MOVING, messages=0.5,
    support=0.5, moments_per_year=12, coaching=1, facilitator=1,
)  # fmt: skip
EAGER = RICH.model_copy(update={"name": "eager", "unlock": ALL_ON.model_copy(update={"understand": 0, "organize": 0})})
CALM = {"market.investor_pressure": 0.0}  # money has no way back into people
SPENT = {"spent_attention", "spent_understanding", "spent_skills", "programme_cost"}
EQUITY = ("customer_equity", "total_equity", "equity_acquired", "equity_lost", "equity_retained", "equity_grown")
MONEY = ("revenue", "profit", "cash", "cash_capital", *EQUITY, *SPENT, "fence_missed")
COUNTS = ("customers", "joined", "left", "contacts")


# --- Conservation -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["as_is", "everything_at_once", "unlock"])
def lived(request: pytest.FixtureRequest, small_firm: Scenario) -> list[OrganisationModel]:
    """One model; its tests step through the same months."""
    return [burn_in(small_firm.model_copy(update={"strategy": plan(request.param)}), 1, 0)]


def test_customers_employees_and_dollars_are_conserved(lived: list[OrganisationModel]) -> None:
    model = lived[0]
    state, weight = model.state, model.inputs.organisation.customers.weight
    slots, staff = len(state.customers.alive), len(state.employees.silo)
    total = dict.fromkeys(state.ledger.total, 0.0)
    opening = dict(state.ledger.total)
    for _ in range(18):
        held, hired = state.customers.alive.sum() * weight, state.employees.generation.sum()
        model.advance()
        m, ledger = measure(model.world), state.ledger
        assert m["customers"] == held - m["left"] + m["joined"] == state.customers.alive.sum() * weight
        assert m["churn"] == pytest.approx(m["left"] / held, rel=1e-12)
        assert set(np.unique(state.customers.alive)) <= {0, 1} and len(state.customers.alive) == slots
        assert (state.customers.owner[state.customers.alive == 0] == -1).all()
        assert len(state.employees.silo) == staff == len(state.employees.tenure)
        assert m["turnover"] == pytest.approx((state.employees.generation.sum() - hired) / staff, rel=1e-12)
        scale = sum(map(abs, ledger.month.values()))
        assert abs(sum(ledger.month.values())) < 1e-9 * scale
        inflow = m["revenue"] - sum(v for k, v in ledger.month.items() if k not in ("cash", "revenue", "depreciation"))
        assert m["cash"] == pytest.approx(inflow - ledger.month["depreciation"], abs=1e-9 * scale)
        invested = -m["cash_capital"]
        assert m["profit"] == pytest.approx(m["cash"] + invested - ledger.month["depreciation"], abs=1e-9 * scale)
        for account, amount in ledger.month.items():
            total[account] += amount
    for account, amount in total.items():
        booked = state.ledger.total[account] - opening[account]
        assert booked == pytest.approx(amount, rel=1e-9, abs=1e-3), account
    assert abs(sum(state.ledger.total.values())) < 1e-9 * sum(map(abs, state.ledger.total.values()))


def test_every_posting_has_two_sides(small_firm: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cash is the sum of what was posted against it, and nothing reaches a column past `post`."""
    model = burn_in(small_firm.model_copy(update={"strategy": RICH}), 1, 0)
    ledger, posted = model.state.ledger, []
    original = type(ledger).post

    def post(self: Any, debit: str, credit: str, amount: float) -> None:
        posted.append((debit, credit, amount))
        original(self, debit, credit, amount)

    monkeypatch.setattr(type(ledger), "post", post)
    for _ in range(6):
        posted.clear()
        model.advance()
        for account, booked in ledger.month.items():
            sides = sum(a for d, c, a in posted if d == account) - sum(a for d, c, a in posted if c == account)
            assert booked == pytest.approx(sides, rel=1e-9, abs=1e-6), account
        assert all(amount >= 0 for _, _, amount in posted)


@pytest.mark.parametrize("placebo", list(Placebo))
def test_a_completed_initiative_is_paid_in_full(small_firm: Scenario, placebo: Placebo) -> None:
    strategy = Strategy(initiatives=dict.fromkeys(INITIATIVES, 0), placebo=placebo)
    model = burn_in(replace(small_firm, CALM).model_copy(update={"strategy": strategy}), 1, 0)
    paid = 0.0
    for _ in range(18):
        model.advance()
        paid += model.state.ledger.month["programme"] + model.state.ledger.capital_month
    table, plan_ = model.structure.initiatives, model.state.plan
    assert (
        (plan_.launched >= 0).all()
        and (plan_.closed == 0).all()
        and ((plan_.installed >= 0) == (placebo is not Placebo.EVERYTHING)).all()
    )
    assert paid == pytest.approx(table.price.sum() * model.world.employees, rel=1e-12)


# --- One address, one luck --------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_tables_bit_for_bit(small_firm: Scenario) -> None:
    scenario = small_firm.model_copy(update={"strategy": RICH})
    first = run(scenario, 1, 0)
    assert first_difference(first, run(scenario, 1, 0)) == ""
    for other in (run(scenario, 1, 1), run(scenario, 2, 0)):
        for name in ("churn", "sharing", "engaged", "belief", "cash"):
            assert not np.array_equal(first.months[name], other.months[name]), name


def test_measuring_changes_nothing(small_firm: Scenario) -> None:
    scenario = small_firm.model_copy(update={"strategy": RICH})
    quiet, watched = burn_in(scenario, 1, 0), burn_in(scenario, 1, 0)
    for _ in range(6):
        for model in (quiet, watched):
            model.advance()
        before = flat(watched.state)
        measure(watched.world), measure_silos(watched.world), watched.world.rules
        agents = watched.agents
        assert len(agents) > 0 and sum(1 for _ in agents) == len(agents)
        for group in watched.agents_by_type.values():
            assert len(group) > 0
        assert changed(before, flat(watched.state)) == []
    assert changed(flat(quiet.state), flat(watched.state)) == []


def test_every_measure_is_written(small_firm: Scenario) -> None:
    """What is declared and never written is infinite."""
    world = burn_in(small_firm, 1, 0).world
    for found in (measure(world), measure_silos(world), read_signals(world)):
        assert [name for name, value in found.items() if np.isinf(value).any()] == []


def test_threads_change_nothing() -> None:
    """Three chunks of customers, the last one short: one, two and three threads leave the same state bit for bit."""
    scenario = shortened("small_firm", {"organisation.customers.number": 150_000, "burn_in": 12})
    scenario = scenario.model_copy(update={"strategy": RICH})
    states, measures = [], []
    for threads in (1, 2, 3):
        model = OrganisationModel(scenario, threads=threads)
        for _ in range(15):
            model.advance()
        states.append(flat(model.state))
        measures.append(measure(model.world))
    assert changed(states[0], states[1]) == changed(states[0], states[2]) == []
    np.testing.assert_equal(measures[0], measures[1])
    np.testing.assert_equal(measures[0], measures[2])


def test_company_and_order_of_variants_change_nothing(small_firm: Scenario) -> None:
    variants = [Variant(name, plan(name)) for name in ("as_is", "everything_at_once", "unlock")]
    variants.append(Variant("unlock", plan("unlock"), "paper"))
    together = run_variants(small_firm, variants, 1, 3)
    backwards = run_variants(small_firm, variants[::-1], 1, 3)[::-1]
    alone = [run_variants(small_firm, [variant], 1, 3)[0] for variant in variants]
    for a, b, c in zip(together, backwards, alone, strict=True):
        assert first_difference(a, b) == first_difference(a, c) == ""
    assert first_difference(together[1], together[2]) != ""


def test_a_fork_leaves_its_origin_untouched(small_firm: Scenario) -> None:
    origin = burn_in(small_firm, 1, 0)
    before = flat(origin.state)
    follow(fork(origin, Variant("rich", RICH)))
    assert changed(before, flat(origin.state)) == []


def test_a_fork_follows_its_plan_as_if_it_had_lived_alone(small_firm: Scenario) -> None:
    """The plan is not felt during the burn-in: an organisation that had it from the start lives the same life."""
    alone = follow(burn_in(small_firm.model_copy(update={"strategy": RICH}), 1, 0))
    forked = follow(fork(burn_in(small_firm, 1, 0), Variant("rich", RICH)))
    assert first_difference(alone, forked) == ""


# --- Levers -----------------------------------------------------------------------------------------------------------


def test_before_the_launch_all_strategies_are_identical(small_firm: Scenario) -> None:
    names = ("as_is", "everything_at_once", "unlock", "placebo", "unlock_moments", "coached_unlock")
    short = small_firm.model_copy(update={"months": 1})
    results = run_variants(short, [Variant(name, plan(name)) for name in names], 1, 0)
    for result in results[1:]:
        for name in MEASURES:
            np.testing.assert_array_equal(result.months[name][0], results[0].months[name][0], name)
        for name in result.silo_months:
            np.testing.assert_array_equal(result.silo_months[name][0], results[0].silo_months[name][0], name)


@pytest.mark.parametrize(
    "nothing",
    [
        Strategy(name="nothing"),
        Strategy(name="placebo of nothing", placebo=Placebo.EVERYTHING),
        Strategy(name="nothing for a while", support_months=6),
        Strategy(name="zeros", unlock=Unlock(), behaviours=Behaviours(), messages=0, moments_per_year=0, coaching=0),
    ],
    ids=lambda s: s.name,
)
def test_a_plan_without_content_changes_nothing(small_firm: Scenario, nothing: Strategy) -> None:
    as_is, empty = run_variants(small_firm, [Variant("as_is", plan("as_is")), Variant("empty", nothing)], 1, 0)
    assert first_difference(as_is, empty) == ""


# Levers whose every effect can be switched off by parameters: what is pulled, and what it would work through.
POWERLESS: dict[str, tuple[dict[str, Any], dict[str, float]]] = {
    "coaching": ({"coaching": 1.0}, {"programme.activities.coaching_speed": 0.0}),
    "moments": (
        {"moments_per_year": 12},
        {f"behaviour.moments.{name}": 0.0 for name in ("customers", "gift", "lift", "drop")},
    ),
    "negotiate": ({"unlock": Unlock(negotiate=1)}, {"programme.activities.negotiate_step": 0.0}),
    "facilitator": ({"facilitator": 1.0}, {"programme.activities.facilitator_fidelity": 0.0}),
    "support": ({"support": 1.0}, {"behaviour.adoption.support": 0.0, "behaviour.adoption.lapse": 0.0}),
    "recognition": (
        {"behaviours": Behaviours(recognition=1)},
        {"behaviour.engagement.recognition": 0.0, "behaviour.credibility.speed": 0.0},
    ),
    "modelling": (
        {"behaviours": Behaviours(modelling=1)},
        {"behaviour.sharing.modelling": 0.0, "behaviour.belief.modelling": 0.0, "behaviour.credibility.speed": 0.0},
    ),
    "communicate": (
        {"unlock": Unlock(communicate=1)},
        {
            "behaviour.adoption.message_reach": 0.0,
            "behaviour.belief.messages": 0.0,
            "behaviour.engagement.voice": 0.0,
            "behaviour.credibility.speed": 0.0,
        },
    ),
}


@pytest.mark.parametrize("lever", POWERLESS)
def test_a_lever_without_effect_costs_and_changes_nothing_else(small_firm: Scenario, lever: str) -> None:
    pulled, off = POWERLESS[lever]
    base = Strategy(initiatives={"closed_loop_feedback": 0, "cross_functional_teams": 3})
    scenario = replace(small_firm, CALM | off)
    variants = [Variant("base", base), Variant("pulled", base.model_copy(update=pulled))]
    without, with_ = run_variants(scenario, variants, 1, 0)
    different = {n for n in MEASURES if not np.array_equal(without.months[n], with_.months[n], equal_nan=True)}
    assert different - SPENT == {"cash", "profit"}
    assert with_.months["cash"].sum() < without.months["cash"].sum()
    pairs = ((n, series, with_.silo_months[n]) for n, series in without.silo_months.items())
    assert {n for n, one, other in pairs if not np.array_equal(one, other, equal_nan=True)} <= {"barrett"}


@pytest.mark.parametrize("name", ["unlock", "everything_at_once", "coached_unlock", "unlock_moments", "rich"])
def test_a_placebo_costs_and_does_nothing(small_firm: Scenario, name: str) -> None:
    """Without investors' pressure, the only way from money back to people, nothing but money differs from `as_is`."""
    real = RICH if name == "rich" else plan(name)
    placebo = real.model_copy(update={"placebo": Placebo.EVERYTHING})
    scenario = replace(small_firm, CALM)
    variants = [Variant("as_is", plan("as_is")), Variant("placebo", placebo), Variant("real", real)]
    as_is, paid, worked = run_variants(scenario, variants, 1, 0)
    different = {n for n in MEASURES if not np.array_equal(as_is.months[n], paid.months[n], equal_nan=True)}
    assert different - SPENT <= {"cash", "profit", "cash_capital"} and "cash" in different
    assert (paid.months["cash"] <= as_is.months["cash"]).all()
    for silo_measure, series in as_is.silo_months.items():
        np.testing.assert_array_equal(series, paid.silo_months[silo_measure], silo_measure)
    assert not np.array_equal(as_is.months["belief"], worked.months["belief"])  # the test would see an effect


def test_placebo_activities_do_nothing_for_initiatives_that_work(small_firm: Scenario) -> None:
    """Whatever else is done at cost, people take up the same initiatives as if nothing else were done."""
    busy = EAGER.model_copy(update={"placebo": Placebo.ACTIVITIES})
    bare = Strategy(initiatives=EAGER.initiatives, placebo=Placebo.ACTIVITIES)
    idle, paid = run_variants(replace(small_firm, CALM), [Variant("bare", bare), Variant("busy", busy)], 1, 0)
    different = {n for n in MEASURES if not np.array_equal(idle.months[n], paid.months[n], equal_nan=True)}
    assert different - SPENT == {"cash", "profit"}
    assert (paid.months["cash"][1:] < idle.months["cash"][1:]).all() and idle.months["reach"][-1] > 0


@pytest.mark.parametrize("name", ["unlock", "everything_at_once", "rich"])
def test_a_placebo_works_through_pressure_only(small_firm: Scenario, name: str) -> None:
    """With pressure a placebo's bills reach people, never for the better of the money."""
    real = RICH if name == "rich" else plan(name)
    variants = [
        Variant("as_is", plan("as_is")),
        Variant("placebo", real.model_copy(update={"placebo": Placebo.EVERYTHING})),
    ]
    as_is, paid = run_variants(small_firm, variants, 1, 0)
    assert (paid.months["pressure"] >= as_is.months["pressure"]).all()
    assert np.isnan(paid.months["gridlock"]).all() and (paid.months["reach"] == 0).all()
    monthly = 1.12 ** (-np.arange(1, 19) / 12)
    assert (paid.months["cash"] - as_is.months["cash"])[1:] @ monthly < 0


# --- Units of counting ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [4.0, 3.0])
@pytest.mark.parametrize("name", ["as_is", "unlock", "rich", "eager"])
def test_weights_scale_money_and_nothing_else(small_firm: Scenario, name: str, factor: float) -> None:
    """One agent stands for more customers and employees alike: exact for a power of two, else but for rounding."""
    strategy = {"rich": RICH, "eager": EAGER}.get(name) or plan(name)
    scenario = replace(small_firm, CALM if name == "eager" else {}).model_copy(update={"strategy": strategy})
    organisation = scenario.organisation
    larger = replace(scenario, {
        "organisation.employees.weight": factor * organisation.employees.weight,
        "organisation.customers.weight": factor * organisation.customers.weight,
    })  # fmt: skip
    one, many = run(scenario, 1, 0).months, run(larger, 1, 0).months
    scaled = {m: series * (factor if m in (*MONEY, *COUNTS) else 1.0) for m, series in one.items()}
    rounding = 0.0 if factor == 4 else 1e-12
    assert not [m for m in MEASURES if largest_gap(many[m], scaled[m]) > rounding]


def largest_gap(a: Any, b: Any) -> float:
    """Largest difference of two series relative to the largest value; NaN must stand in the same places."""
    if not np.array_equal(np.isnan(a), np.isnan(b)):
        return float("inf")
    size = np.nanmax(np.abs(b), initial=0.0)
    return float(np.nanmax(np.abs(a - b), initial=0.0) / (size if size > 0 else 1.0))


# --- Compiled and plain -----------------------------------------------------------------------------------------------

UNCOMPILED = """
import json, sys
from sim.run import run
from tests.test_invariants import SMALL
result = run(SMALL[sys.argv[1]]())
json.dump({k: v.tolist() for k, v in {**result.months, **result.silo_months}.items()}, sys.stdout)
"""


def toy() -> Scenario:
    """Small enough to be interpreted; every lever pulled at once, some customers with owners from the start."""
    return replace(toy_scenario(EAGER, 5), {**CALM, "governance.customer_share": 0.3})


def crowd() -> Scenario:
    """More people in every place where they are counted than a byte can count: numbers of one byte overflow silently
    only in interpreted rules.
    """
    many = {"organisation.customers.number": 4_000, "organisation.employees.number": 1_500}
    return replace(toy(), {**many, "burn_in": 12, "months": 1})


SMALL = {"toy": toy, "crowd": crowd}


@pytest.mark.parametrize("name", SMALL)
def test_compiled_and_plain_rules_agree_bit_for_bit(name: str) -> None:
    """The same source, interpreted, is the oracle of the compiled rules."""
    found = subprocess.run(
        [sys.executable, "-c", UNCOMPILED, name],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        check=True,
    )
    plain = {name: np.array(series) for name, series in json.loads(found.stdout).items()}
    result = run(SMALL[name]())
    compiled = {**result.months, **result.silo_months}
    assert plain.keys() == compiled.keys()
    gaps = {name: largest_gap(plain[name], compiled[name]) for name in compiled}
    assert {name: gap for name, gap in gaps.items() if gap > 0} == {}


def test_a_vanishing_intensity_changes_next_to_nothing(small_firm: Scenario) -> None:
    """A programme of almost nothing is almost no programme: no effect is switched on by its mere existence."""
    variants = [Variant("as_is", plan("as_is")), Variant("whisper", Strategy(name="whisper", messages=1e-9))]
    unchanged, whisper = run_variants(small_firm, variants, seed=1, replicate=0)
    for name in ("engagement", "belief", "sharing", "profit", "churn"):
        assert np.allclose(unchanged.months[name], whisper.months[name], rtol=1e-5, atol=1e-7), name


def test_what_is_kept_is_worked_out_anew_when_the_structure_moves(small_firm: Scenario) -> None:
    """Nobody can write into what is kept, and it is forgotten with what it followed from."""
    world = OrganisationModel(small_firm).world
    first = homes(world)
    assert homes(world) is first and not first.flags.writeable
    silos = small_firm.organisation.silos
    one, other = (next(k for k, silo in silos.items() if (silo.home_share > 0) == some) for some in (True, False))
    share = silos[one].home_share / 2
    world.scenario = replace(small_firm, {f"organisation.silos.{k}.home_share": share for k in (one, other)})
    assert homes(world).sum() == first.sum() + 1
