"""Phase 10, experience of the people who work here: belief, engagement, skill, leaving and joining."""

from __future__ import annotations

import math

import numpy as np

from sim.columns import PORTFOLIO_MANAGER, PRACTISING, Employees
from sim.compiled import rule, woven_in
from sim.draws import Stream, normal, uniforms
from sim.params.strategy import CULTURE, EMPOWERMENT, FEEDBACK, MODELLING, RECOGNITION, TRAINING
from sim.phases.information import mean_of_units
from sim.state import ACCOUNTABILITY, AUTHORITY
from sim.sums import pairwise
from sim.world import World, constant

TURNOVER = int(Stream.TURNOVER)
EMPLOYEE_TRAITS = int(Stream.EMPLOYEE_TRAITS)


MANAGER, RECOGNISED, VOICE, USUAL_WINS, USUAL_FAILS, OVERLOADED, POWERLESS = range(7)  # columns of `moods`


def advance(world: World) -> None:
    """Move belief, then engagement and skill, then let people leave and be replaced."""
    state, rules, records, climate = world.state, world.rules, world.records, world.state.climate
    e, silos, net, units = state.employees, state.silos, state.network, world.structure.units
    pull = rules.belief.gravity * (1 + rules.belief.pressure * climate.pressure)
    pull *= 1 + rules.belief.maturity * world.scenario.organisation.maturity
    believe(
        (e.silo, e.belief, e.anchor), net.starts, net.ties, state.leaders.belief,
        (silos.success, silos.normal_success, silos.credibility), climate.design, climate.behaviours,
        (min(pull, 1.0), climate.trusted_reach, rules.norms.feedback_visibility, rules.information.visibility_gain),
        records.belief, state.why.belief,
    )  # fmt: skip
    live(
        tuple(e), net.starts, net.ties, (silos.manager, silos.credibility, silos.normal_success, silos.normal_fails),
        silos.formal, climate.behaviours, climate.governance, climate.fence, climate.unit_overload,
        (climate.two_way, usual_powerless(world), state.skill_top),
        world.structure.initiatives.decree, units.first, state.why.engagement, records.engagement, records.employees,
        world.key, state.month,
    )  # fmt: skip


@rule
def believe(  # type: ignore[no-untyped-def]
    people, starts, ties, leaders, units, design, behaviours, month_, p, why
):
    """A month of everybody's belief; leaders' belief follows the mean of staff.

    `month_` holds gravity, trusted reach of messages, and how far customers' reactions are seen without feedback and
    more with it.
    """
    pull, reach, visible, visibility_gain = month_
    silo, belief, anchor = people
    sources = sources_of_belief(units, design, behaviours, visible, visibility_gain, p[0].messages * reach, p)
    why[:] = 0.0
    move_belief(silo, belief, belief.copy(), anchor, starts, ties, sources, pull, p[0].neighbours, why)
    mean = pairwise(belief) / belief.shape[0]
    for k in range(leaders.shape[0]):
        leaders[k] += p[0].leaders * (mean - leaders[k])


@woven_in
def sources_of_belief(  # type: ignore[no-untyped-def]
    units, design, behaviours, visible, visibility_gain, said, p
):
    """What moves belief in a unit besides neighbours: success, modelling, messages, culture work; shape [silo, 4].

    Success counts against what is normal, as far as it is seen.
    """
    p, (success, normal_success, credibility) = p[0], units
    found = np.empty((design.shape[0], 4))
    for s in range(design.shape[0]):
        seen = visible + visibility_gain * design[s, FEEDBACK]
        found[s, 0] = p.success * min(1.0, seen) * (success[s] - normal_success[s])
        found[s, 1] = p.modelling * behaviours[s, MODELLING]
        found[s, 2] = said * credibility[s]
        found[s, 3] = p.culture * design[s, CULTURE]
    return found


@constant
def usual_powerless(world: World) -> float:
    """How far portfolio managers have always answered for more than they may decide."""
    before = world.rules.governance
    return max(0.0, before.accountability - before.authority) if before.customer_share > 0 else 0.0


@woven_in
def powerless(governance, fence, usual):  # type: ignore[no-untyped-def]
    """How far a unit's portfolio managers answer for more than they may decide, beyond what was usual."""
    beyond = max(0.0, governance[ACCOUNTABILITY] - governance[AUTHORITY])
    return beyond - usual if fence > 0 else 0.0


@woven_in
def moods(units, behaviours, governance, fence, overload, two_way, usual):  # type: ignore[no-untyped-def]
    """What engagement meets in each unit, shape [silo, 7]; the columns are named `MANAGER` to `POWERLESS`."""
    manager, credibility, normal_success, normal_fails = units
    found = np.empty((fence.shape[0], 7))
    for s in range(fence.shape[0]):
        found[s, MANAGER] = manager[s]
        found[s, RECOGNISED] = behaviours[s, RECOGNITION]
        found[s, VOICE] = two_way * credibility[s]
        found[s, USUAL_WINS] = normal_success[s]
        found[s, USUAL_FAILS] = normal_fails[s]
        found[s, OVERLOADED] = overload[s]
        found[s, POWERLESS] = powerless(governance[s], fence[s], usual)
    return found


@rule
def move_belief(silo, belief, before, anchor, starts, ties, sources, pull, weight, why):  # type: ignore[no-untyped-def]
    """DeGroot averaging with neighbours plus success, modelling, messages, culture work, minus gravity."""
    for e in range(silo.shape[0]):
        s = silo[e]
        near = 0.0
        n = starts[e + 1] - starts[e]
        for t in range(starts[e], starts[e + 1]):
            near += before[ties[t]]
        step = weight * (near / n - before[e]) if n > 0 else 0.0
        back = -pull * (before[e] - anchor[e])
        why[s, 0] += step
        why[s, 5] += back
        why[s, 6] += 1.0
        for k in range(4):
            why[s, 1 + k] += sources[s, k]
            step += sources[s, k]
        belief[e] = min(1.0, max(0.0, before[e] + step + back))


