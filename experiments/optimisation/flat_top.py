"""What tied plans have in common and where they differ, in words; a plan in one sentence; a plan as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from experiments.headline import listing
from sim.params.strategy import BEHAVIOURS, INITIATIVES, NEVER, Behaviours, Strategy, Unlock

SHOWN = 12  # parts named in a line
FOREVER = Strategy().support_months
WORDS = {
    "moments_per_year": "Moments of Belief a year", "support": "help on the job", "messages": "announcements",
    "coaching": "coaching of leaders", "facilitator": "facilitator", "change_agents": "change agents",
    "launches_per_year": "product launches a year",
}  # fmt: skip
Parts = dict[str, float]


def parts_of(plan: Strategy) -> Parts:
    """Everything that a plan does: words -> intensity, or month of launch of an initiative."""
    parts: Parts = {f"unlock: {name.replace('_', ' ')}": value for name, value in plan.unlock}
    parts |= {f"leaders: {name}": value for name, value in plan.behaviours}
    parts |= {words: float(getattr(plan, name)) for name, words in WORDS.items()}
    parts = {words: value for words, value in parts.items() if value > 0}
    started = {name.replace("_", " "): float(month) for name, month in plan.initiatives.items()}
    return {**started, **parts, **({"a start in some units only": 1.0} if plan.rollout or plan.pilot_units else {})}


def known_parts() -> list[str]:
    """Every part that a plan may have, initiatives first."""
    return [
        *(name.replace("_", " ") for name in INITIATIVES),
        *(f"unlock: {name.replace('_', ' ')}" for name in Unlock.model_fields),
        *(f"leaders: {name}" for name in BEHAVIOURS), *WORDS.values(), "a start in some units only",
    ]  # fmt: skip


def shared_and_different(plans: Sequence[Strategy]) -> list[str]:
    """Sentences on what all of some plans do, what none does and what only some do.

    Args:
        plans: two or more plans.
    """
    having = [parts_of(plan) for plan in plans]
    counts = {name: sum(name in parts for parts in having) for name in known_parts()}
    every = [_spread(name, having) for name, count in counts.items() if count == len(plans)]
    some = sorted((name for name, count in counts.items() if 0 < count < len(plans)), key=lambda name: -counts[name])
    none = [name for name, count in counts.items() if count == 0]
    return [
        f"All have: {_first(every)}." if every else "There is nothing that all have.",
        f"Some have: {_first([f'{name} ({counts[name]} of {len(plans)})' for name in some])}.",
        f"None has: {_first(none)}.",
    ]


def _spread(name: str, having: Sequence[Parts]) -> str:
    """A part with the range of its intensity, or of its month of launch."""
    values = sorted({parts[name] for parts in having})
    low, high = values[0], values[-1]
    initiative = name.replace(" ", "_") in INITIATIVES
    span = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    if name == "a start in some units only":
        return name
    return f"{name} ({'month ' if initiative else ''}{span})"


def _first(items: list[str]) -> str:
    rest = len(items) - SHOWN
    return listing(items) if rest <= 0 else listing([*items[:SHOWN], f"{rest} more"])


def sentence(plan: Strategy) -> str:
    """A plan in one line: what is launched when, where it starts, what carries it."""
    launched = sorted(plan.initiatives.items(), key=lambda item: (item[1], INITIATIVES.index(item[0])))
    what = [f"{name.replace('_', ' ')} in month {month}" for name, month in launched]
    later = [f"{unit} {'never' if wait == NEVER else f'{wait} months later'}" for unit, wait in plan.rollout.items()]
    alone = [f"{words} {getattr(plan, name):g}" for name, words in WORDS.items() if getattr(plan, name)]
    carried = [*_together("UNLOCK", plan.unlock), *_together("leaders", plan.behaviours), *alone]
    sentences = [", ".join(part) for part in (what, later) if part] + carried
    if plan.support_months < FOREVER and carried:
        sentences.append(f"all this until month {plan.support_months}")
    whole = "; ".join(sentences) or "nothing"
    return f"{whole[0].upper()}{whole[1:]}."


def _together(head: str, group: Unlock | Behaviours) -> list[str]:
    """Intensities of a group above zero, under one head."""
    used = [f"{name.replace('_', ' ')} {value:g}" for name, value in group if value > 0]
    return [f"{head} {', '.join(used)}"] if used else []


def as_file(plan: Strategy, title: str, about: str) -> str:
    """A plan as a file of the group strategy.

    Args:
        plan: what is done.
        title: its name.
        about: the comment in the first line, which `ungridlock list` shows.
    """
    tree: Mapping[str, object] = {
        "name": title, "description": sentence(plan),
        **plan.model_dump(mode="json", exclude_defaults=True, exclude={"name", "description", "pay"}),
        **({"pay": plan.pay.model_dump(mode="json")} if plan.pay != Strategy().pay else {}),
    }  # fmt: skip
    return f"# {about}\n{yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=110)}"
