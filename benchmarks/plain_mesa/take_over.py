"""Employees and customers of an engine's model as objects: the one place that reads the engine's tables of agents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from benchmarks.plain_mesa.customer import Customer
from benchmarks.plain_mesa.employee import Employee
from sim.columns import FRONT_LINE
from sim.world import World

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainModel

EMPLOYEE_COLUMNS = (
    "role", "belief", "anchor", "engagement", "disposition", "willingness", "skill", "tacit", "habit", "shares",
    "empowerment", "learning", "adoption", "trying", "tenure", "handled", "won", "asked", "dropped",
)  # fmt: skip
CUSTOMER_COLUMNS = (
    "spend", "wallet", "satisfaction", "trust", "commitment", "expectation", "knowledge", "frailty", "tenure",
    "contacts_open", "failures", "service_cost", "tier", "participation", "worth", "multiple", "error", "misjudged",
    "appeal", "hazard",
)  # fmt: skip


def people_and_market(model: PlainModel, world: World) -> None:
    """Make all employees with their ties, then everybody in the market."""
    staff = employees(model, world)
    tie(staff, world)
    gather(model, staff, world)
    enter_market(model, staff, world)


def employees(model: PlainModel, world: World) -> list[Employee]:
    """One object per employee."""
    columns = world.state.employees
    units = columns.silo.tolist()
    staff = [Employee(model, model.units[s]) for s in units]
    for employee, values in zip(staff, rows(columns, EMPLOYEE_COLUMNS), strict=True):
        employee.__dict__.update(zip(EMPLOYEE_COLUMNS, values, strict=True))
    return staff


def tie(staff: list[Employee], world: World) -> None:
    """Ties become lists of colleagues."""
    net = world.state.network
    ties, team = net.ties.tolist(), net.team_ties.tolist()
    starts, team_starts = net.starts.tolist(), net.team_starts.tolist()
    for k, employee in enumerate(staff):
        employee.colleagues = [staff[other] for other in ties[starts[k] : starts[k + 1]]]
        employee.team = [staff[other] for other in team[team_starts[k] : team_starts[k + 1]]]


def gather(model: PlainModel, staff: list[Employee], world: World) -> None:
    """Units learn who works in them, and of each other."""
    structure = world.structure.units
    for employee in staff:
        employee.unit.staff.append(employee)
    for unit, managers in zip(model.units, structure.managers.tolist(), strict=True):
        unit.front_line = [e for e in unit.staff if e.role == FRONT_LINE]
        unit.managers = unit.staff[len(unit.staff) - managers :]
        unit.others = [other for other in model.units if other is not unit]
    for unit in model.units:
        unit.elsewhere = [other for other in unit.others if other.front_line]


def enter_market(model: PlainModel, staff: list[Employee], world: World) -> None:
    """One object per place in the market, and how many customers each unit had and owned."""
    columns = world.state.customers
    names = ("slot", "alive", "segment", "home", "owner", "open_need", "quality", *CUSTOMER_COLUMNS)
    for slot, alive, segment, home, owner, waits, quality, *values in rows(columns, names):
        customer = Customer(model)
        customer.slot, customer.alive, customer.open_need = slot, alive == 1, waits == 1
        customer.segment, customer.home = model.segments[segment], model.units[home]
        customer.owner = staff[owner] if owner >= 0 else None
        customer.quality = quality if quality >= 0 else None
        customer.__dict__.update(zip(CUSTOMER_COLUMNS, values, strict=True))
        if alive:
            customer.home.counts.customers += 1
            customer.home.counts.covered += owner >= 0


def rows(columns: Any, names: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table as Python numbers."""
    return zip(*(getattr(columns, name).tolist() for name in names), strict=True)
