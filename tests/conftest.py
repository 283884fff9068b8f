"""Organisations small enough for tests, made from the shipped ones, and ways to compare what comes of them."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from experiments.configuration import load_scenario
from sim.params.field import replace
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy
from sim.run import Result


@pytest.fixture(scope="session")
def small_firm() -> Scenario:
    """The shipped small firm, a year of burn-in, no programme."""
    return shortened("small_firm", {"months": 18, "burn_in": 12})


def shortened(organisation: str, changes: dict[str, Any]) -> Scenario:
    """A shipped organisation with dotted parameters changed."""
    return replace(load_scenario([f"organisation={organisation}"]), changes)


def plan(name: str) -> Strategy:
    """A shipped strategy."""
    return load_scenario(["organisation=small_firm", f"strategy={name}"]).strategy


def first_difference(a: Result, b: Result) -> str:
    """Where two results differ, or nothing: bit for bit, NaN equal to NaN."""
    for tables in ("months", "silo_months", "why"):
        one, other = getattr(a, tables), getattr(b, tables)
        for name in one:
            if not np.array_equal(one[name], other[name], equal_nan=True):
                place = np.argwhere(~((one[name] == other[name]) | (np.isnan(one[name]) & np.isnan(other[name]))))[0]
                return f"{tables}.{name} at {place.tolist()}: {one[name][tuple(place)]} {other[name][tuple(place)]}"
    return "" if a.events == b.events else "events"


def flat(thing: Any, name: str = "state") -> dict[str, Any]:
    """Every number of a state by name, as copies."""
    if isinstance(thing, np.ndarray):
        return {name: thing.copy()}
    if dataclasses.is_dataclass(thing):
        pairs = [(field.name, getattr(thing, field.name)) for field in dataclasses.fields(thing)]
    elif isinstance(thing, tuple) and hasattr(thing, "_fields"):
        pairs = list(thing._asdict().items())
    elif isinstance(thing, dict):
        pairs = list(thing.items())
    else:
        return {name: list(thing) if isinstance(thing, list) else thing}
    return {key: value for part, inner in pairs for key, value in flat(inner, f"{name}.{part}").items()}


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Names of what differs between two flat states, bit for bit, NaN equal to NaN."""
    assert before.keys() == after.keys() and len(before) > 100
    return [name for name in before if not _same(before[name], after[name])]


def _same(one: Any, other: Any) -> bool:
    numbers = isinstance(one, np.ndarray | float)
    return bool(np.array_equal(one, other, equal_nan=True)) if numbers else bool(one == other)
