"""Monthly indices of maturity and culture, read from the same signals; see `maturity` and `culture`."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.columns import F64
from sim.measures.culture import (
    COPERNICUS,
    CULTURE,
    GALLUP,
    LEVERS,
    ORIENTATION,
    RESPONSIVENESS,
    alignment_of,
    idle_spending,
    orientation_of,
    responsiveness_of,
)
from sim.measures.maturity import BARRETT, CEMM, MATURITY, maturity_of, scored
from sim.measures.signals import SIGNALS, signal_table
from sim.world import World

INDICES = {**MATURITY, **CULTURE}  # name -> (unit, which direction is better, meaning)
_GROUPS = (CEMM, RESPONSIVENESS, GALLUP, COPERNICUS, ORIENTATION, LEVERS)
SCORES = {name: signals for group in _GROUPS for name, signals in group.items()}  # score -> its signals
_NAMED = (*SCORES.values(), *(names for names, _ in BARRETT.values()))
_PARTS = np.array([list(SIGNALS).index(name) for names in _NAMED for name in names])  # rows of signals, one after other
_LAST = np.cumsum([len(names) for names in _NAMED])  # place behind the last part of each score and stage
_FULL = np.array([len(names) for names in SCORES.values()] + [len(names) * met for names, met in BARRETT.values()])
_SCALES = {"1-5": (1.0, 4.0), "0-100": (0.0, 100.0), "0-1": (0.0, 1.0)}  # unit -> lowest score, range of scores
_LOWEST, _RANGE = np.array([_SCALES[INDICES[name][0]] for name in SCORES]).T
_ENDS = np.cumsum([0, *(len(group) for group in _GROUPS)]).tolist()
_PLACES = [slice(*ends) for ends in pairwise(_ENDS)]  # of each group among all scores


def measure_indices(world: World) -> tuple[dict[str, float], F64]:
    """All indices of the organisation in the order of `INDICES`, and Barrett's level of every unit, shape [silo]."""
    found, levels = measure_signals(world, signal_table(world))
    return dict(zip(INDICES, found, strict=True)), levels


def measure_signals(world: World, signals: F64) -> tuple[list[float], F64]:
    """The same from signals that have been read, a table [signal, silo + 1], without names."""
    means, levels = means_and_levels(signals)
    return indices_of(world, means, float(levels[-1])), levels[:-1]


def means_and_levels(signals: F64) -> tuple[F64, F64]:
    """Of a table of signals [signal, silo + 1]: means of the signals of every score in the whole organisation, in the
    order of `SCORES`, and Barrett's level of every unit and of the whole, which is measured by the means of its units,
    shape [silo + 1].
    """
    means, levels = scored(signals, _PARTS, _LAST, _FULL, len(SCORES))
    return means, levels


def indices_of(world: World, means: F64, barrett: float) -> list[float]:
    """All indices in the order of `INDICES`, from the means of every score's signals and Barrett's level."""
    scores = (_LOWEST + _RANGE * means).tolist()
    cemm, mri, gallup, copernicus, orientation, levers = [scores[places] for places in _PLACES]
    return [
        *cemm, *maturity_of(cemm), barrett,
        *mri, responsiveness_of(mri), *gallup, *copernicus, *orientation, orientation_of(orientation),
        *levers, alignment_of(levers), idle_spending(world),
    ]  # fmt: skip
