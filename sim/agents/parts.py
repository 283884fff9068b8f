"""From the numbers of agents to rows of columns and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.base import ColumnAgent
from sim.agents.customer import Customer
from sim.agents.employee import Employee
from sim.agents.leader import Leader
from sim.agents.silo import Silo

KINDS: tuple[type[ColumnAgent], ...] = (Silo, Leader, Employee, Customer)  # ascending first_id
FIRST = np.array([kind.first_id for kind in KINDS])
MISSING = object()


@dataclass(frozen=True)
class Part:
    """Agents of one kind in a set.

    Args:
        kind: the kind, None for other Mesa agents that somebody registered with the model.
        positions: where in the set they stand.
        ids: their unique_ids.
        rows: their rows instead, where they are known to be present.
    """

    kind: type[ColumnAgent] | None
    positions: NDArray[np.int64] | slice
    ids: NDArray[np.int64] | None
    rows: NDArray[np.int64] | None = None

    @property
    def size(self) -> int:
        """Number of agents."""
        known = self.ids if self.rows is None else self.rows
        assert known is not None
        return len(known)

    def numbers(self, model: Any) -> NDArray[np.int64]:
        """The unique_ids."""
        if self.ids is not None:
            return self.ids
        assert self.kind is not None and self.rows is not None
        return ids_at(model, self.kind, self.rows)

    def places(self, model: Any) -> tuple[Any, NDArray[np.int64], NDArray[np.int64]]:
        """Columns, rows and generations of the agents."""
        assert self.kind is not None
        columns = self.kind.columns_of(model)
        if self.ids is None:
            assert self.rows is not None
            return columns, self.rows, self.kind.generations(columns, self.rows)
        generations, rows = np.divmod(self.ids - self.kind.first_id, len(columns[0]))
        return columns, rows, generations

    def present(self, model: Any) -> NDArray[np.bool_]:
        """Which of the agents still belong to the model."""
        if self.kind is None:
            others = model.other_agents
            return np.array([number in others for number in self.numbers(model).tolist()], np.bool_)
        columns, rows, generations = self.places(model)
        return self.kind.present(columns, rows) & (self.kind.generations(columns, rows) == generations)

    def agents(self, model: Any) -> list[Any]:
        """The agents themselves."""
        numbers = self.numbers(model)
        if self.kind is None:
            others = model.other_agents
            return [others[number] for number in numbers.tolist()]
        _, rows, generations = self.places(model)
        places = zip(rows.tolist(), generations.tolist(), strict=True)
        show = self.kind.show
        if not self.kind.kept:
            return [show(model, row, generation) for row, generation in places]
        kept = model.kept_agents
        found = []
        for number, (row, generation) in zip(numbers.tolist(), places, strict=True):
            if number not in kept:
                kept[number] = show(model, row, generation)
            found.append(kept[number])
        return found

    def values(self, model: Any, attribute: str, default: object = MISSING) -> NDArray[Any] | list[Any]:
        """An attribute of every agent: an array of numbers where it lives in a column, else a list.

        Raises:
            AttributeError: an agent lacks the attribute and no default is given.
        """
        if attribute == "unique_id":
            return self.numbers(model)
        cell = None if self.kind is None else self.kind.cell(attribute)
        if self.kind is not None and cell is not None:
            columns, rows, _ = self.places(model)
            if getattr(columns, attribute).ndim == 1:
                return cell.values(columns, rows)
            return [cell.read(model, columns, row) for row in rows.tolist()]
        rest = () if default is MISSING else (default,)
        return [getattr(agent, attribute, *rest) for agent in self.agents(model)]


def ids_at(model: Any, kind: type[ColumnAgent], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The unique_ids of the agents of a kind who are now in these rows."""
    columns = kind.columns_of(model)
    return kind.first_id + kind.generations(columns, rows).astype(np.int64) * len(columns[0]) + rows


def ids_of(model: Any, kind: type[ColumnAgent]) -> NDArray[np.int64]:
    """The unique_ids of all agents of a kind, by ascending row."""
    return ids_at(model, kind, kind.present_rows(kind.columns_of(model)))


def part_of_rows(model: Any, kind: type[ColumnAgent], start: int) -> Part:
    """All agents of a kind, by ascending row, as the part of a set that begins at position `start`."""
    rows = kind.present_rows(kind.columns_of(model))
    return Part(kind, slice(start, start + len(rows)), None, rows)


def split(ids: NDArray[np.int64]) -> list[Part]:
    """Sort agents by kind, given their unique_ids."""
    codes = np.searchsorted(FIRST, ids, side="right")  # 0 for agents that do not live in columns
    if len(ids) and codes.min() == codes.max():
        return [Part(KINDS[codes[0] - 1] if codes[0] else None, slice(None), ids)]
    parts = []
    for code in np.unique(codes).tolist():
        positions = np.flatnonzero(codes == code)
        parts.append(Part(KINDS[code - 1] if code else None, positions, ids[positions]))
    return parts


def present_ids(model: Any, ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """The given unique_ids without those of agents who have left, in the same order."""
    keep = np.zeros(len(ids), np.bool_)
    for part in split(ids):
        keep[part.positions] = part.present(model)
    return ids if keep.all() else ids[keep]


def agents_of(model: Any, ids: NDArray[np.int64]) -> list[Any]:
    """The agents with the given unique_ids, in the same order."""
    parts = split(ids)
    return merge(len(ids), [(part, part.agents(model)) for part in parts])


def merge(length: int, found: Sequence[tuple[Part, list[Any]]]) -> list[Any]:
    """One list in the order of the set, from lists by kind."""
    if len(found) == 1:
        return found[0][1]
    out: list[Any] = [None] * length
    for part, items in found:
        for position, item in zip(np.arange(length)[part.positions].tolist(), items, strict=True):
            out[position] = item
    return out


def merge_values(length: int, found: list[tuple[Part, NDArray[Any] | list[Any]]]) -> NDArray[Any] | list[Any]:
    """Values in the order of the set: one array if every kind's values are arrays, else a list of Python values."""
    if len(found) == 1:
        return found[0][1]
    arrays = [values for _, values in found if isinstance(values, np.ndarray)]
    if not found or len(arrays) < len(found):
        return merge(length, [(p, v.tolist() if isinstance(v, np.ndarray) else v) for p, v in found])
    out = np.empty(length, np.result_type(*arrays))
    for part, values in found:
        out[part.positions] = values
    return out
