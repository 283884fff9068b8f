"""Maturity and culture: every named signal is read from the state, moves its scores and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

from sim.columns import CAPTURE, COLLATE, RETRIEVE, SHARE, UTILISE
from sim.measures import rows
from sim.measures.culture import CULTURE, idle_spending
from sim.measures.indices import INDICES, measure_indices, measure_signals
from sim.measures.maturity import BARRETT, CEMM, CUTS, MATURITY, climb, level_of
from sim.measures.signals import SIGNALS, Signals, read_signals, whole
from sim.model import OrganisationModel
from sim.params.scenario import Scenario
from sim.params.strategy import (
    CULTURE as CULTURE_PROGRAMME,
)
from sim.params.strategy import (
    FEEDBACK,
    INITIATIVES,
    INSIGHT,
    PORTFOLIO,
    TEAMS,
    TRAINING,
    Behaviours,
    Strategy,
    Unlock,
)
from sim.run import Variant, burn_in, fork
from sim.state import (
    ACCOUNTABILITY,
    ACTS,
    ADAPTED,
    ADVOCATES,
    AUTHORITY,
    BUSINESS_RULES,
    COVERED,
    CUSTOMERS,
    KNOWLEDGE,
    OFFERS_FIT,
    OFFERS_MADE,
    OWN_OFFERS,
    PARTICIPATION,
    PROJECTED,
    RECOVERED,
    SELF_SERVICE,
    WEB_SERVED,
)
from sim.world import World
from tests.conftest import changed, flat, shortened

# Every score and the signals whose mean it is, written down a second time: what drops out of either is noticed.
SCORES: dict[str, set[str]] = {
    "cemm_orientation": {"said", "belief", "leaders_belief", "buy_in"},
    "cemm_insight": {"captured", "connected", "current", "value_known", "scored"},
    "cemm_interaction": {"differently", "orchestrated", "used", "feedback", "acts", "handed_over"},
    "cemm_improvement": {"paid_for_customers", "seen", "recovered", "empowered", "checked"},
    "mri_generated": {"captured", "feedback", "scored", "current", "participation"},
    "mri_disseminated": {"shared_on", "seen", "dialogue"},
    "mri_acted": {"used", "empowered", "fit", "acts", "recovered"},
    "q12": {"engagement"},
    "copernicus_choose": {"value_known", "differently", "scored"},
    "copernicus_insights": {"current", "chain", "seen"},
    "copernicus_propositions": {"fit", "tailored"},
    "copernicus_empowered": {"empowered", "recovered"},
    "copernicus_learning": {"feedback", "checked", "grown"},
    "copernicus_plan": {"customer_plan"},
    "copernicus_outward": {"looks_out"},
    "copernicus_committed": {"leaders_commit", "leaders_show"},
    "copernicus_assertive": {"courage_left"},
    "orientation_retention": {"paid_for_customers", "acts"},
    "orientation_differently": {"tiers", "scored", "feedback"},
    "orientation_value": {"belief", "paid_for_customers", "answerable"},
    "orientation_freedom": {"empowered"},
    "lever_strategy": {"leaders_belief", "belief", "credible_words"},
    "lever_structure": {"teams", "portfolios"},
    "lever_people": {"skill", "trained", "empowered"},
    "lever_process": {"chain", "scored", "feedback"},
    "lever_rewards": {"paid_together"},
}
NEEDS: dict[str, set[str]] = {
    "survival": {"survives"},
    "relationship": {"peace", "handed_over", "belonging"},
    "self-esteem": {"skill", "success", "chain", "pride"},
    "transformation": {"empowered", "teams", "voice", "paid_for_customers"},
    "internal cohesion": {"shared_belief", "sharing", "credibility"},
    "external cohesion": {"value_known", "advocates", "participation"},
    "service": {"believers", "advocates"},
}
MADE_OF_SCORES = {"cemm", "cemm_level", "barrett", "mri", "orientation", "alignment", "idle_spending"}
RANGE = {"1-5": (1, 5), "level 1-5": (1, 5), "level 1-7": (1, 7), "0-100": (0, 100), "0-1": (0, 1), "$": (0, np.inf)}


@pytest.fixture(scope="module")
def model() -> OrganisationModel:
    """A small firm with owners, eight months into a programme of everything: no signal is at its limit."""
    changes = {"months": 8, "burn_in": 12, "governance.customer_share": 0.2, "organisation.board.stop_rate": 0}
    scenario = shortened("small_firm", changes)
    strategy = Strategy(
        name="everything", initiatives=dict.fromkeys(INITIATIVES, 0), messages=0.3,
        unlock=Unlock(communicate=0.3, keep_adjusting=0.5),
        behaviours=Behaviours(standards=0.5, recognition=0.5, obstacles=0.5, modelling=0.5, resources=0.5),
    )  # fmt: skip
    twin = fork(burn_in(scenario, 1, 0), Variant("everything", strategy))
    for _ in range(8):
        twin.advance()
    return twin


def other_world(model: OrganisationModel) -> World:
    """A copy whose state may be changed by hand, with signals that are off their limits."""
    world = copy.copy(model.world)
    world.state = model.world.state.fork()
    state = world.state
    state.tally.silos[:, :, CUSTOMERS] = 400
    state.tally.silos[:, :, OFFERS_MADE] = 100
    for count in (ADVOCATES, PARTICIPATION, COVERED, WEB_SERVED, KNOWLEDGE):
        state.tally.silos[:, :, count] = 80
    for count in (ADAPTED, OWN_OFFERS, OFFERS_FIT, RECOVERED):
        state.tally.silos[:, :, count] = 20
    state.tally.silos[:, :, ACTS] = 2
    state.climate.pressure = 0.1
    state.silos.backlog[:] = 0.1
    return world


def indices(world: World) -> dict[str, float]:
    return measure_indices(world)[0]


def barrett_of(world: World, signals: Signals) -> np.ndarray:
    """Levels of every unit and of the whole."""
    found, levels = np.empty(len(INDICES)), np.empty(len(signals["belief"]) - 1)
    measure_signals(world, np.array([signals[name] for name in SIGNALS]), found, levels)
    return np.append(levels, found[list(INDICES).index("barrett")])


def indices_if(world: World, signals: dict[str, float]) -> dict[str, float]:
    """All indices if the whole organisation gave these signals."""
    found = np.empty(len(INDICES))
    measure_signals(world, np.array([[signals[name]] for name in SIGNALS]), found, np.empty(0))
    return dict(zip(INDICES, found.tolist(), strict=True))


# --- From the state to signals to indices -----------------------------------------------------------------------------


class Change(NamedTuple):
    """What is done to a world by hand, the signals that must rise (+1) or fall (-1), and those that may do either."""

    do: Callable[[World], None]
    moves: dict[str, int]
    may: frozenset[str] = frozenset()


def up(*names: str) -> dict[str, int]:
    return dict.fromkeys(names, 1)


def raise_(table: Callable[[World], np.ndarray], by: float) -> Callable[[World], None]:
    def do(world: World) -> None:
        table(world)[...] += by

    return do


def link(k: int) -> Callable[[World], None]:
    return raise_(lambda w: w.state.silos.chain[:, k], 0.1)


def count(k: int, more: float = 10) -> Callable[[World], None]:
    return raise_(lambda w: w.state.tally.silos[:, :, k], more)


def design(i: int) -> Callable[[World], None]:
    def do(world: World) -> None:
        world.state.climate.design[:, i] = 1.0

    return do


def term(k: int) -> Callable[[World], None]:
    return raise_(lambda w: w.state.climate.governance[:, k], 0.1)


def climate(name: str, by: float) -> Callable[[World], None]:
    def do(world: World) -> None:
        setattr(world.state.climate, name, getattr(world.state.climate, name) + by)

    return do


def staff(name: str, by: float) -> Callable[[World], None]:
    return raise_(lambda w: getattr(w.state.employees, name), by)


def leaders(name: str, by: float) -> Callable[[World], None]:
    return raise_(lambda w: getattr(w.state.leaders, name), by)


def agree(world: World) -> None:
    """Everybody believes what people believe on average."""
    world.state.employees.belief[:] = world.state.employees.belief.mean()


def move_pay(to: int) -> Callable[[World], None]:
    def do(world: World) -> None:
        world.state.climate.pay[:, 0] -= 0.1
        world.state.climate.pay[:, to] += 0.1

    return do


def check_more(world: World) -> None:
    strategy = world.strategy.model_copy(update={"unlock": Unlock(keep_adjusting=1)})
    world.scenario = world.scenario.model_copy(update={"strategy": strategy})


def see_more(world: World) -> None:
    norms = world.rules.norms.model_copy(update={"feedback_visibility": world.rules.norms.feedback_visibility + 0.1})
    world.rules = world.rules._replace(norms=norms)


def all_help(world: World) -> None:
    world.state.employees.shares[:] = 1


THROUGH_CHAIN = ("chain", "value_known", "looks_out")
CHANGES: dict[str, Change] = {
    "belief": Change(staff("belief", 0.2), up("belief", "believers", "shared_belief")),
    "agreement": Change(agree, up("shared_belief"), frozenset({"believers"})),
    "engagement": Change(staff("engagement", 0.1), up("engagement", "belonging", "pride")),
    "skill": Change(staff("skill", 0.05), up("skill", "grown")),
    "empowerment": Change(staff("empowerment", 0.1), up("empowered")),
    "helping": Change(all_help, up("sharing")),
    "hostility": Change(raise_(lambda w: w.state.silos.hostility, 0.1), {"peace": -1}),
    "credibility": Change(
        raise_(lambda w: w.state.silos.credibility, 0.1), up("credibility", "voice", "credible_words")
    ),
    "failing requests": Change(raise_(lambda w: w.state.silos.fails, 0.1), {"handed_over": -1}),
    "success": Change(raise_(lambda w: w.state.silos.success, 0.1), up("success")),
    "backlog": Change(raise_(lambda w: w.state.silos.backlog, 0.2), {"survives": -1}),
    "pressure": Change(climate("pressure", 0.1), {"survives": -1, "courage_left": -1}),
    "capture": Change(link(CAPTURE), up("captured", *THROUGH_CHAIN)),
    "collate and retrieve": Change(
        raise_(lambda w: w.state.silos.chain[:, COLLATE : RETRIEVE + 1], 0.1), up("connected", *THROUGH_CHAIN)
    ),
    "utilise": Change(link(UTILISE), up("used", *THROUGH_CHAIN)),
    "share": Change(link(SHARE), up("shared_on", *THROUGH_CHAIN)),
    "knowledge": Change(count(KNOWLEDGE), up("current", "value_known")),
    "advocates": Change(count(ADVOCATES), up("advocates")),
    "participation": Change(count(PARTICIPATION), up("participation")),
    "owners": Change(count(COVERED), up("differently")),
    "web and pool": Change(count(WEB_SERVED), up("differently")),
    "retention acts": Change(count(ACTS, 2), up("acts")),
    "fits": Change(count(OFFERS_FIT), up("fit")),
    "adapted": Change(count(ADAPTED), up("tailored")),
    "own offers": Change(count(OWN_OFFERS), up("tailored")),
    "recovered": Change(count(RECOVERED), up("recovered")),
    "insight system": Change(design(INSIGHT), up("scored")),
    "feedback": Change(design(FEEDBACK), up("feedback", "seen")),
    "visibility": Change(see_more, up("seen")),
    "teams": Change(design(TEAMS), up("teams")),
    "portfolios": Change(design(PORTFOLIO), up("portfolios")),
    "training": Change(design(TRAINING), up("trained")),
    "culture programme": Change(design(CULTURE_PROGRAMME), {}),
    "customer pay": Change(move_pay(3), up("paid_for_customers", "paid_together")),
    "team pay": Change(move_pay(2), up("paid_together")),
    "silo pay": Change(move_pay(1), {}),
    "fence": Change(
        raise_(lambda w: w.state.climate.fence, 0.1), up("tiers", "answerable", "orchestrated"),
        frozenset({"portfolios"}),
    ),
    "wide fence": Change(
        raise_(lambda w: w.state.climate.fence, 0.7), up("tiers", "answerable", "orchestrated", "portfolios")
    ),
    "authority": Change(term(AUTHORITY), up("orchestrated")),
    "business rules": Change(term(BUSINESS_RULES), up("orchestrated")),
    "accountability": Change(term(ACCOUNTABILITY), up("answerable")),
    "projected value": Change(term(PROJECTED), up("answerable")),
    "self-service": Change(term(SELF_SERVICE), up("tiers")),
    "two-way": Change(climate("two_way", 0.1), up("voice", "dialogue")),
    "reach": Change(climate("reach", 0.1), up("dialogue")),
    "trusted reach": Change(climate("trusted_reach", 0.1), up("credible_words")),
    "words": Change(climate("words", 0.1), up("said")),
    "written values": Change(raise_(lambda w: w.state.silos.traits[:, 0], 0.1), up("said")),
    "unwritten values": Change(raise_(lambda w: w.state.silos.traits[:, 1], 0.1), {}),
    "leaders' belief": Change(leaders("belief", 0.1), up("leaders_belief", "courage_left")),
    "buy-in": Change(leaders("buy_in", 0.1), up("buy_in", "leaders_commit")),
    "attention": Change(leaders("attention", -0.1), {"leaders_commit": -1}),
    "behaviours": Change(leaders("behaviours", 0.1), up("leaders_show")),
    "stage": Change(leaders("stage", 0.5), up("looks_out", "courage_left", "checked")),
    "checkpoints": Change(check_more, up("checked")),
    "practised for customers": Change(raise_(lambda w: w.state.silos.practised[:, FEEDBACK], 0.2), up("customer_plan")),
    "practised inside": Change(raise_(lambda w: w.state.silos.practised[:, TEAMS], 0.2), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_moves_its_signals_and_scores_and_no_others(model: OrganisationModel, name: str) -> None:
    world, change = other_world(model), CHANGES[name]
    before, scores = whole(read_signals(world)), indices(world)
    change.do(world)
    after, later = whole(read_signals(world)), indices(world)
    for signal in SIGNALS:
        assert 0 <= after[signal] <= 1 + 1e-12, signal
        if signal not in change.may:
            step = after[signal] - before[signal]
            assert np.sign(step) * (abs(step) > 1e-12) == change.moves.get(signal, 0), signal
    for score, signals in SCORES.items():
        signs = {change.moves[signal] for signal in signals & change.moves.keys()}
        if signals & change.may:
            continue
        assert len(signs) <= 1
        step = later[score] - scores[score]
        assert np.sign(step) * (abs(step) > 1e-12) == next(iter(signs), 0), score


def test_every_signal_is_moved_by_something() -> None:
    assert {signal for change in CHANGES.values() for signal in change.moves} == SIGNALS.keys()


def test_every_signal_is_used() -> None:
    assert set().union(*SCORES.values(), *NEEDS.values()) == SIGNALS.keys()
    assert MATURITY.keys() | CULTURE.keys() == SCORES.keys() | MADE_OF_SCORES


@pytest.mark.parametrize("score", SCORES)
def test_a_score_rises_with_each_of_its_signals_alone(model: OrganisationModel, score: str) -> None:
    world = model.world
    level = {name: np.full(len(world.structure.silos) + 1, 0.4) for name in SIGNALS}

    def value(signals: Signals) -> float:
        return indices_if(world, whole(signals))[score]

    low, high = RANGE[{**MATURITY, **CULTURE}[score][0]]
    assert value({name: 0 * v for name, v in level.items()}) == pytest.approx(low)
    assert value({name: v / 0.4 for name, v in level.items()}) == pytest.approx(high)
    for signal in SIGNALS:
        step = value({**level, signal: level[signal] + 0.2}) - value(level)
        part = 0.2 * (high - low) / len(SCORES[score]) if signal in SCORES[score] else 0.0
        assert step == pytest.approx(part, abs=1e-12), signal


# --- Customer experience maturity -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("score", "level"), [
    (1.0, 1), (np.nextafter(1.5, 0), 1), (1.5, 2), (np.nextafter(2.5, 0), 2), (2.5, 3), (np.nextafter(3.5, 0), 3),
    (3.5, 4), (np.nextafter(4.5, 0), 4), (4.5, 5), (5.0, 5),
])  # fmt: skip
def test_levels_are_cut_where_the_survey_cuts_them(score: float, level: int) -> None:
    assert level_of(score) == level
    assert CUTS == (1.5, 2.5, 3.5, 4.5)


def test_overall_maturity_is_the_mean_of_four_scores(model: OrganisationModel) -> None:
    found = measure_indices(model.world)[0]
    assert found["cemm"] == pytest.approx(sum(found[name] for name in CEMM) / 4)
    assert found["cemm_level"] == level_of(found["cemm"])
    half = indices_if(model.world, dict.fromkeys(SIGNALS, 0.5))
    assert half["cemm"] == 3.0 and half["cemm_level"] == 3.0


# --- Barrett ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("needs", "level"), [
    ([0, 0, 0, 0, 0, 0, 0], 1), ([0.9, 1, 1, 1, 1, 1, 1], 1), ([1, 0, 1, 1, 1, 1, 1], 1),
    ([1, 0.4, 1, 1, 1, 1, 1], 1.4),
    ([1, 1, 0.25, 0.9, 0, 0, 0], 2.25), ([2, 3, 1, 0.5, 1, 1, 1], 3.5), ([1, 1, 1, 1, 1, 1, 0.5], 6.5),
    ([1, 1, 1, 1, 1, 1, 9], 7),
])  # fmt: skip
def test_a_stage_counts_only_when_all_lower_needs_are_met(needs: list[float], level: float) -> None:
    assert climb(np.array([needs, needs], dtype=float).T.copy()).tolist() == pytest.approx([level, level])


@pytest.mark.parametrize("stage", NEEDS)
def test_a_need_is_met_by_all_of_its_signals(model: OrganisationModel, stage: str) -> None:
    world = model.world
    names, met = list(NEEDS), BARRETT[stage][1]
    k = names.index(stage)
    level = {name: np.ones(3) for name in SIGNALS}
    assert barrett_of(world, level).tolist() == [7, 7, 7]
    missing = {**level, **dict.fromkeys(NEEDS[stage], np.zeros(3))}
    for signal in NEEDS[stage] if k else ():
        step = barrett_of(world, {**missing, signal: np.full(3, 0.1)}) - barrett_of(world, missing)
        below = [signal in NEEDS[name] for name in names[:k]]
        assert any(below) or step == pytest.approx(np.full(3, 0.1 / len(NEEDS[stage]) / met)), signal
    assert barrett_of(world, missing)[0] <= max(1, k)
    exactly = {**level, **dict.fromkeys(NEEDS[stage], np.full(3, met))}
    barely = {**level, **dict.fromkeys(NEEDS[stage], np.full(3, met - 0.01))}
    assert barrett_of(world, exactly)[0] == 7 or "advocates" in NEEDS[stage]
    assert barrett_of(world, barely)[0] < 7


def test_advocates_count_for_service_as_well(model: OrganisationModel) -> None:
    world = model.world
    level = {name: np.ones(3) for name in SIGNALS}
    some = {**level, "believers": np.full(3, 0.6)}
    assert barrett_of(world, some)[0] == 7
    assert barrett_of(world, {**some, "advocates": np.full(3, 0.9)})[0] == pytest.approx(6 + 0.75 / 0.8)
    assert barrett_of(world, {**level, "believers": np.full(3, 0.2)})[0] == pytest.approx(6 + 0.6 / 0.8)


def test_a_unit_is_measured_by_itself(model: OrganisationModel) -> None:
    world = other_world(model)
    before = measure_indices(world)[1]
    world.state.silos.hostility[0] = world.state.silos.fails[0] = 1.0
    after = measure_indices(world)[1]
    assert after.shape == (len(world.structure.silos),)
    assert after[0] < 2 and (after[1:] == before[1:]).all() and before[0] > after[0]


@pytest.mark.parametrize("organisation", ["small_firm", "midwest_telecom"])
def test_an_unchanged_conventional_firm_is_of_low_maturity(organisation: str) -> None:
    changes = {"months": 1, "burn_in": 12} | ({"organisation.customers.number": 3000} if "west" in organisation else {})
    found = measure_indices(burn_in(shortened(organisation, changes), 1, 0).world)[0]
    assert found["cemm_level"] == 2 and 2 <= found["barrett"] <= 3.5
    assert all(found["cemm_orientation"] > found[name] for name in CEMM if name != "cemm_orientation")


# --- Culture ----------------------------------------------------------------------------------------------------------


def test_a_missing_part_of_responsiveness_cannot_be_made_up_for(model: OrganisationModel) -> None:
    half = dict.fromkeys(SIGNALS, 0.5)
    assert indices_if(model.world, half)["mri"] == pytest.approx(50)
    for part in ("mri_generated", "mri_disseminated", "mri_acted"):
        found = indices_if(model.world, dict.fromkeys(SIGNALS, 1.0) | dict.fromkeys(SCORES[part], 0.0))
        assert found[part] == 0 and found["mri"] == 0
    uneven = indices_if(model.world, half | dict.fromkeys(SCORES["mri_disseminated"], 0.125))
    assert uneven["mri_disseminated"] < uneven["mri"] < np.mean([uneven[f"mri_{p}"] for p in ("generated", "acted")])


def test_alignment_is_lost_when_one_lever_runs_ahead_or_stays_behind(model: OrganisationModel) -> None:
    half = dict.fromkeys(SIGNALS, 0.5)
    assert indices_if(model.world, half)["alignment"] == 1
    for lever in ("lever_strategy", "lever_structure", "lever_people", "lever_process", "lever_rewards"):
        assert indices_if(model.world, half | dict.fromkeys(SCORES[lever], 0.9))["alignment"] == pytest.approx(0.6)
        assert indices_if(model.world, half | dict.fromkeys(SCORES[lever], 0.2))["alignment"] == pytest.approx(0.7)


def test_engagement_and_orientation(model: OrganisationModel) -> None:
    found = measure_indices(model.world)[0]
    assert found["q12"] == pytest.approx(1 + 4 * model.state.employees.engagement.mean())
    parts = [found[f"orientation_{part}"] for part in ("retention", "differently", "value", "freedom")]
    assert found["orientation"] == pytest.approx(np.mean(parts))


def test_idle_spending_is_what_was_paid_and_is_not_practised(model: OrganisationModel) -> None:
    world = other_world(model)
    table, state = world.structure.initiatives, world.state
    state.plan.paid[:] = 0
    assert idle_spending(world) == 0
    state.plan.paid[:, TEAMS] = table.install[TEAMS]
    state.climate.design[:, TEAMS] = 0.25
    price = table.price[TEAMS] * world.employees
    assert idle_spending(world) == pytest.approx(0.75 * price)
    state.climate.design[:, TEAMS] = 1.0
    assert idle_spending(world) == pytest.approx(0, abs=1e-9)
    state.plan.paid[:] = 0
    state.plan.paid[1, INSIGHT] = table.install[INSIGHT] / 2
    state.climate.design[1, INSIGHT] = 0.0
    half = table.price[INSIGHT] * world.employees / 2 * state.silos.size[1] / state.silos.size.sum()
    assert idle_spending(world) == pytest.approx(half)


# --- All of them ------------------------------------------------------------------------------------------------------


def within_bounds(world: World) -> None:
    signals = read_signals(world)
    found, levels = measure_indices(world)
    assert list(found) == [*MATURITY, *CULTURE]
    for name, value in found.items():
        low, high = RANGE[{**MATURITY, **CULTURE}[name][0]]
        assert isinstance(value, float) and low - 1e-9 <= value <= high + 1e-9, name
    assert (levels >= 1).all() and (levels <= 7).all()
    assert all(np.isfinite(values).all() for values in signals.values())


def test_bounds_from_the_first_month_of_the_burn_in(small_firm: Scenario) -> None:
    model = OrganisationModel(small_firm, seed=1)
    within_bounds(model.world)
    for _ in range(2):
        model.advance()
        within_bounds(model.world)


@pytest.mark.parametrize("extreme", [0.0, 1.0])
def test_bounds_in_the_extreme(model: OrganisationModel, extreme: float) -> None:
    world = other_world(model)
    state = world.state
    for table in (
        state.employees.belief, state.employees.engagement, state.employees.skill, state.employees.empowerment,
        state.employees.shares, state.silos.hostility, state.silos.credibility, state.silos.chain, state.silos.fails,
        state.silos.success, state.silos.traits, state.silos.formal, state.silos.practised, state.climate.design,
        state.climate.governance, state.climate.fence, state.leaders.belief, state.leaders.buy_in,
        state.leaders.attention, state.leaders.behaviours,
    ):  # fmt: skip
        table[...] = extreme
    state.tally.silos[:] = 100 * extreme
    state.silos.backlog[:] = 3 * extreme
    state.climate.pay[:] = [1 - extreme, 0, 0, extreme]
    state.climate.two_way = state.climate.reach = state.climate.trusted_reach = state.climate.words = extreme
    state.climate.pressure = 1e6 * extreme
    within_bounds(world)


def test_measuring_changes_nothing(model: OrganisationModel) -> None:
    before = flat(model.state)
    first = indices(model.world), measure_indices(model.world)[1]
    again = indices(model.world), measure_indices(model.world)[1]
    assert changed(before, flat(model.state)) == []
    assert first[0] == again[0] and (first[1] == again[1]).all()


def test_rows_are_named_in_the_order_of_the_signals() -> None:
    assert [getattr(rows, name.upper()) for name in SIGNALS] == list(range(len(SIGNALS)))


def test_signals_are_copies(model: OrganisationModel) -> None:
    world = other_world(model)
    before = flat(world.state)
    for values in read_signals(world).values():
        values[...] = -1.0
    assert changed(before, flat(world.state)) == []


def test_measures_are_described() -> None:
    for unit, direction, meaning in (*MATURITY.values(), *CULTURE.values()):
        assert unit in RANGE and direction in (-1, 1) and meaning
    assert list(CEMM) == list(MATURITY)[:4] and list(BARRETT) == list(NEEDS)
