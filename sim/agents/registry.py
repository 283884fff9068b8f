"""What a model needs in order to show its columns as agents."""

from __future__ import annotations

from typing import Any

import numpy as np
from mesa import Agent

from sim.agents.live import LiveAgentSet
from sim.agents.parts import KINDS, agents_of, present_ids
from sim.agents.sets import ColumnAgentSet
from sim.errors import InputError


class ColumnAgents:
    """Mixed into a `mesa.Model`, in front of it: its columns become `model.agents`.

    Needs `self.state` with `customers`, `employees`, `silos`, `leaders` as in `sim.columns`. Nothing is built, and
    nothing has to be called, until somebody asks for an agent. Mesa agents of other types may be registered as usual.

    Attributes:
        silo_names: names of the silos in row order.
        trait_names: names of the culture's traits in column order, if known.
        segment_names: names of the customers' segments by number, if known.
    """

    state: Any
    silo_names: tuple[str, ...] = ()
    trait_names: tuple[str, ...] = ()
    segment_names: tuple[str, ...] = ()

    @property
    def agents(self) -> ColumnAgentSet:
        """All agents: silos, leaders, employees, customers, then any that were registered in Mesa's way."""
        return LiveAgentSet(self, KINDS, others=True)

    @property
    def agents_by_type(self) -> dict[type[Agent], Any]:
        """Agent type -> set of all agents of that type."""
        own: dict[type[Agent], Any] = {kind: LiveAgentSet(self, (kind,)) for kind in KINDS}
        return own | self._agents_by_type  # type: ignore[attr-defined]

    @property
    def agent_types(self) -> list[type]:
        """All types of agents."""
        return list(self.agents_by_type)

    def agent(self, unique_id: int) -> Any:
        """The agent with this number.

        Raises:
            InputError: nobody in the model has it.
        """
        ids = present_ids(self, np.array([unique_id], np.int64))
        if not len(ids):
            advice = "see model.agents.get('unique_id')"
            raise InputError("unique_id", "no agent of the model has it now", unique_id, advice)
        return agents_of(self, ids)[0]

    @property
    def other_agents(self) -> dict[int, Agent]:
        """Mesa agents that somebody registered with the model, by unique_id."""
        return {agent.unique_id: agent for agent in self._all_agents}  # type: ignore[attr-defined]

    @property
    def kept_agents(self) -> dict[int, Any]:
        """Employees, silos and leaders that were asked for, by unique_id; those who left are let go now and then.

        A copied model starts its own collection.
        """
        owner, kept = self.__dict__.get("_kept_agents", (None, {}))
        if owner is not self:
            kept = {}
            self.__dict__["_kept_agents"] = (self, kept)
        if len(kept) > 2 * sum(len(kind.columns_of(self)[0]) for kind in KINDS if kind.kept):
            for number in [number for number, agent in kept.items() if not agent.is_active]:
                del kept[number]
        return kept
