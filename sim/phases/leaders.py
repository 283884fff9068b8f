"""Phase 3, leaders: stakes, buy-in, negotiation, behaviour that staff can see, development, succession."""

from __future__ import annotations

import math

import numpy as np

from sim.build import leader_stage
from sim.columns import CEO, COO
from sim.compiled import rule, woven_in
from sim.draws import Stream, uniforms
from sim.params.settings import STAGES
from sim.params.strategy import OBSTACLES, PAY, STANDARDS
from sim.phases.support import asked_of_leaders
from sim.structure import FEEDBACK_SEEKING, FIRST_PROPENSITY, PERSPECTIVES
from sim.sums import pairwise
from sim.world import World, constant

LEADER_MONTH = int(Stream.LEADER_MONTH)
LEADER_TRAITS = int(Stream.LEADER_TRAITS)


def advance(world: World) -> None:
    """Move every leader one month forward."""
    state, rules, leaders = world.state, world.rules, world.state.leaders
    exists = state.plan.drawn_up and state.plan.stopped_month < 0 and world.installing
    update_stakes(leaders.stake, leaders.interest, world.structure.initiatives.politics, state.plan.launched,
                  state.plan.closed, exists)  # fmt: skip
    negotiate(world)
    move_buy_in(
        (leaders.stage, leaders.power, leaders.stake, leaders.trust, leaders.buy_in, leaders.concessions),
        world.structure.stages, state.silos.result, state.climate.pressure,
        (rules.leadership.buy_in, rules.credibility.level, 1.0 if exists else 0.0), world.records.buy_in,
    )  # fmt: skip
    behave(world)
    if world.month >= 0:
        develop(world)
        replace_leavers(world)
    remove_obstacles(world)


@rule
def update_stakes(stake, interest, politics, launched, closed, exists):  # type: ignore[no-untyped-def]
    """Stake = interest x politics of what has been launched, at most 1 in size."""
    n, moved = 0, np.zeros(politics.shape[0])
    for i in range(politics.shape[0]):
        if launched[i] >= 0 and closed[i] == 0:
            moved[n] = politics[i]
            n += 1
    power = pairwise(moved[:n]) if exists else 0.0
    for k in range(stake.shape[0]):
        stake[k] = min(max(interest[k] * power, -1.0), 1.0)


def negotiate(world: World) -> None:
    """One negotiation a month with the leader whose missing buy-in weighs most (ties by index).

    Its price grows with the stake.
    """
    plan, rule = world.state.plan, world.rules.activities
    intensity = world.strategy.unlock.negotiate
    if plan.negotiate_until > world.month:
        intensity = max(intensity, rule.renegotiate)
    if not world.acting or intensity == 0:
        return
    leaders = world.state.leaders
    who = weighs_most(leaders.buy_in, leaders.power, rule.enough_buy_in)
    if who < 0:
        return
    threatened = max(0.0, -leaders.stake[who])
    world.pay("negotiation", intensity * rule.negotiate_price * (1 + threatened) * world.employees)
    if world.effective:
        leaders.concessions[who] += intensity * rule.negotiate_step


@rule
def weighs_most(buy_in, power, enough):  # type: ignore[no-untyped-def]
    """The leader whose missing buy-in weighs most, ties by index; -1 if nobody's is missing."""
    who, most = -1, 0.0
    for k in range(buy_in.shape[0]):
        missing = power[k] * (1 - buy_in[k])
        if buy_in[k] < enough and missing > most:
            who, most = k, missing
    return who


@rule
def move_buy_in(leaders, stages, results, pressure, usual, p):  # type: ignore[no-untyped-def]
    """Buy-in moves towards s(y0 + stakes + concessions + trust + peers + results - pressure); concessions fade.

    A threatened stake shrinks with the leader's own range of perspectives. All leaders are read as they were at the
    start of the phase; peers are weighted by power. Results are the own unit's service against normal, for those above
    the units their mean. `usual` holds usual buy-in and trust, and 1 if a plan exists.
    """
    stage, power, stake, trust, buy_in, concessions = leaders
    p, before = p[0], buy_in.copy()
    base, usual_trust, exists = usual
    perspectives = at_stage(stage, stages)[PERSPECTIVES]
    everywhere = pairwise(results) / results.shape[0]
    y0 = math.log(base / (1 - base))
    total, weighted = 0.0, 0.0
    for k in range(power.shape[0]):
        total += power[k]
        weighted += power[k] * before[k]
    for k in range(power.shape[0]):
        peers = (weighted - power[k] * before[k]) / (total - power[k])
        loss = min(stake[k], 0.0) * (1 - p.perspective * perspectives[k])
        gain = max(stake[k], 0.0)
        result = results[k] if k < results.shape[0] else everywhere
        z = y0 + exists * p.stake * (loss + gain) + p.concession * concessions[k] + p.results * result
        z += p.trust * (trust[k] - usual_trust) + p.peers * (peers - base) - p.pressure * pressure
        buy_in[k] += p.speed * (1 / (1 + math.exp(-z)) - before[k])
        concessions[k] *= 1 - p.concession_fade


