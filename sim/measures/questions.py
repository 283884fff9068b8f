"""The five customer questions: what the enterprise believes next to the truth.

1. Which customers are most valuable, and why?   2. Which cost more than they are worth?   3. Who are our advocates?
4. What do our ideal prospects look like?        5. Which prospects are most likely to convert?

The enterprise estimates by the rules on which it acts (`sim.measures.worth`). Each line of an answer holds the same
quantity twice: as the enterprise believes it and in truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np

from sim.columns import F64
from sim.measures.worth import blur_of_prospects, prospects, true_worth_of_prospects
from sim.params.strategy import FEEDBACK
from sim.phases.customers import this_month, unit_levels
from sim.phases.estimates import Rows, Worth, believed, blur, present, true_worth
from sim.phases.reactions import FENCED, SALES
from sim.world import World

TOP = 0.1  # share of customers or prospects that counts as the best
TRAITS = ("spend potential", "wallet share", "loyalty", "low cost to serve")
QUESTIONS = {
    1: "Which customers are most valuable, and why?",
    2: "Which customers cost more than they are worth?",
    3: "Who are our advocates?",
    4: "What do our ideal prospects look like?",
    5: "Which prospects are most likely to convert?",
}
NAN = float("nan")


@dataclass(frozen=True)
class Line:
    """One quantity of an answer, as the enterprise believes it and in truth.

    Args:
        question: 1 to 5.
        what: the quantity in words.
        unit: its unit; customers and money are represented ones.
        believed: value in the enterprise's eyes, NaN where it has no opinion.
        true: value in truth.
    """

    question: int
    what: str
    unit: str
    believed: float
    true: float


@dataclass(frozen=True)
class Pick:
    """Whom the enterprise takes for those asked about, and who they truly are: chances 0-1 per row."""

    believed: F64
    true: F64

    @property
    def right(self) -> float:
        """Share of those taken for it who truly are."""
        return _ratio(_sum(self.believed, self.true), float(self.believed.sum()))

    @property
    def found(self) -> float:
        """Share of those who truly are whom the enterprise takes for it."""
        return _ratio(_sum(self.believed, self.true), float(self.true.sum()))


@dataclass(frozen=True)
class Eyes:
    """One group of slots with their worth as the enterprise sees it and in truth.

    Args:
        rows: slots.
        believed: the enterprise's estimate.
        true: the truth.
        weight: customers that a slot stands for.
    """

    rows: Rows
    believed: Worth
    true: Worth
    weight: float

    @classmethod
    def on_customers(cls, world: World) -> Eyes:
        """All present customers."""
        rows = present(world)
        true = true_worth(world, rows)
        return cls(rows, believed(world, rows, true, blur(world, rows)), true, world.rules.customers.weight)

    @classmethod
    def on_prospects(cls, world: World) -> Eyes:
        """All prospects, as if they joined now."""
        rows = prospects(world)
        true = true_worth_of_prospects(world, rows)
        estimate = believed(world, rows, true, blur_of_prospects(world, rows))
        return cls(rows, estimate, true, world.rules.customers.weight)

    def size(self, question: int, whom: str, pick: Pick) -> Line:
        """How many they are."""
        n = (float(pick.believed.sum()) * self.weight, float(pick.true.sum()) * self.weight)
        return Line(question, whom, "customers", *n)

    def share(self, question: int, what: str, pick: Pick) -> Line:
        """Which share of the group they are."""
        n = max(len(self.rows), 1)
        return Line(question, what, "share", float(pick.believed.sum()) / n, float(pick.true.sum()) / n)

    def stakes(self, question: int, pick: Pick) -> list[Line]:
        """Lifetime value of those whom the enterprise has in mind, and of those whom it should have in mind."""
        seen, real = self.believed.lifetime * self.weight, self.true.lifetime * self.weight
        return [
            Line(question, "lifetime value of those in mind", "$", *_both(pick.believed, seen, real)),
            Line(question, "lifetime value of those truly so", "$", *_both(pick.true, seen, real)),
        ]


def ask(world: World) -> list[Line]:
    """All five answers as they stand at the end of the month; changes nothing."""
    customers, strangers = Eyes.on_customers(world), Eyes.on_prospects(world)
    ideal = Pick(top(strangers.believed.lifetime), top(strangers.true.lifetime))
    return [
        *most_valuable(customers),
        *unprofitable(customers),
        *advocates(world, customers),
        *ideal_prospects(world, strangers, ideal),
        *likely_to_convert(world, strangers, ideal),
    ]


def top(values: F64) -> F64:
    """1.0 for the top tenth (`TOP`, at least one), 0.0 for the others; of equals the later row."""
    chosen = np.zeros(len(values))
    if len(values):
        n = max(1, round(TOP * len(values)))
        chosen[np.argsort(values, kind="stable")[-n:]] = 1.0
    return chosen


def most_valuable(eyes: Eyes) -> list[Line]:
    """1: the top tenth by lifetime value, and which trait makes their lead over the mean."""
    pick = Pick(top(eyes.believed.lifetime), top(eyes.true.lifetime))
    seen, real, everybody = eyes.believed.lifetime, eyes.true.lifetime, np.ones(len(eyes.rows))
    why = np.stack([lead_by_trait(eyes.believed, pick.believed), lead_by_trait(eyes.true, pick.true)])
    shares = why / np.where(why.sum(axis=1, keepdims=True) == 0, NAN, why.sum(axis=1, keepdims=True))
    of_traits = zip(TRAITS, shares[0].tolist(), shares[1].tolist(), strict=True)  # a trait can have a part below zero
    return [
        eyes.size(1, "top tenth by lifetime value", pick),
        Line(1, "of those in mind, truly so", "share", 1.0 if pick.believed.any() else NAN, pick.right),
        Line(1, "their mean lifetime value", "$/customer", _mean(pick.believed, seen), _mean(pick.true, real)),
        Line(1, "mean lifetime value of all", "$/customer", _mean(everybody, seen), _mean(everybody, real)),
        *(Line(1, f"their lead comes from {t}", "share of lead", seems, is_so) for t, seems, is_so in of_traits),
        *eyes.stakes(1, pick),
    ]  # fmt: skip


def lead_by_trait(worth: Worth, chosen: F64) -> F64:
    """By how much each trait lifts the mean lifetime value of the chosen above that of all, $/customer, [4].

    Shapley values of the four traits in `TRAITS`: lead(traits) is the lead of the same people if they had only these
    traits of their own and were like the mean customer in all others; a trait's part is what it adds to lead, averaged
    over the orders in which traits may be added. The parts add up exactly to the lead. Loyalty is the number of months
    of cash that the hazard of leaving makes a relationship worth.
    """
    own = [worth.spend, worth.wallet * (1 - worth.unpaid / worth.margin), worth.multiple, worth.cost]
    if not chosen.any():
        return np.full(len(own), NAN)
    lead = np.empty(1 << len(own))
    for traits in range(len(lead)):
        spend, wallet, months, cost = (v if traits >> k & 1 else v.mean() for k, v in enumerate(own))
        value = np.broadcast_to((worth.margin * wallet * spend - cost) * months, chosen.shape)
        lead[traits] = _mean(chosen, value) - value.mean()
    parts = np.zeros(len(own))
    for traits in range(len(lead)):
        others = traits.bit_count()
        for k in range(len(own)):
            if not traits >> k & 1:
                orders = factorial(others) * factorial(len(own) - 1 - others) / factorial(len(own))
                parts[k] += orders * (lead[traits | 1 << k] - lead[traits])
    return parts


def unprofitable(eyes: Eyes) -> list[Line]:
    """2: customers whose margin does not pay for serving them; loyalty cannot make up for that."""
    pick = Pick((eyes.believed.cash < 0).astype(np.float64), (eyes.true.cash < 0).astype(np.float64))
    return [
        eyes.size(2, "number", pick),
        eyes.share(2, "as a share of all", pick),
        *_overlap(2, pick),
        *eyes.stakes(2, pick),
    ]


def advocates(world: World, eyes: Eyes) -> list[Line]:
    """3: customers satisfied and trusting enough to recommend.

    The enterprise knows it of those whose reactions it sees. Of the others it takes as large a share for advocates as
    among those it sees, and picks the longest-standing and best-paying. Whose reactions it sees is a matter of chance,
    so the numbers are expectations over it.
    """
    c, line = world.state.customers, world.rules.acquisition.advocate_from
    q, trust = c.satisfaction[eyes.rows].astype(np.float64), c.trust[eyes.rows].astype(np.float64)
    true = ((q >= line) & (trust >= line)).astype(np.float64)
    seen = visible(world)[c.home[eyes.rows]]
    share = _mean(seen, true)
    guessed = np.zeros(len(true))
    n = 0 if np.isnan(share) else round(share * len(true))
    standing = _rank(c.tenure[eyes.rows]) + _rank(eyes.believed.wallet * eyes.believed.spend)
    guessed[np.argsort(standing, kind="stable")[len(true) - n :]] = 1.0
    pick = Pick(seen * true + (1 - seen) * guessed, true)
    return [
        Line(3, "customers whose reactions it sees", "share", NAN, _mean(np.ones(len(seen)), seen)),
        eyes.size(3, "number", pick),
        eyes.share(3, "as a share of all", pick),
        *_overlap(3, pick),
        *eyes.stakes(3, pick),
    ]


def visible(world: World) -> F64:
    """Share of customers' reactions that each unit sees, the `seen` of the rule of belief; shape [silo]."""
    shown = world.rules.information.visibility_gain * world.state.climate.design[:, FEEDBACK]
    return np.minimum(1.0, world.rules.norms.feedback_visibility + shown)


