"""The synthetic industry as an experiment: one replicate is one firm, shared by all patterns about firms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from experiments.survey.findings import Estimate, with_performance
from experiments.survey.firm import answers
from experiments.survey.settings import Usual
from experiments.validation.pattern import Found, Readings, Setting, Statistic

HISTORY = 36  # months
READ = ("firm", "world", "cemm", "cemm_level", "capability", "mri", "margin", "retention", "growth")
FIRMS = (96, 800)  # quick and full: the published 434 are too few to tell inside from outside the narrower bands


def once(setting: Setting) -> Readings:
    """The firm whose number is the replicate: what it would answer over the last year of its history."""
    row = answers(setting.seed, HISTORY, Usual.RIVALS, setting.replicate)
    return {name: float(row[name]) for name in READ}


def industry(readings: Sequence[Readings]) -> pd.DataFrame:
    """The firms with their performance within the industry, in the order of their numbers."""
    return with_performance(pd.DataFrame([dict(one) for one in readings]))


def of_industry(estimate: Callable[[pd.DataFrame], Estimate]) -> Statistic:
    """An estimate over all firms as a claim's statistic."""

    def statistic(readings: Sequence[Readings]) -> Found:
        found = estimate(industry(readings))
        return found.value, found.error

    return statistic