@rule
def live(  # type: ignore[no-untyped-def]
    e, starts, ties, units, formal, behaviours, governance, fence, overload, month_, decree, first, why, p, staff, key,
    month,
):  # fmt: skip
    """A month of everybody's engagement and learning, then turnover.

    `month_` holds two-way communication, how powerless portfolio managers have always been, and the skill that staff
    grow towards.
    """
    e, p, staff = Employees(*e), p[0], staff[0]
    two_way, usual, top = month_
    mood = moods(units, behaviours, governance, fence, overload, two_way, usual)
    why[:] = 0.0
    move_engagement(e, mood, p, why)
    learn(e, starts, ties, e.empowerment.copy(), formal, decree, top, p)
    leave_and_join(e, mean_of_units(e.habit, first), mood, p, staff, key, month)


@rule
def move_engagement(e, mood, p, why):  # type: ignore[no-untyped-def]
    """Engagement moves towards s(disposition + manager + wins - fails + recognition + autonomy - overload + voice).

    Portfolio managers who answer for more than they may decide are strained besides. Wins and failed handoffs count
    against what is normal in the unit and are neutral without contacts.
    """
    base = math.log(p.level / (1 - p.level))
    terms = np.zeros(7)
    for k in range(e.silo.shape[0]):
        s = e.silo[k]
        terms[0] = p.wins * (e.won[k] / e.handled[k] - mood[s, USUAL_WINS]) if e.handled[k] > 0 else 0.0
        terms[1] = -p.fails * (e.dropped[k] / e.asked[k] - mood[s, USUAL_FAILS]) if e.asked[k] > 0 else 0.0
        terms[2] = p.recognition * mood[s, RECOGNISED]
        terms[3] = p.autonomy * (e.empowerment[k] - p.empowerment)
        terms[4] = -p.overload * mood[s, OVERLOADED]
        terms[5] = p.voice * mood[s, VOICE]
        terms[6] = -p.powerless * mood[s, POWERLESS] if e.role[k] == PORTFOLIO_MANAGER else 0.0
        z = base + p.spread * e.disposition[k] + mood[s, MANAGER]
        for t in range(7):
            z += terms[t]
            why[s, t] += terms[t]
        why[s, 7] += 1.0
        e.engagement[k] += p.speed * (1 / (1 + math.exp(-z)) - e.engagement[k])


@rule
def learn(e, starts, ties, before, formal, decree, top, p):  # type: ignore[no-untyped-def]
    """Skill, tacit knowledge and empowerment: on the job, by training, from colleagues' acts (`before`: as it was).

    What training and empowerment do to a person is F (delta + (1 - delta) x practises), delta being `decree`.
    """
    taught, allowed = decree[TRAINING], decree[EMPOWERMENT]
    for k in range(e.silo.shape[0]):
        s = e.silo[k]
        trained = formal[s, TRAINING] * (taught + (1 - taught) * (e.adoption[k, TRAINING] == PRACTISING))
        target = top + p.training_gain * trained
        e.skill[k] += p.skill_speed * (min(1.0, target) - e.skill[k])
        e.tacit[k] += p.tacit_speed * (1 - e.tacit[k])
        near = 0.0
        n = starts[k + 1] - starts[k]
        for t in range(starts[k], starts[k + 1]):
            near += before[ties[t]]
        free = formal[s, EMPOWERMENT] * (allowed + (1 - allowed) * (e.adoption[k, EMPOWERMENT] == PRACTISING))
        own = p.empowerment + (p.empowerment_practised - p.empowerment) * free
        watched = max(0.0, near / n - own) if n > 0 else 0.0
        target = own + p.empowerment_copy * watched
        e.empowerment[k] += p.empowerment_speed * (target - before[k])
        e.tenure[k] += 1


@rule
def leave_and_join(e, habits, mood, p, staff, key, month):  # type: ignore[no-untyped-def]
    """Who leaves takes tacit knowledge along; the newcomer has traits by (slot, generation) and the unit's habit.

    One draw per employee and month. A leaver shows as tenure 0 at the end of the month.
    """
    base = math.log(p.level / (1 - p.level))
    for k in range(e.silo.shape[0]):
        hazard = p.quits * math.exp(-p.quits_slope * (e.engagement[k] - p.level))
        if uniforms(key, TURNOVER, month, k, 0)[0] >= 1 - math.exp(-hazard):
            continue
        s = e.silo[k]
        e.generation[k] += 1
        t = uniforms(key, EMPLOYEE_TRAITS, e.generation[k], k, 0)
        e.disposition[k] = normal(t[0])
        e.willingness[k] = normal(t[1])
        e.anchor[k] = min(0.99, max(0.01, staff.belief + staff.belief_spread * normal(t[2])))
        e.belief[k] = e.anchor[k]
        e.engagement[k] = 1 / (1 + math.exp(-(base + p.spread * e.disposition[k] + mood[s, MANAGER])))
        e.skill[k] = staff.newcomer_skill
        e.tacit[k] = 0.0
        e.habit[k] = habits[s]
        e.empowerment[k] = p.empowerment
        e.learning[k] = 0.0
        e.tenure[k] = 0
        for i in range(e.adoption.shape[1]):
            e.adoption[k, i] = 0
            e.trying[k, i] = 0
