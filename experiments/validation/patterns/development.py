"""How far ten months of coaching move leaders."""

from __future__ import annotations

import numpy as np

from experiments.evidence import Use
from experiments.validation.pattern import Claim, Mechanism, Pattern, Readings, Setting, mean_of
from sim.params.scenario import sized
from sim.params.strategy import Strategy
from sim.run import Variant, burn_in, fork

CUSTOMERS, MONTHS = 500, 10
DIPLOMAT, ACHIEVER = 1.0, 3.0
NOTICED = 0.05  # stages
BEYOND = 3.5  # nearer to Individualist than to Achiever


def once(setting: Setting) -> Readings:
    """All leaders are coached for ten months, and nothing else is done; those at conventional stages count."""
    scenario = setting.scenario(f"months={MONTHS}", changes={"leadership.leader_exit_per_month": 0.0})
    model = fork(burn_in(sized(scenario, CUSTOMERS), setting.seed, setting.replicate),
                 Variant("coached", Strategy(name="coached", coaching=1.0)))  # fmt: skip
    before = model.state.leaders.stage.copy()
    model.run_for(MONTHS)
    conventional = (before >= DIPLOMAT) & (before <= ACHIEVER)
    after = model.state.leaders.stage[conventional]
    return {"moved": float(np.mean(after - before[conventional])), "beyond": float(np.mean(after >= BEYOND))}


PATTERN = Pattern(
    key="development",
    question="Does coaching move leaders, but not beyond the conventional stages?",
    figures=("vincent2015",),
    use=Use.CALIBRATION,
    published="Standard programmes of about ten months move people within the conventional stages only.",
    counterpart="Midwest Telecom's leaders are coached for ten months, no other programme: mean movement of those who "
    "began as Diplomat, Expert or Achiever, and how many of them end up nearer to Individualist than to Achiever. "
    "Speed and reach of coaching were set by this source: that it is met is no evidence.",
    once=once,
    claims=(
        Claim("moved", "movement in ten months", NOTICED, 1.0, "stages", mean_of("moved"),
              "more than could be overlooked, at most a stage"),
        Claim("beyond", "leaders beyond Achiever after ten months", 0.0, 0.05, "share of leaders", mean_of("beyond"),
              "none, give or take one in twenty"),
    ),
    replicates=(20, 80),
    mechanism=Mechanism("coaching moves leaders", {"programme.activities.coaching_speed": 0.0}, "moved"),
)  # fmt: skip
