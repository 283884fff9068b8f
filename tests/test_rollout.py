"""Pilots and rollouts by unit: who starts when, what it costs, what is carried where, and what stays untouched."""

from __future__ import annotations

import dataclasses
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.cli import main
from sim.columns import PRACTISING, UNAWARE
from sim.draws import make_key
from sim.model import OrganisationModel
from sim.params.field import replace
from sim.params.organisation import Customers, Employees, Function, Organisation, Segment, Silo
from sim.params.scenario import Scenario
from sim.params.strategy import INITIATIVES, NEVER, PILOTS, TEAMS, TRAINING, LeaderBehaviours, Placebo, Strategy, Unlock
from sim.phases.checkpoints import check
from sim.phases.load import update_load
from sim.phases.rollout import delays, has_started, pilots, staff_share
from sim.phases.support import asked_of_leaders
from sim.run import Result, Variant, burn_in, follow, fork
from tests.conftest import first_difference, flat

SEED = 5
MONTHS = 20
BRANCHES = ("north", "east", "south", "west", "centre")
UNITS = (*BRANCHES, "voice", "office")
CALM = (("market.investor_pressure", 0.0),)
ALL = Strategy(initiatives=dict.fromkeys(INITIATIVES, 0), messages=0.3, support=0.6)
TWO = Strategy(initiatives={"capability_training": 0, "closed_loop_feedback": 1}, support=0.5, messages=0.3)


def branches() -> Scenario:
    """Five branches of different size with customers, a marketing and a support unit without."""
    shares = (0.10, 0.14, 0.18, 0.22, 0.16, 0.08, 0.12)
    home = {name: Silo(headcount_share=s, home_share=0.2) for name, s in zip(BRANCHES, shares[:5], strict=True)}
    silos = {
        **home,
        "voice": Silo(function=Function.MARKETING, headcount_share=shares[5], front_line_share=0.1),
        "office": Silo(function=Function.SUPPORT, headcount_share=shares[6], front_line_share=0.0),
    }
    organisation = Organisation(
        name="branches", silos=silos, employees=Employees(number=100, weight=3),
        customers=Customers(number=500, segments={"contract": Segment(share=0.4), "prepaid": Segment(share=0.6)}),
    )  # fmt: skip
    eager = {"behaviour.adoption.inclination": 1.0, "leadership.leader_exit_per_month": 0.0}
    return replace(Scenario(organisation=organisation, months=MONTHS, burn_in=12), {**eager, **dict(CALM)})


@cache
def origin(replicate: int = 0) -> OrganisationModel:
    """The unchanged organisation at the end of its burn-in."""
    return burn_in(branches(), SEED, replicate)


def future(strategy: Strategy, kind: str = "simulated", changes: dict[str, Any] | None = None) -> OrganisationModel:
    """The organisation at month 0 of a plan."""
    return fork(origin(), Variant("x", strategy, kind, tuple((changes or {}).items())))


def after(months: int, strategy: Strategy, changes: dict[str, Any] | None = None) -> OrganisationModel:
    """The organisation some months into a plan."""
    model = future(strategy, changes=changes)
    for _ in range(months):
        model.advance()
    return model


def lived(strategy: Strategy, kind: str = "simulated", changes: dict[str, Any] | None = None) -> Result:
    """The whole run."""
    return follow(future(strategy, kind, changes))


def with_(strategy: Strategy, **parts: Any) -> Strategy:
    """A plan with other parts."""
    return replace(strategy, parts)


def delays_of(strategy: Strategy, replicate: int = 0, seed: int = SEED) -> dict[str, int]:
    """Delay of every unit in some replicate."""
    world = future(strategy).world
    found = delays(dataclasses.replace(world, key=make_key(seed, replicate)))
    return dict(zip(UNITS, found.tolist(), strict=True))


# --- Who starts when --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 4])
@pytest.mark.parametrize("months", [NEVER, 7])
def test_exactly_so_many_units_are_pilots(n: int, months: int) -> None:
    for replicate in range(10):
        found = delays_of(with_(ALL, pilot_units=n, pilot_months=months), replicate)
        assert [found[name] for name in BRANCHES].count(0) == n
        assert [found[name] for name in BRANCHES].count(months) == 5 - n
        assert found["voice"] == found["office"] == 0  # no customers: nothing to compare, they start at once


