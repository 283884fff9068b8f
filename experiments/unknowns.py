"""What we don't know: parameters with a prior range, drawn together as worlds.

A world is one draw of all of them. Two neighbouring replicates live in the same world with different luck, so that luck
and what we don't know can be told apart. A parameter that the user has set is known and is not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import pandas as pd

from experiments.settings import Unknowns
from sim.draws import Stream, make_key, uniform_table
from sim.errors import InputError
from sim.params.field import extras, replace, walk
from sim.params.scenario import Scenario
from sim.settled import settled_sharing, sharing_intercept

LUCKS_PER_WORLD = 2
ATTEMPTS = 200
NUDGE = 0.25  # share of requests


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


def in_world(scenario: Scenario, seed: int, world: int) -> Scenario:
    """The scenario with the unknown parameters of one world: the first draw under which the firm would stay as it is.

    Raises:
        InputError: no draw was found, since this organisation does not rest under its own norms and incentives.
    """
    return first_that_fits(scenario, seed, world)[0]


def first_that_fits(scenario: Scenario, seed: int, world: int) -> tuple[Scenario, int]:
    """That draw, and how many were set aside before it."""
    for attempt in range(ATTEMPTS):
        candidate = replace(scenario, draw(scenario, seed, world, attempt))
        if stays_as_it_is(candidate):
            return candidate, attempt
    raise InputError(
        "unknowns", f"must leave the unchanged organisation at rest in one of {ATTEMPTS} draws", scenario.norms.name,
        "use unknowns=default, or norms and incentives closer to each other",
    )  # fmt: skip


def worlds_table(scenario: Scenario, seed: int, worlds: Sequence[int]) -> pd.DataFrame:
    """The drawn values: one row per world, one column per parameter by its dotted name."""
    rows = [{"world": w, **draw(scenario, seed, w, first_that_fits(scenario, seed, w)[1])} for w in worlds]
    return pd.DataFrame(rows)


def set_aside(scenario: Scenario, seed: int, worlds: int) -> str:
    """In words, how many draws did not fit the unchanged organisation."""
    refused = sum(first_that_fits(scenario, seed, world)[1] for world in range(worlds))
    text = f"Worlds: {worlds} draw{'s' if worlds > 1 else ''} of what we don't know"
    if refused == 0:
        return f"{text}; the unchanged organisation would stay as it is in each."
    return (
        f"{text}; {refused} more {'were' if refused > 1 else 'was'} set aside, under which the unchanged organisation "
        "would not have\n  stayed as it is (people follow each other too closely)."
    )


def draw(scenario: Scenario, seed: int, world: int, attempt: int = 0) -> dict[str, float]:
    """Values of the unknown parameters, uniform inside each prior.

    Every parameter's draw is addressed by its name: adding one never changes another.
    """
    ranges = priors(scenario)
    slots = np.array([crc32(name.encode()) for name in ranges], dtype=np.int64)
    u = uniform_table(make_key(seed, world), Stream.UNKNOWNS, slots, ordinal=attempt)[:, 0]
    return {name: low + float(x) * (high - low) for (name, (low, high)), x in zip(ranges.items(), u, strict=True)}


def stays_as_it_is(scenario: Scenario) -> bool:
    """Whether sharing in the unchanged organisation returns to its level after a nudge upwards (mean field).

    Where people follow each other closely, a firm at this level would drift to the sharing regime by itself. The firm
    that is observed has not: such draws do not fit it.
    """
    intercept = sharing_intercept(scenario)
    level = settled_sharing(scenario, intercept)
    return abs(settled_sharing(scenario, intercept, start=min(0.99, level + NUDGE)) - level) < 0.01
