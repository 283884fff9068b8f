"""What a user sets about regret, beside the study."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pandas as pd
from pydantic import Field, field_validator

from experiments.complaints import Brief, did_you_mean
from experiments.designs.settings import Kind
from experiments.designs.space import Space
from experiments.evaluation.settings import StudySettings
from experiments.regret.futures import conditions, futures
from experiments.store.rows import Table
from sim.errors import InputError


class Objective(StrEnum):
    """What a plan is worth."""

    NPV = "npv"  # present value of all cash
    EQUITY = "customer_equity"  # of the customers at the end
    TOTAL = "total"  # both, equity discounted


class Fails(StrEnum):
    """What counts as a failure of a plan in a future."""

    RIVAL = "rival"  # another plan is better
    BASELINE = "baseline"  # the first plan is better


class RegretSettings(StudySettings):
    """Futures, what a plan is worth, whose failures are explained."""

    design: str = Field(Kind.LATIN, description=f"{', '.join(Kind)}, or a CSV file with one column per dotted name.")
    keep: tuple[Table, ...] = Field((Table.RUNS,), description=f"Tables kept of every run: {', '.join(Table)}.")
    samples: int = Field(128, ge=1, le=2**20, description="Futures of lhs and sobol.")
    worlds: int = Field(
        0, ge=0, le=10_000, description="Worlds in which every point is looked at; 0: each point in one, in turn."
    )
    objective: Objective = Field(Objective.NPV, description=f"What a plan is worth: {', '.join(Objective)}.")
    plan: str = Field("", description="Plan whose failures are explained; empty: the one that is best on average.")
    fails: Fails | float = Field(
        Fails.RIVAL, description="It fails where: rival (another plan is better), baseline (the first plan is better), "
        "or an amount in $ (its regret is larger)."
    )  # fmt: skip

    @field_validator("fails", mode="before")
    @classmethod
    def _word_or_amount(cls, value: Any) -> Any:
        amount = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf
        if not amount and value not in list(Fails):
            advice = "write fails=rival, fails=baseline or fails=5e6"
            raise ValueError(f"must be rival, baseline or a regret in $ above 0, got {value}; {advice}")
        return value

    def varied(self, space: Space) -> Mapping[str, Any]:
        """What was typed, or else the market conditions that nobody has set."""
        return self.vary or conditions(space.scenario)

    def points(self, space: Space) -> pd.DataFrame:
        """One row per future.

        Raises:
            InputError: there are fewer than two plans or futures, or what is asked for does not go together.
        """
        self._require_plans(list(space.strategies))
        return futures(self, self.worlds, space)

    def _require_plans(self, plans: list[str]) -> None:
        if len(plans) < 2:
            raise InputError("strategies", "must name at least two plans", Brief(plans), "there is nothing to regret")
        if self.plan and self.plan not in plans:
            advice = did_you_mean(self.plan, plans, f"choose from {', '.join(plans)}")
            raise InputError("plan", "must be one of the strategies", self.plan, advice)
        if self.plan == plans[0] and self.fails is Fails.BASELINE:
            raise InputError("plan", "is the baseline itself", self.plan, "use fails=rival, or name another plan")