def ideal_prospects(world: World, eyes: Eyes, pick: Pick) -> list[Line]:
    """4: the tenth of prospects who would be worth most if they joined, and what they look like."""
    segment, names = world.state.customers.segment[eyes.rows], world.structure.segment_names
    members = {name: (segment == s).astype(np.float64) for s, name in enumerate(names)}
    seen, real = eyes.believed, eyes.true
    looks = [
        ("their mean spend potential", "$/customer/month", seen.spend, real.spend),
        ("their mean chance to leave in a month", "share/month", -np.expm1(-seen.hazard), -np.expm1(-real.hazard)),
        ("their mean cost to serve", "$/customer/month", seen.cost, real.cost),
        *((f"of them in segment {name}", "share", inside, inside) for name, inside in members.items()),
    ]  # fmt: skip
    return [
        eyes.size(4, "tenth worth most if they join", pick),
        Line(4, "of those in mind, truly so", "share", 1.0 if pick.believed.any() else NAN, pick.right),
        *(Line(4, what, unit, _mean(pick.believed, b), _mean(pick.true, t)) for what, unit, b, t in looks),
        *eyes.stakes(4, pick),
    ]


def likely_to_convert(world: World, eyes: Eyes, ideal: Pick) -> list[Line]:
    """5: the tenth of prospects with the largest chance to join next month, and whether they are ideal ones."""
    true = chance_to_join(world, eyes.rows)
    error = blur_of_prospects(world, eyes.rows) * world.state.customers.misjudged[eyes.rows]
    seen = np.minimum(1.0, true * np.exp(error))
    pick = Pick(top(seen), top(true))
    fits = (_mean(pick.believed, ideal.believed), _mean(pick.true, ideal.true))
    return [
        eyes.size(5, "likeliest tenth", pick),
        Line(5, "of those in mind, truly so", "share", 1.0 if pick.believed.any() else NAN, pick.right),
        Line(5, "of them also ideal prospects", "share", *fits),
        Line(5, "those in mind who join in a month", "customers/month",
             *(v * eyes.weight for v in _both(pick.believed, seen, true))),
        Line(5, "those truly so who join in a month", "customers/month",
             *(v * eyes.weight for v in _both(pick.true, seen, true))),
    ]  # fmt: skip


