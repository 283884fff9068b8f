"""Every rule is noticed when it is switched off, every number when it is moved, every activity beyond its price.

One rich organisation in which everything goes on (tests/test_metamorphic.py uses it too). A changed run is followed in
step with the unchanged one up to the first month in which any measure differs to the last bit: most rules show within
a month or two, so that some hundreds of comparisons take seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.measures.organisation import MEASURES, measure
from sim.measures.silo import SILO_MEASURES, measure_silos
from sim.model import OrganisationModel
from sim.params.field import extras, replace, walk
from sim.params.organisation import Board, Customers, Employees, Function, Organisation, Segment, Silo, Trait
from sim.params.programme import Investment
from sim.params.scenario import Scenario
from sim.params.settings import Governance, Incentives, Leadership, Market, PayMix, PlannedGovernance
from sim.params.strategy import BEHAVIOURS, INITIATIVES, Behaviours, Placebo, Strategy, Unlock
from sim.run import Result, Variant, burn_in, follow, fork

MONTHS = 32
SEED = 3


def rich_organisation(customers: int = 1_500) -> Organisation:
    """Two product units that compete, a service and a support unit; traits that advance and traits that block."""
    product, service, support = Function.PRODUCT, Function.SERVICE, Function.SUPPORT
    silos = {
        "alpha": Silo(function=product, headcount_share=0.3, home_share=0.6, front_line_share=0.6, interest=-0.7),
        "beta": Silo(function=product, headcount_share=0.3, home_share=0.4, front_line_share=0.5, interest=-0.4),
        "care": Silo(function=service, headcount_share=0.25, front_line_share=0.9, manager_effect=0.2, interest=0.3),
        "voice": Silo(function=Function.MARKETING, headcount_share=0.05, front_line_share=0.1, interest=0.5),
        "office": Silo(function=support, headcount_share=0.1, front_line_share=0.1, manager_effect=-0.2),
    }
    blocking = Trait(strength=0.8, signs=dict.fromkeys(INITIATIVES, 0.9))
    advancing = Trait(formal=True, strength=0.9, signs=dict.fromkeys(INITIATIVES[:6], -0.9))
    return Organisation(
        name="rich", silos=silos, employees=Employees(number=120, weight=2), board=Board(stop_rate=0),
        customers=Customers(
            number=customers, weight=120,
            segments={
                "contract": Segment(share=0.4, contract="term", spend_median=90),
                "prepaid": Segment(share=0.6, contract="performance", spend_median=60),
            },
        ),
        traits={"own unit first": blocking, "we care": advancing},
    )  # fmt: skip


@cache
def rich_scenario(customers: int = 1_500) -> Scenario:
    """An organisation in which people try readily, capacity is short and the market moves."""
    scenario = Scenario(
        organisation=rich_organisation(customers),
        market=Market(expectation_drift=0.002, product_quality=0.45, shock_month=6, investor_pressure=3),
        incentives=Incentives(variable_share=0.3, mix=PayMix(individual=0.5, silo=0.3, team=0.1, customer=0.1)),
        leadership=Leadership(ceo_stage=2.5, leader_exit_per_month=0.01),
        governance=Governance(
            customer_share=0.2, authority=0.6, accountability=0.8, projected=0.6, capabilities=0.3, business_rules=0.3,
            self_service=0.2, priority=0.4,
        ),
        months=MONTHS, burn_in=12,
    )  # fmt: skip
    eager = {
        "behaviour.adoption.inclination": 0.5, "programme.load.capacity": 1.5, "programme.activities.stop_after": 2,
        "programme.activities.gap_alarm": 0.3, "customers.service.utilisation": 0.97,
        "organisation.economics.contact_cost": 40.0, "organisation.background_help": 0.1,
    }  # fmt: skip
    return replace(scenario, eager)


def rich_strategy() -> Strategy:
    """All initiatives, all activities, none of them at its limit."""
    return Strategy(
        name="everything",
        initiatives={name: k % 3 for k, name in enumerate(INITIATIVES)},
        unlock=Unlock(understand=0.3, negotiate=0.7, locate=0.3, organize=0.5, communicate=0.4, keep_adjusting=0.7),
        behaviours=Behaviours(standards=0.6, recognition=0.6, obstacles=0.6, modelling=0.6, resources=0.6),
        messages=0.5, support=0.5, moments_per_year=12, coaching=0.6, facilitator=0.8, change_agents=0.5,
        launches_per_year=6, launch_research=0.5,
        governance=PlannedGovernance(
            customer_share=0.9, first_share=0.4, widen_months=24, authority=0.8, accountability=0.9, projected=0.4,
            capabilities=0.6, business_rules=0.6, self_service=0.3, priority=0.6,
        ),
    )  # fmt: skip


def overlapping() -> Strategy:
    """The same at once and without a programme office: overload, and installed long before the end."""
    unlock = rich_strategy().unlock.model_copy(update={"organize": 0.0, "understand": 0.0, "keep_adjusting": 0.0})
    at_once = dict.fromkeys(INITIATIVES, 0)
    return rich_strategy().model_copy(update={"initiatives": at_once, "unlock": unlock, "messages": 1.0})


def incomplete() -> Strategy:
    """A plan that lacks what it builds on."""
    chosen = {"insight_system": 0, "portfolio_governance": 0, "front_line_empowerment": 1}
    unlock = rich_strategy().unlock.model_copy(update={"understand": 0.6})
    return rich_strategy().model_copy(update={"initiatives": chosen, "unlock": unlock})


class Situation(NamedTuple):
    """A future of the rich organisation in which some rules matter more than in others."""

    strategy: Strategy
    changes: tuple[tuple[str, Any], ...] = ()
    kind: str = "simulated"


def board(**parameters: float) -> tuple[tuple[str, Any], ...]:
    """Changes of the board."""
    return tuple((f"organisation.board.{name}", value) for name, value in parameters.items())


SITUATIONS: dict[str, Situation] = {
    "everything": Situation(rich_strategy()),
    "overlapping": Situation(overlapping()),
    "incomplete": Situation(incomplete()),
    "supported for a year": Situation(overlapping().model_copy(update={"support_months": 12})),
    "stopped": Situation(rich_strategy(), board(stop_rate=0.5, courage_base=0.0)),
    "far-sighted": Situation(
        rich_strategy(), board(stop_rate=5.0, courage_base=0.3, courage_horizon=5.0, courage_belief=0.0)
    ),
    "learning to believe": Situation(  # pressure that stays, a chief executive who comes to believe with the staff
        Strategy(messages=0.1, behaviours=Behaviours(modelling=1)),
        (
            *board(stop_rate=5.0, courage_base=0.0, courage_horizon=0.0, courage_belief=5.0),
            ("behaviour.belief.modelling", 0.3),
            ("organisation.economics.wage", 7_150.0),
        ),
    ),
    "on paper": Situation(rich_strategy(), kind="paper"),
}  # fmt: skip


@cache
def origin() -> Any:
    """The rich organisation at the end of its burn-in."""
    return burn_in(rich_scenario(), SEED, 0)


def future(situation: str, changes: tuple[tuple[str, Any], ...] = ()) -> Any:
    """The rich organisation at month 0 of a situation, with further changes."""
    chosen = SITUATIONS[situation]
    return fork(origin(), Variant(situation, chosen.strategy, chosen.kind, (*chosen.changes, *changes)))


@cache
def unchanged(situation: str) -> Result:
    """The run that a changed one is compared with."""
    return follow(future(situation))


class Difference(NamedTuple):
    """The first month in which a run differs from another one, and the measures in which it does."""

    month: int
    measures: frozenset[str]


def first_difference(model: Any, base: Result) -> Difference | None:
    """Follow `model` in step with a finished run; None if they are the same to the last bit."""
    expected = series(base)
    for m in range(len(expected)):
        if m > 0:
            model.advance()
        found = [*measure(model.world).values(), *np.concatenate(list(measure_silos(model.world).values()))]
        unlike = ~((found == expected[m]) | (np.isnan(found) & np.isnan(expected[m])))
        if unlike.any():
            return Difference(m, frozenset(np.array(names(len(base.silos)))[unlike]))
    return None


@cache
def names(units: int) -> list[str]:
    """Names of what `series` holds, the units' measures once per unit."""
    return [*MEASURES, *(name for name in SILO_MEASURES for _ in range(units))]


