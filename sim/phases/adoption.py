"""Phase 5, adoption: who hears of an initiative, tries it, practises it, gives it up."""

from __future__ import annotations

import math

import numpy as np

from sim.columns import AWARE, PRACTISING, TRYING, UNAWARE
from sim.compiled import rule
from sim.draws import Stream, uniforms
from sim.params.strategy import BEHAVIOURS, STANDARDS
from sim.phases.practice import practised_shares, update_design
from sim.phases.sharing import line_of_sight
from sim.sums import pairwise
from sim.world import World

ADOPTION = int(Stream.ADOPTION)


def advance(world: World) -> None:
    """Decide for every employee and initiative; then practised shares, practised design and credibility."""
    state = world.state
    state.why.adoption[:] = 0.0
    if state.plan.drawn_up:
        if world.paper:
            practise_on_paper(world)
        else:
            decide_all(world)
        state.employees.learning[:] *= 1 - 1 / world.rules.adoption.learning_months
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
    in_use = silos.formal * (state.plan.paused_until <= world.month)  # nobody is asked to take up what is paused
    decide(
        (e.silo, e.belief, e.skill, e.learning, e.adoption, e.trying), (net.starts, net.ties),
        (silos.size, in_use, climate.behaviours, climate.standards_full, silos.credibility, climate.blockers,
         climate.design, climate.pay, climate.unit_overload),
        (climate.agents, table.difficulty, table.effort, table.builds_on),
        (climate.support, rules.load.time_lost, climate.reach, world.scenario.incentives.variable_share,
         rules.activities.agents_reach, rules.activities.agents_example),
        world.records.adoption, world.records.sharing, world.key, state.month, state.why.adoption,
    )  # fmt: skip


@rule
def foundations_missing(design, builds_on):  # type: ignore[no-untyped-def]
    """Share of what an initiative builds on that is not there yet, shape [silo, initiative]."""
    found = np.zeros(design.shape)
    for i in range(design.shape[1]):
        needs = 0
        for need in range(design.shape[1]):
            if builds_on[i, need]:
                needs += 1
                for s in range(design.shape[0]):
                    found[s, i] += 1 - design[s, need]
        for s in range(design.shape[0]):
            found[s, i] /= max(needs, 1)
    return found


@rule
def decide(people, network, units, initiatives, month_, p, sharing, key, month, why):  # type: ignore[no-untyped-def]
    """Unaware -> aware -> trying -> practising (-> aware again) for each employee and installed initiative.

    Trying has probability s(sum of terms) x time left by load x formal state. The draws are addressed by (employee,
    initiative): hearing, trying, lapsing. The ledger adds each term's effect on the log chance of trying; "buy-in" is
    what standards lose because leaders are not behind them. `month_` holds help on the job, time that overload takes,
    reach of messages, variable share of pay, and what change agents do for hearing and by example.
    """
    silo, belief, skill, learning, adoption, trying = people
    starts, ties = network
    size, formal, behaviours, standards_full, credibility, blockers, design, pay, overload = units
    agents, difficulty, effort, builds_on = initiatives
    support, time_lost, reach, variable, agents_reach, agents_example = month_
    p, sharing, before = p[0], sharing[0], adoption.copy()
    missing, sight = foundations_missing(design, builds_on), line_of_sight(size, design, sharing)
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
                payoff = pay[s, 3] * sight[s] - pay[s, 0] * sharing.time_cost
                terms[0] = p.inclination
                terms[1] = p.belief * (2 * belief[e] - 1)
                terms[2] = p.peers * near
                terms[3] = p.standards * standards_full[s]
                terms[4] = p.standards * (behaviours[s, STANDARDS] - standards_full[s])
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
    """Credibility follows what is practised of all that has been launched, by effort."""
    state = world.state
    follow_deeds(
        state.silos.credibility, state.leaders.trust, state.silos.practised, world.structure.initiatives.effort,
        state.plan.launched, state.climate.behaviours, state.plan.pending_resources / len(BEHAVIOURS),
        state.climate.words, world.records.credibility,
    )  # fmt: skip


@rule
def follow_deeds(  # type: ignore[no-untyped-def]
    credibility, trust, practised, effort, launched, behaviours, signal, words, p
):
    """Credibility in each unit: up with deeds (effort practised of what has been launched, and what leaders show), down
    with words that deeds do not cover.

    A unit's leader judges by what is done in her unit, those above her by the mean of units.
    """
    p, n = p[0], credibility.shape[0]
    target, whole = np.empty(n), 0.0
    for i in range(effort.shape[0]):
        whole += effort[i] if launched[i] >= 0 else 0.0
    for s in range(n):
        seen = pairwise(behaviours[s]) / behaviours.shape[1]
        lived = 0.0
        for i in range(effort.shape[0]):
            lived += practised[s, i] * effort[i] if launched[i] >= 0 else 0.0
        deeds = p.practice * (lived / max(whole, 1e-9)) + (1 - p.practice) * (seen + signal)
        gap = max(0.0, words - deeds - p.slack)
        target[s] = min(max(p.level + p.deeds * deeds - p.gap * gap, 0.0), 1.0)
        credibility[s] += p.speed * (target[s] - credibility[s])
    everywhere = pairwise(target) / n
    for k in range(trust.shape[0]):
        trust[k] += p.speed * ((target[k] if k < n else everywhere) - trust[k])
