"""What a study of regret found."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from experiments.regret.failing import Explained
from experiments.regret.futures import Futures
from experiments.regret.measures import Outcome


@dataclass(frozen=True)
class Findings:
    """Everything that is shown and drawn.

    Args:
        outcome: plans by futures.
        futures: in what they differ.
        table: regret per plan, smallest mean first (`summary`).
        explained: the failures of one plan.
        objective: what a plan is worth.
        months: horizon.
    """

    outcome: Outcome
    futures: Futures
    table: pd.DataFrame
    explained: Explained
    objective: str
    months: int
