"""Plans in, differences to the baseline and dollars out: every run goes through the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import pandas as pd

from experiments.evaluation.evaluate import Evaluation, evaluate
from experiments.evaluation.study import Incomplete, Study, missing_text, runs_table, save
from experiments.interruption import Interrupted
from experiments.money import total_value
from experiments.optimisation.settings import TOTAL, OptimiseSettings
from experiments.store.store import Store
from sim.params.strategy import Strategy

COST = "programme_cost"


@dataclass(frozen=True)
class Lives:
    """Replicates of a seed.

    Args:
        seed: seed of all draws.
        replicates: which of its lives.
    """

    seed: int
    replicates: tuple[int, ...]


@dataclass(frozen=True)
class Outcomes:
    """What plans brought; NaN where a run has no result.

    Args:
        gains: objective less that of the baseline in the same life, more is better; a row per replicate, a column per
            plan and one for the baseline.
        costs: dollars paid for the programme, in the same form.
    """

    gains: pd.DataFrame
    costs: pd.DataFrame


class Judge(Protocol):
    """Whoever can say what plans bring."""

    def __call__(self, plans: Mapping[str, Strategy], lives: Lives, what: str) -> Outcomes:
        """Outcomes of plans in some lives.

        Args:
            plans: key -> what is done.
            lives: replicates.
            what: word for the progress bar.
        """


class Stopped(Interrupted):
    """Ctrl-C in a search: the same command goes on.

    Args:
        finished: runs that the search has so far.
        planned: most runs that it asks for.
    """

    def __init__(self, finished: int, planned: int) -> None:
        """Compose the single line that is shown."""
        super().__init__(finished, planned, "runs")
        kept = f"kept {finished:,} of at most {planned:,} runs"
        self.args = (f"ungridlock: interrupted, {kept}; run the same command again to go on",)


class SimulationJudge:
    """Judge that runs the model.

    Args:
        study: organisation, computation, objective; its first strategy is the baseline.
        store: where runs go.
        planned: most runs that will be asked for, to say how far an interrupted search was.
    """

    def __init__(self, study: Study[OptimiseSettings], store: Store, planned: int) -> None:
        """Nothing is asked yet."""
        self.study, self.store, self.planned = study, store, planned
        self.baseline = next(iter(study.job.strategies))
        self.asked: set[str] = set()  # runs
        self.missing: dict[str, str] = {}  # run -> why it has no result

    def __call__(self, plans: Mapping[str, Strategy], lives: Lives, what: str) -> Outcomes:
        """See `Judge`.

        Raises:
            Incomplete: the baseline, or every plan, lacks a run.
            Stopped: Ctrl-C; finished runs are in the store.
        """
        part = within(self.study, plans, lives)
        found = self._evaluated(part, what)
        table = runs_table(part, self.store, found)
        whole = table.groupby("scenario").size() == len(lives.replicates)
        if not whole.get(self.baseline, False) or (plans and not whole.drop(self.baseline).any()):
            save(part, self.store, found, table)
            raise Incomplete(missing_text(part, found))
        table = self._valued(table)
        keys = [self.baseline, *(key for key in plans if key != self.baseline)]
        values, costs = (_wide(table, name, keys, lives)
                         for name in (self.study.settings.objective, COST))  # fmt: skip
        base = values[self.baseline]
        gains = values.sub(base.fillna(0.0) if base.isna().all() else base, axis=0)
        return Outcomes(self.study.settings.measure.better * gains, costs)

    def save(self, plans: Mapping[str, Strategy], lives: Lives) -> None:
        """Write tables and provenance of runs that are in the store, as every study does."""
        part = within(self.study, plans, lives)
        found = self._evaluated(part, "saving")
        save(part, self.store, found, self._valued(runs_table(part, self.store, found)))

    def _evaluated(self, part: Study[OptimiseSettings], what: str) -> Evaluation:
        keep = tuple(self.study.settings.keep)
        self.asked |= set(part.wanted.runs)
        try:
            found = evaluate(part.wanted, self.store, keep, self.study.job.settings, what)
        except Interrupted:
            there = self.store.finished(keep)
            raise Stopped(sum(key in there for key in self.asked), self.planned) from None
        self.missing |= found.missing
        return found

    def _valued(self, table: pd.DataFrame) -> pd.DataFrame:
        if self.study.settings.objective != TOTAL.name:
            return table
        return total_value(table, self.study.job.scenario.organisation.economics.monthly_discount)


def within(study: Study[OptimiseSettings], plans: Mapping[str, Strategy], lives: Lives) -> Study[OptimiseSettings]:
    """The study of the baseline and some plans in some lives."""
    baseline, base = next(iter(study.job.strategies.items()))
    settings = study.job.settings.model_copy(update={"seed": lives.seed, "replicates": len(lives.replicates)})
    job = replace(study.job, strategies={baseline: base, **plans}, settings=settings)
    return replace(study, job=job, replicates=lives.replicates)


def _wide(table: pd.DataFrame, column: str, keys: list[str], lives: Lives) -> pd.DataFrame:
    """A column of runs as a row per replicate and a column per plan; missing where there is no run."""
    wide = table.pivot(index="replicate", columns="scenario", values=column)
    return wide.reindex(index=list(lives.replicates), columns=keys).astype(float)
