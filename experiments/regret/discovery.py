"""Scenario discovery: in which futures a plan fails, as a box found on one half and judged on the other (PRIM).

Patient rule induction (Friedman, Fisher 1999; Bryant, Lempert 2010; package ema-workbench). In the field an analyst
chooses a box on the curve of coverage against density; here it is chosen and judged by what is set here and in
`rule.py`, the same for every study. The thresholds are our judgement.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2_contingency, ks_2samp

from experiments.regret.rule import LEAST, Fit, Flags, Limit, fit, inside, quasi_p

FEWEST = 5  # failing and other futures in each half
CANDIDATES = 12  # factors that PRIM is given: those whose values differ most between failing and other futures
MOST_LIMITED = 3  # factors of a rule that people can keep in mind
SIGNIFICANT = 0.05  # quasi-p up to which a limit stays
PEEL = 0.1  # share of the futures taken off at a time; the usual .05 is three of 64, and stops at the first bad luck
LEAST_INSIDE = 8  # futures of the training half in a box
DIGITS = 3  # of a limit: what is said is what is judged
MISSING = "that needs the extra discovery, uv sync --extra discovery, or pip install 'ungridlock[discovery]'"


@dataclass(frozen=True)
class Discovery:
    """What came of the search.

    Args:
        limits: the best box of the training half; empty if there is none.
        p: quasi-p of each limit, on the training half.
        trained: its fit there.
        held_out: its fit on the other half.
        training: whether each future belongs to the training half.
        why_not: why no search was made.
    """

    limits: tuple[Limit, ...] = ()
    p: tuple[float, ...] = ()
    trained: Fit | None = None
    held_out: Fit | None = None
    training: Flags | None = None
    why_not: str = ""

    @property
    def found(self) -> bool:
        """Whether the box counts as a rule."""
        return self.held_out is not None and self.held_out.counts


def discover(factors: pd.DataFrame, failing: Flags, clusters: NDArray[np.int64], seed: int) -> Discovery:
    """Find a box on a training half of the worlds and judge it on the other.

    Args:
        factors: one row per future, one column for everything that differs between futures.
        failing: whether the plan fails there.
        clusters: number of each future's world; a world is never in both halves.
        seed: of the division into halves.
    """
    if find_spec("ema_workbench") is None:
        return Discovery(why_not=MISSING)
    training = halved(clusters, seed)
    counts = [int(np.sum(part)) for half in (training, ~training) for part in (failing[half], ~failing[half])]
    if min(counts) < FEWEST or factors.columns.empty:
        return Discovery(training=training, why_not="a half has too few futures of one kind")
    table = factors.apply(lambda c: c.astype(float) if pd.api.types.is_numeric_dtype(c) else c.astype(str))
    known, known_failing = table[training].reset_index(drop=True), failing[training]
    best: tuple[Fit, tuple[Limit, ...]] | None = None
    for box in boxes(known[telling(known, known_failing)], known_failing):
        limits = pruned(box, known, known_failing)
        found = fit(inside(limits, known), known_failing, clusters[training])
        if limits and found.coverage >= LEAST and (best is None or found.correlation > best[0].correlation):
            best = found, limits
    if best is None:
        return Discovery(training=training)
    trained, limits = best
    p = tuple(quasi_p(limits, k, known, known_failing) for k in range(len(limits)))
    held_out = fit(inside(limits, table[~training]), failing[~training], clusters[~training])
    return Discovery(limits, p, trained, held_out, training)


def halved(clusters: NDArray[np.int64], seed: int) -> Flags:
    """Futures of a random half of the worlds, as many as there are futures in the other half or a world more."""
    order = np.random.default_rng(seed).permutation(np.unique(clusters))
    sizes = np.array([(clusters == world).sum() for world in order])
    before = np.cumsum(sizes) - sizes
    return np.isin(clusters, order[before < len(clusters) / 2])


def telling(table: pd.DataFrame, failing: Flags) -> list[str]:
    """Factors whose values differ most between failing and other futures (Kolmogorov-Smirnov; chi-squared)."""
    p: dict[str, float] = {}
    for name, column in table.items():
        values = column.to_numpy()
        if pd.api.types.is_numeric_dtype(column):
            p[str(name)] = float(ks_2samp(values[failing], values[~failing]).pvalue)
        elif column.nunique() > 1:
            p[str(name)] = float(chi2_contingency(pd.crosstab(column, failing)).pvalue)
    return sorted(p, key=lambda name: p[name])[:CANDIDATES]


def boxes(table: pd.DataFrame, failing: Flags) -> list[tuple[Limit, ...]]:
    """Every box on PRIM's way from all futures to the densest."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench.analysis.prim import Prim  # noqa: PLC0415

        least = max(0.05, LEAST_INSIDE / len(table))
        found = Prim(table, failing.astype(int), peel_alpha=PEEL, mass_min=least).find_box()
    return [limits_of(box, found.box_lims[0]) for box in found.box_lims[1:]]


def limits_of(box: Any, widest: Any) -> tuple[Limit, ...]:
    """Limits of one of PRIM's boxes, rounded."""
    found = []
    for name in box:
        (low, high), (lowest, highest) = box[name], widest[name]
        if isinstance(low, set):
            found += [Limit(str(name), entries=tuple(sorted(low)))] if low != lowest else []
        elif low != lowest or high != highest:
            low, high = (rounded(low) if low > lowest else -math.inf), (rounded(high) if high < highest else math.inf)
            found.append(Limit(str(name), low, high))
    return tuple(found)


def rounded(value: float) -> float:
    """As it will be shown."""
    return float(f"{value:.{DIGITS}g}")


def pruned(limits: tuple[Limit, ...], table: pd.DataFrame, failing: Flags) -> tuple[Limit, ...]:
    """Ends taken off one by one, the least significant first, until all are significant and few factors are limited."""
    sides = [side for limit in limits for side in ends(limit)]
    while sides:
        p = [quasi_p(sides, k, table, failing) for k in range(len(sides))]
        worst = int(np.argmax(p))
        if p[worst] <= SIGNIFICANT and len({side.factor for side in sides}) <= MOST_LIMITED:
            break
        del sides[worst]
    return joined(sides)


def ends(limit: Limit) -> list[Limit]:
    """A limit as one for each end that it has."""
    if limit.entries:
        return [limit]
    low = [replace(limit, high=math.inf)] if math.isfinite(limit.low) else []
    return low + ([replace(limit, low=-math.inf)] if math.isfinite(limit.high) else [])


def joined(sides: list[Limit]) -> tuple[Limit, ...]:
    """Both ends of a factor as one limit."""
    found: dict[str, Limit] = {}
    for side in sides:
        known = found.get(side.factor, Limit(side.factor, entries=side.entries))
        found[side.factor] = replace(known, low=max(known.low, side.low), high=min(known.high, side.high))
    return tuple(found.values())
