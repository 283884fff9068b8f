"""Which free parameters the targets can tell, and which they cannot tell apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.calibration.search import FREE

TOLD, UNTOLD = 0.5, 0.8  # spread left, as a share of the searched range's, up to / from which a parameter is (not) told
COMPENSATE = 0.4  # rank correlation from which two parameters stand in for each other


@dataclass(frozen=True)
class Identified:
    """What an ensemble says about the free parameters.

    Args:
        table: one row per free parameter: parameter, low, high (searched), p5, median, p95 (ensemble), left (spread in
            the ensemble as a share of that of the searched range).
        pairs: parameters that stand in for each other, with their rank correlation in the ensemble.
    """

    table: pd.DataFrame
    pairs: tuple[tuple[str, str, float], ...]

    @property
    def told(self) -> list[str]:
        """Parameters that the targets narrow to half the searched spread or less."""
        return list(self.table.loc[self.table["left"] <= TOLD, "parameter"])

    @property
    def untold(self) -> list[str]:
        """Parameters about which the targets say next to nothing."""
        return list(self.table.loc[self.table["left"] >= UNTOLD, "parameter"])


def identify(members: pd.DataFrame) -> Identified:
    """Compare the ensemble with what was searched.

    Args:
        members: one row per member, one column per dotted parameter name; at least three rows.
    """
    rows = []
    for name, (low, high) in FREE.items():
        values = members[name].to_numpy(float)
        p5, median, p95 = np.percentile(values, (5, 50, 95))
        left = float(values.std(ddof=1) / ((high - low) / np.sqrt(12)))
        rows.append({"parameter": name, "low": low, "high": high, "p5": p5, "median": median, "p95": p95, "left": left})
    ranks = members[list(FREE)].rank().corr().to_numpy()
    names = list(FREE)
    pairs = [
        (names[i], names[k], float(ranks[i, k]))
        for i in range(len(names)) for k in range(i + 1, len(names)) if abs(ranks[i, k]) >= COMPENSATE
    ]  # fmt: skip
    return Identified(pd.DataFrame(rows), tuple(sorted(pairs, key=lambda pair: -abs(pair[2]))))


def central(members: pd.DataFrame) -> int:
    """Row of the member closest to the middle of the ensemble, in spreads of each free parameter."""
    values = members[list(FREE)].to_numpy(float)
    spread = np.maximum(values.std(axis=0), 1e-12)
    return int(np.argmin((((values - np.median(values, axis=0)) / spread) ** 2).sum(axis=1)))
