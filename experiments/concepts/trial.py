"""Both sides of every row, paired: the same company, people, luck and world, with and without the switch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import pandas as pd

from experiments.concepts.readings import Outcome
from experiments.concepts.settings import ConceptSettings
from experiments.concepts.table import ROWS, Row, Settings
from experiments.configuration import GROUPS, load_scenario
from experiments.fan_out import spread
from experiments.interruption import Interrupted
from experiments.unknowns import in_world
from sim.params.field import replace
from sim.params.scenario import Scenario, sized
from sim.params.strategy import Strategy
from sim.run import BURN_IN_ONLY, Result, Variant, burn_in, follow, fork

SIDES = ("off", "on")
CUSTOMERS = 6_000  # agents: enough to tell effects, few enough to be quick
# Settings that describe the firm before any programme hold during the burn-in; all others from month 0.
FROM_THE_START = (*BURN_IN_ONLY, "governance.", "customers.experience.performance_share")
PLAN = "strategy."


@dataclass(frozen=True)
class Life:
    """One future that has to be computed, and the readings that need it: (row, side) pairs."""

    variant: Variant
    readings: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Origin:
    """One organisation at the end of its burn-in, and all futures that start from it."""

    settings: tuple[tuple[str, Any], ...]
    lives: tuple[Life, ...]


def compute(settings: ConceptSettings, rows: Sequence[int]) -> tuple[pd.DataFrame, Interrupted | None]:
    """All readings of the chosen rows, or those finished at Ctrl-C.

    Returns:
        Columns row, side, replicate, value; and the interruption, counted in pairs that are finished.

    Raises:
        Interrupted: Ctrl-C before any pair was finished.
    """
    origins = origins_of(rows)
    jobs = [(origin, replicate) for replicate in range(settings.replicates) for origin in origins]
    found: list[dict[str, Any]] = []
    call_trial = partial(trial, settings.seed, settings.months)
    stopped: Interrupted | None = None
    planned = len(rows) * settings.replicates
    try:
        spread(call_trial, jobs, settings, lambda _, values: found.extend(values), "concepts",
               [len(origin.lives) for origin, _ in jobs])  # fmt: skip
    except Interrupted:
        found = complete_pairs(found)
        stopped = Interrupted(len(found) // 2, planned, "pairs")
        if not found:
            raise stopped from None
    return pd.DataFrame(found).sort_values(["row", "side", "replicate"], ignore_index=True), stopped


def complete_pairs(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Readings of which both sides are there."""
    sides_of = Counter((one["row"], one["replicate"]) for one in found)
    return [dict(one) for one in found if sides_of[one["row"], one["replicate"]] == len(SIDES)]


def sides(row: Row) -> dict[str, dict[str, Any]]:
    """Full settings of both sides of a row."""
    common = {"organisation": "midwest_telecom", "strategy": "as_is", **row.where}
    return {"off": {**common, **row.switch.off}, "on": {**common, **row.switch.on}}


def origins_of(rows: Sequence[int]) -> list[Origin]:
    """What has to be computed, every future once however many rows read it."""
    futures: dict[str, dict[str, tuple[Variant, list[tuple[int, str]]]]] = {}
    starts: dict[str, tuple[tuple[str, Any], ...]] = {}
    for k in rows:
        for side, chosen in sides(ROWS[k]).items():
            start = {n: v for n, v in chosen.items() if _from_the_start(n)}
            key = repr(sorted(start.items()))
            starts[key] = tuple(sorted(start.items()))
            kinds = ("simulated", "paper") if ROWS[k].reading.on_paper else ("simulated",)
            for kind in kinds:
                variant = variant_of(chosen, kind)
                _, readings = futures.setdefault(key, {}).setdefault(repr(variant), (variant, []))
                readings.append((k, side))
    return [
        Origin(starts[key], tuple(Life(variant, tuple(readings)) for variant, readings in lives.values()))
        for key, lives in futures.items()
    ]


def _from_the_start(name: str) -> bool:
    return (name in GROUPS and name != "strategy") or name.startswith(FROM_THE_START)


def variant_of(chosen: Mapping[str, Any], kind: str) -> Variant:
    """The future that follows from settings: a plan, and what else changes in month 0."""
    ready = _scenario((("strategy", chosen["strategy"]),)).strategy
    own = {n.removeprefix(PLAN): v for n, v in chosen.items() if n.startswith(PLAN)}
    rest = {n: v for n, v in chosen.items() if n not in GROUPS and not n.startswith((PLAN, *FROM_THE_START))}
    plan: Strategy = replace(ready, own) if own else ready
    return Variant(str(chosen["strategy"]), plan, kind, tuple(sorted(rest.items())))


@cache
def _scenario(groups: tuple[tuple[str, str], ...]) -> Scenario:
    return load_scenario([f"{group}={entry}" for group, entry in groups])


def scenario_of(settings: Settings) -> Scenario:
    """The organisation before any programme under settings, with few enough customers to be quick."""
    groups = tuple((n, v) for n, v in settings.items() if n in GROUPS and n != "strategy")
    base = _scenario(groups)
    smaller = sized(base, min(CUSTOMERS, base.organisation.customers.number))
    return replace(smaller, {n: v for n, v in settings.items() if n not in GROUPS})


def trial(seed: int, months: int, job: tuple[Origin, int]) -> list[dict[str, Any]]:
    """All readings of one replicate of one organisation; every replicate lives in the world of its number."""
    origin, replicate = job
    scenario = scenario_of(dict(origin.settings)).model_copy(update={"months": months})
    start = burn_in(in_world(scenario, seed, replicate), seed, replicate)
    rate = scenario.organisation.economics.monthly_discount
    papers: dict[tuple[int, str], Result] = {}
    rows: list[dict[str, Any]] = []
    for life in sorted(origin.lives, key=lambda life: life.variant.kind):  # paper comes before simulated
        model = fork(start, life.variant)
        result = follow(model)
        if life.variant.kind == "paper":
            papers |= dict.fromkeys(life.readings, result)
            continue
        for k, side in life.readings:
            outcome = Outcome(result, model.world, papers.get((k, side)), rate)
            rows.append({"row": k, "side": side, "replicate": replicate, "value": ROWS[k].reading.read(outcome)})
    return rows
