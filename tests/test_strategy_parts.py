"""Parts of a plan do what they say: channels, single leaders, launches, change agents; what customers give back;
where the money goes and what moved customer equity.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from sim.columns import PRACTISING, UNAWARE
from sim.draws import Stream, uniform_table
from sim.errors import InputError
from sim.measures.organisation import MEASURES, measure
from sim.model import OrganisationModel
from sim.params.field import replace
from sim.params.organisation import Function
from sim.params.programme import Investment, default_channels
from sim.params.strategy import (
    BEHAVIOURS,
    FEEDBACK,
    INITIATIVES,
    INSIGHT,
    PILOTS,
    SEEN_POSTS,
    TOP_POSTS,
    TRAINING,
    Behaviours,
    LeaderBehaviours,
    Placebo,
    Strategy,
)  # fmt: skip
from sim.phases import adoption, customers, experience
from sim.phases.offers import launch_product
from sim.phases.practice import practised_shares
from sim.phases.programme import has_content
from sim.phases.support import asked_of_leaders, pay_for_support, update_words
from sim.run import Result, Variant, burn_in, follow, fork
from sim.state import ACCOUNTS, ACTS, CUSTOMERS, INVESTMENTS, PARTICIPATION, RESPONSES, TRIGGERS
from sim.world import World
from tests.conftest import first_difference
from tests.test_governance import counted, ruled, settled, stopped_before, twin
from tests.test_rollout import CALM, UNITS, branches
from tests.test_rules import future as rich_future
from tests.test_rules import origin, rich_strategy

BASE = Strategy(initiatives={"capability_training": 0, "closed_loop_feedback": 1})
MONEY = {"profit", "cash", "cash_capital", "pressure", "spent_attention", "spent_understanding", "spent_skills",
         "programme_cost"}
CHANNELS = tuple(default_channels())


def start(strategy: Strategy, changes: dict[str, Any] | None = None) -> OrganisationModel:
    """The rich organisation at month 0 of a plan, without investors' pressure."""
    return fork(origin(), Variant("x", strategy, changes=(*CALM, *(changes or {}).items())))


def after(months: int, strategy: Strategy, changes: dict[str, Any] | None = None) -> OrganisationModel:
    """The same some months later."""
    model = start(strategy, changes)
    for _ in range(months):
        model.advance()
    return model


def lived(strategy: Strategy, changes: dict[str, Any] | None = None) -> Result:
    """The whole run."""
    return follow(start(strategy, changes))


def with_(strategy: Strategy, **parts: Any) -> Strategy:
    """A plan with other parts."""
    return replace(strategy, parts)


def different(one: Result, other: Result) -> set[str]:
    """Measures in which two runs differ."""
    return {n for n in MEASURES if not np.array_equal(one.months[n], other.months[n], equal_nan=True)}


def dollars(strategy: Strategy, account: str, months: int = 3) -> float:
    """Posted to an account in the last of some months."""
    return after(months, strategy).state.ledger.month[account]


# --- Channels ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("intensity", [0.3, 0.7, 1.0])
def test_all_channels_alike_are_communicate(intensity: float) -> None:
    together = with_(BASE, **{"unlock.communicate": intensity, "messages": 0.2})
    singly = with_(BASE, channels=dict.fromkeys(CHANNELS, intensity), messages=0.2)
    assert first_difference(lived(together), lived(singly)) == ""
    both = with_(singly, **{"unlock.communicate": 0.9})
    assert first_difference(lived(singly), lived(both)) == ""  # channels that are named take its place
    one = with_(BASE, channels={"company_meetings": intensity})
    assert first_difference(lived(one), lived(with_(one, **{"unlock.communicate": 0.9}))) == ""


def words(strategy: Strategy, changes: dict[str, Any] | None = None) -> dict[str, float]:
    """What is said and heard in the first month."""
    climate = after(1, strategy, changes).state.climate
    return {name: getattr(climate, name) for name in ("words", "reach", "trusted_reach", "two_way")}


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_reaches_hears_and_costs_what_it_says(name: str) -> None:
    used, channel = 0.6, default_channels()[name]
    plan = with_(BASE, channels={name: used})
    found = words(plan)
    assert found["reach"] == pytest.approx(used * channel.reach)
    assert found["trusted_reach"] == pytest.approx(used * channel.reach * channel.trusted)
    assert found["two_way"] == pytest.approx(used * channel.two_way / len(CHANNELS))
    assert found["words"] == pytest.approx(used * (1 - channel.two_way) / len(CHANNELS))
    assert dollars(plan, "messages") == pytest.approx(used * channel.price * start(plan).world.employees)


