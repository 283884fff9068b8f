"""The report of a comparison: one HTML file with everything inside, no network request."""

from __future__ import annotations

import base64
import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from experiments.analysis import Analysis, Study
from experiments.brakes import line
from experiments.culture import bridge_rows, index_rows
from experiments.headline import (
    BY_NAME,
    CHURN,
    COST,
    ENGAGED,
    EQUITY,
    GRIDLOCK,
    NPV,
    OF_THE_MEAN,
    SIMULATED,
    STOPPED,
    chance,
    heading,
    label,
    percent,
)
from experiments.luck import CRITERIA
from experiments.paired import cells
from experiments.preface import beyond_horizon, company_line
from experiments.screen import LIVES, baseline_cell, cell, level_cell, paper_rows, payback_cell, stop_rows
from experiments.survey.benchmark import shipped
from experiments.treated import staged, treated_rows
from experiments.verdict import CAUTION
from sim.params.field import extras, walk
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy

LAUNCH = "launch of "
SHAPES = {"pay.": "customer_metric_pay", "governance.": "portfolio_governance"}  # settings of one initiative each
FIGURES = {
    "fan_charts": "Over time",
    "j_curve": "Money over time",
    "paired_differences": "Differences, replicate by replicate",
    "gridlock": "Where the programme is installed and not practised",
}


@dataclass(frozen=True)
class Setting:
    """What was asked: everything that the report shows beside the results.

    Args:
        scenario: organisation, market and responses common to all strategies.
        strategies: key -> plan, the baseline first.
        configuration: the resolved configuration, YAML.
        command: the command that reproduces the tables.
        unknown: dotted name -> range of every parameter that differs between worlds; empty if none does.
        provenance: lines such as versions and seed.
    """

    scenario: Scenario
    strategies: Mapping[str, Strategy]
    configuration: str
    command: str
    unknown: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    provenance: tuple[str, ...] = ()


