"""The set type that shows columns as Mesa agents."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any, Self

import numpy as np
from mesa import Agent
from mesa.agentset import AbstractAgentSet
from numpy.typing import NDArray

from sim.agents.choosing import CHUNK, Choosing
from sim.agents.parts import Part, agents_of, present_ids, split
from sim.errors import InputError


class ColumnAgentSet(Choosing, AbstractAgentSet):
    """An ordered set of agents with Mesa's interface that holds numbers instead of objects.

    Attributes that live in columns are read, written, sorted and aggregated by column. As in Mesa, agents who have left
    drop out. Aggregating functions receive an array of float64 or int64 for such attributes, a list for others.

    Args:
        agents: agents of one model.
        random: ignored, as the model's generator is used; Mesa passes it.
    """

    def __init__(self, agents: Iterable[Any], random: Random | None = None) -> None:
        """Remember the agents' numbers."""
        unique = list(dict.fromkeys(agents))
        self.model: Any = unique[0].model if unique else None
        self._ids = np.array([agent.unique_id for agent in unique], np.int64)
        self._random = random

    @classmethod
    def of(cls, model: Any, ids: NDArray[np.int64]) -> ColumnAgentSet:
        """The set of a model's agents with the given unique_ids, in that order."""
        found = ColumnAgentSet((), model.random if model is not None else None)
        found.model, found._ids = model, ids
        return found

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> ColumnAgentSet:
        """Result of `|`, `&`, `-` and `^`."""
        return ColumnAgentSet(it)

    @property
    def random(self) -> Random:
        """The model's generator, used for order only."""
        if self.model is not None:
            return self.model.random
        return self._random or Random(0)

    def ids(self) -> NDArray[np.int64]:
        """The unique_ids of the members now, in order."""
        return present_ids(self.model, self._ids) if len(self._ids) else self._ids

    def parts(self) -> list[Part]:
        """The members now, sorted by kind."""
        return split(self.ids())

    def __len__(self) -> int:
        """Number of members."""
        return len(self.ids())

    def __iter__(self) -> Iterator[Any]:
        """Show the members one after the other."""
        ids = self.ids()
        for start in range(0, len(ids), CHUNK):
            yield from agents_of(self.model, ids[start : start + CHUNK])

    def __contains__(self, agent: object) -> bool:
        """Whether the agent is a member."""
        if not isinstance(agent, Agent) or agent.model is not self.model:
            return False
        return bool(np.any(self.ids() == agent.unique_id))

    def __getitem__(self, item: int | slice) -> Any:
        """One member by position, or a list of members by slice."""
        ids = self.ids()
        if isinstance(item, slice):
            return agents_of(self.model, ids[item])
        position = operator.index(item)
        if not -len(ids) <= position < len(ids):
            raise IndexError(f"the set has {len(ids)} agents, there is none at position {position}")
        return agents_of(self.model, ids[[position]])[0]

    def to_list(self) -> list[Any]:
        """All members as a list of objects."""
        return list(self)

    def copy(self) -> ColumnAgentSet:
        """A set of the same agents that may be changed."""
        return self.of(self.model, self.ids().copy())

    __copy__ = copy

    def result(self, ids: NDArray[np.int64], inplace: bool) -> ColumnAgentSet:
        """This set with other members, or another set."""
        if not inplace:
            return self.of(self.model, ids)
        self._ids = ids
        return self

    def _update(self, agents: Iterable[Any]) -> Self:
        """Replace the members."""
        other = ColumnAgentSet(agents)
        self.result(other._ids, inplace=True)
        return self

    def add(self, agent: Any) -> None:
        """Add an agent of the same model to this set (not to the model)."""
        if self.model is None:
            self.model = agent.model
        if agent.model is not self.model:
            raise InputError("agent", "belongs to another model", agent, "keep one set per model")
        if agent not in self:
            self.result(np.append(self.ids(), agent.unique_id), inplace=True)

    def discard(self, agent: Any) -> None:
        """Take an agent out of this set (not out of the model), if she is in it."""
        if agent in self:
            ids = self.ids()
            self.result(ids[ids != agent.unique_id], inplace=True)

    def remove(self, agent: Any) -> None:
        """Take an agent out of this set (not out of the model).

        Raises:
            KeyError: she is not in the set.
        """
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def __repr__(self) -> str:
        """Kinds and numbers of members."""
        counts = (f"{part.size} {part.kind.__name__ if part.kind else 'other'}" for part in self.parts())
        return f"<agents: {', '.join(counts)}>"
