"""What follows when one thing is changed at month 0: the same organisation and luck, with and without the change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from experiments.validation.pattern import Readings, errors_of
from sim.model import OrganisationModel
from sim.params.strategy import Strategy
from sim.run import Variant, follow, fork

AS_IS = Variant("as_is", Strategy())
Series = dict[str, NDArray[np.float64]]
Change = Callable[[OrganisationModel], None]


def response(origin: OrganisationModel, names: Sequence[str], variant: Variant = AS_IS,
             change: Change | None = None) -> tuple[Series, Series]:  # fmt: skip
    """Monthly series of an organisation without programme, and their differences once something is changed.

    Args:
        origin: the organisation at the end of its burn-in.
        names: measures.
        variant: parameters that change at month 0.
        change: what is done to people or customers at month 0.

    Returns:
        Series as it is and differences to it; element 0 is the month before.
    """
    changed = fork(origin, variant)
    if change is not None:
        change(changed)
    usual, other = follow(fork(origin, AS_IS)).months, follow(changed).months
    return {n: usual[n] for n in names}, {n: other[n] - usual[n] for n in names}


def engage(model: OrganisationModel, gain: float) -> None:
    """Lift everybody's engagement at once by `gain` (0-1 scale) on average, and keep what lifts it.

    The same step in logits for each person, which every unit's manager adds from now on, for newcomers as well.
    """
    staff = model.state.employees
    z = logit(np.clip(staff.engagement, 1e-6, 1 - 1e-6))
    low, high = 0.0, 5.0
    for _ in range(50):
        step = (low + high) / 2
        enough = float((expit(z + step) - staff.engagement).mean()) >= gain
        low, high = (low, step) if enough else (step, high)
    staff.engagement[:] = expit(z + high)
    model.state.silos.manager[:] += high


def mean_series(readings: Sequence[Readings], name: str) -> NDArray[np.float64]:
    """Mean of a monthly series over replicates."""
    return np.mean([np.asarray(one[name]) for one in readings], axis=0)


def lines(
    readings: Sequence[Readings], names: Mapping[str, str], scale: Mapping[str, float] | None = None
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Mean series and their standard errors for a figure, by label.

    Args:
        readings: all replicates.
        names: label -> name of the series.
        scale: label -> factor; 1 where nothing is said.
    """
    mean, error = {}, {}
    for label, name in names.items():
        rows = np.array([np.asarray(one[name]) for one in readings]) * (scale or {}).get(label, 1.0)
        mean[label] = rows.mean(axis=0).tolist()
        error[label] = errors_of(rows, readings)
    return mean, error


def response_months(series: NDArray[np.float64], settled: int = 12) -> float:
    """Mean time that a response to a lasting change takes, in months.

    The area between the response and where it ends up (its mean over the last `settled` months), per size of that: for
    an exponential approach its time constant, for a jump after k months k.
    """
    end = float(series[-settled:].mean())
    return float(np.sum(1 - series[1:] / end)) if end != 0 else float("nan")
