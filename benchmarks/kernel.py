"""The memory-bandwidth line: read customers' columns and write those that a month changes, and do nothing else."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from benchmarks.company import Size, company, under_way
from benchmarks.timing import seconds
from sim.columns import Customers

SELDOM = 0.1  # share of customers
WORDS = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}


class Traffic(NamedTuple):
    """Names of columns that a month reads only, and of those that it changes."""

    read: tuple[str, ...]
    written: tuple[str, ...]


@nb.njit(cache=True, nogil=True)  # type: ignore[misc,untyped-decorator,unused-ignore]
def read(column):  # type: ignore[no-untyped-def]
    """Read a column of whole numbers."""
    found = column[0]
    for i in range(column.shape[0]):
        found ^= column[i]
    return found


@nb.njit(cache=True, nogil=True)  # type: ignore[misc,untyped-decorator,unused-ignore]
def flip(column):  # type: ignore[no-untyped-def]
    """Read and write a column of whole numbers: every bit is turned."""
    for i in range(column.shape[0]):
        column[i] = ~column[i]


def traffic() -> Traffic:
    """Which columns a month changes, found out in a small company with portfolios.

    What changes only for those who leave or join counts as read.
    """
    model = under_way(company(Size(2_000, 200)), "customer_governance", 24)
    before = {name: column.copy() for name, column in model.state.customers._asdict().items()}
    model.advance()
    after = model.state.customers._asdict()
    written = tuple(name for name in before if np.mean(before[name] != after[name]) > SELDOM)
    return Traffic(tuple(name for name in before if name not in written), written)


def copy_month(customers: Customers, names: Traffic) -> float:
    """Seconds to read and write what a month of the customer phases has to; values are the same afterwards."""
    columns = customers._asdict()
    only_read = [as_words(columns[name]) for name in names.read]
    changed = [as_words(columns[name]) for name in names.written]

    def once() -> None:
        for column in only_read:
            read(column)
        for column in changed:
            flip(column)

    took = seconds(once)
    once()
    return took


def as_words(column: NDArray[np.generic]) -> NDArray[np.unsignedinteger]:
    """A column's memory as whole numbers of the same width."""
    return column.reshape(-1).view(WORDS[column.dtype.itemsize])