def test_channels_add_up_as_independent_chances() -> None:
    plan = with_(BASE, channels={name: (k + 1) / 5 for k, name in enumerate(CHANNELS)}, messages=0.4)
    reach = [0.4, *(plan.channels[name] * channel.reach for name, channel in default_channels().items())]
    trusted = [0.5, *(channel.trusted for channel in default_channels().values())]
    found = words(plan)
    assert found["reach"] == pytest.approx(1 - np.prod(1 - np.array(reach)))
    assert found["trusted_reach"] == pytest.approx(1 - np.prod(1 - np.array(reach) * trusted))


def test_trust_in_a_channel_moves_belief_and_not_who_hears() -> None:
    """One month in the middle of a run, from the same state: hearing is the same to the last person."""
    plan = with_(BASE, channels={"company_meetings": 1.0})
    aware, belief = [], []
    for trusted in (0.0, 0.4, 1.0):
        world = ruled(after(3, plan).world, {"programme.activities.channels.company_meetings.trusted": trusted})
        update_words(world)
        adoption.advance(world)
        aware.append(world.state.employees.adoption.copy())
        experience.advance(world)
        belief.append(world.state.employees.belief.mean())
    np.testing.assert_array_equal(aware[0], aware[1])
    np.testing.assert_array_equal(aware[1], aware[2])
    assert belief[0] < belief[1] < belief[2] and (aware[0] != UNAWARE).any()


def test_announcements_are_trusted_as_announcements() -> None:
    plan = with_(BASE, messages=0.8)
    for trusted in (0.0, 0.5, 1.0):
        found = words(plan, {"programme.activities.message_trusted": trusted})
        assert found["reach"] == pytest.approx(0.8)
        assert found["trusted_reach"] == pytest.approx(0.8 * trusted)


def test_nothing_is_said_through_channels_before_the_first_launch() -> None:
    plan = Strategy(initiatives={"capability_training": 4}, channels=dict.fromkeys(CHANNELS, 1.0))
    model = start(plan)
    for month in range(6):
        model.advance()
        said = model.state.climate.words + model.state.climate.reach + model.state.climate.two_way
        assert (said > 0) == (model.state.ledger.month["messages"] > 0) == (month >= 4)


def test_other_programmes_that_help_add_to_support_as_a_chance() -> None:
    for support, helped in ((0.0, 0.3), (0.4, 0.3), (1.0, 0.3), (0.4, 0.0)):
        climate = after(1, with_(BASE, support=support), {"organisation.background_help": helped}).state.climate
        assert climate.support == pytest.approx(1 - (1 - support) * (1 - helped))
    assert after(1, Strategy(), {"organisation.background_help": 0.3}).state.climate.support == 0


# --- Single leaders ---------------------------------------------------------------------------------------------------

RICH_UNITS = ("alpha", "beta", "care", "voice", "office")
CHOSEN = Behaviours(standards=0.2, recognition=0.4, obstacles=0.6, modelling=0.8, resources=0.5)


def test_asking_every_leader_singly_is_asking_all() -> None:
    """To the last bit in what happens; indices also count the head of vendor relations, whom nobody sees."""
    own = dict.fromkeys((*RICH_UNITS, *SEEN_POSTS), LeaderBehaviours(**CHOSEN.model_dump()).model_dump())
    together, singly = lived(with_(BASE, behaviours=CHOSEN.model_dump())), lived(with_(BASE, leaders=own))
    assert different(together, singly) == set()


def test_behaviours_cost_by_the_staff_who_see_them() -> None:
    """A leader's own share by her unit's staff, the top by what everybody sees of it; together the full price."""
    rules = start(BASE).world.rules
    price, top = rules.activities.behaviour_price * start(BASE).world.employees, rules.buy_in.team_share
    size = start(BASE).state.silos.size

    def cost(*who: str) -> float:
        return dollars(with_(BASE, leaders={name: {"standards": 1.0} for name in who}), "behaviours")

    for s, name in enumerate(RICH_UNITS):
        assert cost(name) == pytest.approx((1 - top) * size[s] / size.sum() * price)
    assert cost("chief_executive") == cost("chief_operating_officer") == pytest.approx(0.5 * top * price)
    assert cost(*RICH_UNITS, *SEEN_POSTS) == pytest.approx(price)


