"""Monthly indices of maturity and culture, read from the same signals; see `maturity` and `culture`."""

from __future__ import annotations

import numpy as np

from sim.measures.culture import CULTURE, culture_of
from sim.measures.maturity import MATURITY, barrett_of, maturity_of
from sim.measures.signals import read_signals
from sim.world import World

INDICES = {**MATURITY, **CULTURE}  # name -> (unit, which direction is better, meaning)


def measure_indices(world: World) -> tuple[dict[str, float], np.ndarray]:
    """All indices of the organisation in the order of `INDICES`, and Barrett's level of every unit, shape [silo]."""
    signals = read_signals(world)
    found = {**maturity_of(signals), **culture_of(world, signals)}
    return {name: found[name] for name in INDICES}, barrett_of(signals)[:-1]
