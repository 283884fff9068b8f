"""Placebos: stage profiles dealt out anew, and activities that are paid for and do nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from experiments.evidence import Use
from experiments.validation.chiefs import (
    MONTHS,
    STRATEGIST,
    drawn_early_stage,
    drawn_plan,
    led_by,
    origin,
    permuted_stages,
    steps_up,
)
from experiments.validation.pattern import Claim, Pattern, Readings, Setting, jackknife, mean_of
from experiments.validation.shipped import plans
from sim.model import OrganisationModel
from sim.params.strategy import Placebo, Strategy
from sim.run import Result, Variant, follow, fork

LEFT_OVER = 1 / 3  # share of an effect that luck may leave
ENOUGH = 24  # replicates for the activities, whose effects stand out from luck
ACTIVITIES = ("practised", "practised_placebo", "money", "money_placebo")


def once(setting: Setting) -> Readings:
    """Both effects with and without placebo, in one organisation with the same luck."""
    start, plan = origin(setting), drawn_plan(setting)
    early = drawn_early_stage(setting)
    true, dealt = (
        steps_up(led_by(start, STRATEGIST, plan, table)) - steps_up(led_by(start, early, plan, table))
        for table in ({}, permuted_stages(setting))
    )
    activities = of_activities(start) if setting.replicate < ENOUGH else dict.fromkeys(ACTIVITIES, math.nan)
    return {"stage": true, "stage_permuted": dealt, **activities}


def of_activities(start: OrganisationModel) -> dict[str, float]:
    """What UNLOCK adds to its own initiatives, and what it adds while its activities do nothing."""
    full = plans()["unlock"]
    bare, real, empty = (
        follow(fork(start, Variant(name, plan)))
        for name, plan in (("bare", initiatives_only(full)), ("unlock", full), ("placebo", idle(full)))
    )
    year = 12 * float(bare.months["revenue"][0])
    return {
        "practised": practised(real) - practised(bare),
        "practised_placebo": practised(empty) - practised(bare),
        "money": 100 * (money(real, start) - money(bare, start)) / year,
        "money_placebo": 100 * (money(empty, start) - money(bare, start)) / year,
    }


def initiatives_only(plan: Strategy) -> Strategy:
    """The same initiatives in the same months and nothing else."""
    return Strategy(name=f"{plan.name}, initiatives only", initiatives=plan.initiatives, pay=plan.pay,
                    governance=plan.governance)  # fmt: skip


def idle(plan: Strategy) -> Strategy:
    """The same plan whose activities cost what they cost and do nothing; its initiatives work."""
    return plan.model_copy(update={"placebo": Placebo.ACTIVITIES})


def practised(result: Result) -> float:
    """Effort installed and practised, mean of the last year, share of all initiatives' effort."""
    return float(result.months["reach"][-12:].mean())


def money(result: Result, start: OrganisationModel) -> float:
    """Cash over the horizon plus customer equity at its end, discounted to month 0."""
    rate = start.inputs.organisation.economics.monthly_discount
    worth = (1 + rate) ** -np.arange(1.0, MONTHS + 1)
    return float(result.months["cash"][1:] @ worth + result.months["customer_equity"][-1] * worth[-1])


def share_left(placebo: str, real: str, readings: Sequence[Readings]) -> float:
    """What is left of an effect under the placebo, as a share of it."""
    left, whole = (np.nanmean([float(r[name]) for r in readings]) for name in (placebo, real))
    return float(left / whole)


def stage_left(readings: Sequence[Readings]) -> float:
    """What is left of the stage's effect with dealt profiles."""
    return share_left("stage_permuted", "stage", readings)


def activities_left(readings: Sequence[Readings]) -> float:
    """What is left of the activities' effect when they do nothing."""
    return share_left("practised_placebo", "practised", readings)


PATTERN = Pattern(
    key="placebo",
    question="Do the effects of late stages and of UNLOCK vanish when their content is taken out?",
    figures=("rooke_torbert1998",),
    use=Use.VALIDATION,
    published="No figure: the model's own check that neither a stage nor a strategy wins by its name. What Rooke and "
    "Torbert found of stages and Harper says of UNLOCK's activities must rest on what stages and activities do.",
    counterpart="As for leader_stage, the late less the early chief executive's steps up, once with the stages' "
    "profiles as they are and once with the seven profiles dealt out at random to the seven stages, anew in each "
    "replicate and for all leaders. And UNLOCK against its own initiatives in the same months "
    "without activities, once with the activities as they are and once paid for and without effect: what is "
    "practised in the last year, and money (cash plus customer equity, discounted).",
    once=once,
    claims=(
        Claim("stages_dealt", "effect of the stage left with dealt profiles, of the true one", -LEFT_OVER, LEFT_OVER,
              "share of the effect", jackknife(stage_left), "none, give or take a third for luck"),
        Claim("activities", "practised: UNLOCK less its initiatives alone", 0.0, float("inf"), "share of effort",
              mean_of("practised"), "sign only: without an effect nothing could vanish"),
        Claim("activities_idle", "effect of the activities left when they do nothing", -float("inf"), LEFT_OVER,
              "share of the effect", jackknife(activities_left), "none or a loss, give or take a third for luck"),
        Claim("cost", "money: idle UNLOCK less its initiatives alone", -float("inf"), 0.0, "% of a year's revenue",
              mean_of("money_placebo"), "sign only: what does nothing costs"),
    ),
    replicates=(8, 300),
    remark="Idle UNLOCK can do worse than its initiatives alone, not only by what it costs: a diagnosis delays the "
    "launch whether or not it finds anything, costs put pressure on people and leaders, and large moves of "
    "resources, which what leaders show every day for any programme brings as well, are not granted under a placebo. "
    "Without the delay, that pressure and that everyday share both lives are the same to the last digit (a test). "
    "Between the setting of the bands and the first page each deal was averaged with its mirror image, the rows of the "
    "two chief executives exchanged. What one side gains the other then loses: all but nothing was left by arithmetic, "
    "and the claim could not have been missed. The mirror image is gone and the band is the same; a deal as it falls "
    "is noisy, so that 60 replicates would leave the claim unclear, and 300 were fixed from that noise.",
    own_check=True,
)  # fmt: skip
