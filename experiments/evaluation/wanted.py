"""What a study wants: one run for every point, strategy and replicate, each with its key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from experiments.complaints import InputErrors
from experiments.configuration import GROUPS
from experiments.designs.factor import LUCK, LUCKS, WORLD
from experiments.designs.space import Space, checked
from experiments.settings import RunSettings, Unknowns
from experiments.store.keys import life_key, run_key, scenario_key
from experiments.unknowns import ensemble_of, sets_of, values_of
from sim.errors import InputError
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy

SIMULATED = "simulated"
MOST_REPLICATES = 10_000
KEYS = ("point", "scenario", "replicate", "world", "run")


@dataclass(frozen=True)
class Future:
    """One run asked of a life.

    Args:
        key: hash of all that decides it.
        plan: what is done from month 0.
        kind: "simulated" or "paper".
    """

    key: str
    plan: Strategy
    kind: str = SIMULATED


@dataclass(frozen=True)
class Life:
    """An organisation whose burn-in is run once and from which futures fork.

    Args:
        scenario: resolved, without its plan.
        seed: seed of all draws.
        replicate: which of the seed's lives.
        futures: runs asked for.
    """

    scenario: Scenario
    seed: int
    replicate: int
    futures: tuple[Future, ...]


class Wanted:
    """Every run of a study.

    Args:
        space: scenarios and plans around the base.
        points: one row per point, one column per factor.
        settings: replicates, seed, unknowns.
        replicates: which replicates, if not the first ones.
    """

    def __init__(
        self, space: Space, points: pd.DataFrame, settings: RunSettings, replicates: Sequence[int] | None = None
    ) -> None:
        """Resolve and check every point, and give every run its key.

        Raises:
            InputErrors: a point breaks a rule; nothing has been computed.
        """
        self.space, self.points, self.settings = space, points, settings
        self.replicates = range(settings.replicates) if replicates is None else replicates
        self._rows = [{str(name): v for name, v in row.items()} for row in points.to_dict("records")]
        self._sets: dict[str, dict[int, int]] = {}
        self._worlds: dict[tuple[str, int], dict[str, float]] = {}
        self.places: dict[str, dict[str, tuple[int, str, int]]] = {}  # life -> run -> (point, strategy, replicate)
        self.table = pd.DataFrame(list(self._runs()), columns=list(KEYS))

    def _runs(self) -> Iterator[tuple[int, str, int, int, str]]:
        """Keys of every run; runs that are the same have the same."""
        for number, point in enumerate(self._rows):
            plans: dict[str, Strategy] = {}
            worlds: dict[int, str] = {}  # world -> key of the scenario in it
            for replicate in self.replicates:
                with _named(number):
                    world = self.world(point, replicate)
                if world not in worlds:
                    with _named(number):
                        scenario = self.scenario_in(point, world)
                        plans = plans or self._plans(scenario, point)
                    worlds[world] = scenario_key(scenario)
                life = life_key(worlds[world], self.settings.seed, lived(point, replicate))
                for name, plan in plans.items():
                    key = run_key(life, plan, SIMULATED)
                    self.places.setdefault(life, {}).setdefault(key, (number, name, replicate))
                    yield number, name, replicate, world, key

    def _plans(self, scenario: Scenario, point: Mapping[str, Any]) -> dict[str, Strategy]:
        """All plans at a point."""
        plans = {name: self.space.plan_at(point, name) for name in self.space.strategies}
        for plan in plans.values():
            scenario.require_names(plan)
        return plans

    def world(self, point: Mapping[str, Any], replicate: int) -> int:
        """World in which a replicate lives, by the number of its set: the point's own if it names one."""
        if WORLD in point:
            return int(point[WORLD])
        choices = {name: value for name, value in point.items() if name in GROUPS}
        at = str(sorted(choices.items()))
        if at not in self._sets:
            self._sets[at] = sets_of(self.space.base(choices), self.settings, self.replicates)
        return self._sets[at][replicate]

    def scenario_in(self, point: Mapping[str, Any], world: int) -> Scenario:
        """Resolved scenario without plan: what the point sets stands over what its world holds.

        Raises:
            InputErrors: a value breaks a rule.
        """
        choices = {name: value for name, value in point.items() if name in GROUPS}
        base = self.space.base(choices)
        drawn = self._world_values(base, choices, world)
        changed = checked(base, {**drawn, **self.space.values_at(point)})
        return changed.model_copy(update={"strategy": Strategy()})

    def _world_values(self, base: Scenario, choices: Mapping[str, str], world: int) -> dict[str, float]:
        if self.settings.unknowns is Unknowns.DEFAULT:
            return {}
        at = (str(sorted(choices.items())), world)
        if at not in self._worlds:
            self._worlds[at] = values_of(base, self.settings.seed, world, ensemble_of(self.settings))[0]
        return self._worlds[at]

    @cached_property
    def runs(self) -> list[str]:
        """Keys of all runs, each once."""
        return list(dict.fromkeys(self.table["run"]))

    def lives(self, missing: set[str]) -> list[tuple[str, ...]]:
        """Runs that are missing, together with those of the same life."""
        found = [tuple(key for key in futures if key in missing) for futures in self.places.values()]
        return [keys for keys in found if keys]

    @cached_property
    def _place(self) -> dict[str, tuple[int, str, int]]:
        return {key: place for futures in self.places.values() for key, place in futures.items()}

    def life(self, keys: Sequence[str]) -> Life:
        """A life with some of its runs, ready to be computed."""
        number, _, replicate = self._place[keys[0]]
        point = self._rows[number]
        scenario = self.scenario_in(point, self.world(point, replicate))
        plans = [self.space.plan_at(self._rows[self._place[key][0]], self._place[key][1]) for key in keys]
        futures = tuple(Future(key, plan) for key, plan in zip(keys, plans, strict=True))
        return Life(scenario, self.settings.seed, lived(point, replicate), futures)

    def named(self, key: str) -> dict[str, Any]:
        """Where a run stands first in the study: point, its values, strategy, replicate."""
        number, strategy, replicate = self._place[key]
        return {"point": number, **self._rows[number], "scenario": strategy, "replicate": replicate, "run": key}


def lived(point: Mapping[str, Any], replicate: int) -> int:
    """Which life a replicate is; the factor of luck chooses another one."""
    return replicate + MOST_REPLICATES * min(int(point.get(LUCK, 0.0) * LUCKS), LUCKS - 1)


@contextmanager
def _named(number: int) -> Iterator[None]:
    """Say at which point a rule is broken."""
    try:
        yield
    except (InputErrors, InputError) as error:
        problems = error if isinstance(error, InputErrors) else InputErrors([error])
        raise problems.under(f"point {number}: ") from None
