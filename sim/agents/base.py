"""What all agents that live in columns have in common."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self

import numpy as np
from mesa import Agent
from numpy.typing import NDArray

from sim.agents.cells import Cell
from sim.errors import InputError


class ColumnAgent(Agent):
    """A Mesa agent whose state is one row of the model's columns.

    Behaviour lives in the compiled phases of the month, so `step` does nothing here: step the model. An agent is one
    person or firm: after she has left and somebody else has taken the row, using her attributes raises InputError.
    Take agents from `model.agents` or `model.agents_by_type`; they cannot be created or removed one by one.

    Attributes:
        model: the model, whose `state` is looked up at every access, so that restoring a state needs nothing here.
        row: row in the columns.
        pos: None; the organisation has networks, not a Mesa space.
    """

    table: ClassVar[str]  # field of model.state
    first_id: ClassVar[int]  # unique_id of row 0, generation 0; the gap to the next kind leaves room for generations
    renewed: ClassVar[bool] = True  # False where rows are never taken by somebody else
    kept: ClassVar[bool] = True  # False for light views that are made anew at every access

    model: Any
    row: int
    pos = None
    _generation: int

    def __init__(self, model: Any, row: int) -> None:
        """Show a row; Mesa's registration is left out because the columns are the register.

        Raises:
            InputError: nobody is in this row.
        """
        columns = self.columns_of(model)
        if not 0 <= row < len(columns[0]) or not self.present(columns, np.array([row]))[0]:
            rule = "nobody is in this row"
            raise InputError(type(self).__name__, rule, row, f"use model.agents_by_type[{type(self).__name__}]")
        self.__dict__.update(model=model, row=int(row), _generation=self.generations(columns, int(row)))

    @classmethod
    def show(cls, model: Any, row: int, generation: int) -> Self:
        """Show a row that is known to be present, without checks."""
        agent = cls.__new__(cls)
        attributes = agent.__dict__
        attributes["model"] = model
        attributes["row"] = row
        attributes["_generation"] = generation
        return agent

    @classmethod
    def columns_of(cls, model: Any) -> Any:
        """The columns of this kind of agent, as they are now."""
        return getattr(model.state, cls.table)

    @classmethod
    def generations(cls, columns: Any, rows: Any) -> Any:
        """Generation now in the row (a number) or rows (an array)."""
        if cls.renewed:
            return columns.generation[rows] if isinstance(rows, np.ndarray) else columns.generation.item(rows)
        return np.zeros(len(rows), np.int32) if isinstance(rows, np.ndarray) else 0

    @classmethod
    def present(cls, columns: Any, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the rows hold an agent."""
        return np.ones(len(rows), np.bool_)

    @classmethod
    def present_rows(cls, columns: Any) -> NDArray[np.int64]:
        """The rows that hold an agent, ascending."""
        return np.arange(len(columns[0]))

    @classmethod
    def count(cls, columns: Any) -> int:
        """Number of agents of this kind."""
        return len(columns[0])

    @classmethod
    def cell(cls, attribute: str) -> Cell[Any] | None:
        """Declaration of an attribute that lives in a column, None for any other."""
        found = getattr(cls, attribute, None)
        return found if isinstance(found, Cell) else None

    @classmethod
    def create_agents(cls, model: Any, n: int, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: the numbers of agents are parameters of the scenario (signature as in Mesa).

        Raises:
            InputError: always.
        """
        rule = "agents of this kind are rows of columns of fixed length"
        raise InputError(f"{cls.__name__}.create_agents", rule, n, "set the number in the scenario's organisation")

    @classmethod
    def from_dataframe(cls, model: Any, df: Any, **kwargs: Any) -> NoReturn:
        """Refuse, as `create_agents` does."""
        cls.create_agents(model, len(df))

    @property
    def unique_id(self) -> int:
        """Number that no other agent of the model has, at any time: rows taken anew get new numbers."""
        return self.first_id + self._generation * len(self.columns_of(self.model)[0]) + self.row

    @property
    def columns(self) -> Any:
        """The columns of this kind of agent.

        Raises:
            InputError: the agent has left and somebody else has taken the row.
        """
        columns = getattr(self.model.state, self.table)
        if self.renewed and columns.generation.item(self.row) != self._generation:
            name, rule = f"{type(self).__name__} {self.unique_id}", "has left and another agent has taken the row"
            raise InputError(name, rule, self.row, "take agents anew from model.agents")
        return columns

    @property
    def is_active(self) -> bool:
        """Whether the agent still belongs to the model."""
        columns = self.columns_of(self.model)
        same = self.generations(columns, self.row) == self._generation
        return bool(same and self.present(columns, np.array([self.row]))[0])

    def step(self) -> None:
        """Do nothing: behaviour happens in the model's compiled phases; use `model.step()`."""

    def remove(self) -> NoReturn:
        """Refuse: agents come and go by the rules of the month.

        Raises:
            InputError: always.
        """
        rule = "agents that live in columns leave by the rules, not by remove()"
        advice = "change what the rule looks at (such as customer.satisfaction) and call model.step()"
        raise InputError(f"{type(self).__name__}.remove", rule, self.unique_id, advice)

    def __eq__(self, other: object) -> bool:
        """Whether both show the same agent of the same model."""
        if not isinstance(other, ColumnAgent):
            return NotImplemented
        mine, hers = (type(self), self.row, self._generation), (type(other), other.row, other._generation)
        return self.model is other.model and mine == hers

    def __hash__(self) -> int:
        """Equal for views of the same agent."""
        return hash((self.table, self.row, self._generation))

    def __repr__(self) -> str:
        """Kind and number."""
        return f"<{type(self).__name__} {self.unique_id}>"
