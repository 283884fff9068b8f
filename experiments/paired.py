"""Paired statistics: every strategy against the baseline, on the same company, people and luck.

The baseline is the first strategy of the table. Standard errors treat the replicates of one world as one cluster,
because they share what we do not know; where every replicate has a world of its own nothing is clustered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from experiments.headline import (
    LEVEL,
    MEASURES,
    NPV,
    PAPER,
    PAPER_ALONE,
    PAYBACK,
    PAYS_BACK,
    SIMULATED,
    WITHOUT,
    Measure,
)
from experiments.money import CashFlows, payback_months

F64 = NDArray[np.float64]
COLUMNS = ["strategy", "measure", "unit", "baseline", "value", "difference", "low", "high", "win_rate", "replicates"]


@dataclass(frozen=True)
class Estimate:
    """A mean with its interval; the interval is missing where it cannot be known."""

    mean: float
    low: float
    high: float
    n: int

    @property
    def sign(self) -> int:
        """+1 or -1 if the interval excludes zero, else 0; without an interval always 0."""
        return int(self.low > 0) - int(self.high < 0)

    def within(self, least: float, most: float) -> Estimate:
        """The same with an interval that ends at what is possible."""
        low, high = np.clip((self.low, self.high), least, most)
        return Estimate(self.mean, float(low), float(high), self.n)


def estimate(values: F64, worlds: NDArray[np.int64], level: float = LEVEL) -> Estimate:
    """Mean of paired differences with a t-interval over worlds.

    Args:
        values: one number per replicate; missing ones are left out.
        worlds: world of each replicate.
        level: coverage of the interval.

    Returns:
        The estimate; the interval is NaN with fewer than two worlds.
    """
    known = np.isfinite(values)
    values, worlds = values[known], worlds[known]
    n = len(values)
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    mean = float(values.mean())
    clusters = len(np.unique(worlds))
    if clusters < 2:
        return Estimate(mean, np.nan, np.nan, n)
    half = float(stdtrit(clusters - 1, (1 + level) / 2) * standard_error(values, worlds))
    return Estimate(mean, mean - half, mean + half, n)


def standard_error(values: F64, worlds: NDArray[np.int64]) -> F64:
    """Standard error of the mean over replicates, the replicates of one world as one cluster.

    Args:
        values: [replicate] or [replicate, column], nothing missing.
        worlds: world of each replicate.

    Returns:
        One error per column; NaN with fewer than two worlds.
    """
    _, index = np.unique(worlds, return_inverse=True)
    clusters = int(index.max()) + 1 if len(index) else 0
    if clusters < 2:
        return np.full(values.shape[1:], np.nan)
    sums = np.zeros((clusters, *values.shape[1:]))
    np.add.at(sums, index, values - values.mean(axis=0))
    return np.asarray(np.sqrt(clusters / (clusters - 1) * np.sum(sums**2, axis=0)) / len(values))


def share_of(held: NDArray[np.bool_], worlds: NDArray[np.int64], level: float = LEVEL) -> Estimate:
    """Share of replicates in which something holds, with Wilson's score interval (1927): within 0-1, never certain.

    Worlds are counted in it, not replicates: those of one world count as one, which is cautious.

    Args:
        held: one flag per replicate, at least one.
        worlds: world of each replicate.
        level: coverage of the interval.

    Returns:
        The share; the interval is NaN with fewer than two worlds.
    """
    share, n = float(held.mean()), len(np.unique(worlds))
    if n < 2:
        return Estimate(share, np.nan, np.nan, len(held))
    z = float(ndtri((1 + level) / 2))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half), len(held))


def strategies(runs: pd.DataFrame) -> list[str]:
    """Keys of the simulated strategies in the order of the table; the first is the baseline."""
    return [str(key) for key in runs.loc[runs["kind"] == SIMULATED, "scenario"].unique()]


def by_replicate(runs: pd.DataFrame, measure: str, kind: str = SIMULATED) -> pd.DataFrame:
    """One measure as a table: a row per replicate, a column per strategy."""
    part = runs.loc[runs["kind"] == kind, ["scenario", "replicate", measure]]
    return part.pivot(index="replicate", columns="scenario", values=measure).astype(float)


def worlds_of(runs: pd.DataFrame, replicates: pd.Index) -> NDArray[np.int64]:
    """World of each replicate."""
    return runs.groupby("replicate")["world"].first().loc[replicates].to_numpy(np.int64)


def win_rate(differences: F64, better: int) -> float:
    """Share of replicates in which the strategy is better; ties count half."""
    known = differences[np.isfinite(differences)]
    if len(known) == 0:
        return float("nan")
    return float(np.mean(better * known > 0) + 0.5 * np.mean(known == 0))


def comparison(runs: pd.DataFrame, months: pd.DataFrame, monthly_rate: float = 1.12 ** (1 / 12) - 1) -> pd.DataFrame:
    """Every strategy against the baseline: the content of comparison.csv.

    A measure that the baseline does not have (gridlock without a programme, payback) has an empty baseline, and its
    difference is the level. For NPV, `baseline` and `value` are present values of all cash; the difference is the NPV.

    Args:
        runs: one row per run.
        months: one row per run and month with `cash`.
        monthly_rate: discount rate per month.

    Returns:
        Table with the columns `COLUMNS`.
    """
    order = strategies(runs)
    flows = CashFlows.of(months, monthly_rate)
    rows = []
    for measure in MEASURES:
        if measure in (PAYBACK, PAYS_BACK):
            continue
        if measure.name in runs.columns:
            table = by_replicate(runs, measure.name)
            worlds = worlds_of(runs, table.index)
            rows += [_row(measure, key, table[key].to_numpy(), table[order[0]].to_numpy(), worlds) for key in order]
        if measure is NPV:
            rows += [row for key in order for row in _payback_rows(key, flows.cumulated(key, order[0]), worlds)]
    found = pd.DataFrame(rows, columns=COLUMNS)
    place = {key: at for at, key in enumerate(order)}
    return found.sort_values("strategy", key=lambda keys: keys.map(place), kind="stable", ignore_index=True)


def _row(measure: Measure, key: str, values: F64, base: F64, worlds: NDArray[np.int64]) -> list[object]:
    """One line of the comparison for a measure that every run has (or lacks)."""
    has_value, has_base = bool(np.isfinite(values).any()), bool(np.isfinite(base).any())
    if not has_value:
        zero = np.nan if has_base else 0.0
        rate = np.nan if has_base else 0.5
        return [key, measure.name, measure.unit, _mean(base), np.nan, zero, zero, zero, rate, len(values)]
    gain = values - base if has_base else values
    found = estimate(gain, worlds)
    rate = win_rate(gain, measure.better) if has_base else np.nan
    if measure.shown == "%" and not has_base:  # the level of a share
        found = found.within(0.0, 1.0)
    return [
        key,
        measure.name,
        measure.unit,
        _mean(base),
        _mean(values),
        found.mean,
        found.low,
        found.high,
        rate,
        found.n,
    ]


def _payback_rows(key: str, cumulated: F64, worlds: NDArray[np.int64]) -> list[list[object]]:
    """Payback month (median of those that pay back) and the share of replicates that pay back."""
    missing = np.nan
    if not cumulated.any():
        same: list[object] = [missing, missing, 0.0, 0.0, 0.0, 0.5, len(cumulated)]
        return [[key, m.name, m.unit, *same] for m in (PAYBACK, PAYS_BACK)]
    months = payback_months(cumulated)
    paid = np.isfinite(months)
    share = share_of(paid, worlds)
    median = float(np.median(months[paid])) if paid.any() else missing
    return [
        [key, PAYBACK.name, PAYBACK.unit, missing, median, median, missing, missing, share.mean, int(paid.sum())],
        [
            key,
            PAYS_BACK.name,
            PAYS_BACK.unit,
            missing,
            share.mean,
            share.mean,
            share.low,
            share.high,
            missing,
            share.n,
        ],
    ]


def _mean(values: F64) -> float:
    """Mean of what is known."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def cells(table: pd.DataFrame) -> dict[tuple[str, str], dict[str, float]]:
    """A comparison as (strategy, measure) -> numbers, in the order of the table."""
    return {
        (str(row["strategy"]), str(row["measure"])): {name: float(row[name]) for name in COLUMNS[3:]}
        for row in table.to_dict("records")
    }


