"""Why a strategy stalls: its strongest brakes, the activity that answers each, and what releasing it does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

import pandas as pd

from experiments.headline import GRIDLOCK, NPV, REACH, percent
from sim.params.strategy import Strategy

BASE = "base"  # the inclination to try, all else neutral: no brake


@dataclass(frozen=True)
class Answer:
    """A brake in words, and what answers it.

    Args:
        words: what it means.
        activities: activity -> dotted field of the strategy that is this activity.
    """

    words: str
    activities: Mapping[str, str]

    def for_plan(self, plan: Strategy | None) -> str:
        """The activities that the plan lacks; if it has them all, that they did not suffice."""
        lacking = [one for one, lever in self.activities.items() if plan is None or not _uses(plan, lever)]
        if lacking or not self.activities:
            return " and ".join(lacking) or "no activity named"
        names = " and ".join(one.split(":")[0] for one in self.activities)
        return f"in the plan already, and not enough: {names}"


def _uses(plan: Strategy, lever: str) -> bool:
    group, _, name = lever.partition(".")
    return name in plan.initiatives if group == "initiatives" else bool(attrgetter(lever)(plan))


TRAINING = {"capability training": "initiatives.capability_training"}
SUPPORT = {"help on the job": "support"}
ORGANISE = "unlock.organize"
ANSWERS = {
    "overload": Answer("too much at once leaves no time to try", {"Organize: priorities, less at once": ORGANISE}),
    "blockers": Answer("traits of the culture block it", {"Locate: find them, aim their removal": "unlock.locate"}),
    "difficulty": Answer("it is hard to practise", TRAINING | SUPPORT),
    "buy-in": Answer("leaders who lose by it hold back", {"Negotiate: win their buy-in": "unlock.negotiate"}),
    "credibility": Answer(
        "people do not believe the message", {"Communicate: two-way, deeds to match": "unlock.communicate"}
    ),
    "belief": Answer("people do not believe that serving customers pays", {"Moments of Belief": "moments_per_year"}),
    "peers": Answer(
        "hardly any colleague does it yet", {"Organize: start small where people are ready": ORGANISE}
    ),
    "payoff": Answer(
        "it does not pay those who do it", {"incentives: pay for customers' value": "initiatives.customer_metric_pay"}
    ),
    "foundation": Answer(
        "what it builds on is missing", {"Understand: find missing foundations first": "unlock.understand"}
    ),
    "skill": Answer("people lack the skill", TRAINING),
    "standards": Answer(
        "leaders set no standard that lasts", {"leaders: set standards, with accountability": "behaviours.standards"}
    ),
    "support": Answer("nobody helps those who try", SUPPORT),
}


# What a knock-out run changes from month 0 to release a brake.
RELEASES: dict[str, tuple[tuple[str, float], ...]] = {
    "overload": (("programme.load.time_lost", 0.0),),
    "blockers": (("behaviour.adoption.blockers", 0.0),),
    "difficulty": (("behaviour.adoption.difficulty", 0.0),),
    "buy-in": (("leadership.buy_in", 0.98), ("behaviour.buy_in.stake", 0.0), ("behaviour.buy_in.peers", 0.0)),
    "credibility": (("behaviour.adoption.credibility", 0.0),),
    "belief": (("behaviour.adoption.belief", 0.0),),
    "payoff": (("behaviour.adoption.payoff", 0.0),),
    "foundation": (("behaviour.adoption.foundation", 0.0),),
    "skill": (("behaviour.adoption.skill", 0.0),),
}


def answer(brake: str) -> Answer:
    """Words and activity of a brake's label."""
    return ANSWERS.get(brake.replace("_", "-"), Answer(brake, {}))


@dataclass(frozen=True)
class Brake:
    """One brake of one strategy.

    Args:
        strategy: key of the strategy.
        name: label of the brake.
        words: what it means.
        activity: what answers it.
        cost: mean cost in log chance of adoption (negative).
        knock_out: what the run with the brake released says; empty without such a run.
    """

    strategy: str
    name: str
    words: str
    activity: str
    cost: float
    knock_out: str

    @property
    def chance_lost(self) -> float:
        """Share of the chance to adopt that the brake takes away, other terms held."""
        return 1 - math.exp(self.cost)


def mean_costs(brakes: pd.DataFrame, strategies: list[str]) -> pd.Series:
    """Mean cost of every brake over runs of these strategies, strongest first; only what brakes."""
    part = brakes.loc[brakes["scenario"].isin(strategies) & (brakes["brake"] != BASE)]
    costs = part.groupby("brake")["cost"].mean()
    return costs[costs < 0].sort_values(kind="stable")


def strongest(
    brakes: pd.DataFrame, strategies: list[str], knocked: pd.DataFrame, plans: Mapping[str, Strategy], most: int = 3
) -> list[Brake]:
    """The strongest brakes of every given strategy.

    Args:
        brakes: table `scenario, replicate, brake, cost`.
        strategies: keys, usually those that stall or may.
        knocked: result of `paired.knock_outs`, possibly empty.
        plans: key -> plan where known, so that nobody is told to do what is in the plan already.
        most: brakes per strategy.
    """
    found = []
    for strategy in strategies:
        for name, cost in mean_costs(brakes, [strategy]).head(most).items():
            part = knocked.loc[(knocked["strategy"] == strategy) & (knocked["brake"] == name)]
            means = answer(str(name))
            found.append(
                Brake(
                    strategy, str(name), means.words, means.for_plan(plans.get(strategy)), float(cost), released(part)
                )
            )
    return found


def released(part: pd.DataFrame) -> str:
    """What the knock-out of one brake says about practice (reach), gridlock and NPV; empty without a run."""
    rows = {str(row["measure"]): row for row in part.to_dict("records")}
    if "reach" not in rows or not math.isfinite(rows["reach"]["difference"]):
        return ""
    reach = rows["reach"]
    size = REACH.text(reach["difference"], signed=True)
    rest = "; ".join(
        f"{m.label} {m.words(rows[m.name]['difference'])}"
        for m in (GRIDLOCK, NPV)
        if m.name in rows and math.isfinite(rows[m.name]["difference"])
    )
    if not math.isfinite(reach["low"]):
        return f"releasing it changes practice by {size} points; {rest} (one world, no interval)"
    between = REACH.span(reach["low"], reach["high"]).strip()
    if reach["low"] > 0:
        return f"releasing it raises practice by {size} points {between}; {rest}"
    if reach["high"] < 0:
        return f"contradicts it: releasing it lowers practice by {size} points {between}; {rest}"
    return f"does not confirm it: practice {size} points {between}; {rest}"


def line(brake: Brake) -> str:
    """A brake as one line for people, without the knock-out."""
    return f"{brake.name}: {brake.words} (-{percent(brake.chance_lost)}) -> {brake.activity}"
