"""Monthly indices of maturity and culture, read from the same signals; see `maturity` and `culture`."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from sim.columns import F64
from sim.compiled import rule
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
from sim.measures.maturity import BARRETT, CEMM, MATURITY, climb, maturity_of, parts_met
from sim.measures.signals import SIGNALS, signal_table
from sim.world import World

INDICES = {**MATURITY, **CULTURE}  # name -> (unit, which direction is better, meaning)
ROW: Any = namedtuple("ROW", INDICES)(*range(len(INDICES)))  # name -> its place in a month
_GROUPS = (CEMM, RESPONSIVENESS, GALLUP, COPERNICUS, ORIENTATION, LEVERS)
SCORES = {name: signals for group in _GROUPS for name, signals in group.items()}  # score -> its signals
_NAMED = (*SCORES.values(), *(names for names, _ in BARRETT.values()))
_PARTS = np.array([list(SIGNALS).index(name) for names in _NAMED for name in names])  # rows of signals, one after other
_LAST = np.cumsum([len(names) for names in _NAMED])  # place behind the last part of each score and stage
_FULL = np.array([len(names) for names in SCORES.values()] + [len(names) * met for names, met in BARRETT.values()])
_SCALES = {"1-5": (1.0, 4.0), "0-100": (0.0, 100.0), "0-1": (0.0, 1.0)}  # unit -> lowest score, range of scores
_LOWEST, _RANGE = np.array([_SCALES[INDICES[name][0]] for name in SCORES]).T.copy()
_PLACES = np.array([list(INDICES).index(name) for name in SCORES])
N_SCORES = len(SCORES)


def measure_indices(world: World) -> tuple[dict[str, float], F64]:
    """All indices of the organisation in the order of `INDICES`, and Barrett's level of every unit, shape [silo]."""
    found, levels = np.full(len(INDICES), np.inf), np.full(len(world.structure.silos), np.inf)
    measure_signals(world, signal_table(world), found, levels)
    return dict(zip(INDICES, found.tolist(), strict=True)), levels


def measure_signals(world: World, signals: F64, found: F64, levels: F64) -> None:
    """Write the same, from signals that have been read, a table [signal, silo + 1], into `found` and `levels`."""
    read_indices(found, levels, signals, _PARTS, _LAST, _FULL, _LOWEST, _RANGE, _PLACES)
    found[ROW.idle_spending] = idle_spending(world)


@rule
def read_indices(found, levels, signals, parts, last, full, lowest, span, places):  # type: ignore[no-untyped-def]
    """All indices that signals make, each at its place in `ROW`, and Barrett's level of every unit.

    The whole organisation is measured by the means of its units. `parts`, `last` and `full` are as in `parts_met`,
    `lowest` and `span` say what a score is where its signals are all 0, and how much more where they are all 1.
    """
    met = parts_met(signals, parts, last, full)
    for k in range(N_SCORES):
        found[places[k]] = lowest[k] + span[k] * met[k, -1]
    reached = climb(met[N_SCORES:])
    levels[:] = reached[: levels.shape[0]]
    found[ROW.barrett] = reached[-1]
    found[ROW.cemm], found[ROW.cemm_level] = maturity_of(found[ROW.cemm_orientation : ROW.cemm])
    found[ROW.mri] = responsiveness_of(found[ROW.mri_generated : ROW.mri])
    found[ROW.orientation] = orientation_of(found[ROW.orientation_retention : ROW.orientation])
    found[ROW.alignment] = alignment_of(found[ROW.lever_strategy : ROW.alignment])
