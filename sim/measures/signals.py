"""Named signals of what goes on in the organisation, each between 0 and 1: the raw material of all indices.

An index is the mean of some of these (see `sim.measures.maturity` and `sim.measures.culture`). Which signal stands for
which item of a published instrument is judgement (grade D). Every signal is read off the state once a month, for each
unit and for the whole, and nothing in the model reads it.
"""

from __future__ import annotations

import numpy as np

from sim.columns import F64
from sim.measures.signal_rules import Levels, fill
from sim.phases.observation import fidelity
from sim.structure import HORIZON
from sim.world import World, constant

Signals = dict[str, F64]  # name -> [silo + 1]: every unit, then the whole

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
    state, climate, structure = world.state, world.state.climate, world.structure
    written, levels = yardsticks(world)
    e = state.employees
    month = (climate.words, climate.reach, climate.trusted_reach, climate.two_way, climate.pressure, checks(world))
    table = np.empty((len(SIGNALS), len(state.silos.size) + 1))
    table.fill(np.inf)  # what nobody writes is noticed
    fill(
        table, (e.silo, e.belief, e.engagement, e.skill, e.empowerment, e.shares), tuple(state.silos),
        tuple(state.leaders), state.tally.silos, climate.design, climate.pay, climate.fence, climate.governance,
        state.plan.launched, state.plan.closed, world.rules.information.weakest, structure.initiatives.effort,
        structure.stages, written, levels, month,
    )  # fmt: skip
    return table


def whole(signals: Signals) -> dict[str, float]:
    """The signals of the whole organisation."""
    return {name: float(values[-1]) for name, values in signals.items()}


def mean_of(signals: dict[str, float], names: tuple[str, ...]) -> float:
    """Mean of the named signals, 0-1."""
    return sum([signals[name] for name in names]) / len(names)


def checks(world: World) -> float:
    """Intensity of checkpoints on running initiatives x their truth."""
    looks = world.strategy.unlock.keep_adjusting
    return looks * fidelity(world) if looks and world.effective else 0.0


@constant
def yardsticks(world: World) -> tuple[np.ndarray, tuple[float, ...]]:
    """What never changes: traits that are written down and advance the strategy, and `Levels`."""
    rules, traits, signs = world.rules, world.scenario.organisation.traits.values(), world.structure.signs
    written = np.flatnonzero([trait.formal and sign.sum() < 0 for trait, sign in zip(traits, signs, strict=True)])
    board, longest = rules.board, float(max(world.structure.stages[HORIZON]))
    levels = Levels(
        low=rules.engagement.disengaged_below, high=rules.engagement.engaged_from,
        usual_skill=rules.employees.skill, training_gain=rules.engagement.training_gain,
        fit_base=rules.offers.fit_base, act_budget=rules.churn.act_budget,
        visible=rules.norms.feedback_visibility, visibility_gain=rules.information.visibility_gain,
        background=world.scenario.organisation.background_load,
        courage_base=board.courage_base, courage_horizon=board.courage_horizon, courage_belief=board.courage_belief,
        most_courage=board.courage_base + board.courage_horizon * longest / 60 + board.courage_belief,
    )  # fmt: skip
    return written, tuple(levels)
