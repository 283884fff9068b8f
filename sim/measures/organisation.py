"""Monthly measures of the whole organisation."""

from __future__ import annotations

import numpy as np

from sim.compiled import rule
from sim.measures.portfolios import fence_measures
from sim.phases.service import chain_strength
from sim.state import (
    ACTS,
    ADAPTED,
    ADVOCATES,
    BLOCKED,
    CLOSED,
    CLOSING_CONTACTS,
    COLLISIONS,
    COMMITMENT,
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
    OWN_OFFERS,
    PARTICIPATION,
    RELEASED,
    RESPONSES,
    SATISFACTION,
    SATISFIED,
    TRIGGERS,
    TRUST,
    WALLET,
    WEB_SERVED,
)  # fmt: skip
from sim.sums import by_row, overall, pairwise
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
    "total_equity": ("$", 1, "the same and the value of future cohorts: net worth won in the month, month after month"),
    "equity_acquired": ("$/month", 1, "lifetime values of those who joined"),
    "equity_lost": ("$/month", 1, "lifetime values of those who left, as a negative number"),
    "equity_retained": ("$/month", 1, "change of lifetime values of those who stayed, by their proneness to leave"),
    "equity_grown": ("$/month", 1, "change of lifetime values of those who stayed, by what they bring in a month"),
    "revenue": ("$/month", 1, "customers' spend"),
    "profit": ("$/month", 1, "profit after depreciation of programme assets"),
    "cash": ("$/month", 1, "cash flow"),
    "cash_capital": ("$/month", 0, "capital spending, as negative cash flow"),
    "satisfaction": ("0-1", 1, "mean satisfaction of customers"),
    "trust": ("0-1", 1, "mean trust of customers"),
    "commitment": ("0-1", 1, "mean mutual commitment"),
    "wallet_share": ("share", 1, "mean share of spend potential"),
    "knowledge": ("0-1", 1, "mean relationship knowledge"),
    "usable": ("0-1", 1, "relationship knowledge times strength of the chain"),
    "contacts": ("contacts/month", 0, "contacts of represented customers"),
    "resolution": ("share", 1, "needs resolved at the first contact without recovery"),
    "contacts_to_resolution": ("contacts", -1, "contacts per need that was closed"),
    "handoff_success": ("share", 1, "handoffs between units that succeeded"),
    "offer_fit": ("share", 1, "offers that fitted"),
    "collisions": ("share/month", -1, "customers whom two units approached in the same month"),
    "offers_blocked": ("share", 0, "offers that an owner or a rule held back, per offer made or held back"),
    "offers_adapted": ("share", 1, "offers that an owner adapted, per offer made"),
    "own_offers": ("share/month", 0, "customers to whom their owner made an offer of her own"),
    "self_served": ("share", 0, "customers served by web and pool"),
    "released": ("share/month", 0, "customers let go because they cost more than they bring"),
    "participation": ("0-1", 1, "mean habit of customers to take part"),
    "owned": ("share", 0, "customers with an owner"),
    "fence_accuracy": ("share", 1, "owned customers who are among the equally many truly most valuable of their unit"),
    "fence_missed": ("$", -1, "true lifetime value of those less that of the owned"),
    "advocates": ("share", 1, "customers satisfied and trusting enough to recommend"),
    "trigger_contacts": ("share/month", 0, "customers contacted because their behaviour changed"),
    "trigger_response": ("share", 1, "of these, customers who responded"),
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
    "blockers": ("1", -1, "mean strength of what in the culture blocks initiatives, less what advances them"),
    "credibility": ("0-1", 1, "mean credibility of the strategy's messages"),
    "buy_in": ("0-1", 1, "power-weighted buy-in of leaders"),
    "leaders_stage": ("stage 0-6", 1, "power-weighted action logic of leaders, with continuous progress"),
    "leaders_trust": ("0-1", 1, "power-weighted trust of leaders in what is said about the strategy"),
    "pressure": ("1", -1, "investors' pressure"),
    "load": ("effort", 0, "change load"),
    "overload": ("share", -1, "load above capacity"),
    "gridlock": ("share", -1, "effort installed and not practised per effort installed"),
    "reach": ("share", 1, "effort installed and practised per effort of all eight initiatives"),
    "spent_attention": ("$/month", 0, "spent on leaders' attention and vision"),
    "spent_understanding": ("$/month", 0, "spent on understanding customers and on decisions that cost now"),
    "spent_skills": ("$/month", 0, "spent on doing things differently"),
    "programme_cost": ("$/month", 0, "paid for what the strategy itself does, capital spending included"),
    "stopped": ("0/1", -1, "1 once the board has stopped the programme"),
}