def series(result: Result) -> np.ndarray:
    """All measures of a finished run side by side, shape [months + 1, measures]."""
    months = np.array([result.months[name] for name in MEASURES])  # indices read parameters, which nobody lives by
    return np.hstack([months.T, *(result.silo_months[name] for name in SILO_MEASURES)])


def _same(a: Any, b: Any) -> bool:
    return bool(np.array_equal(a, b, equal_nan=True))


# --- rules switched off -------------------------------------------------------------------------------------------

SWITCHES = {
    name: extras(info)["off"]
    for name, info, _ in walk(rich_scenario())
    if "off" in extras(info) and not name.startswith("strategy.")
}

# Where a rule must show first: by the longest prefix of its name.
SHOWS_IN = {
    "organisation.board": {"stopped"},
    "organisation.board.pressure_gain": {"pressure"},
    "market": {"customer_equity"},
    "market.complexity": {"handoff_success", "contacts_to_resolution"},
    "market.referral": {"joined"},
    "leadership.everyday": {"credibility", "hostility"},
    "governance.authority": {"satisfaction"},
    "behaviour.sharing": {"sharing"},
    "behaviour.sharing.portfolio_focus": {"sharing", "backlog", "gridlock"},
    "behaviour.sharing.hostility_speed": {"hostility"},
    "behaviour.sharing.obstacle_effect": {"hostility"},
    "behaviour.adoption": {"backlog", "gridlock"},
    "behaviour.adoption.blocker_removal": set(MEASURES),  # readiness of units: who starts first
    "behaviour.belief": {"belief"},
    "behaviour.belief.leaders": {"stopped"},
    "behaviour.moments": {"belief"},
    "behaviour.moments.customers": {"satisfaction"},
    "behaviour.moments.gift": {"satisfaction"},
    "behaviour.engagement": {"engagement"},
    "behaviour.engagement.quits": {"turnover"},
    "behaviour.engagement.quits_slope": {"turnover"},
    "behaviour.engagement.skill_speed": {"skill"},
    "behaviour.engagement.training_gain": {"skill"},
    "behaviour.engagement.tacit_speed": {"knowledge"},
    "behaviour.engagement.empowerment_practised": {"empowerment"},
    "behaviour.engagement.empowerment_speed": {"empowerment"},
    "behaviour.engagement.empowerment_copy": {"empowerment"},
    "behaviour.credibility": {"credibility"},
    "behaviour.buy_in": {"buy_in"},
    "behaviour.buy_in.attention_load": {"credibility"},
    "behaviour.buy_in.attention_feedback": {"credibility"},
    "customers.service": {"contacts_to_resolution", "satisfaction"},
    "customers.service.learning_strain": {"backlog"},
    "customers.service.improvement_time": {"backlog"},
    "customers.service.own_effort": {"backlog"},
    "customers.experience": {"satisfaction"},
    "customers.experience.trust_speed": {"trust"},
    "customers.experience.commitment_speed": {"commitment"},
    "customers.experience.performance_share": {"revenue"},
    "customers.experience.reciprocity": {"commitment"},
    "customers.experience.participation_speed": {"participation"},
    "customers.churn.trigger_response": {"trigger_response"},
    "customers.offers.launch_harm": {"trust"},
    "customers.acquisition.convert": {"self_served", "customer_equity"},
    "customers.churn": {"customer_equity"},
    "customers.churn.trigger_gain": {"satisfaction"},
    "customers.information": {"chain", "knowledge"},
    "customers.information.visibility_gain": {"belief"},
    "customers.offers": {"wallet_share", "satisfaction"},
    "customers.acquisition": {"joined", "left"},
    "programme.load": {"load", "overload", "backlog"},
    "programme.activities": set(MEASURES),
    "programme.activities.negotiate_step": {"buy_in"},
    "programme.activities.priority": {"load"},
    "programme.activities.two_way": {"credibility"},
    "programme.activities.coaching_speed": {"leaders_stage"},
    "programme.activities.regression": {"leaders_stage"},
    "behaviour.adoption.blocker_return": {"blockers"},
    "behaviour.adoption.hidden": {"blockers"},
    "programme.activities.decay": {f"formal_{name}" for name in INITIATIVES},
}