@pytest.mark.parametrize("who", RICH_UNITS)
def test_what_one_leader_is_asked_changes_her_unit_in_her_months(who: str) -> None:
    own = LeaderBehaviours(**CHOSEN.model_dump(), first_month=2, last_month=4).model_dump()
    model, s = start(Strategy(leaders={who: own})), RICH_UNITS.index(who)
    others = np.arange(5) != s
    for month in range(8):
        model.advance()
        seen = model.state.climate.behaviours
        assert (seen[others] == 0).all() and (model.state.leaders.behaviours[5:] == 0).all()
        assert (seen[s] > 0).all() if 2 <= month <= 4 else (seen[s] == 0).all(), month
        assert (model.state.ledger.month["behaviours"] > 0) == (2 <= month <= 4)


def test_a_single_entry_takes_the_place_of_what_is_asked_of_all() -> None:
    """Less of one leader: from the same state the others are asked and show what they did, to the last bit."""
    plan = with_(BASE, behaviours=CHOSEN.model_dump())
    one, all_ = after(1, with_(plan, leaders={"beta": {"standards": 1.0}})), after(1, plan)
    others = np.arange(5) != 1
    np.testing.assert_array_equal(one.state.climate.behaviours[others], all_.state.climate.behaviours[others])
    assert one.state.leaders.behaviours[1, 0] > all_.state.leaders.behaviours[1, 0]
    assert (one.state.leaders.behaviours[1, 1:] < all_.state.leaders.behaviours[1, 1:]).all()  # but for everyday


def test_what_the_top_is_asked_shows_everywhere() -> None:
    for who in SEEN_POSTS:
        seen = after(1, Strategy(leaders={who: {"recognition": 1.0}})).state.climate.behaviours
        assert (seen[:, 1] > 0).all() and np.ptp(seen[:, 1]) == 0 and (seen[:, [0, 2, 3, 4]] == 0).all()


def test_pilots_are_asked_by_their_own_entry_in_its_months() -> None:
    own = {PILOTS: LeaderBehaviours(modelling=0.9, first_month=1, last_month=3).model_dump()}
    plan = Strategy(initiatives={"capability_training": 0}, behaviours=Behaviours(modelling=0.2), leaders=own)
    model = fork(burn_in(branches(), 5, 0), Variant("x", with_(plan, rollout={"north": 8, "west": -1}, messages=0.1)))
    for month in range(6):
        model.advance()
        model.state.month -= 1
        asked = asked_of_leaders(model.world)[:, BEHAVIOURS.index("modelling")]
        model.state.month += 1
        later = np.array([name not in ("east", "south", "centre") for name in (*UNITS, *TOP_POSTS)])
        np.testing.assert_array_equal(asked[later], 0.2)
        np.testing.assert_array_equal(asked[~later], 0.9 if 1 <= month <= 3 else 0.2)


def test_her_own_entry_counts_more_than_that_of_pilots_in_any_order() -> None:
    entries = {"east": {"standards": 0.1}, PILOTS: {"standards": 0.9}}
    found = []
    for order in (entries, dict(reversed(entries.items()))):
        plan = Strategy(initiatives={"capability_training": 0}, rollout={"north": 8}, leaders=order)
        model = fork(burn_in(branches(), 5, 0), Variant("x", plan))
        model.advance()
        found.append(asked_of_leaders(model.world)[UNITS.index("east"), 0])
    assert found == [0.1, 0.1]


def test_nothing_is_asked_of_a_leader_whom_nobody_sees() -> None:
    with pytest.raises(InputError, match="vendor_relations"):
        start(with_(BASE, leaders={"vendor_relations": CHOSEN.model_dump()}))


@pytest.mark.parametrize("months", [(3, 2), (5, 0)])
def test_months_of_an_entry_are_in_order(months: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="last_month must not lie before first_month"):
        LeaderBehaviours(first_month=months[0], last_month=months[1])