def measure(world: World) -> dict[str, float]:
    """All monthly measures of the organisation, in the order of `MEASURES`."""
    found = {
        **customer_measures(world, overall(world.state.tally.silos).tolist()),
        **levels_of(world),
        **programme_measures(world),
    }
    return {name: found[name] for name in MEASURES}


def customer_measures(world: World, t: list[float]) -> dict[str, float]:
    """Customers, churn, equity, money, contacts; `t` is what was counted in the month (columns of `Tally.silos`)."""
    state, weight = world.state, world.rules.customers.weight
    n = max(t[CUSTOMERS], 1.0)
    ledger = state.ledger
    return {
        "customers": (t[CUSTOMERS] - t[LEFT] + t[JOINED]) * weight,
        "churn": t[LEFT] / n,
        "churn_satisfied": t[LEFT_SATISFIED] / t[SATISFIED] if t[SATISFIED] else NAN,
        "joined": t[JOINED] * weight,
        "left": t[LEFT] * weight,
        "customer_equity": state.equity.total,
        "total_equity": state.equity.total + future_cohorts(world),
        "equity_acquired": state.equity.acquired,
        "equity_lost": state.equity.lost,
        "equity_retained": state.equity.retained,
        "equity_grown": state.equity.grown,
        "revenue": -ledger.month["revenue"],
        "profit": ledger.profit,
        "cash": ledger.cash,
        "cash_capital": -ledger.capital_month,
        "satisfaction": t[SATISFACTION] / n,
        "trust": t[TRUST] / n,
        "commitment": t[COMMITMENT] / n,
        "wallet_share": t[WALLET] / n,
        "knowledge": t[KNOWLEDGE] / n,
        "advocates": t[ADVOCATES] / n,
        "owned": t[COVERED] / n,
        "retention_acts": t[ACTS] / n,
        "trigger_contacts": t[TRIGGERS] / n,
        "trigger_response": t[RESPONSES] / t[TRIGGERS] if t[TRIGGERS] else NAN,
        "released": t[RELEASED] / n,
        "self_served": t[WEB_SERVED] / n,
        "participation": t[PARTICIPATION] / n,
        **fence_measures(world),
        **_offers(t, n),
        "contacts": t[N_CONTACTS] * weight,
        "resolution": t[FIRST_TIME] / t[NEEDS] if t[NEEDS] else NAN,
        "contacts_to_resolution": t[CLOSING_CONTACTS] / t[CLOSED] if t[CLOSED] else NAN,
        "handoff_success": t[HANDOFFS_DONE] / t[HANDOFFS] if t[HANDOFFS] else NAN,
    }


def future_cohorts(world: World) -> float:
    """Present value of cohorts to come net of what it costs to win them, if every month won what this one did."""
    state = world.state
    return (state.equity.acquired - state.ledger.month["acquisition"]) / world.rules.economics.monthly_discount


def _offers(t: list[float], n: float) -> dict[str, float]:
    made, held = t[OFFERS_MADE], t[BLOCKED]
    return {
        "offer_fit": t[OFFERS_FIT] / made if made else NAN,
        "collisions": t[COLLISIONS] / n,
        "offers_blocked": held / (made + held) if made + held else NAN,
        "offers_adapted": t[ADAPTED] / made if made else NAN,
        "own_offers": t[OWN_OFFERS] / n,
    }


LEVELS = (
    "engaged", "disengaged", "engagement", "turnover", "skill", "empowerment", "sharing", "belief",
    "hostility", "credibility", "backlog", "blockers", "usable", "gridlock", "reach",
)  # fmt: skip


