"""Where the unchanged organisation settles: mean-field levels of sharing, service, knowledge, skill and engagement.

The burn-in starts from these, so that it only has to work out the noise.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtri

from sim.columns import F64, I32
from sim.params.scenario import Scenario
from sim.params.settings import Incentives
from sim.structure import Structure

SETTLED = 1e-9  # step below which an iteration has arrived
MAX_TENURE = 1200  # months after which nothing about a customer changes with tenure
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(41)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_GRID = np.linspace(-4.5, 4.5, 901)  # of dispositions, standard normal


def sharing_drive(scenario: Scenario, level: float, incentives: Incentives, hostility: float, belief: float) -> float:
    """Logit of sharing without intercept and disposition when everybody's habit is `level` (mean field)."""
    rule, mix = scenario.behaviour.sharing, incentives.mix
    shares = np.array([s.headcount_share for s in scenario.organisation.silos.values()])
    sight = float(shares @ (1 / (1 + shares / rule.sight_share)))
    payoff = mix.team * level + mix.customer * sight - mix.individual * rule.time_cost - mix.silo * rule.rivalry_cost
    return (
        rule.conformity * (2 * level - 1) + rule.incentive * incentives.variable_share * payoff
        - rule.hostility * hostility + rule.belief * (2 * belief - 1)
    )  # fmt: skip


def _mean_share(drive: float, spread: float) -> float:
    return float(_WEIGHTS @ expit(drive + spread * _NODES))


def sharing_intercept(scenario: Scenario) -> float:
    """Intercept at which the reference firm shares its reference level (solved, mean field)."""
    rule = scenario.behaviour.sharing
    reference = Incentives(variable_share=rule.reference_variable, mix=rule.reference_mix)
    drive = sharing_drive(scenario, rule.reference_level, reference, rule.reference_hostility, rule.reference_belief)
    spread = _felt_spread(scenario, rule.reference_level)
    return float(brentq(lambda s0: _mean_share(s0 + drive, spread) - rule.reference_level, -30, 30))


def _felt_spread(scenario: Scenario, level: float) -> float:
    """Spread of the drive to share: dispositions, and what chance does to the habit of the few colleagues one sees."""
    rule, norms = scenario.behaviour.sharing, scenario.norms
    ties = scenario.organisation.employees.ties_inside + norms.ties_across
    habit = level * (1 - level) * (rule.habit_speed / (2 - rule.habit_speed) + 0.2)
    return math.sqrt(norms.disposition_spread**2 + (2 * rule.conformity) ** 2 * habit / ties)


def settled_sharing(scenario: Scenario, intercept: float, start: float | None = None) -> float:
    """Level of sharing at which this organisation settles (mean field), from `start` or from the reference level."""
    norms, belief = scenario.norms, scenario.organisation.employees.belief
    level = scenario.behaviour.sharing.reference_level if start is None else start
    for _ in range(400):
        drive = sharing_drive(scenario, level, scenario.incentives, norms.hostility, belief)
        step = 0.3 * (_mean_share(intercept + norms.disposition + drive, _felt_spread(scenario, level)) - level)
        level += step
        if abs(step) < SETTLED:
            break
    return float(level)


def settled_quality(scenario: Scenario, sharing: float) -> tuple[float, float]:
    """Mean experience of a contact, and share of contacts that fail, in the unchanged organisation (mean field)."""
    service, info = scenario.customers.service, scenario.customers.information
    handoff = sharing * service.handoff_shared + (1 - sharing) * service.handoff_alone
    p_one = 1 - scenario.market.complexity * (1 - handoff)
    resolved = float(expit(service.handling)) * p_one**2
    links = np.array([info.capture, info.collate, info.retrieve, info.utilise, max(sharing, 0.02)])
    links = np.maximum(links, 1e-3)  # as the chain reads them
    usable = 0.35 * float(np.mean(links**-info.weakest)) ** (-1 / info.weakest)
    good = service.quality_base + service.quality_usable * min(1.0, usable / service.usable_enough)
    quality = resolved * good + (1 - resolved) * (service.quality_failed - 0.5 * service.quality_handoff)
    return quality, 1 - resolved


