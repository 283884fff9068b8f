"""The five customer questions under one scenario: what the enterprise believes next to the truth, before and after."""

from __future__ import annotations

import dataclasses
import math
import os
import textwrap
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import yaml
from tqdm import tqdm

from experiments.customer_base import fitted_lines
from experiments.fan_out import compile_once
from experiments.headline import LEVEL
from experiments.paired import estimate
from experiments.settings import RunSettings, Unknowns
from experiments.terminal import WIDTH, aligned
from experiments.unknowns import in_settings, sets_of
from sim.measures.portfolios import fence_measures, portfolios
from sim.measures.questions import QUESTIONS, ask
from sim.params.scenario import Scenario
from sim.run import Variant, burn_in, fork
from sim.world import World

PORTFOLIOS = 0  # the number under which lines about portfolios stand; they answer none of the five questions
SIDES = ("believed", "truth")
COLUMNS = ["question", "quantity", "unit", "month"]
POSSIBLE = {"share": (0.0, 1.0), "share/month": (0.0, 1.0), "customers/month": (0.0, math.inf)}  # by unit, else all
# unit of a quantity -> (factor, unit) in which it is shown
UNITS = {
    "share": (100.0, "%"), "share of lead": (100.0, "%"), "share/month": (100.0, "%"), "$": (1e-6, "$M"),
    "$/month": (1e-6, "$M/month"), "customers/month": (1.0, "customers"), "$/customer": (1.0, "$"),
    "$/customer/month": (1.0, "$/month"),
}  # fmt: skip
LARGE = {"$/customer": (1e-6, "$M"), "$/customer/month": (1e-6, "$M/month")}  # from a million on
NOTE = (
    "Believed: what the enterprise's own estimates say, taken at face value. Those in mind: whom it takes for what is "
    "asked; those truly so: whom it should take. Lines about money compare the same people, believed and true; lines "
    "about 'their' traits describe those in mind beside those truly so. The enterprise sees what customers cost to "
    "serve and its share of their spend; its estimates of spend potential and proneness to leave err, less so with "
    "usable knowledge, about prospects with market intelligence (judgement). Prospects count as if they joined now. "
    "Not a forecast."
)


def answer(scenario: Scenario, settings: RunSettings) -> pd.DataFrame:
    """Run one scenario several times, print the five answers, save them and the portfolios.

    Args:
        scenario: the organisation and its strategy.
        settings: replicates, seed, unknowns, output.

    Returns:
        The content of customer_questions.csv, see `summarise`.
    """
    fitted = fitted_lines(scenario)
    compile_once()
    lines, managers = collect(scenario, settings)
    found = summarise(lines)
    five, folder = found[found["question"] != PORTFOLIOS], settings.output
    five.to_csv(folder / "customer_questions.csv", index=False)
    managers.to_csv(folder / "portfolios.csv", index=False)
    used = {**settings.model_dump(mode="json"), **scenario.model_dump(mode="json")}
    (folder / "configuration.yaml").write_text(yaml.safe_dump(used, sort_keys=False), encoding="utf-8")
    print("\n".join([heading(scenario, settings), "", table(found), "", textwrap.fill(NOTE, WIDTH), "", *fitted]))
    print(f"\nSaved in {folder}: customer_questions.csv, portfolios.csv, configuration.yaml", flush=True)
    return five


