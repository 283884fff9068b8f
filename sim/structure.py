"""What never changes during a run: who sits where, initiatives, traits, stages, fitted frailties."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.columns import F64, I32
from sim.errors import InputError
from sim.frailty import Frailty, fit_frailty
from sim.frailty_table import log_frailty_of
from sim.params.organisation import SMALLEST_UNIT, Function
from sim.params.programme import Investment
from sim.params.scenario import Scenario
from sim.params.strategy import BEHAVIOURS, INITIATIVES, N_INITIATIVES
from sim.retention import read_retention_table

STAGE_ATTRIBUTES = ("perspectives", "consultation", "feedback", "horizon", "rigour", *BEHAVIOURS)
PERSPECTIVES, CONSULTATION, FEEDBACK_SEEKING, HORIZON, RIGOUR, FIRST_PROPENSITY = range(6)


class Units(NamedTuple):
    """Who sits where. Staff of a unit are neighbours in the table: front line first, portfolio managers last."""

    first: I32  # [silo + 1]: first employee slot
    front: I32  # [silo]: number of front-line staff
    managers: I32  # [silo]: number of portfolio managers
    service: NDArray[np.int32]  # units that have a front line


class Segments(NamedTuple):
    """Customer segments as arrays."""

    hazard: F64  # fitted monthly hazard at frailty 1
    shape: F64  # of the gamma frailty
    log_spend: F64
    spread: F64
    log_frailty: F64  # [segment, node]: quantiles of a newcomer's log frailty, see `log_frailty_of`


class Initiatives(NamedTuple):
    """The table of initiatives as arrays."""

    difficulty: F64
    price: F64
    effort: F64
    politics: F64
    install: F64
    decree: F64
    capital: F64
    builds_on: NDArray[np.int8]  # [initiative, initiative]: 1 if the row builds on the column
    labels: tuple[str, ...]
    investment: tuple[Investment, ...]


@dataclass(frozen=True)
class Structure:
    """Everything that a run reads and never writes."""

    silos: tuple[str, ...]
    functions: tuple[Function, ...]
    units: Units
    segments: Segments
    segment_names: tuple[str, ...]
    frailties: dict[str, Frailty]
    initiatives: Initiatives
    signs: F64  # [trait, initiative]
    stages: F64  # [attribute, 7]

    @property
    def n_product(self) -> int:
        """Number of product units, which push offers."""
        return sum(f is Function.PRODUCT for f in self.functions)

    def unit(self, silo: int) -> str:
        """Name of a unit in words."""
        return self.silos[silo].replace("_", " ")

    def label(self, initiative: int) -> str:
        """Name of an initiative in words."""
        return self.initiatives.labels[initiative]


def with_programme(structure: Structure, scenario: Scenario) -> Structure:
    """The same people and customers under another scenario's tables of initiatives, stages and signs of traits."""
    return replace(
        structure, initiatives=_initiatives(scenario), signs=_signs(scenario), stages=_stages(scenario)
    )  # fmt: skip


def _signs(scenario: Scenario) -> F64:
    rows = [[t.signs.get(i, 0.0) for i in INITIATIVES] for t in scenario.organisation.traits.values()]
    return np.array(rows, dtype=np.float64).reshape(len(rows), N_INITIATIVES)


def _stages(scenario: Scenario) -> F64:
    return np.array([getattr(scenario.programme.stages, a) for a in STAGE_ATTRIBUTES], dtype=np.float64)


def apportion(total: int, shares: list[float]) -> I32:
    """Whole numbers that add up to `total`, by largest remainder, at least `SMALLEST_UNIT` each.

    Args:
        total: staff; at least `SMALLEST_UNIT` for each unit (`Organisation` sees to it).
        shares: of the units, above 0.
    """
    quota = np.array(shares) / sum(shares) * total
    whole = np.maximum(np.floor(quota), SMALLEST_UNIT).astype(np.int32)
    while whole.sum() < total:
        whole[np.argmax(quota - whole)] += 1
    while whole.sum() > total:
        whole[np.argmax(whole)] -= 1
    return whole


def make_structure(scenario: Scenario) -> Structure:
    """Derive the fixed structure of one scenario; fits the frailties (cached per table).

    Raises:
        InputError: the retention table is bad or lacks a segment.
    """
    organisation = scenario.organisation
    silos = organisation.silos
    customers = organisation.customers
    frailties = fit_frailty(read_retention_table(customers.retention_table), customers.fit_years)
    require_segments(frailties, tuple(customers.segments), customers.retention_table)
    chosen = [frailties[name] for name in customers.segments]
    return Structure(
        silos=tuple(silos),
        functions=tuple(s.function for s in silos.values()),
        units=_units(scenario),
        segments=Segments(
            np.array([f.base_hazard for f in chosen]), np.array([f.shape for f in chosen]),
            np.log([s.spend_median for s in customers.segments.values()]),
            np.array([s.spend_spread for s in customers.segments.values()]),
            np.array([log_frailty_of(f) for f in chosen]),
        ),
        segment_names=tuple(customers.segments),
        frailties={name: frailties[name] for name in customers.segments},
        initiatives=_initiatives(scenario),
        signs=_signs(scenario),
        stages=_stages(scenario),
    )  # fmt: skip


def require_segments(frailties: dict[str, Frailty], names: tuple[str, ...], table: str) -> None:
    """Check that the retention table covers every segment."""
    for name in names:
        if name not in frailties:
            raise InputError(
                "organisation.customers.retention_table", f"must have rows for segment '{name}'", table,
                f"add them or rename the segment; the table has {', '.join(frailties)}",
            )  # fmt: skip


def _units(scenario: Scenario) -> Units:
    silos = list(scenario.organisation.silos.values())
    staff = scenario.organisation.employees
    sizes = apportion(staff.number, [s.headcount_share for s in silos])
    product = [s.function is Function.PRODUCT for s in silos]
    front = [round(s.front_line_share * n) if s.front_line_share else 0 for s, n in zip(silos, sizes, strict=True)]
    front = [
        max(1, min(int(n) - 1, f)) if s.front_line_share else 0 for s, n, f in zip(silos, sizes, front, strict=True)
    ]
    owning = [p or silo.home_share > 0 for p, silo in zip(product, silos, strict=True)]
    managers = [
        max(1, min(int(n) - f, round(staff.portfolio_manager_share * n))) if p else 0
        for n, f, p in zip(sizes, front, owning, strict=True)
    ]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    service = np.array([i for i, f in enumerate(front) if f > 0], dtype=np.int32)
    return Units(first, np.array(front, dtype=np.int32), np.array(managers, dtype=np.int32), service)


def _initiatives(scenario: Scenario) -> Initiatives:
    rows = [scenario.programme.initiatives[name] for name in INITIATIVES]
    builds_on = np.zeros((N_INITIATIVES, N_INITIATIVES), np.int8)
    for i, row in enumerate(rows):
        for need in row.builds_on:
            builds_on[i, INITIATIVES.index(need)] = 1
    fields: dict[str, Any] = {
        name: np.array([float(getattr(row, name)) for row in rows])
        for name in ("difficulty", "price", "effort", "politics", "decree", "capital")
    }
    install = np.array([float(row.install_months) for row in rows])
    return Initiatives(**fields, install=install, builds_on=builds_on, labels=tuple(row.label for row in rows),
                       investment=tuple(row.investment for row in rows))  # fmt: skip