def contacts_per_customer(scenario: Scenario, failing: float) -> float:
    """Contacts a month: new needs, and one return for each that failed (mean field)."""
    return scenario.market.contact_rate * (1 + failing)


def offer_harm(scenario: Scenario, structure: Structure) -> float:
    """Fall of satisfaction and trust a month by poorly fitting offers (mean field)."""
    offers = scenario.customers.offers
    return structure.n_product * offers.rate * (1 - offers.fit_base) * offers.harm


def usual_knowledge(scenario: Scenario, failing: float) -> F64:
    """Relationship knowledge by month of tenure in the unchanged organisation (mean field), up to `MAX_TENURE`."""
    info = scenario.customers.information
    staff = scenario.behaviour.engagement
    knowing = staff.tacit_speed / max(staff.tacit_speed + staff.quits, 1e-9)
    gain = contacts_per_customer(scenario, failing) * info.learning * info.capture * (1 + knowing * info.tacit)
    rate = gain + info.ageing
    level = gain / rate if rate > 0 else 0.0
    return -level * np.expm1(-rate * np.arange(MAX_TENURE + 1.0))


def settled_skill(scenario: Scenario) -> float:
    """Skill that staff grow towards, so that the mean with newcomers is the stated one."""
    staff, rule = scenario.organisation.employees, scenario.behaviour.engagement
    if rule.skill_speed == 0:
        return staff.skill
    return staff.skill + rule.quits / rule.skill_speed * (staff.skill - staff.newcomer_skill)


def settled_mood(quality: float, failing: float, harm: float, speed: float, u: F64) -> np.ndarray:
    """Satisfaction or trust where contacts have left it: mean less harm of offers, spread of a moving average."""
    spread = math.sqrt(max(speed, 0.0) / 2 * failing * (1 - failing)) * 0.6
    centre = quality - harm / max(speed, 1e-9)
    return np.clip(centre + spread * ndtri(u), 0.0, 1.0).astype(np.float32)


def settled_wallet(scenario: Scenario, structure: Structure, tenure: F64) -> F64:
    """Wallet share by tenure in the unchanged organisation: offers raise it, time draws it back; shape of `tenure`."""
    offers = scenario.customers.offers
    pay = scenario.incentives
    push = 1 + offers.pay_push * pay.variable_share * (pay.mix.individual + pay.mix.silo)
    fit = offers.fit_base + offers.fit_usable * 0.1
    gain = structure.n_product * offers.rate * push * fit * offers.gain
    rate = gain + offers.fade
    top = (gain + offers.fade * offers.wallet) / rate if rate > 0 else offers.wallet
    return top + (offers.wallet - top) * np.exp(-rate * tenure)


def settled_dispositions(scenario: Scenario, manager: F64, first: I32, u: F64) -> tuple[F64, F64]:
    """Engagement dispositions among staff of a settled firm, and their hazard of quitting; both [employees].

    The engaged stay longer: with entrants N(0, 1) and hazard h(z) the settled density is proportional to N(z) / h(z).

    Args:
        scenario: the inputs.
        manager: manager effect of every unit, logit.
        first: as in `Units`.
        u: a uniform for every employee.
    """
    rule = scenario.behaviour.engagement
    engaged = expit(logit(rule.level) + manager[:, None] + rule.spread * _GRID)
    hazards = rule.quits * np.exp(-rule.quits_slope * (engaged - rule.level))
    weights = np.exp(-_GRID * _GRID / 2) / np.maximum(-np.expm1(-hazards), 1e-9)
    steps = weights.cumsum(axis=1)
    middles, found, leaving = steps - weights / 2, np.empty(len(u)), np.empty(len(u))
    for s in range(len(manager)):
        staff = slice(first[s], first[s + 1])
        found[staff] = np.interp(u[staff] * steps[s, -1], middles[s], _GRID)
        leaving[staff] = np.interp(found[staff], _GRID, hazards[s])
    return found, leaving
