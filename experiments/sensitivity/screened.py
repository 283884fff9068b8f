"""What an earlier screen found: the factors that mattered most, with the ranges that they had there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from experiments.complaints import Brief
from experiments.designs.settings import flat
from experiments.designs.space import Space
from experiments.sensitivity.floor import FLOORS
from experiments.sensitivity.outcomes import Of
from sim.errors import InputError

SCREEN, CONFIGURATION = "screen.csv", "configuration.yaml"
NAMED = 3  # differences named in an error


def top_factors(folder: Path, space: Space, outcome: str, of: Of, top: int) -> dict[str, Any]:
    """The factors with the largest effect (mu*) on the gains, or on the levels, of the plans of this study.

    Args:
        folder: output of `screen`.
        space: scenario and plans of this study; the screen must have had them.
        outcome: what was screened.
        of: gains or levels.
        top: at most so many; factors without any effect are not taken.

    Returns:
        Factor -> its levels or the ends of its range, the largest effect first.

    Raises:
        InputError: there is no screen, or it was of something else.
    """
    try:
        found = pd.read_csv(folder / SCREEN)
        configuration = yaml.safe_load((folder / CONFIGURATION).read_text(encoding="utf-8"))
        ranks = ranked(found, outcome, list(space.strategies), of)
    except (OSError, ValueError, KeyError, yaml.YAMLError):
        advice = "run ungridlock screen with the same settings first"
        raise InputError("from", "must be the output folder of a screen", str(folder), advice) from None
    _require_same_scenario(folder, configuration, space)
    if ranks.empty:
        rule = f"must be a screen of {outcome} under {', '.join(space.strategies)}, with an effect of some factor"
        advice = f"run ungridlock screen outcome={outcome} with the same strategies first"
        raise InputError("from", rule, str(folder), advice)
    return {str(name): json.loads(text) for name, text in ranks.head(top).items()}


def ranked(found: pd.DataFrame, outcome: str, plans: list[str], of: Of) -> pd.Series:
    """Range of every factor that has an effect, the largest effect first.

    Args:
        found: content of screen.csv.
        outcome: which one.
        plans: which ones; gains are over the first.
        of: gains or levels; levels if there is one plan.
    """
    of = of if len(plans) > 1 else Of.LEVEL
    rows = found[(found["outcome"] == outcome) & (found["of"] == of) & found["scenario"].isin(plans)]
    if of is Of.GAIN:
        rows = rows[rows["baseline"] == plans[0]]
    rows = rows[~rows["factor"].isin(FLOORS) & (rows["mu_star"] > 0)]
    order = rows.groupby("factor")["mu_star"].max().sort_values(ascending=False, kind="stable").index
    return rows.groupby("factor")["range"].first().loc[order]


def _require_same_scenario(folder: Path, configuration: dict[str, Any], space: Space) -> None:
    mine = flat(space.scenario.model_dump(mode="json", exclude={"strategy"}))
    theirs = flat({name: configuration.get(name) for name in {key.split(".")[0] for key in mine}})
    different = sorted(name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name))
    if different:
        more = f" and {len(different) - NAMED} more" if len(different) > NAMED else ""
        rule = f"must be a screen of the same scenario; it differs in {', '.join(different[:NAMED])}{more}"
        raise InputError("from", rule, Brief(folder), "give both commands the same settings, or use vary.NAME=prior")
