"""Which plans to try next: optuna's tree-structured Parzen estimator, asked and told in batches, under the budget.

A plan that is planned to cost more than the budget is never run: the search is told by how much it is over, and given
the same plan with parts taken out until it fits. With the same seed and the same results the same plans come again,
which is how a search that was stopped goes on from the store.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from experiments.optimisation.levers import Choice, Group, Levers
from sim.errors import InputError
from sim.params.strategy import Strategy

ASKS = 20  # per plan wanted, before a search gives up looking for new ones
SPREAD_OUT = 0.15  # chance that a unit of a random plan does not simply start first
OVER, LOST = 0, 1  # steps at which plans over the budget, and plans without a result, are told; racing begins at 2


@dataclass(frozen=True)
class Proposal:
    """A plan to try.

    Args:
        choice: level of every lever.
        plan: what it stands for.
        planned: dollars at list prices.
        ticket: optuna's trial.
    """

    choice: Choice
    plan: Strategy
    planned: float
    ticket: Any


def content(plan: Strategy) -> str:
    """What a plan does, without what it is called."""
    return plan.model_dump_json(exclude={"name", "description"})


class Proposals:
    """Source of plans.

    Args:
        levers: what may be set.
        price: dollars that a plan is planned to cost.
        budget: most dollars.
        seed: seed of the search.
        named: plans that are run anyway; whoever proposes the same means them, and nothing runs twice.

    Raises:
        InputError: the extra that brings optuna is not installed.
    """

    def __init__(
        self,
        levers: Levers,
        price: Callable[[Strategy], float],
        budget: float,
        seed: int,
        named: Sequence[Strategy] = (),
    ) -> None:
        """Nothing is proposed yet."""
        optuna = library()
        self.levers, self.price, self.budget = levers, price, budget
        self.chance = np.random.default_rng([seed, 1])
        self.dropped = optuna.trial.TrialState.PRUNED
        self.named = {content(plan): plan for plan in named}
        self.seen: dict[str, tuple[float, int]] = {}  # content -> what was told of it
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True)
        self.study = optuna.create_study(direction="maximize", sampler=sampler)
        self.distributions = {
            lever.name: optuna.distributions.IntDistribution(0, len(lever.levels) - 1)
            if lever.ordered and len(lever.levels) > 2
            else optuna.distributions.CategoricalDistribution(tuple(range(len(lever.levels))))
            for lever in levers.all
        }

    def begin(self, number: int) -> None:
        """Put choices at the front: those nearest to named plans, then random ones; all are made to fit the budget."""
        near = [self.levers.nearest(plan) for plan in self.named.values()]
        for choice in [*near, *(self.random() for _ in range(number - len(near)))]:
            self.study.enqueue_trial(self.fitted(choice))

    def random(self) -> dict[str, int]:
        """A random choice; small and large plans come equally often."""
        share, choice = self.chance.uniform(0.1, 0.9), {}
        for lever in self.levers.all:
            free = lever.group is not Group.WHERE and not lever.saves
            lowest = 1 if lever.saves else 0
            pick = int(self.chance.integers(lowest, len(lever.levels)))
            if free or self.chance.random() < (share if lever.saves else SPREAD_OUT):
                choice[lever.name] = pick
            else:
                choice[lever.name] = 0
        return choice

    def fitted(self, choice: Choice) -> dict[str, int]:
        """The choice with randomly chosen levers lowered step by step until the plan fits the budget."""
        fitting = dict(choice)
        while self.price(self.levers.plan(fitting)) > self.budget:
            used = [lever.name for lever in self.levers.all if lever.saves and fitting[lever.name] > 0]
            fitting[used[self.chance.integers(len(used))]] -= 1
        return fitting

    def batch(self, size: int) -> list[Proposal]:
        """Plans that have not been proposed before, all of which fit the budget; fewer if no more are found."""
        found: dict[str, Proposal] = {}
        for _ in range(ASKS * size):
            if len(found) == size:
                break
            ticket = self.study.ask(self.distributions)
            plan = self.levers.plan(ticket.params)
            planned, key = self.price(plan), content(plan)
            if planned > self.budget:
                self._drop(ticket, (self.budget - planned) / self.budget, OVER)
                self.study.enqueue_trial(self.fitted(ticket.params))
            elif key in self.seen:
                self._say(ticket, *self.seen[key])
            elif key in found:
                self._drop(ticket, 0.0, LOST)
            else:
                found[key] = Proposal(dict(ticket.params), self.named.get(key, plan), planned, ticket)
        return list(found.values())

    def tell(self, proposal: Proposal, value: float, step: int) -> None:
        """Say what became of a plan.

        Args:
            proposal: the plan.
            value: what it brought; how far over the budget it went as a negative number, if `step` is OVER.
            step: number of replicates that the value rests on, negative if these were all; OVER or LOST.
        """
        self.seen[content(proposal.plan)] = (value, step)
        self._say(proposal.ticket, value, step)

    def _say(self, ticket: Any, value: float, step: int) -> None:
        if step < 0:
            self.study.tell(ticket, value)
        else:
            self._drop(ticket, value, step)

    def _drop(self, ticket: Any, value: float, step: int) -> None:
        """The more steps a dropped plan took, the better it ranks for the search; all rank behind finished ones."""
        ticket.report(value, step)
        self.study.tell(ticket, state=self.dropped)


def library() -> Any:
    """Optuna, silent.

    Raises:
        InputError: it is not installed.
    """
    if find_spec("optuna") is None:
        advice = "uv sync --extra search, or pip install 'ungridlock[search]'"
        raise InputError("optimise", "needs the extra search", "optuna is not installed", advice)
    import optuna  # noqa: PLC0415

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
