"""Maturity: customer experience maturity (four scores, level 1-5) and Barrett's organisation stages (1-7).

Both are computed from what happens in the model and feed back into nothing. Which signal stands for which item, and
every threshold, is judgement (grade D), fixed before any strategy's value was looked at; that an unchanged conventional
firm should stand near level 2-3 was asked for, and guided the choice of what counts as a need.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import rule, woven_in
from sim.sums import compensated

CUTS = (1.5, 2.5, 3.5, 4.5)  # scores from which an organisation is at level 2, 3, 4, 5

# Score -> its signals, see `SIGNALS`. Orientation is what is written, said, believed and intended; the other three are
# what the organisation can do. Published items that guided the choice are named beside them.
CEMM: dict[str, tuple[str, ...]] = {
    "cemm_orientation": ("said", "belief", "leaders_belief", "buy_in"),
    "cemm_insight": (
        "captured",  # customers' needs are captured
        "connected",  # one view of the customer
        "current",  # profiles are kept current
        "value_known",  # profitability is known
        "scored",  # purchase or churn can be predicted
    ),
    "cemm_interaction": (
        "differently",  # customers are treated differently
        "orchestrated",  # what goes out is orchestrated
        "used",  # insight is used when customers call
        "feedback",  # triggers
        "acts",  # interaction changes when the profile does
        "handed_over",  # one face to the customer
    ),
    "cemm_improvement": (
        "paid_for_customers",  # incentives follow customer metrics
        "seen",  # customers' reactions are followed
        "recovered",  # failures are mended
        "empowered",  # people may improve things
        "checked",  # results are checked
    ),
}  # fmt: skip

# Barrett's stages, lowest first -> (signals whose mean says how far the need is met, mean from which it counts as met).
# A need is met when it is met more often than not; service has to be lived nearly everywhere.
BARRETT: dict[str, tuple[tuple[str, ...], float]] = {
    "survival": (("survives",), 0.5),
    "relationship": (("peace", "handed_over", "belonging"), 0.5),
    "self-esteem": (("skill", "success", "chain", "pride"), 0.5),
    "transformation": (("empowered", "teams", "voice", "paid_for_customers"), 0.5),
    "internal cohesion": (("shared_belief", "sharing", "credibility"), 0.5),
    "external cohesion": (("value_known", "advocates", "participation"), 0.5),
    "service": (("believers", "advocates"), 0.8),
}

MATURITY: dict[str, tuple[str, int, str]] = {
    "cemm_orientation": ("1-5", 1, "customer orientation: what is said, believed and intended"),
    "cemm_insight": ("1-5", 1, "customer insight: captured, connected, current, value known, risk scored"),
    "cemm_interaction": ("1-5", 1, "customer interaction: by value, orchestrated, informed, triggered, one face"),
    "cemm_improvement": ("1-5", 1, "customer improvement: paid for, seen, recovered, empowered, checked"),
    "cemm": ("1-5", 1, "customer experience maturity, mean of the four scores"),
    "cemm_level": ("level 1-5", 1, "the same as a level, cut at 1.5, 2.5, 3.5 and 4.5"),
    "barrett": ("level 1-7", 1, "highest of Barrett's stages up to which every need is met, and progress in the next"),
}


@woven_in
def maturity_of(scores):  # type: ignore[no-untyped-def]
    """Customer experience maturity (SAS, Peppers & Rogers 2009): the mean of the four scores of `CEMM`, and its level.

    A score is 1 + 4 x mean of its signals, the level 1 + number of `CUTS` that the mean reaches; judgement. The
    instrument has 58 variables that managers rate; here each score is the mean of four to six of the model's signals.
    """
    overall = compensated(scores) / scores.shape[0]
    return overall, level_of(overall)


@rule
def level_of(score):  # type: ignore[no-untyped-def]
    """Level 1-5 of a score 1-5."""
    level = 1.0
    for cut in CUTS:
        level += score >= cut
    return level


@rule
def parts_met(signals, parts, last, full):  # type: ignore[no-untyped-def]
    """Sum of the signals [signal, silo + 1] of every score or stage, as a share of its full sum; [score, silo + 1].

    The rows in `parts` belong to a score up to the place `last`. A score's full sum is the number of its signals, which
    makes this their mean; a stage's is the sum from which its need counts as met.
    """
    found, k = np.zeros((last.shape[0], signals.shape[1])), 0
    for part in range(parts.shape[0]):
        if part == last[k]:
            k += 1
        for j in range(signals.shape[1]):
            found[k, j] += signals[parts[part], j]
    for k in range(last.shape[0]):
        for j in range(signals.shape[1]):
            found[k, j] /= full[k]
    return found


@rule
def climb(needs):  # type: ignore[no-untyped-def]
    """Barrett's level (Barrett 2006) of every unit and of the whole, shape [silo + 1]; the mapping is judgement.

    level = max(1, k + p): the needs of the k lowest stages are all met, and p = mean of the next stage's signals /
    the mean from which that need counts as met (`needs`, [stage, silo + 1]). Higher needs do not count before lower
    ones are met.
    """
    found = np.empty(needs.shape[1])
    for j in range(needs.shape[1]):
        level = 0.0
        for k in range(needs.shape[0]):
            level += min(needs[k, j], 1.0)
            if needs[k, j] < 1.0:
                break
        found[j] = max(1.0, level)
    return found
