"""All firms of the industry."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from experiments.fan_out import spread
from experiments.interruption import Interrupted
from experiments.survey.findings import with_performance
from experiments.survey.firm import answers
from experiments.survey.settings import LEAST, SurveySettings


def simulate(settings: SurveySettings) -> tuple[pd.DataFrame, Interrupted | None]:
    """Simulate every firm, or those finished at Ctrl-C.

    Returns:
        One row per firm: number, what was drawn, signals, indices, business, performance; and the interruption.

    Raises:
        Interrupted: Ctrl-C before enough firms for any finding were finished.
        InputError: a firm rests under none of its draws.
    """
    found: list[dict[str, Any]] = []
    stopped: Interrupted | None = None
    call = partial(answers, settings.seed, settings.months, settings.usual)
    try:
        spread(call, range(settings.firms), settings, lambda _, row: found.append(row), "firms", [1] * settings.firms)
    except Interrupted:
        stopped = Interrupted(len(found), settings.firms, "firms")
        if len(found) < LEAST:
            raise Interrupted(0, settings.firms, "firms") from None
    return with_performance(pd.DataFrame(found).sort_values("firm", ignore_index=True)), stopped
