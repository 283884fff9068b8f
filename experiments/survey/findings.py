"""What the industry shows: shares of levels, the advantage of the capable, correlations with performance.

Stated before anything was looked at: performance of a firm is the mean of its z-scores, within the industry, of profit
margin, annual retention and growth of the number of customers over the last twelve months of its history. A firm beats
its competitors if its performance lies above the industry's median. Capability is the mean of the maturity scores of
insight, interaction and improvement. Firms that share a world are not counted as independent.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from experiments.headline import LEVEL

PERFORMANCE = ("margin", "retention", "growth")
WIDTH = float(ndtri((1 + LEVEL) / 2))  # standard errors from the middle to an end of an interval
CORRELATES = {
    "mri": "market responsiveness",
    "cemm": "customer experience maturity",
    "capability": "capability (insight, interaction, improvement)",
    "orientation": "relationship orientation",
    "q12": "engagement",
    "barrett": "Barrett's stages",
    "alignment": "alignment of five levers",
    "leaders_stage": "leaders' stage",
}


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error and the ends of its 90% interval."""

    value: float
    error: float
    low: float
    high: float


@dataclass(frozen=True)
class Advantage:
    """How much likelier some firms beat their competitors than others.

    Args:
        strong: share of the strong that do.
        weak: share of the weak that do.
        odds: odds ratio; its error is that of the log odds ratio.
        n_strong: number of strong firms.
        n_weak: number of weak firms.
    """

    strong: float
    weak: float
    odds: Estimate
    n_strong: int
    n_weak: int


def with_performance(firms: pd.DataFrame) -> pd.DataFrame:
    """The firms with their performance, and whether they beat their competitors."""
    scores = [_z(firms[name]) for name in PERFORMANCE]
    performance = sum(scores[1:], scores[0]) / len(scores)
    return firms.assign(performance=performance, beats=performance > performance.median())


def _z(values: pd.Series) -> pd.Series:
    spread = values.std(ddof=1)
    return (values - values.mean()) / spread if spread > 0 else values * 0.0


def worlds_of(firms: pd.DataFrame) -> pd.Series:
    """World of each firm; without that column every firm has its own."""
    return firms["world"] if "world" in firms else pd.Series(firms.index, index=firms.index)


def over_worlds(textbook: float, worlds: pd.Series, value: Callable[[pd.Index], float]) -> float:
    """Standard error of a number when firms of one world are alike: never below that of independent firms.

    Args:
        textbook: the error if all firms were independent.
        worlds: world of each firm.
        value: the number, from the firms of an index.

    Returns:
        The larger one of that error and of the jackknife's, which leaves out one world at a time.
    """
    different = worlds.unique()
    if worlds.is_unique or len(different) < 2:
        return textbook
    without = np.array([value(worlds.index[worlds != world]) for world in different])
    n = len(without)
    return max(textbook, float(np.sqrt((n - 1) / n * np.sum((without - without.mean()) ** 2))))


def share(yes: pd.Series, worlds: pd.Series | None = None) -> Estimate:
    """Share of firms of which something is true, with its standard error (of a share that is never 0 or 1)."""
    p, n = float(yes.mean()), len(yes)
    inside = (p * n + 0.5) / (n + 1)
    error = math.sqrt(inside * (1 - inside) / n)
    if worlds is not None:
        error = over_worlds(error, worlds, lambda kept: float(yes[kept].mean()))
    return Estimate(p, error, max(0.0, p - WIDTH * error), min(1.0, p + WIDTH * error))


def level_shares(firms: pd.DataFrame) -> dict[str, Estimate]:
    """Share of firms at every level of maturity, and at levels 2 and 3 together."""
    worlds = worlds_of(firms)
    found = {f"level {level}": share(firms["cemm_level"] == level, worlds) for level in range(1, 6)}
    return {**found, "levels 2 and 3": share(firms["cemm_level"].isin([2, 3]), worlds)}


def advantage(firms: pd.DataFrame) -> dict[str, Advantage]:
    """Of levels 4 and 5 against the rest, and of the capable third against the weakest third."""
    high, beats, worlds = firms["cemm_level"] >= 4, firms["beats"], worlds_of(firms)
    low_third, high_third = firms["capability"].quantile([1 / 3, 2 / 3])
    strong, weak = firms["capability"] >= high_third, firms["capability"] <= low_third
    return {
        "levels 4 and 5 against the rest": odds_ratio(beats[high], beats[~high], worlds),
        "capable third against weakest third": odds_ratio(beats[strong], beats[weak], worlds),
    }


def odds_ratio(strong: pd.Series, weak: pd.Series, worlds: pd.Series | None = None) -> Advantage:
    """Odds ratio with the standard error of its logarithm; 1/2 is added to every cell if one is empty."""
    log, error = _log_odds(strong, weak)
    if worlds is not None:
        some = worlds[worlds.index.isin(strong.index.union(weak.index))]
        error = over_worlds(
            error, some, lambda kept: _log_odds(*(part[part.index.isin(kept)] for part in (strong, weak)))[0]
        )
    odds = Estimate(math.exp(log), error, math.exp(log - WIDTH * error), math.exp(log + WIDTH * error))
    p_strong, p_weak = (float(part.mean()) if len(part) else float("nan") for part in (strong, weak))
    return Advantage(p_strong, p_weak, odds, len(strong), len(weak))


def _log_odds(strong: pd.Series, weak: pd.Series) -> tuple[float, float]:
    """Logarithm of the odds ratio and its standard error among independent firms."""
    cells = np.array([strong.sum(), (~strong).sum(), weak.sum(), (~weak).sum()], dtype=float)
    if not cells.all():
        cells += 0.5
    return math.log(cells[0] * cells[3] / (cells[1] * cells[2])), math.sqrt((1 / cells).sum())


def correlation(firms: pd.DataFrame, name: str) -> Estimate:
    """Pearson correlation of an index with performance; interval by Fisher's z."""
    one, other, n = firms[name], firms["performance"], len(firms)
    if n < 4 or one.std() == 0 or other.std() == 0:
        return Estimate(*[float("nan")] * 4)
    z = _fishers_z(one, other)
    r, step = math.tanh(z), 1 / math.sqrt(n - 3)
    step = over_worlds(step, worlds_of(firms), lambda kept: _fishers_z(one[kept], other[kept]))
    return Estimate(r, (1 - r * r) * step, math.tanh(z - WIDTH * step), math.tanh(z + WIDTH * step))


def _fishers_z(one: pd.Series, other: pd.Series) -> float:
    r = float(np.corrcoef(one, other)[0, 1])
    return math.atanh(max(-1 + 1e-12, min(1 - 1e-12, r)))


def correlations(firms: pd.DataFrame) -> pd.DataFrame:
    """Columns index, about, correlation, standard_error, low, high, firms."""
    rows = []
    for name, about in CORRELATES.items():
        found = correlation(firms, name)
        rows.append({
            "index": name, "about": about, "correlation": found.value, "standard_error": found.error,
            "low": found.low, "high": found.high, "firms": len(firms),
        })  # fmt: skip
    return pd.DataFrame(rows)
