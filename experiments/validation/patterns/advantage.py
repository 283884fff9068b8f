"""Whether capable firms beat their competitors more often."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from experiments.evidence import Use
from experiments.survey.findings import Estimate, advantage
from experiments.validation.firms import FIRMS, industry, of_industry, once
from experiments.validation.pattern import Claim, Cloud, Pattern, Readings

PUBLISHED, FACTOR = 2.8, 1.7


def log_odds(firms: pd.DataFrame) -> Estimate:
    """Logarithm of the odds ratio of the capable third against the weakest third; its errors are symmetric."""
    found = advantage(firms)["capable third against weakest third"].odds
    return Estimate(math.log(found.value), found.error, math.log(found.low), math.log(found.high))


def picture(readings: Sequence[Readings]) -> Cloud:
    """Performance over capability."""
    firms = industry(readings)
    return Cloud(
        {"firms": (firms["capability"].tolist(), firms["performance"].tolist())},
        "capability: mean of insight, interaction and improvement, 1 to 5", "performance within the industry, z",
    )  # fmt: skip


PATTERN = Pattern(
    key="advantage",
    question="Are the odds of beating competitors almost three times as good for capable firms?",
    figures=("cemm2009_advantage",),
    use=Use.VALIDATION,
    published="81% of firms with strong capability say that they outperform rivals, 60% of those with weak (odds ratio "
    "2.8).",
    counterpart="Firms of the synthetic industry: odds of beating competitors of the third that is furthest in "
    "insight, interaction and improvement against the third that is least far. A firm beats its competitors if its "
    "performance - z-scores of profit margin, annual retention and growth of customers in the last year, averaged - "
    "lies above the industry's median. The published firms judge themselves, and so more than half of them win; odds "
    "ratios can be compared all the same.",
    once=once,
    claims=(
        Claim("odds", "log odds ratio, capable against weak third (published: 1.03)", math.log(PUBLISHED / FACTOR),
              math.log(PUBLISHED * FACTOR), "1", of_industry(log_odds),
              "a factor of 1.7 either side: two standard errors of an odds ratio between thirds of 434 firms are 1.6"),
    ),
    replicates=FIRMS,
    picture=picture,
    remark="Capability decides far too much. Nothing but treatment of customers, products, pay, leaders and market "
    "makes these firms differ, so that little else can make one win, and both sides are known without error; published "
    "firms judge themselves. Costs, finance, brands and plain luck of business are missing.",
)  # fmt: skip
