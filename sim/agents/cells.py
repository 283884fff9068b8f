"""Attributes of agents that live in a column: reading and writing one is reading and writing the agent's row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any, NoReturn, Self, overload

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError

type Rows = int | NDArray[np.int64]
type Names = tuple[str, ...] | Callable[[Any], tuple[str, ...]]


class Cell[T]:
    """One number per agent, kept in the column of the same name.

    Args:
        doc: what the number means, with unit.
        low: smallest value that may be written.
        high: largest value that may be written.
        fixed: True where rules rely on the value, so that it can be read and not written.
    """

    name = ""
    owner = ""

    def __init__(self, doc: str, low: float = -np.inf, high: float = np.inf, *, fixed: bool = False) -> None:
        """Keep the declaration."""
        self.__doc__ = doc
        self.low, self.high, self.fixed = low, high, fixed

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the column's name, and whose it is, from the class body."""
        self.name, self.owner = name, owner.__name__

    @overload
    def __get__(self, agent: None, owner: type) -> Self: ...
    @overload
    def __get__(self, agent: Any, owner: type) -> T: ...
    def __get__(self, agent: Any, owner: type) -> Self | T:
        """Read the agent's row (the declaration itself when asked of the class)."""
        if agent is None:
            return self
        return self.read(agent.model, agent.columns, agent.row)

    def __set__(self, agent: Any, value: T) -> None:
        """Write the agent's row.

        Raises:
            AttributeError: the attribute is fixed.
            InputError: not a finite number, out of range, or a fraction in a column of whole numbers.
        """
        self.write(agent.model, agent.columns, agent.row, value)

    def read(self, model: Any, columns: Any, row: int) -> T:
        """The value of one row as a Python number."""
        return getattr(columns, self.name).item(row)

    def write(self, model: Any, columns: Any, rows: Rows, value: object) -> None:
        """Check `value` and write it to one or many rows; errors as in `__set__`."""
        accepted = self.accept(model, columns, value)
        column = getattr(columns, self.name)
        for where, number in accepted.items():
            column[rows if where is None else (rows, where)] = number

    def accept(self, model: Any, columns: Any, value: object) -> dict[int | None, float]:
        """What would be written where (None: the whole cell); errors as in `__set__`."""
        self.refuse_if_fixed()
        return {None: self.number(value, getattr(columns, self.name).dtype, self.label)}

    def refuse_if_fixed(self) -> None:
        """Raise AttributeError if the attribute cannot be written."""
        if self.fixed:
            raise AttributeError(f"{self.label}: set by the rules and read-only")

    @property
    def label(self) -> str:
        """Dotted name for messages, as `employee.belief`."""
        return f"{self.owner.lower()}.{self.name}"

    def number(self, value: object, dtype: np.dtype[Any], label: str) -> float:
        """`value` if a column of this type and the declared range can hold it, else InputError."""
        low, high = self.low, self.high
        whole = dtype.kind == "i"
        if whole:
            low, high = max(low, np.iinfo(dtype).min), min(high, np.iinfo(dtype).max)
        if not isinstance(value, Real | np.bool_) or not np.isfinite(float(value)):
            raise InputError(label, "must be a finite number", value, "give a number")
        number = float(value)
        if whole and not number.is_integer():
            raise InputError(label, "must be a whole number", value, "round it")
        if not low <= number <= high:
            raise InputError(label, f"must lie between {low:g} and {high:g}", value, "give a value in that range")
        return int(number) if whole else number

    def values(self, columns: Any, rows: Any) -> NDArray[Any]:
        """The column at `rows`, widened to 64 bits: sums of a narrow column would overflow or lose digits."""
        column = getattr(columns, self.name)
        wide = np.float64 if column.dtype.kind == "f" else np.int64
        return column[rows].astype(wide)


class NamedValues(dict[str, Any]):
    """A read-only copy of a row of named values, as `{'insight_system': 0.4, ...}`."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        """Refuse a change that would never reach the column."""
        raise TypeError("this is a copy of the row; assign instead, as in silo.formal = {'insight_system': 0.4}")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        """Copies (also those of Mesa's DataCollector) and pickles are plain dictionaries."""
        return dict, (dict(self),)


class Vector(Cell[Mapping[str, Any]]):
    """One number per name and agent, kept in the matrix column of the same name.

    Reads as a mapping; an assigned mapping may hold some of the names, the others stay as they are.

    Args:
        doc: what the numbers mean, with unit.
        names: names of the columns of the matrix, or a function that finds them on the model.
        low: smallest value that may be written.
        high: largest value that may be written.
        states: words for the values 0, 1, 2, ..., where they stand for states.
    """

    def __init__(
        self, doc: str, names: Names, low: float = -np.inf, high: float = np.inf, *, states: tuple[str, ...] = ()
    ) -> None:
        """Keep the declaration."""
        super().__init__(doc, 0 if states else low, len(states) - 1 if states else high)
        self.names, self.states = names, states

    def names_on(self, model: Any, width: int) -> tuple[str, ...]:
        """Names of the `width` columns on this model; running numbers where the model names another count."""
        names = self.names(model) if callable(self.names) else self.names
        return names if len(names) == width else tuple(str(i) for i in range(width))

    def read(self, model: Any, columns: Any, row: int) -> NamedValues:
        """The values of one row by name."""
        values = getattr(columns, self.name)[row].tolist()
        named = [self.states[v] for v in values] if self.states else values
        return NamedValues(zip(self.names_on(model, len(values)), named, strict=True))

    def accept(self, model: Any, columns: Any, value: object) -> dict[int | None, float]:
        """What would be written in which column of the matrix; errors as in `Cell.__set__`."""
        if not isinstance(value, Mapping):
            raise InputError(self.label, "must be a mapping from name to value", value, "give {'name': value}")
        column = getattr(columns, self.name)
        names = self.names_on(model, column.shape[1])
        accepted: dict[int | None, float] = {}
        for name, item in value.items():
            if name not in names:
                raise InputError(self.label, "unknown name", name, f"choose from {', '.join(names)}")
            accepted[names.index(name)] = self.number(self.code(item), column.dtype, f"{self.label}.{name}")
        return accepted

    def code(self, value: object) -> object:
        """Number of a state given as a word; anything else is left as it is."""
        if not self.states or not isinstance(value, str):
            return value
        if value not in self.states:
            raise InputError(self.label, "unknown state", value, f"choose from {', '.join(self.states)}")
        return self.states.index(value)
