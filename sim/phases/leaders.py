"""Phase 3, leaders: stakes, buy-in, negotiation, behaviour that staff can see, development, succession."""

from __future__ import annotations

import numpy as np

from sim.build import leader_stage
from sim.columns import CEO, COO
from sim.compiled import rule
from sim.draws import Stream, uniform_table
from sim.params.settings import STAGES
from sim.params.strategy import BEHAVIOURS, OBSTACLES, PAY, STANDARDS
from sim.phases.programme import asked_of_leaders
from sim.structure import FEEDBACK_SEEKING, FIRST_PROPENSITY, PERSPECTIVES
from sim.world import World


def advance(world: World) -> None:
    """Move every leader one month forward."""
    exists = world.state.plan.drawn_up and world.state.plan.stopped_month < 0 and world.installing
    update_stakes(world, exists)
    negotiate(world)
    leaders, rules = world.state.leaders, world.rules
    perspectives = at_stage(leaders.stage, world.structure.stages)[PERSPECTIVES]
    move_buy_in(
        leaders.buy_in, leaders.buy_in.copy(), leaders.stake, leaders.concessions, leaders.power, perspectives,
        _results(world), leaders.trust - rules.credibility.level,
        world.state.climate.pressure, rules.leadership.buy_in, 1.0 if exists else 0.0, world.records.buy_in,
    )  # fmt: skip
    leaders.concessions[:] *= 1 - rules.buy_in.concession_fade
    behave(world)
    develop(world)
    replace_leavers(world)
    remove_obstacles(world)


def update_stakes(world: World, exists: bool) -> None:
    """Stake = interest x politics of what has been launched, at most 1 in size."""
    leaders, plan = world.state.leaders, world.state.plan
    politics = world.structure.initiatives.politics[(plan.launched >= 0) & (plan.closed == 0)].sum() if exists else 0.0
    leaders.stake[:] = np.clip(leaders.interest * politics, -1, 1)


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
    missing = np.where(leaders.buy_in < rule.enough_buy_in, leaders.power * (1 - leaders.buy_in), 0.0)
    who = int(np.argmax(missing))
    if missing[who] == 0:
        return
    threatened = max(0.0, -leaders.stake[who])
    world.pay("negotiation", intensity * rule.negotiate_price * (1 + threatened) * world.employees)
    if world.effective:
        leaders.concessions[who] += intensity * rule.negotiate_step


def _results(world: World) -> np.ndarray:
    """Own unit's service result against normal; the mean of units for those above them."""
    result = world.state.silos.result
    return np.concatenate([result, np.full(3, result.mean())])


