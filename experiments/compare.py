"""Several strategies side by side: same company, same people, same luck, same unknowns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from experiments.analysis import Analysis, Study, analyse
from experiments.brakes import RELEASES, mean_costs
from experiments.customer_base import fitted_lines
from experiments.fan_out import compute, tasks_of
from experiments.headline import PAPER, PAPER_ALONE, SIMULATED, WITHOUT
from experiments.interruption import Interrupted
from experiments.output_folder import put_by
from experiments.report import Setting, write_report
from experiments.screen import render
from experiments.settings import RunSettings, Unknowns
from experiments.store.dictionary import as_frame, tables_of_comparison
from experiments.tables import Tables, write
from experiments.unknowns import LUCKS_PER_WORLD, in_words, ranges, sets_of, world_of, worlds_table
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy
from sim.run import Variant
from sim.version import provenance

ANSWERS = ("report.html", "comparison.csv", "dictionary.csv", "configuration.yaml", "figures")
BRAKES_RELEASED = 2  # per strategy that stalls or may
SHARING_AS_DECIDED = (("programme.activities.paper_sharing", 0.0),)  # on paper nobody is sure to share


@dataclass(frozen=True)
class Comparison:
    """Everything that one comparison found."""

    study: Study
    found: Analysis
    tables: dict[str, pd.DataFrame]


def compare(
    scenario: Scenario, strategies: Mapping[str, Strategy], settings: RunSettings, command: str = ""
) -> Comparison:
    """Run, print the answer, save everything.

    Args:
        scenario: organisation, market and responses.
        strategies: key -> plan, the baseline first.
        settings: replicates, seed, unknowns, output.
        command: the command that reproduces this, for the report.

    Returns:
        The tables and what they say.

    Raises:
        Interrupted: Ctrl-C; if whole replicates were finished they have been saved and reported.
    """
    fitted = fitted_lines(scenario)
    if settings.unknowns is not Unknowns.DEFAULT:
        worlds = world_of(settings.replicates - 1, settings.unknowns) + 1
        fitted.append(in_words(scenario, settings, worlds))
    tables = Tables(scenario.organisation.economics.monthly_discount)
    stopped: Interrupted | None = None
    try:
        run_strategies(scenario, strategies, settings, tables)
        release_brakes(scenario, strategies, settings, tables)
    except Interrupted:
        if not tables.collected:
            raise
        kept = {run.replicate for run in tables.collected if run.variant.kind == SIMULATED}
        stopped = Interrupted(len(kept), settings.replicates)
    comparison = conclude(scenario, strategies, settings, tables, command, fitted)
    if stopped is not None:
        raise stopped
    return comparison


def run_strategies(
    scenario: Scenario, strategies: Mapping[str, Strategy], settings: RunSettings, tables: Tables
) -> None:
    """All strategies in all replicates, and the business cases on paper in some."""
    simulated = [Variant(key, plan) for key, plan in strategies.items()]
    promised = {key: plan for key, plan in strategies.items() if plan.initiatives}
    paper = [Variant(key, plan, PAPER) for key, plan in promised.items()]
    paper += [Variant(key, plan, PAPER_ALONE, SHARING_AS_DECIDED) for key, plan in promised.items()]
    on_paper = set(spread_out(settings.paper, settings))
    worlds = sets_of(scenario, settings, range(settings.replicates))
    tasks = [
        task
        for r, world in worlds.items()
        for task in tasks_of([*simulated, *(paper if r in on_paper else [])], {r: world})
    ]

    def take(task, results) -> None:  # type: ignore[no-untyped-def]
        for variant, result in zip(task.variants, results, strict=True):
            tables.add(variant, task.replicate, task.world, result)

    compute(scenario, tasks, settings, take)


def release_brakes(
    scenario: Scenario, strategies: Mapping[str, Strategy], settings: RunSettings, tables: Tables
) -> None:
    """Knock-out runs: every strategy that stalls or may again with one of its strongest brakes released."""
    if settings.knockouts == 0:
        return
    study = study_of(scenario, tables, strategies)
    variants = []
    for key in analyse(study).stalling.to_explain:
        costs = mean_costs(study.brakes, [key])
        for brake in [b for b in costs.index if b in RELEASES][:BRAKES_RELEASED]:
            variants.append(Variant(key, strategies[key], kind=f"{WITHOUT}{brake}", changes=RELEASES[brake]))
    if not variants:
        return

    def take(task, results) -> None:  # type: ignore[no-untyped-def]
        for variant, result in zip(task.variants, results, strict=True):
            tables.add(variant, task.replicate, task.world, result)

    tasks = tasks_of(variants, sets_of(scenario, settings, spread_out(settings.knockouts, settings)))
    compute(scenario, tasks, settings, take, what="releasing brakes")


def spread_out(count: int, settings: RunSettings) -> list[int]:
    """The first `count` replicates, one from each world as far as worlds go, then the others."""
    step = LUCKS_PER_WORLD if settings.unknowns is not Unknowns.DEFAULT else 1
    order = [r for first in range(step) for r in range(first, settings.replicates, step)]
    return order[:count]


def study_of(scenario: Scenario, tables: Tables, strategies: Mapping[str, Strategy]) -> Study:
    """The tables so far, ready for analysis."""
    frames = tables.frames(list(strategies))
    return Study(**frames, annual_discount=scenario.organisation.economics.annual_discount, plans=strategies)


def conclude(  # noqa: PLR0917
    scenario: Scenario,
    strategies: Mapping[str, Strategy],
    settings: RunSettings,
    tables: Tables,
    command: str,
    fitted: Sequence[str],
) -> Comparison:
    """Save the tables, print the answer, draw the figures, write the report."""
    folder = settings.output
    study = study_of(scenario, tables, strategies)
    frames = study.tables
    write(frames, folder)
    if settings.unknowns is not Unknowns.DEFAULT:
        worlds = sorted({run.world for run in tables.collected})
        write({"worlds": worlds_table(scenario, settings, worlds)}, folder)
    found = analyse(study)
    as_frame(tables_of_comparison()).to_csv(folder / "dictionary.csv", index=False)
    found.comparison.to_csv(folder / "comparison.csv", index=False)
    resolved = configuration_text(scenario, strategies, settings)
    (folder / "configuration.yaml").write_text(resolved, encoding="utf-8")
    saved = [
        f"Saved in {folder}: report.html (to open or forward), comparison.csv, figures/, configuration.yaml,",
        f"  tables {', '.join(f'{name}.parquet' for name in frames)}; dictionary.csv says what they hold",
    ]
    unknown = ranges(scenario, settings)
    setting = Setting(scenario, strategies, resolved, command, unknown, (*provenance(settings.seed), *fitted))
    print(render(study, found, len(unknown), [*fitted, "", *saved]), flush=True)
    draw_and_report(folder, study, found, setting)
    return Comparison(study, found, frames)


def draw_and_report(folder: Path, study: Study, found: Analysis, setting: Setting) -> None:
    """Figures and the one-file report; matplotlib is loaded only now, after the answer is on screen."""
    from experiments.figures import draw_all  # noqa: PLC0415

    drawn = draw_all(study, found, folder / "figures")
    write_report(folder / "report.html", study, found, setting, drawn)
    put_by(folder, (*(f"{name}.parquet" for name in study.tables), *ANSWERS))


def configuration_text(scenario: Scenario, strategies: Mapping[str, Strategy], settings: RunSettings) -> str:
    """The resolved configuration as YAML: every parameter with the value that was used."""
    tree = scenario.model_dump(mode="json", exclude={"strategy"})
    plans = {key: plan.model_dump(mode="json") for key, plan in strategies.items()}
    whole = {**settings.model_dump(mode="json"), **tree, "plans": plans}
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=110)