def by_longest_prefix(dotted: str, table: Mapping[str, set[str]]) -> set[str]:
    """The entry of the longest prefix of a dotted name, and the unit where a rule is younger than the table."""
    parts = dotted.split(".")
    for n in range(len(parts), 0, -1):
        if ".".join(parts[:n]) in table:
            return table[".".join(parts[:n])]
    return set(MEASURES)


@cache
def values() -> dict[str, Any]:
    """Every leaf of the rich scenario."""
    return {name: value for name, _, value in walk(rich_scenario())}


def difference(dotted: str, value: Any) -> Difference | None:
    """What first differs, in the first situation in which anything does, when a value holds from month 0."""
    if dotted.startswith(FROM_THE_START):
        return first_difference(from_the_start({dotted: value}), unchanged("everything"))
    for name, situation in SITUATIONS.items():
        if dict(situation.changes).get(dotted, values()[dotted]) == value:
            continue
        found = first_difference(future(name, ((dotted, value),)), unchanged(name))
        if found:
            return found
    return None


@pytest.mark.parametrize("dotted", SWITCHES)
def test_a_rule_that_is_switched_off_is_missed(dotted: str) -> None:
    """Setting a rule's coefficient to its off value shows, and first of all where the rule acts."""
    found = difference(dotted, SWITCHES[dotted])
    assert found, f"nobody notices when {dotted} is {SWITCHES[dotted]}"
    assert found.measures & by_longest_prefix(dotted, SHOWS_IN), f"{dotted} shows first in {sorted(found.measures)}"