def test_resources_of_a_small_unit_do_not_buy_as_much_capacity_as_those_of_a_large_one() -> None:
    def capacity(who: str) -> float:
        return after(2, Strategy(leaders={who: {"resources": 1.0}})).state.climate.capacity

    model = start(BASE)
    gain = [capacity(name) - after(2, Strategy()).state.climate.capacity for name in ("alpha", "voice")]
    shown = [after(1, Strategy(leaders={n: {"resources": 1.0}})).state.leaders.behaviours[s, 4]
             for s, n in ((0, "alpha"), (3, "voice"))]  # fmt: skip
    size = model.state.silos.size
    assert gain[0] / shown[0] / size[0] == pytest.approx(gain[1] / shown[1] / size[3], rel=0.05)


# --- Launches of products ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("per_year", [0, 0.5, 1, 3, 5, 7, 12])
def test_so_many_products_are_launched_a_year(per_year: float) -> None:
    found = lived(with_(BASE, launches_per_year=per_year), {"months": 24})
    launches = [event for event in found.events if event.kind == "product launched"]
    assert len(launches) == 2 * per_year
    assert len({event.month for event in launches}) == len(launches)
    first = [event for event in launches if event.month < 12]
    assert len(first) == int(per_year)


def test_launches_are_paid_when_they_happen_research_on_top() -> None:
    for research in (0.0, 0.4):
        model = start(with_(BASE, launches_per_year=6, launch_research=research))
        price = 60.0 + 25.0 * research
        for month in range(6):
            model.advance()
            expected = price * model.world.employees if month % 2 else 0.0
            assert model.state.ledger.month["launches"] == pytest.approx(expected)
    ended = after(8, with_(BASE, launches_per_year=12, support_months=6))
    assert sum(event.kind == "product launched" for event in ended.state.events) == 6
    assert ended.state.ledger.month["launches"] == 0


def launching(research: float, knowledge: float | None = None) -> tuple[World, World]:
    """The world before and after a launch."""
    world = stopped_before(after(3, with_(BASE, launches_per_year=12, launch_research=research)), customers)
    if knowledge is not None:
        world.state.customers.knowledge[:] = knowledge
    later = twin(world)
    launch_product(later)
    return world, later


def test_a_launch_reaches_a_share_and_touches_nobody_else() -> None:
    before, later = launching(research=0.0)
    one, two, rule = before.state.customers, later.state.customers, before.rules.offers
    luck = uniform_table(before.key, Stream.OFFER, one.slot, before.state.month, ordinal=3)
    reached = (luck[:, 0] < rule.launch_reach) & (one.alive == 1)
    assert abs(reached.sum() / one.alive.sum() - rule.launch_reach) < 4.5 * np.sqrt(0.21 / one.alive.sum())
    better, worse = two.wallet != one.wallet, two.trust != one.trust
    np.testing.assert_array_equal(better | worse, reached & ~((one.trust == 0) & ~better))
    assert not (better & worse).any() and better.any() and worse.any()
    assert (two.wallet >= one.wallet).all() and (two.trust <= one.trust).all()
    np.testing.assert_allclose(
        one.trust[worse] - two.trust[worse], np.minimum(rule.launch_harm, one.trust[worse]), atol=1e-6
    )
    gain = one.wallet[better] + rule.launch_gain * (1 - one.wallet[better])
    np.testing.assert_allclose(two.wallet[better], gain, atol=1e-6)
    for name in one._fields:
        if name not in ("wallet", "trust"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name), err_msg=name)


def fitting(research: float, knowledge: float) -> set[int]:
    """Customers for whom a launch fits."""
    before, later = launching(research, knowledge)
    return set(np.flatnonzero(later.state.customers.wallet != before.state.customers.wallet))


def test_research_helps_as_far_as_something_is_known() -> None:
    assert fitting(0.0, 0.0) == fitting(1.0, 0.0) == fitting(0.0, 0.9)
    blind, half, full = (fitting(research, 0.9) for research in (0.0, 0.5, 1.0))
    assert blind < half < full


def test_a_placebo_launches_nothing_and_pays_for_it() -> None:
    plan = with_(BASE, launches_per_year=6, launch_research=1, placebo=Placebo.ACTIVITIES)
    base = lived(with_(BASE, placebo=Placebo.ACTIVITIES))
    found = lived(plan)
    assert different(found, base) <= MONEY and not any(e.kind == "product launched" for e in found.events)
    assert found.months["cash"].sum() < base.months["cash"].sum()


