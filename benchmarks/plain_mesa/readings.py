"""What is read off the plain-Mesa model after a month, under the names of the engine's measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.columns import PRACTISING

if TYPE_CHECKING:
    from benchmarks.plain_mesa.counts import Counts
    from benchmarks.plain_mesa.model import PlainModel

READINGS = (
    "churn", "satisfaction", "trust", "commitment", "knowledge", "wallet_share", "resolution", "handoff_success",
    "contacts", "joined", "offer_fit", "revenue", "customer_equity", "sharing", "engagement", "turnover", "belief",
    "skill", "empowerment", "reach",
)  # fmt: skip


def read(model: PlainModel) -> dict[str, float]:
    """Monthly readings; units as in `sim.measures.organisation.MEASURES`."""
    counts = total(model)
    n, weight = max(counts.customers, 1.0), model.rules.customers.weight
    return {
        "churn": counts.left / n,
        "satisfaction": counts.satisfaction / n,
        "trust": counts.trust / n,
        "commitment": counts.commitment / n,
        "knowledge": counts.knowledge / n,
        "wallet_share": counts.wallet / n,
        "resolution": counts.first_time / max(counts.needs, 1.0),
        "handoff_success": counts.handoffs_done / max(counts.handoffs, 1.0),
        "contacts": counts.n_contacts * weight,
        "joined": counts.joined * weight,
        "offer_fit": counts.offers_fit / max(counts.offers_made, 1.0),
        "revenue": counts.margin_base * weight,
        "customer_equity": model.equity.total * weight,
        "sharing": model.staff.agg("shares", sum) / len(model.staff),
        "engagement": model.staff.agg("engagement", sum) / len(model.staff),
        "turnover": len(model.staff.select(lambda e: e.tenure == 0)) / len(model.staff),
        "belief": model.staff.agg("belief", sum) / len(model.staff),
        "skill": model.staff.agg("skill", sum) / len(model.staff),
        "empowerment": model.staff.agg("empowerment", sum) / len(model.staff),
        "reach": reach(model),
    }


def total(model: PlainModel) -> Counts:
    """Counts of all units together."""
    rows = zip(*(unit.counts.row() for unit in model.units), strict=True)
    return type(model.units[0].counts)(*(sum(row) for row in rows))


def reach(model: PlainModel) -> float:
    """Effort installed and practised per effort of all initiatives."""
    found = 0.0
    for unit in model.units:
        formal = model.office.world.state.silos.formal[unit.index].tolist()
        for i, effort in enumerate(model.effort):
            found += effort * formal[i] * sum(e.adoption[i] == PRACTISING for e in unit.staff)
    return found / sum(model.effort) / len(model.staff)
