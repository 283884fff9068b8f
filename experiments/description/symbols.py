"""What a name in the code stands for, as far as the description is concerned with it."""

from __future__ import annotations

import typing
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from sim.columns import Customers, Employees, Leaders, Network, Silos
from sim.params.scenario import Scenario
from sim.state import Climate, Equity, Ledger, Normal, Plan, State, Tally, Why

TABLES: dict[str, Any] = {
    "customers": Customers, "employees": Employees, "silos": Silos, "leaders": Leaders, "network": Network,
    "tally": Tally, "why": Why, "plan": Plan, "climate": Climate, "normal": Normal, "ledger": Ledger, "equity": Equity,
}  # fmt: skip
STATE_VARIABLES = {name: tuple(typing.get_type_hints(table)) for name, table in TABLES.items()}
LOOSE = tuple(name for name in typing.get_type_hints(State) if name not in TABLES)


@dataclass(frozen=True)
class Thing:
    """One of the objects that every phase gets: world, rules, state, structure or a part of the structure."""

    name: str


@dataclass(frozen=True)
class Group:
    """A parameter model, or with `many` a dictionary of them, at a dotted name."""

    model: type[BaseModel]
    path: str
    many: bool = False

    def element(self) -> Group:
        """One of many, whose key the description calls NAME."""
        return Group(self.model, f"{self.path}.NAME")

    def field(self, name: str) -> Group | None:
        """What a field holds if it is a model or a dictionary of models."""
        return group_of(self.model.model_fields[name].annotation, f"{self.path}.{name}".lstrip("."))


@dataclass(frozen=True)
class Table:
    """A table of the state."""

    name: str


@dataclass(frozen=True)
class Column:
    """One variable of the state."""

    name: str


@dataclass(frozen=True)
class Several:
    """Members of a tuple, or what an iteration may hand out."""

    members: tuple[Any, ...]


@dataclass(frozen=True)
class Words:
    """Names that a loop goes through."""

    names: tuple[str, ...]


SCENARIO = Group(Scenario, "")
type Symbol = Thing | Group | Table | Column | Several | Words | None


def group_of(annotation: Any, path: str) -> Group | None:
    """The model that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Group(annotation, path)
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is dict and isinstance(arguments[1], type):
        return Group(arguments[1], path, many=True) if issubclass(arguments[1], BaseModel) else None
    return None


def leaves(group: Group) -> list[str]:
    """Dotted names of all numbers below a model."""
    found: list[str] = []
    for name in group.model.model_fields:
        below = group.field(name)
        if below is None:
            found.append(f"{group.path}.{name}".lstrip("."))
        else:
            found += leaves(below.element() if below.many else below)
    return found


def groups_by_rule() -> dict[str, Group]:
    """The groups under the names by which rules know them (`sim.state.rules_of`)."""
    from sim.state import rules_of  # noqa: PLC0415

    models = {name: type(model) for name, model in rules_of(example())._asdict().items()}
    places = {group.model: group for group in _groups(SCENARIO)}
    return {name: places[model] for name, model in models.items()}


def example() -> Scenario:
    """Any scenario: only its types are looked at."""
    from experiments.configuration import load_scenario  # noqa: PLC0415

    return load_scenario(["organisation=small_firm"])


def _groups(group: Group) -> list[Group]:
    found = [group]
    for name in group.model.model_fields:
        below = group.field(name)
        if below is not None and not below.many:
            found += _groups(below)
    return found
