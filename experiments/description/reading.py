"""Follow a phase through the syntax trees of its functions: what it reads, writes, draws and which rules it calls.

A name is followed from where it is bound to where it is used, also into the functions that it is handed to. Whatever
cannot be followed is left out, never guessed; that nothing is missing is what `tests/test_description.py` checks.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from experiments.description.scope import Scope
from experiments.description.source import plain, tree_of
from experiments.description.symbols import (
    LOOSE,
    SCENARIO,
    STATE_VARIABLES,
    TABLES,
    Column,
    Group,
    Several,
    Symbol,
    Table,
    Thing,
    groups_by_rule,
)
from sim import compiled
from sim.world import World

ALONG = ("world", "state", "structure", "rules", "scenario")  # arguments that are always called so
STRUCTURES = {
    "signs": ("organisation.traits.NAME.signs",),
    "frailties": ("organisation.customers.retention_table", "organisation.customers.fit_years"),
    "silos": (), "functions": ("organisation.silos.NAME.function",), "n_product": ("organisation.silos.NAME.function",),
}  # fmt: skip
FITTED = STRUCTURES["frailties"]
SEGMENTS = {
    "hazard": FITTED, "shape": FITTED, "log_frailty": FITTED,
    "log_spend": ("organisation.customers.segments.NAME.spend_median",),
    "spread": ("organisation.customers.segments.NAME.spend_spread",),
}  # fmt: skip


@dataclass
class Found:
    """What a phase does with the world."""

    functions: dict[str, None] = field(default_factory=dict)  # module.name of plain functions, in the order of calls
    rules: dict[str, None] = field(default_factory=dict)  # the same for compiled rules
    parameters: set[str] = field(default_factory=set)
    streams: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)


def follow(start: Callable[..., Any]) -> Found:
    """Follow one function and everything of the model that it calls."""
    reader = Reader()
    reader.function(start, {})
    return reader.found


def is_rule(function: Any) -> bool:
    """True for compiled rules."""
    return any(plain(one) is function for one in compiled._RULES)


class Reader:
    """Walks through functions with what their names stand for."""

    def __init__(self) -> None:
        """Nothing is found yet."""
        self.found = Found()
        self.done: dict[tuple[int, str], Symbol] = {}
        self.rules = groups_by_rule()

    def function(self, thing: Any, bound: dict[str, Symbol]) -> Symbol:
        """Read one function with its arguments bound; what it returns."""
        function = plain(thing)
        key = (id(function), repr(sorted((k, repr(v)) for k, v in bound.items())))
        if key in self.done:
            return self.done[key]
        self.done[key] = None
        name = f"{function.__module__.removeprefix('sim.')}.{function.__qualname__}"
        if is_rule(function):
            self.found.rules.setdefault(name)
        else:
            self.found.functions.setdefault(name)
        node = tree_of(function)
        names = {a.arg: along(a.arg) for a in node.args.args} | bound
        scope = Scope(self, names, inspect.getmodule(function))
        for statement in node.body:
            scope.visit(statement)
        self.done[key] = scope.returned
        return scope.returned

    def read(self, group: Group, name: str) -> Symbol:
        """Read an attribute of a parameter model."""
        if name in group.model.model_fields:
            below = group.field(name)
            if below is None:
                self.found.parameters.add(f"{group.path}.{name}".lstrip("."))
            return below
        member = inspect.getattr_static(group.model, name, None)
        return self.function(member.fget, {"self": group}) if isinstance(member, property) else None

    def attribute(self, owner: Symbol, name: str, store: bool) -> Symbol:
        """Meaning of owner.name."""
        if isinstance(owner, Several):
            found = [self.attribute(one, name, store) for one in owner.members if isinstance(one, Group)]
            return found[0] if found else None
        if isinstance(owner, Group) and not owner.many:
            return self.read(owner, name)
        if isinstance(owner, Table) and name in STATE_VARIABLES[owner.name]:
            return self.note(Column(f"{owner.name}.{name}"), store)
        return self.of_thing(owner.name, name, store) if isinstance(owner, Thing) else None

    def note(self, column: Column, store: bool) -> Column:
        """Remember that a variable is read or written."""
        (self.found.writes if store else self.found.reads).add(column.name)
        return column

    def of_thing(self, owner: str, name: str, store: bool) -> Symbol:
        """Meaning of an attribute of the objects that every phase gets."""
        if owner == "world":
            member = inspect.getattr_static(World, name, None)
            if isinstance(member, property):
                return self.function(member.fget, {"self": Thing("world")})
            known: dict[str, Symbol] = {"scenario": SCENARIO, "records": Thing("rules")}
            return known.get(name, Thing(name))
        if owner == "rules":
            return self.rules.get(name)
        if owner == "state":
            return Table(name) if name in TABLES else self.note(Column(name), store) if name in LOOSE else None
        return self.of_structure(owner, name)

    def of_structure(self, owner: str, name: str) -> Symbol:
        """What never changes comes from parameters as well."""
        initiative = Group(SCENARIO.model, "").field("programme")
        if owner == "structure" and name in ("initiatives", "segments"):
            return Thing(name)
        if owner == "structure":
            self.found.parameters.update(STRUCTURES.get(name, ()))
        if owner == "segments":
            self.found.parameters.update(SEGMENTS[name])
        if owner == "initiatives" and initiative is not None:
            self.found.parameters.add(f"programme.initiatives.NAME.{RENAMED.get(name, name)}")
        return None


RENAMED = {"install": "install_months", "labels": "label"}


def along(name: str) -> Symbol:
    """What an argument of this name always is."""
    if name == "scenario":
        return SCENARIO
    return Thing(name) if name in ALONG else None
