"""Organisations small enough for tests, made from the shipped ones."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.configuration import load_scenario
from sim.params.field import replace
from sim.params.scenario import Scenario


@pytest.fixture(scope="session")
def small_firm() -> Scenario:
    """The shipped small firm, a year of burn-in, no programme."""
    return shortened("small_firm", {"months": 24, "burn_in": 12})


def shortened(organisation: str, changes: dict[str, Any]) -> Scenario:
    """A shipped organisation with dotted parameters changed."""
    return replace(load_scenario([f"organisation={organisation}"]), changes)