# --- Change agents ----------------------------------------------------------------------------------------------------


def test_change_agents_without_a_marketing_unit_cost_money_only() -> None:
    organisation = {"organisation.silos.voice.function": Function.SUPPORT}
    base = burn_in(replace(origin().inputs, {**organisation, **dict(CALM), "months": 16}), 3, 0)
    with_agents, without = (
        follow(fork(base, Variant("x", with_(rich_strategy(), change_agents=agents)))) for agents in (1.0, 0.0)
    )
    assert {"cash", "profit"} <= different(with_agents, without) <= MONEY


def test_change_agents_who_practise_nothing_carry_nothing() -> None:
    left_out = with_(rich_strategy(), rollout={"voice": -1})
    one, other = (lived(with_(left_out, change_agents=a), {"months": 16}) for a in (1.0, 0.0))
    assert {"cash", "profit"} <= different(one, other) <= MONEY
    taking_part = (lived(with_(rich_strategy(), change_agents=a)) for a in (1.0, 0.0))
    assert "gridlock" in different(*taking_part)


OWN_WAYS = {"behaviour.adoption.hallway": 0.0, "behaviour.adoption.announcement_reach": 0.0}


@pytest.mark.parametrize("by", ["agents_reach", "agents_example"])
def test_change_agents_carry_what_they_practise_to_those_who_have_not_heard(by: str) -> None:
    """All of marketing practises: others hear of it the sooner the stronger they are, and of nothing else.

    They are heard themselves (reach), or seen like a colleague by those who listen in the hallway (example).
    """
    ways = {f"programme.activities.{name}": 0.3 * (name == by) for name in ("agents_reach", "agents_example")}
    ways |= OWN_WAYS | {"behaviour.adoption.hallway": 0.9 * (by == "agents_example")}
    i, heard, others = TRAINING, [], []
    for intensity in (0.0, 0.5, 1.0):
        world = ruled(after(4, with_(BASE, change_agents=intensity)).world, ways)
        e = world.state.employees
        e.adoption[:] = UNAWARE
        e.adoption[e.silo == RICH_UNITS.index("voice"), i] = PRACTISING
        world.state.silos.formal[:] = 1.0
        practised_shares(world)
        np.testing.assert_allclose(world.state.climate.agents, np.eye(len(INITIATIVES))[i] * intensity)
        adoption.decide_all(world)
        heard.append(set(np.flatnonzero(e.adoption[:, i] != UNAWARE)))
        others.append(np.delete(e.adoption, i, axis=1).copy())
    assert heard[0] < heard[1] < heard[2]
    np.testing.assert_array_equal(others[0], others[2])


# --- What customers give back -----------------------------------------------------------------------------------------


def reacting(changes: dict[str, Any] | None = None, feedback: float = 1.0) -> World:
    """A world before customers react, closed-loop feedback practised as far as said."""
    world = ruled(stopped_before(after(2, Strategy()), customers), changes or {})
    world.state.climate.design[:, FEEDBACK] = feedback
    return world


def test_customers_take_part_where_their_voice_is_answered() -> None:
    for feedback in (0.0, 0.5, 1.0):
        world = reacting(feedback=feedback)
        assert (world.state.customers.participation == 0).all()
        customers.advance(world)
        c, rows = world.state.customers, settled(world)
        expected = world.rules.experience.participation_speed * feedback * c.trust[rows]
        np.testing.assert_allclose(c.participation[rows], expected, atol=1e-6)
    assert counted(world)[PARTICIPATION] / counted(world)[CUSTOMERS] == pytest.approx(
        c.participation[rows].mean(), rel=0.02
    )
    fading = reacting(feedback=0.0)
    fading.state.customers.participation[:] = 0.5
    customers.advance(fading)
    rows = settled(fading)
    kept = 0.5 * (1 - fading.rules.experience.participation_speed)
    np.testing.assert_allclose(fading.state.customers.participation[rows], kept, atol=1e-6)


