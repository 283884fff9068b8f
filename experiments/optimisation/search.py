"""The search: batches of plans race on the same lives, the better half goes on to more of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from experiments.optimisation.judge import Judge, Lives, Outcomes
from experiments.optimisation.proposals import LOST, OVER, Proposal, Proposals

FEWEST = 4  # replicates of the first round
KEPT = 0.5  # share that goes on after every round but the last


@dataclass(frozen=True)
class Tried:
    """A plan that was tried.

    Args:
        proposal: the plan.
        gains: against the baseline, more is better, one number per life seen so far.
        costs: dollars paid, one number per life.
        finished: whether it has seen all lives of the search.
        fits: whether it stayed within the budget on average.
    """

    proposal: Proposal
    gains: pd.Series
    costs: pd.Series
    finished: bool
    fits: bool

    @property
    def gain(self) -> float:
        """Mean difference to the baseline; NaN if a run has no result."""
        return float(self.gains.mean(skipna=False))


@dataclass(frozen=True)
class Rules:
    """How to search.

    Args:
        lives: replicates of the search, in the order in which they are used.
        trials: plans tried.
        batch: plans tried at the same time.
        budget: most dollars that a plan may pay on average.
    """

    lives: Lives
    trials: int
    batch: int
    budget: float

    @property
    def batches(self) -> int:
        """Batches of the search."""
        return math.ceil(self.trials / self.batch)

    def sizes(self) -> list[int]:
        """Plans in every batch."""
        return [min(self.batch, self.trials - k * self.batch) for k in range(self.batches)]


def rounds(replicates: int) -> list[int]:
    """Replicates seen by the end of every round: each round doubles them, the first has at least four."""
    found = [replicates]
    while found[0] // 2 >= FEWEST:
        found.insert(0, math.ceil(found[0] / 2))
    return found


def runs_of_batch(size: int, replicates: int) -> int:
    """Most runs that a batch asks for, without those of the baseline."""
    total, before = 0, 0
    for seen in rounds(replicates):
        total, before, size = total + size * (seen - before), seen, going_on(size)
    return total


def going_on(number: int) -> int:
    """How many of a round's plans see the next one."""
    return math.ceil(KEPT * number)


def search(proposals: Proposals, judge: Judge, rules: Rules) -> list[Tried]:
    """Try plans, batch after batch; each batch is chosen with what the earlier ones brought.

    Args:
        proposals: where plans come from.
        judge: who says what they bring.
        rules: how many, in which lives.

    Returns:
        Every plan that was tried, in order.
    """
    tried: list[Tried] = []
    for number, size in enumerate(rules.sizes(), start=1):
        batch = proposals.batch(size)
        if not batch:
            break
        for one in race(batch, judge, rules, f"search {number} of {rules.batches}"):
            proposals.tell(one.proposal, *worth(one, rules.budget))
            tried.append(one)
    return tried


def worth(one: Tried, budget: float) -> tuple[float, int]:
    """What the search is told of a plan: value and step, see `Proposals.tell`."""
    if math.isnan(one.gain):
        return 0.0, LOST
    if not one.fits:
        return (budget - float(one.costs.mean())) / budget, OVER
    return one.gain, -1 if one.finished else len(one.gains)


def race(batch: Sequence[Proposal], judge: Judge, rules: Rules, what: str) -> list[Tried]:
    """Successive halving: all plans in the first round's lives, the better half in the next round's, and so on.

    A plan that lacks a run, or pays more than the budget on average, does not go on.

    Returns:
        One entry per plan of the batch, in its order.
    """
    found: dict[str, Tried] = {}
    racing = {str(k): proposal for k, proposal in enumerate(batch)}
    stages = rounds(len(rules.lives.replicates))
    for seen in stages:
        lives = Lives(rules.lives.seed, rules.lives.replicates[:seen])
        outcomes = judge({key: proposal.plan for key, proposal in racing.items()}, lives, what)
        now = {key: _tried(proposal, key, outcomes, rules, seen == stages[-1]) for key, proposal in racing.items()}
        found |= now
        able = [key for key, one in now.items() if one.fits and not math.isnan(one.gain)]
        best = sorted(able, key=lambda key: -now[key].gain)[: going_on(len(racing))]
        racing = {key: racing[key] for key in sorted(best, key=int)}
        if not racing:
            break
    return [found[str(k)] for k in range(len(batch))]


def _tried(proposal: Proposal, key: str, outcomes: Outcomes, rules: Rules, last: bool) -> Tried:
    gains, costs = outcomes.gains[key], outcomes.costs[key]
    return Tried(proposal, gains, costs, last, bool(costs.mean() <= rules.budget))


def best_of(tried: Sequence[Tried], number: int, known: Callable[[Proposal], bool]) -> list[Tried]:
    """The best plans that saw all lives of the search, kept to the budget and changed anything at all.

    Args:
        tried: all that were tried.
        number: how many at most.
        known: whether a plan is among those that are judged anyway.
    """
    able = [one for one in tried if one.finished and one.fits and not math.isnan(one.gain)]
    able = [one for one in able if one.gains.any() and not known(one.proposal)]
    return sorted(able, key=lambda one: -one.gain)[:number]
