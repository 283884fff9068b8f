"""Checkpoints (Keep adjusting): the riskier an initiative, the closer; what is found is answered."""

from __future__ import annotations

import numpy as np

from sim.compiled import rule
from sim.draws import Stream, uniforms
from sim.params.strategy import FEEDBACK, INITIATIVES, INSIGHT
from sim.phases.observation import fidelity
from sim.phases.rollout import has_started
from sim.world import World


def check(world: World) -> None:
    """Checkpoints: the riskier an initiative, the closer. What a checkpoint finds is true with its fidelity."""
    intensity, plan = world.strategy.unlock.keep_adjusting, world.state.plan
    if intensity == 0 or not world.acting:
        return
    found = np.empty(len(plan.launched), np.int64)
    for i in found[: due(found, plan.launched, plan.closed, plan.next_check, world.month)]:
        rule, table = world.rules.activities, world.structure.initiatives
        risk = rule.risk_base + rule.risk_difficulty * table.difficulty[i] + rule.risk_politics * table.politics[i]
        plan.next_check[i] = world.month + max(1.0, rule.checkpoint_months / max(intensity * risk, 1e-9))
        world.pay("checkpoints", rule.checkpoint_price * world.employees)
        if world.effective and not world.paper:
            _checkpoint(world, int(i))


@rule
def due(found, launched, closed, next_check, month):  # type: ignore[no-untyped-def]
    """Write which initiatives run and have a checkpoint now (`found` has room for all), and return how many."""
    number = 0
    for i in range(launched.shape[0]):
        if launched[i] >= 0 and closed[i] == 0 and next_check[i] <= month:
            found[number] = i
            number += 1
    return number


def _checkpoint(world: World, i: int) -> None:
    """Compare what is installed with what is practised; customer insight sharpens the look."""
    silos, plan, rule = world.state.silos, world.state.plan, world.rules.activities
    concerned = has_started(world)[:, i]
    if not concerned.any():
        return
    gap = float((silos.formal[concerned, i] * (1 - silos.practised[concerned, i])).mean())
    u = uniforms(world.key, int(Stream.CHECKPOINT), world.state.month, i, 0)
    insight = float(world.state.climate.design[:, [INSIGHT, FEEDBACK]].max(axis=1).mean())
    truth = fidelity(world) * (1 - rule.yardstick + rule.yardstick * insight)
    formal = float(silos.formal[concerned, i].mean())
    seen = rule.blind_detection + (1 - rule.blind_detection) * truth
    if formal < rule.check_from or gap < rule.gap_alarm * formal or u[0] > seen:
        return
    plan.alarms[i] += 1
    causes = ("overload", "buy-in", "credibility", "practice")
    cause = _true_cause(world, i) if u[1] < truth else causes[min(3, int(u[2] * 4))]
    _answer(world, i, cause, gap)


def _true_cause(world: World, i: int) -> str:
    """The strongest of the causes that a checkpoint can answer, each as cost in log chance of trying."""
    climate, leaders, state = world.state.climate, world.state.leaders, world.state
    a = world.rules.adoption
    costs = {
        "overload": np.log1p(world.rules.load.time_lost * climate.overload),
        "buy-in": a.standards * max(0.0, world.rules.activities.enough_buy_in - float(leaders.power @ leaders.buy_in)),
        "credibility": a.credibility * max(0.0, 1 - 2 * float(state.silos.credibility.mean())),
        "practice": a.support * (1 - climate.support),
    }
    return max(costs, key=lambda cause: costs[cause])


def _answer(world: World, i: int, cause: str, gap: float) -> None:
    """Answer a finding: renegotiate, pause, quieten, resource; after several alarms stop the initiative."""
    plan, rule = world.state.plan, world.rules.activities
    until = world.month + int(rule.answer_months)
    label, concerned = world.structure.label(i), has_started(world)[:, i]
    found = f"checkpoint: {gap:.0%} of {label} is installed and not practised"
    if plan.alarms[i] >= rule.stop_after and world.state.silos.practised[concerned, i].mean() < rule.stop_below:
        plan.closed[i] = 1
        world.log("stopped by checkpoint", INITIATIVES[i], f"{found}; {label} is given up")
        return
    unfinished = (has_started(world) & (plan.installed < 0)).any(axis=0)
    running = [j for j in np.flatnonzero(plan.launched >= 0) if unfinished[j] and not plan.closed[j]]
    if cause == "overload" and running:
        paused = max(running, key=lambda j: (world.structure.initiatives.effort[j], j))
        plan.paused_until[paused] = until
        answer = f"too much at once: a pause for {world.structure.label(int(paused))}"
    elif cause == "buy-in":
        plan.negotiate_until = until
        answer = "leaders are not behind it: negotiations are taken up again"
    elif cause == "credibility":
        plan.quiet_until = until
        answer = "words run ahead of deeds: announcements are halved"
    else:
        plan.support_until = until
        answer = "people need help: support on the job is raised"
    world.log("checkpoint", INITIATIVES[i], f"{found}; {answer}")
