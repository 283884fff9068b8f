"""The verb `sweep`: run, save, show what moved most."""

from __future__ import annotations

from experiments.evaluation.settings import StudySettings
from experiments.evaluation.study import RUNS, Study, run_study
from experiments.sweep.summary import on_screen

SETTINGS = StudySettings
FILES = f"{RUNS}, points.csv, dictionary.csv, experiment.json, configuration.yaml"


def perform(study: Study[StudySettings]) -> None:
    """Run everything and print a table of means."""
    table = run_study(study)
    print(on_screen(table, study), flush=True)
    print(f"\nSaved in {study.output}: {FILES}\nRuns are kept in {study.settings.store}; ungridlock query "
          f"output={study.output} 'select ...' reads them, months included", flush=True)  # fmt: skip