def levels_of(world: World) -> dict[str, float]:
    """Means over people, units and customers, and what of the programme is in place: what `sum_up` adds up."""
    state, level, structure = world.state, world.rules.engagement, world.structure
    e, silos, found = state.employees, state.silos, np.empty(len(LEVELS))
    sum_up(
        found, (e.engagement, e.tenure, e.skill, e.empowerment, e.shares, e.belief),
        (silos.hostility, silos.credibility, silos.backlog, state.climate.blockers, silos.size, silos.formal,
         silos.practised), state.tally.silos, chain_strength(silos.chain, world.rules.information.weakest),
        structure.units.service, structure.initiatives.effort, (level.engaged_from, level.disengaged_below),
    )  # fmt: skip
    return dict(zip(LEVELS, found.tolist(), strict=True))


@rule
def sum_up(found, people, units, tallies, strength, service, effort, levels):  # type: ignore[no-untyped-def]
    """The numbers named in `LEVELS`, in that order; `levels` are the engagement from which people are engaged and that
    below which they are disengaged.
    """
    hostility, credibility, backlog, blockers, size, formal, practised = units
    found[:8] = sum_people(people, levels)
    found[8] = pairwise(hostility) / hostility.shape[0]
    found[9] = pairwise(credibility) / credibility.shape[0]
    found[10] = pairwise(backlog[service]) / service.shape[0]
    found[11] = pairwise(blockers.ravel()) / blockers.size
    found[12] = usable_knowledge(by_row(tallies), strength)
    whole, installed, lived = sum_effort(effort, size, formal, practised)
    found[13] = 1 - lived / installed if installed > 0 else np.nan
    found[14] = lived / whole


@rule
def sum_people(people, levels):  # type: ignore[no-untyped-def]
    """Means over employees in table order, in the order of `LEVELS`."""
    engagement, tenure, skill, empowerment, shares, belief = people
    total = np.zeros(8)
    for k in range(engagement.shape[0]):
        total[0] += engagement[k] >= levels[0]
        total[1] += engagement[k] < levels[1]
        total[2] += engagement[k]
        total[3] += tenure[k] == 0
        total[4] += skill[k]
        total[5] += empowerment[k]
        total[6] += shares[k]
        total[7] += belief[k]
    return total / engagement.shape[0]


@rule
def usable_knowledge(counted, strength):  # type: ignore[no-untyped-def]
    """Mean over customers of relationship knowledge times the strength of the chain where they are at home."""
    usable = np.empty(strength.shape[0])
    for s in range(strength.shape[0]):
        usable[s] = counted[s, KNOWLEDGE] * strength[s]
    return pairwise(usable) / max(pairwise(counted[:, CUSTOMERS]), 1.0)


def programme_measures(world: World) -> dict[str, float]:
    """Leaders, load, spending."""
    state = world.state
    climate, leaders, ledger = state.climate, state.leaders, state.ledger
    power = np.add.reduce(leaders.power)
    return {
        "buy_in": float(leaders.power @ leaders.buy_in / power),
        "leaders_stage": float(leaders.power @ leaders.stage / power),
        "leaders_trust": float(leaders.power @ leaders.trust / power),
        "pressure": climate.pressure,
        "load": climate.load,
        "overload": climate.overload,
        **{f"spent_{kind}": amount for kind, amount in ledger.invested.items()},
        "programme_cost": ledger.programme_cost,
        "stopped": float(state.plan.stopped_month >= 0),
    }


@rule
def sum_effort(effort, size, formal, practised):  # type: ignore[no-untyped-def]
    """Effort of all initiatives, of what is installed and of what is practised; units count by size.

    Gridlock = sum e F (1 - a) / sum e F; reach = sum e F a / sum e.
    """
    staff, n = size.sum(), effort.shape[0]
    whole, installed, lived = (np.empty(formal.size), np.empty(formal.size), np.empty(formal.size))
    for s in range(size.shape[0]):
        for i in range(n):
            k, asked = s * n + i, effort[i] * (size[s] / staff)
            whole[k] = asked
            installed[k] = asked * formal[s, i]
            lived[k] = asked * formal[s, i] * practised[s, i]
    return pairwise(whole), pairwise(installed), pairwise(lived)