def test_no_pilots_is_everybody_and_one_unit_always_waits() -> None:
    assert set(delays_of(with_(ALL, pilot_units=0)).values()) == {0}
    for n in (5, 100):
        assert [delays_of(with_(ALL, pilot_units=n))[name] for name in BRANCHES].count(NEVER) == 1


def test_the_lot_knows_luck_and_nothing_else() -> None:
    """The same pilots for any two plans in one replicate; over replicates every branch has the same chance."""
    other = Strategy(
        initiatives={"culture_programme": 3}, messages=0.7, pilot_units=2, pilot_months=4, moments_per_year=3
    )
    drawn = []
    for replicate in range(150):
        one, two = delays_of(with_(ALL, pilot_units=2), replicate), delays_of(other, replicate)
        assert {name for name in BRANCHES if one[name] == 0} == {name for name in BRANCHES if two[name] == 0}
        drawn.append([one[name] == 0 for name in BRANCHES])
    often = np.mean(drawn, axis=0)
    assert (np.abs(often - 0.4) < 4.5 * np.sqrt(0.4 * 0.6 / 150)).all()
    three = delays_of(with_(ALL, pilot_units=3))
    assert all(three[name] == 0 for name, delay in delays_of(with_(ALL, pilot_units=2)).items() if delay == 0)


def test_a_rollout_overrides_the_lot() -> None:
    drawn = delays_of(with_(ALL, pilot_units=2, pilot_months=6))
    pilot = next(name for name in BRANCHES if drawn[name] == 0)
    waiting = next(name for name in BRANCHES if drawn[name] == 6)
    named = {pilot: 3, waiting: 0, "office": NEVER}
    assert delays_of(with_(ALL, pilot_units=2, pilot_months=6, rollout=named)) == {**drawn, **named}


@pytest.mark.parametrize("launch", [0, 2])
def test_units_start_with_the_launch_later_or_never(launch: int) -> None:
    plan = Strategy(initiatives={"capability_training": launch}, rollout={"north": 5, "east": NEVER, "office": 2})
    model = future(plan)
    first: dict[str, int] = {}
    for month in range(12):
        model.advance()
        for s, name in enumerate(UNITS):
            if model.state.silos.formal[s, TRAINING] > 0:
                first.setdefault(name, month)
    expected = {name: launch for name in UNITS if name not in ("north", "east", "office")}
    assert first == {**expected, "north": launch + 5, "office": launch + 2}
    log = [event for event in model.state.events if event.kind == "installed"]
    assert [event.text for event in log] == ["capability training: formally in place in the units that take part"]


def test_a_unit_that_is_left_out_never_hears_of_it() -> None:
    model = after(MONTHS, with_(ALL, rollout={"north": NEVER}))
    e, silos = model.state.employees, model.state.silos
    assert (e.adoption[e.silo == 0] == UNAWARE).all() and (silos.formal[0] == silos.practised[0]).all()
    assert (silos.formal[0] == 0).all() and (silos.formal[1:, TRAINING] == 1).all()
    assert (e.adoption[e.silo != 0] == PRACTISING).any()


@pytest.mark.parametrize("months", [NEVER, 9])
def test_before_they_start_waiting_units_take_up_nothing(months: int) -> None:
    model = future(with_(ALL, pilot_units=2, pilot_months=months))
    for _ in range(9):
        model.advance()
        waiting = model.state.plan.delay != 0
        assert waiting.sum() == 3
        assert (model.state.silos.formal[waiting] == 0).all()
        assert (model.state.employees.adoption[waiting[model.state.employees.silo]] == UNAWARE).all()
    model.advance()
    assert (model.state.silos.formal[waiting] > 0).any() == (months == 9)


def test_the_log_names_the_pilots() -> None:
    model = after(1, with_(ALL, pilot_units=2))
    named = [event.text for event in model.state.events if event.kind == "pilots drawn"]
    names = [name for s, name in enumerate(UNITS) if model.state.plan.delay[s] == 0 and name in BRANCHES]
    assert named == ["pilots: " + ", ".join(names)]


