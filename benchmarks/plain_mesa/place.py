"""A place in the market: what is known of whoever holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from benchmarks.plain_mesa.employee import Employee
    from benchmarks.plain_mesa.model import PlainModel
    from benchmarks.plain_mesa.surroundings import Segment
    from benchmarks.plain_mesa.unit import Unit


class Place(mesa.Agent):
    """A customer, or a prospect while not `alive`; attributes are named after the engine's columns.

    Attributes:
        slot: number of the place, which decides who of a unit's portfolio managers may own her.
        owner: the portfolio manager who owns her, or None.
        quality: what she has experienced this month, None without contact.
    """

    model: PlainModel
    slot: int
    alive: bool
    segment: Segment
    home: Unit
    owner: Employee | None
    spend: float
    wallet: float
    satisfaction: float
    trust: float
    commitment: float
    expectation: float
    knowledge: float
    frailty: float
    tenure: int
    open_need: bool
    contacts_open: int
    failures: int
    service_cost: float
    tier: int
    participation: float
    worth: float
    multiple: float
    error: float
    misjudged: float
    appeal: float
    hazard: float
    quality: float | None
