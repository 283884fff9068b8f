"""From readings to rows: what was published, what is simulated, hit or miss; and what is left without a mechanism."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.evidence import FIGURES
from experiments.validation.compute import Measured
from experiments.validation.pattern import Claim, Verdict

COLUMNS = ["pattern", "source", "use", "published_low", "published_high", "simulated", "standard_error", "verdict"]
WITHOUT = ["pattern", "mechanism", "simulated", "standard_error", "verdict", "simulated_without",
           "standard_error_without", "verdict_without"]  # fmt: skip


def judge(measured: Sequence[Measured]) -> pd.DataFrame:
    """One row per claim: the content of validation.csv."""
    rows = []
    for one in measured:
        source = "; ".join(dict.fromkeys(s for key in one.pattern.figures for s in FIGURES[key].sources))
        for claim in one.pattern.claims:
            value, error = claim.statistic(one.readings) if one.readings else (float("nan"), float("nan"))
            rows.append((name(one, claim), source, str(one.pattern.use), claim.low, claim.high, value, error,
                         str(claim.judge(value, error))))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def judge_without(measured: Sequence[Measured]) -> pd.DataFrame:
    """One row per mechanism that was switched off, next to the claim with the mechanism: mechanisms.csv."""
    rows = []
    for one in measured:
        mechanism = one.pattern.mechanism
        if mechanism is None or not one.without or not one.readings:
            continue
        claim = next(c for c in one.pattern.claims if c.name == mechanism.claim)
        found, missing = claim.statistic(one.readings), claim.statistic(one.without)
        rows.append((name(one, claim), mechanism.name, *found, str(claim.judge(*found)), *missing,
                     str(claim.judge(*missing))))  # fmt: skip
    return pd.DataFrame(rows, columns=WITHOUT)


def name(one: Measured, claim: Claim) -> str:
    """Pattern and claim, as in the tables."""
    return f"{one.pattern.key}: {claim.name}"


def tally(table: pd.DataFrame) -> str:
    """How many claims came to what, calibration and validation apart."""
    parts = []
    for use, part in table.groupby("use"):
        counts = part["verdict"].value_counts()
        words = ", ".join(f"{counts.get(str(v), 0)} {v}" for v in Verdict)
        parts.append(f"{use}: {words}")
    return "; ".join(parts)
