"""Monthly measures of the whole organisation."""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import rule
from sim.state import (
    ACTS,
    ADVOCATES,
    CLOSED,
    CLOSING_CONTACTS,
    COVERED,
    CUSTOMERS,
    FIRST_TIME,
    HANDOFFS,
    HANDOFFS_DONE,
    JOINED,
    KNOWLEDGE,
    LEFT,
    LEFT_SATISFIED,
    N_CONTACTS,
    NEEDS,
    OFFERS_FIT,
    OFFERS_MADE,
    SATISFACTION,
    SATISFIED,
    TRUST,
    WALLET,
)  # fmt: skip
from sim.world import World

NAN = float("nan")

# name -> (unit, which direction is better: +1 higher, -1 lower, 0 neither, meaning)
MEASURES: dict[str, tuple[str, int, str]] = {
    "customers": ("customers", 1, "customers at the end of the month"),
    "churn": ("share/month", -1, "customers who left, natural ends included, per customer at the start"),
    "churn_satisfied": ("share/month", -1, "the same among customers satisfied above the advocates' level"),
    "joined": ("customers/month", 1, "customers won"),
    "left": ("customers/month", -1, "customers lost"),
    "customer_equity": ("$", 1, "sum of expected lifetime values of present customers"),
    "revenue": ("$/month", 1, "customers' spend"),
    "profit": ("$/month", 1, "profit after depreciation of programme assets"),
    "cash": ("$/month", 1, "cash flow"),
    "cash_capital": ("$/month", 0, "capital spending, as negative cash flow"),
    "satisfaction": ("0-1", 1, "mean satisfaction of customers"),
    "trust": ("0-1", 1, "mean trust of customers"),
    "wallet_share": ("share", 1, "mean share of spend potential"),
    "knowledge": ("0-1", 1, "mean relationship knowledge"),
    "usable": ("0-1", 1, "relationship knowledge times strength of the chain"),
    "contacts": ("contacts/month", 0, "contacts of represented customers"),
    "resolution": ("share", 1, "needs resolved at the first contact without recovery"),
    "contacts_to_resolution": ("contacts", -1, "contacts per need that was closed"),
    "handoff_success": ("share", 1, "handoffs between units that succeeded"),
    "offer_fit": ("share", 1, "offers that fitted"),
    "owned": ("share", 0, "customers with an owner"),
    "advocates": ("share", 1, "customers satisfied and trusting enough to recommend"),
    "retention_acts": ("share/month", 0, "customers reached by a retention act"),
    "backlog": ("months", -1, "contacts waiting, mean over units with a front line"),
    "engaged": ("share", 1, "employees engaged"),
    "disengaged": ("share", -1, "employees actively disengaged"),
    "engagement": ("0-1", 1, "mean engagement (1-5 scale: 1 + 4 x)"),
    "turnover": ("share/month", -1, "employees who left"),
    "skill": ("0-1", 1, "mean customer skill"),
    "empowerment": ("0-1", 1, "mean inclination to act on own judgement"),
    "sharing": ("share", 1, "employees who help when asked across a boundary"),
    "hostility": ("0-1", -1, "mean strength of the traitor norm"),
    "belief": ("0-1", 1, "mean outside-in belief"),
    "credibility": ("0-1", 1, "mean credibility of the strategy's messages"),
    "buy_in": ("0-1", 1, "power-weighted buy-in of leaders"),
    "pressure": ("1", -1, "investors' pressure"),
    "load": ("effort", 0, "change load"),
    "overload": ("share", -1, "load above capacity"),
    "gridlock": ("share", -1, "effort installed and not practised per effort installed"),
    "reach": ("share", 1, "effort installed and practised per effort of all eight initiatives"),
    "stopped": ("0/1", -1, "1 once the board has stopped the programme"),
}


def measure(world: World) -> dict[str, float]:
    """All monthly measures of the organisation, in the order of `MEASURES`."""
    found = {
        **customer_measures(world),
        **service_measures(world),
        **people_measures(world),
        **programme_measures(world),
    }
    return {name: found[name] for name in MEASURES}


def customer_measures(world: World) -> dict[str, float]:
    """Customers, churn, equity and money."""
    state, weight = world.state, world.rules.customers.weight
    t = state.tally.silos.sum(axis=(0, 1))
    n = max(t[CUSTOMERS], 1.0)
    ledger = state.ledger
    return {
        "customers": (t[CUSTOMERS] - t[LEFT] + t[JOINED]) * weight,
        "churn": t[LEFT] / n,
        "churn_satisfied": t[LEFT_SATISFIED] / t[SATISFIED] if t[SATISFIED] else NAN,
        "joined": t[JOINED] * weight,
        "left": t[LEFT] * weight,
        "customer_equity": customer_equity(world),
        "revenue": -ledger.month["revenue"],
        "profit": ledger.profit,
        "cash": ledger.cash,
        "cash_capital": -ledger.capital_month,
        "satisfaction": t[SATISFACTION] / n,
        "trust": t[TRUST] / n,
        "wallet_share": t[WALLET] / n,
        "knowledge": t[KNOWLEDGE] / n,
        "usable": _usable(world),
        "advocates": t[ADVOCATES] / n,
        "owned": t[COVERED] / n,
        "retention_acts": t[ACTS] / n,
        "offer_fit": t[OFFERS_FIT] / t[OFFERS_MADE] if t[OFFERS_MADE] else NAN,
    }