def test_those_who_take_part_tell_without_contact() -> None:
    known = []
    for habit in (0.0, 0.4, 0.8):
        world = reacting({"customers.information.ageing": 0.0}, feedback=0.0)
        world.state.customers.participation[:] = habit
        world.state.customers.knowledge[:] = 0.3
        customers.advance(world)
        known.append(world.state.customers.knowledge[settled(world)].mean())
        told = world.rules.information.told * habit * (1 - world.rules.experience.participation_speed)
        assert known[-1] == pytest.approx(0.3 + told * 0.7, abs=1e-6)
    assert known == sorted(known)


def fallen(changes: dict[str, Any], feedback: float = 1.0) -> World:
    """The world after a month in which everybody was badly served and nobody leaves."""
    world = reacting(changes, feedback)
    c = world.state.customers
    c.satisfaction[:], c.quality[:], c.luck_leaving[:] = 0.9, 0.0, 0.999
    customers.advance(world)
    return world


def test_who_responds_to_a_trigger_is_made_good_and_who_does_not_is_not() -> None:
    respond = "customers.churn.trigger_response"
    nobody, half, all_ = (fallen({respond: chance}) for chance in (0.0, 0.5, 1.0))
    n = counted(all_)[CUSTOMERS]
    assert counted(nobody)[RESPONSES] == 0 and counted(all_)[RESPONSES] == counted(all_)[TRIGGERS] == n
    assert counted(half)[TRIGGERS] == n
    assert abs(counted(half)[RESPONSES] - n / 2) < 4.5 * np.sqrt(n / 4)
    low, some, high = (w.state.customers.satisfaction.astype(float) for w in (nobody, half, all_))
    rows = np.flatnonzero(reacting().state.customers.alive)
    gain = all_.rules.churn.trigger_gain
    np.testing.assert_allclose(high[rows], low[rows] + gain * (0.9 - low[rows]), atol=1e-6)
    answered = some[rows] > low[rows] + 1e-6
    assert answered.sum() == counted(half)[RESPONSES]
    np.testing.assert_allclose(some[rows][answered], high[rows][answered], atol=1e-6)
    np.testing.assert_array_equal(some[rows][~answered], low[rows][~answered])


@pytest.mark.parametrize("spared", [0.0, 1.0])
def test_a_retention_act_keeps_who_would_leave_but_not_who_moves_or_dies(spared: float) -> None:
    world = reacting({"customers.churn.retention_act": spared}, feedback=0.0)
    c, old = world.state.customers, int(12 * world.rules.customers.horizon_years)
    rows = np.flatnonzero(c.alive)
    c.frailty[rows], c.luck_act[:], c.luck_leaving[:] = 1e3, 0.0, 0.5
    c.tenure[rows] = np.where(np.arange(len(rows)) % 2, old, old - 1)
    world.state.climate.design[:, INSIGHT], world.state.climate.act_threshold = 1.0, 0.0
    world = ruled(world, {"organisation.customers.natural_end_per_month": 1.0})
    before = c.generation[rows].copy()
    customers.advance(world)
    c = world.state.customers
    assert counted(world)[ACTS] == len(rows)
    gone = c.generation[rows] > before
    assert gone[1::2].all(), "hazard of a natural end alone: 1 - exp(-1) is more than their luck of .5"
    assert gone[::2].all() if spared == 0 else not gone[::2].any()


def test_triggers_need_feedback_and_a_fall_and_cost_whether_answered_or_not() -> None:
    assert counted(fallen({}, feedback=0.0))[TRIGGERS] == 0
    assert counted(fallen({"customers.churn.trigger_fall": 1.0}))[TRIGGERS] == 0
    half = counted(fallen({}, feedback=0.5))
    n = half[CUSTOMERS]
    assert abs(half[TRIGGERS] - n / 2) < 4.5 * np.sqrt(n / 4)
    paid = []
    for chance in (0.0, 1.0):
        from sim.phases import finance

        world = fallen({"customers.churn.trigger_response": chance})
        world.state.ledger.open_month()
        finance.keep_books(world)
        paid.append(world.state.ledger.month["retention_acts"])
        expected = counted(world)[TRIGGERS] * world.rules.churn.trigger_price * world.rules.customers.weight
        assert paid[-1] == pytest.approx(expected)
    assert paid[0] == paid[1] > 0


