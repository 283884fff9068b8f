"""Attributes and methods of all members of a set of agents at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from sim.agents.parts import MISSING, Part, merge_values
from sim.errors import InputError

type Method = str | Callable[..., Any]


def caller(method: Method) -> Callable[..., Any]:
    """Function that calls `method` (a method's name or a function) for an agent."""
    if not isinstance(method, str):
        return method
    return lambda agent, *args, **kwargs: getattr(agent, method)(*args, **kwargs)


class Attributes(ABC):
    """The part of an agent set that reads, writes and calls its members."""

    model: Any

    @property
    @abstractmethod
    def random(self) -> Random:
        """The model's generator, used for order only."""

    @abstractmethod
    def ids(self) -> NDArray[np.int64]:
        """The unique_ids of the members now, in order."""

    @abstractmethod
    def parts(self) -> list[Part]:
        """The members now, sorted by kind."""

    @abstractmethod
    def __iter__(self) -> Iterator[Any]:
        """Show the members one after the other."""

    @abstractmethod
    def __len__(self) -> int:
        """Number of members."""

    def values(self, attribute: str, default: object = MISSING) -> NDArray[Any] | list[Any]:
        """An attribute of all members: an array of float64 or int64 where it lives in columns, else a list.

        Raises:
            AttributeError: a member lacks the attribute and no default is given.
        """
        parts = self.parts()
        found = [(part, part.values(self.model, attribute, default)) for part in parts]
        return merge_values(sum(part.size for part in parts), found)

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: Literal["error", "default"] = "error",
        default_value: Any = None,
    ) -> list[Any]:
        """Attribute of every member, or a list of attributes each, as Python values.

        Args:
            attr_names: one name or several.
            handle_missing: "error", or "default" to use `default_value` where a member lacks the attribute.
            default_value: see `handle_missing`.
        """
        if handle_missing not in ("error", "default"):
            raise InputError("handle_missing", "unknown option", handle_missing, "choose 'error' or 'default'")
        default = MISSING if handle_missing == "error" else default_value
        names = [attr_names] if isinstance(attr_names, str) else attr_names
        found = [self.values(name, default) for name in names]
        lists = [values.tolist() if isinstance(values, np.ndarray) else values for values in found]
        if isinstance(attr_names, str):
            return lists[0]
        return [list(row) for row in zip(*lists, strict=True)] if lists else [[] for _ in range(len(self))]

    def agg(self, attribute: str, func: Callable[[Any], Any] | Iterable[Callable[[Any], Any]]) -> Any:
        """Apply one function, or several, to the values of an attribute."""
        values = self.values(attribute)
        return func(values) if callable(func) else [f(values) for f in func]

    def set(self, attr_name: str, value: Any) -> Self:
        """Give an attribute of all members one value; nothing is written if one of them refuses it."""
        cells = [(part, part.kind.cell(attr_name) if part.kind else None) for part in self.parts()]
        for part, cell in cells:
            if part.kind is not None and cell is not None:
                cell.accept(self.model, part.kind.columns_of(self.model), value)
            elif part.kind is not None and (not part.kind.kept or hasattr(part.kind, attr_name)):
                raise AttributeError(f"{part.kind.__name__}.{attr_name} cannot be set")
        for part, cell in cells:
            if cell is not None:
                columns, rows, _ = part.places(self.model)
                cell.write(self.model, columns, rows, value)
            else:
                for agent in part.agents(self.model):
                    setattr(agent, attr_name, value)
        return self

    def do(self, method: Method, *args: Any, **kwargs: Any) -> Self:
        """Call a method (by name) or function for every member."""
        call = caller(method)
        for agent in self:
            call(agent, *args, **kwargs)
        return self

    def map(self, method: Method, *args: Any, **kwargs: Any) -> list[Any]:
        """Results of calling a method (by name) or function for every member."""
        call = caller(method)
        return [call(agent, *args, **kwargs) for agent in self]
