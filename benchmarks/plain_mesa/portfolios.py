"""Who owns whom next month, and who is served in person or by web and pool."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from sim.columns import CONVERTED, IN_PERSON, WEB_AND_POOL

if TYPE_CHECKING:
    from benchmarks.plain_mesa.customer import Customer
    from benchmarks.plain_mesa.model import PlainModel
    from benchmarks.plain_mesa.unit import Unit

ROUNDING = 1e-9  # shares of whole numbers


def draw_portfolios(model: PlainModel) -> None:
    """Draw the fence anew in every unit, as long as there is one or somebody is served by web and pool."""
    present = model.customers.select(lambda c: c.alive)
    in_force = any(unit.fence > 0 or unit.self_service > 0 for unit in model.units)
    for unit, customers in present.groupby("home", result_type="list"):
        estimates = {c: believed(model, c) for c in customers} if in_force else {}
        ranked = sorted(customers, key=lambda c: estimates[c][0], reverse=True) if in_force else customers
        inside = number_inside(model, unit, len(customers)) if in_force else 0
        by_web = min(int(unit.self_service * len(customers) + ROUNDING), len(customers) - inside)
        for rank, customer in enumerate(ranked):
            own = rank < inside and bool(unit.managers)
            customer.owner = unit.managers[customer.slot % len(unit.managers)] if own else None
            low = rank >= len(customers) - by_web
            brings = estimates[customer][1] if in_force else 0.0
            customer.tier = WEB_AND_POOL if low else treatment(model, customer, brings)
    model.portfolios_drawn = in_force


def believed(model: PlainModel, customer: Customer) -> tuple[float, float]:
    """Estimated lifetime value if she is served in person, and what she is estimated to bring in a month, both $."""
    month = model.month
    blur = model.estimate_error * (1 - customer.knowledge * customer.home.known)
    unpaid = customer.segment.at_stake * month.exposed * (1 - customer.satisfaction)
    brings = (model.margin - unpaid) * customer.wallet * customer.spend * exp(blur * customer.error)
    multiple = customer.months_of_cash(customer.hazard * exp(blur * customer.misjudged))
    return (brings - month.serving * customer.service_cost) * multiple, brings


def number_inside(model: PlainModel, unit: Unit, customers: int) -> int:
    """Customers inside the fence of a unit: its share, at most what portfolio managers can own."""
    rules = model.rules
    able = len(unit.managers) * rules.employees.weight * rules.governance.span
    return min(int(unit.fence * customers + ROUNDING), int(able / rules.customers.weight))


def treatment(model: PlainModel, customer: Customer, brings: float) -> int:
    """In person, or converted where others have owners and she is estimated to bring less than serving her costs."""
    home = customer.home
    poor = not customer.owner and home.fence > 0 and brings < model.month.serving * customer.service_cost
    if not poor:
        return IN_PERSON
    if customer.tier == CONVERTED or model.random.random() < model.rules.acquisition.convert * home.authority:
        return CONVERTED
    return IN_PERSON
