"""What of the programme is practised, and what that puts in force: design, pay, governance. Called by adoption."""

from __future__ import annotations

import numpy as np

from sim.build import pay_shares
from sim.columns import PRACTISING
from sim.compiled import rule
from sim.params.organisation import Function
from sim.params.strategy import PAY
from sim.phases.governance import update_governance
from sim.world import World, constant


def update_design(world: World) -> None:
    """Practised design, the pay mix and the terms of governance in force; called when adoption is known."""
    silos, climate = world.state.silos, world.state.climate
    put_into_practice(
        climate.design, climate.pay, silos.formal, silos.practised, world.structure.initiatives.decree,
        usual_pay(world), planned_pay(world),
    )  # fmt: skip
    update_governance(world)


@rule
def put_into_practice(design, pay, formal, practised, decree, old, new):  # type: ignore[no-untyped-def]
    """Practised design D = F (delta + (1 - delta) a); pay moves from what it was to what is planned."""
    for s in range(design.shape[0]):
        for i in range(design.shape[1]):
            design[s, i] = formal[s, i] * (decree[i] + (1 - decree[i]) * practised[s, i])
        d = design[s, PAY]
        for k in range(old.shape[0]):
            pay[s, k] = (1 - d) * old[k] + d * new[k]


@constant
def usual_pay(world: World) -> np.ndarray:
    """Pay mix of the unchanged organisation, shape [4]."""
    return pay_shares(world.scenario.incentives.mix)


@constant
def planned_pay(world: World) -> np.ndarray:
    """Pay mix of the plan, shape [4]."""
    return pay_shares(world.strategy.pay)


def practised_shares(world: World) -> None:
    """Share of each unit's staff who practise each initiative; how far marketing carries it into other units."""
    state = world.state
    on = world.strategy.change_agents if world.effective and world.under_way else 0.0
    count_practised(
        state.employees.adoption, world.structure.units.first, state.silos.practised, state.climate.agents,
        marketing_units(world), on,
    )  # fmt: skip


@constant
def marketing_units(world: World) -> np.ndarray:
    """Rows of the units whose function is marketing."""
    return np.flatnonzero([f is Function.MARKETING for f in world.structure.functions])


@rule
def count_practised(adoption, first, practised, agents, marketing, on):  # type: ignore[no-untyped-def]
    """What `practised_shares` sets; `on` is how far change agents are used."""
    for s in range(practised.shape[0]):
        for i in range(practised.shape[1]):
            practised[s, i] = 0.0
        for e in range(first[s], first[s + 1]):
            for i in range(practised.shape[1]):
                practised[s, i] += adoption[e, i] == PRACTISING
        for i in range(practised.shape[1]):
            practised[s, i] /= first[s + 1] - first[s]
    for i in range(agents.shape[0]):
        known = 0.0
        for s in marketing:
            known += practised[s, i]
        agents[i] = on * (known / marketing.shape[0]) if on > 0 and marketing.shape[0] > 0 else 0.0
