"""How prone customers are to leave, fitted from a retention table.

The table says which share of a cohort is still there after each year. Its hazard falls with tenure, and here that is
read as selection: customers differ in a constant proneness, the *frailty* phi, and the prone ones leave first. With a
monthly hazard h0 * phi and phi gamma distributed with mean 1 and shape nu (rate nu), a cohort survives as

    S(t) = E[exp(-h0 phi t)] = (1 + h0 t / nu) ** -nu,    t in months since joining.

A simulation with months as steps, in which a customer leaves with probability 1 - exp(-h0 phi) each month, has exactly
this survival at whole months. After t months the frailties that remain are gamma with shape nu and rate nu + h0 t.

Why there is a natural end beyond the table: shapes fitted to real tables are near 0.7, and for any nu <= 1 the mean
lifetime is infinite. The churn of a base that has existed for t months then falls for ever, about as t ** -(1 - nu), so
no unchanged company would have a stationary customer base. What happens after the last observed year is not known to
anyone; the model says that relationships end there with a constant additional hazard (households move, customers die,
shops close), the same for every frailty. From the horizon on, survival is S(a) * exp(-natural_end * (a - horizon)),
the mean lifetime is finite, and the stationary churn of a base is 1 / mean lifetime.

Likelihood: grouped by year, multinomial over "lost in year 1", "lost in year 2", ..., "still there". A table of shares
does not say how many customers it stands for; it counts as a notional cohort of `COHORT`. The estimates do not depend
on that number, but log likelihood, chi-square and p-value do: read them as "if 1,000 customers had been followed".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import chdtrc, gammaincinv

from sim.errors import InputError
from sim.retention import Series, read_retention_table

__all__ = [
    "Frailty",
    "fit_frailty",
    "frailty_given_tenure",
    "mean_lifetime",
    "read_retention_table",
    "stationary_churn",
    "stationary_tenure",
]

F64 = NDArray[np.float64]

COHORT = 1000.0  # notional customers behind a table of shares
HAZARD_RANGE = (1e-7, 10.0)  # 1/month
SHAPE_RANGE = (0.05, 1e3)  # at 1e3 survival is within 0.03 points of the exponential: customers no longer differ
_STARTS = (0.3, 1.0, 5.0, 100.0)  # shapes from which the search begins
_TAIL = 1e-13  # survival of a natural end below which ages are left out


@dataclass(frozen=True)
class Frailty:
    """Proneness to leave in one segment, and how well it describes the table.

    Attributes:
        segment: name in the table.
        base_hazard: h0, hazard of a customer of mean frailty, 1/month.
        shape: nu, shape of the gamma distribution of frailty among newcomers (its variance is 1 / nu).
        fit_years: last year that was fitted; later ones only check the fit.
        log_likelihood: multinomial, for the notional cohort, without the constant.
        chi_square: Pearson's, over the fitted years' losses and the survivors, for the notional cohort.
        p_value: chance of a larger chi-square if the model were true; NaN where no degree of freedom is left.
        largest_error: largest |observed - fitted| in the fitted years, percentage points.
        holdout_error: the same in later years, NaN without any.
        years, observed, fitted: all years of the table, with shares 0-1.
        note: what a reader must know about the fit, empty if nothing.
    """

    segment: str
    base_hazard: float
    shape: float
    fit_years: int
    log_likelihood: float
    chi_square: float
    p_value: float
    largest_error: float
    holdout_error: float
    years: tuple[int, ...]
    observed: tuple[float, ...]
    fitted: tuple[float, ...]
    note: str = ""

    def survival(self, t_months: ArrayLike) -> F64:
        """Share of a cohort still there after `t_months` (any shape, >= 0), without a natural end."""
        return np.exp(_log_survival(self.base_hazard, self.shape, np.asarray(t_months, dtype=np.float64)))


def fit_frailty(table: Mapping[str, Series], fit_years: int) -> dict[str, Frailty]:
    """Fit every segment of a retention table by maximum likelihood.

    Args:
        table: what `read_retention_table` returns.
        fit_years: last year used; a table that ends earlier is used whole.

    Returns:
        Segment -> Frailty, in the order of the table.

    Raises:
        InputError: a segment has fewer than two years to fit, or loses nobody in them, or everybody in the first.
    """
    return {segment: _fit_segment(segment, series, fit_years) for segment, series in table.items()}


def stationary_tenure(frailty: Frailty, horizon_months: int, natural_end: float, u: ArrayLike) -> NDArray[np.int32]:
    """Draw tenures from a base in which joining and leaving balance, by inverse CDF.

    A tenure of a months at the start of a month has probability survival(a) / mean lifetime; newcomers have 0.

    Args:
        frailty: fit of the segment.
        horizon_months: tenure from which the natural end acts (a customer of this tenure is at risk of it).
        natural_end: additional hazard from then on, 1/month.
        u: uniforms in [0, 1), any shape; one per draw.

    Returns:
        Whole months, in the shape of `u`.

    Raises:
        InputError: horizon or natural end out of range.
    """
    ages = _ages(frailty, horizon_months, natural_end)[1]
    drawn = np.searchsorted(ages, np.asarray(u, dtype=np.float64) * ages[-1], side="right")
    return np.minimum(drawn, ages.size - 1).astype(np.int32)


def mean_lifetime(frailty: Frailty, horizon_months: int, natural_end: float) -> float:
    """Mean months from joining to leaving, counting the month of leaving: the sum of survival over whole months.

    Args:
        frailty: fit of the segment.
        horizon_months: tenure from which the natural end acts.
        natural_end: additional hazard from then on, 1/month.

    Raises:
        InputError: horizon or natural end out of range.
    """
    return float(_ages(frailty, horizon_months, natural_end)[0].sum())


def stationary_churn(frailty: Frailty, horizon_months: int, natural_end: float) -> float:
    """Share of a stationary base that leaves per month, 1 / mean lifetime; arguments as in `mean_lifetime`."""
    return 1.0 / mean_lifetime(frailty, horizon_months, natural_end)


def frailty_given_tenure(frailty: Frailty, tenure: ArrayLike, u: ArrayLike) -> F64:
    """Draw the frailty of customers who have stayed for `tenure` months, by inverse CDF.

    The natural end takes every frailty alike, so this also holds beyond the horizon.

    Args:
        frailty: fit of the segment.
        tenure: months, 0 for a newcomer; broadcast against `u`.
        u: uniforms in [0, 1), one per draw.

    Returns:
        Frailties from Gamma(nu, rate nu + h0 * tenure); newcomers have mean 1.
    """
    inside = np.clip(np.asarray(u, dtype=np.float64), 2.0**-53, 1 - 2.0**-53)  # keeps 0 and infinity out
    rate = frailty.shape + frailty.base_hazard * np.asarray(tenure, dtype=np.float64)
    return np.asarray(gammaincinv(frailty.shape, inside) / rate, dtype=np.float64)


@lru_cache(maxsize=64)
def _ages(frailty: Frailty, horizon: int, natural_end: float) -> tuple[F64, F64]:
    """Survival at 0, 1, 2, ... months with the natural end, as far as it matters, and its running sum; read-only."""
    if horizon < 0:
        raise InputError("horizon_months", "must be at least 0", horizon, "give the last month that the table covers")
    if not 1e-4 <= natural_end < math.inf:
        advice = "without it the mean lifetime is infinite and no customer base is stationary"
        raise InputError("natural_end", "must be at least 0.0001 per month", natural_end, advice)
    ages = np.arange(horizon + math.ceil(-math.log(_TAIL) / natural_end) + 1)
    found = frailty.survival(ages) * np.exp(-natural_end * np.maximum(ages - horizon, 0))
    sums = found.cumsum()
    for array in (found, sums):
        array.setflags(write=False)
    return found, sums


def _log_survival(hazard: float, shape: float, months: F64) -> F64:
    return -shape * np.log1p(hazard * months / shape)


@lru_cache(maxsize=64)
def _fit_segment(segment: str, series: Series, fit_years: int) -> Frailty:
    """Fit one segment and compare it with all its years."""
    years = np.array([0, *(y for y, _ in series if y > 0)])
    observed = np.array([1.0, *(share for y, share in series if y > 0)])
    used = years <= fit_years
    _check_fittable(segment, years[used], observed[used])
    months, lost = 12.0 * years[used], _cells(observed[used])
    hazard, shape, score = _maximise(months, lost)
    fitted = np.exp(_log_survival(hazard, shape, 12.0 * years))
    expected = _cells(fitted[used])
    chi_square = COHORT * float(np.sum((lost - expected) ** 2 / np.maximum(expected, 1e-12)))
    freedom = lost.size - 3  # cells, less their sum and two parameters
    error = 100 * np.abs(observed - fitted)
    return Frailty(
        segment=segment,
        base_hazard=hazard,
        shape=shape,
        fit_years=int(years[used][-1]),
        log_likelihood=COHORT * score,
        chi_square=chi_square,
        p_value=float(chdtrc(freedom, chi_square)) if freedom > 0 else math.nan,
        largest_error=float(error[used].max()),
        holdout_error=float(error[~used].max()) if not used.all() else math.nan,
        years=tuple(years.tolist()),
        observed=tuple(observed.tolist()),
        fitted=tuple(fitted.tolist()),
        note=_note(hazard, shape),
    )


def _check_fittable(segment: str, years: NDArray[np.int_], observed: F64) -> None:
    if years.size < 3:
        name, got = "organisation.customers.fit_years", int(years[-1])
        rule = f"segment '{segment}' needs at least two years of the retention table in the fit"
        raise InputError(name, rule, got, "raise fit_years or add the early years to the table")
    name, first, last = "organisation.customers.retention_table", float(observed[1]), float(observed[-1])
    if last >= 1:
        rule = f"segment '{segment}' loses nobody up to year {years[-1]}, so there is nothing to fit"
        raise InputError(name, rule, last, "give a table in which customers leave, or raise fit_years")
    if first <= 0:
        rule = f"segment '{segment}' loses everybody by year {years[1]}, so customers cannot be told apart"
        raise InputError(name, rule, first, "give a table in which some customers stay for years")


def _cells(shares: F64) -> F64:
    """Shares lost between the years, and the share still there at the end."""
    return np.append(-np.diff(shares), shares[-1])


def _maximise(months: F64, lost: F64) -> tuple[float, float, float]:
    """Hazard, shape and mean log likelihood at the maximum, from the best of several starts in log parameters."""
    bounds = [(math.log(low), math.log(high)) for low, high in (HAZARD_RANGE, SHAPE_RANGE)]
    guess = float(np.clip(lost[0] / months[1], *HAZARD_RANGE))
    found = [
        minimize(
            _cost,
            np.log([guess, shape]),
            args=(months, lost),
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000},
        )
        for shape in _STARTS
    ]
    best = min(found, key=lambda result: float(result.fun))
    hazard, shape = np.exp(best.x).tolist()
    return hazard, shape, -float(best.fun)


def _cost(logs: F64, months: F64, lost: F64) -> tuple[float, F64]:
    """Minus the mean log likelihood, and its gradient, at (log hazard, log shape)."""
    hazard, shape = np.exp(logs)
    spread = hazard * months / shape
    survival = np.exp(_log_survival(hazard, shape, months))
    by_hazard = survival * -hazard * months / (1 + spread)
    by_shape = survival * shape * (spread / (1 + spread) - np.log1p(spread))
    chance = np.maximum(_cells(survival), 1e-300)
    gradient = [-float(np.sum(lost / chance * _cells(slope))) for slope in (by_hazard, by_shape)]
    return -float(np.sum(lost * np.log(chance))), np.array(gradient)


def _note(hazard: float, shape: float) -> str:
    if shape > 0.99 * SHAPE_RANGE[1]:
        return f"shape is at its bound of {SHAPE_RANGE[1]:g}: leaving does not slow with tenure, all are equally prone"
    if shape < 1.01 * SHAPE_RANGE[0] or not 1.01 * HAZARD_RANGE[0] < hazard < 0.99 * HAZARD_RANGE[1]:
        return "a parameter is at its bound: the table is too extreme for this model, do not rely on the fit"
    return ""
