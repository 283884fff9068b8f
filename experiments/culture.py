"""Maturity, culture and what moved customer equity, strategy by strategy: levels and paired differences."""

from __future__ import annotations

import pandas as pd

from experiments.headline import LEVEL, SIMULATED, Measure, label
from experiments.paired import estimate, strategies, worlds_of
from experiments.survey.benchmark import PLACED, ordinal, shipped

YEAR = 12
INDICES = (
    Measure("cemm", "CX maturity (1-5)", "1-5", 1, 1, "1-5", "", 2),
    Measure("barrett", "Barrett (1-7)", "1-7", 1, 1, "1-7", "", 2),
    Measure("mri", "responsiveness (0-100)", "0-100", 1, 1, "0-100", "", 0),
    Measure("q12", "engagement (1-5)", "1-5", 1, 1, "1-5", "", 2),
    Measure("orientation", "orientation (0-1)", "0-1", 1, 1, "0-1", "", 2),
    Measure("alignment", "alignment (0-1)", "0-1", 1, 1, "0-1", "", 2),
    Measure("idle_spending", "idle spending ($M)", "$", -1, 1e-6, "$M", "$M", 1),
)
BRIDGE = (
    Measure("equity_acquired", "customers won", "$", 1, 1e-6, "$M", "$M", 1),
    Measure("equity_lost", "customers lost", "$", 1, 1e-6, "$M", "$M", 1),
    Measure("equity_retained", "those who stay: proneness to leave", "$", 1, 1e-6, "$M", "$M", 1),
    Measure("equity_grown", "those who stay: what they bring", "$", 1, 1e-6, "$M", "$M", 1),
)


def index_rows(months: pd.DataFrame, runs: pd.DataFrame) -> list[list[str]]:
    """Header and rows of the indices: means over the last year, for the baseline levels, else paired differences.

    Behind each stands the percentile of the strategy's own mean in the synthetic industry.
    """
    last = months[months["month"] > months["month"].max() - YEAR]
    rows = rows_of(last, runs, INDICES, "mean")
    levels = last[last["kind"] == SIMULATED].groupby("scenario")[[m.name for m in INDICES]].mean()
    for row, key in zip(rows[1:], strategies(runs), strict=True):
        for k, measure in enumerate(INDICES, start=1):
            if measure.name in PLACED:
                row[k] += f" · {ordinal(shipped().place(measure.name, float(levels.loc[key, measure.name])))}"
    return rows


def bridge_rows(months: pd.DataFrame, runs: pd.DataFrame) -> list[list[str]]:
    """Header and rows of the equity bridge: sums over all months, not discounted; the last column adds up the rest."""
    later = months[months["month"] > 0]
    whole = later.assign(equity_change=later[[m.name for m in BRIDGE]].sum(axis=1))
    total = Measure("equity_change", "change of customer equity", "$", 1, 1e-6, "$M", "$M", 1)
    return rows_of(whole, runs, (*BRIDGE, total), "sum")


def rows_of(months: pd.DataFrame, runs: pd.DataFrame, measures: tuple[Measure, ...], how: str) -> list[list[str]]:
    """One row per strategy; the first strategy is shown as a level, the others as differences with intervals."""
    names = [m.name for m in measures]
    part = months[months["kind"] == SIMULATED]
    values = part.groupby(["scenario", "replicate"])[names].agg(how)
    order = strategies(runs)
    base = values.loc[order[0]]
    rows = [["strategy", *(m.label for m in measures)]]
    rows.append([f"{label(order[0])} (level)", *(m.text(float(base[m.name].mean())) for m in measures)])
    for key in order[1:]:
        difference = pd.DataFrame(values.loc[key]) - base
        worlds = worlds_of(runs, difference.index)
        cells = []
        for m in measures:
            found = estimate(difference[m.name].to_numpy(float), worlds, LEVEL)
            cells.append(m.text(found.mean, True) + m.span(found.low, found.high))
        rows.append([label(key), *cells])
    return rows
