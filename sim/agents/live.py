"""The sets that a model hands out: always whoever belongs to the model now."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from sim.agents.base import ColumnAgent
from sim.agents.parts import Part, ids_of, part_of_rows
from sim.agents.sets import ColumnAgentSet
from sim.errors import InputError


class LiveAgentSet(ColumnAgentSet):
    """All agents of some kinds, now and later; it follows joiners and leavers and cannot be changed itself.

    Args:
        model: the model.
        kinds: kinds of agents, in the order in which they stand in the set.
        others: whether Mesa agents that somebody registered with the model belong to it too.
    """

    def __init__(self, model: Any, kinds: tuple[type[ColumnAgent], ...], others: bool = False) -> None:
        """Remember the kinds."""
        super().__init__((), model.random)
        self.model, self._kinds, self._others = model, kinds, others

    def ids(self) -> NDArray[np.int64]:
        """The unique_ids of all agents of the kinds now."""
        found = [ids_of(self.model, kind) for kind in self._kinds]
        return np.concatenate([*found, self._other_ids()]) if len(found) != 1 or self._others else found[0]

    def parts(self) -> list[Part]:
        """All agents of the kinds now."""
        parts, start = [], 0
        for kind in self._kinds:
            part = part_of_rows(self.model, kind, start)
            start += part.size
            parts.append(part)
        others = self._other_ids()
        if len(others):
            parts.append(Part(None, slice(start, start + len(others)), others))
        return parts

    def _other_ids(self) -> NDArray[np.int64]:
        """The unique_ids of other Mesa agents."""
        return np.array(list(self.model.other_agents) if self._others else [], np.int64)

    def __len__(self) -> int:
        """Number of agents of the kinds now."""
        counts = (kind.count(kind.columns_of(self.model)) for kind in self._kinds)
        return sum(counts) + len(self._other_ids())

    def __contains__(self, agent: object) -> bool:
        """Whether the agent is of one of the kinds and still belongs to the model."""
        if isinstance(agent, ColumnAgent):
            return agent.model is self.model and type(agent) in self._kinds and agent.is_active
        return self._others and any(agent is other for other in self.model.other_agents.values())

    def result(self, ids: NDArray[np.int64], inplace: bool) -> ColumnAgentSet:
        """Another set; this one cannot be changed.

        Raises:
            InputError: a change in place is asked for.
        """
        if inplace:
            self._refuse("inplace", True)
        return self.of(self.model, ids)

    def add(self, agent: Any) -> None:
        """Refuse; see `_refuse`."""
        self._refuse("add", agent)

    def discard(self, agent: Any) -> None:
        """Refuse; see `_refuse`."""
        self._refuse("discard", agent)

    def remove(self, agent: Any) -> None:
        """Refuse; see `_refuse`."""
        self._refuse("remove", agent)

    def _refuse(self, what: str, value: object) -> NoReturn:
        """Raise InputError: the columns decide who belongs to the model."""
        rule = "the model's own set follows the columns and cannot be changed"
        raise InputError(f"model.agents: {what}", rule, value, "change a copy: model.agents.copy()")
