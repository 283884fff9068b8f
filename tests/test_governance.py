"""Relationship governance does what it says: who owns whom, what owners may and must do, who waits, who is let go.

Most tests stop a month before one phase and let that phase alone act on copies of the same state that differ in one
term, so that what it does can be compared customer by customer.
"""

from __future__ import annotations

import dataclasses
import math
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from sim.columns import (
    CAPABILITIES_MANAGER,
    CONVERTED,
    IN_PERSON,
    PORTFOLIO_MANAGER,
    PRACTISING,
    PRODUCT_MANAGER,
    WEB_AND_POOL,
)  # fmt: skip
from sim.draws import Stream, uniform_table
from sim.measures.portfolios import portfolios
from sim.model import PHASES, OrganisationModel
from sim.params.field import replace
from sim.params.organisation import Function
from sim.params.settings import PlannedGovernance
from sim.params.strategy import INITIATIVES, PORTFOLIO, Strategy
from sim.phases import customers, experience, offers, service
from sim.phases import portfolios as drawing
from sim.phases.estimates import spend_at_stake
from sim.phases.governance import fence_by_now, supply, update_governance
from sim.phases.information import chain_strength
from sim.phases.offers import push_rate
from sim.phases.service import OWNED, WAITED, WAITED_FIRST, unit_inputs
from sim.run import Variant, burn_in, fork
from sim.state import (
    ACCOUNTABILITY,
    ADAPTED,
    AUTHORITY,
    BLOCKED,
    BUSINESS_RULES,
    CAPABILITIES,
    COLLISIONS,
    COVERED,
    CUSTOMERS,
    GOVERNANCE,
    HANDOFFS_DONE,
    LEFT,
    N_CONTACTS,
    OFFERS_FIT,
    OFFERS_MADE,
    OWN_OFFERS,
    PRIORITY,
    PROJECTED,
    RELEASED,
    SERVICE_COST,
    WEB_SERVED,
    WON,
    WORK,
    records_of,
    rules_of,
)  # fmt: skip
from sim.world import World
from tests.test_rules import rich_scenario

SEED = 7
PLAIN = dict.fromkeys(GOVERNANCE, 0.0)  # product management to the letter
EAGER = {"customers.offers.rate": 0.5}  # offers enough to count
WIDE = {"span": 1e6}
SURE = {"customers.acquisition.convert": 1.0, "customers.acquisition.divest": 1.0}
DEAR = {"organisation.economics.contact_cost": 400.0}  # so that many cost more than they bring


@cache
def origin() -> OrganisationModel:
    """The rich organisation at the end of a burn-in under product management."""
    terms = {f"governance.{name}": value for name, value in {**PLAIN, "customer_share": 0.0}.items()}
    return burn_in(replace(rich_scenario(customers=2_000), terms), SEED, 0)


def governed(months: int = 1, changes: dict[str, Any] | None = None, **terms: float) -> OrganisationModel:
    """Some months after month 0 under given terms and no programme; terms that are not named are zero."""
    inside = {f"governance.{name}": value for name, value in {**PLAIN, **terms}.items()}
    changed = tuple({**inside, **(changes or {})}.items())
    model = fork(origin(), Variant("governed", Strategy(), changes=changed))
    for _ in range(months):
        model.advance()
    return model


def stopped_before(model: OrganisationModel, phase: ModuleType) -> World:
    """The world in the middle of a month: everything up to a phase has happened."""
    for earlier in PHASES[: PHASES.index(phase)]:
        earlier.advance(model.world)
    return model.world


def twin(world: World, terms: dict[int, float] | None = None) -> World:
    """A copy of the world with some terms in force everywhere."""
    copy = dataclasses.replace(world, state=world.state.fork())
    for term, value in (terms or {}).items():
        copy.state.climate.governance[:, term] = value
    return copy


def ruled(world: World, changes: dict[str, Any]) -> World:
    """A copy of the world in which other parameters hold from here on."""
    scenario = replace(world.scenario, changes)
    rules = rules_of(scenario)
    return dataclasses.replace(twin(world), scenario=scenario, rules=rules, records=records_of(rules))


def counted(world: World) -> np.ndarray:
    """The month's counts of the whole organisation."""
    return np.asarray(world.state.tally.silos.sum(axis=(0, 1)))


def settled(world: World) -> np.ndarray:
    """Customers who were customers before this month and still are."""
    c = world.state.customers
    return np.flatnonzero((c.alive == 1) & (c.tenure > 0))


# --- Who owns whom ----------------------------------------------------------------------------------------------------


def test_under_product_management_nobody_is_owned_and_nothing_held_back() -> None:
    model = governed(1, EAGER, authority=1, accountability=1, projected=0.5, span=1e6)
    for _ in range(4):
        model.advance()
        t = counted(model.world)
        assert (model.state.customers.owner == -1).all()
        assert t[COVERED] == t[BLOCKED] == t[ADAPTED] == t[OWN_OFFERS] == t[RELEASED] == t[WEB_SERVED] == 0
        assert t[OFFERS_MADE] > 0 and t[COLLISIONS] > 0
    assert model.inputs.governance.mode == "product"


def test_under_customer_management_everybody_is_owned_by_a_manager_of_the_home_unit() -> None:
    model = governed(2, customer_share=1, span=1e6)
    c, e, rows = model.state.customers, model.state.employees, np.flatnonzero(model.state.customers.alive)
    assert (c.owner[rows] >= 0).all() and (c.owner[c.alive == 0] == -1).all()
    assert (e.role[c.owner[rows]] == PORTFOLIO_MANAGER).all()
    np.testing.assert_array_equal(e.silo[c.owner[rows]], c.home[rows])
    held = portfolios(model.world)
    assert sum(p.customers for p in held) == len(rows) * model.inputs.organisation.customers.weight
    assert len({p.employee for p in held}) == len(held) == model.structure.units.managers.sum()
    shared = [p.customers for p in held if p.unit == "alpha"]
    assert max(shared) - min(shared) < 0.5 * max(shared)  # one manager does not own them all
    assert model.inputs.governance.mode == "customer"


