"""The organisation as it stands at the first month of the burn-in.

Levels are set where the unchanged organisation would settle (mean-field estimates), so that the burn-in only has to
work out the noise. Traits are drawn by (slot, generation).
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import expit, logit, ndtri

from sim.columns import (
    CEO,
    COO,
    F64,
    FRONT_LINE,
    I8,
    I32,
    PORTFOLIO_MANAGER,
    PRODUCT_MANAGER,
    SPECIALIST,
    VENDOR,
    Customers,
    Employees,
    Leaders,
    Network,
    Silos,
)  # fmt: skip
from sim.compiled import rule
from sim.draws import Key, Stream, uniform_table, uniforms
from sim.frailty import mean_lifetime, stationary_tenure
from sim.frailty_table import frailties_at
from sim.params.organisation import Function
from sim.params.scenario import Scenario
from sim.params.settings import PayMix
from sim.params.strategy import N_INITIATIVES
from sim.settled import (
    MAX_TENURE,
    contacts_per_customer,
    offer_harm,
    settled_dispositions,
    settled_mood,
    settled_quality,
    settled_sharing,
    settled_skill,
    settled_wallet,
    sharing_drive,
    sharing_intercept,
    usual_knowledge,
)
from sim.state import (
    ADOPTION_TERMS,
    BELIEF_TERMS,
    CHUNK,
    ENGAGEMENT_TERMS,
    N_TALLIES,
    SHARING_TERMS,
    Climate,
    Equity,
    Ledger,
    Normal,
    Plan,
    State,
    Tally,
    Why,
)  # fmt: skip
from sim.structure import Structure

NETWORK = int(Stream.NETWORK)


def build(scenario: Scenario, structure: Structure, key: Key) -> State:
    """Make the state of month 0 of the burn-in."""
    intercept = sharing_intercept(scenario)
    level = settled_sharing(scenario, intercept)
    quality, failing = settled_quality(scenario, level)
    employees = _employees(scenario, structure, key, intercept, level)
    customers = _customers(scenario, structure, key, quality, failing)
    silos = _silos(scenario, structure, customers, level, manager_effects(scenario, key))
    n_silos, n_staff, n_segments = len(structure.silos), len(employees.silo), len(structure.frailties)
    n_chunks = max(1, math.ceil(len(customers.alive) / CHUNK))
    climate = Climate.calm(n_silos)
    climate.pay[:] = pay_shares(scenario.incentives.mix)
    return State(
        month=0,
        customers=customers,
        employees=employees,
        silos=silos,
        leaders=_leaders(scenario, structure, key),
        network=_network(scenario, structure, key),
        tally=Tally(
            np.zeros((n_chunks, n_silos, N_TALLIES)),
            np.zeros((n_chunks, n_staff, 4)),
            np.zeros((n_chunks, n_segments, 2)),
        ),
        why=Why(
            *(np.zeros((n_silos, len(t) + 1)) for t in (ADOPTION_TERMS, SHARING_TERMS, BELIEF_TERMS, ENGAGEMENT_TERMS))
        ),
        plan=Plan.empty(n_silos),
        climate=climate,
        normal=Normal(np.ones(n_segments), satisfaction=quality, trust=quality),
        ledger=Ledger(),
        equity=Equity(),
        events=[],
        intercept=intercept,
        entry=_entry_chance(scenario, structure),
        skill_top=settled_skill(scenario),
        usual_knowledge=usual_knowledge(scenario, failing),
    )


def pay_shares(mix: PayMix) -> F64:
    """Individual, silo, team, customer."""
    return np.array([mix.individual, mix.silo, mix.team, mix.customer])


def _entry_chance(scenario: Scenario, structure: Structure) -> F64:
    """Chance per month that a prospect of average appeal joins, which keeps every segment at its size."""
    customers = scenario.organisation.customers
    horizon, natural_end = round(12 * customers.horizon_years), customers.natural_end_per_month
    lifetimes = np.array([mean_lifetime(f, horizon, natural_end) for f in structure.frailties.values()])
    odds = customers.occupied / (1 - customers.occupied)
    pool = math.exp(-(scenario.customers.acquisition.spread**2))  # appeal left among prospects
    market, churn = scenario.market, scenario.customers.churn
    leaving = market.competitor_pull * max(0.0, 1 - churn.product * 2 * (market.product_quality - 0.5))
    return np.minimum(1.0, odds / lifetimes / pool * leaving)


def _customers(scenario: Scenario, structure: Structure, key: Key, quality: float, failing: float) -> Customers:
    spec = scenario.organisation.customers
    seat = uniform_table(key, Stream.HISTORY, np.arange(spec.number, dtype=np.int64), ordinal=0)
    segment, home = _segment_and_home(scenario, seat)
    slots = np.lexsort((segment, home))
    seat, segment, home = seat[slots], segment[slots], home[slots]
    past = uniform_table(key, Stream.HISTORY, slots, ordinal=1)
    traits = uniform_table(key, Stream.CUSTOMER_TRAITS, slots)
    more = uniform_table(key, Stream.CUSTOMER_TRAITS, slots, ordinal=1)
    alive = (seat[:, 2] < spec.occupied).astype(np.int8)
    tenure, frailty = _tenure_and_frailty(scenario, structure, segment, past)
    tenure[alive == 0] = 0
    known = usual_knowledge(scenario, failing)
    contact = -math.expm1(-contacts_per_customer(scenario, failing))
    harm = offer_harm(scenario, structure) / max(contact, 1e-9)
    mood = scenario.customers.experience
    spread = scenario.customers.acquisition.spread
    appeal = np.exp(spread * (ndtri(more[:, 1]) - spread * (alive == 0)) - spread**2 / 2)
    f4 = np.float32
    content = settled_mood(quality, failing, harm, mood.satisfaction_speed, past[:, 2])
    trusting = settled_mood(quality, failing, harm, mood.trust_speed, past[:, 3])
    segments, costs = structure.segments, spec.cost_to_serve_spread
    spend = np.exp(segments.log_spend[segment] + segments.spread[segment] * ndtri(traits[:, 0]))
    service_cost = np.exp(costs * ndtri(traits[:, 1]) - costs**2 / 2)
    return Customers(
        slot=slots.astype(np.int32), alive=alive, segment=segment, home=home, owner=np.full(spec.number, -1, np.int32),
        spend=spend.astype(f4),
        wallet=settled_wallet(scenario, structure, tenure).astype(f4),
        satisfaction=content, trust=trusting, commitment=trusting.copy(), expectation=np.full(spec.number, quality, f4),
        knowledge=known[np.minimum(tenure.astype(np.int64), MAX_TENURE)].astype(f4),
        frailty=frailty.astype(f4), tenure=tenure.astype(np.int32),
        open_need=np.zeros(spec.number, np.int8), contacts_open=np.zeros(spec.number, np.int8),
        failures=np.zeros(spec.number, np.int8),
        service_cost=service_cost.astype(f4), tier=np.zeros(spec.number, np.int8),
        participation=np.zeros(spec.number, f4), worth=np.zeros(spec.number, f4), multiple=np.zeros(spec.number, f4),
        error=ndtri(traits[:, 2]).astype(f4), misjudged=ndtri(traits[:, 3]).astype(f4),
        appeal=appeal.astype(f4), generation=np.zeros(spec.number, np.int32),
        quality=np.full(spec.number, -1, f4), hazard=np.full(spec.number, 0.02, f4),
        acted=np.zeros(spec.number, np.int8), luck_leaving=np.ones(spec.number, f4), luck_act=np.ones(spec.number, f4),
        luck_offers=np.ones(spec.number, f4),
    )  # fmt: skip


def _segment_and_home(scenario: Scenario, seat: F64) -> tuple[I8, I8]:
    """Segment and home unit of every slot, by inverse CDF of its draws."""
    shares = np.cumsum([s.share for s in scenario.organisation.customers.segments.values()])
    segment = np.minimum(np.searchsorted(shares, seat[:, 0]), len(shares) - 1).astype(np.int8)
    homes = np.cumsum([s.home_share for s in scenario.organisation.silos.values()])
    home = np.minimum(np.searchsorted(homes, seat[:, 1] * homes[-1]), len(homes) - 1).astype(np.int8)
    return segment, home


def _tenure_and_frailty(scenario: Scenario, structure: Structure, segment: np.ndarray, past: F64) -> tuple[F64, F64]:
    """Tenure of a stationary base, and the proneness to leave of those who stayed that long."""
    spec, segments = scenario.organisation.customers, structure.segments
    tenure, horizon = np.zeros(len(segment)), round(12 * spec.horizon_years)
    for s, fitted in enumerate(structure.frailties.values()):
        rows = segment == s
        tenure[rows] = stationary_tenure(fitted, horizon, spec.natural_end_per_month, past[rows, 0])
    rank = np.ascontiguousarray(past[:, 1])
    return tenure, frailties_at(rank, tenure, segment, segments)


def employee_traits(scenario: Scenario, key: Key, slots: np.ndarray, generation: np.ndarray | int) -> F64:
    """Standard normals by (slot, generation): engagement disposition, willingness to share, belief, spare; [n, 4]."""
    return ndtri(uniform_table(key, Stream.EMPLOYEE_TRAITS, slots, generation))


def _employees(scenario: Scenario, structure: Structure, key: Key, intercept: float, level: float) -> Employees:
    staff, rule, norms = scenario.organisation.employees, scenario.behaviour.engagement, scenario.norms
    n = staff.number
    slots = np.arange(n, dtype=np.int64)
    z = employee_traits(scenario, key, slots, 0)
    past = uniform_table(key, Stream.HISTORY, slots, ordinal=2)
    silo = np.repeat(np.arange(len(structure.silos)), np.diff(structure.units.first)).astype(np.int32)
    manager = manager_effects(scenario, key)
    z[:, 0], hazard = settled_dispositions(
        scenario, manager, structure.units.first, uniform_table(key, Stream.EMPLOYEE_TRAITS, slots)[:, 0]
    )
    tenure = np.floor(-np.log(past[:, 0]) / np.maximum(hazard, 1e-4))
    top = settled_skill(scenario)
    drive = sharing_drive(scenario, level, scenario.incentives, norms.hostility, staff.belief)
    habit = expit(intercept + norms.disposition + drive + norms.disposition_spread * z[:, 1])
    anchor = np.clip(staff.belief + staff.belief_spread * z[:, 2], 0.01, 0.99)
    return Employees(
        silo=silo, role=_roles(scenario, structure), belief=anchor.copy(), anchor=anchor,
        engagement=expit(logit(rule.level) + manager[silo] + rule.spread * z[:, 0]), disposition=z[:, 0].copy(),
        willingness=z[:, 1].copy(), skill=top + (staff.newcomer_skill - top) * np.exp(-rule.skill_speed * tenure),
        tacit=-np.expm1(-rule.tacit_speed * tenure), habit=habit, shares=np.zeros(n, np.int8),
        empowerment=np.full(n, rule.empowerment), learning=np.zeros(n), adoption=np.zeros((n, N_INITIATIVES), np.int8),
        trying=np.zeros((n, N_INITIATIVES), np.int8), handled=np.zeros(n), won=np.zeros(n), asked=np.zeros(n),
        dropped=np.zeros(n), tenure=np.minimum(tenure, 480).astype(np.int32), generation=np.zeros(n, np.int32),
    )  # fmt: skip


def _roles(scenario: Scenario, structure: Structure) -> np.ndarray:
    roles = np.full(scenario.organisation.employees.number, SPECIALIST, np.int8)
    units = structure.units
    for s, function in enumerate(structure.functions):
        first, last = units.first[s], units.first[s + 1]
        roles[first : first + units.front[s]] = FRONT_LINE
        roles[last - units.managers[s] : last] = PORTFOLIO_MANAGER
        if function is Function.PRODUCT:
            n = round(scenario.organisation.employees.product_manager_share * (last - first))
            stop = last - units.managers[s]
            roles[max(first + units.front[s], stop - n) : stop] = PRODUCT_MANAGER
    return roles


def manager_effects(scenario: Scenario, key: Key) -> F64:
    """Manager effect of every unit, logit: as stated, plus what differs between managers without anybody stating it."""
    stated = np.array([s.manager_effect for s in scenario.organisation.silos.values()])
    units = np.arange(len(stated), dtype=np.int64)
    drawn = ndtri(uniform_table(key, Stream.HISTORY, units, ordinal=3)[:, 0])
    return stated + scenario.behaviour.engagement.unit_spread * drawn


def _silos(scenario: Scenario, structure: Structure, customers: Customers, level: float, manager: F64) -> Silos:
    spec, info = scenario.organisation, scenario.customers.information
    n = len(structure.silos)
    service = scenario.customers.service
    active = np.bincount(customers.home[customers.alive == 1], minlength=n).astype(np.float64)
    contacts = active * scenario.market.contact_rate * 1.25
    front = structure.units.front / structure.units.front.sum()
    demand = contacts * (1 - service.other_unit) + contacts.sum() * service.other_unit * front
    links = np.array([info.capture, info.collate, info.retrieve, info.utilise, level])
    strengths = np.array([t.strength for t in spec.traits.values()])
    zeros = np.zeros((n, N_INITIATIVES))
    return Silos(
        size=np.diff(structure.units.first).astype(np.int32), formal=zeros, practised=zeros.copy(),
        hostility=np.full(n, scenario.norms.hostility), traits=np.tile(strengths, (n, 1)), chain=np.tile(links, (n, 1)),
        credibility=np.full(n, scenario.behaviour.credibility.level), backlog=np.zeros(n), demand=demand.copy(),
        capacity=np.maximum(demand / service.utilisation, 1e-9), success=np.full(n, 0.7),
        normal_success=np.full(n, 0.7),
        fails=np.full(n, 0.4), normal_fails=np.full(n, 0.4), result=np.zeros(n),
        manager=manager,
    )  # fmt: skip


@rule
def leader_stage(shares, u):  # type: ignore[no-untyped-def]
    """Stage drawn from the published `shares` of stages by inverse CDF of u."""
    sought = u * shares.sum()
    stage, reached = 0, shares[0]
    while reached < sought and stage < shares.shape[0] - 1:
        stage += 1
        reached += shares[stage]
    return float(stage)


def _leaders(scenario: Scenario, structure: Structure, key: Key) -> Leaders:
    rule = scenario.leadership
    n_silos = len(structure.silos)
    n = n_silos + 3
    u = uniform_table(key, Stream.LEADER_TRAITS, np.arange(n, dtype=np.int64))
    shares = np.array(rule.stage_shares)
    stage = np.array([leader_stage(shares, one) for one in u[:, 0]])
    stage[n_silos + CEO], stage[n_silos + COO] = rule.ceo_stage, rule.coo_stage
    top = rule.power_concentration
    heads = np.array([s.headcount_share for s in scenario.organisation.silos.values()])
    power = np.concatenate([(1 - top) * heads, top * np.array(rule.top_power) / sum(rule.top_power)])
    interest = np.array([s.interest for s in scenario.organisation.silos.values()])
    interest = np.append(interest, [rule.ceo_interest, rule.coo_interest, rule.vendor_interest])
    interest = np.clip(interest + rule.interest_spread * ndtri(u[:, 1]), -1, 1)
    belief = np.clip(scenario.organisation.employees.belief + 0.1 * ndtri(u[:, 2]), 0.01, 0.99)
    assert n == n_silos + VENDOR + 1
    return Leaders(
        stage=stage, first_stage=stage.copy(), power=power, interest=interest, stake=np.zeros(n),
        buy_in=np.full(n, rule.buy_in), concessions=np.zeros(n),
        trust=np.full(n, scenario.behaviour.credibility.level), belief=belief, attention=np.ones(n),
        behaviours=np.zeros((n, 5)), generation=np.zeros(n, np.int32),
    )  # fmt: skip


def _network(scenario: Scenario, structure: Structure, key: Key) -> Network:
    """Random ties: each employee names half of the mean number; ties hold in both directions."""
    first, staff, norms = structure.units.first, scenario.organisation.employees, scenario.norms
    inside = named(first, staff.ties_inside, 0, True, key)
    across = named(first, norms.ties_across, 1000, False, key)
    starts, ties = _both_directions(np.concatenate([inside, across]), staff.number)
    team_starts, team_ties = _both_directions(named(first, staff.ties_team, 2000, False, key), staff.number)
    return Network(starts, ties, team_starts, team_ties)


@rule
def named(first, mean, ordinal, own, key):  # type: ignore[no-untyped-def]
    """Pairs (a, b): about `mean` ties per employee inside the own unit or outside it; shape [pairs, 2].

    `first` is as in `Units`; draws of stream NETWORK begin at `ordinal`.
    """
    n, found = first[-1], 0
    pairs = np.empty((n * ((mean + 1) // 2), 2), np.int64)
    for k in range((mean + 1) // 2):
        for s in range(first.shape[0] - 1):
            start, size = first[s], first[s + 1] - first[s]
            for e in range(start, first[s + 1]):
                u = uniforms(key, NETWORK, 0, e, ordinal + k)
                if own:
                    other = (e - start + 1 + int(u[0] * (size - 1))) % size + start
                else:
                    other = (start + size + int(u[0] * (n - size))) % n
                if k < mean // 2 or u[1] < 0.5:
                    pairs[found, 0], pairs[found, 1] = e, other
                    found += 1
    return pairs[:found]


def _both_directions(pairs: np.ndarray, n: int) -> tuple[I32, I32]:
    one, other = pairs.T
    order = np.sort(np.concatenate([one * n + other, other * n + one]))  # by one end, then by the other
    starts = np.searchsorted(order, np.arange(n + 1) * n).astype(np.int32)
    return starts, (order % n).astype(np.int32)
