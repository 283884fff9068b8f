"""Chief executives at different stages: who leads, which plan, and how far the organisation gets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments.validation.pattern import Setting
from experiments.validation.shipped import plans, shipped
from sim.model import OrganisationModel
from sim.params.field import replace
from sim.params.scenario import sized
from sim.params.settings import STAGES
from sim.params.strategy import Strategy
from sim.run import Result, burn_in, follow
from sim.structure import STAGE_ATTRIBUTES

MONTHS = 50  # 4.2 years
CUSTOMERS = 3_000
STRATEGIST = 5.0
EARLY = {"diplomat": 1.0, "expert": 2.0, "achiever": 3.0}
PLAN, CHIEF, TABLE = range(3)  # what is drawn


def luck(setting: Setting, what: int) -> np.random.Generator:
    """Random numbers of one replicate for one purpose."""
    return np.random.default_rng([setting.seed, setting.replicate, what])


def drawn_plan(setting: Setting) -> Strategy:
    """One of the shipped plans, drawn without regard to who leads."""
    keys = list(plans())
    return plans()[keys[int(luck(setting, PLAN).integers(len(keys)))]]


def drawn_early_stage(setting: Setting) -> float:
    """Stage of a conventional chief executive: Diplomat, Expert or Achiever by their published shares."""
    shares = np.array(shipped().leadership.stage_shares)
    weights = np.array([shares[STAGES.index(name)] for name in EARLY])
    return float(luck(setting, CHIEF).choice(list(EARLY.values()), p=weights / weights.sum()))


def permuted_stages(setting: Setting) -> dict[str, tuple[float, ...]]:
    """The table of the stages' attributes with its rows dealt out anew: the same seven profiles at other stages."""
    stages = shipped().programme.stages
    order = luck(setting, TABLE).permutation(len(STAGES))
    return {
        f"programme.stages.{name}": tuple(getattr(stages, name)[k] for k in order) for name in STAGE_ATTRIBUTES
    }  # fmt: skip


def origin(setting: Setting, changes: Mapping[str, Any] | None = None) -> OrganisationModel:
    """Midwest Telecom at the end of its burn-in; leaders stay, as the chief executives of the source did."""
    changes = {"leadership.leader_exit_per_month": 0.0, **(changes or {})}
    scenario = sized(setting.scenario(f"months={MONTHS}", changes=changes), CUSTOMERS)
    return burn_in(scenario, setting.seed, setting.replicate)


def led_by(start: OrganisationModel, stage: float, plan: Strategy, table: Mapping[str, Any] | None = None) -> Result:
    """Follow a plan under a chief executive of a stage; everybody else, people's luck and the plan are the same.

    Args:
        start: the organisation at the end of its burn-in.
        stage: action logic of the chief executive.
        plan: what is done from month 0.
        table: dotted name -> other attributes of the stages.
    """
    scenario = replace(start.inputs, dict(table or {})).model_copy(update={"strategy": plan})
    model = start.fork(scenario)
    leaders, chief = model.state.leaders, model.world.ceo
    leaders.stage[chief] = leaders.first_stage[chief] = stage
    return follow(model)


def steps_up(result: Result) -> float:
    """Rise on Barrett's scale of the whole organisation, in stages; the mean of the last half year counts."""
    level = result.months["barrett"]
    return float(level[-6:].mean() - level[0])


def transformed(result: Result) -> float:
    """1 if the organisation has gone up by a whole stage at least."""
    level = result.months["barrett"]
    return float(math.floor(level[-6:].mean()) > math.floor(level[0]))
