"""Monthly indices of maturity and culture, read from the same signals; see `maturity` and `culture`."""

from __future__ import annotations

import numpy as np

from sim.measures.culture import CULTURE, scores_of
from sim.measures.maturity import BARRETT, MATURITY, cemm_of, levels_of
from sim.measures.signals import SIGNALS, signal_table
from sim.world import World

BARRETT_ROWS = [list(SIGNALS).index(name) for names, _ in BARRETT.values() for name in names]
INDICES = {**MATURITY, **CULTURE}  # name -> (unit, which direction is better, meaning)


def measure_indices(world: World) -> tuple[dict[str, float], np.ndarray]:
    """All indices of the organisation in the order of `INDICES`, and Barrett's level of every unit, shape [silo]."""
    table = signal_table(world)
    now = dict(zip(SIGNALS, table[:, -1].tolist(), strict=True))
    levels = levels_of(table[BARRETT_ROWS])
    found = {**cemm_of(now), "barrett": float(levels[-1]), **scores_of(world, now)}
    return {name: found[name] for name in INDICES}, levels[:-1]
