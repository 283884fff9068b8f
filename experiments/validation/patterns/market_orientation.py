"""Whether market-oriented firms perform better."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.evidence import Use
from experiments.survey.findings import correlation
from experiments.validation.firms import FIRMS, industry, of_industry, once
from experiments.validation.pattern import Claim, Cloud, Pattern, Readings


def picture(readings: Sequence[Readings]) -> Cloud:
    """Performance over responsiveness."""
    firms = industry(readings)
    return Cloud(
        {"firms": (firms["mri"].tolist(), firms["performance"].tolist())},
        "market responsiveness index, 0 to 100", "performance within the industry, z",
    )  # fmt: skip


PATTERN = Pattern(
    key="market_orientation",
    question="Does market orientation go with performance as in seven meta-analyses?",
    figures=("kirca2005",),
    use=Use.VALIDATION,
    published="Correlation with performance across firms: .26 to .39 in seven meta-analyses.",
    counterpart="Correlation, across firms of the synthetic industry, of the market responsiveness index (intelligence "
    "generated, disseminated, acted on: the published construct) with performance: z-scores of profit margin, annual "
    "retention and growth of customers within the industry, averaged; both over the same last year.",
    once=once,
    claims=(
        Claim("correlation", "correlation of responsiveness with performance", 0.26, 0.39, "1",
              of_industry(lambda firms: correlation(firms, "mri")), "the published range of meta-analyses"),
    ),
    replicates=FIRMS,
    picture=picture,
    remark="Too close, as the odds of capable firms are: little else than capability sets these firms apart, and both "
    "sides are known without error. It would be closer still if capable firms that win more customers than "
    "their service can handle did not drown in queues: capacity stays as it was before the history. Firms that "
    "hire as they grow would not show that.",
)  # fmt: skip
