"""Equity of the unchanged organisation when hazards, prices or rates are changed from month 0 on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.model import OrganisationModel
from sim.params.field import replace

YEAR = 12
PULL, NATURAL_END = "market.competitor_pull", "organisation.customers.natural_end_per_month"
STEPS = 60  # of bisection: as exact as numbers are


def hazards(model: OrganisationModel) -> NDArray[np.float64]:
    """Monthly hazards of present customers, before any retention act."""
    c = model.state.customers
    return np.asarray(c.hazard[c.alive == 1], dtype=np.float64)


def annual_retention(hazard: NDArray[np.float64]) -> float:
    """Share of these customers who will be there a year later at these hazards."""
    return float(np.exp(-YEAR * hazard).mean())


def factor_for(hazard: NDArray[np.float64], retention: float) -> float:
    """By what all hazards must be multiplied for a mean annual retention.

    Raises:
        ValueError: that retention is not between 0 and 1.
    """
    if not 0 < retention < 1:
        raise ValueError(f"annual retention must lie between 0 and 1, got {retention}")
    low, high = 0.0, 1.0
    while annual_retention(high * hazard) > retention:
        high *= 2
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if annual_retention(middle * hazard) > retention else (low, middle)
    return (low + high) / 2


def scaled(origin: OrganisationModel, factors: Mapping[str, float]) -> OrganisationModel:
    """The same organisation with some numbers multiplied from month 0 on.

    The base that has grown up under the old numbers stays: also where `sim.run.fork` refuses, since it asks for another
    base.
    """
    tree = origin.inputs.model_dump()
    changes = {}
    for dotted, factor in factors.items():
        value = tree
        for step in dotted.split("."):
            value = value[step]
        changes[dotted] = factor * float(value)  # type: ignore[arg-type]
    return origin.fork(replace(origin.inputs, changes))


def all_hazards(factor: float) -> dict[str, float]:
    """Factors that multiply every customer's hazard, natural ends included, and that of everybody who joins later."""
    return {PULL: factor, NATURAL_END: factor}


def total_at_launch(months: Mapping[str, NDArray[np.float64]]) -> float:
    """Total equity at launch: present customers in month 1, future cohorts as the mean over the first year.

    A year's mean of present customers' equity would count twice whom better retention has kept by then.
    """
    first_year = slice(1, YEAR + 1)
    cohorts = months["total_equity"][first_year] - months["customer_equity"][first_year]
    return float(months["customer_equity"][1] + cohorts.mean())


def per_customer(months: Mapping[str, NDArray[np.float64]]) -> float:
    """Lifetime value of the average customer in month 1."""
    return float(months["customer_equity"][1] / months["customers"][1])


def per_newcomer(months: Mapping[str, NDArray[np.float64]], discount: float) -> float:
    """Lifetime value of the average customer who joins in the first year, less what it cost to win her."""
    first_year = slice(1, YEAR + 1)
    net = discount * (months["total_equity"][first_year] - months["customer_equity"][first_year])
    return float(net.sum() / months["joined"][first_year].sum())