def lookup(table: pd.DataFrame, strategy: str, measure: str) -> Estimate:
    """One paired difference out of a comparison."""
    row = table.loc[(table["strategy"] == strategy) & (table["measure"] == measure)].to_dict("records")[0]
    return Estimate(float(row["difference"]), float(row["low"]), float(row["high"]), int(row["replicates"]))


def level_of(table: pd.DataFrame, strategy: str, measure: str) -> float:
    """Level of a measure under a strategy out of a comparison; NaN if it does not exist there."""
    row = table.loc[(table["strategy"] == strategy) & (table["measure"] == measure)].to_dict("records")[0]
    return float(row["value"])


def paper_against_simulated(runs: pd.DataFrame) -> pd.DataFrame:
    """What the business case promises next to what the organisation delivers.

    Returns:
        A row per strategy with a paper case and measure: `paper`, `alone` (on paper, where people share as they decide
        to) and `simulated` as differences to the baseline on the same replicates, `cost` = paper minus simulated (the
        cost of gridlock) with its interval. Empty without paper cases.
    """
    rows = []
    base = strategies(runs)[0]
    for name in ("npv", "customer_equity", "churn"):
        paper, real = by_replicate(runs, name, PAPER), by_replicate(runs, name)
        alone = by_replicate(runs, name, PAPER_ALONE)
        for key in paper.columns:
            promised = paper[key].dropna()
            delivered, unchanged = real.loc[promised.index, key], real.loc[promised.index, base]
            cost = estimate((promised - delivered).to_numpy(), worlds_of(runs, promised.index))
            rows.append(
                (
                    key,
                    name,
                    (promised - unchanged).mean(),
                    (alone.loc[promised.index, key] - unchanged).mean(),
                    (delivered - unchanged).mean(),
                    cost.mean,
                    cost.low,
                    cost.high,
                    cost.n,
                )
            )
    columns = ["strategy", "measure", "paper", "alone", "simulated", "cost", "low", "high", "replicates"]
    found = pd.DataFrame(rows, columns=columns)
    place = {key: at for at, key in enumerate(strategies(runs))}
    return found.sort_values("strategy", key=lambda keys: keys.map(place), kind="stable", ignore_index=True)


