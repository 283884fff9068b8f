"""What we don't know: worlds, each one set of values for everything uncertain.

A world is a member of a stored ensemble, whose sets all fit the unchanged organisation equally well, or (without an
ensemble) one draw from the prior ranges. Two neighbouring replicates live in the same world with different luck, so
that luck and what we don't know can be told apart. A parameter that does not have its default value has been set by
somebody, is known and keeps its value; one set to just its default cannot be told from one that nobody touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments import ensembles
from experiments.settings import RunSettings, Unknowns
from sim.draws import Stream, make_key, uniform_table
from sim.errors import InputError
from sim.params.field import extras, replace, walk
from sim.params.scenario import Scenario
from sim.settled import settled_sharing, sharing_intercept

LUCKS_PER_WORLD = 2
ATTEMPTS = 200
NUDGE = 0.25  # share of requests
STANDARD = "midwest_telecom"  # the ensemble that comes with ungridlock


def priors(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Dotted name -> prior range of every parameter that has its default value."""
    found = {}
    for dotted, field, value in walk(scenario):
        prior = extras(field).get("prior")
        if prior is not None and value == field.default:
            found[dotted] = (float(prior[0]), float(prior[1]))
    return found


def ranges(scenario: Scenario, settings: RunSettings) -> dict[str, tuple[float, float]]:
    """Dotted name -> smallest and largest value of every parameter that differs between worlds."""
    if settings.unknowns is Unknowns.DEFAULT:
        return {}
    found, ensemble = priors(scenario), ensemble_of(settings)
    if ensemble is not None:
        members = ensembles.load(ensemble).values
        fitted = [name for name in ensembles.load(ensemble).provenance["searched"] if name in members]
        found |= {name: (float(members[name].min()), float(members[name].max())) for name in _unset(scenario, fitted)}
    return found


def ensemble_of(settings: RunSettings) -> str | None:
    """The ensemble that worlds come from; None: from the prior ranges."""
    return settings.ensemble if settings.unknowns is Unknowns.ENSEMBLE else None


def world_of(replicate: int, unknowns: Unknowns) -> int:
    """Which world in turn a replicate lives in; with an ensemble later worlds repeat earlier ones, see `set_of`."""
    return replicate if unknowns is Unknowns.DEFAULT else replicate // LUCKS_PER_WORLD


def set_of(scenario: Scenario, seed: int, world: int, ensemble: str | None = STANDARD) -> int:
    """Number of the set of values that a world holds: worlds with the same number are one and the same.

    It is itself a world with these values. Whatever counts worlds as independent counts these.
    """
    if ensemble is None:
        return world
    members = len(ensembles.load(ensemble).values)
    return (world + values_of(scenario, seed, world, ensemble)[1]) % members


def repeated(turns: NDArray[np.int64], ensemble: str = STANDARD) -> NDArray[np.int64]:
    """Worlds in turn with equal numbers where the ensemble has begun anew, whatever the scenario."""
    return np.asarray(turns % len(ensembles.load(ensemble).values))


def sets_of(scenario: Scenario, settings: RunSettings, replicates: Sequence[int]) -> dict[int, int]:
    """Replicate -> number of the set of values in which it lives; a number of its own where nothing is unknown."""
    turns = {replicate: world_of(replicate, settings.unknowns) for replicate in replicates}
    ensemble = ensemble_of(settings)
    if ensemble is None:
        return turns
    members = len(ensembles.load(ensemble).values)
    numbers = {turn: set_of(scenario, settings.seed, turn, ensemble) for turn in {t % members for t in turns.values()}}
    return {replicate: numbers[turn % members] for replicate, turn in turns.items()}


def in_settings(scenario: Scenario, settings: RunSettings, world: int) -> Scenario:
    """The scenario as a command's settings want it: in a world, or with every parameter at its default."""
    if settings.unknowns is Unknowns.DEFAULT:
        return scenario
    return in_world(scenario, settings.seed, world, ensemble_of(settings))


def in_world(scenario: Scenario, seed: int, world: int, ensemble: str | None = STANDARD) -> Scenario:
    """The scenario with the unknown parameters of one world.

    Raises:
        InputError: no set was found, since this organisation does not rest under its own norms and incentives.
    """
    return replace(scenario, values_of(scenario, seed, world, ensemble)[0])


def values_of(scenario: Scenario, seed: int, world: int, ensemble: str | None) -> tuple[dict[str, float], int]:
    """Values of one world by dotted name, and how many sets were passed over before it.

    With an ensemble, world w is its member w (beginning anew after the last), or the first after it under which this
    organisation would stay as it is; without one, the first draw of the world under which it would.
    """
    tries = ATTEMPTS if ensemble is None else len(ensembles.load(ensemble).values)
    for attempt in range(tries):
        values = draw(scenario, seed, world, attempt) if ensemble is None else (
            _member(scenario, seed, (world + attempt) % tries, ensemble))  # fmt: skip
        if stays_as_it_is(replace(scenario, values)):
            return values, attempt
    raise InputError(
        "unknowns", "must leave the unchanged organisation at rest in some world", scenario.norms.name,
        "use unknowns=default, or norms and incentives closer to each other",
    )  # fmt: skip


def _member(scenario: Scenario, seed: int, number: int, ensemble: str) -> dict[str, float]:
    """One member; what the ensemble does not know is drawn from its prior."""
    member = ensembles.load(ensemble).member(number)
    return draw(scenario, seed, number) | {name: member[name] for name in _unset(scenario, member)}


def _unset(scenario: Scenario, names: Sequence[str] | dict[str, float]) -> list[str]:
    """Of these parameters, those that have their default value."""
    return [dotted for dotted, field, value in walk(scenario) if dotted in names and value == field.default]


def worlds_table(scenario: Scenario, settings: RunSettings, worlds: Sequence[int]) -> pd.DataFrame:
    """The values: one row per world, one column per parameter by its dotted name."""
    ensemble = ensemble_of(settings)
    return pd.DataFrame([{"world": w, **values_of(scenario, settings.seed, w, ensemble)[0]} for w in worlds])


def in_words(scenario: Scenario, settings: RunSettings, worlds: int) -> str:
    """Where the worlds come from, and how many sets did not fit this organisation."""
    ensemble = ensemble_of(settings)
    passed = [values_of(scenario, settings.seed, world, ensemble)[1] for world in range(worlds)]
    refused = sum(passed)
    if ensemble is None:
        text = f"Worlds: {worlds} draw{'s' if worlds > 1 else ''} of what we don't know from prior ranges"
    else:
        number = len(ensembles.load(ensemble).values)
        refused = len({(world + k) % number for world, n in enumerate(passed) for k in range(n)})
        different = len({(world + n) % number for world, n in enumerate(passed)})
        text = (f"Worlds: {different} of {number} parameter sets that fit published figures about unchanged "
                f"organisations\n  equally well (ensemble {ensemble})")  # fmt: skip
    if refused == 0:
        return f"{text}; the unchanged organisation would stay as it is in each."
    return (
        f"{text}; {refused} more {'were' if refused > 1 else 'was'} set aside, under which the unchanged organisation "
        "would not have\n  stayed as it is (people follow each other too closely)."
    )


def draw(scenario: Scenario, seed: int, world: int, attempt: int = 0) -> dict[str, float]:
    """Values of the parameters with a prior, uniform inside each.

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
