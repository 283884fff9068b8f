"""What an effect has to clear: the dummy, which does nothing, and luck, which is chance alone.

Neighbouring points of a design share their luck, so the dummy gives exactly 0 whatever the sample; it shows what cannot
be told from zero, and that points and runs are in order. Luck as a factor chooses another life of the same firm. A
parameter that did nothing but shuffle who meets whom would show about the effect of luck, so that is the floor that
tells what matters.
"""

from __future__ import annotations

from enum import StrEnum

import pandas as pd

from experiments.designs.factor import DUMMY, LUCK

FLOORS = (DUMMY, LUCK)  # factors that are varied beside the parameters


class Verdict(StrEnum):
    """How a factor stands to the floors."""

    CLEAR = "more than luck"  # its interval lies above that of luck
    OPEN = "not clear of luck"  # its interval lies above the dummy's, but not above that of luck
    ZERO = "cannot be told from zero"  # its interval does not clear that of the dummy
    NONE = "no effect"  # not one digit of the outcome moved
    FLOOR = "luck itself"


def judge(found: pd.DataFrame, size: str, low: str, high: str) -> pd.Series:
    """A verdict per row.

    Args:
        found: a row per factor, dummy and luck among them.
        size: column of the size of the effect, never below 0.
        low: column of the lower end of its interval.
        high: column of its upper end.

    Raises:
        ValueError: the dummy has an effect, so that runs do not belong to the points that they stand at.
    """
    dummy, luck = (found[found["factor"] == name].iloc[0] for name in (DUMMY, LUCK))
    if dummy[size] != 0:
        raise ValueError(f"the dummy must have no effect at all, got {dummy[size]}: points and runs are out of order")
    verdicts = pd.Series(Verdict.OPEN, index=found.index, dtype=object)
    verdicts[found[low] > max(luck[high], dummy[high])] = Verdict.CLEAR
    verdicts[found[low] <= dummy[high]] = Verdict.ZERO
    verdicts[found[size] == 0] = Verdict.NONE
    verdicts[found["factor"] == LUCK] = Verdict.FLOOR
    return verdicts.map(str)