def given_stop(runs: pd.DataFrame) -> pd.DataFrame:
    """Results of strategies that the board stopped in some replicates, apart for stopped and not stopped.

    Returns:
        Columns `strategy, stopped (0/1), replicates, npv, customer_equity`: mean differences to the baseline, $.
    """
    base, rows = strategies(runs)[0], []
    tables = {name: by_replicate(runs, name) for name in ("stopped", "npv", "customer_equity")}
    for key in strategies(runs)[1:]:
        ended = tables["stopped"][key] > 0
        if ended.any():
            for state in (True, False):
                part = ended == state
                gains = [float((tables[n][key] - tables[n][base])[part].mean()) for n in ("npv", "customer_equity")]
                rows.append((key, int(state), int(part.sum()), *gains))
    return pd.DataFrame(rows, columns=["strategy", "stopped", "replicates", "npv", "customer_equity"])


def knock_outs(runs: pd.DataFrame) -> pd.DataFrame:
    """What releasing one brake changes, against the same strategy with the brake, on the same replicates.

    Returns:
        A row per strategy, released brake and measure (reach, gridlock, npv): `difference, low, high, replicates`.
        Empty without knock-out runs.
    """
    rows = []
    kinds = [str(kind) for kind in runs["kind"].unique() if str(kind).startswith(WITHOUT)]
    for kind in kinds:
        for name in ("reach", "gridlock", "npv"):
            released, real = by_replicate(runs, name, kind), by_replicate(runs, name)
            for key in released.columns:
                gain = (released[key] - real[key].reindex(released.index)).to_numpy()
                found = estimate(gain, worlds_of(runs, released.index))
                rows.append((key, kind.removeprefix(WITHOUT), name, found.mean, found.low, found.high, found.n))
    return pd.DataFrame(rows, columns=["strategy", "brake", "measure", "difference", "low", "high", "replicates"])
