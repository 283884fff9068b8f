"""Phase 2, programme: diagnosis, plan, launches, installation, load, words, what is asked of leaders.

A strategy is nothing but activities here: what they bring about is decided by people in the later phases.
"""

from __future__ import annotations

import numpy as np

from sim.draws import Stream, uniforms
from sim.params.strategy import BEHAVIOURS, INITIATIVES, N_INITIATIVES, NEVER
from sim.phases.checkpoints import check
from sim.phases.installation import install
from sim.phases.load import believed_load, update_load
from sim.phases.moments import moment_of_belief
from sim.phases.observation import attribute, fidelity
from sim.phases.rollout import delays, has_started, say_pilots
from sim.phases.support import pay_for_support, update_words
from sim.structure import CONSULTATION
from sim.world import World


def advance(world: World) -> None:
    """Carry the programme one month forward."""
    if world.month == 0 and has_content(world):
        draw_up_plan(world)
    if world.state.plan.drawn_up:
        if world.month == world.strategy.support_months and world.state.plan.stopped_month < 0:
            world.log("support ends", "plan", "what carries the plan ends: messages, behaviours, help on the job")
        if world.acting:
            launch_what_is_due(world)
        install(world)
        check(world)
        pay_for_support(world)
        moment_of_belief(world)
    update_load(world)
    update_words(world)


def has_content(world: World) -> bool:
    """True if the strategy does anything at all: with every intensity at zero there is no programme."""
    s = world.strategy
    intensities = [*s.unlock.model_dump().values(), *s.behaviours.model_dump().values()]
    asked = [getattr(one, name) for one in s.leaders.values() for name in BEHAVIOURS]
    return bool(s.initiatives) or any(
        v > 0
        for v in (*intensities, *asked, *s.channels.values(), s.messages, s.support, s.change_agents,
                  s.launches_per_year, s.moments_per_year, s.coaching, s.facilitator)
    )  # fmt: skip


def draw_up_plan(world: World) -> None:
    """Take over the plan as proposed; Understand finds what is missing, at the price of time and money.

    With accuracy = breadth x fidelity every missing foundation of a planned initiative is found or not (one draw per
    foundation); what is found joins the plan. Without diagnosis effort is believed to be smaller than it is.
    """
    plan, strategy = world.state.plan, world.strategy
    plan.drawn_up = True
    plan.delay[:] = delays(world)
    say_pilots(world)
    breadth = strategy.unlock.understand
    plan.accuracy = breadth * fidelity(world) if world.effective else 0.0
    activities = world.rules.activities
    plan.believed = activities.underestimate + (1 - activities.underestimate) * plan.accuracy
    delay = activities.understand_months * breadth + attribute(world, world.ceo, CONSULTATION)
    delay = round(delay) if strategy.initiatives else 0
    for name, month in strategy.initiatives.items():
        plan.due[INITIATIVES.index(name)] = month + delay
    if breadth > 0:
        world.pay("diagnosis", breadth * activities.understand_price * world.employees)
        world.log("diagnosis", "plan", f"stakeholders consulted; launches wait {delay} months")
        _add_missing(world, delay)
    if strategy.unlock.locate > 0:
        world.pay("diagnosis", strategy.unlock.locate * activities.locate_price * world.employees)
        world.log("located", "culture", "what advances and what blocks the plan in the culture has been located")


def _add_missing(world: World, delay: int) -> None:
    plan, builds_on = world.state.plan, world.structure.initiatives.builds_on
    for _ in range(3):  # deep
        for need in range(N_INITIATIVES):
            users = [i for i in range(N_INITIATIVES) if plan.due[i] >= 0 and builds_on[i, need]]
            found = uniforms(world.key, int(Stream.DIAGNOSIS), 0, need, 0)[0] < plan.accuracy
            if users and plan.due[need] < 0 and found:
                plan.due[need] = delay
                names, label = " and ".join(world.structure.label(i) for i in users), world.structure.label(need)
                text = f"diagnosis: {names} builds on {label}, which joins the plan"
                world.log("foundation found", INITIATIVES[need], text)


def launch_what_is_due(world: World) -> None:
    """Launch what is due. Organize holds back what lacks its foundation or would exceed capacity as it is believed.

    Initiatives are looked at foundations first, then in the order of their due month; ties by index.
    """
    plan, organize = world.state.plan, world.strategy.unlock.organize
    waiting = [
        i
        for i, (due, launched) in enumerate(zip(plan.due.tolist(), plan.launched.tolist(), strict=True))
        if launched < 0 <= due <= world.month and not plan.closed[i]
    ]
    if not waiting:
        return
    depth = world.structure.initiatives.builds_on.sum(axis=1)
    for i in sorted(waiting, key=lambda i: (depth[i], plan.due[i], i)):
        reason = _objection(world, i) if organize > 0 and world.effective else ""
        if reason:
            if i not in plan.postponed:
                plan.postponed.add(i)
                world.log("postponed", INITIATIVES[i], f"{world.structure.label(i)} waits: {reason}")
            continue
        _launch(world, i)


def _objection(world: World, i: int) -> str:
    """Why a strict programme office holds an initiative back, or nothing."""
    plan, table, organize = world.state.plan, world.structure.initiatives, world.strategy.unlock.organize
    for need in np.flatnonzero(table.builds_on[i]):
        planned = plan.due[need] >= 0 and not plan.closed[need]
        here = has_started(world)[:, need]
        if planned and not (here.any() and world.state.silos.formal[here, need].mean() >= organize - 1e-9):
            return f"it builds on {world.structure.label(int(need))}"
    believed = believed_load(world) + table.effort[i] * plan.believed
    running = (plan.launched >= 0).any()
    if running and believed > world.state.climate.capacity / organize:
        return "the load would exceed what people can carry"
    return ""


def _launch(world: World, i: int) -> None:
    """Start an initiative; Organize starts in the readier half of the units and follows with the rest."""
    state, organize = world.state, world.strategy.unlock.organize
    state.plan.launched[i] = world.month
    head_start = round(organize * world.rules.activities.stagger_months) if world.effective else 0
    wait = state.plan.delay.copy()
    if head_start > 0:
        readiness = _readiness(world)
        later = np.argsort(readiness, kind="stable")[: len(readiness) // 2]
        wait[later] = np.where(wait[later] == NEVER, NEVER, np.maximum(wait[later], head_start))
    state.plan.started[:, i] = np.where(wait == NEVER, NEVER, world.month + wait)
    state.plan.next_check[i] = world.month + 1
    world.log("launched", INITIATIVES[i], f"launch of {world.structure.label(i)}")


def _readiness(world: World) -> np.ndarray:
    """Readiness of each unit: buy-in of its leader less what in its culture blocks."""
    leaders, climate = world.state.leaders, world.state.climate
    return leaders.buy_in[: world.ceo] - climate.blockers.mean(axis=1)
