"""Phase 9, information: capture, collate, retrieve, utilise, share (Day)."""

from __future__ import annotations

import numpy as np

from sim.columns import CAPTURE, COLLATE, RETRIEVE, SHARE, UTILISE
from sim.params.strategy import FEEDBACK, INSIGHT
from sim.world import World


def advance(world: World) -> None:
    """Every link moves towards what technology (the first three), people (the fourth) and sharing (the fifth) allow."""
    state, p = world.state, world.rules.information
    design, chain = state.climate.design, state.silos.chain
    insight, feedback = design[:, INSIGHT], design[:, FEEDBACK]
    target = np.empty_like(chain)
    target[:, CAPTURE] = p.capture + p.capture_gain * insight + p.feedback_gain * feedback
    target[:, COLLATE] = p.collate + p.collate_gain * insight
    target[:, RETRIEVE] = p.retrieve + p.retrieve_gain * insight
    usual = world.rules.employees.skill, world.rules.engagement.empowerment
    target[:, UTILISE] = (
        p.utilise + p.skill_gain * (mean_by_unit(world, state.employees.skill) - usual[0])
        + p.empowerment_gain * (mean_by_unit(world, state.employees.empowerment) - usual[1])
    )  # fmt: skip
    target[:, SHARE] = mean_by_unit(world, state.employees.habit)
    chain += p.speed * (np.clip(target, 0.02, 0.98) - chain)


def mean_by_unit(world: World, column: np.ndarray) -> np.ndarray:
    """Mean of an employee column in each unit, shape [silo]."""
    first = world.structure.units.first
    return np.add.reduceat(column, first[:-1]) / np.diff(first)
