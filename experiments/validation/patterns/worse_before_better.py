"""Improvement costs output before it pays, and pressure on profit keeps firms from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experiments.evidence import Use
from experiments.validation.lives import gap, lives, quarterly, year
from experiments.validation.pattern import Claim, Curve, Mechanism, Pattern, Readings, Setting, errors_of, mean_of
from sim.params.scenario import sized
from sim.params.strategy import Strategy
from sim.run import Variant

CUSTOMERS = 6_000
YEARS = 5
PRESSED = (("market.investor_pressure", 3.0),)  # the default is 1


def once(setting: Setting) -> Readings:
    """The front line's improvement everywhere at once, under usual and under strong pressure, against nothing."""
    choices = ("organisation=midwest_telecom", "strategy=staged_rollout", "strategy.pilot_units=0")
    scenario = sized(setting.scenario(*choices, f"months={12 * YEARS}"), CUSTOMERS)
    variants = [
        Variant("as_is", Strategy()), Variant("better", scenario.strategy),
        Variant("pressed", scenario.strategy, changes=PRESSED),
    ]  # fmt: skip
    found = lives(scenario, setting.seed, setting.replicate, variants)
    base, better, pressed = found["as_is"], found["better"], found["pressed"]
    usual = float(base.months["profit"][1:].mean()) / 100
    course = better.months["satisfaction"] - base.months["satisfaction"]
    return {
        "waiting": 30 * gap(better, base, "backlog", year(1)),
        "first": gap(better, base, "profit", year(1)) / usual,
        "last": gap(better, base, "profit", year(YEARS)) / usual,
        "service": 100 * gap(better, base, "satisfaction", year(YEARS)),
        "trap": 100 * gap(pressed, better, "reach", year(YEARS)),
        "course": 100 * quarterly(course),
        "pressed course": 100 * quarterly(pressed.months["satisfaction"] - base.months["satisfaction"]),
    }


def picture(readings: Sequence[Readings]) -> Curve:
    """Satisfaction against the unchanged life."""
    names = {"usual": "course", "pressed": "pressed course"}
    return Curve(
        x=np.arange(1, 4 * YEARS + 1).tolist(), published={},
        simulated={short: np.mean([r[name] for r in readings], axis=0).tolist() for short, name in names.items()},
        errors={s: errors_of(np.array([r[name] for r in readings]), readings) for s, name in names.items()},
        x_label="quarters since the improvement began", y_label="satisfaction against the unchanged life, points",
    )  # fmt: skip


PATTERN = Pattern(
    key="worse_before_better",
    question="Does improvement cost output first, and does pressure trap firms?",
    figures=("repenning2001",),
    use=Use.VALIDATION,
    published="Time for improvement is taken from work, so that output falls before it rises; firms under pressure to "
    "deliver give up improving and fall into a capability trap. Signs only.",
    counterpart="Training, empowerment and feedback for the whole front line of Midwest Telecom (strategy "
    "staged_rollout without pilots) against the same life unchanged. Output is work done in time, so contacts that "
    "wait stand for output lost; profit says what it costs. Pressure: investors press three times as hard from launch; "
    "improvement kept is effort installed and practised in the fifth year.",
    once=once,
    claims=(
        Claim("output", "first year: contacts waiting against the unchanged life", 0, np.inf, "days of work",
              mean_of("waiting"), "the sign"),
        Claim("cost", "first year: profit against the unchanged life", -np.inf, 0, "%", mean_of("first"), "the sign"),
        Claim("service", "fifth year: satisfaction against the unchanged life", 0, np.inf, "points",
              mean_of("service"), "the sign"),
        Claim("profit", "fifth year: profit against the unchanged life", 0, np.inf, "%", mean_of("last"), "the sign"),
        Claim("trap", "fifth year: effort practised under strong pressure less under usual", -np.inf, 0, "points",
              mean_of("trap"), "the sign"),
    ),
    replicates=(8, 48),
    mechanism=Mechanism("the board may stop a programme", {"organisation.board.stop_rate": 0.0}, "trap"),
    picture=picture,
    remark="Profit falls first because the programme is paid, not because output falls: contacts do not wait longer. "
    "Trying an initiative takes some working time from few people at once, and what they learn soon saves repeated "
    "contacts, which is more. The model thus has the money's worse before better, not the published one of output. The "
    "trap is sprung by boards that stop programmes; without a stop pressure changes next to nothing of what is "
    "practised.",
)  # fmt: skip