# --- numbers moved -------------------------------------------------------------------------------------------------

# Leaves that no rule has to read: names, texts, the file that another test changes, and the horizon.
BOOKKEEPING = {"name", "label", "description", "months", "burn_in", "retention_table"}
ON_DEMAND = {"customers.information.market"}  # read by the five questions only: tests/test_questions.py
FROM_THE_START = (
    "organisation.silos", "organisation.employees", "organisation.customers", "norms.", "behaviour.sharing.reference",
    "customers.service.utilisation", "leadership.ceo", "leadership.coo", "leadership.power", "leadership.vendor",
    "leadership.interest", "leadership.stage_shares", "leadership.top_power",
    "behaviour.engagement.unit_spread",
)  # fmt: skip


def movable() -> list[str]:
    """Dotted names of every leaf outside the strategy that is not bookkeeping."""
    read = [n for n in values() if n.split(".")[-1] not in BOOKKEEPING and n not in ON_DEMAND]
    return [n for n in read if not n.startswith("strategy.")]


def moves(dotted: str) -> list[dict[str, Any]]:
    """Ways to move one leaf to another admissible value, the gentlest first.

    Shares that have to add up to 1 are taken from the largest of their group.
    """
    value, last = values()[dotted], dotted.rsplit(".", maxsplit=1)[-1]
    siblings = _siblings(dotted, last)
    if siblings:
        pairs = [(step, other, values()[other] - step) for other in siblings for step in (0.1, -0.1)]
        return [{dotted: value + step, other: rest} for step, other, rest in pairs if value + step > 0 and rest >= 0]
    return [{dotted: other} for other in _others(dotted, last, value) if other != value]


def _others(dotted: str, last: str, value: Any) -> list[Any]:
    if last == "function":
        return ["support" if value == "product" else "product"]
    if last == "contract":
        return ["open" if value == "performance" else "performance"]
    if last == "investment":
        return [kind for kind in Investment if kind != value]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, dict):
        return [{key: -v for key, v in value.items()}]
    return _other_tuples(last, value) if isinstance(value, tuple) else _other_numbers(dotted, value)


