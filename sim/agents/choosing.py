"""Choosing, ordering and grouping members of a set of agents."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from sim.agents.attributes import Attributes, Method
from sim.agents.groups import ColumnGroups
from sim.agents.parts import agents_of, split

if TYPE_CHECKING:
    from sim.agents.sets import ColumnAgentSet

CHUNK = 4096  # agents shown at a time


class Choosing(Attributes):
    """The part of an agent set that makes other sets of its members."""

    @abstractmethod
    def result(self, ids: NDArray[np.int64], inplace: bool) -> ColumnAgentSet:
        """This set with other members, or another set."""

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> ColumnAgentSet:
        """Choose members, as in Mesa.

        Args:
            filter_func: keeps the agents for which it is true; it is asked agent by agent, `where` works by column.
            at_most: largest number of agents, or share of the set if a float up to 1.
            inplace: change this set instead of returning another.
            agent_type: keeps the agents of this type.
        """
        ids = self.ids()
        if at_most <= 1.0 and isinstance(at_most, float):
            at_most = int(len(ids) * at_most)
        if agent_type is not None:
            keep = np.zeros(len(ids), np.bool_)
            for part in split(ids):
                keep[part.positions] = (
                    issubclass(part.kind, agent_type)
                    if part.kind is not None
                    else [isinstance(agent, agent_type) for agent in part.agents(self.model)]
                )
            ids = ids[keep]
        if filter_func is not None:
            ids = self._filter(ids, filter_func, at_most)
        elif at_most < len(ids):
            ids = ids[: max(int(np.ceil(at_most)), 0)]
        return self.result(ids, inplace)

    def _filter(self, ids: NDArray[np.int64], test: Callable[[Any], bool], at_most: float) -> NDArray[np.int64]:
        """The first `at_most` of the agents for which the test is true."""
        found: list[int] = []
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            for number, agent in zip(chunk.tolist(), agents_of(self.model, chunk), strict=True):
                if len(found) >= at_most:
                    return np.array(found, np.int64)
                if test(agent):
                    found.append(number)
        return np.array(found, np.int64)

    def where(self, attribute: str, test: Callable[[NDArray[Any]], Any]) -> ColumnAgentSet:
        """Choose members by column, as in `where("satisfaction", lambda s: s < 0.3)`.

        Args:
            attribute: an attribute of all members.
            test: function from the array of values to an array of true and false.
        """
        return self.result(self.ids()[np.asarray(test(np.asarray(self.values(attribute))), np.bool_)], inplace=False)

    def shuffle(self, inplace: bool = False) -> ColumnAgentSet:
        """The members in random order (one draw from `model.random`, whatever the length)."""
        order = np.random.default_rng(self.random.getrandbits(64))
        return self.result(order.permutation(self.ids()), inplace)

    def shuffle_do(self, method: Method, *args: Any, **kwargs: Any) -> Self:
        """Call a method (by name) or function for every member in random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def sort(self, key: Method, ascending: bool = False, inplace: bool = False) -> ColumnAgentSet:
        """The members by an attribute or a function, largest first unless `ascending`; ties keep their order."""
        ids = self.ids()
        values = self.values(key) if isinstance(key, str) else [key(agent) for agent in self]
        if isinstance(values, np.ndarray):
            order = np.argsort(values if ascending else -values, kind="stable")
        else:
            ranked = sorted(range(len(ids)), key=values.__getitem__, reverse=not ascending)
            order = np.array(ranked, np.int64)
        return self.result(ids[order], inplace)

    def groupby(
        self, by: Callable[[Any], Any] | str, result_type: Literal["agentset", "list"] = "agentset"
    ) -> ColumnGroups:
        """Members with the same value of an attribute or function, as agent sets or lists."""
        ids = self.ids()
        values = self.values(by) if isinstance(by, str) else [by(agent) for agent in self]
        positions: dict[Any, Any] = {}
        if isinstance(values, np.ndarray) and len(values):
            keys, first, group = np.unique(values, return_index=True, return_inverse=True)
            members = np.split(np.argsort(group, kind="stable"), np.cumsum(np.bincount(group))[:-1])
            positions = {keys[k].item(): members[k] for k in np.argsort(first)}
        else:
            for position, value in enumerate(values):
                positions.setdefault(value, []).append(position)
        sets = {key: self.result(ids[where], inplace=False) for key, where in positions.items()}
        if result_type == "agentset":
            return ColumnGroups(sets)
        return ColumnGroups({key: found.to_list() for key, found in sets.items()})