def test_every_home_has_portfolio_managers_whatever_it_does() -> None:
    """No product unit at all: service units own their customers, units without customers have no portfolios."""
    organisation = rich_scenario(800).organisation
    silos = {name: silo.model_copy(update={"function": Function.SERVICE}) for name, silo in organisation.silos.items()}
    other = organisation.model_copy(update={"silos": silos})
    scenario = rich_scenario(800).model_copy(update={"organisation": other})
    model = burn_in(replace(scenario, {"governance.customer_share": 1.0, "governance.span": 1e7}), SEED, 0)
    c, e, rows = model.state.customers, model.state.employees, settled(model.world)
    np.testing.assert_array_equal(e.silo[c.owner[rows]], c.home[rows])
    assert (c.owner[rows] >= 0).all() and (e.role[c.owner[rows]] == PORTFOLIO_MANAGER).all()
    assert (model.structure.units.managers[:2] > 0).all() and (model.structure.units.managers[2:] == 0).all()
    assert counted(model.world)[OFFERS_MADE] == counted(model.world)[OWN_OFFERS]  # nobody pushes products
    assert np.isfinite(model.state.ledger.profit)


def test_without_product_units_nobody_pushes_however_hard() -> None:
    organisation = rich_scenario(800).organisation
    silos = {name: silo.model_copy(update={"function": Function.SERVICE}) for name, silo in organisation.silos.items()}
    other = organisation.model_copy(update={"silos": silos})
    scenario = replace(rich_scenario(800).model_copy(update={"organisation": other}), {"customers.offers.rate": 1.0})
    world = stopped_before(OrganisationModel(scenario, seed=SEED), offers)
    offers.advance(world)
    assert counted(world)[OFFERS_MADE] == counted(world)[OWN_OFFERS]


def test_the_fence_is_never_wider_than_the_span() -> None:
    for span in (500.0, 1_000.0, 2_000.0):
        model = governed(1, customer_share=1, span=span)
        organisation, units = model.inputs.organisation, model.structure.units
        represented = organisation.customers.number * organisation.customers.weight * organisation.customers.occupied
        homes = np.array([silo.home_share for silo in organisation.silos.values()])
        able = units.managers * organisation.employees.weight * span
        wanted = np.divide(able, homes * represented, out=np.zeros(5), where=homes > 0)
        np.testing.assert_allclose(model.state.climate.fence, np.minimum(1, wanted), rtol=1e-12)
        assert 0 < wanted[:2].max() < 1
    np.testing.assert_array_equal(governed(1, customer_share=0.25, **WIDE).state.climate.fence, [0.25, 0.25, 0, 0, 0])


def owned_in(world: World, s: int) -> int:
    """Customers of a unit who have an owner."""
    c = world.state.customers
    return int(((c.home == s) & (c.owner >= 0)).sum())


def living_in(world: World, s: int) -> int:
    """Customers of a unit."""
    c = world.state.customers
    return int(((c.home == s) & (c.alive == 1)).sum())


def test_the_span_binds_to_the_last_customer_also_when_the_base_grows() -> None:
    """As many as portfolio managers can own, not one more or less, while the base outgrows them."""
    model = governed(1, {"market.competitor_pull": 0.0}, customer_share=1, span=10_000)
    organisation, managers = model.inputs.organisation, model.structure.units.managers
    able = managers * organisation.employees.weight * 10_000 / organisation.customers.weight
    for month in range(36):
        model.advance()
        for s in (0, 1):
            assert owned_in(model.world, s) <= able[s]
            if month > 24:
                assert owned_in(model.world, s) == int(able[s]) < living_in(model.world, s)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.8, 1.0])
def test_the_fence_takes_exactly_its_share_of_the_highest_estimated_lifetime_values(share: float) -> None:
    """Worked out anew from spend, wallet, hazard, cost to serve, and the enterprise's errors about them."""
    world = stopped_before(governed(3, DEAR, customer_share=share, **WIDE), drawing)
    value = estimated_value(world)
    drawing.advance(world)
    c = world.state.customers
    for home in (0, 1):
        here = np.flatnonzero((c.alive == 1) & (c.home == home))
        owned = c.owner[here] >= 0
        assert owned.sum() == math.floor(share * len(here) + 1e-9)
        assert share == 1 or value[here][owned].min() >= value[here][~owned].max()
    assert (c.owner[c.alive == 0] == -1).all()


def estimated_value(world: World) -> np.ndarray:
    """Lifetime value of every slot, served in person, as the enterprise sees it."""
    c, e, rules = world.state.customers, world.rules.economics, world.rules
    known = c.knowledge.astype(float) * chain_strength(world.state.silos.chain, world.rules.information.weakest)[c.home]
    error = rules.customers.estimate_error * (1 - known)
    cost = e.contact_cost * rules.market.contact_rate * c.service_cost.astype(float)
    unpaid = spend_at_stake(world)[c.segment] * (1 - c.satisfaction.astype(float))
    brings = (e.margin - unpaid) * c.wallet.astype(float) * c.spend.astype(float) * np.exp(error * c.error)
    hazard = c.hazard.astype(float) * np.exp(error * c.misjudged)
    return np.asarray((brings - cost) * months_of_cash(hazard, c.tenure, e.monthly_discount, rules))


def months_of_cash(hazard: np.ndarray, tenure: np.ndarray, discount: float, rules: Any) -> np.ndarray:
    """Added up month after month; the natural end is in the hazard of the month after the horizon was reached."""
    horizon, found, there = 12 * rules.customers.horizon_years, np.zeros(len(hazard)), np.ones(len(hazard))
    for month in range(3000):
        comes = (tenure + month >= horizon) & (tenure <= horizon)
        there *= np.exp(-hazard - rules.customers.natural_end_per_month * comes) / (1 + discount)
        found += there
    return found


