"""The state columns shown as Mesa agents: customers, employees, silos and leaders.

Mix `ColumnAgents` into a `mesa.Model` that holds the columns, and `model.agents`, `model.agents_by_type`, agent sets
and Mesa's `DataCollector` work as Mesa users expect. Nothing is built before somebody asks for an agent.
"""

from sim.agents.base import ColumnAgent
from sim.agents.customer import Customer
from sim.agents.employee import Employee
from sim.agents.groups import ColumnGroups
from sim.agents.leader import Leader
from sim.agents.live import LiveAgentSet
from sim.agents.registry import ColumnAgents
from sim.agents.sets import ColumnAgentSet
from sim.agents.silo import Silo

__all__ = [
    "ColumnAgent",
    "ColumnAgentSet",
    "ColumnAgents",
    "ColumnGroups",
    "Customer",
    "Employee",
    "Leader",
    "LiveAgentSet",
    "Silo",
]