def _other_tuples(name: str, value: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    if name == "stage_shares":
        return [(value[-1], *value[1:-1], value[0])]
    if name == "builds_on":
        return [() if value else ("portfolio_governance",)]
    return [tuple(0.5 * v + 0.1 for v in value), tuple(2.0 * v + 1 for v in value), tuple(0.05 * v for v in value)]


def _siblings(dotted: str, last: str) -> list[str]:
    """The other leaves of the same group of shares, the largest first; none if the leaf is no such share.

    Some pairs cost the same (helping costs own and unit's pay alike), so that only another sibling shows a leaf.
    """
    if "mix." not in dotted and last not in ("headcount_share", "home_share", "share"):
        return []
    start = dotted.rsplit(".", 1)[0] + "." if "mix." in dotted else ""
    ends = "" if start else "." + last
    group = [n for n in values() if n.startswith(start) and n.endswith(ends) and n.count(".") == dotted.count(".")]
    return sorted((n for n in group if n != dotted), key=lambda n: -values()[n])


def _other_numbers(dotted: str, value: float) -> list[float | int]:
    """Half as much again, half as much, and the ends of the range (kept within reason)."""
    info = next(i for n, i, _ in walk(rich_scenario()) if n == dotted)
    low = next((m.ge for m in info.metadata if hasattr(m, "ge")), 0)
    high = next((m.le for m in info.metadata if hasattr(m, "le")), 1e9)
    room = max(5 * abs(value), 5)
    if isinstance(value, int):
        found: list[float | int] = [
            value + max(1, value // 2),
            value - 1,
            min(int(high), 5 * value + 1),
            max(int(low), 1),
        ]
    else:
        found = [1.5 * value or 0.1, 0.5 * value, min(high, value + room), max(low, value - room)]
    return [other for other in found if low <= other <= high]


def from_the_start(changes: dict[str, Any]) -> OrganisationModel:
    """The rich organisation under its strategy, with changes that hold from the first month of the burn-in."""
    return fork(burn_in(replace(rich_scenario(), changes), SEED, 0), Variant("moved", rich_strategy()))


def matters(dotted: str) -> bool:
    """True if any measure differs when the leaf is moved, from month 0 or, where that is too late, from the start."""
    for changes in moves(dotted):
        if dotted.startswith(FROM_THE_START):
            if first_difference(from_the_start(changes), unchanged("everything")):
                return True
            continue
        for name in SITUATIONS:
            if first_difference(future(name, tuple(changes.items())), unchanged(name)):
                return True
    return False


@pytest.mark.parametrize("dotted", movable())
def test_every_number_matters(dotted: str) -> None:
    """A leaf that can be moved without any consequence in the rich organisation is dead."""
    assert matters(dotted), f"nothing reads {dotted}"


# --- the strategy --------------------------------------------------------------------------------------------------

# What an activity must reach beyond its price: measures in which it shows when it is free of charge.
PEOPLE = {"sharing", "belief", "engagement", "credibility", "hostility", "buy_in"}
ACTIVITIES: dict[str, tuple[Any, set[str]]] = {
    **{f"behaviours.{name}": (0.0, PEOPLE) for name in BEHAVIOURS},
    "unlock.understand": (0.0, {"load", "gridlock"}),
    "unlock.negotiate": (0.0, {"buy_in"}),
    "unlock.locate": (0.0, {"blockers", "gridlock", "backlog", *(f"formal_{name}" for name in INITIATIVES)}),
    "unlock.organize": (0.0, {"load"}),
    "unlock.communicate": (0.0, {"credibility", "belief", "engagement"}),
    "unlock.keep_adjusting": (0.0, {"gridlock", "load", "credibility", "buy_in", "backlog"}),
    "messages": (0.0, {"credibility", "belief"}),
    "support": (0.0, {"backlog", "gridlock"}),
    "moments_per_year": (0.0, {"satisfaction", "belief"}),
    "coaching": (0.0, {"leaders_stage"}),
    "facilitator": (0.0, set(MEASURES)),
    "support_months": (6, {"belief", "credibility", "hostility"}),
    "change_agents": (0.0, {"gridlock", "reach", "backlog"}),
    "launches_per_year": (0.0, {"wallet_share", "trust"}),
    "launch_research": (0.0, {"wallet_share", "trust"}),
    "channels": ({"hallway_conversations": 1.0}, {"credibility", "belief", "engagement"}),
    "rollout": ({"alpha": 3, "care": -1}, {"gridlock", "reach", "load"}),
    "pilot_units": (1, {"gridlock", "reach", "load", "backlog"}),
    "leaders": ({"alpha": {"obstacles": 1.0, "first_month": 2, "last_month": 9}}, PEOPLE),
    "governance.customer_share": (0.5, {"owned", "fence_accuracy"}),
    "governance.first_share": (0.9, {"owned", "fence_accuracy"}),
    "governance.widen_months": (1, {"owned", "fence_accuracy"}),
    "governance.authority": (0.0, {"offers_blocked", "engagement"}),
    "governance.accountability": (0.0, {"offers_blocked", "own_offers", "engagement"}),
    "governance.projected": (1.0, {"offers_blocked", "own_offers"}),
    "governance.capabilities": (0.0, {"offers_adapted", "wallet_share", "satisfaction"}),
    "governance.business_rules": (0.0, {"offers_blocked", "collisions"}),
    "governance.self_service": (0.0, {"self_served", "customer_equity"}),
    "governance.priority": (0.0, {"satisfaction"}),
}
MONEY = {"profit", "cash", "cash_capital", "pressure", "spent_attention", "spent_understanding", "spent_skills",
         "programme_cost"}
CALM = ("market.investor_pressure", 0.0)  # money has no way back into people
FREE = tuple((n, 0.0) for n in values() if n.startswith("programme.activities.") and n.endswith("price"))


def with_activity(dotted: str, value: Any, strategy: Strategy) -> Strategy:
    """The strategy with one activity at another intensity."""
    return replace(strategy, {dotted: value})


def strategy_leaves() -> list[str]:
    """Dotted names of what a strategy can set."""
    return [n for n, _, _ in walk(rich_strategy()) if n not in ("name", "description")]


def test_every_activity_has_its_test() -> None:
    elsewhere = {"initiatives", "placebo", "pilot_months", "pay.individual", "pay.silo", "pay.team", "pay.customer"}
    covered = ACTIVITIES.keys() | elsewhere
    assert set(strategy_leaves()) == covered


@pytest.mark.parametrize("dotted", ACTIVITIES)
def test_an_activity_does_something_beside_its_price(dotted: str) -> None:
    """Everything free of charge, the plan without one activity: what people and customers do differs."""
    value, where = ACTIVITIES[dotted]
    full = rich_strategy()
    base = follow(fork(origin(), Variant("with", full, changes=FREE)))
    found = first_difference(fork(origin(), Variant("without", with_activity(dotted, value, full), changes=FREE)), base)
    assert found, f"{dotted} is nothing but its price"
    assert (found.measures & where) - MONEY, f"{dotted} shows first in {sorted(found.measures)}"


INSTANT = (CALM, ("programme.activities.understand_months", 0.0))


def nothing_but_initiatives() -> Strategy:
    """Initiatives that work, activities that would not."""
    bare = Strategy(initiatives=rich_strategy().initiatives)
    return bare.model_copy(update={"placebo": Placebo.ACTIVITIES})


@cache
def unpaid() -> Result:
    """The same without any activity."""
    return follow(fork(origin(), Variant("none", nothing_but_initiatives(), changes=INSTANT)))


# What shapes an initiative or says where and for how long, and has no price of its own.
UNPRICED = ("support_months", "rollout", "pilot_units", "launch_research", "governance.")


@pytest.mark.parametrize("dotted", [name for name in ACTIVITIES if not name.startswith(UNPRICED)])
def test_a_placebo_costs_money_and_does_nothing_else(dotted: str) -> None:
    """Where activities are placebos one more activity is dearer; where money has no way back nothing else differs."""
    base = unpaid()
    given: dict[str, Any] = {
        "moments_per_year": 12.0,
        "channels": {"hallway_conversations": 1.0},
        "leaders": {"chief_executive": {"standards": 1.0}},
    }
    intensity = given.get(dotted, 1.0)
    one = with_activity(dotted, intensity, nothing_but_initiatives())
    paid = follow(fork(origin(), Variant("one", one, changes=INSTANT)))
    assert paid.months["cash"].sum() < base.months["cash"].sum()
    for name in MEASURES.keys() - MONEY:
        np.testing.assert_array_equal(paid.months[name], base.months[name], err_msg=f"{dotted} shows in {name}")


def test_nothing_that_is_paid_from_the_first_launch_works_before_it() -> None:
    """While a diagnosis delays the launch, leaders, messages and helpers are neither paid nor at work."""
    waiting = Strategy(
        initiatives={"capability_training": 4}, unlock=Unlock(understand=1, communicate=1),
        behaviours=Behaviours(**dict.fromkeys(BEHAVIOURS, 1.0)), messages=1.0, support=1.0,
    )  # fmt: skip
    base = follow(fork(origin(), Variant("as is", Strategy(), changes=(CALM,)))).months
    found = follow(fork(origin(), Variant("waiting", waiting, changes=(CALM,)))).months
    for name in MEASURES.keys() - MONEY:
        np.testing.assert_array_equal(found[name][:5], base[name][:5], err_msg=name)
    assert not _same(found["belief"], base["belief"])


OWN = {
    "insight_system": "usable",
    "closed_loop_feedback": "usable",
    "cross_functional_teams": "sharing",
    "customer_metric_pay": "sharing",
    "portfolio_governance": "owned",
    "front_line_empowerment": "empowerment",
    "capability_training": "skill",
    "culture_programme": "hostility",
}


@pytest.mark.parametrize("name", INITIATIVES)
def test_an_initiative_changes_what_it_is_for(name: str) -> None:
    """Alone, free, light and unpolitical: it still reaches the measure that is its own."""
    alone = Strategy(messages=0.5)
    table = f"programme.initiatives.{name}."
    nothing = (table + "price", table + "effort", table + "politics", "behaviour.credibility.speed")
    changes = (*FREE, CALM, *((parameter, 0.0) for parameter in nothing))
    base = follow(fork(origin(), Variant("without", alone, changes=changes)))
    model = fork(origin(), Variant("with", replace(alone, {"initiatives": {name: 0}}), changes=changes))
    found = follow(model)
    assert not _same(found.months[OWN[name]], base.months[OWN[name]])


@pytest.mark.parametrize("name", INITIATIVES)
def test_an_initiative_as_a_placebo_is_paid_for_only(name: str) -> None:
    everything = rich_strategy().model_copy(update={"placebo": Placebo.EVERYTHING})
    rest = {key: month for key, month in everything.initiatives.items() if key != name}
    less = everything.model_copy(update={"initiatives": rest})
    one, other = (follow(fork(origin(), Variant("placebo", s, changes=(CALM,)))).months for s in (everything, less))
    assert one["cash"].sum() < other["cash"].sum()
    for measured in MEASURES.keys() - MONEY:
        np.testing.assert_array_equal(one[measured], other[measured], err_msg=f"{name} shows in {measured}")


@pytest.mark.parametrize("share", ["individual", "silo", "team", "customer"])
def test_every_share_of_the_new_pay_matters(share: str) -> None:
    """A tenth of the mix moved to one kind of pay."""
    mix = rich_strategy().pay.model_dump()
    donor = max((key for key in mix if key != share), key=lambda key: mix[key])
    moved_mix = PayMix(**(mix | {share: mix[share] + 0.1, donor: mix[donor] - 0.1}))
    found = first_difference(
        fork(origin(), Variant("pay", rich_strategy().model_copy(update={"pay": moved_mix}))), unchanged("everything")
    )
    assert found and found.measures & {"sharing", "offer_fit", "hostility", "backlog", "joined", "wallet_share"}
