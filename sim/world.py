"""One run's world: the fixed structure, the rules' numbers and the state, handed to every phase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import numpy as np

from sim.draws import Key
from sim.params.scenario import Scenario
from sim.params.strategy import Placebo, Strategy
from sim.state import Event, Records, Rules, State
from sim.structure import Structure


@dataclass
class World:
    """What a phase may read and write.

    Args:
        scenario: the validated inputs.
        structure: what never changes.
        rules: parameter models of the rules.
        records: their numbers as records, for compiled rules.
        key: key of all draws.
        state: what changes.
        paper: True for the business case on paper: everybody practises what is installed, nobody resists, nothing is
            overloaded, the board never stops anything.
        threads: threads for the customer phases; changes nothing but time.
    """

    scenario: Scenario
    structure: Structure
    rules: Rules
    records: Records
    key: Key
    state: State
    paper: bool = False
    threads: int = 1
    constants: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)  # see `constant`

    def __setattr__(self, name: str, value: Any) -> None:
        """Forget what followed from another scenario."""
        object.__setattr__(self, name, value)
        if name in ("scenario", "structure", "rules"):
            object.__setattr__(self, "constants", {})

    @property
    def month(self) -> int:
        """Months since the end of the burn-in; negative before."""
        return self.state.month - self.scenario.burn_in

    @property
    def strategy(self) -> Strategy:
        """The plan that is followed from month 0."""
        return self.scenario.strategy

    @property
    def employees(self) -> float:
        """Represented employees: the base of every programme price."""
        staff = self.scenario.organisation.employees
        return staff.number * staff.weight

    @property
    def acting(self) -> bool:
        """True while the programme exists and is supported."""
        plan = self.state.plan
        return plan.drawn_up and plan.stopped_month < 0 and self.month < self.scenario.strategy.support_months

    @property
    def effective(self) -> bool:
        """True while activities work; a placebo's activities cost the same and do nothing."""
        return self.acting and self.strategy.placebo is Placebo.NONE

    @property
    def installing(self) -> bool:
        """True unless initiatives are placebos too."""
        return self.strategy.placebo is not Placebo.EVERYTHING

    @property
    def months_under_way(self) -> int:
        """Months since the first launch; since month 0 if nothing is to be launched; 0 before."""
        begun = [month for month in self.state.plan.launched.tolist() if month >= 0]
        if begun:
            return int(self.month - min(begun))
        return 0 if self.strategy.initiatives else max(0, self.month)

    @property
    def launched(self) -> bool:
        """True once an initiative has been launched."""
        plan = self.state.plan
        return plan.drawn_up and max(plan.launched.tolist()) >= 0

    @property
    def under_way(self) -> bool:
        """True once something has been launched, or if nothing is to be launched."""
        return not self.strategy.initiatives or self.launched

    @property
    def ceo(self) -> int:
        """Row of the chief executive among the leaders."""
        return len(self.structure.silos)

    def log(self, kind: str, subject: str, text: str) -> None:
        """Add a line to the event log."""
        self.state.events.append(Event(self.month, kind, subject, text))

    def pay(self, account: str, amount: float, kind: str | None = None) -> None:
        """Pay a running cost of the programme if there is any; `kind` as in `Ledger.spend`."""
        if amount > 0:
            self.state.ledger.spend(account, amount, kind)


def constant[T](function: Callable[[World], T]) -> Callable[[World], T]:
    """Work out once per world what only its scenario, structure and rules decide; arrays become read-only."""

    @wraps(function)
    def kept(world: World) -> T:
        try:
            found: T = world.constants[function]
        except KeyError:
            found = world.constants[function] = _read_only(function(world))
        return found

    kept.py_func = function  # type: ignore[attr-defined]  # where the description reads what it does
    return kept


def _read_only(found: Any) -> Any:
    for array in found if isinstance(found, tuple) else (found,):
        if isinstance(array, np.ndarray):
            array.setflags(write=False)
    return found
