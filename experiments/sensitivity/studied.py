"""From a study to what is analysed, and to what is said about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from experiments.designs.factor import Factor, factors
from experiments.evaluation.study import Study
from experiments.sensitivity.at_rest import share_at_rest
from experiments.sensitivity.floor import FLOORS
from experiments.sensitivity.outcomes import Of, keys, known, outcomes, varies
from experiments.sensitivity.settings import SensitivitySettings
from experiments.sensitivity.words import About, quantity


def varied_in(study: Study[SensitivitySettings]) -> list[Factor]:
    """Factors in the order of the design."""
    return factors(study.settings.varied(study.space), study.space)


def studied(runs: pd.DataFrame, study: Study[SensitivitySettings]) -> tuple[pd.DataFrame, About]:
    """Every quantity that exists at every point (see `outcomes`), and what was studied.

    Raises:
        InputError: the outcome is missing at some points.
    """
    scenario, settings, plans = study.job.scenario, study.settings, list(study.job.strategies)
    about = About(
        study.command, scenario.organisation.name, scenario.months, settings.outcome, plans[0],
        sum(name not in FLOORS for name in study.points.columns), settings.samples, len(study.points),
        study.job.settings.replicates, share_at_rest(study),
    )  # fmt: skip
    every = outcomes(runs, settings.outcome, plans, len(study.points))
    return without(every, known(every, settings.outcome), about, "does not exist")


def varying(values: pd.DataFrame, about: About) -> tuple[pd.DataFrame, About]:
    """The quantities that differ between points; the others have no variance to be split."""
    there = [varies(values[name].to_numpy(float)) for name in values.columns]
    return without(values, values.loc[:, there], about, "is the same at every point")


def without(every: pd.DataFrame, left: pd.DataFrame, about: About, why: str) -> tuple[pd.DataFrame, About]:
    """What is left, with a word about what is not."""
    gone = [key for key in keys(every) if key not in keys(left)]
    said = [f"Left out: {quantity(of, plan, about)}, which {why}." for of, plan in gone]
    return left, replace(about, absent=(*about.absent, *said))


def labelled(found: pd.DataFrame, about: About, varied: Sequence[Factor]) -> pd.DataFrame:
    """The same with outcome, unit, baseline (of gains) and, per factor, its range or levels as JSON."""
    ranges = {factor.name: "" if factor.name in FLOORS else json.dumps(list(factor.levels)) for factor in varied}
    found = found.assign(range=found["factor"].map(ranges))
    found.insert(0, "unit", about.measure.unit)
    found.insert(0, "outcome", about.outcome)
    found.insert(4, "baseline", [about.baseline if of == Of.GAIN else "" for of in found["of"]])
    return found
