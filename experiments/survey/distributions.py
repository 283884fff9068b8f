"""How firms differ: every distribution of the synthetic industry, declared with its source and evidence grade.

Published shares of single items are used as inputs and named as such. Nothing here was chosen with an eye on what the
survey is checked against (share at levels 2 and 3, advantage of the capable, correlations with performance).
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from experiments.survey.scale import GOOD_FROM

JUDGEMENT = "judgement"
STAGES = "Rooke, Torbert 2005"
CEMM = "CEMM (SAS, Peppers and Rogers 2009)"
STAGE_SHARES = {0.0: 0.05, 1.0: 0.12, 2.0: 0.38, 3.0: 0.30, 4.0: 0.10, 5.0: 0.04, 6.0: 0.01}
TOGETHER = 0.5  # correlation of what is marked as linked: capable firms tend to be capable throughout; judgement


@dataclass(frozen=True)
class Choice:
    """One of several values, each with its share of firms, from the least to the most customer-centric.

    Args:
        names: group or dotted parameters that take the value.
        shares: value -> share of firms.
        source: author and year, or what was judged.
        grade: evidence grade A to D of the shares.
        linked: True if firms that are further in other things tend to be further in this one.
    """

    names: tuple[str, ...]
    shares: dict[str, float] | dict[float, float]
    source: str = JUDGEMENT
    grade: str = "D"
    linked: bool = True

    def at(self, u: float) -> str | float:
        """The value at a position between 0 and 1."""
        reached = 0.0
        for value, share in self.shares.items():
            reached += share
            if u < reached:
                return value
        return value


@dataclass(frozen=True)
class Spread:
    """A number: evenly from `cut` to `high` in a share `good` of firms, evenly from `low` to `cut` in the others.

    Args:
        names: dotted parameters that take the number; none if `firms.scenario_of` makes something of it.
        low: the least customer-centric value; may be the larger number.
        cut: value from which a firm counts as good.
        high: the most customer-centric value.
        good: share of firms from `cut` on.
        source: author and year of that share, or judgement; low and high are always judgement.
        grade: evidence grade A to D of that share.
        linked: as for `Choice`.
    """

    names: tuple[str, ...]
    low: float
    cut: float
    high: float
    good: float
    source: str = JUDGEMENT
    grade: str = "D"
    linked: bool = True

    def at(self, u: float) -> float:
        """The number at a position between 0 and 1."""
        rest = 1 - self.good
        if u < rest:
            return self.low + u / rest * (self.cut - self.low)
        return self.cut + (u - rest) / self.good * (self.high - self.cut)


type Distribution = Choice | Spread


def evenly(names: tuple[str, ...], low: float, high: float, *, linked: bool = True) -> Spread:
    """Any value between two; judgement."""
    return Spread(names, low, (low + high) / 2, high, 0.5, linked=linked)


def published(names: tuple[str, ...], low: float, high: float, good: float, item: str) -> Spread:
    """A capability that a published share of firms call good or excellent; the share is of another instrument (C)."""
    return Spread(names, low, GOOD_FROM, high, good, f"{CEMM}: {item} {good:.0%}", "C")


INFORMATION = "customers.information."
TERMS = ("authority", "accountability", "projected", "business_rules")

INDUSTRY: dict[str, Distribution] = {
    "ceo_stage": Choice(("leadership.ceo_stage",), STAGE_SHARES, STAGES, "B", linked=False),
    "coo_stage": Choice(("leadership.coo_stage",), STAGE_SHARES, STAGES, "B", linked=False),
    # 29% align incentives with customer metrics; 38% have customer metrics, so 9% pay for them a little.
    "incentives": Choice(
        ("incentives",),
        {"silo_bonus": 0.22, "star_performers": 0.25, "team": 0.15, "balanced": 0.05, "current_and_projected": 0.04,
         "customer_equity": 0.29},
        f"{CEMM}: incentives follow customer metrics 29%, customer metrics for the organisation 38%", "C"),
    "norms": Choice(("norms",), {"hoarding": 0.25, "guarded": 0.5, "open": 0.25}),
    "market": Choice(("market",), {"disruption": 0.15, "stable": 0.6, "empowered_customers": 0.25}, linked=False),
    "products": evenly(("market.product_quality",), 0.4, 0.6, linked=False),
    "capture": published((f"{INFORMATION}capture",), 0.15, 0.85, 0.28, "capturing needs"),
    "one_view": published((f"{INFORMATION}collate", f"{INFORMATION}retrieve"), 0.15, 0.85, 0.30,
                          "complete or current view"),
    "use": published((f"{INFORMATION}utilise",), 0.15, 0.85, 0.32, "inbound insight"),
    "ageing": Spread((f"{INFORMATION}ageing",), 0.04, 0.01, 0.002, 0.29, f"{CEMM}: keeps profiles current 29%", "C"),
    "visibility": published(("norms.feedback_visibility",), 0.1, 0.9, 0.52, "satisfaction as KPI"),
    "monitoring": published(("customers.churn.monitored",), 0.0, 0.9, 0.20, "triggers"),
    "treated": published((), 0.0, 0.95, 0.62, "treats customers differently"),
    "owned": evenly((), 0.1, 0.6, linked=False),  # part of those treated by value who have an owner
    "terms": published(tuple(f"governance.{name}" for name in TERMS), 0.1, 0.9, 0.26, "outbound orchestration"),
    "written": published(("organisation.traits.customer_focus.strength",), 0.1, 1.0, 0.70,
                         "orientation, mean of three items"),
    "belief": evenly(("organisation.employees.belief",), 0.15, 0.55),
    "skill": evenly(("organisation.employees.skill",), 0.35, 0.65),
    "empowerment": evenly(("behaviour.engagement.empowerment",), 0.05, 0.4),
    # 38% can predict purchase or churn: 42% have installed what that takes.
    "history": Choice(
        ("strategy",),
        {"as_is": 0.22, "talk_only": 0.08, "incentives_only": 0.06, "structure_only": 0.04, "training_only": 0.08,
         "technology_only": 0.16, "overlapping_launch": 0.08, "sequential_supported": 0.06, "five_behaviours": 0.05,
         "market_responsive": 0.05, "unlock": 0.08, "everything_supported": 0.04},
        f"judgement, guided by {CEMM}: predicts purchase or churn 38%"),
}  # fmt: skip

FIXED = {"governance.span": 25_000.0}  # customers per manager, so that nobody lacks an owner for want of managers


def fingerprint() -> str:
    """Changes whenever a distribution does."""
    return f"{crc32(repr((INDUSTRY, FIXED, TOGETHER)).encode()):08x}"