def test_the_log_names_no_pilot_that_the_rollout_makes_wait() -> None:
    everywhere = dict.fromkeys(BRANCHES, 4) | {"centre": 0}
    model = after(1, with_(ALL, pilot_units=2, rollout=everywhere))
    named = [event.text for event in model.state.events if event.kind == "pilots drawn"]
    assert not any(name in text for text in named for name in BRANCHES if name != "centre")


@pytest.mark.parametrize("rollout", [dict.fromkeys(UNITS, 0), {"east": 0}], ids=["all", "one"])
@pytest.mark.parametrize("unlock", [Unlock(), Unlock(organize=0.6, understand=0.5, keep_adjusting=0.6)])
def test_a_rollout_without_delays_is_no_rollout(rollout: dict[str, int], unlock: Unlock) -> None:
    plan = with_(ALL, unlock=unlock.model_dump())
    assert first_difference(lived(plan), lived(with_(plan, rollout=rollout))) == ""


def test_before_the_first_unit_starts_nothing_has_started() -> None:
    """Organisations that start later live the same life until then, but for what is said and paid meanwhile."""
    late = Strategy(initiatives={"capability_training": 0}, rollout=dict.fromkeys(UNITS, 6))
    unasked = {"leadership.everyday": 0.0}  # leaders carry by themselves what has been launched, wherever it starts
    one, none = lived(late, changes=unasked), lived(Strategy(), changes=unasked)
    for name in ("sharing", "belief", "skill", "churn", "satisfaction", "load", "overload", "reach"):
        np.testing.assert_array_equal(one.months[name][:7], none.months[name][:7], err_msg=name)
    assert one.months["load"][7] > none.months["load"][7]


# --- Money ------------------------------------------------------------------------------------------------------------


def paid(strategy: Strategy, months: int = 40) -> tuple[float, OrganisationModel]:
    """What has been paid for initiatives after some months."""
    model, total = future(strategy), 0.0
    for _ in range(months):
        model.advance()
        total += model.state.ledger.month["programme"] + model.state.ledger.capital_month
    return total, model


@pytest.mark.parametrize("placebo", [Placebo.NONE, Placebo.EVERYTHING])
@pytest.mark.parametrize(
    "rollout",
    [{}, {"north": 7, "west": 3}, {"north": NEVER}, {"north": NEVER, "west": NEVER, "office": 11, "east": 2}],
    ids=str,
)
def test_the_price_goes_by_the_staff_of_units_that_take_part(rollout: dict[str, int], placebo: Placebo) -> None:
    total, model = paid(with_(ALL, rollout=rollout, placebo=placebo))
    part = [rollout.get(name, 0) != NEVER for name in UNITS]
    full = model.structure.initiatives.price.sum() * model.world.employees
    assert total == pytest.approx(full * staff_share(model.world)[part].sum(), rel=1e-9)
    assert staff_share(model.world).sum() == pytest.approx(1.0)


def test_each_unit_pays_in_its_own_months() -> None:
    """A price of six months: the unit that starts at month 4 pays in months 4 to 9."""
    model = future(Strategy(initiatives={"customer_metric_pay": 0}, rollout={"north": 4, "east": NEVER}))
    share, table = staff_share(model.world), model.structure.initiatives
    i = INITIATIVES.index("customer_metric_pay")
    n = int(table.install[i])
    for month in range(14):
        model.advance()
        paying = np.where(month < n, share.sum() - share[:2].sum(), 0.0) + np.where(4 <= month < 4 + n, share[0], 0.0)
        spent = model.state.ledger.month["programme"] + model.state.ledger.capital_month
        assert spent == pytest.approx(table.price[i] * model.world.employees * paying / n, rel=1e-9)


# --- Load -------------------------------------------------------------------------------------------------------------


