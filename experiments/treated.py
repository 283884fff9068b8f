"""Units that a plan has reached against units that it has not: what a staged rollout allows one to compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from experiments.headline import LEVEL, SIMULATED, Measure, label
from experiments.paired import estimate, worlds_of
from sim.params.strategy import Strategy

HALF_YEAR = 6
SALES = Measure("sales", "growth of sales since launch (points)", "points", 1, 1, "%", "points", 1)
SATISFIED = Measure("satisfaction", "satisfaction (0-1)", "0-1", 1, 1, "0-1", "", 3)
LEAVING = Measure("churn", "churn (points/month)", "share/month", -1, 100, "%/month", "points", 2)
SHOWN = (SALES, SATISFIED, LEAVING)


def staged(plans: Mapping[str, Strategy]) -> list[str]:
    """Strategies that start in some units before others, or leave some out."""
    return [key for key, plan in plans.items() if plan.pilot_units or any(plan.rollout.values())]


def treated_rows(silo_months: pd.DataFrame, runs: pd.DataFrame, keys: Sequence[str]) -> list[list[str]]:
    """Header and a row per staged strategy that reached some units with customers and not others; empty without any.

    Treated less untreated units of the same replicate, in the half year up to the last month in which some had not
    started: means over units, then over replicates with an interval.
    """
    rows = []
    part = silo_months[silo_months["kind"] == SIMULATED]
    for key in keys:
        own = part[part["scenario"] == key]
        gaps = {replicate: gap(one) for replicate, one in own.groupby("replicate")}
        found = pd.DataFrame({r: g for r, g in gaps.items() if g is not None}).T
        if found.empty:
            continue
        worlds = worlds_of(runs, found.index)
        cells = [label(key), f"{found['month'].median():.0f}"]
        for m in SHOWN:
            e = estimate(found[m.name].to_numpy(float), worlds, LEVEL)
            cells.append(m.text(e.mean, True) + m.span(e.low, e.high))
        rows.append(cells)
    header = ["strategy", "up to month", *(m.label for m in SHOWN)]
    return [header, *rows] if rows else []


def gap(one: pd.DataFrame) -> dict[str, float] | None:
    """Treated less untreated units in one replicate; None if the plan never reached some and not others."""
    formal = one[[c for c in one.columns if c.startswith("formal_")]].sum(axis=1).to_numpy()
    months, units = int(one["month"].max()) + 1, one["silo"].nunique()
    if len(one) != months * units:
        return None
    started = formal.reshape(months, units) > 0
    sales = one["revenue"].to_numpy(float).reshape(months, units)
    homes = sales[0] > 0
    split = np.flatnonzero(started[:, homes].any(axis=1) & ~started[:, homes].all(axis=1))
    if len(split) == 0 or split[-1] < HALF_YEAR:
        return None
    last = int(split[-1])
    rows, treated = slice(last - HALF_YEAR + 1, last + 1), started[last]

    def difference(values: np.ndarray) -> float:
        means = values[rows].mean(axis=0)
        return float(means[homes & treated].mean() - means[homes & ~treated].mean())

    growth = 100 * (sales / np.where(homes, sales[0], 1.0) - 1)
    others = {name: one[name].to_numpy(float).reshape(months, units) for name in ("satisfaction", "churn")}
    return {"month": last, "sales": difference(growth), **{name: difference(v) for name, v in others.items()}}
