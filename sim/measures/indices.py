"""Monthly indices of maturity and culture, read from the same signals; see `maturity` and `culture`."""

from __future__ import annotations

import numpy as np

from sim.measures.culture import CULTURE, scores_of
from sim.measures.maturity import MATURITY, barrett_of, cemm_of
from sim.measures.signals import read_signals, whole
from sim.world import World

INDICES = {**MATURITY, **CULTURE}  # name -> (unit, which direction is better, meaning)


def measure_indices(world: World) -> tuple[dict[str, float], np.ndarray]:
    """All indices of the organisation in the order of `INDICES`, and Barrett's level of every unit, shape [silo]."""
    signals = read_signals(world)
    now, levels = whole(signals), barrett_of(signals)
    found = {**cemm_of(now), "barrett": float(levels[-1]), **scores_of(world, now)}
    return {name: found[name] for name in INDICES}, levels[:-1]
