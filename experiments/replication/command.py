"""The verb `plan-reps`: run a pilot, say how many replicates are needed, save."""

from __future__ import annotations

import math
import os
import shlex

import pandas as pd

from experiments.evaluation.forecast import measured
from experiments.evaluation.study import Study, first_name, run_study
from experiments.replication.needs import needs
from experiments.replication.page import effort, on_screen
from experiments.replication.settings import ReplicationSettings
from experiments.settings import Unknowns
from experiments.unknowns import LUCKS_PER_WORLD
from sim.errors import InputError

SETTINGS = ReplicationSettings
TABLE, FIGURE = "replication.csv", "replication"


def perform(study: Study[ReplicationSettings]) -> pd.DataFrame:
    """Run the pilot, print the answer, save table and figure.

    Raises:
        InputError: there is nothing to compare, or the pilot is no whole number of worlds.
        Incomplete: some runs have no result; the others are in the store.
    """
    settings, lucks = study.settings, lucks_of(study)
    _check(study, lucks)
    table = needs(run_study(study), settings, lucks)
    print(on_screen(table, settings, lucks), flush=True)
    print(f"\n{_effort(study, table)}", flush=True)
    table.to_csv(study.output / TABLE, index=False)
    from experiments.figures import save  # noqa: PLC0415
    from experiments.figures.replication import detectable_differences  # noqa: PLC0415

    save(detectable_differences(table, settings, lucks), study.output / "figures", FIGURE)
    print(f"\nSaved in {study.output}: {TABLE}, figures/{FIGURE}.png, runs.parquet, experiment.json, "
          f"configuration.yaml\nRuns are kept in {study.settings.store}.", flush=True)  # fmt: skip
    return table


def lucks_of(study: Study[ReplicationSettings]) -> int:
    """Replicates per world."""
    return 1 if study.job.settings.unknowns is Unknowns.DEFAULT else LUCKS_PER_WORLD


def _check(study: Study[ReplicationSettings], lucks: int) -> None:
    """Refuse what a pilot cannot be, before anything is computed."""
    plans, replicates = study.job.settings.strategies, study.job.settings.replicates
    if len(plans) < 2:
        advice = "write for example 'strategies=[as_is,unlock]'"
        raise InputError("strategies", "must name the baseline and at least one other plan", list(plans), advice)
    if replicates % lucks or replicates < 2 * lucks:
        rule = f"must be a multiple of {lucks} (replicates of a world) and at least {2 * lucks}"
        raise InputError("replicates", rule, replicates, "write for example replicates=12")
    settings = study.settings
    assert settings.wanted  # raises if measures and differences do not match


def _effort(study: Study[ReplicationSettings], table: pd.DataFrame) -> str:
    """Time and disk for the replicates that the neediest plan and measure lack."""
    needed, pilot = table["replicates"].max(), study.job.settings.replicates
    if not math.isfinite(needed):
        return "No feasible number of replicates shows every one of these differences; choose a larger detect=."
    more = int(needed) - pilot
    if more <= 0:
        return effort(more, 0.0, 0.0, 0, "")
    price, compute = measured(study, study.wanted.lives(set(study.wanted.runs))), study.job.settings.compute
    workers = compute.workers or os.cpu_count() or 1
    kept = [word for word in study.words if first_name(word) != "replicates"]
    own = ["--config-dir", str(study.config_dir)] if study.config_dir else []
    words = [shlex.quote(word) for word in [*own, *kept, f"replicates={int(needed)}"]]
    return effort(more, price.seconds * more / workers, price.bytes(more, compute.chunk_seconds), workers,
                  " ".join(["ungridlock plan-reps", *words]))  # fmt: skip
