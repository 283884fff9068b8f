"""Phase 2, programme: diagnosis, plan, launches, installation, load, words, what is asked of leaders.

A strategy is nothing but activities here: what they bring about is decided by people in the later phases.
"""

from __future__ import annotations

import numpy as np

from sim.build import pay_shares
from sim.columns import CEO, COO, PRACTISING
from sim.draws import Stream, uniforms
from sim.params.organisation import Function
from sim.params.strategy import (
    BEHAVIOURS,
    INITIATIVES,
    N_INITIATIVES,
    NEVER,
    PAY,
    PILOTS,
    RESOURCES,
    TOP_POSTS,
)  # fmt: skip
from sim.phases.checkpoints import check
from sim.phases.governance import update_governance
from sim.phases.moments import moment_of_belief
from sim.phases.observation import attribute, fidelity
from sim.phases.rollout import delays, has_started, pilots, say_pilots, staff_share
from sim.structure import CONSULTATION, RIGOUR
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
    depth = world.structure.initiatives.builds_on.sum(axis=1)
    waiting = [
        i
        for i in range(N_INITIATIVES)
        if 0 <= plan.due[i] <= world.month and plan.launched[i] < 0 and not plan.closed[i]
    ]
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


def install(world: World) -> None:
    """Formal state grows to 1 over the installation; its price is paid evenly meanwhile. Without sponsor it erodes."""
    state, plan, table = world.state, world.state.plan, world.structure.initiatives
    formal, speed = state.silos.formal, attribute(world, world.ceo, RIGOUR)
    for i in np.flatnonzero(plan.launched >= 0):
        if plan.closed[i]:
            formal[:, i] *= 1 - world.rules.activities.decay
            continue
        if plan.paused_until[i] > world.month:
            continue
        under_way = has_started(world)[:, i]
        _pay_instalment(world, int(i), under_way)
        if not world.installing:
            continue
        formal[under_way, i] = np.minimum(1.0, formal[under_way, i] + speed / table.install[i])
        done = under_way & (plan.installed[:, i] < 0) & (formal[:, i] >= 1 - 1e-9)
        plan.installed[done, i] = world.month
        concerned = plan.started[:, i] != NEVER
        if done.any() and (plan.installed[concerned, i] >= 0).all():
            where = "everywhere" if concerned.all() else "in the units that take part"
            world.log("installed", INITIATIVES[i], f"{world.structure.label(int(i))}: formally in place {where}")


def _pay_instalment(world: World, i: int, under_way: np.ndarray) -> None:
    """Every unit that takes part pays its share of the price in equal parts over the installation."""
    plan, table = world.state.plan, world.structure.initiatives
    paying = under_way & (plan.paid[:, i] < table.install[i])
    if not paying.any():
        return
    plan.paid[paying, i] += 1
    amount = table.price[i] * world.employees * float(staff_share(world)[paying].sum()) / table.install[i]
    life, kind = world.rules.economics.depreciation_months, table.investment[i]
    world.state.ledger.invest(amount * table.capital[i], life, kind)
    world.pay("programme", amount * (1 - table.capital[i]), kind)


def _postponed(world: World) -> float:
    """Effort of competing work that strict priorities put off."""
    put_off = world.rules.activities.priority * world.strategy.unlock.organize if world.effective else 0.0
    return world.scenario.organisation.background_load * put_off


def _background(world: World) -> float:
    return world.scenario.organisation.background_load - _postponed(world)


def believed_load(world: World) -> float:
    """Load of the most loaded unit as the programme office sees it, units that follow later included.

    The programme's part is underestimated without diagnosis.
    """
    takes_part = world.state.plan.started != NEVER
    return _background(world) + float(_unit_efforts(world, takes_part).max()) * world.state.plan.believed


def _unit_efforts(world: World, where: np.ndarray) -> np.ndarray:
    """True effort that the programme asks of the staff of each unit, shape [silo].

    Fully until some months after an initiative is in place there, then only as far as it is not practised.

    Args:
        world: the world.
        where: which initiatives count in which units, shape [silo, initiative].
    """
    plan, table, load = world.state.plan, world.structure.initiatives, world.rules.load
    asked = where & (plan.closed == 0) & (plan.paused_until <= world.month) & world.installing
    fresh = (plan.installed < 0) | (world.month < plan.installed + load.tail_months)
    weight = np.where(fresh, 1.0, load.unpractised * (1 - world.state.silos.practised))
    return np.asarray((asked * weight) @ table.effort)


def update_load(world: World) -> None:
    """Load, capacity and overload = max(0, load - capacity) / capacity per unit, the same rule for every strategy.

    A unit carries an initiative once it starts there; its leader's attention falls with the unit's own load. For the
    whole organisation load and overload are means over staff.
    """
    climate, load, plan = world.state.climate, world.rules.load, world.state.plan
    climate.unit_load[:] = _background(world) + _unit_efforts(world, has_started(world))
    climate.load = float(staff_share(world) @ climate.unit_load)
    resources = float(staff_share(world) @ climate.behaviours[:, RESOURCES])
    if world.month > 0 and world.month % 12 == world.scenario.organisation.budget_month:
        plan.pending_resources = load.resource_large * resources
    granted = plan.pending_resources if world.effective else 0.0
    extra = (1 - load.resource_large) * resources + granted
    climate.capacity = load.capacity * (1 + load.resource_gain * extra)
    over = np.maximum(0.0, climate.unit_load - climate.capacity) / climate.capacity
    climate.unit_overload[:] = 0.0 if world.paper else over
    climate.overload = float(staff_share(world) @ climate.unit_overload)


