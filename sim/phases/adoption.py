"""Phase 5, adoption: who hears of an initiative, tries it, practises it, gives it up."""

from __future__ import annotations

import math

import numpy as np

from sim.columns import AWARE, PRACTISING, TRYING, UNAWARE
from sim.compiled import rule
from sim.draws import Stream, uniforms
from sim.params.strategy import BEHAVIOURS, STANDARDS
from sim.phases.programme import practised_shares, update_design
from sim.phases.sharing import line_of_sight
from sim.world import World

ADOPTION = int(Stream.ADOPTION)


def advance(world: World) -> None:
    """Decide for every employee and initiative; then practised shares, practised design and credibility."""
    state = world.state
    state.why.adoption[:] = 0.0
    if world.state.plan.drawn_up:
        if world.paper:
            practise_on_paper(world)
        else:
            decide_all(world)
    fade = 1 / world.rules.adoption.learning_months
    state.employees.learning[:] *= 1 - fade
    practised_shares(world)
    update_design(world)
    move_credibility(world)


def practise_on_paper(world: World) -> None:
    """On paper everybody practises whatever is installed, from the first day."""
    state = world.state
    formal = state.silos.formal[state.employees.silo]
    rank = uniform_ranks(world)
    state.employees.adoption[:] = np.where(formal > rank[:, None], PRACTISING, UNAWARE)


def uniform_ranks(world: World) -> np.ndarray:
    """Fixed order in which people come to practise on paper, in (0, 1)."""
    n = len(world.state.employees.silo)
    return (np.arange(n) * 0.6180339887498949 + 0.5) % 1.0


def decide_all(world: World) -> None:
    """Hand the month to the compiled rule."""
    state, rules, climate = world.state, world.rules, world.state.climate
    e, net, silos, table = state.employees, state.network, state.silos, world.structure.initiatives
    missing = foundations_missing(world)
    in_use = silos.formal * (state.plan.paused_until <= world.month)  # nobody is asked to take up what is paused
    inputs = np.array([
        climate.support, rules.load.time_lost, climate.reach, world.scenario.incentives.variable_share,
        rules.sharing.time_cost, rules.activities.agents_reach, rules.activities.agents_example,
    ])  # fmt: skip
    decide(
        e.silo, e.belief, e.skill, e.learning, e.adoption, e.adoption.copy(), e.trying, net.starts, net.ties,
        in_use, climate.behaviours[:, STANDARDS], climate.standards_full, silos.credibility, climate.blockers,
        missing, climate.pay, line_of_sight(world), climate.unit_overload, climate.agents, table.difficulty,
        table.effort, inputs,
        world.records.adoption, world.key, state.month, state.why.adoption,
    )  # fmt: skip


def foundations_missing(world: World) -> np.ndarray:
    """Share of what an initiative builds on that is not there yet, shape [silo, initiative]."""
    builds_on = world.structure.initiatives.builds_on
    lacking = 1 - world.state.climate.design
    needs = builds_on.sum(axis=1)
    return (lacking @ builds_on.T) / np.maximum(needs, 1)


@rule
def decide(  # type: ignore[no-untyped-def]
    silo, belief, skill, learning, adoption, before, trying, starts, ties, formal, standards, standards_full,
    credibility, blockers, missing, pay, sight, overload, agents, difficulty, effort, inputs, p, key, month, why,
):  # fmt: skip
    """Unaware -> aware -> trying -> practising (-> aware again) for each employee and installed initiative.

    Trying has probability s(sum of terms) x time left by load x formal state. The draws are addressed by (employee,
    initiative): hearing, trying, lapsing. The ledger adds each term's effect on the log chance of trying; "buy-in" is
    what standards lose because leaders are not behind them.
    """
    support, time_lost, reach, variable, time_cost = inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]
    agents_reach, agents_example = inputs[5], inputs[6]
    keep = 1.0 - p.support_keeps * support
    terms = np.zeros(13)
    for e in range(silo.shape[0]):
        s = silo[e]
        time_left = 1 / (1 + time_lost * overload[s])
        for i in range(difficulty.shape[0]):
            if formal[s, i] == 0.0 and before[e, i] == UNAWARE:
                continue
            u = uniforms(key, ADOPTION, month, e, i)
            stage = before[e, i]
            near = 0.0
            ties_here = starts[e + 1] - starts[e]
            for t in range(starts[e], starts[e + 1]):
                if before[ties[t], i] == PRACTISING:
                    near += 1.0
            if ties_here > 0:
                near /= ties_here
            near += agents_example * agents[i] * (1 - near)
            if stage == UNAWARE:
                hears = p.announcement_reach + p.message_reach * reach + p.hallway * near + agents_reach * agents[i]
                if u[0] < hears * formal[s, i]:
                    adoption[e, i] = AWARE
            elif stage == AWARE:
                payoff = pay[s, 3] * sight[s] - pay[s, 0] * time_cost
                terms[0] = p.inclination
                terms[1] = p.belief * (2 * belief[e] - 1)
                terms[2] = p.peers * near
                terms[3] = p.standards * standards_full[s]
                terms[4] = p.standards * (standards[s] - standards_full[s])
                terms[5] = p.credibility * (2 * credibility[s] - 1)
                terms[6] = p.payoff * variable * payoff
                terms[7] = p.skill * (skill[e] - 0.5)
                terms[8] = -p.blockers * blockers[s, i] * difficulty[i]
                terms[9] = -p.difficulty * difficulty[i]
                terms[10] = -p.foundation * missing[s, i]
                terms[11] = p.support * support
                z = 0.0
                for k in range(12):
                    z += terms[k]
                willing = 1 / (1 + math.exp(-z))
                for k in range(12):
                    why[s, k] += terms[k] * (1 - willing)
                why[s, 12] += math.log(time_left)
                why[s, 13] += 1.0
                if u[1] < willing * time_left * formal[s, i]:
                    adoption[e, i] = TRYING
                    trying[e, i] = 0
            elif stage == TRYING:
                trying[e, i] += 1
                if u[2] < p.lapse * keep:
                    adoption[e, i] = AWARE
                elif trying[e, i] >= p.trial_months:
                    adoption[e, i] = PRACTISING
                    learning[e] += p.learning_cost * effort[i]
            elif u[2] < p.lapse * keep:
                adoption[e, i] = AWARE


def move_credibility(world: World) -> None:
    """Credibility in each unit: up with deeds, down with words that deeds do not cover.

    A unit's leader judges by what is done in her unit, those above her by the mean of units.
    """
    state, p = world.state, world.rules.credibility
    climate, silos, table = state.climate, state.silos, world.structure.initiatives
    effort = table.effort * (state.plan.launched >= 0)
    practice = (silos.practised @ effort) / max(effort.sum(), 1e-9)
    seen = climate.behaviours.mean(axis=1)
    signal = state.plan.pending_resources / len(BEHAVIOURS)
    deeds = p.practice * practice + (1 - p.practice) * (seen + signal)
    gap = np.maximum(0.0, climate.words - deeds - p.slack)
    target = np.clip(p.level + p.deeds * deeds - p.gap * gap, 0, 1)
    silos.credibility[:] += p.speed * (target - silos.credibility)
    trust = state.leaders.trust
    trust[:] += p.speed * (np.append(target, [target.mean()] * (len(trust) - len(target))) - trust)
