"""What an effect has to clear: the dummy, which does nothing, and luck, which is chance alone.

Neighbouring points of a design share their luck, so the dummy gives exactly 0 whatever the sample; it shows what cannot
be told from zero, and that points and runs are in order. Luck as a factor chooses another life of the same firm, and
two questions are asked about it. Does a parameter matter more than luck does? Then the interval of its effect lies
above that of luck. Can it be told from luck at all? A parameter that did nothing but shuffle who meets whom would show
an effect in every single life, up in one and down in the next; the mean over lives would not move with it. What moves
that mean can be told from luck, be it smaller or larger.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from experiments.designs.factor import DUMMY, LUCK
from experiments.headline import LEVEL

FLOORS = (DUMMY, LUCK)  # factors that are varied beside the parameters


class Verdict(StrEnum):
    """How a factor stands to the floors."""

    CLEAR = "more than luck"  # its interval lies above that of luck
    TOLD = "told from luck"  # it moves the mean over lives; that it matters more than luck cannot be shown
    OPEN = "not told from luck"  # its interval lies above the dummy's, but the mean over lives may stay where it is
    ZERO = "cannot be told from zero"  # its interval does not clear that of the dummy
    NONE = "no effect"  # not one digit of the outcome moved
    FLOOR = "luck itself"


KNOWN = (Verdict.CLEAR, Verdict.TOLD)  # what is known not to be luck


def judge(found: pd.DataFrame, size: str, low: str, high: str, told: NDArray[np.bool_]) -> pd.Series:
    """A verdict per row.

    Args:
        found: a row per factor, dummy and luck among them.
        size: column of the size of the effect, never below 0.
        low: column of the lower end of its interval.
        high: column of its upper end.
        told: whether the mean over lives moves with the factor, one flag per row.

    Raises:
        ValueError: the dummy has an effect, so that runs do not belong to the points that they stand at.
    """
    dummy, luck = (found[found["factor"] == name].iloc[0] for name in (DUMMY, LUCK))
    if dummy[size] != 0:
        raise ValueError(f"the dummy must have no effect at all, got {dummy[size]}: points and runs are out of order")
    verdicts = pd.Series(Verdict.OPEN, index=found.index, dtype=object)
    verdicts[found[low] <= dummy[high]] = Verdict.ZERO
    verdicts[told] = Verdict.TOLD
    verdicts[found[low] > max(luck[high], dummy[high])] = Verdict.CLEAR
    verdicts[found[size] == 0] = Verdict.NONE
    verdicts[found["factor"] == LUCK] = Verdict.FLOOR
    return verdicts.map(str)


def discovered(found: pd.DataFrame, p: str) -> NDArray[np.bool_]:
    """Which parameters have an effect if at most one in ten of those named may have none (Benjamini, Hochberg 1995).

    Args:
        found: a row per factor.
        p: column of the p of no effect.
    """
    own = ~found["factor"].isin(FLOORS).to_numpy()
    flags = np.zeros(len(found), dtype=bool)
    if own.any():
        flags[own] = false_discovery_control(found.loc[own, p]) <= 1 - LEVEL
    return flags
