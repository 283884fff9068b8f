"""A strategy: activities with dates and intensities. Nothing here is an effect."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from sim.params.field import Parameters, par, whole
from sim.params.settings import PayMix, PlannedGovernance

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


class LeaderBehaviours(Behaviours):
    """What the strategy asks of one leader, in her own months: also for one team for a limited time."""

    first_month: int = whole(0, "month", (0, 600), "Month from which it is asked.")
    last_month: int = whole(600, "month", (0, 600), "Month up to which it is asked.")

    @model_validator(mode="after")
    def _in_order(self) -> LeaderBehaviours:
        if self.last_month < self.first_month:
            raise ValueError(f"last_month must not lie before first_month, got {self.last_month}; change one of them")
        return self


TOP_POSTS = ("chief_executive", "chief_operating_officer", "vendor_relations")
SEEN_POSTS = TOP_POSTS[:2]  # leaders above the units whom staff see
PILOTS = "pilots"  # the leaders of the pilot units
NEVER = -1  # months of delay of a unit that a rollout leaves out


class Strategy(Parameters):
    """A plan: what is launched when, and what is done to carry it."""

    name: str = Field("as is", min_length=1, max_length=60, description="Name, for titles.")
    description: str = Field("", description="The plan in one sentence.")
    initiatives: dict[str, int] = Field(
        default_factory=dict, description="Initiative -> month of launch.", json_schema_extra={"unit": "month"}
    )
    unlock: Unlock = Unlock()
    rollout: dict[str, int] = Field(
        default_factory=dict,
        description="Unit -> months by which it starts after the launch, -1 = never; units not named start at once.",
        json_schema_extra={"unit": "months"},
    )
    pilot_units: int = whole(
        0, "units", (0, 100), "Number of units with customers, drawn by lot, in which everything starts first; 0 = all."
    )
    pilot_months: int = whole(
        NEVER, "months", (NEVER, 600), "Months after which the other units with customers follow, -1 = never."
    )
    behaviours: Behaviours = Behaviours()
    leaders: dict[str, LeaderBehaviours] = Field(
        default_factory=dict,
        description="Behaviours asked of single leaders instead of `behaviours`: by unit, pilots, chief_executive, "
        "chief_operating_officer.",
    )
    messages: float = par(0.0, "1", (0, 1), "Volume of announcements about the strategy.")
    support: float = par(0.0, "1", (0, 1), "Help on the job for those who try, priced.")
    support_months: int = whole(600, "months", (0, 600), "Months after which support, messages, behaviours end.")
    channels: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict,
        description="Channel -> how far it is used; without any entry `unlock.communicate` uses all of them.",
    )
    change_agents: float = par(0.0, "1", (0, 1), "How far marketing carries the plan into other units.")
    launches_per_year: float = par(0.0, "1/year", (0, 12), "Product launches a year.")
    launch_research: float = par(0.0, "1", (0, 1), "How far a launch rests on mined customer insight.")
    moments_per_year: float = par(0.0, "1/year", (0, 12), "Moments of Belief a year.")
    coaching: float = par(0.0, "1", (0, 1), "Intensity of leaders' coaching.")
    facilitator: float = par(0.0, "1", (0, 1), "Presence of an outside facilitator.")
    pay: PayMix = Field(
        PayMix(individual=0.2, silo=0.1, team=0.3, customer=0.4), description="Mix that customer-metric pay installs."
    )
    governance: PlannedGovernance = PlannedGovernance()
    placebo: Placebo = Field(Placebo.NONE, description="What is paid for and does nothing.")

    @model_validator(mode="after")
    def _known(self) -> Strategy:
        for key, month in self.initiatives.items():
            if key not in INITIATIVES:
                raise ValueError(f"unknown initiative '{key}'; choose from {', '.join(INITIATIVES)}")
            if not 0 <= month <= 600:
                raise ValueError(f"launch month of '{key}' must lie between 0 and 600, got {month}")
        for unit, delay in self.rollout.items():
            if not NEVER <= delay <= 600:
                raise ValueError(f"delay of unit '{unit}' must lie between 0 and 600 months or be -1, got {delay}")
        return self
