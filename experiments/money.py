"""Money over time: discounted cash against the baseline, payback, trough, terminal value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.headline import SIMULATED

F64 = NDArray[np.float64]


@dataclass(frozen=True)
class CashFlows:
    """Cash of every simulated strategy, month by month.

    Args:
        cash: strategy -> [replicate, month], $/month, from month 1.
        capital: the part that is capital spending (negative).
        monthly_rate: discount rate per month.
    """

    cash: dict[str, F64]
    capital: dict[str, F64]
    monthly_rate: float

    @classmethod
    def of(cls, months: pd.DataFrame, monthly_rate: float) -> CashFlows:
        """Take the cash flows out of the table of months."""
        part = months.loc[(months["kind"] == SIMULATED) & (months["month"] > 0)]
        part = part.sort_values(["scenario", "replicate", "month"], kind="stable")
        cash: dict[str, F64] = {}
        capital: dict[str, F64] = {}
        for key, rows in part.groupby("scenario", sort=False, observed=True):
            shape = (rows["replicate"].nunique(), -1)
            cash[str(key)] = rows["cash"].to_numpy(float).reshape(shape)
            spent = rows["cash_capital"].to_numpy(float) if "cash_capital" in rows else np.zeros(len(rows))
            capital[str(key)] = spent.reshape(shape)
        return cls(cash, capital, monthly_rate)

    def discount(self, n: int) -> F64:
        """Discount factors of months 1 to n."""
        return (1 + self.monthly_rate) ** -np.arange(1.0, n + 1)

    def cumulated(self, strategy: str, baseline: str, capital: bool = True) -> F64:
        """Cumulated discounted cash against the baseline, [replicate, month]; optionally without capital spending."""
        gain = self.cash[strategy] - self.cash[baseline]
        if not capital:
            gain = gain - (self.capital[strategy] - self.capital[baseline])
        return np.cumsum(gain * self.discount(gain.shape[1]), axis=1)


def payback_months(cumulated: F64) -> F64:
    """Month (from 1) from which the cumulated difference stays at or above zero.

    Args:
        cumulated: cumulated discounted difference, [replicate, month].

    Returns:
        One month per replicate; NaN where it ends below zero, or where nothing ever differs.
    """
    n = cumulated.shape[1]
    below = cumulated < 0
    last = np.where(below.any(axis=1), n - np.argmax(below[:, ::-1], axis=1), 0)
    months = last + 1.0
    months[(last == n) | ~cumulated.any(axis=1)] = np.nan
    return months


def troughs(cumulated: F64) -> tuple[F64, F64]:
    """Deepest point of the cumulated difference and its month (from 1), per replicate; (0, NaN) if never below zero."""
    at = np.argmin(cumulated, axis=1)
    depth = np.minimum(cumulated[np.arange(len(cumulated)), at], 0.0)
    return depth, np.where(depth < 0, at + 1.0, np.nan)


def total_value(runs: pd.DataFrame, monthly_rate: float) -> pd.DataFrame:
    """`runs` with `terminal` (discounted customer equity at the end, $) and `total` = npv + terminal."""
    factor = (1 + monthly_rate) ** -runs["months"].astype(float)
    terminal = runs["customer_equity"] * factor
    return runs.assign(terminal=terminal, total=runs["npv"] + terminal)