def test_a_unit_carries_what_has_started_there_and_the_whole_is_the_mean_over_staff() -> None:
    plan = Strategy(initiatives={"capability_training": 0, "culture_programme": 3}, rollout={"north": 4, "east": NEVER})
    model = future(plan)
    table, share = model.structure.initiatives, staff_share(model.world)
    background = model.inputs.organisation.background_load
    starts = {TRAINING: 0, INITIATIVES.index("culture_programme"): 3}
    for month in range(8):
        model.advance()
        for s, name in enumerate(UNITS):
            wait = plan.rollout.get(name, 0)
            under_way = [table.effort[i] for i, m in starts.items() if wait != NEVER and month >= m + wait]
            assert model.state.climate.unit_load[s] == pytest.approx(background + sum(under_way), rel=1e-12)
        assert model.state.climate.load == pytest.approx(share @ model.state.climate.unit_load, rel=1e-12)
        over = np.maximum(0, model.state.climate.unit_load / model.state.climate.capacity - 1)
        np.testing.assert_allclose(model.state.climate.unit_overload, over, atol=1e-12)
        assert model.state.climate.overload == pytest.approx(share @ over, abs=1e-12)


def test_overload_stays_where_it_arises() -> None:
    """All at once in one branch: its people and its leader are strained, the others carry what they did."""
    own = {"programme.load.resource_gain": 0.0}  # capacity is common
    model = after(6, with_(ALL, rollout=dict.fromkeys(UNITS[1:], NEVER)), own)
    climate, background = model.state.climate, model.inputs.organisation.background_load
    assert climate.unit_overload[0] > 0 and (climate.unit_overload[1:] == 0).all()
    np.testing.assert_array_equal(climate.unit_load[1:], background)
    alone = with_(ALL, rollout=dict.fromkeys(UNITS, NEVER))
    attention = after(6, alone, own).state.leaders.attention
    assert model.state.leaders.attention[0] < attention[0]
    np.testing.assert_array_equal(model.state.leaders.attention[1:7], attention[1:7])


def test_a_pilot_that_has_finished_is_relieved_whether_others_follow_or_not() -> None:
    """A year after all is in place in the pilot its load falls, also while other units have not even begun."""
    rest = [name for name in UNITS if name != "north"]
    alone, leading = (
        after(19, Strategy(initiatives={"capability_training": 0}, rollout=dict.fromkeys(rest, wait)))
        for wait in (NEVER, 18)
    )
    assert alone.state.climate.unit_load[0] < alone.inputs.organisation.background_load + 0.5
    assert leading.state.climate.unit_load[0] == pytest.approx(alone.state.climate.unit_load[0], abs=0.05)


def test_what_is_not_practised_weighs_on_the_unit_itself() -> None:
    """Long after all is in place: nothing is left to carry where all practise, elsewhere a part of the effort."""
    model = after(18, Strategy(initiatives={"capability_training": 0}), {"programme.load.tail_months": 1})
    e, load = model.state.employees, model.inputs.programme.load
    for _ in range(2):
        e.adoption[:, TRAINING] = np.where(e.silo == 0, PRACTISING, UNAWARE)
        model.advance()
    practised = model.state.silos.practised[:, TRAINING]
    assert practised[0] > 0.6 and practised[1:].max() < 0.3
    model.state.silos.practised[:, TRAINING] = [1.0, 0.5, 0, 0, 0, 0, 0]
    update_load(model.world)
    left = load.unpractised * model.structure.initiatives.effort[TRAINING] * np.array([0, 0.5, 1, 1, 1, 1, 1])
    np.testing.assert_allclose(model.state.climate.unit_load - model.inputs.organisation.background_load, left)


# --- The programme office, checkpoints, the board ---------------------------------------------------------------------

STRICT = Unlock(organize=1)


def launched(plan: Strategy, months: int = MONTHS) -> dict[str, int]:
    """Month of launch of every initiative that has been launched."""
    found = after(months, plan).state.plan.launched
    return {name: int(found[i]) for i, name in enumerate(INITIATIVES) if found[i] >= 0}


def test_the_office_waits_for_foundations_in_units_that_take_part_only() -> None:
    plan = Strategy(initiatives={"capability_training": 0, "cross_functional_teams": 0}, unlock=STRICT)
    everywhere, some = launched(plan), launched(with_(plan, rollout={"north": NEVER, "office": NEVER, "west": NEVER}))
    assert 0 < some["cross_functional_teams"] <= everywhere["cross_functional_teams"] < 12


