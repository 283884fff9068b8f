"""The answer on the terminal: verdict, tables, brakes, paper case, what we don't know, where it was saved."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence

import pandas as pd

from experiments.analysis import Analysis, Study
from experiments.brakes import line
from experiments.headline import (
    BY_NAME,
    CHURN,
    COST,
    ENGAGED,
    EQUITY,
    GRIDLOCK,
    HEADLINES,
    NPV,
    OF_THE_MEAN,
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

LIVES = "5 to 95% of lives"
PAPER_COLUMNS = ("on paper", "same, own sharing", "simulated", "paper minus simulated")
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
        brake_lines(found),
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
        f"Difference to {label(order[0])} [{OF_THE_MEAN}], share of replicates in which the strategy wins\n"
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
    return f"{aligned(first, title)}\n\n{aligned(second, note=note)}\n{lives_lines(found)}".rstrip()


def lives_lines(found: Analysis) -> str:
    """Where single lives lie: a line for NPV and one for customer equity; empty with a single life."""
    lines = []
    for measure, name in ((NPV, "npv"), (EQUITY, "equity")):
        ends = [(r["strategy"], r[f"{name}_from"], r[f"{name}_to"]) for r in found.money.to_dict("records")]
        known = [f"{label(key)} {measure.reach(low, high)}" for key, low, high in ends if math.isfinite(low)]
        lines += [f"{LIVES}, {heading(measure)}: {', '.join(known)}"] if known else []
    return "\n".join(textwrap.fill(text, WIDTH, subsequent_indent="  ") for text in lines)


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


def brake_lines(found: Analysis) -> str:
    """The strongest brakes of every strategy that stalls or may, one line each, with the knock-out below."""
    if not found.brakes:
        return ""
    lines = ["Strongest brakes of what stalls or may (chance to adopt that each takes away) -> what answers it"]
    for key in dict.fromkeys(brake.strategy for brake in found.brakes):
        lines.append(f"{label(key)}: {found.stalling.fates[key]}")
        for brake in (b for b in found.brakes if b.strategy == key):
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
    rows = [["", "measure", *PAPER_COLUMNS], *paper_rows(paper)]
    some = counted(int(paper["replicates"].max()), "replicate")
    return aligned(
        rows,
        f"Paper case (the organisation simply delivers) and simulated, both against the baseline, in {some}:\n"
        "the difference is the cost of gridlock (NPV and equity lost if above zero, churn added if below).\n"
        "A paper case takes for granted that units answer each other; beside it, where people share as they decide to.",
    )


def treated_table(study: Study) -> str:
    """Units that a staged plan has reached against those that wait."""
    rows = treated_rows(study.silo_months, study.runs, staged(study.plans))
    title = f"Units that the plan has reached less units that it has not [{OF_THE_MEAN}]"
    return aligned(rows, title) if rows else ""


def paper_rows(paper: pd.DataFrame) -> list[list[str]]:
    """Strategy, measure, and `PAPER_COLUMNS`."""
    rows = []
    for row in paper.to_dict("records"):
        measure = BY_NAME[row["measure"]]
        values = [measure.text(row[name], signed=True) for name in ("paper", "alone", "simulated", "cost")]
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
        unit = next(iter(found.rankings.values())).unit
        head = "Order by mean, highest first; in brackets how sure it is that the mean before is higher, and in how"
        lines += [f"{head} many {unit} this one is best, if in any:", *orders]
    return "\n".join(textwrap.fill(text, WIDTH, subsequent_indent="  ") for text in lines)


def _medians(found: Analysis, column: str, text: Callable[[float], str]) -> str:
    """Median over strategies of one column of the uncertainty table, for each headline measure."""
    medians = {str(name): float(value) for name, value in found.uncertainty.groupby("measure")[column].median().items()}
    return ", ".join(
        f"{m.label} {text(medians[m.name])}" for m in HEADLINES if math.isfinite(medians.get(m.name, math.nan))
    )


def order_line(found: Analysis, criterion: str) -> str:
    """The order by one criterion: how sure each neighbour pair is, and in how many worlds each strategy is best."""
    ranking = found.rankings[criterion]
    if len(ranking.table) < 2 or not ranking.table["p_best"].notna().all():
        return ""
    rows = ranking.table.to_dict("records")
    names = []
    for before, row in zip([None, *rows], rows, strict=False):
        known = [chance(float(before["p_above_next"]))] if before else []
        known += [ranking.best_in(row)] if row["best_in"] else []
        names.append(label(str(row["strategy"])) + (f" ({'; '.join(known)})" if known else ""))
    return f"  {CRITERIA[criterion]}: {', '.join(names)}"
