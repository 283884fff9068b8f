"""Named signals of what goes on in the organisation, each between 0 and 1: the raw material of all indices.

An index is the mean of some of these (see `sim.measures.maturity` and `sim.measures.culture`). Which signal stands for
which item of a published instrument is judgement (grade D). Every signal is read off the state once a month, for each
unit and for the whole, and nothing in the model reads it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.columns import F64
from sim.measures.rows import (
    BUY_IN,
    CHAIN,
    CHECKED,
    COURAGE_LEFT,
    CUSTOMER_PLAN,
    DIALOGUE,
    LEADERS_BELIEF,
    LEADERS_COMMIT,
    LEADERS_SHOW,
    LOOKS_OUT,
    SAID,
)
from sim.measures.signal_rules import (
    attributes_of,
    customer_signals,
    fence_rows,
    joint_signals,
    staff_signals,
    term_signals,
    unit_rows,
    unit_signals,
)
from sim.params.strategy import BEHAVIOURS, EMPOWERMENT, FEEDBACK, INSIGHT, PAY, PORTFOLIO
from sim.phases.observation import fidelity
from sim.phases.rollout import staff_share
from sim.phases.service import chain_strength
from sim.state import CUSTOMERS
from sim.structure import FEEDBACK_SEEKING, HORIZON
from sim.sums import by_row
from sim.world import World, constant

Signals = dict[str, F64]  # name -> [silo + 1]: every unit, then the whole

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
    return dict(zip(SIGNALS, signal_table(world), strict=True))


def signal_table(world: World) -> F64:
    """The same as a table [signal, silo + 1]; rows are named in `sim.measures.rows`."""
    state, rules, climate = world.state, world.rules, world.state.climate
    e, p = state.employees, rules.engagement
    table = np.empty((len(SIGNALS), len(state.silos.size) + 1))
    staff_signals(
        table, e.silo, e.belief, e.engagement, e.skill, e.empowerment, e.shares, state.silos.size,
        (p.disengaged_below, p.engaged_from, rules.employees.skill, p.training_gain),
    )  # fmt: skip
    unit_signals(table, *_units(world), climate.pressure)
    counted = by_row(state.tally.silos)
    customer_signals(table, counted, rules.offers.fit_base, rules.churn.act_budget)
    visible = rules.norms.feedback_visibility, rules.information.visibility_gain
    term_signals(table, *_terms(world, counted[:, CUSTOMERS].copy()), *visible)
    joint_signals(table, climate.two_way, climate.trusted_reach)
    chain = float(table[CHAIN, -1])
    for row, value in (*_talk(world), *_top(world, chain)):
        table[row] = value
    return table


def whole(signals: Signals) -> dict[str, float]:
    """The signals of the whole organisation."""
    return {name: float(values[-1]) for name, values in signals.items()}


def mean_of(signals: dict[str, float], names: tuple[str, ...]) -> float:
    """Mean of the named signals, 0-1."""
    return sum([signals[name] for name in names]) / len(names)


def _with_whole(units: F64, weights: F64) -> tuple[F64, F64]:
    """A table [silo, ...] and its weighted mean over units."""
    return units, weights @ units / float(np.add.reduce(weights))


@constant
def staff_of_units(world: World) -> F64:
    """Employees of every unit as decimals, shape [silo]."""
    return np.diff(world.structure.units.first).astype(np.float64)


def _units(world: World) -> tuple[F64, F64]:
    """The columns of `unit_rows`; the whole is weighted by headcount."""
    silos = world.state.silos
    strength = chain_strength(silos.chain, world.rules.information.weakest)
    found = unit_rows(
        silos.hostility, silos.credibility, silos.fails, silos.success, silos.backlog, silos.chain, strength
    )
    return _with_whole(found.T, staff_of_units(world))


def _terms(world: World, served: F64) -> tuple[F64, F64, F64, F64]:
    """Practised design and pay, weighted by headcount; terms of governance, weighted by customers (`served`)."""
    climate, staff = world.state.climate, staff_of_units(world)
    inside = fence_rows(climate.fence, climate.governance)
    return (
        *_with_whole(np.concatenate([climate.design, climate.pay], axis=1), staff),
        *_with_whole(inside.T, served if served.any() else staff),
    )


def _talk(world: World) -> tuple[tuple[int, float], ...]:
    """What is said, planned and checked in the whole organisation: rows of the table and their values."""
    state, climate, plan = world.state, world.state.climate, world.state.plan
    silos, staff = state.silos, staff_share(world)
    effort, looks, under_way = world.structure.initiatives.effort, 0.0, world.scenario.organisation.background_load
    lived = float(np.add.reduce((staff @ (silos.formal * silos.practised) * effort)[FACING]))
    if world.launched:
        running = (plan.launched >= 0) & (plan.closed == 0)
        looks = world.strategy.unlock.keep_adjusting if world.effective and running.any() else 0.0
        under_way += float(np.add.reduce(effort * running))
    unsaid = 1 - climate.words
    for held in (staff @ silos.traits)[written_values(world)].tolist():
        unsaid *= 1 - held
    return (
        (SAID, 1 - unsaid),
        (DIALOGUE, climate.reach * climate.two_way),
        (CHECKED, looks * fidelity(world) if looks else 0.0),
        (CUSTOMER_PLAN, min(1.0, lived / under_way) if under_way > 0 else 0.0),
    )


@constant
def written_values(world: World) -> NDArray[np.int64]:
    """Columns of the traits that are written down and advance the strategy."""
    traits, signs = world.scenario.organisation.traits.values(), world.structure.signs
    return np.flatnonzero([trait.formal and sign.sum() < 0 for trait, sign in zip(traits, signs, strict=True)])


def _top(world: World, chain: float) -> tuple[tuple[int, float], ...]:
    """Leaders, weighted by power; courage is the chief executive's. Rows of the table and their values."""
    leaders, board, stages = world.state.leaders, world.rules.board, world.structure.stages
    power, ceo, top = leaders.power / np.add.reduce(leaders.power), world.ceo, leaders.power[world.ceo :]
    seeking = attributes_of(stages[FEEDBACK_SEEKING], leaders.stage[ceo:])
    horizon = attributes_of(stages[HORIZON], leaders.stage[ceo:])[0]
    courage = board.courage_base + board.courage_horizon * horizon / 60 + board.courage_belief * leaders.belief[ceo]
    left, most = max(0.0, courage - world.state.climate.pressure), most_courage(world)
    return (
        (LEADERS_BELIEF, power @ leaders.belief),
        (BUY_IN, power @ leaders.buy_in),
        (LEADERS_COMMIT, power @ (leaders.attention * leaders.buy_in)),
        (LEADERS_SHOW, np.add.reduce(power @ leaders.behaviours) / len(BEHAVIOURS)),
        (LOOKS_OUT, math.sqrt(top @ seeking / np.add.reduce(top) * chain)),
        (COURAGE_LEFT, left / most if most > 0 else 0.0),
    )


@constant
def most_courage(world: World) -> float:
    """Courage of a chief executive of the longest horizon who believes fully."""
    board = world.rules.board
    longest = max(world.structure.stages[HORIZON])
    return float(board.courage_base + board.courage_horizon * longest / 60 + board.courage_belief)