def test_the_office_does_not_hold_pilots_back_until_late_units_have_the_foundation() -> None:
    plan = Strategy(initiatives={"capability_training": 0, "cross_functional_teams": 0}, unlock=STRICT)
    late = launched(with_(plan, rollout=dict.fromkeys(UNITS[1:], 18)))
    assert late.get("cross_functional_teams", 99) < 12


def heaviest(rollout: dict[str, int], stagger: float) -> float:
    """Largest overload of any unit under a strict office that is not mistaken about efforts; foundations apart."""
    table = {f"programme.initiatives.{name}.builds_on": () for name in INITIATIVES}
    office = {"programme.activities.underestimate": 1.0, "programme.activities.stagger_months": stagger}
    model = future(with_(ALL, unlock=STRICT.model_dump(), rollout=rollout), changes={**office, **table})
    found = []
    for _ in range(MONTHS):
        model.advance()
        found.append(model.state.climate.unit_overload.max())
    return float(max(found))


def test_a_strict_office_keeps_all_units_within_capacity() -> None:
    assert heaviest({}, stagger=0.0) == 0


def test_a_strict_office_knows_that_the_less_ready_half_will_follow() -> None:
    assert heaviest({}, stagger=3.0) == 0


def test_a_strict_office_keeps_pilots_within_capacity() -> None:
    """But for the little by which capacity falls after a launch, as leaders come to provide fewer resources."""
    assert heaviest(dict.fromkeys(UNITS[1:], NEVER), stagger=0.0) < 0.02


def test_a_checkpoint_looks_at_units_that_take_part() -> None:
    """Installed in a small pilot and practised by nobody: found, though the mean over all units is next to nothing."""
    plan = Strategy(initiatives={"capability_training": 0}, unlock=Unlock(keep_adjusting=1))
    model = after(
        1, with_(plan, rollout=dict.fromkeys(UNITS[1:], NEVER)), {"programme.activities.blind_detection": 1.0}
    )
    world = model.world
    for practised, alarms in ((1.0, 0), (0.0, 1)):
        world.state.silos.formal[0, TRAINING], world.state.silos.practised[0, TRAINING] = 1.0, practised
        world.state.plan.next_check[:] = world.month
        check(world)
        assert world.state.plan.alarms[TRAINING] == alarms


@pytest.mark.parametrize("unlock", [Unlock(keep_adjusting=1), Unlock(keep_adjusting=1, organize=1)])
def test_a_plan_in_which_no_unit_takes_part_is_quiet(unlock: Unlock) -> None:
    plan = with_(ALL, unlock=unlock.model_dump(), rollout=dict.fromkeys(UNITS, NEVER))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = lived(plan, changes={"programme.activities.blind_detection": 1.0})
    assert not any("nan" in event.text.split() or "nan%" in event.text for event in found.events)


def test_a_plan_in_which_no_unit_takes_part_costs_no_initiative() -> None:
    found = lived(with_(ALL, rollout=dict.fromkeys(UNITS, NEVER)))
    assert (found.months["reach"] == 0).all() and np.isnan(found.months["gridlock"]).all()
    assert (found.months["load"] == branches().organisation.background_load).all()
    assert paid(with_(ALL, rollout=dict.fromkeys(UNITS, NEVER)))[0] == 0


def test_after_a_stop_no_further_unit_starts() -> None:
    strong = {"organisation.board.stop_rate": 5.0, "organisation.board.courage_base": 0.0,
              "organisation.board.courage_horizon": 0.0, "organisation.board.courage_belief": 0.0,
              "market.investor_pressure": 5.0}  # fmt: skip
    model = future(with_(ALL, pilot_units=2, pilot_months=12), changes=strong)
    for _ in range(11):
        model.advance()
    waiting = model.state.plan.delay == 12
    assert 0 <= model.state.plan.stopped_month < 11
    before = model.state.silos.formal.copy()
    for _ in range(10):
        model.advance()
        assert (model.state.silos.formal[waiting] == 0).all()
        assert model.state.ledger.month["programme"] == model.state.ledger.capital_month == 0
        assert (model.state.climate.unit_load == model.inputs.organisation.background_load).all()
    assert (model.state.silos.formal[~waiting] <= before[~waiting]).all() and before.max() > 0