def _quiet(world: World) -> float:
    return world.rules.activities.quiet if world.state.plan.quiet_until > world.month else 1.0


def _support(world: World) -> float:
    boost = world.rules.activities.boost if world.state.plan.support_until > world.month else 0.0
    return min(1.0, world.strategy.support + boost)


def channel_use(world: World) -> np.ndarray:
    """How far each channel is used, shape [channel]: as chosen, or all alike by the intensity of Communicate."""
    strategy, names = world.strategy, world.rules.activities.channels
    if strategy.channels:
        return np.array([strategy.channels.get(name, 0.0) for name in names])
    return np.full(len(names), strategy.unlock.communicate)


def update_words(world: World) -> None:
    """Words, their reach, and how far they go both ways; help on the job. Nothing is said before the first launch.

    What goes through a channel one way is words; what comes back is voice. What is heard through a channel is taken
    for true as far as the channel is trusted. Other initiatives that pull the same way help on the job as well.
    """
    climate, strategy, rule = world.state.climate, world.strategy, world.rules.activities
    channels, n = rule.channels.values(), max(len(rule.channels), 1)
    on = 1.0 if world.effective and world.under_way else 0.0
    used, loud = channel_use(world), _quiet(world) * strategy.messages
    reach, two_way, trusted = (np.array([getattr(c, k) for c in channels]) for k in ("reach", "two_way", "trusted"))
    climate.words = on * min(1.0, loud + float(used @ (1 - two_way)) / n)
    climate.reach = on * (1 - (1 - loud) * float(np.prod(1 - used * reach)))
    climate.trusted_reach = on * (1 - (1 - loud * rule.message_trusted) * float(np.prod(1 - used * reach * trusted)))
    climate.two_way = on * float(used @ two_way) / n
    helped = world.scenario.organisation.background_help if (world.state.plan.launched >= 0).any() else 0.0
    climate.support = 1 - (1 - on * _support(world)) * (1 - helped)


def pay_for_support(world: World) -> None:
    """Pay this month's running activities; what speaks or helps is paid from the first launch."""
    if not world.acting:
        return
    s, a, staff = world.strategy, world.rules.activities, world.employees
    world.pay("office", s.unlock.organize * a.organize_price * staff)
    world.pay("office", _postponed(world) * a.postponed_price * staff)
    world.pay("facilitator", s.facilitator * a.facilitator_price * staff)
    world.pay("coaching", s.coaching * a.coaching_price * staff)
    if not world.under_way:
        return
    world.pay("support", _support(world) * a.support_price * staff)
    world.pay("messages", _quiet(world) * s.messages * a.message_price * staff)
    world.pay("messages", float(channel_use(world) @ [c.price for c in a.channels.values()]) * staff)
    world.pay("change_agents", s.change_agents * a.agents_price * staff)
    price = np.array([a.resources_price if name == "resources" else a.behaviour_price for name in BEHAVIOURS])
    asked, top = asked_of_leaders(world) @ price, world.rules.buy_in.team_share
    above = 0.5 * (asked[world.ceo + CEO] + asked[world.ceo + COO])
    world.pay("behaviours", ((1 - top) * float(staff_share(world) @ asked[: world.ceo]) + top * above) * staff)


def asked_of_leaders(world: World) -> np.ndarray:
    """What the strategy asks of every leader this month, shape [leader, behaviour].

    An entry for the leaders of pilot units, and before that one for a single leader, takes the place of what is asked
    of all while its months last.
    """
    strategy, names = world.strategy, (*world.structure.silos, *TOP_POSTS)
    asked = np.tile([getattr(strategy.behaviours, name) for name in BEHAVIOURS], (len(names), 1))
    first = np.append(pilots(world), [False] * len(TOP_POSTS))
    for who, own in sorted(strategy.leaders.items(), key=lambda entry: entry[0] != PILOTS):
        if own.first_month <= world.month <= own.last_month:
            rows = first if who == PILOTS else np.array([name == who for name in names])
            asked[rows] = [getattr(own, name) for name in BEHAVIOURS]
    return asked


def update_design(world: World) -> None:
    """Practised design D = F (delta + (1 - delta) a), and the pay mix in force; called when adoption is known."""
    state, table = world.state, world.structure.initiatives
    silos, climate = state.silos, state.climate
    climate.design[:] = silos.formal * (table.decree + (1 - table.decree) * silos.practised)
    old, new = pay_shares(world.scenario.incentives.mix), pay_shares(world.strategy.pay)
    d = climate.design[:, PAY : PAY + 1]
    climate.pay[:] = (1 - d) * old + d * new
    update_governance(world)


def practised_shares(world: World) -> None:
    """Share of each unit's staff who practise each initiative; how far marketing carries it into other units."""
    state, first = world.state, world.structure.units.first
    for s in range(len(first) - 1):
        state.silos.practised[s] = (state.employees.adoption[first[s] : first[s + 1]] == PRACTISING).mean(axis=0)
    marketing = np.array([f is Function.MARKETING for f in world.structure.functions])
    on = world.strategy.change_agents if world.effective and world.under_way and marketing.any() else 0.0
    state.climate.agents[:] = on * state.silos.practised[marketing].mean(axis=0) if on else 0.0