@pytest.mark.parametrize("reciprocity", [0.0, 1.0, 3.0, 10.0])
def test_commitment_moves_faster_where_the_supplier_shares_the_risk(reciprocity: float) -> None:
    world = reacting({"customers.experience.reciprocity": reciprocity}, feedback=0.0)
    c = world.state.customers
    c.commitment[:], c.trust[:], c.quality[:] = 0.2, 0.7, -1.0
    world = ruled(world, {"customers.experience.market_pull": 0.0})
    customers.advance(world)
    c, rows = world.state.customers, settled(world)
    steps = (c.commitment[rows] - 0.2) / 0.5
    speed = world.rules.experience.commitment_speed
    contract = np.array([segment.contract for segment in world.rules.customers.segments.values()])[c.segment[rows]]
    np.testing.assert_allclose(steps[contract == "term"], speed, atol=1e-6)
    np.testing.assert_allclose(steps[contract == "performance"], min(1.0, speed * (1 + reciprocity)), atol=1e-6)


# --- Money and equity -------------------------------------------------------------------------------------------------

OWN_KIND = {"programme"}  # every initiative names its own
NO_INVESTMENT = {
    "cash", "programme_asset", "revenue", "cost_of_sales", "people", "contacts", "acquisition", "turnover",
    "depreciation", "launches", "counter_offers",
}  # fmt: skip


def test_every_account_is_an_investment_or_deliberately_none() -> None:
    kinds = {account for account in ACCOUNTS if account in INVESTMENTS}
    assert kinds | OWN_KIND | NO_INVESTMENT == set(ACCOUNTS)
    assert not kinds & NO_INVESTMENT and kinds == set(INVESTMENTS)


@pytest.mark.parametrize("situation", ["everything", "overlapping", "stopped", "on paper"])
def test_what_is_spent_by_kind_adds_up(situation: str) -> None:
    model = rich_future(situation)
    names = [f"spent_{kind}" for kind in Investment]
    seen = set()
    for _ in range(30):
        model.advance()
        ledger, found = model.state.ledger, measure(model.world)
        spent = sum(ledger.month[account] for account in (*INVESTMENTS, *OWN_KIND)) + ledger.capital_month
        assert sum(found[name] for name in names) == pytest.approx(spent, rel=1e-12, abs=1e-9)
        assert all(found[name] >= 0 for name in names)
        seen |= {name for name in names if found[name] > 0}
    assert seen == set(names)


@pytest.mark.parametrize("kind", list(Investment))
def test_an_initiative_is_booked_under_its_kind(kind: Investment) -> None:
    """Both parts of its price, running and capital."""
    base, plan = after(1, Strategy()), Strategy(initiatives={"insight_system": 0})
    model = after(1, plan, {"programme.initiatives.insight_system.investment": kind, "customers.churn.act_price": 0.0})
    table, i = model.structure.initiatives, INITIATIVES.index("insight_system")
    instalment = table.price[i] * model.world.employees / table.install[i]
    for other in Investment:
        extra = model.state.ledger.invested[other] - base.state.ledger.invested[other]
        assert extra == pytest.approx(instalment if other == kind else 0.0, abs=1e-6)


@pytest.mark.parametrize("situation", ["everything", "overlapping", "stopped", "on paper"])
def test_parts_of_equity_add_up_every_month(situation: str) -> None:
    """Owners, tiers, launches, release, joining and leaving, over the whole run."""
    months = follow(rich_future(situation)).months
    parts = sum(months[f"equity_{name}"] for name in ("acquired", "lost", "retained", "grown"))
    assert isinstance(parts, np.ndarray)
    change = np.diff(months["customer_equity"])
    np.testing.assert_allclose(parts[1:], change, atol=1e-9 * months["customer_equity"].max())
    assert months["equity_acquired"].sum() > 0 > months["equity_lost"].sum() and np.ptp(change) > 0


def test_equity_is_the_value_of_the_customers_who_are_there() -> None:
    """Equity at the end is that of the customers who are there, row by row."""
    model = rich_future("everything")
    for _ in range(12):
        model.advance()
    c = model.state.customers
    total = c.worth.astype(float).sum() * model.inputs.organisation.customers.weight
    assert model.state.equity.total == pytest.approx(total, rel=1e-9)
    assert (c.worth[c.alive == 0] == 0).all()


# --- What is a programme ----------------------------------------------------------------------------------------------