def test_a_share_of_customers_is_counted_without_rounding_errors() -> None:
    world = twin(governed(1, customer_share=0.5, **WIDE).world)
    for percent in range(1, 100):
        world.state.climate.fence[:] = percent / 100
        found = [drawing.number_inside(world, 0, n) for n in range(0, 2_000, 100)]
        assert found == [percent * n // 100 for n in range(0, 2_000, 100)]


def test_a_customer_keeps_her_owner_while_she_stays_inside() -> None:
    model = governed(3, customer_share=0.4, **WIDE)
    before = model.state.customers.owner.copy()
    for _ in range(6):
        model.advance()
        c = model.state.customers
        both = (before >= 0) & (c.owner >= 0) & (c.tenure > 6)
        np.testing.assert_array_equal(c.owner[both], before[both])
    assert both.sum() > 100


def test_where_all_are_alike_customer_management_still_owns_everybody() -> None:
    names = ("contract", "prepaid")
    alike = {f"organisation.customers.segments.{name}.spend_spread": 0.0 for name in names}
    alike |= {f"organisation.customers.segments.{n}.spend_median": v for n, v in zip(names, (90.1, 59.7), strict=True)}
    alike |= {"organisation.customers.estimate_error": 0.0, "governance.customer_share": 1.0, "governance.span": 1e7}
    model = burn_in(replace(rich_scenario(800), alike), SEED, 0)
    assert (model.state.customers.owner[settled(model.world)] >= 0).all()


def test_owners_do_not_court_prospects_of_low_estimated_value() -> None:
    """With full selectivity nobody below the line joins where there is a fence; without a fence it has no effect."""

    base = stopped_before(governed(2, customer_share=0.2, **WIDE), customers)
    c, segments, error = base.state.customers, base.structure.segments, base.rules.customers.estimate_error
    z = np.log(c.spend) - segments.log_spend[c.segment] + error * c.error
    z /= np.hypot(segments.spread[c.segment], error)
    prospects = np.flatnonzero(c.alive == 0)

    def joined(selectivity: float, fence: float = 0.2) -> set[int]:
        world = ruled(base, {"customers.acquisition.selectivity": selectivity})
        world.state.climate.fence[:] = fence
        customers.advance(world)
        return set(prospects[world.state.customers.alive[prospects] == 1])

    courted = joined(0.0)
    assert joined(1.0) == {i for i in courted if z[i] >= -1} != courted
    assert joined(1.0, fence=0.0) == joined(0.0, fence=0.0) == courted


# --- The plan ---------------------------------------------------------------------------------------------------------

PLANNED = PlannedGovernance(
    customer_share=0.8, first_share=0.2, widen_months=20, authority=0.9, accountability=0.6, projected=0.3,
    capabilities=0.7, business_rules=0.4, self_service=0.5, priority=0.2,
)  # fmt: skip


def planned(share: float, d: list[float], month: int, launched: int = 4) -> World:
    """The world some months into a plan that is practised in every unit as far as `d` says."""
    terms = {"authority": 0.1, "accountability": 0.2, "projected": 1.0, "capabilities": 0.0, "business_rules": 0.9,
             "self_service": 0.1, "priority": 0.8}  # fmt: skip
    changes = {f"governance.{name}": value for name, value in {**terms, "customer_share": share, "span": 1e6}.items()}
    plan = Strategy(governance=PLANNED, initiatives={"portfolio_governance": launched})
    world = fork(origin(), Variant("planned", plan, changes=tuple(changes.items()))).world
    world.state.plan.launched[PORTFOLIO] = launched
    world.state.plan.started[:, PORTFOLIO] = launched
    world.state.climate.design[:, PORTFOLIO] = d
    world.state.month = world.scenario.burn_in + month
    update_governance(world)
    return world


def test_planned_terms_act_as_far_as_they_are_practised() -> None:
    d = [0.0, 0.25, 0.5, 0.9, 1.0]
    world = planned(0.0, d, 10)
    before, plan, found = world.scenario.governance, PLANNED, world.state.climate.governance
    for k, name in enumerate(GOVERNANCE):
        old, new = getattr(before, name), getattr(plan, name)
        np.testing.assert_allclose(found[:, k], [old + (new - old) * x for x in d], rtol=1e-12, err_msg=name)
        assert found[0, k] == old and found[4, k] == new


def test_the_fence_widens_evenly_and_never_shrinks_below_what_held_before() -> None:
    for month, share in {4: 0.2, 9: 0.35, 14: 0.5, 24: 0.8, 60: 0.8}.items():
        world = planned(0.0, [1.0] * 5, month)
        np.testing.assert_allclose(fence_by_now(world), share, rtol=1e-12)
        np.testing.assert_allclose(world.state.climate.fence, [share, share, 0, 0, 0], rtol=1e-12)
        np.testing.assert_allclose(planned(0.0, [0.5, 0.0, 1, 1, 1], month).state.climate.fence[:2], [share / 2, 0])
        np.testing.assert_allclose(planned(0.45, [1.0] * 5, month).state.climate.fence[:2], max(share, 0.45))
        np.testing.assert_array_equal(planned(0.45, [0.0] * 5, month).state.climate.fence[:2], 0.45)
    at_once = planned(0.0, [1.0] * 5, 4)
    at_once.scenario = replace(at_once.scenario, {"strategy.governance.widen_months": 0})
    assert (fence_by_now(at_once) == 0.8).all()


def test_an_untouched_plan_changes_no_terms() -> None:
    """Without the portfolio initiative the planned terms are never in force."""
    plan = Strategy(initiatives={"capability_training": 0}, governance=PLANNED)
    other = Strategy(initiatives={"capability_training": 0})
    models = [fork(origin(), Variant("plan", s)) for s in (plan, other)]
    for _ in range(12):
        for model in models:
            model.advance()
        one, two = (m.state.climate.governance for m in models)
        np.testing.assert_array_equal(one, two)
        assert (models[0].state.customers.owner == -1).all()


# --- Offers -----------------------------------------------------------------------------------------------------------


@cache
def before_offers() -> World:
    """A hybrid organisation just before the month's offers; half of the customers are owned, engaged owners care."""
    return stopped_before(governed(3, EAGER, customer_share=0.5, authority=1, accountability=1, **WIDE), offers)


def offered(base: World | None = None, engagement: float = 1.0, **terms: float) -> World:
    """The world after offers made under some terms, the others zero."""
    world = twin(base or before_offers(), dict.fromkeys(range(len(GOVERNANCE)), 0.0))
    world.state.employees.engagement[:] = engagement
    for name, value in terms.items():
        world.state.climate.governance[:, GOVERNANCE.index(name)] = value
    offers.advance(world)
    return world


def pushed_only(engagement: float = 1.0, **terms: float) -> World:
    """The same where owners make no offers themselves."""
    return offered(ruled(before_offers(), {"customers.offers.owner_rate": 0.0}), engagement, **terms)


def pushed() -> tuple[float, float]:
    """Offers that product units push this month at the customers' own luck, and second ones among them."""
    world = before_offers()
    c, push = world.state.customers, push_rate(world)
    luck = c.luck_offers[c.alive == 1].astype(float)
    none, one = (1 - push) ** 2, 2 * push * (1 - push)
    return float((luck >= none).sum() + (luck >= none + one).sum()), float((luck >= none + one).sum())


def not_pushed() -> np.ndarray:
    """Customers to whom no product unit makes an offer: their owners may make one of their own."""
    world = before_offers()
    return world.state.customers.luck_offers < (1 - push_rate(world)) ** world.structure.n_product


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"authority": 1, "accountability": 1, "projected": 1},
        {"authority": 1, "accountability": 1, "projected": 0},
        {"authority": 0.7, "accountability": 0.9, "projected": 0.4, "business_rules": 0.6},
        {"business_rules": 1},
    ],
    ids=str,
)
def test_every_offer_is_made_or_held_back(terms: dict[str, float]) -> None:
    t, c = counted(offered(**terms)), before_offers().state.customers
    owned = np.flatnonzero((c.owner >= 0) & (c.alive == 1))
    luck = uniform_table(before_offers().key, Stream.OFFER, c.slot[owned], before_offers().state.month, ordinal=2)[:, 1]
    rate = before_offers().rules.offers.owner_rate * terms.get("accountability", 0)
    own = (luck < rate)[not_pushed()[owned]].sum()
    assert t[OFFERS_MADE] + t[BLOCKED] == pushed()[0] + own
    assert t[OWN_OFFERS] == own if terms.get("projected", 0) == 0 else t[OWN_OFFERS] <= own
    assert t[OWN_OFFERS] < own or terms.get("projected", 0) < 1  # fully answered for, some are held back for certain
    assert t[OFFERS_FIT] <= t[OFFERS_MADE] and t[ADAPTED] <= t[OFFERS_FIT]


