"""A study from its command to its table of runs: what every verb that samples, evaluates and analyses has in common."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.compare import configuration_text
from experiments.configuration import Job, Library, load_job, typed_settings
from experiments.designs.factor import WORLD
from experiments.designs.space import Space
from experiments.evaluation.evaluate import Evaluation, evaluate
from experiments.evaluation.settings import StudySettings
from experiments.evaluation.wanted import Wanted
from experiments.interruption import Interrupted
from experiments.output_folder import EARLIER, prepare, put_by
from experiments.store.dictionary import dictionary
from experiments.store.fingerprint import fingerprint
from experiments.store.rows import Table
from experiments.store.store import Store, open_store
from experiments.terminal import counted
from sim.params.scenario import Scenario
from sim.version import provenance

SHOWN = 10  # reasons of missing runs shown on screen
OWN_FILES = RUNS, POINTS, MISSING, RECORD, DICTIONARY, CONFIGURATION = (
    "runs.parquet", "points.csv", "missing.csv", "experiment.json", "dictionary.csv", "configuration.yaml",
)  # fmt: skip


class Incomplete(Exception):
    """Some runs have no result; everything else has been saved.

    Args:
        text: what is missing, and what to do.
    """


@dataclass(frozen=True)
class Study[S: StudySettings]:
    """A validated study.

    Args:
        verb: its command.
        words: settings as typed.
        job: scenario, strategies, computation.
        settings: design, store, and what the verb adds.
        config_dir: folder with entries of the user's own.
        replicates: which replicates, if not the first ones.
    """

    verb: str
    words: tuple[str, ...]
    job: Job
    settings: S
    config_dir: Path | None
    replicates: tuple[int, ...] | None = None

    @property
    def experiment(self) -> str:
        """Name in the first column of every table."""
        return self.settings.experiment or self.verb

    @property
    def output(self) -> Path:
        """Folder of this study."""
        return self.job.settings.output

    @property
    def command(self) -> str:
        """The command that reproduces this."""
        own = ["--config-dir", str(self.config_dir)] if self.config_dir else []
        return " ".join(["ungridlock", self.verb, *(shlex.quote(word) for word in [*own, *self.words])])

    @cached_property
    def space(self) -> Space:
        """Scenarios and plans around the base."""
        library = Library(self.config_dir)
        own = own_names(type(self.settings))
        words = [word for word in self.words if first_name(word) not in own]

        def compose(choices: dict[str, str]) -> Scenario:
            kept = [word for word in words if first_name(word) not in choices]
            added = [f"{group}={entry}" for group, entry in choices.items()]
            return load_job(self.verb, [*kept, *added], self.config_dir).scenario

        entries: dict[str, list[str]] = {}

        def known(group: str) -> list[str]:
            return entries.setdefault(group, list(library.entries(group)))

        return Space(self.job.scenario, self.job.strategies, self.job.settings, compose, known)

    @cached_property
    def points(self) -> pd.DataFrame:
        """Points of the design."""
        return self.settings.points(self.space)

    @property
    def factors(self) -> list[str]:
        """Columns of the points; the world stands in every table anyway."""
        return [str(name) for name in self.points.columns if name != WORLD]

    @cached_property
    def wanted(self) -> Wanted:
        """Every run."""
        return Wanted(self.space, self.points, self.job.settings, self.replicates)


def first_name(word: str) -> str:
    """Name of a setting up to its first dot."""
    return word.lstrip("+~").split("=")[0].split(".")[0].strip()


def own_names(kind: type[StudySettings]) -> set[str]:
    """Names of a verb's settings as they are typed."""
    return {field.alias or name for name, field in kind.model_fields.items()}


