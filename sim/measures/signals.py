"""Named signals of what goes on in the organisation, each between 0 and 1: the raw material of all indices.

An index is the mean of some of these (see `sim.measures.maturity` and `sim.measures.culture`). Which signal stands for
which item of a published instrument is judgement (grade D). Every signal is read off the state once a month, for each
unit and for the whole, and nothing in the model reads it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.columns import CAPTURE, COLLATE, F64, RETRIEVE, SHARE, UTILISE
from sim.compiled import rule
from sim.params.strategy import (
    BEHAVIOURS,
    EMPOWERMENT,
    FEEDBACK,
    INSIGHT,
    N_INITIATIVES,
    PAY,
    PORTFOLIO,
    TEAMS,
    TRAINING,
)
from sim.phases.observation import fidelity
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
    N_CONTACTS,
    OFFERS_FIT,
    OFFERS_MADE,
    OWN_OFFERS,
    PARTICIPATION,
    PROJECTED,
    RECOVERED,
    SELF_SERVICE,
    WEB_SERVED,
    WON,
)  # fmt: skip
from sim.structure import FEEDBACK_SEEKING, HORIZON
from sim.world import World

Signals = dict[str, F64]  # name -> [silo + 1]: every unit, then the whole

BELIEVES_FROM = 0.5  # belief that lies nearer to outside-in than to inside-out
STAGE_NUMBERS = np.arange(7.0)
TEAM_PAY, CUSTOMER_PAY = 2, 3  # columns of `climate.pay`
FACING = [INSIGHT, FEEDBACK, PAY, PORTFOLIO, EMPOWERMENT]  # initiatives that change something for customers themselves

# name -> meaning; D is practised design, F formal state, a practised share
SIGNALS: dict[str, str] = {
    "belief": "mean outside-in belief of staff",
    "believers": "staff whose belief is at least .5",
    "shared_belief": "belief x (1 - 2 x root mean square distance of staff from the organisation's mean belief)",
    "engagement": "mean engagement of staff",
    "belonging": "staff who are not actively disengaged",
    "pride": "staff who are engaged",
    "skill": "mean customer skill of staff",
    "grown": "skill gained over the usual level, as a share of what training can add",
    "empowered": "mean inclination to act on own judgement",
    "sharing": "staff who help across boundaries this month",
    "peace": "1 - strength of the traitor norm",
    "credibility": "credibility of what is said about the strategy",
    "handed_over": "requests for help across a boundary that were met",
    "success": "contacts resolved or recovered",
    "survives": "months of work not waiting, down to 0 at a month's backlog, / (1 + investors' pressure)",
    "captured": "first link of the chain of customer information",
    "connected": "weaker of the second and third link: collated in one place, and found again",
    "shared_on": "fifth link: information passed on across boundaries",
    "used": "fourth link: information put to use",
    "chain": "strength of the whole chain, (mean of l^-w)^(-1/w) with w = customers.information.weakest",
    "current": "mean relationship knowledge of customers that has not aged away",
    "value_known": "share of the error in estimates of a customer's value that is overcome: current x chain",
    "advocates": "customers satisfied and trusting enough to recommend",
    "participation": "mean habit of customers to take part",
    "differently": "customers with an owner or served by web and pool, by their value",
    "fit": "offers that fitted",
    "tailored": "offers that an owner adapted or made herself",
    "recovered": "failures made good",
    "acts": "retention acts as a share of what the budget allows",
    "scored": "D of the insight system: customers who are scored",
    "feedback": "D of closed-loop feedback: customers heard again when something went wrong",
    "seen": "customers' reactions that staff get to see",
    "teams": "D of cross-functional teams",
    "portfolios": "larger of D of portfolio governance and the share of customers inside the fence",
    "trained": "D of capability training",
    "paid_for_customers": "customer part of the pay mix in force",
    "paid_together": "team and customer parts of the pay mix in force",
    "tiers": "customers inside the fence or meant for web and pool, by the terms in force",
    "orchestrated": "customers whose offers an owner with authority, or a rule, holds together",
    "answerable": "customers inside the fence x accountability x weight of projected value",
    "voice": "two-way communication x credibility",
    "dialogue": "reach of messages x two-way communication",
    "credible_words": "trusted reach of messages x credibility",
    "said": "written values that advance the strategy, or announcements",
    "leaders_belief": "power-weighted outside-in belief of leaders",
    "buy_in": "power-weighted buy-in of leaders",
    "leaders_commit": "power-weighted attention x buy-in of leaders",
    "leaders_show": "power-weighted mean of the five behaviours that leaders show",
    "looks_out": "root of feedback seeking at the top (power-weighted) x chain",
    "courage_left": "courage above investors' pressure as a share of the most courage possible",
    "checked": "intensity of checkpoints on running initiatives x their truth",
    "customer_plan": "effort practised in initiatives that change something for customers, per effort under way",
}


def read_signals(world: World) -> Signals:
    """All signals of the month, in the order of `SIGNALS`; each of shape [silo + 1], the last for the whole."""
    found = {**_staff(world), **_units(world), **_customers(world), **_terms(world)}
    climate, credibility = world.state.climate, found["credibility"]
    found["value_known"] = found["current"] * found["chain"]
    found["voice"] = climate.two_way * credibility
    found["credible_words"] = climate.trusted_reach * credibility
    everywhere = {**_talk(world), **_top(world, float(found["chain"][-1]))}
    rows = np.outer(list(everywhere.values()), np.ones(len(credibility)))
    found |= dict(zip(everywhere, rows, strict=True))
    return {name: found[name] for name in SIGNALS}


def whole(signals: Signals) -> dict[str, float]:
    """The signals of the whole organisation."""
    return {name: float(values[-1]) for name, values in signals.items()}


def mean_of(signals: dict[str, float], names: tuple[str, ...]) -> float:
    """Mean of the named signals, 0-1."""
    return sum(signals[name] for name in names) / len(names)


def _with_whole(table: F64, weights: NDArray[Any]) -> F64:
    """A table [silo, ...] with its weighted mean as a last row."""
    return np.concatenate([table, (weights @ table / weights.sum())[None]])


def _shares(parts: F64, totals: F64, otherwise: F64) -> F64:
    """parts / totals [row, silo + 1]; where there is none, a unit counts as the whole, and the whole as `otherwise`."""
    ratio = parts / np.maximum(totals, 1e-12)
    default = np.where(totals[:, -1] > 0, ratio[:, -1], otherwise)
    return np.where(totals > 0, ratio, default[:, None])


def _staff(world: World) -> Signals:
    """Means over the staff of each unit and over all staff."""
    e, p, size = world.state.employees, world.rules.engagement, world.state.silos.size
    sums = sum_staff(
        e.silo, e.belief, e.engagement, e.skill, e.empowerment, e.shares, len(size), p.disengaged_below, p.engaged_from
    )
    means = np.concatenate([sums / size, sums.sum(axis=1, keepdims=True) / len(e.belief)], axis=1)
    belief, believers, square, engagement, belonging, pride, skill, empowered, sharing = means
    middle = belief[-1]
    spread = np.sqrt(np.maximum(square - 2 * middle * belief + middle * middle, 0.0))
    grown = (skill - world.rules.employees.skill) / max(p.training_gain, 1e-9)
    return {
        "belief": belief, "believers": believers, "shared_belief": belief * np.maximum(0.0, 1 - 2 * spread),
        "engagement": engagement, "belonging": belonging, "pride": pride, "skill": skill,
        "grown": np.minimum(1.0, np.maximum(0.0, grown)), "empowered": empowered, "sharing": sharing,
    }  # fmt: skip


@rule
def sum_staff(silo, belief, engagement, skill, empowerment, shares, n, low, high):  # type: ignore[no-untyped-def]
    """Sums over the staff of each unit in table order, in the order in which `_staff` names them; [sum, silo]."""
    sums = np.zeros((9, n))
    for k in range(silo.shape[0]):
        s = silo[k]
        sums[0, s] += belief[k]
        sums[1, s] += belief[k] >= BELIEVES_FROM
        sums[2, s] += belief[k] * belief[k]
        sums[3, s] += engagement[k]
        sums[4, s] += engagement[k] >= low
        sums[5, s] += engagement[k] >= high
        sums[6, s] += skill[k]
        sums[7, s] += empowerment[k]
        sums[8, s] += shares[k]
    return sums


def _units(world: World) -> Signals:
    """What the units are like: norms, links of the chain, service; the whole is weighted by headcount."""
    silos = world.state.silos
    chain = np.maximum(silos.chain, 1e-3).T
    weakest = world.rules.information.weakest
    strength = ((chain**-weakest).sum(axis=0) / len(chain)) ** (-1 / weakest)
    table = np.array([silos.hostility, silos.credibility, silos.fails, silos.success, silos.backlog, *chain, strength])
    hostility, credibility, fails, success, backlog, *links, strength = _with_whole(table.T, silos.size).T
    return {
        "peace": 1 - hostility, "credibility": credibility, "handed_over": 1 - fails, "success": success,
        "survives": np.maximum(0.0, 1 - backlog) / (1 + world.state.climate.pressure),
        "captured": links[CAPTURE], "connected": np.minimum(links[COLLATE], links[RETRIEVE]),
        "used": links[UTILISE], "shared_on": links[SHARE], "chain": strength,
    }  # fmt: skip


def _customers(world: World) -> Signals:
    """What was counted among customers and offers at home in a unit, and contacts handled there."""
    counted, rules = world.state.tally.silos.sum(axis=0), world.rules
    t = np.concatenate([counted, counted.sum(axis=0, keepdims=True)]).T
    n, made, tailored = t[CUSTOMERS], t[OFFERS_MADE], t[ADAPTED] + t[OWN_OFFERS]
    parts = [
        t[KNOWLEDGE], t[ADVOCATES], t[PARTICIPATION], t[COVERED], t[WEB_SERVED], t[ACTS], t[OFFERS_FIT], tailored,
        t[RECOVERED],
    ]  # fmt: skip
    totals = [n, n, n, n, n, n, made, made, t[N_CONTACTS] - t[WON] + t[RECOVERED]]
    without = np.zeros(len(parts))
    without[6] = rules.offers.fit_base
    current, advocates, participation, owned, web, acts, fit, tailored, recovered = _shares(
        np.array(parts), np.array(totals), without
    )
    return {
        "current": current, "advocates": advocates, "participation": participation,
        "differently": np.minimum(1.0, owned + web), "acts": np.minimum(1.0, acts / max(rules.churn.act_budget, 1e-9)),
        "fit": fit, "tailored": np.minimum(1.0, tailored), "recovered": recovered,
    }  # fmt: skip


def _terms(world: World) -> Signals:
    """Practised design and pay, weighted by headcount; terms of governance, weighted by customers."""
    state, climate, information = world.state, world.state.climate, world.rules.information
    staff = state.silos.size
    design_and_pay = _with_whole(np.concatenate([climate.design, climate.pay], axis=1), staff).T
    design, pay = design_and_pay[:N_INITIATIVES], design_and_pay[N_INITIATIVES:]
    served = state.tally.silos[:, :, CUSTOMERS].sum(axis=0)
    terms, fence = climate.governance.T, climate.fence
    inside = np.array([
        fence, np.minimum(1.0, fence + terms[SELF_SERVICE]),
        fence * terms[AUTHORITY] + (1 - fence) * terms[BUSINESS_RULES],
        fence * terms[ACCOUNTABILITY] * terms[PROJECTED],
    ])  # fmt: skip
    fence, tiers, orchestrated, answerable = _with_whole(inside.T, served if served.any() else staff).T
    visible = world.rules.norms.feedback_visibility + information.visibility_gain * design[FEEDBACK]
    return {
        "scored": design[INSIGHT], "feedback": design[FEEDBACK], "teams": design[TEAMS], "trained": design[TRAINING],
        "portfolios": np.maximum(design[PORTFOLIO], fence), "seen": np.minimum(1.0, visible),
        "paid_for_customers": pay[CUSTOMER_PAY], "paid_together": pay[TEAM_PAY] + pay[CUSTOMER_PAY],
        "tiers": tiers, "orchestrated": orchestrated, "answerable": answerable,
    }  # fmt: skip


def _talk(world: World) -> dict[str, float]:
    """What is said, planned and checked in the whole organisation."""
    state, climate, plan = world.state, world.state.climate, world.state.plan
    silos, effort = state.silos, world.structure.initiatives.effort
    staff = silos.size / silos.size.sum()
    running = (plan.launched >= 0) & (plan.closed == 0)
    looks = world.strategy.unlock.keep_adjusting if world.effective and running.any() else 0.0
    lived = (staff @ (silos.formal * silos.practised) * effort)[FACING].sum()
    under_way = world.scenario.organisation.background_load + (effort * running).sum()
    unsaid = 1 - climate.words
    for trait, sign, held in zip(
        world.scenario.organisation.traits.values(), world.structure.signs, staff @ silos.traits, strict=True
    ):
        if trait.formal and sign.sum() < 0:
            unsaid *= 1 - held
    return {
        "said": 1 - unsaid,
        "dialogue": climate.reach * climate.two_way,
        "checked": looks * fidelity(world) if looks else 0.0,
        "customer_plan": min(1.0, lived / under_way) if under_way > 0 else 0.0,
    }


def _top(world: World, chain: float) -> dict[str, float]:
    """Leaders, weighted by power; courage is the chief executive's."""
    leaders, board, stages = world.state.leaders, world.rules.board, world.structure.stages
    power, ceo, top = leaders.power / leaders.power.sum(), world.ceo, leaders.power[world.ceo :]
    seeking = np.interp(leaders.stage[ceo:], STAGE_NUMBERS, stages[FEEDBACK_SEEKING])
    horizon = np.interp(leaders.stage[ceo], STAGE_NUMBERS, stages[HORIZON])
    courage = board.courage_base + board.courage_horizon * horizon / 60 + board.courage_belief * leaders.belief[ceo]
    most = board.courage_base + board.courage_horizon * max(stages[HORIZON]) / 60 + board.courage_belief
    left = max(0.0, courage - world.state.climate.pressure)
    return {
        "leaders_belief": float(power @ leaders.belief),
        "buy_in": float(power @ leaders.buy_in),
        "leaders_commit": float(power @ (leaders.attention * leaders.buy_in)),
        "leaders_show": (power @ leaders.behaviours).sum() / len(BEHAVIOURS),
        "looks_out": math.sqrt(top @ seeking / top.sum() * chain),
        "courage_left": left / most if most > 0 else 0.0,
    }
