"""Sums in the order in which numpy adds, so that a rule may take over what numpy did without moving a bit.

Numpy adds a row of fewer than eight numbers one after the other, longer ones in eight interleaved parts, and halves
rows of more than 128 first; a table is added over its first axis row by row.
"""

from __future__ import annotations

from sim.compiled import rule, woven_in

BLOCK = 128  # numbers that numpy adds in one go


@rule
def pairwise(values):  # type: ignore[no-untyped-def]
    """Sum of a row, as `values.sum()`."""
    n = values.shape[0]
    if n < 8:
        total = 0.0
        for i in range(n):
            total += values[i]
        return total
    if n <= BLOCK:
        return _interleaved(values)
    half = n // 2
    half -= half % 8
    return pairwise(values[:half]) + pairwise(values[half:])


@rule
def _interleaved(values):  # type: ignore[no-untyped-def]
    n = values.shape[0]
    a, b, c, d, e, f, g, h = values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7]
    whole = n - n % 8
    for i in range(8, whole, 8):
        a += values[i]
        b += values[i + 1]
        c += values[i + 2]
        d += values[i + 3]
        e += values[i + 4]
        f += values[i + 5]
        g += values[i + 6]
        h += values[i + 7]
    total = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for i in range(whole, n):
        total += values[i]
    return total


@rule
def compensated(values):  # type: ignore[no-untyped-def]
    """Sum of a row with what rounding has lost on the way added at the end (Neumaier), as Python's `sum` of floats."""
    total, lost = 0.0, 0.0
    for value in values:
        both = total + value
        lost += (total - both) + value if abs(total) >= abs(value) else (value - both) + total
        total = both
    return total + lost


@woven_in
def column_sum(tallies, column):  # type: ignore[no-untyped-def]
    """Sum of one column over chunks and rows of `tallies` [chunk, row, column], as `tallies[:, :, column].sum()`."""
    rows = tallies.reshape(tallies.shape[0] * tallies.shape[1], tallies.shape[2])
    return pairwise(rows[:, column])


@woven_in
def ratio_of(tallies, column, base):  # type: ignore[no-untyped-def]
    """Sum of one column per sum of another, 0 if that is 0."""
    total = column_sum(tallies, base)
    return column_sum(tallies, column) / total if total != 0 else 0.0


@rule
def by_row(tallies):  # type: ignore[no-untyped-def]
    """Sums over chunks, shape [row, column], as `tallies.sum(axis=0)`."""
    total = tallies[0].copy()
    for chunk in range(1, tallies.shape[0]):
        for row in range(total.shape[0]):
            for column in range(total.shape[1]):
                total[row, column] += tallies[chunk, row, column]
    return total


@rule
def overall(tallies):  # type: ignore[no-untyped-def]
    """Sums over chunks and rows, shape [column], as `tallies.sum(axis=(0, 1))`."""
    total = tallies[0, 0].copy()
    for chunk in range(tallies.shape[0]):
        for row in range(tallies.shape[1]):
            if chunk + row > 0:
                for column in range(total.shape[0]):
                    total[column] += tallies[chunk, row, column]
    return total


@rule
def group_sum(values, first, last):  # type: ignore[no-untyped-def]
    """Sum of values[first:last] (at least one), as `np.add.reduceat` makes it: the first and the sum of the others."""
    return values[first] + pairwise(values[first + 1 : last])