@pytest.mark.parametrize("missing", ["authority", "accountability"])
def test_an_owner_who_may_not_or_must_not_holds_nothing_back(missing: str) -> None:
    """Offers of product units; what she makes herself is hers to hold back."""
    full = {"authority": 1.0, "accountability": 1.0, "projected": 1.0, "capabilities": 0.0}
    t, all_on = counted(pushed_only(**{**full, missing: 0.0})), counted(pushed_only(**full))
    assert t[BLOCKED] == t[ADAPTED] == 0 and t[COLLISIONS] == pushed()[1]
    assert all_on[BLOCKED] > 0 and all_on[ADAPTED] > 0


def test_who_answers_for_projected_value_blocks_poor_offers_of_product_units() -> None:
    future, present = (pushed_only(authority=1.0, accountability=1.0, projected=p) for p in (1.0, 0.0))
    owned, before = before_offers().state.customers.owner >= 0, before_offers().state.customers.satisfaction
    second = counted(present)[BLOCKED]  # of two offers she lets one through, whatever she answers for
    assert counted(future)[BLOCKED] > second > 0
    assert second + counted(present)[COLLISIONS] == pushed()[1]
    assert (future.state.customers.satisfaction[owned] == before[owned]).all()  # nothing poor reaches her customers
    assert (present.state.customers.satisfaction[owned] < before[owned]).any()
    content = [one.state.customers.satisfaction[~owned] for one in (future, present)]
    np.testing.assert_array_equal(*content)


def test_own_offers_are_as_frequent_as_she_answers_for_her_portfolio() -> None:
    owned = (before_offers().state.customers.owner >= 0) & (before_offers().state.customers.alive == 1) & not_pushed()
    rate, shares = before_offers().rules.offers.owner_rate, (1, 0.5, 0.25, 0)
    found = [counted(offered(accountability=share))[OWN_OFFERS] for share in shares]
    for count, share in zip(found, shares, strict=True):
        assert abs(count - share * rate * owned.sum()) <= 4.5 * np.sqrt(owned.sum() * share * rate)
    assert found == sorted(found, reverse=True) and found[3] == 0 < found[2]


def test_who_answers_for_projected_value_holds_back_poor_offers_of_her_own() -> None:
    """The same fitting ones; of the poor ones as many fewer as she knows of the customer."""
    base = ruled(before_offers(), {"customers.offers.rate": 0.0, "customers.offers.owner_tacit": 0.0})
    base.state.silos.chain[:] = 1.0
    asked_for = counted(offered(base, accountability=1.0))[OWN_OFFERS]

    def own(projected: float, knowledge: float) -> tuple[float, float]:
        world = twin(base, {ACCOUNTABILITY: 1, AUTHORITY: 0, CAPABILITIES: 0, PROJECTED: projected})
        world.state.customers.knowledge[:] = knowledge
        offers.advance(world)
        t = counted(world)
        assert t[OFFERS_MADE] == t[OWN_OFFERS] and t[OFFERS_MADE] + t[BLOCKED] == asked_for
        return t[OFFERS_FIT], t[OWN_OFFERS] - t[OFFERS_FIT]

    for knowledge in (0.0, 0.5, 1.0):
        doses = [own(projected, knowledge) for projected in (0.0, 0.5, 1.0)]
        assert doses[0][0] == doses[1][0] == doses[2][0] > 0
        poor = [found[1] for found in doses]
        assert poor[0] == poor[1] == poor[2] if knowledge == 0 else poor[0] > poor[1] > poor[2]
    assert own(1.0, 1.0)[1] == 0


