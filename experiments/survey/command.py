"""The verb `survey`: simulate the industry, print, save, renew the benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from experiments.configuration import load_scenario
from experiments.output_folder import prepare
from experiments.survey.benchmark import Benchmark, benchmark_of
from experiments.survey.findings import correlations
from experiments.survey.firm import YEAR, indices_of
from experiments.survey.items import item_table
from experiments.survey.page import on_screen
from experiments.survey.placing import place_text
from experiments.survey.renewal import origin_of, percentiles, write_benchmark
from experiments.survey.settings import SurveySettings, read_settings
from experiments.survey.simulate import simulate
from sim.run import run


def survey(settings: SurveySettings) -> pd.DataFrame:
    """Simulate the industry, show it beside the published figures, save tables, figures and benchmark.

    Returns:
        One row per firm, see `simulate`.

    Raises:
        Interrupted: Ctrl-C; firms that were finished have been shown and saved.
    """
    firms, stopped = simulate(settings)
    items, correlated, table = item_table(firms), correlations(firms), percentiles(firms)
    print(on_screen(firms, items, correlated, settings), flush=True)
    folder = settings.output
    firms.to_csv(folder / "survey.csv", index=False)
    items.to_csv(folder / "items.csv", index=False)
    correlated.to_csv(folder / "correlations.csv", index=False)
    write_benchmark(folder, table, origin_of(firms, settings))
    if stopped is None:
        print(f"\n{default_company(settings.seed, benchmark_of(table, len(firms)))}", flush=True)
    draw(firms, items, folder)
    print(
        f"\nSaved in {folder}: survey.csv, items.csv, correlations.csv, benchmark.csv and .json, figures/", flush=True
    )
    if stopped is not None:
        raise stopped
    return firms


def default_company(seed: int, industry: Benchmark) -> str:
    """Where the shipped default organisation stands, unchanged, over a year."""
    scenario = load_scenario([f"months={YEAR}"])
    unchanged = indices_of(run(scenario, seed))
    return place_text(f"{scenario.organisation.name}, unchanged", {"value": unchanged}, industry)


def draw(firms: pd.DataFrame, items: pd.DataFrame, folder: Path) -> None:
    """Figures; matplotlib is loaded only now, after the answer is on screen."""
    from experiments.figures.survey import draw_survey  # noqa: PLC0415

    draw_survey(firms, items, folder / "figures")


def perform(words: Sequence[str]) -> int:
    """The verb; exit status 0."""
    settings = read_settings(words)
    prepare(settings.output)
    survey(settings)
    return 0