CONTENT: dict[str, dict[str, Any]] = {
    "launches": {"launches_per_year": 1.0},
    "channels": {"channels": {"intranet_questions": 0.1}},
    "one leader": {"leaders": {"alpha": {"recognition": 0.1}}},
    "change agents": {"change_agents": 0.1},
    "moments": {"moments_per_year": 1.0},
    "an initiative": {"initiatives": {"capability_training": 0}},
}
VOID: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a channel that is not used": {"channels": {"intranet_questions": 0.0}},
    "a leader who is asked nothing": {"leaders": {"alpha": {"first_month": 3}}},
    "a rollout of nothing": {"rollout": {"alpha": 3}, "pilot_units": 1},
    "research of no launch": {"launch_research": 1.0},
    "governance alone": {"governance.customer_share": 1.0},
}


@pytest.mark.parametrize("what", CONTENT)
def test_a_plan_of_one_part_is_a_programme(what: str) -> None:
    plan = with_(Strategy(), **CONTENT[what])
    assert has_content(start(plan).world)
    assert after(1, plan).state.plan.drawn_up
    assert different(lived(plan), lived(Strategy())) & {"cash"}


@pytest.mark.parametrize("what", VOID)
def test_a_plan_without_any_part_changes_nothing(what: str) -> None:
    plan = with_(Strategy(), **VOID[what])
    assert not has_content(start(plan).world)
    assert first_difference(lived(plan), lived(Strategy())) == ""


def test_what_works_from_the_first_launch_works_at_once_where_nothing_is_launched() -> None:
    """A plan of channels alone is under way from month 0; product launches wait for nothing."""
    climate = after(1, Strategy(channels={"company_meetings": 1.0})).state.climate
    assert climate.reach > 0
    waiting = after(3, Strategy(initiatives={"capability_training": 6}, launches_per_year=12))
    assert sum(event.kind == "product launched" for event in waiting.state.events) == 3


def test_leaders_judge_by_their_own_unit() -> None:
    """Words in the air, deeds in one unit: its leader's trust rises above the others', the top takes the mean."""
    model = after(1, with_(BASE, messages=1.0, rollout={n: -1 for n in RICH_UNITS if n != "alpha"}))
    world, trust = model.world, model.state.leaders.trust
    trust[:] = 0.4
    world.state.silos.credibility[:] = 0.4
    world.state.silos.practised[:] = 0.0
    world.state.silos.practised[0] = 1.0
    world.state.climate.behaviours[:] = 0.0
    adoption.move_credibility(world)
    np.testing.assert_allclose(trust[:5], world.state.silos.credibility, rtol=1e-12)
    assert trust[0] > trust[1] == pytest.approx(trust[4])
    np.testing.assert_allclose(trust[5:], 0.4 + np.mean(trust[:5] - 0.4), rtol=1e-9)


def test_paying_twice_is_no_accident() -> None:
    """What is posted for support in a month is what the plan costs: nothing is posted by a second phase."""
    model = start(with_(rich_strategy(), initiatives={}, **{"unlock.understand": 0.0}))
    model.advance()
    month = dict(model.state.ledger.month)
    world = dataclasses.replace(twin(model.world), state=model.state.fork())
    world.state.month -= 1
    world.state.ledger.open_month()
    pay_for_support(world)
    for account in ("messages", "support", "behaviours", "coaching", "facilitator", "change_agents"):
        assert month[account] == pytest.approx(world.state.ledger.month[account])
        assert month[account] > 0


def test_the_end_of_support_is_logged_and_belief_falls_back_from_there() -> None:
    """The relapse can be watched: an event says when it begins."""
    ends = rich_strategy().model_copy(update={"support_months": 12, "moments_per_year": 0.0})
    calm = {"market.investor_pressure": 0.0, "organisation.board.stop_rate": 0.0}
    model = fork(origin(), Variant("relapse", ends, changes=tuple(calm.items())))
    result = follow(model)
    assert [event.month for event in result.events if event.kind == "support ends"] == [12]
    never = follow(fork(origin(), Variant("on", rich_strategy().model_copy(update={"moments_per_year": 0.0}),
                                          changes=tuple(calm.items()))))  # fmt: skip
    np.testing.assert_array_equal(result.months["belief"][:13], never.months["belief"][:13])
    assert result.months["belief"][-1] < never.months["belief"][-1]
    assert not [event for event in never.events if event.kind == "support ends"]