def test_an_owner_who_does_not_care_lets_everything_through() -> None:
    world = pushed_only(engagement=0.0, authority=1.0, accountability=1.0, projected=1.0)
    assert counted(world)[BLOCKED] == counted(world)[ADAPTED] == 0


def test_rules_hold_back_second_offers_to_those_without_owner_only() -> None:
    """Where nothing is known of customers, rules stop collisions and nothing else."""
    found, seconds = [], []
    for strict in (0.0, 0.3, 0.7, 1.0):
        world = twin(before_offers(), {term: 0 for term in range(len(GOVERNANCE))} | {BUSINESS_RULES: strict})
        world.state.customers.knowledge[:] = 0.0
        offers.advance(world)
        t = counted(world)
        assert t[COLLISIONS] + t[BLOCKED] == pushed()[1]
        found.append(t[BLOCKED])
        seconds.append(world.state.customers.satisfaction.copy())
    owned = before_offers().state.customers.owner >= 0
    c = before_offers().state.customers
    luck, push = c.luck_offers.astype(float), push_rate(before_offers())
    two = (luck >= (1 - push) ** 2 + 2 * push * (1 - push)) & (c.alive == 1)
    assert found[0] == 0 < found[1] < found[2] < found[3] == (two & ~owned).sum()
    np.testing.assert_array_equal(seconds[0][owned], seconds[3][owned])
    assert (seconds[0][two & ~owned] <= seconds[3][two & ~owned]).all()


def test_rules_hold_back_poor_offers_as_far_as_customers_are_known() -> None:
    blocked = []
    base = ruled(before_offers(), {"customers.offers.fit_usable": 0.0})  # the same offers fit
    for knowledge in (0.0, 0.5, 1.0):
        world = twin(base, {term: 0 for term in range(len(GOVERNANCE))} | {BUSINESS_RULES: 1})
        world.state.customers.knowledge[:] = knowledge
        world.state.silos.chain[:] = 1.0
        offers.advance(world)
        blocked.append(counted(world)[BLOCKED])
    assert blocked[0] < blocked[1] < blocked[2]


def test_capabilities_managers_push_less_help_owners_adapt_and_are_counted() -> None:
    none, some = before_offers(), twin(before_offers(), {CAPABILITIES: 0.75})
    climate = some.state.climate
    np.testing.assert_array_equal(supply(climate.fence, climate.governance), [0.75, 0.75, 0, 0, 0])
    assert push_rate(some) == pytest.approx(0.25 * push_rate(none), rel=1e-12)
    world = twin(before_offers(), {AUTHORITY: 1, ACCOUNTABILITY: 1, CAPABILITIES: 0, PROJECTED: 0, BUSINESS_RULES: 0})
    helped = twin(world, {CAPABILITIES: 1.0})
    for one in (world, helped):
        one.state.customers.owner[:] = np.where(one.state.customers.alive, one.structure.units.first[1] - 1, -1)
        one.state.climate.fence[:] = 0.0  # nobody supplies: the same push
        offers.advance(one)
    assert counted(helped)[ADAPTED] > counted(world)[ADAPTED] > 0
    assert counted(offered(capabilities=1.0))[OFFERS_MADE] == 0  # all supply, nobody pushes


def test_roles_follow_capabilities_and_return() -> None:
    model = governed(1, customer_share=0.3, capabilities=0.6, **WIDE)
    world, first = model.world, model.structure.units.first
    role = world.state.employees.role

    def heads(unit: int, which: int) -> int:
        return int((role[first[unit] : first[unit + 1]] == which).sum())

    every = [heads(s, PRODUCT_MANAGER) + heads(s, CAPABILITIES_MANAGER) for s in (0, 1)]
    others = np.flatnonzero((role != PRODUCT_MANAGER) & (role != CAPABILITIES_MANAGER))
    kept = role[others].copy()
    assert min(every) >= 2
    for share in (0.0, 0.5, 0.6, 1.0, 0.2):
        world.scenario = replace(world.scenario, {"governance.capabilities": share})
        world.rules = world.rules._replace(governance=world.scenario.governance)
        update_governance(world)
        assert [heads(s, CAPABILITIES_MANAGER) for s in (0, 1)] == [round(share * n) for n in every]
        assert [heads(s, PRODUCT_MANAGER) + heads(s, CAPABILITIES_MANAGER) for s in (0, 1)] == every
    world.rules = world.rules._replace(governance=replace(world.rules.governance, {"customer_share": 0.0}))
    update_governance(world)
    assert [heads(s, CAPABILITIES_MANAGER) for s in range(5)] == [0] * 5
    np.testing.assert_array_equal(role[others], kept)


def test_to_answer_for_more_than_one_may_decide_strains_portfolio_managers_only() -> None:
    base = stopped_before(governed(2, customer_share=0.3, authority=0.5, accountability=0.5, **WIDE), experience)
    before = base.state.employees
    managers = before.role == PORTFOLIO_MANAGER

    def engaged(accountability: float, fence: float = 0.3) -> np.ndarray:
        world = twin(base, {ACCOUNTABILITY: accountability, AUTHORITY: 0.5})
        world.state.climate.fence[:] = fence
        experience.advance(world)
        stay = world.state.employees.generation == before.generation
        return np.where(stay, world.state.employees.engagement, np.nan)

    equal, more, most, less = (engaged(a) for a in (0.5, 0.7, 1.0, 0.1))
    np.testing.assert_array_equal(equal[~managers], most[~managers])
    stay = managers & ~np.isnan(equal)
    assert stay.sum() >= 2 and (more[stay] < equal[stay]).all() and (most[stay] < more[stay]).all()
    np.testing.assert_array_equal(less, equal)
    np.testing.assert_array_equal(engaged(1.0, fence=0.0), engaged(0.5, fence=0.0))


