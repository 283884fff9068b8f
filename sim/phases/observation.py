"""What can be seen of leaders: attributes of their stage, and how truthful a diagnosis they allow."""

from __future__ import annotations

import numpy as np

from sim.structure import FEEDBACK_SEEKING
from sim.world import World


def attribute(world: World, leader: int, which: int) -> float:
    """An observable attribute of a leader, linear between stages."""
    return float(np.interp(world.state.leaders.stage[leader], np.arange(7), world.structure.stages[which]))


def fidelity(world: World) -> float:
    """Truth of diagnosis and checkpoints: the chief executive's feedback seeking, or what a facilitator ensures."""
    helped = world.rules.activities.facilitator_fidelity * world.strategy.facilitator
    return max(attribute(world, world.ceo, FEEDBACK_SEEKING), helped)
