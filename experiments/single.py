"""One scenario: summary, events, plots."""

from __future__ import annotations

import math
import os

import pandas as pd
import yaml

from experiments.customer_base import fitted_lines
from experiments.fan_out import compile_once
from experiments.output_folder import put_by
from experiments.settings import RunSettings
from experiments.store.dictionary import as_frame, tables_of_comparison
from experiments.survey.benchmark import PLACED, shipped
from experiments.survey.placing import place_text
from experiments.tables import Tables, mean_of_known, span_of, two_ends, write
from sim.measures.indices import INDICES
from sim.measures.organisation import MEASURES
from sim.params.scenario import Scenario
from sim.run import Result, Variant, run_variants

SHOWN = (
    "churn", "engaged", "customer_equity", "profit", "resolution", "sharing", "belief", "buy_in", "credibility",
    "overload", "gridlock", "reach", "cemm", "barrett", "mri", "q12", "orientation", "alignment",
)  # fmt: skip
UNITS = {**MEASURES, **INDICES}
MOST_EVENTS = 40


def run_one(scenario: Scenario, settings: RunSettings) -> float:
    """Run one scenario once, print what happened, save tables and a figure.

    One run is one possible life: it shows how things come about, not what to expect.

    Returns:
        Present value of all cash after month 0, $.
    """
    fitted = fitted_lines(scenario)
    compile_once()
    variant = Variant("run", scenario.strategy)
    threads = settings.compute.workers or os.cpu_count() or 1
    result = run_variants(scenario, [variant], settings.seed, 0, threads)[0]
    tables = Tables(scenario.organisation.economics.monthly_discount)
    tables.add(variant, 0, 0, result)
    frames = tables.frames(["run"])
    folder = settings.output
    write(frames, folder)
    as_frame(tables_of_comparison()).to_csv(folder / "dictionary.csv", index=False)
    text = yaml.safe_dump({**settings.model_dump(mode="json"), **scenario.model_dump(mode="json")}, sort_keys=False)
    (folder / "configuration.yaml").write_text(text, encoding="utf-8")
    print("\n".join([summary(scenario, result), "", places(result), "", *fitted]))
    draw(scenario, settings, frames)
    put_by(folder, (*(f"{name}.parquet" for name in frames), "dictionary.csv", "configuration.yaml", "figures"))
    print(f"\nSaved in {folder}: figures/run.png and .svg, configuration.yaml, dictionary.csv, "
          + ", ".join(f"{name}.parquet" for name in frames))  # fmt: skip
    return float(frames["runs"]["npv"].iloc[0])


def summary(scenario: Scenario, result: Result) -> str:
    """Measures before the programme, at the beginning and at the end, then the log."""
    name, times = scenario.strategy.name, moments(scenario.months + 1)
    lines = [
        f"{scenario.organisation.name}, strategy '{name}': one run of {scenario.months} months.",
        "One possible life, with what we don't know at default values; use compare for what to expect.",
        "",
        f"{'means of':<18}" + "".join(f"{span_of(rows):>16}" for rows in times) + "  unit",
    ]
    for key in SHOWN:
        means = (_number(mean_of_known(result.months[key][rows])) for rows in times)
        lines.append(f"{key:<18}" + "".join(f"{mean:>16}" for mean in means) + f"  {UNITS[key][0]}")
    lines += ["", "What happened:"]
    lines += [f"  month {e.month:>3}  {e.text}" for e in result.events[:MOST_EVENTS]] or ["  nothing was launched"]
    if len(result.events) > MOST_EVENTS:
        lines.append(f"  ... and {len(result.events) - MOST_EVENTS} more, see events.parquet")
    return "\n".join(lines)


def moments(rows: int) -> tuple[slice, ...]:
    """The month before the programme, the first and the last year."""
    return tuple(dict.fromkeys((slice(0, 1), *two_ends(rows))))


def places(result: Result) -> str:
    """Where the organisation stands in the synthetic industry, before, at the beginning and at the end."""
    times = moments(len(result.months["churn"]))
    means = {span_of(rows): {name: mean_of_known(result.months[name][rows]) for name in PLACED} for rows in times}
    return place_text("Where it stands, means", means, shipped())


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3f}"


def draw(scenario: Scenario, settings: RunSettings, frames: dict[str, pd.DataFrame]) -> None:
    """The figure of the run."""
    from experiments.figures import run_title, save, single_run  # noqa: PLC0415

    months = frames["organisation_months"]
    title = run_title(scenario.strategy.name, settings.seed, months)
    save(single_run(months, frames["events"], title), settings.output / "figures", "run")
