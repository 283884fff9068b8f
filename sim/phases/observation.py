"""What can be seen of leaders: attributes of their stage, and how truthful a diagnosis they allow."""

from __future__ import annotations

from sim.compiled import rule
from sim.structure import FEEDBACK_SEEKING
from sim.world import World


def attribute(world: World, leader: int, which: int) -> float:
    """An observable attribute of a leader, linear between stages."""
    return float(between_stages(world.structure.stages[which], world.state.leaders.stage[leader]))


@rule
def between_stages(row, stage):  # type: ignore[no-untyped-def]
    """Value at a stage of 0 to 6 of an attribute given for whole stages, linear in between."""
    low = int(stage)
    if low >= row.shape[0] - 1 or stage == low:
        return row[min(low, row.shape[0] - 1)]
    return (row[low + 1] - row[low]) * (stage - low) + row[low]


def fidelity(world: World) -> float:
    """Truth of diagnosis and checkpoints: the chief executive's feedback seeking, or what a facilitator ensures."""
    helped = world.rules.activities.facilitator_fidelity * world.strategy.facilitator
    return max(attribute(world, world.ceo, FEEDBACK_SEEKING), helped)