def test_support_may_end_before_the_last_unit_starts() -> None:
    """What has been launched is still installed, also where it starts later; nothing new is launched."""
    plan = with_(
        ALL, rollout={"north": 9}, support_months=6, initiatives={"capability_training": 0, "insight_system": 7}
    )
    model = after(MONTHS, plan)
    assert model.state.silos.formal[0, TRAINING] == 1
    assert (model.state.silos.formal[:, INITIATIVES.index("insight_system")] == 0).all()


def test_a_pause_holds_late_units_back_as_well() -> None:
    model = after(3, Strategy(initiatives={"culture_programme": 0}, rollout={"north": 3}))
    i = INITIATIVES.index("culture_programme")
    model.state.plan.paused_until[i] = 6
    before = model.state.silos.formal[:, i].copy()
    for _ in range(3):
        model.advance()
        np.testing.assert_array_equal(model.state.silos.formal[:, i], before)
        assert model.state.ledger.month["programme"] == 0
    model.advance()
    assert model.state.silos.formal[0, i] > 0


# --- On paper, placebos, measures -------------------------------------------------------------------------------------


def test_on_paper_nobody_practises_where_nothing_is_installed() -> None:
    model = future(with_(ALL, rollout={"north": NEVER, "east": 8}), "paper")
    for month in range(MONTHS):
        model.advance()
        practised, formal = model.state.silos.practised, model.state.silos.formal
        assert (practised[0] == 0).all() and ((practised[1] == 0).all() or month >= 8)
        assert (np.abs(practised - formal) < 0.15).all()
    assert (practised[1:] == 1).any()


def test_on_paper_nothing_is_promised_before_something_is_installed() -> None:
    late, nothing = (lived(plan, "paper") for plan in (with_(ALL, rollout=dict.fromkeys(UNITS, NEVER)), Strategy()))
    assert (np.abs(late.months["sharing"] - nothing.months["sharing"]) < 0.1).all()
    assert lived(ALL, "paper").months["sharing"][-1] > nothing.months["sharing"][-1] + 0.3


def test_on_paper_sharing_is_promised_where_something_is_installed_only() -> None:
    only = with_(TWO, rollout=dict.fromkeys(UNITS[1:], NEVER), initiatives={"capability_training": 0})
    found, as_is = (lived(plan, "paper").silo_months["sharing"][-6:].mean(axis=0) for plan in (only, Strategy()))
    assert found[0] > as_is[0] + 0.3
    assert (np.abs(found - as_is)[1:] < 0.25).all()


def test_placebo_pilots_cost_the_same_and_do_nothing() -> None:
    plan = with_(ALL, pilot_units=2, pilot_months=5, placebo=Placebo.EVERYTHING)
    found, none = lived(plan), lived(Strategy())
    for name in ("sharing", "belief", "engagement", "skill", "satisfaction", "churn", "load", "overload", "backlog"):
        np.testing.assert_array_equal(found.months[name], none.months[name], err_msg=name)
    assert (found.months["cash"] <= none.months["cash"]).all()
    real, placebo = paid(with_(plan, placebo=Placebo.NONE))[0], paid(plan)[0]
    assert placebo == pytest.approx(real, rel=1e-9)


def test_gridlock_counts_where_something_is_installed_and_reach_counts_everywhere() -> None:
    model = after(12, with_(ALL, rollout={"north": NEVER, "west": NEVER}))
    from sim.measures.organisation import measure

    silos, effort = model.state.silos, model.structure.initiatives.effort
    part = np.array([name not in ("north", "west") for name in UNITS])
    size = silos.size.astype(float)
    installed = (size[part, None] * effort * silos.formal[part]).sum()
    practised = (size[part, None] * effort * silos.formal[part] * silos.practised[part]).sum()
    found = measure(model.world)
    assert found["gridlock"] == pytest.approx(1 - practised / installed, rel=1e-12)
    assert found["reach"] == pytest.approx(practised / (effort.sum() * size.sum()), rel=1e-12)
    assert 0 < found["gridlock"] < 1