def write_report(
    path: Path, study: Study, found: Analysis, setting: Setting, figures: Mapping[str, tuple[str, Path, Path]]
) -> None:
    """Write the report.

    Args:
        path: the HTML file.
        study: the tables.
        found: their analysis.
        setting: what was asked.
        figures: result of `figures.draw_all`.
    """
    environment = Environment(
        loader=PackageLoader("experiments"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    html = environment.get_template("report.html.j2").render(
        labels=[label(key) for key in study.strategies],
        title=f"{setting.scenario.organisation.name}: {len(study.strategies)} strategies side by side",
        study=study,
        setting=setting,
        company=company_line(setting.scenario),
        warnings=beyond_horizon(setting.scenario, setting.strategies),
        verdict=found.verdict,
        caution=CAUTION,
        level=OF_THE_MEAN,
        baseline=label(study.strategies[0]),
        assumptions=assumptions(setting.strategies, setting.scenario),
        comparison=comparison_rows(found),
        bridge=bridge_rows(study.organisation_months, study.runs),
        indices=index_rows(study.organisation_months, study.runs),
        firms=shipped().firms,
        treated=treated_rows(study.silo_months, study.runs, staged(setting.strategies)),
        brakes=brake_rows(found),
        paper=paper_rows(found.paper),
        stops=stop_rows(found.stops),
        money=money_rows(found.money, study),
        split=split_rows(found.uncertainty),
        rankings=ranking_rows(found),
        unit=next(iter(found.rankings.values())).unit,
        priors=unknown_rows(setting.scenario, setting.unknown),
        digest=digest(study),
        figures={name: (FIGURES[name], alt, embedded(svg, png)) for name, (alt, png, svg) in figures.items()},
        annual=f"{study.annual_discount:.0%}",
        monthly=f"{study.monthly_rate:.3%}",
    )
    path.write_text(html, encoding="utf-8")


def embedded(svg: Path, png: Path) -> str:
    """The smaller of two versions of a figure as a data address."""
    kind, data = min((("svg+xml", svg.read_bytes()), ("png", png.read_bytes())), key=lambda item: len(item[1]))
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def assumptions(
    strategies: Mapping[str, Strategy], scenario: Scenario
) -> list[tuple[str, str, list[tuple[str, bool]]]]:
    """What differs between the strategies, and nothing else; pay and governance as they were where a plan leaves them.

    Returns:
        (what, unit, [(value, differs from the first strategy) per strategy]) for every setting that differs.
    """
    leaves = [_leaves(strategy) for strategy in strategies.values()]
    before, rows = _before(scenario), []
    names = dict.fromkeys(name for leaf in leaves for name in leaf)
    for name in sorted(names, key=lambda name: not name.startswith(LAUNCH)):
        values = [leaf.get(name, (before.get(name, "-"), ""))[0] for leaf in leaves]
        if len(set(values)) > 1:
            unit = next(leaf[name][1] for leaf in leaves if name in leaf)
            rows.append((name, unit, [(value, value != values[0]) for value in values]))
    return rows


def shown(value: object) -> str:
    """A setting as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{label(str(k))} {shown(v)}" for k, v in value.items())
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _leaves(strategy: Strategy) -> dict[str, tuple[str, str]]:
    """Setting in words -> (value, unit) of one strategy."""
    found = {f"{LAUNCH}{name.replace('_', ' ')}": (str(month), "month") for name, month in strategy.initiatives.items()}
    unused = [prefix for prefix, needed in SHAPES.items() if needed not in strategy.initiatives]
    for name, info, value in walk(strategy):
        if name in ("name", "description", "initiatives") or name.startswith(tuple(unused)) or value == {}:
            continue
        if name == "pilot_months" and not strategy.pilot_units:
            continue
        unit = str(extras(info).get("unit", ""))
        text = shown(value)
        found[label(name).replace(".", ": ")] = (text, "" if unit == "1" else unit)
    return found


def _before(scenario: Scenario) -> dict[str, str]:
    """Pay mix and governance before any programme, under the names that `_leaves` gives them in plans."""
    pay = {f"pay: {label(name)}": shown(value) for name, _, value in walk(scenario.incentives.mix)}
    terms = {f"governance: {label(name)}": shown(value) for name, _, value in walk(scenario.governance)}
    return pay | terms


def unknown_rows(
    scenario: Scenario, unknown: Mapping[str, tuple[float, float]]
) -> list[tuple[str, str, str, str, str, str, str]]:
    """What we don't know: (name, meaning, low, default, high, unit, grade) of every parameter that differs."""
    rows = []
    for name, info, value in walk(scenario):
        extra = extras(info)
        if name in unknown:
            low, high = unknown[name]
            rows.append(
                (
                    name,
                    info.description or "",
                    f"{low:g}",
                    f"{value:g}",
                    f"{high:g}",
                    str(extra["unit"]),
                    str(extra["grade"]),
                )
            )
    return rows


def comparison_rows(found: Analysis) -> tuple[list[list[str]], list[list[str]]]:
    """Header and rows of the comparison: customers and people, money and programme."""
    table, order = cells(found.comparison), list(dict.fromkeys(str(key) for key in found.comparison["strategy"]))
    shown = (CHURN, ENGAGED, EQUITY)
    first = [["strategy", *(heading(m) for m in shown)]]
    second = [
        ["strategy", heading(NPV), "payback (median month)", "gridlock, level (%)", "stopped by the board (% of runs)"]
    ]
    for key in order:
        one = baseline_cell if key == order[0] else cell
        first.append([label(key), *(one(table, key, m) for m in shown)])
        second.append(
            [
                label(key),
                "-" if key == order[0] else cell(table, key, NPV),
                payback_cell(table, key),
                level_cell(table, key, GRIDLOCK),
                level_cell(table, key, STOPPED),
            ]
        )
    return first, second


def brake_rows(found: Analysis) -> list[tuple[str, list[tuple[str, str]]]]:
    """(strategy and whether it stalls, [(brake in words, what its knock-out says)])."""
    keys = dict.fromkeys(brake.strategy for brake in found.brakes)
    fates = found.stalling.fates
    rows = {key: [(line(b), b.knock_out) for b in found.brakes if b.strategy == key] for key in keys}
    return [(f"{label(key)}: {fates[key]}", part) for key, part in rows.items()]


def money_rows(money: pd.DataFrame, study: Study) -> list[list[str]]:
    """Header and rows of the table of money, $M."""
    rows = [
        [
            "strategy",
            "programme cost, not discounted",
            f"NPV [{OF_THE_MEAN}]",
            f"NPV, {LIVES}",
            f"customer equity at the end, {LIVES}",
            "share of replicates with NPV below 0",
            "pays back in (median month)",
            "trough, mean (median month)",
            "trough without capital spending, mean",
            "terminal customer equity, discounted",
            "NPV plus terminal customer equity",
        ]
    ]
    for r in money.to_dict("records"):
        rows.append(
            [
                label(r["strategy"]),
                COST.text(r["cost"]),
                NPV.text(r["npv"], True) + NPV.span(r["low"], r["high"]),
                NPV.reach(r["npv_from"], r["npv_to"]),
                EQUITY.reach(r["equity_from"], r["equity_to"]),
                percent(r["p_negative"]),
                _of(r["pays_back"], study.replicates) + _month(r["payback"]),
                NPV.text(r["trough"], True) + _month(r["trough_month"]),
                NPV.text(r["trough_operating"], True) + _month(r["trough_month_operating"]),
                NPV.text(r["terminal"], True),
                NPV.text(r["total"], True) + NPV.span(r["total_low"], r["total_high"]),
            ]
        )
    return rows


def _month(value: float) -> str:
    return f" ({value:.0f})" if math.isfinite(value) else ""


def split_rows(uncertainty: pd.DataFrame) -> list[list[str]]:
    """Strategy, measure, spread due to what we don't know, due to luck, share of the former, gain of pairing."""
    rows = []
    for r in uncertainty.to_dict("records"):
        measure = BY_NAME[r["measure"]]
        parts = [measure.text(r[name], signed=True).lstrip("+") for name in ("unknown", "luck")]
        gain = f"{r['pairing']:.1f}" if math.isfinite(r["pairing"]) else "-"
        rows.append([label(r["strategy"]), heading(measure), *parts, percent(r["share_unknown"]), gain])
    return rows


def ranking_rows(found: Analysis) -> dict[str, list[list[str]]]:
    """Criterion -> rows: strategy, mean and interval, how sure it is the highest, how sure above the next, best in."""
    return {
        CRITERIA[name]: [
            [
                label(r["strategy"]),
                NPV.text(r["mean"], True) + NPV.span(r["low"], r["high"]),
                _chance(r["p_best"]),
                _chance(r["p_above_next"]),
                ranking.best_in(r).removeprefix("best in "),
            ]
            for r in ranking.table.to_dict("records")
        ]
        for name, ranking in found.rankings.items()
    }


def _chance(p: float) -> str:
    return chance(p) if math.isfinite(p) else "-"


def digest(study: Study) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """What happened: per strategy (share of replicates, median month of the first time, example in words), by month.

    What happens in the same replicates and months under the baseline is told there only.
    """
    part = study.events.loc[study.events["kind"] == SIMULATED]
    usual: dict[Hashable, set[tuple[int, int]]] = {}
    found = []
    for key in study.strategies:
        rows: list[tuple[float, int, str]] = []
        for what, events in part.loc[part["scenario"] == key].groupby(["event", "subject"], sort=False):
            when = set(zip(events["replicate"], events["month"], strict=True))
            if key == study.strategies[0]:
                usual[what] = when
            elif usual.get(what) == when:
                continue
            first = events.sort_values("month", kind="stable").drop_duplicates("replicate")
            middle = first.iloc[(len(first) - 1) // 2]
            rows.append((float(middle["month"]), len(first), str(middle["text"])))
        rows.sort(key=lambda row: (row[0], -row[1]))
        found.append((label(key), [(_of(n, study.replicates), f"{month:.0f}", text) for month, n, text in rows]))
    return [(name, rows) for name, rows in found if rows]


def _of(number: int, total: int) -> str:
    return f"{number} of {total}"