def _usable(world: World) -> float:
    tallies, chain = world.state.tally.silos.sum(axis=0), world.state.silos.chain
    strength = np.mean(np.maximum(chain, 1e-3) ** -4.0, axis=1) ** -0.25
    return float((tallies[:, KNOWLEDGE] * strength).sum() / max(tallies[:, CUSTOMERS].sum(), 1.0))


def customer_equity(world: World) -> float:
    """Sum of lifetime values of present customers, $: (margin w V - service cost) s / (1 + delta - s), monthly cash.

    s = exp(-hazard) with this month's true hazard (Gupta, Lehmann, Stuart 2004).
    """
    e, market = world.rules.economics, world.rules.market
    c, delta = world.state.customers, world.scenario.organisation.economics.monthly_discount
    serving = e.contact_cost * market.contact_rate
    total = sum_lifetime_values(c.alive, c.wallet, c.spend, c.service_cost, c.hazard, e.margin, serving, delta)
    return float(total * world.rules.customers.weight)


@rule
def sum_lifetime_values(alive, wallet, spend, service_cost, hazard, margin, serving, delta):  # type: ignore[no-untyped-def]
    """Sum over active rows in table order, in float64."""
    total = 0.0
    for i in range(alive.shape[0]):
        if alive[i]:
            stays = math.exp(-np.float64(hazard[i]))
            cash = margin * np.float64(wallet[i]) * np.float64(spend[i]) - serving * np.float64(service_cost[i])
            total += cash * stays / (1 + delta - stays)
    return total


def service_measures(world: World) -> dict[str, float]:
    """Contacts, resolution, handoffs, waiting."""
    state = world.state
    t = state.tally.silos.sum(axis=(0, 1))
    front = world.structure.units.front > 0
    return {
        "contacts": t[N_CONTACTS] * world.rules.customers.weight,
        "resolution": t[FIRST_TIME] / t[NEEDS] if t[NEEDS] else NAN,
        "contacts_to_resolution": t[CLOSING_CONTACTS] / t[CLOSED] if t[CLOSED] else NAN,
        "handoff_success": t[HANDOFFS_DONE] / t[HANDOFFS] if t[HANDOFFS] else NAN,
        "backlog": float(state.silos.backlog[front].mean()),
    }


def people_measures(world: World) -> dict[str, float]:
    """Engagement, sharing, belief, skill."""
    e, level, silos = world.state.employees, world.rules.engagement, world.state.silos
    total = sum_people(e, level.engaged_from, level.disengaged_below) / len(e.silo)
    names = ("engaged", "disengaged", "engagement", "turnover", "skill", "empowerment", "sharing", "belief")
    found = {name: float(value) for name, value in zip(names, total, strict=True)}
    return {**found, "hostility": float(silos.hostility.mean()), "credibility": float(silos.credibility.mean())}


@rule
def sum_people(e, engaged_from, disengaged_below):  # type: ignore[no-untyped-def]
    """Sums over employees in table order, in the order in which `people_measures` names them."""
    total = np.zeros(8)
    for k in range(e.silo.shape[0]):
        total[0] += e.engagement[k] >= engaged_from
        total[1] += e.engagement[k] < disengaged_below
        total[2] += e.engagement[k]
        total[3] += e.tenure[k] == 0
        total[4] += e.skill[k]
        total[5] += e.empowerment[k]
        total[6] += e.shares[k]
        total[7] += e.belief[k]
    return total


def programme_measures(world: World) -> dict[str, float]:
    """Gridlock = sum e F (1 - a) / sum e F; reach = sum e F a / sum e; over initiatives and units, units by size."""
    state, table = world.state, world.structure.initiatives
    silos, climate, leaders = state.silos, state.climate, state.leaders
    effort = table.effort * (silos.size / silos.size.sum())[:, None]
    installed = (effort * silos.formal).sum()
    practised = (effort * silos.formal * silos.practised).sum()
    return {
        "buy_in": float(leaders.power @ leaders.buy_in / leaders.power.sum()),
        "pressure": climate.pressure,
        "load": climate.load,
        "overload": climate.overload,
        "gridlock": float(1 - practised / installed) if installed > 0 else NAN,
        "reach": float(practised / effort.sum()),
        "stopped": float(state.plan.stopped_month >= 0),
    }
