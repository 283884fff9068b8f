"""Monthly measures of the whole organisation."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from sim.columns import F64, Silos
from sim.compiled import rule, woven_in
from sim.measures.portfolios import fence_measures
from sim.params.programme import Investment
from sim.phases.information import chain_strength
from sim.state import (
    ACTS,
    ADAPTED,
    ADVOCATES,
    BLOCKED,
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
    WON,
)  # fmt: skip
from sim.sums import by_row, overall, pairwise
from sim.world import World

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
    "equity_retained": ("$/month", 1, "change of lifetime values of those who stayed, by proneness to leave and age"),
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


ROW: Any = namedtuple("ROW", MEASURES)(*range(len(MEASURES)))  # name -> its place in a month


def measure(world: World) -> dict[str, float]:
    """All monthly measures of the organisation, in the order of `MEASURES`."""
    found = np.full(len(MEASURES), np.inf)  # what nobody writes is noticed
    measure_row(world, found)
    return dict(zip(MEASURES, found.tolist(), strict=True))


def measure_row(world: World, found: F64) -> None:
    """Write the same into an array, each measure at its place in `ROW`."""
    state, rules, structure = world.state, world.rules, world.structure
    silos, climate, e, leaders = state.silos, state.climate, state.employees, state.leaders
    measure_agents(
        found, state.tally.silos, rules.information.weakest, structure.units.service, rules.customers.weight,
        (e.engagement, e.tenure, e.skill, e.empowerment, e.shares, e.belief),
        (leaders.power, leaders.buy_in, leaders.stage, leaders.trust),
        (rules.engagement.engaged_from, rules.engagement.disengaged_below), tuple(silos), climate.blockers,
        structure.initiatives.effort,
    )  # fmt: skip
    found[ROW.fence_accuracy], found[ROW.fence_missed] = fence_measures(world).values()
    measure_money(world, found)
    found[ROW.pressure], found[ROW.load], found[ROW.overload] = climate.pressure, climate.load, climate.overload
    found[ROW.stopped] = state.plan.stopped_month >= 0


def measure_money(world: World, found: F64) -> None:
    """Equity, the month's books, spending."""
    equity, ledger = world.state.equity, world.state.ledger
    found[ROW.customer_equity], found[ROW.total_equity] = equity.total, equity.total + future_cohorts(world)
    found[ROW.equity_acquired], found[ROW.equity_lost] = equity.acquired, equity.lost
    found[ROW.equity_retained], found[ROW.equity_grown] = equity.retained, equity.grown
    found[ROW.revenue], found[ROW.profit] = -ledger.month["revenue"], ledger.profit
    found[ROW.cash], found[ROW.cash_capital] = ledger.cash, -ledger.capital_month
    found[ROW.spent_attention] = ledger.invested[Investment.ATTENTION]
    found[ROW.spent_understanding] = ledger.invested[Investment.UNDERSTANDING]
    found[ROW.spent_skills] = ledger.invested[Investment.SKILLS]
    found[ROW.programme_cost] = ledger.programme_cost


def future_cohorts(world: World) -> float:
    """Present value of cohorts to come net of what it costs to win them, if every month won what this one did."""
    state = world.state
    return (state.equity.acquired - state.ledger.month["acquisition"]) / world.rules.economics.monthly_discount


@woven_in
def per(part, total):  # type: ignore[no-untyped-def]
    """Part of a total; missing where there is none."""
    return part / total if total != 0 else np.nan


@rule
def measure_agents(  # type: ignore[no-untyped-def]
    found, tallies, weakest, service, weight, staff, leaders, limits, silos, blockers, effort
):
    """What is measured among customers, people and units."""
    silos = Silos(*silos)
    measure_customers(found, tallies, chain_strength(silos.chain, weakest), service, silos.backlog, weight)
    measure_people(found, staff, leaders, limits)
    measure_units(found, silos, blockers, effort)