def collect(scenario: Scenario, settings: RunSettings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers and the portfolios of every replicate at month 0 and at the end.

    Returns:
        lines: replicate, world, month, question, quantity, unit, believed, truth.
        portfolios: replicate, world, month and the fields of `sim.measures.portfolios.Portfolio`.
    """
    lines, managers = [], []
    threads = settings.compute.workers or os.cpu_count() or 1
    hidden = True if settings.quiet else None
    worlds = sets_of(scenario, settings, range(settings.replicates))
    for replicate, world_number in tqdm(worlds.items(), desc="replicates", disable=hidden, leave=False):
        here = in_settings(scenario, settings, world_number)
        model = fork(burn_in(here, settings.seed, replicate, threads), Variant("questions", here.strategy))
        keys = {"replicate": replicate, "world": world_number}
        for month in (0, here.months):
            while model.world.month < month:
                model.advance()
            lines += [{**keys, "month": month, **line} for line in lines_of(model.world)]
            managers += [{**keys, "month": month, **dataclasses.asdict(one)} for one in portfolios(model.world)]
    return pd.DataFrame(lines), pd.DataFrame(managers)


def lines_of(world: World) -> list[dict[str, object]]:
    """The lines of the five answers, and some about portfolios, as rows of a table."""
    rows: list[dict[str, object]] = [
        {"question": one.question, "quantity": one.what, "unit": one.unit, "believed": one.believed, "truth": one.true}
        for one in ask(world)
    ]
    held, fence = portfolios(world), fence_measures(world)
    if math.isfinite(fence["fence_accuracy"]):
        customers, revenue = sum(p.customers for p in held), sum(p.revenue for p in held)
        right, missed = fence["fence_accuracy"], fence["fence_missed"]
        about = [
            ("number", "customers", customers, customers),
            ("their current revenue", "$/month", revenue, revenue),
            ("their value over three years", "$", sum(p.believed for p in held), sum(p.true for p in held)),
            ("of them, most valuable of their unit", "share", 1.0, right),
            ("lifetime value missed by owning others", "$", 0.0, missed),
        ]
        names = ("quantity", "unit", "believed", "truth")
        rows += [{"question": PORTFOLIOS, **dict(zip(names, row, strict=True))} for row in about]
    return rows


def summarise(lines: pd.DataFrame) -> pd.DataFrame:
    """Means over replicates with intervals.

    Returns:
        Columns question, quantity, unit, month, then mean, low and high of believed and of truth, replicates.
    """
    rows = []
    for keys, part in lines.groupby(COLUMNS, sort=False):
        worlds = part["world"].to_numpy(np.int64)
        row: dict[str, object] = dict(zip(COLUMNS, keys, strict=True))
        for side in SIDES:
            ends = POSSIBLE.get(str(row["unit"]), (-math.inf, math.inf))
            found = estimate(part[side].to_numpy(float), worlds, LEVEL).within(*ends)
            row |= {side: found.mean, f"{side}_low": found.low, f"{side}_high": found.high}
        rows.append({**row, "replicates": len(part)})
    return pd.DataFrame(rows).sort_values(["question"], kind="stable", ignore_index=True)


def heading(scenario: Scenario, settings: RunSettings) -> str:
    """What was run, and what the intervals cover."""
    drawn = settings.unknowns is not Unknowns.DEFAULT
    doubt = "luck and what we don't know" if drawn else "luck only: what we don't know is at its default values"
    lives = f"{settings.replicates} replicates" if settings.replicates > 1 else "one replicate, so no interval"
    return (
        f"{scenario.organisation.name}, strategy '{scenario.strategy.name}': five customer questions, {lives}.\n"
        f"Means before (month 0) and at the end (month {scenario.months}), +- half of the {LEVEL:.0%} interval,\n"
        f"or the whole in brackets where it ends at what is possible ({doubt})."
    )


def table(found: pd.DataFrame) -> str:
    """All lines, question by question: believed and true, at month 0 and at the end."""
    months = sorted(found["month"].unique())
    rows = [["", *(f"{side}, {'end' if m else 'before'}" for m in months for side in SIDES)]]
    blank = [""] * (len(rows[0]) - 1)
    titles = {**{n: f"{n} {title}" for n, title in QUESTIONS.items()}, PORTFOLIOS: "Portfolios of customers"}
    for number, title in titles.items():
        part = found[found["question"] == number]
        if part.empty:
            continue
        rows.append([title, *blank])
        for what, about in part.groupby("quantity", sort=False):
            by_month = {int(row["month"]): row for row in about.to_dict("records")}
            unit = str(about["unit"].iloc[0])
            large = unit in LARGE and (np.abs(about[list(SIDES)].to_numpy(float)) >= 1e6).any()
            factor, shown = LARGE[unit] if large else UNITS.get(unit, (1.0, unit))
            cells = [cell(by_month.get(m, {}), side, factor, shown) for m in months for side in SIDES]
            rows.append([f"  {what}, {shown}", *cells])
    return aligned(rows)


def cell(row: Mapping[Hashable, Any], side: str, factor: float, unit: str) -> str:
    """Like "12.3 +-0.4" in the unit shown, "12.3 [0, 31.4]" where the interval ends at what is possible, a dash where
    the enterprise has no opinion or there is nothing.
    """
    value = row.get(side, math.nan) * factor
    if not math.isfinite(value):
        return "-"
    digits = 0
    if unit != "customers" and value != 0:
        digits = min(max(2 - math.floor(math.log10(abs(value))), 0), 3 if unit == "$M" else 2)
    low, high = (row[f"{side}_{end}"] * factor for end in ("low", "high"))
    shown = f"{round(value, digits) + 0.0:,.{digits}f}"  # no minus sign before a zero
    if not high > low:
        return shown
    if math.isclose(high - value, value - low, rel_tol=1e-6):
        return f"{shown} +-{high - value:,.{digits}f}"
    ends = (f"{end:,.{digits}f}" if end % 100 else f"{end:.0f}" for end in (low, high))  # 0 and 100% are exact
    return f"{shown} [{', '.join(ends)}]"