@rule
def move_buy_in(  # type: ignore[no-untyped-def]
    buy_in, before, stake, concessions, power, perspectives, results, trust, pressure, base, exists, p
):
    """Buy-in moves towards s(y0 + stakes + concessions + trust + peers + results - pressure).

    A threatened stake shrinks with the leader's own range of perspectives. All leaders are read as they were at the
    start of the phase; peers are weighted by power.
    """
    y0 = np.log(base / (1 - base))
    total = power.sum()
    weighted = (power * before).sum()
    for k in range(buy_in.shape[0]):
        peers = (weighted - power[k] * before[k]) / (total - power[k])
        loss = min(stake[k], 0.0) * (1 - p.perspective * perspectives[k])
        gain = max(stake[k], 0.0)
        z = y0 + exists * p.stake * (loss + gain) + p.concession * concessions[k] + p.results * results[k]
        z += p.trust * trust[k] + p.peers * (peers - base) - p.pressure * pressure
        buy_in[k] += p.speed * (1 / (1 + np.exp(-z)) - before[k])


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

    The everyday share exists for initiatives that have been launched, what is asked of leaders also without any; where
    only activities are placebos nobody asks, and the everyday share is as for any plan.
    """
    state, rules = world.state, world.rules
    leaders, climate = state.leaders, state.climate
    attributes = at_stage(leaders.stage, world.structure.stages)
    seeking = attributes[FEEDBACK_SEEKING]
    own = np.concatenate([climate.unit_load, np.full(3, climate.load)])
    busy = rules.buy_in.attention_load * np.minimum(rules.buy_in.attention_most, own / climate.capacity)
    leaders.attention[:] = np.clip(1 - busy - rules.buy_in.attention_feedback * seeking, 0, 1)
    asked = asked_of_leaders(world)
    everyday = world.acting and world.installing and (state.plan.launched >= 0).any()
    usual = rules.leadership.everyday if everyday else 0.0
    on = 1.0 if world.effective and world.under_way else 0.0
    n, top = len(leaders.stage), rules.buy_in.team_share
    seen_full = np.zeros(n)
    for k in range(len(BEHAVIOURS)):
        propensity = attributes[FIRST_PROPENSITY + k]
        full = np.minimum(1.0, usual + on * asked[:, k]) * propensity * leaders.attention
        full = _wear_off(world, full) if k == STANDARDS else full
        leaders.behaviours[:, k] = full * (1.0 if world.paper else leaders.buy_in)
        seen_full = full if k == STANDARDS else seen_full
    ceo, coo = world.ceo + CEO, world.ceo + COO
    units = leaders.behaviours[: world.ceo]
    above = 0.5 * (leaders.behaviours[ceo] + leaders.behaviours[coo])
    climate.behaviours[:] = (1 - top) * units + top * above
    climate.standards_full[:] = (1 - top) * seen_full[: world.ceo] + top * 0.5 * (seen_full[ceo] + seen_full[coo])


def _wear_off(world: World, standards: np.ndarray) -> np.ndarray:
    """Standards without accountability (pay that depends on customers) wear off."""
    pay = world.state.climate.design[:, PAY]
    accountable = np.concatenate([pay, np.full(3, pay.mean())])
    fading = np.exp(-world.months_under_way / world.rules.adoption.standards_fade)
    return standards * (accountable + (1 - accountable) * fading)


def develop(world: World) -> None:
    """Coaching moves a leader slowly and at most so far; pressure can push her back."""
    state, rule = world.state, world.rules.activities
    leaders = state.leaders
    if world.month < 0:
        return
    before = np.floor(leaders.stage + 0.5)
    coached = world.strategy.coaching if world.effective else 0.0
    limit = np.minimum(6.0, leaders.first_stage + rule.coaching_reach)
    step = rule.coaching_speed * coached * np.maximum(0, limit - leaders.stage)
    back = rule.regression * state.climate.pressure
    leaders.stage[:] = np.clip(
        leaders.stage + step - back, np.maximum(0, leaders.first_stage - rule.regression_reach), 6
    )
    after = np.floor(leaders.stage + 0.5)
    for k in np.flatnonzero(after != before):
        turn = "grows" if after[k] > before[k] else "falls back"
        world.log("leader develops", leader_name(world, int(k)),
                  f"{leader_name(world, int(k))} {turn} to {STAGES[int(after[k])].title()}")  # fmt: skip


def leader_name(world: World, k: int) -> str:
    """Name of a leader's post."""
    if k < world.ceo:
        return f"head of {world.structure.unit(k)}"
    return ("chief executive", "chief operating officer", "head of vendor relations")[k - world.ceo]


def replace_leavers(world: World) -> None:
    """Leaders leave at a constant rate; the successor's stage comes from the published shares."""
    if world.month < 0:
        return
    leaders = world.state.leaders
    slots = np.arange(len(leaders.stage), dtype=np.int64)
    u = uniform_table(world.key, Stream.LEADER_MONTH, slots, world.state.month)
    for k in np.flatnonzero(u[:, 0] < -np.expm1(-world.rules.leadership.leader_exit_per_month)):
        leaders.generation[k] += 1
        new = uniform_table(world.key, Stream.LEADER_TRAITS, np.array([k]), int(leaders.generation[k]))[0]
        leaders.stage[k] = leaders.first_stage[k] = leader_stage(world.scenario, new[:1])[0]
        leaders.buy_in[k] = world.rules.leadership.buy_in
        leaders.concessions[k] = 0.0
        leaders.trust[k] = world.rules.credibility.level
        leaders.belief[k] = world.rules.employees.belief
        name = leader_name(world, int(k))
        world.log("leader replaced", name, f"a new {name} takes over, {STAGES[int(leaders.stage[k])].title()}")


def remove_obstacles(world: World) -> None:
    """Effort on obstacles weakens traits of the culture, which come back by themselves.

    Where blockers have been located, effort falls on the trait that blocks the plan most. Otherwise it is spread
    evenly, wears down what advances the plan as well, and misses much of what is not written down.
    """
    state, signs, rule = world.state, world.structure.signs, world.rules.adoption
    traits, climate = state.silos.traits, state.climate
    if len(signs) == 0:
        return
    inherited = world.scenario.organisation.traits.values()
    effort = rule.blocker_removal * climate.behaviours[:, OBSTACLES]
    aimed = world.strategy.unlock.locate if world.effective else 0.0
    harm = traits * (signs @ (state.plan.due >= 0).astype(float))
    worst, rows = np.argmax(harm, axis=1), np.arange(len(traits))
    seen = np.array([1.0 if trait.formal else 1 - rule.hidden for trait in inherited])
    weight = np.tile((1 - aimed) * seen / len(seen), (len(traits), 1))
    weight[rows, worst] += aimed * (harm[rows, worst] > 0)
    start = np.array([trait.strength for trait in inherited])
    traits *= 1 - effort[:, None] * weight
    traits += rule.blocker_return * (start - traits)
    climate.blockers[:] = traits @ signs
