"""State of the agents as structs of arrays: one row per agent, one contiguous array per attribute.

Rules read `customers.satisfaction[i]`; the same tables are shown as Mesa agents in `sim.agents`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I8 = NDArray[np.int8]
I32 = NDArray[np.int32]


class Customers(NamedTuple):
    """One row per slot of the market; `alive` is 1 for a customer and 0 for a prospect.

    Rows are ordered by home unit and segment, so that neighbours share both and loops need not look them up.
    """

    slot: I32  # number of the slot, under which its luck is drawn
    alive: I8
    segment: I8
    home: I8  # home unit (silo index)
    owner: I32  # employee slot of the portfolio manager, -1 without
    spend: F32  # spend potential, $/month
    wallet: F32  # wallet share, 0-1
    satisfaction: F32
    trust: F32
    commitment: F32
    expectation: F32
    knowledge: F32  # relationship knowledge, 0-1
    frailty: F32  # gamma, mean 1 among newcomers
    tenure: I32  # months
    open_need: I8  # 1 if an unresolved need will return
    contacts_open: I8  # contacts spent on the open need
    failures: I8  # failures in a row
    service_cost: F32  # cost to serve relative to the mean
    tier: I8  # treatment, see `TIERS`
    participation: F32  # habit of taking part, 0-1
    worth: F32  # lifetime value as it stood at the end of last month, $; 0 for a prospect
    multiple: F32  # months of cash that this lifetime value was worth
    error: F32  # standard normal error of the value estimate
    misjudged: F32  # standard normal error of the risk score
    appeal: F32  # relative inclination of a prospect to join
    generation: I32  # how many customers have held the slot
    quality: F32  # this month's mean experience, -1 without contact
    hazard: F32  # this month's hazard of leaving
    acted: I8  # 1 if a retention act reached the customer this month
    luck_leaving: F32  # this month's uniforms: for leaving,
    luck_act: F32  # for a retention act,
    luck_offers: F32  # for the number of offers


class Employees(NamedTuple):
    """One row per employee slot; a leaver's slot is taken by a newcomer of the next generation."""

    silo: I32
    role: I8
    belief: F64
    anchor: F64  # belief that gravity pulls back to
    engagement: F64
    disposition: F64  # engagement disposition, standard normal
    willingness: F64  # sharing disposition, standard normal
    skill: F64
    tacit: F64  # tacit customer knowledge, 0-1
    habit: F64  # sharing habit, 0-1
    shares: I8  # 1 if she helps across boundaries this month
    empowerment: F64  # inclination to act on own judgement, 0-1
    learning: F64  # capacity lost to newly practised work
    adoption: I8  # [employee, initiative]: 0 unaware, 1 aware, 2 trying, 3 practising
    trying: I8  # [employee, initiative]: months of trying
    handled: F64  # contacts handled this month
    won: F64  # contacts resolved or recovered this month
    asked: F64  # times asked for help across a boundary this month
    dropped: F64  # of these, handoffs that failed
    tenure: I32
    generation: I32


class Silos(NamedTuple):
    """One row per business unit."""

    size: I32
    formal: F64  # [silo, initiative]: formal state F, 0-1
    practised: F64  # [silo, initiative]: share of staff who practise
    hostility: F64
    traits: F64  # [silo, trait]: strength left
    chain: F64  # [silo, 5]: capture, collate, retrieve, utilise, share
    credibility: F64
    backlog: F64  # contacts waiting, in months of capacity
    demand: F64  # contacts last month
    capacity: F64  # contacts that the unit can handle a month, unchanged
    success: F64  # share of contacts won this month
    normal_success: F64  # the same in the unchanged organisation
    fails: F64  # share of requests to the unit's staff that failed this month
    normal_fails: F64  # the same in the unchanged organisation
    result: F64  # unit result relative to normal
    manager: F64  # manager effect on engagement, logit


class Leaders(NamedTuple):
    """One row per leader: the silos' leaders in order, then CEO, COO, vendor relations."""

    stage: F64  # action logic, 0-6
    first_stage: F64  # stage at appointment
    power: F64  # shares, sum 1
    interest: F64  # what she gains (+) or loses (-) when power shifts to customers
    stake: F64
    buy_in: F64
    concessions: F64
    trust: F64  # in what is said about the strategy, 0-1
    belief: F64
    attention: F64
    behaviours: F64  # [leader, 5]
    generation: I32


class Network(NamedTuple):
    """Ties as compressed rows: neighbours of e are `ties[starts[e]:starts[e + 1]]`, both directions present."""

    starts: I32
    ties: I32
    team_starts: I32  # pre-drawn ties across silos, switched on by practised teams
    team_ties: I32


ROLES = ("front line", "specialist", "product manager", "portfolio manager", "capabilities manager")
FRONT_LINE, SPECIALIST, PRODUCT_MANAGER, PORTFOLIO_MANAGER, CAPABILITIES_MANAGER = range(5)
TIERS = ("in person", "web and pool", "converted")
IN_PERSON, WEB_AND_POOL, CONVERTED = range(3)  # converted: moved to web and pool because unprofitable
UNAWARE, AWARE, TRYING, PRACTISING = range(4)
CAPTURE, COLLATE, RETRIEVE, UTILISE, SHARE = range(5)
CEO, COO, VENDOR = range(3)  # offsets after the silos' leaders
