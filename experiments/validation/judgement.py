"""From readings to rows: what was published, what is simulated, hit or miss; and what is left without a mechanism."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.evidence import FIGURES
from experiments.validation.compute import Measured
from experiments.validation.pattern import Against, Claim, Verdict

COLUMNS = ["pattern", "source", "use", "against", "published_low", "published_high", "simulated", "standard_error",
           "verdict"]  # fmt: skip
WITHOUT = ["pattern", "mechanism", "simulated", "standard_error", "verdict", "simulated_without",
           "standard_error_without", "verdict_without", "shows"]  # fmt: skip

COUNTED = {
    Against.FIGURE: "against published figures",
    Against.SIGN: "against published signs without a size",
    Against.OWN: "own checks, for which no figure was published,",
    Against.AGAIN: "signs of numbers that are counted by their size already",
}


def judge(measured: Sequence[Measured]) -> pd.DataFrame:
    """One row per claim: the content of validation.csv."""
    rows = []
    for one in measured:
        source = "; ".join(dict.fromkeys(s for key in one.pattern.figures for s in FIGURES[key].sources))
        for claim in one.pattern.claims:
            value, error = claim.statistic(one.readings) if one.readings else (float("nan"), float("nan"))
            rows.append((name(one, claim), source, str(one.pattern.use), str(one.pattern.against(claim)), claim.low,
                         claim.high, value, error, str(claim.judge(value, error))))  # fmt: skip
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
        verdicts = claim.judge(*found), claim.judge(*missing)
        shows = dependence(*verdicts, missing[0] / found[0] if found[0] else float("nan"))
        rows.append((name(one, claim), mechanism.name, *found, str(verdicts[0]), *missing, str(verdicts[1]), shows))
    return pd.DataFrame(rows, columns=WITHOUT)


def dependence(verdict: Verdict, without: Verdict, left: float) -> str:
    """What it says of a hit when its mechanism is switched off.

    Args:
        verdict: with the mechanism.
        without: without it.
        left: value without it, per value with it.
    """
    if verdict is not Verdict.HIT:
        return "nothing: it is no hit"
    if without is Verdict.MISS:
        return "the hit needs it"
    still = "STILL A HIT" if without is Verdict.HIT else "no miss without it"
    return f"{still}: the hit is not shown to need it ({left:.0%} of the value is left)"


def name(one: Measured, claim: Claim) -> str:
    """Pattern and claim, as in the tables."""
    return f"{one.pattern.key}: {claim.name}"


def tally(table: pd.DataFrame) -> str:
    """How many claims came to what: calibration and validation apart, and by what they are held against."""
    parts = []
    for use, part in table.groupby("use"):
        kinds = []
        for kind in Against:
            counts = part.loc[part["against"] == str(kind), "verdict"].value_counts()
            if len(counts):
                words = ", ".join(f"{counts.get(str(v), 0)} {v}" for v in Verdict)
                kinds.append(f"{COUNTED[kind]} {words}")
        parts.append(f"{use}: {'; '.join(kinds)}")
    return ". ".join(parts)
