"""The answer on the terminal: verdict, tables, brakes, paper case, what we don't know, where it was saved."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence

import pandas as pd

from experiments.analysis import Analysis, Study
from experiments.brakes import Brake, line
from experiments.headline import (
    BY_NAME,
    CHURN,
    COST,
    ENGAGED,
    EQUITY,
    GRIDLOCK,
    HEADLINES,
    LEVEL,
    NPV,
    PAYBACK,
    PAYS_BACK,
    STOPPED,
    Measure,
    chance,
    heading,
    label,
    percent,
)
from experiments.luck import CRITERIA
from experiments.paired import cells
from experiments.terminal import WIDTH, aligned, counted
from experiments.treated import staged, treated_rows
from experiments.verdict import CAUTION

Cells = dict[tuple[str, str], dict[str, float]]


def render(study: Study, found: Analysis, unknown: int, saved: Sequence[str] = ()) -> str:
    """Everything that `compare` prints at the end.

    Args:
        study: the tables.
        found: their analysis.
        unknown: number of parameters that differ between worlds.
        saved: lines that say what was saved where.
    """
    parts = [
        "\n".join(textwrap.fill(sentence, WIDTH) for sentence in found.verdict),
        comparison_tables(found),
        brake_lines(found.brakes),
        stop_table(found.stops),
        paper_table(found.paper),
        treated_table(study),
        unknowns(study, found, unknown),
        textwrap.fill(CAUTION, WIDTH),
        "\n".join(saved),
    ]
    return "\n\n".join(part for part in parts if part)


def comparison_tables(found: Analysis) -> str:
    """Two stacked tables: customers and people first, then money and the programme."""
    table, order = cells(found.comparison), list(dict.fromkeys(str(key) for key in found.comparison["strategy"]))
    title = (
        f"Difference to {label(order[0])} [{LEVEL:.0%} interval], share of replicates in which the strategy wins\n"
        "(churn, engaged share, gridlock: means of the last 12 months; customer equity: at the end)"
    )
    shown = (CHURN, ENGAGED, EQUITY)
    first = [["", *(heading(m) for m in shown)], [label(order[0]), *(baseline_cell(table, order[0], m) for m in shown)]]
    first += [[label(key), *(cell(table, key, m) for m in shown)] for key in order[1:]]
    depth = dict(zip(found.money.get("strategy", ()), found.money.get("trough", ()), strict=True))
    second = [["", heading(NPV), "cost ($M)", "trough ($M)", "pays back (median)", "gridlock (%)", "stopped (%)"]]
    second += [
        [
            label(key),
            cell(table, key, NPV) if key != order[0] else "-",
            level_cell(table, key, COST) if table[key, COST.name]["value"] else "-",
            NPV.text(depth[key], True) if key in depth else "-",
            payback_cell(table, key),
            level_cell(table, key, GRIDLOCK),
            level_cell(table, key, STOPPED),
        ]
        for key in order
    ]
    note = (
        "Cost: paid for what the plan itself does, over the horizon, not discounted. Trough: lowest point of the\n"
        "cumulated discounted cash against the baseline, mean of replicates. Gridlock: share of what is installed\n"
        "that nobody practises, by effort; missing without a programme. Stopped: share of runs that the board stops."
    )
    return f"{aligned(first, title)}\n\n{aligned(second, note=note)}"


def baseline_cell(table: Cells, key: str, measure: Measure) -> str:
    """The level of the baseline."""
    return f"level {measure.text(table[key, measure.name]['value'])} {measure.shown}"


def cell(table: Cells, key: str, measure: Measure) -> str:
    """One paired difference with interval and win rate."""
    row = table[key, measure.name]
    span = measure.span(row["low"], row["high"])
    return f"{measure.text(row['difference'], signed=True)}{span} {percent(row['win_rate']):>4}"


def payback_cell(table: Cells, key: str) -> str:
    """Like "month 41 in 9 of 32"."""
    month, share = table[key, PAYBACK.name], table[key, PAYS_BACK.name]
    if not math.isfinite(share["value"]):
        return "-"
    if month["replicates"] == 0:
        return f"in none of {share['replicates']:.0f}"
    return f"month {month['value']:.0f} in {month['replicates']:.0f} of {share['replicates']:.0f}"


def level_cell(table: Cells, key: str, measure: Measure) -> str:
    """A level; with its interval where the difference is the level."""
    row = table[key, measure.name]
    if not math.isfinite(row["value"]):
        return "-"
    span = "" if math.isfinite(row["baseline"]) else measure.span(row["low"], row["high"], signed=False)
    return measure.text(row["value"]) + span


def brake_lines(brakes: Sequence[Brake]) -> str:
    """The strongest brakes of every stalled strategy, one line each, with the knock-out below."""
    if not brakes:
        return ""
    lines = ["Strongest brakes of the strategies that stall (chance to adopt that each takes away) -> what answers it"]
    for key in dict.fromkeys(brake.strategy for brake in brakes):
        lines.append(label(key))
        for brake in (b for b in brakes if b.strategy == key):
            lines += textwrap.wrap(line(brake), WIDTH, initial_indent="  ", subsequent_indent="      ")
            if brake.knock_out:
                lines += textwrap.wrap(
                    f"knock-out: {brake.knock_out}", WIDTH, initial_indent="      ", subsequent_indent="      "
                )
    return "\n".join(lines)


def stop_table(stops: pd.DataFrame) -> str:
    """What became of strategies that the board stopped in some replicates."""
    rows = [["", "replicates", heading(NPV), heading(EQUITY)], *stop_rows(stops)]
    return (
        aligned(rows, "Given whether the board stopped it (mean difference to the baseline)")
        if stop_rows(stops)
        else ""
    )


def stop_rows(stops: pd.DataFrame) -> list[list[str]]:
    """Strategy and fate, replicates, NPV, customer equity."""
    rows = []
    for row in stops[stops["replicates"] > 0].to_dict("records"):
        words = "stopped by the board" if row["stopped"] else "carried through"
        values = [NPV.text(row["npv"], signed=True), EQUITY.text(row["customer_equity"], signed=True)]
        rows.append([f"{label(row['strategy'])}, {words}", str(row["replicates"]), *values])
    return rows


def paper_table(paper: pd.DataFrame) -> str:
    """The business case on paper next to the simulated one."""
    if paper.empty:
        return ""
    rows = [["", "measure", "on paper", "simulated", "paper minus simulated"], *paper_rows(paper)]
    some = counted(int(paper["replicates"].max()), "replicate")
    return aligned(
        rows,
        f"Paper case (the organisation simply delivers) and simulated, both against the baseline, in {some}:\n"
        "the difference is the cost of gridlock (below zero: delivering would have cost more than it brings by then)",
    )


def treated_table(study: Study) -> str:
    """Units that a staged plan has reached against those that wait."""
    rows = treated_rows(study.silo_months, study.runs, staged(study.plans))
    title = f"Units that the plan has reached less units that it has not [{LEVEL:.0%} interval]"
    return aligned(rows, title) if rows else ""


def paper_rows(paper: pd.DataFrame) -> list[list[str]]:
    """Strategy, measure, on paper, simulated, cost of gridlock."""
    rows = []
    for row in paper.to_dict("records"):
        measure = BY_NAME[row["measure"]]
        values = [measure.text(row[name], signed=True) for name in ("paper", "simulated", "cost")]
        values[-1] += measure.span(row["low"], row["high"])
        rows.append([label(row["strategy"]), heading(measure), *values])
    return rows


def unknowns(study: Study, found: Analysis, unknown: int) -> str:
    """How many things are not known, what part of the spread they make, and how sure the order is."""
    first = f"{counted(study.replicates, 'replicate')}"
    if unknown:
        first += f" in {counted(study.worlds, 'world')}. "
        known = counted(unknown, "parameter")
        first += f"What we don't know: {known} that differ between worlds, for all strategies alike."
    else:
        first += ". What we don't know is held at default values: intervals show luck only."
    lines = [first]
    if split := _medians(found, "share_unknown", percent):
        lines.append(f"Share of the variance of differences due to what we don't know (the rest is luck): {split}.")
    if gain := _medians(found, "pairing", "{:.1f}".format):
        lines.append(f"Pairing divides the variance of differences by: {gain}. (Both: median strategy.)")
    orders = [text for name in CRITERIA if (text := order_line(found, name))]
    if orders:
        lines += ["Order, best first; in brackets the chance that the one before rightly stands above:", *orders]
    return "\n".join(textwrap.fill(text, WIDTH, subsequent_indent="  ") for text in lines)


def _medians(found: Analysis, column: str, text: Callable[[float], str]) -> str:
    """Median over strategies of one column of the uncertainty table, for each headline measure."""
    medians = {str(name): float(value) for name, value in found.uncertainty.groupby("measure")[column].median().items()}
    return ", ".join(
        f"{m.label} {text(medians[m.name])}" for m in HEADLINES if math.isfinite(medians.get(m.name, math.nan))
    )


def order_line(found: Analysis, criterion: str) -> str:
    """The order by one criterion, with the chance that each neighbour pair is the right way round."""
    table = found.rankings[criterion].table
    if len(table) < 2 or not table["p_best"].notna().all():
        return ""
    names = [label(str(key)) for key in table["strategy"]]
    rest = [f"{name} ({chance(float(p))})" for name, p in zip(names[1:], table["p_above_next"], strict=False)]
    return f"  {CRITERIA[criterion]}: {', '.join([names[0], *rest])}"
