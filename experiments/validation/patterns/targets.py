"""The targets of the calibration, looked at again under the default parameters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experiments.calibration.search import CHECK_CUSTOMERS
from experiments.calibration.targets import SURVIVAL, TARGETS, Sighting, Target, combine, sight
from experiments.configuration import load_scenario
from experiments.evidence import Use
from experiments.validation.pattern import Claim, Found, Pattern, Readings, Setting, Statistic
from sim.params.scenario import sized

FIRST_LIFE = 5_000  # lives that neither search nor check has seen


def once(setting: Setting) -> Readings:
    """One life of the unchanged Midwest Telecom with every parameter at its default."""
    scenario = sized(load_scenario(), CHECK_CUSTOMERS)
    seen = sight(scenario, setting.seed, FIRST_LIFE + setting.replicate)
    return {**seen.numbers, "units": seen.units, "at_risk": seen.at_risk, "left": seen.left}


def again(name: str) -> Statistic:
    """A target's reading over all lives, as the calibration combines them."""

    def statistic(readings: Sequence[Readings]) -> Found:
        lives = [
            Sighting({t.name: float(r[t.name]) for t in TARGETS if t.name != SURVIVAL},
                     np.asarray(r["units"]), np.asarray(r["at_risk"]), np.asarray(r["left"]))
            for r in readings
        ]  # fmt: skip
        found = combine(load_scenario(), lives)[name]
        return found.value, found.error

    return statistic


def claim(target: Target) -> Claim:
    """A target as a claim."""
    return Claim(target.name, target.label, target.low, target.high, target.unit, again(target.name), target.note)


PATTERN = Pattern(
    key="targets",
    question="Does the unchanged organisation look as published?",
    figures=("carriers2007", "gallup", "jolts2024", "sqm", "bliese2000", "fader_hardie2007"),
    use=Use.CALIBRATION,
    published="Levels of churn, engagement, quits and resolution, leaving by resolution, differences between units, "
    "and survival of two cohorts in the years that are fitted.",
    counterpart="The last year of the burn-in of Midwest Telecom under default parameters, on lives that the "
    "calibration has not seen. These are the targets of the calibration: that they are met is no evidence.",
    once=once,
    claims=tuple(claim(target) for target in TARGETS),
    replicates=(24, 48),
)  # fmt: skip