@rule
def at_stage(stage, table):  # type: ignore[no-untyped-def]
    """Attributes of every leader, linear between stages; shape [attribute, leader]."""
    found = np.empty((table.shape[0], stage.shape[0]))
    for k in range(stage.shape[0]):
        low = min(int(stage[k]), table.shape[1] - 2)
        for a in range(table.shape[0]):
            found[a, k] = table[a, low] + (stage[k] - low) * (table[a, low + 1] - table[a, low])
    return found


def behave(world: World) -> None:
    """Behaviour = (everyday + asked) x buy-in x propensity x attention; staff see their own leader and the top.

    The everyday share exists for initiatives that have been launched, what is asked of leaders also without any. Where
    only activities are placebos nobody asks, and the everyday share is shown as for any plan; but large moves of
    resources out of it are not granted (`weigh` in load).
    """
    rules, climate, leaders = world.rules, world.state.climate, world.state.leaders
    everyday = world.acting and world.installing and world.launched
    fading = math.exp(-world.months_under_way / rules.adoption.standards_fade)
    show(
        (leaders.stage, leaders.buy_in, leaders.attention, leaders.behaviours), world.structure.stages,
        asked_of_leaders(world), climate.design, climate.unit_load,
        (climate.load, climate.capacity, rules.leadership.everyday if everyday else 0.0,
         1.0 if world.effective and world.under_way else 0.0, fading), world.paper, climate.behaviours,
        climate.standards_full, world.records.buy_in,
    )  # fmt: skip


@rule
def show(leaders, stages, asked, design, unit_load, month_, paper, seen, seen_full, p):  # type: ignore[no-untyped-def]
    """What leaders show of every behaviour; standards without accountability (pay that depends on customers) wear off.

    `month_` holds mean load, capacity, everyday share, 1 if anything is asked, and what is left of standards that
    nobody is accountable for. What staff see of it goes into `seen`, and into `seen_full` the standards that they would
    see if buy-in were full.
    """
    p, pay = p[0], design[:, PAY]
    stage, buy_in, attention, behaviours = leaders
    load, capacity, usual, on, fading = month_
    full_standards = np.empty(stage.shape[0])
    attributes, n = at_stage(stage, stages), unit_load.shape[0]
    mean_pay = pairwise(pay) / n
    for k in range(stage.shape[0]):
        own = unit_load[k] if k < n else load
        busy = p.attention_load * min(p.attention_most, own / capacity)
        left = 1 - busy - p.attention_feedback * attributes[FEEDBACK_SEEKING, k]
        attention[k] = min(max(left, 0.0), 1.0)
        accountable = pay[k] if k < n else mean_pay
        for b in range(asked.shape[1]):
            full = min(1.0, usual + on * asked[k, b]) * attributes[FIRST_PROPENSITY + b, k] * attention[k]
            if b == STANDARDS:
                full *= accountable + (1 - accountable) * fading
                full_standards[k] = full
            behaviours[k, b] = full * (1.0 if paper else buy_in[k])
    see(behaviours, full_standards, seen, seen_full, p.team_share)


@woven_in
def see(behaviours, full_standards, seen, seen_full, top):  # type: ignore[no-untyped-def]
    """Staff see their own leader and, as a share `top`, the two at the very top."""
    n = seen.shape[0]
    for s in range(n):
        for b in range(seen.shape[1]):
            above = 0.5 * (behaviours[n + CEO, b] + behaviours[n + COO, b])
            seen[s, b] = (1 - top) * behaviours[s, b] + top * above
        seen_full[s] = (1 - top) * full_standards[s] + top * 0.5 * (full_standards[n + CEO] + full_standards[n + COO])


def develop(world: World) -> None:
    """Coaching moves a leader slowly and at most so far; pressure can push her back."""
    state, rule = world.state, world.rules.activities
    coached = world.strategy.coaching if world.effective else 0.0
    turned = np.zeros(len(state.leaders.stage))
    some = move_stages(
        turned, state.leaders.stage, state.leaders.first_stage, rule.coaching_speed * coached,
        rule.regression * state.climate.pressure, rule.coaching_reach, rule.regression_reach,
    )  # fmt: skip
    for k, steps in enumerate(turned.tolist() if some else ()):
        if steps != 0:
            turn, stage = "grows" if steps > 0 else "falls back", math.floor(state.leaders.stage[k] + 0.5)
            name = leader_name(world, k)
            world.log("leader develops", name, f"{name} {turn} to {STAGES[stage].title()}")


