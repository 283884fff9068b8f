"""Power and sample size of the t-test over worlds: exact, by the noncentral t distribution.

It is evaluated through its square, a noncentral F: scipy's noncentral t is NaN at many ordinary arguments.

The project's intervals take the replicates of a world as one cluster, so what is counted here is worlds: each gives one
mean difference, and the test is the two-sided one-sample t of those means (paired), or the two-sample t (unpaired).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy.optimize import brentq
from scipy.stats import chi2, ncf, t

FEWEST, MOST = 2, 5_000  # worlds
FAR = 1e5  # shift of the t statistic beyond every power that can be asked for


def power(shift: float, freedom: float, level: float) -> float:
    """Chance that a two-sided t-test at 1 - level rejects.

    Args:
        shift: true difference over the standard error of its estimate, at least 0.
        freedom: degrees of freedom.
        level: coverage of the interval that must exclude zero.
    """
    if shift == 0:
        return 1 - level
    critical = t.ppf((1 + level) / 2, freedom)
    return float(ncf.sf(critical**2, 1, freedom, min(shift, FAR) ** 2))


def paired_power(effect: float, worlds: int, level: float) -> float:
    """Power with paired runs.

    Args:
        effect: true difference over the standard deviation of a world's mean difference.
        worlds: number of worlds.
        level: see `power`.
    """
    return power(effect * math.sqrt(worlds), worlds - 1, level)


def unpaired_power(effect: float, worlds: int, level: float) -> float:
    """Power with runs in worlds of their own under each plan.

    Args:
        effect: true difference over the square root of the two plans' summed variances of a world's mean.
        worlds: number of worlds under each plan.
        level: see `power`.
    """
    return power(effect * math.sqrt(worlds), 2 * (worlds - 1), level)


def worlds_needed(effect: float, target: float, level: float, powered: Callable[..., float] = paired_power) -> float:
    """Smallest number of worlds that reaches a power; infinite beyond `MOST`.

    Args:
        effect: standardised difference, see `powered`.
        target: power wanted.
        level: see `power`.
        powered: `paired_power` or `unpaired_power`.
    """
    if powered(effect, MOST, level) < target:
        return math.inf
    low, high = FEWEST - 1, MOST  # too few, enough
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if powered(effect, middle, level) >= target else (middle, high)
    return high


def detectable(worlds: int, target: float, level: float) -> float:
    """Smallest difference that paired runs in so many worlds detect, in standard deviations of a world's mean."""
    shift = brentq(lambda x: power(x, worlds - 1, level) - target, 0.0, FAR)
    return float(shift) / math.sqrt(worlds)


def spread_interval(spread: float, worlds: int, level: float) -> tuple[float, float]:
    """Interval of a standard deviation that was estimated from so many worlds (chi-square)."""
    freedom = worlds - 1
    low, high = (freedom / chi2.ppf(p, freedom) for p in ((1 + level) / 2, (1 - level) / 2))
    return spread * math.sqrt(low), spread * math.sqrt(high)
