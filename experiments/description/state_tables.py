"""State variables per entity, from the declarations of columns and state."""

from __future__ import annotations

import typing
from typing import Any

import numpy as np

from experiments.description.markdown import table
from experiments.description.symbols import TABLES
from sim.agents import Customer, Employee, Leader, Silo
from sim.agents.cells import Cell, Vector
from sim.params.strategy import BEHAVIOURS, INITIATIVES
from sim.state import ACCOUNTS, State

ENTITIES: dict[str, tuple[str, Any]] = {
    "customers": ("Customer slot (customer or prospect)", Customer),
    "employees": ("Employee", Employee),
    "silos": ("Unit (silo)", Silo),
    "leaders": ("Leader", Leader),
}
WHOLE = {
    "climate": "What surrounds people",
    "plan": "The programme",
    "normal": "What is normal",
    "equity": "Customer equity, $",
}
TYPES = {"int8": "whole", "int32": "whole", "float32": "number, single precision", "float64": "number"}
WIDTH = {"Silo.traits": "traits", "Silo.chain": "5"}


def state_tables() -> str:
    """All tables."""
    page = ""
    for name, (title, agent) in ENTITIES.items():
        page += f"### {title}\n\n`{name}.`, one row per agent.\n\n{table(HEAD, entity_rows(TABLES[name], agent))}"
    for name, title in WHOLE.items():
        page += f"### {title}\n\n`{name}.`, once.\n\n{table(HEAD, plain_rows(TABLES[name]))}"
    page += f"### The rest\n\nOf the whole model.\n\n{table(HEAD, plain_rows(State))}"
    return page + f"The ledger (`sim/state.py`) has the accounts {', '.join(ACCOUNTS).replace('_', ' ')}.\n"


HEAD = ("variable", "type", "meaning")


def entity_rows(columns: Any, agent: Any) -> list[tuple[str, str, str]]:
    """Columns of one table; what they mean is said where they are shown as agents."""
    rows = []
    for name, kind in typing.get_type_hints(columns).items():
        shown = vars(agent)[name]
        assert isinstance(shown, Cell | Vector), name
        many = f", {size_of(agent.__name__, name)} each" if isinstance(shown, Vector) else ""
        rows.append((f"`{name}`", TYPES[kind_of(kind)] + many, str(shown.__doc__)))
    return rows


def size_of(agent: str, name: str) -> str:
    """How many numbers a row has."""
    if name == "behaviours":
        return str(len(BEHAVIOURS))
    return WIDTH.get(f"{agent}.{name}", str(len(INITIATIVES)))


def plain_rows(table_of: Any) -> list[tuple[str, str, str]]:
    """Fields whose meaning is declared beside them."""
    rows = []
    for name, kind in typing.get_type_hints(table_of, include_extras=True).items():
        meaning, inner = kind.__metadata__[0], kind.__origin__
        rows.append((f"`{name}`", TYPES.get(kind_of(inner), getattr(inner, "__name__", str(inner))), meaning))
    return rows


def kind_of(annotation: Any) -> str:
    """Name of the numbers in an array, or of the type itself."""
    for argument in typing.get_args(annotation):
        for inner in (argument, *typing.get_args(argument)):
            if isinstance(inner, type) and issubclass(inner, np.number):
                return inner.__name__
    return {float: "float64", int: "int32"}.get(annotation, getattr(annotation, "__name__", str(annotation)))