def powerless(world: World) -> np.ndarray:
    """How powerless portfolio managers are in every unit."""
    climate, usual = world.state.climate, experience.usual_powerless(world)
    units = zip(climate.governance, climate.fence, strict=True)
    return np.array([experience.powerless(terms, fence, usual) for terms, fence in units])


def test_a_strain_that_was_usual_before_the_programme_is_no_news() -> None:
    """Engagement is what it is under the terms that held before; only what the programme adds strains or relieves."""
    base = stopped_before(governed(2, customer_share=0.3, authority=0.4, accountability=0.8, **WIDE), experience)
    homes = base.state.climate.fence > 0
    np.testing.assert_allclose(powerless(base)[homes], 0.0, atol=1e-12)
    np.testing.assert_allclose(powerless(twin(base, {AUTHORITY: 0.2}))[homes], 0.2)
    np.testing.assert_allclose(powerless(twin(base, {AUTHORITY: 1.0}))[homes], -0.4)


def test_managers_without_customers_are_neither_strained_nor_relieved() -> None:
    """A product unit without customers, terms as before the programme."""
    base = governed(2, customer_share=0.3, authority=0.4, accountability=0.8, **WIDE).world
    assert (powerless(base)[base.state.climate.fence == 0] == 0).all()


# --- Tiers ------------------------------------------------------------------------------------------------------------


def test_web_and_pool_cost_less_do_less_well_and_leave_time_for_others() -> None:
    base = stopped_before(governed(2), service)
    rule = base.rules.service
    worlds = {}
    for tier in (IN_PERSON, WEB_AND_POOL, CONVERTED):
        worlds[tier] = world = twin(base)
        world.state.customers.tier[:] = tier
        world.state.customers.open_need[:] = 0  # nobody returns: the same contacts
        world.state.silos.backlog[:] = 1.0
        service.advance(world)
    person, web, converted = (counted(worlds[t]) for t in (IN_PERSON, WEB_AND_POOL, CONVERTED))
    np.testing.assert_array_equal(web, converted)
    assert web[N_CONTACTS] == person[N_CONTACTS] == person[WORK]
    assert web[WORK] == pytest.approx(rule.self_service_cost * person[WORK], rel=1e-12)
    assert web[SERVICE_COST] == pytest.approx(rule.self_service_cost * person[SERVICE_COST], rel=1e-6)
    assert web[WON] < person[WON]
    front = base.structure.units.front > 0
    assert (worlds[WEB_AND_POOL].state.silos.backlog < worlds[IN_PERSON].state.silos.backlog)[front].all()


@pytest.mark.parametrize(("fence", "pool"), [(0.3, 0.4), (0.0, 0.25), (0.8, 0.8), (1.0, 1.0)])
def test_the_lowest_estimates_are_served_by_web_and_pool_owned_customers_in_person(fence: float, pool: float) -> None:
    cheap = {"customers.acquisition.convert": 0.0}
    world = stopped_before(governed(3, cheap, customer_share=fence, self_service=pool, **WIDE), drawing)
    value = estimated_value(world)
    drawing.advance(world)
    c = world.state.customers
    for home in (0, 1):
        here = np.flatnonzero((c.alive == 1) & (c.home == home))
        web, owned = c.tier[here] == WEB_AND_POOL, c.owner[here] >= 0
        assert not (web & owned).any()
        n = math.floor(pool * len(here) + 1e-9)
        assert web.sum() == min(n, len(here) - owned.sum())
        if web.any() and not web.all():
            assert value[here][web].max() <= value[here][~web].min()
    assert np.isin(c.tier[c.alive == 1], (IN_PERSON, WEB_AND_POOL)).all()


def test_treatment_is_the_same_if_nothing_has_changed() -> None:
    """Who is served by web and pool is worth more for it: that is no reason to end it, month by month."""
    world = stopped_before(governed(3, DEAR, customer_share=0.2, self_service=0.4, **WIDE), drawing)
    drawing.advance(world)
    tier, owner = world.state.customers.tier.copy(), world.state.customers.owner.copy()
    drawing.advance(world)
    np.testing.assert_array_equal(world.state.customers.tier, tier)
    np.testing.assert_array_equal(world.state.customers.owner, owner)


def test_tiers_end_when_governance_ends() -> None:
    model = governed(2, customer_share=0.3, self_service=0.4, **WIDE)
    assert (model.state.customers.tier > 0).any()
    plain = {f"governance.{name}": 0.0 for name in ("customer_share", "self_service")}
    scenario = replace(model.inputs, plain)
    after = model.fork(scenario)
    after.advance()
    assert (after.state.customers.tier == IN_PERSON).all() and (after.state.customers.owner == -1).all()


def waiting_of_all(world: World, share: np.ndarray) -> np.ndarray:
    """Mean waiting per unit if `share` of those who wait there are owned."""
    inputs = unit_inputs(world)
    return np.asarray(share * inputs[:, WAITED_FIRST] + (1 - share) * inputs[:, WAITED])


@pytest.mark.parametrize("priority", [0.0, 0.4, 1.0])
def test_priority_moves_waiting_and_makes_none(priority: float) -> None:
    """Everywhere the same share is owned: what owned customers are spared, the others wait longer."""
    world = twin(governed(2, customer_share=0.3, **WIDE).world, {PRIORITY: priority})
    world.state.silos.backlog[:] = [0.5, 1.0, 1.5, 0.0, 3.0]
    waiting = world.rules.service.waiting * np.array([0.5, 1, 1.5, 0, 2])
    inputs = unit_inputs(world)
    t = counted(world)
    share = np.full(5, t[COVERED] / t[CUSTOMERS])
    homes = world.state.tally.silos.sum(axis=0)[:2]
    share[:2] = homes[:, COVERED] / homes[:, CUSTOMERS]
    assert ((share > 0.2) & (share < 0.4)).all()
    np.testing.assert_allclose(inputs[:, WAITED_FIRST], (1 - priority * (1 - share)) * waiting, rtol=1e-12)
    assert (inputs[:, WAITED] >= waiting - 1e-15).all() and (priority == 0) == (inputs[1, WAITED] == waiting[1])
    np.testing.assert_allclose(waiting_of_all(world, share), waiting, rtol=1e-12)


