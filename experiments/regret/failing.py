"""Whose failures are explained, what counts as one, and what the search for a rule came to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.headline import NPV, label
from experiments.regret.discovery import Discovery, discover
from experiments.regret.futures import Futures
from experiments.regret.measures import Outcome
from experiments.regret.rule import Flags
from experiments.regret.settings import Fails, RegretSettings
from experiments.verdict import against

COLUMNS = ["plan", "fails", "factor", "low", "high", "entries", "quasi_p", "coverage", "density", "density_low",
           "base_rate", "inside", "futures", "coverage_training", "density_training", "is_rule"]  # fmt: skip


@dataclass(frozen=True)
class Explained:
    """The failures of one plan.

    Args:
        plan: its key.
        words: what it does where it fails, as "loses to leaving things as they are".
        failing: whether it fails, one flag per future.
        rule: what the search came to.
    """

    plan: str
    words: str
    failing: Flags
    rule: Discovery


def explain(outcome: Outcome, looked_at: Futures, settings: RegretSettings, leader: str, seed: int) -> Explained:
    """Look for the futures in which a plan fails.

    Args:
        outcome: plans by futures.
        looked_at: what differs between futures.
        settings: which plan, what counts as a failure.
        leader: the plan that is best on average.
        seed: of the division into halves.
    """
    plan = settings.plan or leader
    failing = failures(outcome, plan, settings.fails)
    rule = discover(looked_at.factors, failing, looked_at.clusters, seed)
    return Explained(plan, in_words(settings.fails, outcome.plans[0]), failing, rule)


def failures(outcome: Outcome, plan: str, fails: Fails | float) -> Flags:
    """Whether a plan fails, one flag per future."""
    if fails is Fails.BASELINE:
        found: Flags = outcome.values[:, outcome.plans.index(plan)] < outcome.values[:, 0]
        return found
    return np.asarray(outcome.regret_of(plan) > (0.0 if isinstance(fails, Fails) else fails))


def in_words(fails: Fails | float, baseline: str) -> str:
    """What a plan does where it fails."""
    if fails is Fails.BASELINE:
        return f"loses to {against(baseline)}"
    return "is not the best plan" if isinstance(fails, Fails) else f"is more than ${NPV.text(fails)}M behind the best"


def sentence(found: Explained) -> str:
    """The rule, or that there is none and why, in one sentence."""
    rule, number, futures = found.rule, int(found.failing.sum()), len(found.failing)
    start = f"{label(found.plan)} {found.words}"
    if number in (0, futures):
        return (
            f"There is no future among {futures} in which {start}."
            if number == 0
            else f"In all {futures} futures {start}."
        )
    where = f"for where {start} ({number} of {futures} futures)"
    if rule.why_not:
        return f"No rule was sought {where}: {rule.why_not}."
    if rule.held_out is None:
        why = "on the training half no box with significant limits covers half of the failing futures"
        return f"No simple rule found {where}: {why}."
    limits, fit = " and ".join(str(limit) for limit in rule.limits), rule.held_out
    quality = f"coverage {fit.coverage:.0%}, density {fit.density:.0%}"
    anyway = f"{fit.base:.0%} of them fail anyway"
    if rule.found:
        return f"{start} where {limits}: {quality} on {fit.futures} held-out futures ({anyway})."
    return (
        f"No simple rule found {where}: the best candidate, {limits}, has "
        f"{quality} on {fit.futures} held-out futures ({anyway})."
    )


def rule_table(found: Explained) -> pd.DataFrame:
    """The content of rule.csv: one row per limit of the best box, whether or not it counts as a rule."""
    rule, held_out, trained = found.rule, found.rule.held_out, found.rule.trained
    if held_out is None or trained is None:
        return pd.DataFrame(columns=COLUMNS)
    fits = (held_out.coverage, held_out.density, held_out.low, held_out.base, held_out.inside, held_out.futures,
            trained.coverage, trained.density, rule.found)  # fmt: skip
    rows = [
        (found.plan, found.words, limit.factor, limit.low, limit.high, " ".join(limit.entries), p, *fits)
        for limit, p in zip(rule.limits, rule.p, strict=True)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
