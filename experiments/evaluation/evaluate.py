"""The loop: skip what the store has, compute the rest, try again what a dead worker lost, name what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from experiments.evaluation.chunk import Done, Target, compute_chunk
from experiments.evaluation.chunks import Given, Keys, Paced
from experiments.evaluation.wanted import Wanted
from experiments.fan_out import HowToCompute, compile_once, outcomes
from experiments.fan_out.engine import AHEAD, Lost
from experiments.interruption import Interrupted
from experiments.progress import Progress
from experiments.settings import Compute
from experiments.store.rows import Table
from experiments.store.shard import remove_forgotten
from experiments.store.store import Store
from sim.errors import InputError


class CannotSave(Exception):
    """The store can no longer be written."""


@dataclass
class Evaluation:
    """What an evaluation left.

    Args:
        planned: number of different runs.
        known: how many of them the store had before.
        shards: shard of every finished run by key.
        missing: key -> why it has no result.
        damaged: shards that could not be read and were set aside.
    """

    planned: int
    known: int
    shards: dict[str, Path]
    missing: dict[str, str] = field(default_factory=dict)
    damaged: int = 0


def evaluate(wanted: Wanted, store: Store, keep: Sequence[Table], settings: HowToCompute, what: str) -> Evaluation:
    """Compute every run that the store lacks.

    Args:
        wanted: the runs.
        store: where results go.
        keep: tables kept beside that of the runs.
        settings: engine, workers, quiet.
        what: word for the progress bar.

    Raises:
        Interrupted: Ctrl-C; what was finished is in the store.
        InputError: workers have another model, or an engine is not installed.
    """
    before = store.damaged
    known = store.finished(keep)
    missing = {key for key in wanted.runs if key not in known}
    reasons: dict[str, str] = {}
    if missing:
        remove_forgotten(store.folder)
        compile_once()
        target = Target(store.folder.resolve(), store.model, tuple(keep))
        with Progress(len(wanted.runs), what, settings.quiet, len(wanted.runs) - len(missing)) as progress:
            reasons = _Attempts(wanted, target, settings.compute, progress).compute(missing)
    shards = store.finished(keep)
    left = {key: reasons.get(key, "was not computed") for key in wanted.runs if key not in shards}
    return Evaluation(len(wanted.runs), len(wanted.runs) - len(missing), shards, left, store.damaged - before)


class _Attempts:
    """One evaluation under way."""

    def __init__(self, wanted: Wanted, target: Target, compute: Compute, progress: Progress) -> None:
        self.wanted, self.target, self.compute_where, self.progress = wanted, target, compute, progress
        self.reasons: dict[str, str] = {}
        self.finished = 0

    def compute(self, missing: set[str]) -> dict[str, str]:
        """Everything at once; then, one by one, the chunks that dead workers lost; then the runs of those lost again.

        Returns:
            Key -> reason of runs without a result.
        """
        where = self.compute_where
        chunks = Paced(self.wanted, self.wanted.lives(missing), where.chunk_seconds)
        try:
            lost = self._round(chunks, AHEAD)
            lost = self._round(Given(self.wanted, lost), 1)
            self._round(Given(self.wanted, [[(key,)] for chunk in lost for keys in chunk for key in keys]), 1)
        except KeyboardInterrupt:
            raise Interrupted(self.finished, len(missing), "runs") from None
        except CannotSave as error:
            rest = dict.fromkeys(missing, f"could not be saved: {error}")
            return rest | self.reasons
        return self.reasons

    def _round(self, chunks: Given | Paced, ahead: int) -> list[list[Keys]]:
        """Compute chunks; with `ahead` 1 one at a time. Returns those that were lost with their worker."""
        where = self.compute_where if ahead > 1 else self.compute_where.model_copy(update={"workers": 1})
        lost: list[list[Keys]] = []
        with closing(outcomes(partial(compute_chunk, self.target), chunks, where, ahead)) as found:
            for number, outcome in found:
                chunks.back(number, 0.0 if isinstance(outcome, Lost) else outcome.seconds)
                if isinstance(outcome, Lost):
                    lost += self._lost(outcome, chunks.keys[number])
                else:
                    self._done(outcome)
        return lost

    def _lost(self, outcome: Lost, chunk: list[Keys]) -> list[list[Keys]]:
        if isinstance(outcome.error, InputError):
            raise outcome.error
        self.reasons |= {key: outcome.reason for keys in chunk for key in keys}
        return [chunk]

    def _done(self, done: Done) -> None:
        if done.unsaved:
            raise CannotSave(done.unsaved)
        self.reasons |= done.failed
        for key in done.finished:
            self.reasons.pop(key, None)
        self.finished += len(done.finished)
        self.progress.add(len(done.finished))
