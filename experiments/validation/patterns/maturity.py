"""How mature firms are in dealing with customers."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.evidence import Use
from experiments.survey.findings import level_shares
from experiments.validation.firms import FIRMS, industry, of_industry, once
from experiments.validation.pattern import Claim, Curve, Pattern, Readings

LEVELS = (1, 2, 3, 4, 5)


def picture(readings: Sequence[Readings]) -> Curve:
    """Share of firms at every level."""
    shares = [level_shares(industry(readings))[f"level {level}"] for level in LEVELS]
    return Curve(
        x=LEVELS, published={}, simulated={"firms": [100 * s.value for s in shares]},
        errors={"firms": [100 * s.error for s in shares]}, x_label="level of maturity", y_label="% of firms",
    )  # fmt: skip


PATTERN = Pattern(
    key="maturity",
    question="Do three quarters of firms stand at levels 2 and 3 of customer experience maturity?",
    figures=("cemm2009",),
    use=Use.CALIBRATION,
    published="74% of 434 firms stand at levels 2 and 3 of 5.",
    counterpart="Share of firms of the synthetic industry (ungridlock survey) whose maturity over the last year of a "
    "history of three years lies between the cuts 1.5 and 3.5, which were fixed before any share was looked at. "
    "Published shares of single items set how firms differ, so this is no independent evidence.",
    once=once,
    claims=(
        Claim("levels", "firms at levels 2 and 3", 0.69, 0.79, "share",
              of_industry(lambda firms: level_shares(firms)["levels 2 and 3"]),
              "five points either side: sampling 434 firms alone makes four"),
    ),
    replicates=FIRMS,
    picture=picture,
    remark="Too few firms at either end. Maturity is a mean of many signals that are linked only loosely from firm to "
    "firm (a correlation of one half, judgement), so that most firms come out in the middle; the cuts are not moved.",
)  # fmt: skip
