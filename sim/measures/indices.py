"""Monthly indices of maturity and culture, read from the same signals; see `maturity` and `culture`."""

from __future__ import annotations

import numpy as np

from sim.columns import F64
from sim.measures.culture import COPERNICUS, CULTURE, GALLUP, LEVERS, ORIENTATION, RESPONSIVENESS, culture_of
from sim.measures.maturity import BARRETT, CEMM, MATURITY, cemm_of, climb, parts_met
from sim.measures.signals import SIGNALS, signal_table
from sim.phases.service import chain_strength
from sim.world import World

INDICES = {**MATURITY, **CULTURE}  # name -> (unit, which direction is better, meaning)
SCORES = {**CEMM, **RESPONSIVENESS, **GALLUP, **COPERNICUS, **ORIENTATION, **LEVERS}  # score -> its signals
_NAMED = (*SCORES.values(), *(names for names, _ in BARRETT.values()))
_PARTS = np.array([list(SIGNALS).index(name) for names in _NAMED for name in names])  # rows of signals, one after other
_LAST = np.cumsum([len(names) for names in _NAMED])  # place behind the last part of each score and stage
_FULL = np.array([len(names) for names in SCORES.values()] + [len(names) * met for names, met in BARRETT.values()])


def measure_indices(world: World) -> tuple[dict[str, float], F64]:
    """All indices of the organisation in the order of `INDICES`, and Barrett's level of every unit, shape [silo]."""
    strength = chain_strength(world.state.silos.chain, world.rules.information.weakest)
    return measure_signals(world, signal_table(world, strength))


def measure_signals(world: World, signals: F64) -> tuple[dict[str, float], F64]:
    """The same from signals that have been read, a table [signal, silo + 1]."""
    means, levels = means_and_levels(signals)
    return indices_of(world, means, float(levels[-1])), levels[:-1]


def means_and_levels(signals: F64) -> tuple[dict[str, float], F64]:
    """Of a table of signals [signal, silo + 1]: means of the signals of every score in the whole organisation, and
    Barrett's level of every unit and of the whole, which is measured by the means of its units, shape [silo + 1].
    """
    met = parts_met(signals, _PARTS, _LAST, _FULL)
    return dict(zip(SCORES, met[: len(SCORES), -1].tolist(), strict=True)), climb(met[len(SCORES) :])


def indices_of(world: World, means: dict[str, float], barrett: float) -> dict[str, float]:
    """All indices in the order of `INDICES`, from the means of every score's signals and Barrett's level."""
    found = {**cemm_of(means), "barrett": barrett, **culture_of(world, means)}
    return {name: found[name] for name in INDICES}