def test_where_everybody_goes_first_nobody_is_spared() -> None:
    model = governed(3, customer_share=1, priority=1, **WIDE)
    model.state.silos.backlog[:] = 1.0
    share = counted(model.world)[COVERED] / counted(model.world)[CUSTOMERS]
    assert share == 1
    np.testing.assert_allclose(waiting_of_all(model.world, np.ones(5)), model.world.rules.service.waiting, rtol=1e-9)


def test_priority_moves_waiting_within_a_unit() -> None:
    """Only one of two home units has owners; contacts stay in their home units."""
    world = governed(3, {"customers.service.other_unit": 0.0}, customer_share=0.5, **WIDE).world
    c = world.state.customers
    c.owner[c.home == 1] = -1
    tally = world.state.tally.silos
    tally[:, 1, COVERED] = 0
    world.state.climate.governance[:, PRIORITY] = [1.0, 0, 0, 0, 0]
    world.state.silos.backlog[:] = 1.0
    share = tally[:, :, COVERED].sum(axis=0) / np.maximum(tally[:, :, CUSTOMERS].sum(axis=0), 1)
    np.testing.assert_allclose(waiting_of_all(world, share), world.rules.service.waiting, rtol=1e-9)


def test_owned_customers_feel_priority_and_others_pay_for_it() -> None:
    base = stopped_before(governed(3, customer_share=0.5, **WIDE), service)
    base.state.silos.backlog[:] = 1.0
    quality = []
    for priority in (0.0, 1.0):
        world = twin(base, {PRIORITY: priority})
        service.advance(world)
        quality.append(world.state.customers.quality.astype(float))
    c = base.state.customers
    called, owned = (quality[0] >= 0) & (c.alive == 1), c.owner >= 0
    gain = quality[1] - quality[0]
    assert (gain[called & owned] >= 0).all() and gain[called & owned].mean() > 0
    assert (gain[called & ~owned] <= 0).all() and gain[called & ~owned].mean() < 0


def test_an_owner_answers_for_the_problem_of_her_customer() -> None:
    """Owned customers' problems are owned in full, others' as far as portfolios and teams are practised."""
    world = twin(before_offers())
    world.state.climate.design[:] = 0.0
    assert (unit_inputs(world)[:, OWNED] == 0).all()
    world.state.climate.design[:, PORTFOLIO] = 0.5
    np.testing.assert_allclose(unit_inputs(world)[:, OWNED], 0.5)


def test_an_owner_sees_that_colleagues_who_do_not_share_help_all_the_same() -> None:
    base = ruled(stopped_before(governed(3, customer_share=0.5, **WIDE), service), {
        "market.complexity": 1.0, "customers.service.handoff_alone": 0.0, "customers.service.handoff_owned": 0.5,
        "customers.service.recovery": 0.0,
    })  # fmt: skip
    base.state.employees.shares[:] = 0
    base.state.climate.design[:] = 0.0
    nobody = twin(base)
    nobody.state.customers.owner[:] = -1
    for world in (base, nobody):
        service.advance(world)
    assert counted(nobody)[HANDOFFS_DONE] == 0 < counted(base)[HANDOFFS_DONE]
    helped = base.state.customers.quality != nobody.state.customers.quality
    assert helped.any() and (base.state.customers.owner[helped] >= 0).all()


# --- Unprofitable customers -------------------------------------------------------------------------------------------


def money(world: World) -> tuple[np.ndarray, np.ndarray]:
    """What every slot brings and costs a month in person."""
    c, e, market = world.state.customers, world.rules.economics, world.rules.market
    brings = e.margin * c.wallet.astype(float) * c.spend.astype(float)
    return brings, e.contact_cost * market.contact_rate * c.service_cost.astype(float)


def test_unprofitable_customers_are_converted_first_and_let_go_if_even_that_does_not_pay() -> None:
    """Estimates without error, chances of one: the rule to the last customer."""
    dear = {"organisation.economics.contact_cost": 80.0, "customers.offers.rate": 0.0,
            "customers.experience.performance_share": 0.0}  # fmt: skip
    base = governed(2, dear, customer_share=0.2, authority=0, **WIDE).world
    world = ruled(base, {**SURE, "organisation.customers.estimate_error": 0.0})
    world.state.climate.governance[:, AUTHORITY] = 1.0
    drawing.advance(world)
    c, (brings, cost) = world.state.customers, money(world)
    free = (c.alive == 1) & (c.owner < 0)
    np.testing.assert_array_equal(c.tier[free] == CONVERTED, (brings < cost)[free])
    assert (c.tier[~free] == IN_PERSON).all() and 0 < (c.tier == CONVERTED).sum() < free.sum()
    c.luck_leaving[:] = 0.999  # nobody leaves by herself
    world.state.tally.silos[:] = 0.0
    hopeless = free & (brings < cost * world.rules.service.self_service_cost)
    before = c.alive == 1
    customers.advance(world)
    gone = before & (c.generation > base.state.customers.generation)
    np.testing.assert_array_equal(gone[hopeless], True)
    assert counted(world)[RELEASED] == hopeless.sum() > 0 and counted(world)[LEFT] == gone.sum()
    assert (c.owner[gone] == -1).all() and (c.tier[gone] == IN_PERSON).all()


