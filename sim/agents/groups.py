"""Groups of agents that live in columns."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from mesa.agentset import AbstractAgentSet, GroupBy


class ColumnGroups(GroupBy):
    """Mesa's groups; aggregating reads columns instead of one agent after the other."""

    def agg(self, attr_name: str, func: Callable[[Any], Any]) -> dict[Hashable, Any]:
        """Apply `func` to an attribute's values in every group.

        Args:
            attr_name: the attribute.
            func: a function of the values, such as `np.mean`, `min` or `len`.

        Returns:
            Group -> result.
        """
        return {
            name: group.agg(attr_name, func)
            if isinstance(group, AbstractAgentSet)
            else func([getattr(agent, attr_name) for agent in group])
            for name, group in self.groups.items()
        }
