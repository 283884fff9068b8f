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
from pydantic import BaseModel

from sim.measures.organisation import MEASURES, measure
from sim.measures.silo import measure_silos
from sim.params.field import extras, replace, walk
from sim.params.organisation import Board, Customers, Employees, Function, Organisation, Segment, Silo, Trait
from sim.params.scenario import Scenario
from sim.params.settings import Governance, Incentives, Leadership, Market, PayMix
from sim.params.strategy import BEHAVIOURS, INITIATIVES, Behaviours, Strategy, Unlock
from sim.run import Result, Variant, burn_in, follow, fork

MONTHS = 40
SEED = 3


def rich_organisation(customers: int = 1_500) -> Organisation:
    """Two product units that compete, a service and a support unit; traits that advance and traits that block."""
    silos = {
        "alpha": Silo(function=Function.PRODUCT, headcount_share=0.3, home_share=0.6, front_line_share=0.6, interest=-0.7),
        "beta": Silo(function=Function.PRODUCT, headcount_share=0.3, home_share=0.4, front_line_share=0.5, interest=-0.4),
        "care": Silo(function=Function.SERVICE, headcount_share=0.25, front_line_share=0.9, manager_effect=0.2, interest=0.3),
        "office": Silo(function=Function.SUPPORT, headcount_share=0.15, front_line_share=0.1, manager_effect=-0.2),
    }  # fmt: skip
    blocking = Trait(strength=0.6, signs=dict.fromkeys(INITIATIVES, 0.3) | {"cross_functional_teams": 0.8})
    advancing = Trait(formal=True, strength=0.5, signs={"insight_system": -0.4, "capability_training": -0.3})
    return Organisation(
        name="rich", silos=silos, employees=Employees(number=120, weight=2), background_load=0.8, board=Board(stop_rate=0),
        customers=Customers(
            number=customers, weight=120,
            segments={
                "contract": Segment(share=0.4, contract="term", spend_median=90),
                "prepaid": Segment(share=0.6, contract="performance", spend_median=60),
            },
        ),
        traits={"own unit first": blocking, "we care": advancing},
    )  # fmt: skip


def rich_scenario(customers: int = 1_500) -> Scenario:
    """An organisation in which people try readily, capacity is short and the market moves."""
    scenario = Scenario(
        organisation=rich_organisation(customers),
        market=Market(expectation_drift=0.002, product_quality=0.45, shock_month=6, shock_months=12, investor_pressure=3),
        incentives=Incentives(variable_share=0.3, mix=PayMix(individual=0.5, silo=0.3, team=0.1, customer=0.1)),
        leadership=Leadership(ceo_stage=2.5, leader_exit_per_month=0.01),
        governance=Governance(customer_share=0.2, fence=0.6, authority=0.7),
        months=MONTHS, burn_in=12,
    )  # fmt: skip
    eager = {
        "behaviour.adoption.inclination": 0.5, "programme.load.capacity": 1.5, "programme.activities.stop_after": 2,
        "programme.activities.gap_alarm": 0.3, "customers.service.utilisation": 0.97,
        "organisation.economics.contact_cost": 40.0,
    }  # fmt: skip
    return replace(scenario, eager)


def rich_strategy() -> Strategy:
    """All initiatives, all activities, none of them at its limit."""
    return Strategy(
        name="everything",
        initiatives={name: k % 3 for k, name in enumerate(INITIATIVES)},
        unlock=Unlock(understand=0.3, negotiate=0.7, locate=0.6, organize=0.5, communicate=0.4, keep_adjusting=0.7),
        behaviours=Behaviours(standards=0.6, recognition=0.6, obstacles=0.6, modelling=0.6, resources=0.6),
        messages=0.5, support=0.5, moments_per_year=12, coaching=0.6, facilitator=0.8,
    )  # fmt: skip


def overlapping() -> Strategy:
    """The same at once and without a programme office: overload, and installed long before the end."""
    unlock = rich_strategy().unlock.model_copy(update={"organize": 0.0, "understand": 0.0, "keep_adjusting": 0.0})
    return rich_strategy().model_copy(update={"initiatives": dict.fromkeys(INITIATIVES, 0), "unlock": unlock, "messages": 1.0})


def incomplete() -> Strategy:
    """A plan that lacks what it builds on."""
    chosen = {"insight_system": 0, "portfolio_governance": 0, "front_line_empowerment": 1}
    unlock = rich_strategy().unlock.model_copy(update={"understand": 0.6})
    return rich_strategy().model_copy(update={"initiatives": chosen, "unlock": unlock})


class Situation(NamedTuple):
    """A future of the rich organisation in which some rules matter more than in others."""

    strategy: Strategy
    changes: tuple[tuple[str, Any], ...] = ()


BOARD = "organisation.board."
SITUATIONS: dict[str, Situation] = {
    "everything": Situation(rich_strategy()),
    "overlapping": Situation(overlapping()),
    "incomplete": Situation(incomplete()),
    "supported for a year": Situation(overlapping().model_copy(update={"support_months": 12})),
    "stopped": Situation(rich_strategy(), ((BOARD + "stop_rate", 0.5), (BOARD + "courage_base", 0.0))),
    "a believer at the top": Situation(
        rich_strategy(),
        ((BOARD + "stop_rate", 5.0), (BOARD + "courage_base", 0.0), (BOARD + "courage_horizon", 0.0), (BOARD + "courage_belief", 5.0)),
    ),
}


@cache
def origin() -> Any:
    """The rich organisation at the end of its burn-in."""
    return burn_in(rich_scenario(), SEED, 0)


