"""What we don't know: parameters with a prior range, drawn together as worlds.

A world is one draw of all of them. Two neighbouring replicates live in the same world with different luck, so that luck
and what we don't know can be told apart. A parameter that the user has set is known and is not drawn.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np

from experiments.settings import Unknowns
from sim.draws import Stream, make_key, uniform_table
from sim.params.field import extras, replace, walk
from sim.params.scenario import Scenario

LUCKS_PER_WORLD = 2


def priors(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Dotted name -> prior range of every parameter that nobody has set."""
    found = {}
    for dotted, field, value in walk(scenario):
        prior = extras(field).get("prior")
        if prior is not None and value == field.default:
            found[dotted] = (float(prior[0]), float(prior[1]))
    return found


def world_of(replicate: int, unknowns: Unknowns) -> int:
    """World in which a replicate lives."""
    return replicate // LUCKS_PER_WORLD if unknowns is Unknowns.PRIOR else replicate


def draw_world(scenario: Scenario, seed: int, world: int) -> dict[str, float]:
    """Values of the unknown parameters in one world, uniform inside each prior.

    Every parameter's draw is addressed by its name: adding one never changes another.
    """
    ranges = priors(scenario)
    slots = np.array([crc32(name.encode()) for name in ranges], dtype=np.int64)
    u = uniform_table(make_key(seed, world), Stream.UNKNOWNS, slots)[:, 0]
    return {name: low + float(x) * (high - low) for (name, (low, high)), x in zip(ranges.items(), u, strict=True)}


def in_world(scenario: Scenario, seed: int, world: int) -> Scenario:
    """The scenario with the unknown parameters of one world."""
    return replace(scenario, draw_world(scenario, seed, world))