def chance_to_join(world: World, rows: Rows) -> F64:
    """True chance that each prospect joins next month, courted as the enterprise courts now."""
    c, segments, units = world.state.customers, world.structure.segments, unit_levels(world)
    place, home = c.segment[rows], c.home[rows]
    chance = world.state.entry[place] * c.appeal[rows] * units[home, SALES] * this_month(world).word
    error = world.rules.customers.estimate_error
    rated = np.log(c.spend[rows]) - segments.log_spend[place] + error * c.error[rows]
    rated /= np.maximum(np.sqrt(segments.spread[place] ** 2 + error**2), 1e-9)
    neglected = (units[home, FENCED] > 0) & (rated < world.rules.acquisition.low_value)
    return np.minimum(1.0, np.where(neglected, 1 - world.rules.acquisition.selectivity, 1.0) * chance)


def _overlap(question: int, pick: Pick) -> list[Line]:
    return [
        Line(question, "of those in mind, truly so", "share", 1.0 if pick.believed.any() else NAN, pick.right),
        Line(question, "of those truly so, in mind", "share", 1.0 if pick.true.any() else NAN, pick.found),
    ]


def _sum(weights: F64, values: F64) -> float:
    """Weighted sum, added up in the same order on every machine."""
    return float((weights * values).sum())


def _both(weights: F64, seen: F64, real: F64) -> tuple[float, float]:
    return _sum(weights, seen), _sum(weights, real)


def _mean(weights: F64, values: F64) -> float:
    return _ratio(_sum(weights, values), float(weights.sum()))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else NAN


def _rank(values: np.ndarray) -> F64:
    """Rank of every value, equal values sharing theirs."""
    return np.searchsorted(np.sort(values), values).astype(np.float64)
