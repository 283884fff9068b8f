"""Customers in order of unit and segment, and loops over tiles of them: order and tiles decide nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.columns import Customers
from sim.exponential import LARGEST, exp
from sim.model import OrganisationModel
from sim.phases.tiles import TILE, end_of_tile, find
from sim.run import Variant, burn_in, fork
from tests.test_rules import rich_scenario, rich_strategy

MONTHS = 6


@pytest.fixture(scope="module")
def under_way() -> OrganisationModel:
    """Owners, tiers, offers, moments and launches in use."""
    model = fork(burn_in(rich_scenario(), 3, 0), Variant("rich", rich_strategy()))
    model.run_for(10)
    return model


def test_rows_are_in_order_and_slots_complete(under_way: OrganisationModel) -> None:
    c = under_way.state.customers
    place = c.home.astype(int) * 100 + c.segment
    assert (np.diff(place) >= 0).all() and len(np.unique(place)) > 3
    assert (np.sort(c.slot) == np.arange(len(c.slot))).all()
    same = np.diff(place) == 0
    assert (np.diff(c.slot.astype(int))[same] > 0).all()


def test_luck_belongs_to_the_slot_and_not_to_the_row(under_way: OrganisationModel) -> None:
    """A twin with its rows shuffled lives the same months, customer by customer."""
    twin = under_way.fork(under_way.inputs)
    order = np.random.default_rng(1).permutation(len(twin.state.customers.slot))
    for column in twin.state.customers:
        column[:] = column[order]
    one = under_way.fork(under_way.inputs)
    joined = 0
    for _ in range(MONTHS):
        before = one.state.customers.generation.copy()
        one.advance(), twin.advance()
        joined += int((one.state.customers.generation > before).sum())
    assert joined > 20  # slots have changed hands
    for name in Customers._fields:
        a, b = (getattr(model.state.customers, name) for model in (one, twin))
        a, b = a[np.argsort(one.state.customers.slot)], b[np.argsort(twin.state.customers.slot)]
        if a.dtype == np.float32:
            np.testing.assert_allclose(b, a, rtol=1e-4, atol=1e-6, err_msg=name)
        else:
            np.testing.assert_array_equal(b, a, err_msg=name)


def test_a_tile_ends_where_unit_or_segment_change_or_it_is_full() -> None:
    home, segment = np.zeros(3 * TILE, np.int8), np.zeros(3 * TILE, np.int8)
    home[10:], segment[20:] = 1, 1
    assert [end_of_tile(home, segment, start, 3 * TILE) for start in (0, 10, 20, 20 + TILE)] == [
        10, 20, 20 + TILE, 20 + 2 * TILE,
    ]  # fmt: skip
    assert end_of_tile(home, segment, 0, 5) == 5


def test_rows_found_are_those_wanted() -> None:
    wanted, rows = np.array([0, 1, 1, 0, 1], np.int8), np.zeros(5, np.int64)
    assert find(wanted, 100, rows) == 3 and rows[:3].tolist() == [101, 102, 104]


def test_exponential_is_that_of_the_library() -> None:
    """Within a unit in the last place everywhere, exact at 0, cut off far outside."""
    values = np.concatenate([np.linspace(-LARGEST, LARGEST, 20_001), np.random.default_rng(0).normal(0, 3, 20_000)])
    for x in values.tolist():
        expected = math.exp(x)
        assert abs(exp(x) - expected) <= 1.0001 * math.ulp(expected)
    assert exp(0.0) == 1.0
    assert exp(1e6) == exp(LARGEST) and exp(-1e6) == exp(-LARGEST) > 0