@rule
def move_stages(turned, stage, first, speed, back, reach, fall):  # type: ignore[no-untyped-def]
    """Move every leader's stage between her limits; write by how many whole stages each has turned.

    Returns:
        True if somebody has.
    """
    some = False
    for k in range(stage.shape[0]):
        before = math.floor(stage[k] + 0.5)
        step = speed * max(0.0, min(6.0, first[k] + reach) - stage[k])
        stage[k] = min(max(stage[k] + step - back, 0.0, first[k] - fall), 6.0)
        turned[k] = math.floor(stage[k] + 0.5) - before
        some = some or turned[k] != 0
    return some


def leader_name(world: World, k: int) -> str:
    """Name of a leader's post."""
    if k < world.ceo:
        return f"head of {world.structure.unit(k)}"
    return ("chief executive", "chief operating officer", "head of vendor relations")[k - world.ceo]


def replace_leavers(world: World) -> None:
    """Leaders leave at a constant rate; the successor's stage comes from the published shares."""
    leaders = world.state.leaders
    found = np.empty(len(leaders.stage), np.int64)
    for k in found[: leavers(found, world.key, world.state.month, chance_to_leave(world))].tolist():
        leaders.generation[k] += 1
        luck = uniforms(world.key, LEADER_TRAITS, leaders.generation[k], k, 0)[0]
        leaders.stage[k] = leaders.first_stage[k] = leader_stage(stage_shares(world), luck)
        leaders.buy_in[k] = world.rules.leadership.buy_in
        leaders.concessions[k] = 0.0
        leaders.trust[k] = world.rules.credibility.level
        leaders.belief[k] = world.rules.employees.belief
        name = leader_name(world, k)
        world.log("leader replaced", name, f"a new {name} takes over, {STAGES[int(leaders.stage[k])].title()}")


@rule
def leavers(found, key, month, chance):  # type: ignore[no-untyped-def]
    """Write which of all leaders leave this month (`found` has room for everybody), and return how many."""
    number = 0
    for k in range(found.shape[0]):
        if uniforms(key, LEADER_MONTH, month, k, 0)[0] < chance:
            found[number] = k
            number += 1
    return number


@constant
def stage_shares(world: World) -> np.ndarray:
    """Published shares of leaders' stages, shape [stage]."""
    return np.array(world.rules.leadership.stage_shares)


@constant
def chance_to_leave(world: World) -> float:
    """Chance that a leader leaves in a month."""
    return float(-np.expm1(-world.rules.leadership.leader_exit_per_month))


def remove_obstacles(world: World) -> None:
    """Effort on obstacles weakens traits of the culture, which come back by themselves."""
    state, signs, rule = world.state, world.structure.signs, world.rules.adoption
    if len(signs) == 0:
        return
    strength, seen = inherited_traits(world)
    wear_down(
        state.silos.traits, state.climate.blockers, signs, state.plan.due, state.climate.behaviours, strength, seen,
        rule.blocker_removal, world.strategy.unlock.locate if world.effective else 0.0, rule.blocker_return,
    )  # fmt: skip


@constant
def inherited_traits(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Per trait: strength in the unchanged organisation, and how far blind effort finds it."""
    traits = world.scenario.organisation.traits.values()
    seen = np.array([1.0 if trait.formal else 1 - world.rules.adoption.hidden for trait in traits])
    return np.array([trait.strength for trait in traits]), seen


@rule
def wear_down(  # type: ignore[no-untyped-def]
    traits, blockers, signs, due, behaviours, strength, seen, removal, aimed, back
):
    """Where blockers have been located (`aimed`), effort falls on the trait that blocks the plan most, ties by index.

    Otherwise it is spread evenly, wears down what advances the plan as well, and misses much of what is not written
    down. `signs` is what each trait holds against each initiative if it is fully there; what those of the unit hold
    against them goes into `blockers`. The plan is whatever has a month in which it is `due`.
    """
    n = traits.shape[1]
    against = np.zeros(n)
    for t in range(n):
        for i in range(due.shape[0]):
            against[t] += signs[t, i] if due[i] >= 0 else 0.0
    for s in range(traits.shape[0]):
        worst = 0
        for t in range(n):
            if traits[s, t] * against[t] > traits[s, worst] * against[worst]:
                worst = t
        harmful = traits[s, worst] * against[worst] > 0
        for t in range(n):
            weight = (1 - aimed) * seen[t] / n
            if t == worst and harmful:
                weight += aimed
            traits[s, t] *= 1 - removal * behaviours[s, OBSTACLES] * weight
            traits[s, t] += back * (strength[t] - traits[s, t])
        for i in range(signs.shape[1]):
            blockers[s, i] = 0.0
            for t in range(n):
                blockers[s, i] += traits[s, t] * signs[t, i]
