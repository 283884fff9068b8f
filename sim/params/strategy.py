"""A strategy: activities with dates and intensities. Nothing here is an effect."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, model_validator

from sim.params.field import Parameters, par
from sim.params.settings import PayMix

INITIATIVES = (
    "insight_system",
    "closed_loop_feedback",
    "cross_functional_teams",
    "customer_metric_pay",
    "portfolio_governance",
    "front_line_empowerment",
    "capability_training",
    "culture_programme",
)
INSIGHT, FEEDBACK, TEAMS, PAY, PORTFOLIO, EMPOWERMENT, TRAINING, CULTURE = range(8)
N_INITIATIVES = len(INITIATIVES)

BEHAVIOURS = ("standards", "recognition", "obstacles", "modelling", "resources")
STANDARDS, RECOGNITION, OBSTACLES, MODELLING, RESOURCES = range(5)


class Placebo(StrEnum):
    """What is paid for and does nothing."""

    NONE = "none"
    ACTIVITIES = "activities"  # initiatives work; UNLOCK, behaviours, support, messages, Moments, coaching do nothing
    EVERYTHING = "everything"


class Unlock(Parameters):
    """Intensities of the six UNLOCK activities (Harper 2003)."""

    understand: float = par(0.0, "1", (0, 1), "Breadth of the diagnosis before launch.")
    negotiate: float = par(0.0, "1", (0, 1), "Effort spent on winning buy-in.")
    locate: float = par(0.0, "1", (0, 1), "Effort spent on finding what in the culture advances or blocks.")
    organize: float = par(0.0, "1", (0, 1), "Strictness of sequencing and of the limit on work in progress.")
    communicate: float = par(0.0, "1", (0, 1), "Use of the channels, two-way.")
    keep_adjusting: float = par(0.0, "1", (0, 1), "Frequency and care of checkpoints.")


class Behaviours(Parameters):
    """What the strategy asks of leaders, five behaviours separately."""

    standards: float = par(0.0, "1", (0, 1), "Set high standards.")
    recognition: float = par(0.0, "1", (0, 1), "Recognise and reward.")
    obstacles: float = par(0.0, "1", (0, 1), "Remove obstacles.")
    modelling: float = par(0.0, "1", (0, 1), "Model the behaviour.")
    resources: float = par(0.0, "1", (0, 1), "Provide resources.")


class Strategy(Parameters):
    """A plan: what is launched when, and what is done to carry it."""

    name: str = Field("as is", min_length=1, max_length=60)
    description: str = ""
    initiatives: dict[str, int] = Field(
        default_factory=dict, description="Initiative -> month of launch.", json_schema_extra={"unit": "month"}
    )
    unlock: Unlock = Unlock()
    behaviours: Behaviours = Behaviours()
    messages: float = par(0.0, "1", (0, 1), "Volume of announcements about the strategy.")
    support: float = par(0.0, "1", (0, 1), "Help on the job for those who try, priced.")
    support_months: int = Field(
        600,
        ge=0,
        le=600,
        description="Months after which support, messages, behaviours end.",
        json_schema_extra={"unit": "months"},
    )
    moments_per_year: float = par(0.0, "1/year", (0, 12), "Moments of Belief a year.")
    coaching: float = par(0.0, "1", (0, 1), "Intensity of leaders' coaching.")
    facilitator: float = par(0.0, "1", (0, 1), "Presence of an outside facilitator.")
    pay: PayMix = Field(
        PayMix(individual=0.2, silo=0.1, team=0.3, customer=0.4), description="Mix that customer-metric pay installs."
    )
    placebo: Placebo = Field(Placebo.NONE, description="What is paid for and does nothing.")

    @model_validator(mode="after")
    def _known(self) -> Strategy:
        for key, month in self.initiatives.items():
            if key not in INITIATIVES:
                raise ValueError(f"unknown initiative '{key}'; choose from {', '.join(INITIATIVES)}")
            if not 0 <= month <= 600:
                raise ValueError(f"launch month of '{key}' must lie between 0 and 600, got {month}")
        return self