def test_owners_without_authority_convert_nobody_and_let_nobody_go() -> None:
    model = governed(1, {**SURE, **DEAR}, customer_share=0.2, authority=0, accountability=1, **WIDE)
    for _ in range(4):
        model.advance()
        assert counted(model.world)[WEB_SERVED] == counted(model.world)[RELEASED] == 0
    for authority in (0.0, 1.0):  # those of low estimated value are served by web and pool, nobody has to convert them
        pool = governed(3, {**SURE, **DEAR}, customer_share=0.2, self_service=0.5, authority=authority, **WIDE)
        assert (counted(pool.world)[RELEASED] > 0) == (authority > 0) and counted(pool.world)[WEB_SERVED] > 0
    nobody_manages = governed(3, {**SURE, **DEAR}, self_service=0.3, authority=1, accountability=1, **WIDE)
    assert (nobody_manages.state.customers.tier != CONVERTED).all() and counted(nobody_manages.world)[WEB_SERVED] > 0
    assert counted(nobody_manages.world)[RELEASED] == 0


def test_nobody_who_is_served_in_person_is_let_go() -> None:
    """Where nothing is converted nothing is released, however little it brings."""
    never = {**DEAR, "customers.acquisition.convert": 0.0, "customers.acquisition.divest": 1.0}
    model = governed(3, never, customer_share=0.2, authority=1, accountability=1, **WIDE)
    assert counted(model.world)[RELEASED] == 0 == counted(model.world)[WEB_SERVED]


def treated(tier: int, low: bool, managed: bool, expected: float, authority: float = 0.0) -> int:
    """Tier after the treatment of customers who bring `expected` times what it costs to serve them; nobody is owned."""
    world = ruled(governed(1).world, {"customers.acquisition.convert": 1.0})
    rows = settled(world)
    world.state.climate.fence[:] = 0.5 if managed else 0.0
    world.state.climate.governance[:, AUTHORITY] = authority
    c, cost = world.state.customers, money(world)[1][settled(world)]
    c.tier[rows] = tier
    drawing.treat(world, rows, np.full(len(rows), low), expected * cost)
    (found,) = set(c.tier[rows].tolist())
    return int(found)


def test_treatment_moves_both_ways() -> None:
    """Web and pool end when the estimate rises, conversion when she pays again or nobody is owned any more."""
    assert treated(IN_PERSON, True, True, 2.0) == WEB_AND_POOL == treated(IN_PERSON, True, False, 0.0)
    assert treated(WEB_AND_POOL, False, True, 2.0) == IN_PERSON == treated(WEB_AND_POOL, False, False, 2.0)
    assert treated(CONVERTED, False, True, 0.5) == CONVERTED == treated(IN_PERSON, False, True, 0.5, authority=1.0)
    assert treated(CONVERTED, False, True, 2.0) == IN_PERSON == treated(CONVERTED, False, False, 0.5)
    assert treated(CONVERTED, True, True, 0.5) == WEB_AND_POOL
    assert treated(IN_PERSON, False, True, 0.5, authority=0.0) == IN_PERSON
    assert treated(IN_PERSON, False, False, 0.5, authority=1.0) == IN_PERSON


def test_conversion_is_as_likely_as_owners_may_decide() -> None:
    counts = []
    for authority in (0.25, 0.5, 1.0):
        world = ruled(governed(1).world, {"customers.acquisition.convert": 0.4})
        rows = settled(world)
        world.state.climate.fence[:], world.state.climate.governance[:, AUTHORITY] = 0.5, authority
        drawing.treat(world, rows, np.zeros(len(rows), bool), np.zeros(len(rows)))
        counts.append((world.state.customers.tier[rows] == CONVERTED).sum())
        expected = 0.4 * authority * len(rows)
        assert abs(counts[-1] - expected) < 4.5 * np.sqrt(expected)
    assert counts == sorted(counts)


def test_newcomers_join_in_person_and_prospects_have_no_owner() -> None:
    model = governed(2, {**SURE, **DEAR}, customer_share=0.4, self_service=0.5, authority=1, **WIDE)
    for _ in range(3):
        world = stopped_before(model, drawing)
        c = world.state.customers
        new = (c.alive == 1) & (c.tenure == 0)
        assert new.any() and (c.tier[new] == IN_PERSON).all() and (c.owner[new] == -1).all()
        for phase in PHASES[PHASES.index(drawing) :]:
            phase.advance(world)
        world.state.month += 1
        assert (c.tier[c.alive == 0] == IN_PERSON).all() and (c.owner[c.alive == 0] == -1).all()
        assert (c.owner[new] >= 0).any()  # the fence is drawn anew every month


def test_threads_change_nothing_under_governance() -> None:
    """Two chunks of customers with owners, tiers, priority and release: one and two threads end alike."""
    terms = {"customer_share": 0.3, "authority": 0.8, "accountability": 0.9, "capabilities": 0.5, "business_rules": 0.5,
             "self_service": 0.4, "priority": 0.7, "span": 1e7}  # fmt: skip
    scenario = replace(rich_scenario(70_000), {**{f"governance.{k}": v for k, v in terms.items()}, **SURE, **DEAR})
    models = [OrganisationModel(scenario, seed=SEED, threads=threads) for threads in (1, 2)]
    for _ in range(8):
        for model in models:
            model.advance()
    one, two = (m.state for m in models)
    for name in one.customers._fields:
        np.testing.assert_array_equal(getattr(one.customers, name), getattr(two.customers, name), err_msg=name)
    np.testing.assert_array_equal(one.tally.silos, two.tally.silos)
    assert one.tally.silos[:, :, RELEASED].sum() > 0


def test_practised_everywhere_is_the_plan_in_force() -> None:
    """The whole way from staff who practise to owners: formal 1, everybody practises, the plan is in force."""
    plan = Strategy(initiatives={"portfolio_governance": 0}, governance=PLANNED.model_copy(update={"widen_months": 0}))
    model = fork(origin(), Variant("plan", plan, changes=(("governance.span", 1e6),)))
    for _ in range(3):
        model.state.silos.formal[:, INITIATIVES.index("portfolio_governance")] = 1.0
        model.state.employees.adoption[:, PORTFOLIO] = PRACTISING
        model.state.employees.generation[:] = 0
        model.advance()
    assert (model.state.climate.design[:, PORTFOLIO] > 0.9).all()
    assert model.state.climate.fence[0] > 0.7
    assert counted(model.world)[COVERED] / counted(model.world)[CUSTOMERS] > 0.7
