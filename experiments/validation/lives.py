"""Lives of one organisation under several variants, paired, and what is read off them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.params.scenario import Scenario
from sim.run import Result, Variant, burn_in, follow, fork

Months = Mapping[str, NDArray[np.float64]]
QUARTER = 3


def lives(scenario: Scenario, seed: int, replicate: int, variants: Sequence[Variant]) -> dict[str, Result]:
    """One burn-in, then every variant with the same luck; by the variant's scenario key."""
    origin = burn_in(scenario, seed, replicate)
    return {variant.scenario: follow(fork(origin, variant)) for variant in variants}


def year(number: int) -> slice:
    """Months of the first, second... year."""
    return slice(12 * number - 11, 12 * number + 1)


def gap(one: Result, other: Result, measure: str, months: slice) -> float:
    """Mean difference of a measure between two paired lives."""
    return float((one.months[measure][months] - other.months[measure][months]).mean())


def quarterly(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over quarters; element 0 of the series, the last month of the burn-in, is left out."""
    whole = (len(series) - 1) // QUARTER
    return np.asarray(series[1 : 1 + whole * QUARTER].reshape(whole, QUARTER).mean(axis=1))