def open_study[S: StudySettings](
    verb: str, kind: type[S], words: Sequence[str], config_dir: Path | None = None
) -> Study[S]:
    """Read and check a command: settings of the study by their names, everything else as in `compare`.

    Args:
        verb: the command.
        kind: its settings.
        words: as typed.
        config_dir: folder with entries of the user's own.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    own = [word for word in words if first_name(word) in own_names(kind)]
    settings = typed_settings(kind, own)
    job = load_job(verb, [word for word in words if word not in own], config_dir)
    return Study(verb, tuple(words), job, settings, config_dir)


def run_study(study: Study[Any]) -> pd.DataFrame:
    """Compute what is missing and save the tables of the study.

    Returns:
        One row per run: experiment, point, factors, scenario, replicate, world, run, headline numbers.

    Raises:
        Incomplete: some runs have no result; the tables hold the others.
        Interrupted: Ctrl-C; finished runs are in the store.
    """
    wanted = study.wanted
    prepare(study.output)
    store = open_store(study.settings.store)
    keep = tuple(study.settings.keep)
    try:
        found = evaluate(wanted, store, keep, study.job.settings, study.experiment)
    except Interrupted as stopped:
        there = store.finished(keep)
        raise Resumable(sum(key in there for key in wanted.runs), len(wanted.runs)) from stopped
    table = runs_table(study, store, found)
    save(study, store, found, table)
    if found.missing:
        raise Incomplete(missing_text(study, found))
    return table


class Resumable(Interrupted):
    """Ctrl-C in a study: the same command goes on.

    Args:
        finished: runs in the store.
        planned: runs of the study.
    """

    def __init__(self, finished: int, planned: int) -> None:
        """Compose the single line that is shown."""
        super().__init__(finished, planned, "runs")
        self.args = (f"ungridlock: interrupted, kept {finished} of {planned} runs; run the same command to go on",)


def runs_table(study: Study[Any], store: Store, found: Evaluation) -> pd.DataFrame:
    """Finished runs in the order of the design."""
    keys = study.wanted.table
    there = keys[keys["run"].isin(list(found.shards))]
    shards = [found.shards[key] for key in dict.fromkeys(there["run"])]
    content = store.read(Table.RUNS, set(there["run"]), shards)
    set_by_design = study.factors  # one of them may be the horizon, which every run has
    content = content.drop(columns=["configuration", "replicate", "seed", *set_by_design], errors="ignore")
    points = study.points[study.factors].rename_axis("point").reset_index()
    table = there.merge(points, on="point", how="left").merge(content, on="run", how="left")
    table.insert(0, "experiment", study.experiment)
    first = ["experiment", "point", *study.factors, "scenario", "replicate", "world", "run"]
    return table[first + [name for name in table.columns if name not in first]]


def save(study: Study[Any], store: Store, found: Evaluation, table: pd.DataFrame) -> None:
    """Tables, provenance, dictionary. Where runs are missing no answer of an earlier study stays beside them."""
    folder, settings = study.output, study.job.settings
    unfinished = folder / f".{RUNS}.part"
    table.to_parquet(unfinished, index=False, write_page_checksum=True)
    unfinished.replace(folder / RUNS)
    study.points.rename_axis("point").to_csv(folder / POINTS)
    dictionary(study.factors, study.space, study.settings.keep).to_csv(folder / DICTIONARY, index=False)
    text = configuration_text(study.job.scenario, study.job.strategies, settings)
    (folder / CONFIGURATION).write_text(text, encoding="utf-8")
    record = {
        "command": study.command, "experiment": study.experiment, "model": fingerprint(),
        "made": datetime.now(UTC).isoformat(timespec="seconds"), "with": list(provenance(settings.seed)),
        "store": str(store.folder.resolve()), "keep": [str(table) for table in study.settings.keep],
        "study": study.settings.model_dump(mode="json", by_alias=True), "points": len(study.points),
        "runs": len(study.wanted.table),
        "different_runs": found.planned, "missing": len(found.missing),
    }  # fmt: skip
    (folder / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    (folder / MISSING).unlink(missing_ok=True)
    if found.missing:
        put_by(folder, OWN_FILES)
        rows = [{**study.wanted.named(key), "reason": reason} for key, reason in found.missing.items()]
        pd.DataFrame(rows).to_csv(folder / MISSING, index=False, quoting=csv.QUOTE_MINIMAL)


def missing_text(study: Study[Any], found: Evaluation) -> str:
    """Which runs have no result, and why: a line for each reason with the first of its runs."""
    kept = found.planned - len(found.missing)
    verb = "is" if len(found.missing) == 1 else "are"
    lines = [f"ungridlock: kept {kept} of {found.planned} runs; {len(found.missing)} {verb} missing:"]
    by_reason: dict[str, list[str]] = {}
    for key, reason in found.missing.items():
        by_reason.setdefault(reason, []).append(key)
    for reason, keys in list(by_reason.items())[:SHOWN]:
        lines.append(f"  {reason}: {counted(len(keys), 'run')}, first {place_text(study.wanted.named(keys[0]))}")
    rest = len(by_reason) - SHOWN
    more = [f"  and {rest} more reasons"] if rest > 0 else []
    last = f"All are in {study.output / MISSING}. The same command tries them again."
    if (study.output / EARLIER).is_dir():
        last += f" Answers of earlier studies are in {study.output / EARLIER}."
    return "\n".join([*lines, *more, last])


def place_text(place: dict[str, Any]) -> str:
    """Where a run stands, in words."""
    shown = {name: value for name, value in place.items() if name != "run"}
    return ", ".join(f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
                     for name, value in shown.items())  # fmt: skip