def test_pilots_are_those_who_start_while_others_wait() -> None:
    def which(**parts: Any) -> list[str]:
        found = pilots(after(1, with_(ALL, **parts)).world)
        return [name for name, pilot in zip(UNITS, found, strict=True) if pilot and name in BRANCHES]

    drawn = [name for name in BRANCHES if delays_of(with_(ALL, pilot_units=2))[name] == 0]
    assert which(pilot_units=2) == drawn
    assert which() == which(rollout=dict.fromkeys(UNITS, 3)) == []
    assert which(rollout={"north": 3, "office": NEVER}) == [*BRANCHES[1:]]


def test_only_units_with_customers_are_pilots() -> None:
    """Pilot units are drawn among the units with customers; so their leaders are the leaders of these."""
    found = pilots(after(1, with_(ALL, pilot_units=2)).world)
    assert found.sum() == 2


def test_what_is_asked_of_pilots_is_asked_of_nobody_else_and_the_log_says_if_there_are_none() -> None:
    own = {PILOTS: LeaderBehaviours(standards=1.0).model_dump()}
    world = after(1, with_(ALL, pilot_units=4, leaders=own)).world
    assert (asked_of_leaders(world)[:5, 0] == 1).sum() == 4
    world = after(1, with_(ALL, leaders=own)).world
    assert (asked_of_leaders(world)[:5, 0] < 1).all()
    assert next(event.kind for event in world.state.events) == "no pilots"


def test_staff_do_not_move_the_calendar() -> None:
    """`has_started` says what `delays` promised, month by month, for every unit and initiative."""
    plan = Strategy(initiatives={"capability_training": 1, "culture_programme": 4}, rollout={"east": 2, "west": NEVER})
    model = future(plan)
    for month in range(9):
        model.advance()
        model.state.month -= 1  # as it was during the month
        started = has_started(model.world)
        model.state.month += 1
        for name, launch in plan.initiatives.items():
            wait = np.array([plan.rollout.get(unit, 0) for unit in UNITS])
            expected = (wait != NEVER) & (month >= launch + wait)
            np.testing.assert_array_equal(started[:, INITIATIVES.index(name)], expected)
    assert not has_started(model.world)[:, TEAMS].any()


def test_the_rollout_of_one_future_leaves_the_others_alone() -> None:
    before = flat(origin().state)
    lived(with_(ALL, pilot_units=2, pilot_months=6))
    after_ = flat(origin().state)
    assert all(np.array_equal(before[name], after_[name], equal_nan=True)
               for name in before if isinstance(before[name], np.ndarray))  # fmt: skip


# --- Bad words --------------------------------------------------------------------------------------------------------

UNKNOWN = {
    "rollout": ("{nowhere: 3}", r"strategy.rollout", "nowhere"),
    "leaders": ("{nobody: {standards: 1}}", r"strategy.leaders", "nobody"),
    "channels": ("{telepathy: 1}", r"strategy.channels", "telepathy"),
}


def refused(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The only line that a refused command prints."""
    assert main(argv) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1
    return printed.err


@pytest.mark.parametrize("field", UNKNOWN)
def test_unknown_names_are_refused_in_one_line_by_run_and_compare(
    field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    value, where, name = UNKNOWN[field]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own" / "strategy").mkdir(parents=True)
    (tmp_path / "own" / "strategy" / "mine.yaml").write_text(f"name: mine\n{field}: {value}\n", encoding="utf-8")
    own = ["--config-dir", "own"]
    lines = [
        refused(["run", f"strategy.{field}={value.replace(' ', '')}"], capsys),
        refused(["run", "strategy=mine", *own], capsys),
        refused(["compare", "strategies=[as_is,mine]", *own], capsys),
    ]
    for line in lines:
        assert where in line and name in line and "choose from" in line
    assert not (tmp_path / "ungridlock-output").exists()


@pytest.mark.parametrize("delay", [-2, 601])
def test_delays_beyond_their_range_are_refused(
    delay: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(delay) in refused(["run", f"strategy.rollout={{wireless:{delay}}}"], capsys)


def test_more_units_than_eight_bits_hold_are_refused() -> None:
    n = 130
    silos = {f"u{k}": Silo(headcount_share=1 / n, home_share=1 / n) for k in range(n)}
    with pytest.raises(ValueError, match="at most 127"):
        Organisation(silos=silos, employees=Employees(number=4 * n))
