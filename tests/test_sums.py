"""Sums of rules are those of numpy, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from sim.sums import by_row, column_sum, compensated, group_sum, overall, pairwise

CHANCE = np.random.default_rng(5)


def numbers(*shape: int) -> np.ndarray:
    """Numbers of very different size, whose sum depends on the order in which they are added."""
    return CHANCE.normal(size=shape) * 10.0 ** CHANCE.integers(-6, 6, size=shape)


@pytest.mark.parametrize("n", [0, 1, 2, 5, 7, 8, 9, 15, 16, 31, 127, 128, 129, 136, 200, 1000, 4097])
def test_a_row_is_added_in_numpys_order(n: int) -> None:
    for _ in range(20):
        row, table = numbers(n), numbers(n, 3)
        assert pairwise(row) == row.sum() and pairwise(table[:, 1]) == table[:, 1].sum()


@pytest.mark.parametrize("chunks", [1, 2, 3, 16, 153])
def test_tables_of_counts_are_added_in_numpys_order(chunks: int) -> None:
    for units in (2, 3, 7, 8, 12):
        table = numbers(chunks, units, 5)
        assert column_sum(table, 3) == table[:, :, 3].sum()
        np.testing.assert_array_equal(by_row(table), table.sum(axis=0))
        np.testing.assert_array_equal(overall(table), table.sum(axis=(0, 1)))


@pytest.mark.parametrize("n", [0, 1, 2, 4, 9, 100])
def test_what_rounding_loses_is_kept_as_python_does(n: int) -> None:
    for _ in range(50):
        row = numbers(n)
        assert compensated(row) == sum(row.tolist())


def test_groups_are_added_in_numpys_order() -> None:
    for _ in range(50):
        row, first = numbers(300), np.array([0, 1, 4, 12, 20, 37, 180])
        found = [group_sum(row, a, b) for a, b in zip(first, [*first[1:], 300], strict=True)]
        assert found == np.add.reduceat(row, first).tolist()
