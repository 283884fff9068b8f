"""How many members of the ensemble meet all targets."""

from __future__ import annotations

import math

from experiments import ensembles
from experiments.calibration.search import check
from experiments.calibration.targets import TARGETS
from experiments.configuration import load_scenario
from experiments.evidence import Use
from experiments.unknowns import STANDARD
from experiments.validation.pattern import Claim, Pattern, Readings, Setting, mean_of
from sim.params.field import replace

FIRST_LIFE, LIVES = 100_000, 24  # neither search nor check has seen them, and every member has its own


def once(setting: Setting) -> Readings:
    """One member, on lives of its own."""
    stored = ensembles.load(STANDARD)
    if setting.replicate >= len(stored.values):
        return {"fits": math.nan}
    scenario = replace(load_scenario(), stored.member(setting.replicate))
    first = FIRST_LIFE + LIVES * setting.replicate
    found = check(scenario, setting.seed, range(first, first + LIVES))
    return {"fits": float(all(t.fits(found[t.name].value) for t in TARGETS))}


PATTERN = Pattern(
    key="ensemble",
    question="How many parameter sets of the ensemble meet every target?",
    figures=("carriers2007", "gallup", "jolts2024", "sqm", "bliese2000", "fader_hardie2007"),
    use=Use.CALIBRATION,
    published="The same targets.",
    counterpart="Each member of the ensemble on 24 lives of its own, which the calibration has not seen.",
    once=once,
    claims=(
        Claim("members", "members that meet every target", 0.90, 1.0, "share", mean_of("fits"), "nine in ten"),
    ),
    replicates=(16, 64),
)  # fmt: skip
