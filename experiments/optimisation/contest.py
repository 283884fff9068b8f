"""Everything that a search needs to know beforehand, and the search with its judgement from beginning to end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from experiments.configuration import Library
from experiments.evaluation.study import Study
from experiments.optimisation.cost import PriceList
from experiments.optimisation.holdout import (
    BASELINE,
    FOUND,
    NAMED,
    Judged,
    holdout_lives,
    lucks,
    named_by_rank,
    search_lives,
    verdict,
)
from experiments.optimisation.judge import Judge, Lives
from experiments.optimisation.levers import Levers
from experiments.optimisation.page import MILLION, Answer, no_plan
from experiments.optimisation.proposals import Proposals, content
from experiments.optimisation.search import Rules, Tried, best_of, runs_of_batch, search
from experiments.optimisation.settings import OptimiseSettings
from experiments.unknowns import sets_of
from sim.errors import InputError
from sim.params.strategy import Placebo, Strategy

RESERVE = 1.1  # default budget as a multiple of what unlock is planned to cost
STANDARD = "unlock"
PARTS = "unlock_without_"  # plans with one activity left out: made to take unlock apart, not to be chosen
STARTS = 8  # one trial in so many is near one of the best named plans, and as many are random


@dataclass(frozen=True)
class Contest:
    """What is known before anything is run.

    Args:
        study: organisation, computation, settings.
        levers: what may be set.
        prices: what plans are planned to cost.
        budget: dollars.
        rivals: key -> named plan that fits the budget.
        over: key -> planned dollars of named plans that do not.
        lives: replicates of the search.
        holdout: replicates of the judgement.
    """

    study: Study[OptimiseSettings]
    levers: Levers
    prices: PriceList
    budget: float
    rivals: Mapping[str, Strategy]
    over: Mapping[str, float]
    lives: Lives
    holdout: Lives

    @property
    def baseline(self) -> str:
        """Key of the plan that others are compared with."""
        return next(iter(self.study.job.strategies))

    @property
    def base(self) -> Strategy:
        """The plan itself."""
        return self.study.job.strategies[self.baseline]

    @property
    def new_worlds(self) -> NDArray[np.int64]:
        """World of every replicate of the judgement."""
        job = self.study.job
        return np.array(list(sets_of(job.scenario, job.settings, self.holdout.replicates).values()), dtype=np.int64)

    @cached_property
    def rules(self) -> Rules:
        """How to search."""
        settings = self.study.settings
        return Rules(self.lives, settings.trials, settings.batch, self.budget)

    @property
    def runs(self) -> int:
        """Most runs that are asked for."""
        return sum(self._runs())

    def _runs(self) -> tuple[int, int, int]:
        """Runs of named plans and the baseline in the search's lives, of the search, of the judgement."""
        few, many = len(self.lives.replicates), len(self.holdout.replicates)
        named = 1 + len(self.rivals)
        tried = sum(runs_of_batch(size, few) for size in self.rules.sizes())
        return named * few, tried, (named + self.study.settings.finalists) * many

    def in_words(self) -> str:
        """Where the runs go."""
        named, tried, judged = self._runs()
        few, many = len(self.lives.replicates), len(self.holdout.replicates)
        return (f"{named:,} of the baseline and {len(self.rivals)} named plans in {few} lives, {tried:,} to try "
                f"{self.rules.trials} plans, {judged:,} to judge the best in {many} new lives")  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What a search found.

    Args:
        answer: what there is to say.
        tried: every plan that was tried.
        files: keys of the plans found, the best first.
    """

    answer: Answer
    tried: list[Tried]
    files: list[str]


def contest_of(study: Study[OptimiseSettings]) -> Contest:
    """Read settings, load named plans, check.

    Raises:
        InputError: settings that do not go together.
    """
    settings, scenario = study.settings, study.job.scenario
    step = lucks(study.job.settings)
    for name, number in (("replicates", study.job.settings.replicates), ("holdout", settings.holdout)):
        if number % step or number < 2 * step:
            rule = f"must be a multiple of {step} (replicates of a world) and at least {2 * step}"
            raise InputError(name, rule, number, f"write for example {name}={16 * step}")
    prices, named = PriceList(scenario), named_plans(study)
    budget = settings.budget * MILLION if settings.budget else default_budget(study, prices)
    planned = {key: prices.total(plan) for key, plan in named.items()}
    levers = Levers(scenario, frozenset(settings.levers), min(settings.latest, scenario.months - 1))
    return Contest(
        study, levers, prices, budget,
        {key: plan for key, plan in named.items() if planned[key] <= budget},
        {key: dollars for key, dollars in planned.items() if dollars > budget},
        search_lives(study.job.settings),
        holdout_lives(scenario, study.job.settings, settings.holdout),
    )  # fmt: skip


def default_budget(study: Study[OptimiseSettings], prices: PriceList) -> float:
    """A tenth more than unlock is planned to cost, to two digits, rounded up; dollars."""
    library = Library(study.config_dir)
    with library.opened():
        wanted = RESERVE * prices.total(library.strategies([STANDARD])[STANDARD])
    digit = 10.0 ** (np.floor(np.log10(wanted)) - 1)
    return float(np.ceil(wanted / digit - 1e-9) * digit)


def named_plans(study: Study[OptimiseSettings]) -> dict[str, Strategy]:
    """Plans set beside those found: those that the user names and, unless switched off, all that are possible here.

    Placebos and plans made to take others apart are left out unless the user names them.
    """
    baseline, *typed = study.job.strategies
    plans = {key: study.job.strategies[key] for key in typed}
    if study.settings.shipped:
        library = Library(study.config_dir)
        with library.opened():
            entries = [name for name in library.entries("strategy") if not name.startswith(PARTS)]
            stored = library.strategies(entries)
        fair = {key: plan for key, plan in stored.items() if plan.placebo is Placebo.NONE and _possible(study, plan)}
        plans = {**fair, **plans}
    known = content(study.job.strategies[baseline])
    return {key: plan for key, plan in plans.items() if content(plan) != known}


def _possible(study: Study[OptimiseSettings], plan: Strategy) -> bool:
    """Whether this organisation has the units, leaders and channels that a plan names."""
    try:
        study.job.scenario.require_names(plan)
    except InputError:
        return False
    return True


def compete(contest: Contest, judge: Judge) -> Result:
    """Search, then judge.

    Args:
        contest: what is known.
        judge: who says what plans bring.

    Raises:
        InputError: the budget buys nothing.
    """
    settings, rivals = contest.study.settings, contest.rivals
    named = (contest.base, *rivals.values())
    proposals = Proposals(contest.levers, contest.prices.total, contest.budget, contest.lives.seed, named)
    searched = judge(rivals, contest.lives, "named plans")
    start = max(2, settings.trials // STARTS)
    ranked = searched.gains[list(rivals)].mean(skipna=False).sort_values(ascending=False, kind="stable").index
    proposals.begin([rivals[str(key)] for key in ranked[:start]], start)
    tried = search(proposals, judge, contest.rules)
    finalists = best_of(tried, settings.finalists, lambda proposal: content(proposal.plan) in proposals.named)
    found = {f"found_{k}": one.proposal.plan for k, one in enumerate(finalists, start=1)}
    if not found and not rivals:
        rule = no_plan(contest.over, contest.budget)
        raise InputError("budget", rule, contest.budget / MILLION, "choose a larger one")
    held = judge({**rivals, **found}, contest.holdout, "judging")
    for key, one in zip(found, finalists, strict=True):
        searched.gains[key], searched.costs[key] = one.gains, one.costs
    plans = {contest.baseline: contest.base, **rivals, **found}
    judged = {key: plan for key, plan in plans.items() if not held.gains[key].isna().any()}
    kinds = {key: BASELINE if key == contest.baseline else FOUND if key in found else NAMED for key in judged}
    planned = {key: contest.prices.total(plan) for key, plan in judged.items()}
    return conclude(contest, tried, Judged(judged, kinds, planned, searched, held, contest.new_worlds))


def conclude(contest: Contest, tried: list[Tried], judged: Judged) -> Result:
    """Rank, find the tied, and name found plans by their rank."""
    settings = contest.study.settings
    table = verdict(judged, contest.budget, settings.level)
    names = named_by_rank(table)
    table["plan"] = table["plan"].replace(names)
    plans = {names.get(key, key): plan for key, plan in judged.plans.items()}
    replicates = len(contest.lives.replicates), len(contest.holdout.replicates)
    answer = Answer(
        table, plans, settings.measure, contest.budget, settings.level, len(tried), replicates, contest.over
    )
    files = [str(row["plan"]) for row in table.to_dict("records") if row["kind"] == FOUND and row["fits"]]
    return Result(answer, tried, files)