@woven_in
def measure_customers(  # type: ignore[no-untyped-def]
    found, tallies, strength, service, backlog, weight
):
    """What was counted in the month (columns of `Tally.silos`); `service` are the units that have a front line."""
    t = overall(tallies)
    n, made, held = max(t[CUSTOMERS], 1.0), t[OFFERS_MADE], t[BLOCKED]
    found[ROW.customers] = (t[CUSTOMERS] - t[LEFT] + t[JOINED]) * weight
    found[ROW.churn] = t[LEFT] / n
    found[ROW.churn_satisfied] = per(t[LEFT_SATISFIED], t[SATISFIED])
    found[ROW.joined] = t[JOINED] * weight
    found[ROW.left] = t[LEFT] * weight
    found[ROW.satisfaction] = t[SATISFACTION] / n
    found[ROW.trust] = t[TRUST] / n
    found[ROW.commitment] = t[COMMITMENT] / n
    found[ROW.wallet_share] = t[WALLET] / n
    found[ROW.knowledge] = t[KNOWLEDGE] / n
    found[ROW.usable] = usable_knowledge(by_row(tallies), strength)
    found[ROW.advocates] = t[ADVOCATES] / n
    found[ROW.owned] = t[COVERED] / n
    found[ROW.retention_acts] = t[ACTS] / n
    found[ROW.trigger_contacts] = t[TRIGGERS] / n
    found[ROW.trigger_response] = per(t[RESPONSES], t[TRIGGERS])
    found[ROW.released] = t[RELEASED] / n
    found[ROW.self_served] = t[WEB_SERVED] / n
    found[ROW.participation] = t[PARTICIPATION] / n
    found[ROW.offer_fit] = per(t[OFFERS_FIT], made)
    found[ROW.collisions] = t[COLLISIONS] / n
    found[ROW.offers_blocked] = per(held, made + held)
    found[ROW.offers_adapted] = per(t[ADAPTED], made)
    found[ROW.own_offers] = t[OWN_OFFERS] / n
    found[ROW.contacts] = t[N_CONTACTS] * weight
    found[ROW.resolution] = per(t[FIRST_TIME], t[NEEDS])
    found[ROW.contacts_to_resolution] = per(t[CLOSING_CONTACTS], t[WON])
    found[ROW.handoff_success] = per(t[HANDOFFS_DONE], t[HANDOFFS])
    waiting = np.empty(service.shape[0])
    for k in range(service.shape[0]):
        waiting[k] = backlog[service[k]]
    found[ROW.backlog] = pairwise(waiting) / service.shape[0]


@woven_in
def usable_knowledge(counted, strength):  # type: ignore[no-untyped-def]
    """Mean over customers of relationship knowledge times the strength of the chain where they are at home."""
    usable = np.empty(strength.shape[0])
    for s in range(strength.shape[0]):
        usable[s] = counted[s, KNOWLEDGE] * strength[s]
    return pairwise(usable) / max(pairwise(counted[:, CUSTOMERS]), 1.0)


@woven_in
def measure_people(found, staff, leaders, limits):  # type: ignore[no-untyped-def]
    """Means over employees in table order; over leaders, weighted by power.

    `limits` are the levels of engagement from which people are engaged, and below which they are disengaged.
    """
    engaged_from, disengaged_below = limits
    engagement, tenure, skill, empowerment, shares, belief = staff
    engaged, disengaged, keen, new, able, free, helping, outside_in = 0, 0, 0.0, 0, 0.0, 0.0, 0, 0.0
    n = engagement.shape[0]
    for k in range(n):
        engaged += engagement[k] >= engaged_from
        disengaged += engagement[k] < disengaged_below
        keen += engagement[k]
        new += tenure[k] == 0
        able += skill[k]
        free += empowerment[k]
        helping += int(shares[k])
        outside_in += belief[k]
    found[ROW.engaged], found[ROW.disengaged], found[ROW.engagement] = engaged / n, disengaged / n, keen / n
    found[ROW.turnover], found[ROW.skill], found[ROW.empowerment] = new / n, able / n, free / n
    found[ROW.sharing], found[ROW.belief] = helping / n, outside_in / n
    powers, buy_ins, stages, trusts = leaders
    power, buy_in, stage, trust = 0.0, 0.0, 0.0, 0.0
    for k in range(powers.shape[0]):
        power += powers[k]
        buy_in += powers[k] * buy_ins[k]
        stage += powers[k] * stages[k]
        trust += powers[k] * trusts[k]
    found[ROW.buy_in], found[ROW.leaders_stage], found[ROW.leaders_trust] = buy_in / power, stage / power, trust / power


@woven_in
def measure_units(found, silos, blockers, effort):  # type: ignore[no-untyped-def]
    """Means over units; gridlock = sum e F (1 - a) / sum e F and reach = sum e F a / sum e, units by size."""
    found[ROW.hostility] = pairwise(silos.hostility) / silos.hostility.shape[0]
    found[ROW.credibility] = pairwise(silos.credibility) / silos.credibility.shape[0]
    found[ROW.blockers] = pairwise(blockers.ravel()) / blockers.size
    whole, installed, lived = sum_effort(effort, silos.size, silos.formal, silos.practised)
    found[ROW.gridlock] = 1 - lived / installed if installed > 0 else np.nan
    found[ROW.reach] = lived / whole


@woven_in
def sum_effort(effort, size, formal, practised):  # type: ignore[no-untyped-def]
    """Effort of all initiatives, of what is installed and of what is practised; units count by size."""
    staff, n = size.sum(), effort.shape[0]
    whole, installed, lived = (np.empty(formal.size), np.empty(formal.size), np.empty(formal.size))
    for s in range(size.shape[0]):
        for i in range(n):
            k, asked = s * n + i, effort[i] * (size[s] / staff)
            whole[k] = asked
            installed[k] = asked * formal[s, i]
            lived[k] = asked * formal[s, i] * practised[s, i]
    return pairwise(whole), pairwise(installed), pairwise(lived)
