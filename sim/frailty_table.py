"""Frailty drawn quickly: a newcomer's quantiles as a table, and what is left of them among those who have stayed."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy.special import expit

from sim.compiled import rule
from sim.frailty import F64, Frailty, frailty_given_tenure

REACH = 18.0  # of the table on either side: logit of a uniform of 1.5e-8, beyond which everybody counts as the last
FRAILTY_LOGITS = np.linspace(-REACH, REACH, 4097)


@lru_cache(maxsize=64)
def log_frailty_of(fitted: Frailty) -> F64:
    """Quantiles of a newcomer's log frailty at `FRAILTY_LOGITS` = logit(u), nearly straight between these; shape
    [node], not to be written.
    """
    u = expit(FRAILTY_LOGITS)
    return np.log(np.maximum(frailty_given_tenure(fitted, np.zeros(len(u)), u), 1e-30))


@rule
def frailty_at(u, log_frailty):  # type: ignore[no-untyped-def]
    """A newcomer's frailty quantile of u by interpolation in the table of `log_frailty_of`."""
    top = log_frailty.shape[0] - 1
    place = (math.log(u / (1 - u)) + REACH) / (2 * REACH) * top
    place = min(max(place, 0.0), top - 1e-9)
    k = int(place)
    return math.exp(log_frailty[k] + (place - k) * (log_frailty[k + 1] - log_frailty[k]))


@rule
def frailties_at(u, tenure, segment, segments):  # type: ignore[no-untyped-def]
    """Frailties of customers of some tenure (months; 0 for newcomers), as `frailty_given_tenure` draws them.

    Those who stay have the law of newcomers on a smaller scale: gamma of the same shape nu, rate nu + h0 t for nu.
    """
    found, shape, hazard = np.empty(u.shape[0]), segments.shape, segments.hazard
    for i in range(u.shape[0]):
        s = segment[i]
        found[i] = frailty_at(u[i], segments.log_frailty[s]) * (shape[s] / (shape[s] + hazard[s] * tenure[i]))
    return found
