"""What a unit counts in a month."""

from __future__ import annotations

from dataclasses import astuple, dataclass


@dataclass(slots=True)
class Counts:
    """Sums over the month's contacts, offers and customers of one unit.

    The names are those of the engine's tallies (`sim.state`) in small letters, in the same order.
    """

    n_contacts: float = 0.0
    needs: float = 0.0
    first_time: float = 0.0
    closing_contacts: float = 0.0
    handoffs: float = 0.0
    handoffs_done: float = 0.0
    won: float = 0.0
    offers_made: float = 0.0
    offers_fit: float = 0.0
    collisions: float = 0.0
    acts: float = 0.0
    joined: float = 0.0
    left: float = 0.0
    customers: float = 0.0
    advocates: float = 0.0
    satisfaction: float = 0.0
    trust: float = 0.0
    wallet: float = 0.0
    knowledge: float = 0.0
    margin_base: float = 0.0
    satisfied: float = 0.0
    left_satisfied: float = 0.0
    natural: float = 0.0
    covered: float = 0.0
    recovered: float = 0.0
    service_cost: float = 0.0
    triggers: float = 0.0
    gross: float = 0.0
    responses: float = 0.0
    work: float = 0.0
    blocked: float = 0.0
    adapted: float = 0.0
    own_offers: float = 0.0
    web_served: float = 0.0
    released: float = 0.0
    participation: float = 0.0
    commitment: float = 0.0

    def row(self) -> tuple[float, ...]:
        """All counts in order."""
        return astuple(self)
