"""What a search can set: levers with few levels each, and the plan that a choice of levels stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from sim.params.scenario import Scenario
from sim.params.strategy import BEHAVIOURS, INITIATIVES, NEVER, Strategy, Unlock

STEP = 3  # months between two launch dates
INTENSITIES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
COARSE = (0.0, 0.5, 1.0)
MOMENTS = (0, 1, 2, 4, 6)  # a year
LAUNCHES = (0, 1, 2, 3, 4)  # a year
GAPS = (6, 12, 18, 24)  # months
CARRIED = (12, 24, 36)  # months after the last launch; beyond them, to the end
FIRST, LATER, OUT = "first", "later", "never"
PAY: dict[str, dict[str, float]] = {
    "mixed": {"individual": 0.2, "silo": 0.1, "team": 0.3, "customer": 0.4},  # what a strategy installs by default
    "customers": {"individual": 0.0, "silo": 0.0, "team": 0.2, "customer": 0.8},
    "teams": {"individual": 0.2, "silo": 0.0, "team": 0.6, "customer": 0.2},
}

# Levers that carry the name of what they set.
PLAIN = (
    "support", "messages", "moments_per_year", "launches_per_year", "coaching", "facilitator", "change_agents",
)  # fmt: skip

Choice = Mapping[str, int]  # lever -> which of its levels


class Group(StrEnum):
    """Levers that belong together."""

    INITIATIVES = "initiatives"  # which of the eight
    WHEN = "when"  # month in which each is launched
    WHERE = "where"  # which units start first, later, never
    UNLOCK = "unlock"  # the six activities
    BEHAVIOURS = "behaviours"  # the five asked of leaders
    SUPPORT = "support"  # help on the job, announcements, and for how long all that carries the plan lasts
    MOMENTS = "moments"  # Moments of Belief
    COACHING = "coaching"  # of leaders, and an outside facilitator
    LAUNCHES = "launches"  # of products, blind or resting on insight
    AGENTS = "agents"  # marketing carries the plan into other units
    PAY = "pay"  # the mix that customer-metric pay installs


@dataclass(frozen=True)
class Lever:
    """One thing that can be set.

    Args:
        name: dotted.
        group: where it belongs.
        levels: values, the one that leaves it alone first.
        saves: whether a lower level costs less.
        ordered: whether levels have an order.
    """

    name: str
    group: Group
    levels: tuple[Any, ...]
    saves: bool = True
    ordered: bool = True


@dataclass(frozen=True)
class Levers:
    """All levers of one organisation.

    Args:
        scenario: organisation and horizon.
        groups: those that may be set; the others stay at their first level.
        latest: last month of a launch.
    """

    scenario: Scenario
    groups: frozenset[Group]
    latest: int

    @cached_property
    def all(self) -> tuple[Lever, ...]:
        """Every lever that may be set and has more than one level."""
        units = self.scenario.organisation.silos
        months = tuple(range(0, self.latest + 1, STEP))
        carried = tuple(month for month in CARRIED if month < self.scenario.months)
        levers = [
            *(Lever(f"do.{name}", Group.INITIATIVES, (False, True)) for name in INITIATIVES),
            *(Lever(f"month.{name}", Group.WHEN, months, saves=False) for name in INITIATIVES),
            *(Lever(f"where.{unit}", Group.WHERE, (FIRST, LATER, OUT), saves=False) for unit in units),
            Lever("gap", Group.WHERE, GAPS, saves=False),
            *(Lever(f"unlock.{name}", Group.UNLOCK, INTENSITIES) for name in Unlock.model_fields),
            *(Lever(f"behaviours.{name}", Group.BEHAVIOURS, INTENSITIES) for name in BEHAVIOURS),
            Lever("support", Group.SUPPORT, INTENSITIES),
            Lever("messages", Group.SUPPORT, INTENSITIES),
            Lever("carried", Group.SUPPORT, (*carried, self.scenario.months)),
            Lever("moments_per_year", Group.MOMENTS, MOMENTS),
            Lever("launches_per_year", Group.LAUNCHES, LAUNCHES),
            Lever("launch_research", Group.LAUNCHES, COARSE),
            Lever("coaching", Group.COACHING, COARSE),
            Lever("facilitator", Group.COACHING, COARSE),
            Lever("change_agents", Group.AGENTS, COARSE),
            Lever("pay", Group.PAY, tuple(PAY), saves=False, ordered=False),
        ]
        return tuple(lever for lever in levers if lever.group in self.groups and len(lever.levels) > 1)

    @cached_property
    def by_name(self) -> dict[str, Lever]:
        """Levers by name."""
        return {lever.name: lever for lever in self.all}

    def value(self, choice: Choice, name: str, otherwise: Any) -> Any:
        """Value of a lever in a choice, or what holds where it may not be set."""
        return self.by_name[name].levels[choice[name]] if name in self.by_name else otherwise

    def plan(self, choice: Choice) -> Strategy:
        """The plan of a choice. Choices that differ in what plays no part have the same plan.

        Args:
            choice: a level for every lever.
        """
        initiatives = {
            name: self.value(choice, f"month.{name}", 0)
            for name in INITIATIVES if self.value(choice, f"do.{name}", False)
        }  # fmt: skip
        tree: dict[str, Any] = {
            "initiatives": initiatives,
            "rollout": self._rollout(choice) if initiatives else {},
            "unlock": {name: self.value(choice, f"unlock.{name}", 0.0) for name in Unlock.model_fields},
            "behaviours": {name: self.value(choice, f"behaviours.{name}", 0.0) for name in BEHAVIOURS},
        }
        tree |= {name: self.value(choice, name, 0.0) for name in PLAIN}
        if tree["launches_per_year"]:
            tree["launch_research"] = self.value(choice, "launch_research", 0.0)
        end = max(initiatives.values(), default=0) + self.value(choice, "carried", self.scenario.months)
        if end < self.scenario.months:
            tree["support_months"] = end
        if "customer_metric_pay" in initiatives:
            tree["pay"] = PAY[self.value(choice, "pay", "mixed")]
        return Strategy.model_validate({"name": "found", **tree})

    def _rollout(self, choice: Choice) -> dict[str, int]:
        """Delay of every unit that does not start at once; if none starts first, those that follow do."""
        units = self.scenario.organisation.silos
        wave = {unit: self.value(choice, f"where.{unit}", FIRST) for unit in units}
        if FIRST not in wave.values():
            wave = {unit: FIRST if when == LATER or LATER not in wave.values() else when for unit, when in wave.items()}
        gap = self.value(choice, "gap", GAPS[1])
        return {unit: gap if when == LATER else NEVER for unit, when in wave.items() if when != FIRST}

    def nearest(self, plan: Strategy) -> dict[str, int]:
        """The choice that comes nearest to a plan; what no lever sets is lost."""
        waits = [wait for wait in plan.rollout.values() if wait > 0]
        end = plan.support_months - max(plan.initiatives.values(), default=0)
        wanted: dict[str, Any] = {
            **{f"do.{name}": name in plan.initiatives for name in INITIATIVES},
            **{f"month.{name}": plan.initiatives.get(name, 0) for name in INITIATIVES},
            **{f"where.{unit}": _wave(plan.rollout.get(unit, 0)) for unit in self.scenario.organisation.silos},
            **{f"unlock.{name}": value for name, value in plan.unlock},
            **{f"behaviours.{name}": value for name, value in plan.behaviours},
            "gap": sum(waits) / len(waits) if waits else GAPS[0],
            "carried": end,
            "pay": min(PAY, key=lambda mix: sum(abs(PAY[mix][k] - v) for k, v in plan.pay)),
        }  # fmt: skip
        return {lever.name: _nearest(lever.levels, wanted.get(lever.name, getattr(plan, lever.name, None)))
                for lever in self.all}  # fmt: skip


def _wave(wait: int) -> str:
    return OUT if wait == NEVER else LATER if wait else FIRST


def _nearest(levels: Sequence[Any], value: Any) -> int:
    """Index of the level nearest to a value; the first of two that are equally near."""
    if value in levels:
        return levels.index(value)
    return min(range(len(levels)), key=lambda k: abs(levels[k] - value))
