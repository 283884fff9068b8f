"""Maturity: customer experience maturity (four scores, level 1-5) and Barrett's organisation stages (1-7).

Both are computed from what happens in the model and feed back into nothing. Which signal stands for which item, and
every threshold, is judgement (grade D), fixed before any strategy's value was looked at; that an unchanged conventional
firm should stand near level 2-3 was asked for, and guided the choice of what counts as a need.
"""

from __future__ import annotations

import numpy as np

from sim.columns import F64
from sim.compiled import rule
from sim.measures.signals import Signals, mean_of, whole
from sim.sums import group_sum

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

FIRST_SIGNAL = np.cumsum([0] + [len(names) for names, _ in BARRETT.values()])[:-1]  # of each stage, in one row
FULL_SUM = np.array([len(names) * met for names, met in BARRETT.values()])  # of a stage's signals when its need is met

MATURITY: dict[str, tuple[str, int, str]] = {
    "cemm_orientation": ("1-5", 1, "customer orientation: what is said, believed and intended"),
    "cemm_insight": ("1-5", 1, "customer insight: captured, connected, current, value known, risk scored"),
    "cemm_interaction": ("1-5", 1, "customer interaction: by value, orchestrated, informed, triggered, one face"),
    "cemm_improvement": ("1-5", 1, "customer improvement: paid for, seen, recovered, empowered, checked"),
    "cemm": ("1-5", 1, "customer experience maturity, mean of the four scores"),
    "cemm_level": ("level 1-5", 1, "the same as a level, cut at 1.5, 2.5, 3.5 and 4.5"),
    "barrett": ("level 1-7", 1, "highest of Barrett's stages up to which every need is met, and progress in the next"),
}


def maturity_of(signals: Signals) -> dict[str, float]:
    """All measures of `MATURITY`, from signals that have been read."""
    return {**cemm_of(whole(signals)), "barrett": float(barrett_of(signals)[-1])}


def cemm_of(signals: dict[str, float]) -> dict[str, float]:
    """Customer experience maturity (SAS, Peppers & Rogers 2009): score = 1 + 4 x mean of its signals; judgement.

    cemm is the mean of the four scores and cemm_level = 1 + number of `CUTS` that it reaches. The instrument has 58
    variables that managers rate; here each score is the mean of four to six of the model's signals.
    """
    scores = {name: 1 + 4 * mean_of(signals, parts) for name, parts in CEMM.items()}
    overall = sum(scores.values()) / len(scores)
    return {**scores, "cemm": overall, "cemm_level": level_of(overall)}


def level_of(score: float) -> float:
    """Level 1-5 of a score 1-5."""
    return 1.0 + sum(score >= cut for cut in CUTS)


def barrett_of(signals: Signals) -> F64:
    """Barrett's level (Barrett 2006) of every unit and of the whole, shape [silo + 1]; the mapping is judgement.

    level = max(1, k + p): the needs of the k lowest stages are all met, and p = mean of the next stage's signals /
    the mean from which that need counts as met. Higher needs do not count before lower ones are met. The whole is
    measured by the means of its units, so its level is not the mean of theirs.
    """
    return levels_of(np.array([signals[name] for names, _ in BARRETT.values() for name in names]))


def levels_of(rows: F64) -> F64:
    """The same from the signals of all stages one below the other, shape [signal of a stage, silo + 1]."""
    return np.asarray(climb(needs_met(rows, FIRST_SIGNAL, FULL_SUM)))


def stage_of(needs: F64) -> F64:
    """Level from how far the needs are met, 1 = met; needs [stage, ...], lowest stage first."""
    return np.asarray(climb(needs.reshape(len(needs), -1))).reshape(needs.shape[1:])


@rule
def needs_met(rows, first, full):  # type: ignore[no-untyped-def]
    """How far the needs of every stage are met, 1 = met; [stage, silo + 1]."""
    found = np.empty((full.shape[0], rows.shape[1]))
    for k in range(full.shape[0]):
        last = first[k + 1] if k + 1 < full.shape[0] else rows.shape[0]
        for j in range(rows.shape[1]):
            found[k, j] = group_sum(rows[:, j], first[k], last) / full[k]
    return found


@rule
def climb(needs):  # type: ignore[no-untyped-def]
    """Level of every column of needs: stages that are fully met, one above the other, and progress in the next."""
    found = np.empty(needs.shape[1])
    for j in range(needs.shape[1]):
        level = 0.0
        for k in range(needs.shape[0]):
            level += min(needs[k, j], 1.0)
            if needs[k, j] < 1.0:
                break
        found[j] = max(1.0, level)
    return found
