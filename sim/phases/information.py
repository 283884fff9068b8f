"""Phase 9, information: capture, collate, retrieve, utilise, share (Day)."""

from __future__ import annotations

import numpy as np

from sim.columns import CAPTURE, COLLATE, RETRIEVE, SHARE, UTILISE
from sim.compiled import rule
from sim.params.strategy import FEEDBACK, INSIGHT
from sim.sums import group_sum
from sim.world import World


def advance(world: World) -> None:
    """Every link moves towards what technology (the first three), people (the fourth) and sharing (the fifth) allow."""
    state, rules, e = world.state, world.rules, world.state.employees
    move_links(
        state.silos.chain, state.climate.design, e.skill, e.empowerment, e.habit, world.structure.units.first,
        rules.employees.skill, rules.engagement.empowerment, world.records.information,
    )  # fmt: skip


@rule
def move_links(  # type: ignore[no-untyped-def]
    chain, design, skill, empowerment, habit, first, usual_skill, usual_empowerment, p
):
    """A step of every link of every unit towards its target; people count with the mean of their unit."""
    p, target = p[0], np.empty(5)
    skill, empowerment = mean_of_units(skill, first), mean_of_units(empowerment, first)
    habit = mean_of_units(habit, first)
    for s in range(chain.shape[0]):
        insight, feedback = design[s, INSIGHT], design[s, FEEDBACK]
        target[CAPTURE] = p.capture + p.capture_gain * insight + p.feedback_gain * feedback
        target[COLLATE] = p.collate + p.collate_gain * insight
        target[RETRIEVE] = p.retrieve + p.retrieve_gain * insight
        target[UTILISE] = (
            p.utilise + p.skill_gain * (skill[s] - usual_skill)
            + p.empowerment_gain * (empowerment[s] - usual_empowerment)
        )  # fmt: skip
        target[SHARE] = habit[s]
        for link in range(5):
            chain[s, link] += p.speed * (min(max(target[link], 0.02), 0.98) - chain[s, link])


@rule
def mean_of_units(column, first):  # type: ignore[no-untyped-def]
    """Mean of a column in each unit, whose staff are neighbours in the table."""
    found = np.empty(first.shape[0] - 1)
    for s in range(found.shape[0]):
        found[s] = group_sum(column, first[s], first[s + 1]) / (first[s + 1] - first[s])
    return found


def strength_of_chain(world: World) -> np.ndarray:
    """Strength of the chain of customer information in every unit, shape [silo]."""
    strength: np.ndarray = chain_strength(world.state.silos.chain, world.rules.information.weakest)
    return strength


@rule
def chain_strength(chain, weakest):  # type: ignore[no-untyped-def]
    """Strength of the chain's links per unit, shape [silo], from those links [silo, link] that count.

    (mean of l**-w)**(-1/w); the larger w (`weakest`), the more the weakest counts.
    """
    found = np.empty(chain.shape[0])
    for s in range(chain.shape[0]):
        powers = 0.0
        for link in range(chain.shape[1]):
            powers += max(chain[s, link], 1e-3) ** -weakest
        found[s] = (powers / chain.shape[1]) ** (-1 / weakest)
    return found