@cache
def unchanged(situation: str) -> Result:
    """The run that a changed one is compared with."""
    chosen = SITUATIONS[situation]
    return follow(fork(origin(), Variant(situation, chosen.strategy, changes=chosen.changes)))


class Difference(NamedTuple):
    """The first month in which a run differs from another one, and the measures in which it does."""

    month: int
    measures: frozenset[str]


def first_difference(model: Any, base: Result) -> Difference | None:
    """Follow `model` in step with a finished run; None if they are the same to the last bit."""
    for m in range(len(base.months["churn"])):
        if m > 0:
            model.advance()
        found = {name for name, v in measure(model.world).items() if not _same(v, base.months[name][m])}
        found |= {name for name, v in measure_silos(model.world).items() if not _same(v, base.silo_months[name][m])}
        if found:
            return Difference(m, frozenset(found))
    return None


def _same(a: Any, b: Any) -> bool:
    return bool(np.array_equal(a, b, equal_nan=True))


# --- rules switched off -------------------------------------------------------------------------------------------

SWITCHES = {name: extras(info)["off"] for name, info, _ in walk(rich_scenario()) if "off" in extras(info)}

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
    "behaviour.sharing.hostility_speed": {"hostility"},
    "behaviour.sharing.obstacle_effect": {"hostility"},
    "behaviour.adoption": {"backlog", "gridlock"},
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
    "customers.experience.commitment_speed": {"customer_equity"},
    "customers.experience.performance_share": {"revenue"},
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
    "programme.activities.coaching_speed": {"buy_in", "credibility"},
    "programme.activities.regression": {"buy_in", "credibility"},
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
    for situation, (strategy, changes) in SITUATIONS.items():
        if dict(changes).get(dotted, values()[dotted]) == value:
            continue
        model = fork(origin(), Variant("changed", strategy, changes=(*changes, (dotted, value))))
        found = first_difference(model, unchanged(situation))
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

# Leaves that no rule has to read: names, texts, the horizon, and what the strategy's own tests below move.
BOOKKEEPING = {"name", "label", "description", "months", "burn_in", "retention_table"}
SUMS_TO_ONE = ("individual", "silo", "team", "customer")


def movable() -> list[str]:
    """Dotted names of every leaf outside the strategy that is not bookkeeping."""
    return [n for n in values() if n.split(".")[0] != "strategy" and n.rsplit(".")[-1] not in BOOKKEEPING]


def moved(dotted: str) -> dict[str, Any]:
    """Changes that move one leaf to another admissible value, with a sibling where shares have to add up to 1."""
    value, last = values()[dotted], dotted.rsplit(".")[-1]
    if isinstance(value, bool):
        return {dotted: not value}
    if isinstance(value, str):
        return {dotted: {"open": "performance", "term": "performance"}.get(value, "support")}
    if isinstance(value, dict):
        return {dotted: {key: -v for key, v in value.items()}}
    if isinstance(value, tuple):
        return {dotted: _moved_tuple(last, value)}
    sibling = _sibling(dotted, last)
    if sibling:
        step = 0.1 * max(value, values()[sibling])
        step = step if values()[sibling] >= value else -step
        return {dotted: value + step, sibling: values()[sibling] - step}
    info = next(i for n, i, _ in walk(rich_scenario()) if n == dotted)
    return {dotted: _moved_number(value, info)}


def _moved_tuple(name: str, value: tuple[Any, ...]) -> tuple[Any, ...]:
    if name == "stage_shares":
        return (value[-1], *value[1:-1], value[0])
    if not value:
        return ("culture_programme",)
    return () if isinstance(value[0], str) else tuple(0.8 * v + 0.05 for v in value)


def _sibling(dotted: str, last: str) -> str | None:
    """Another leaf of the same group of shares."""
    if last in SUMS_TO_ONE and ("mix." in dotted):
        other = "silo" if last == "individual" else "individual"
        return dotted[: -len(last)] + other
    if last in ("headcount_share", "home_share", "share"):
        return next(
            (n for n in values() if n.endswith("." + last) and n != dotted and n.count(".") == dotted.count(".") and values()[n] > 0), None
        )
    return None


def _moved_number(value: float, info: Any) -> float | int:
    low = next((m.ge for m in info.metadata if hasattr(m, "ge")), 0)
    high = next((m.le for m in info.metadata if hasattr(m, "le")), 1e9)
    if isinstance(value, int):
        return value + max(1, value // 4) if value + max(1, value // 4) <= high else value - 1
    room = min(1.0, high - value, max(value, 0.2))
    return float(value + 0.5 * room if room > 0.05 * max(1.0, value) else max(low, 0.7 * value))


def matters(dotted: str) -> bool:
    """True if any measure differs when the leaf is moved, at month 0 or, failing that, before the burn-in."""
    changes = moved(dotted)
    for situation, (strategy, held) in SITUATIONS.items():
        model = fork(origin(), Variant("moved", strategy, changes=(*held, *changes.items())))
        if first_difference(model, unchanged(situation)):
            return True
    strategy, held = SITUATIONS["everything"]
    model = fork(burn_in(replace(rich_scenario(), changes), SEED, 0), Variant("moved", strategy, changes=held))
    return first_difference(model, unchanged("everything")) is not None


@pytest.mark.parametrize("dotted", movable())
def test_every_number_matters(dotted: str) -> None:
    """A leaf that can be moved without any consequence in the rich organisation is dead."""
    assert matters(dotted), f"nothing reads {dotted}"
