"""What a user sets about a search."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator

from experiments.evaluation.settings import OnePointSettings
from experiments.headline import BY_NAME, LEVEL, Measure
from experiments.luck import CRITERIA
from experiments.optimisation.levers import Group
from experiments.store.rows import Table
from experiments.tables import HEADLINES
from sim.errors import InputError

TOTAL = Measure("total", CRITERIA["total"], "$", 1, 1e-6, "$M", "$M", 1)  # with what customers are worth at the end
# Gridlock is none: whoever installs nothing has none.
OBJECTIVES = ("npv", "customer_equity", "total", *(name for name in HEADLINES if name != "gridlock"))


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class OptimiseSettings(OnePointSettings):
    """Budget, objective, and how long to search."""

    budget: float | None = Field(
        None, gt=0, le=1e9, allow_inf_nan=False, json_schema_extra={"unit": "$M"},
        description="Most that a plan may cost over the horizon; empty: a tenth more than unlock is planned to cost.",
    )  # fmt: skip
    objective: str = Field("npv", description=f"What is made best against the baseline: {', '.join(OBJECTIVES)}.")
    trials: int = Field(96, ge=4, le=100_000, description="Plans tried.", json_schema_extra={"unit": "plans"})
    batch: int = Field(
        12, ge=2, le=1000, description="Plans tried at the same time; the next ones are chosen with their results.",
        json_schema_extra={"unit": "plans"},
    )  # fmt: skip
    finalists: int = Field(
        12, ge=1, le=100, description="Best plans of the search that are judged on new lives.",
        json_schema_extra={"unit": "plans"},
    )  # fmt: skip
    holdout: int = Field(
        32, ge=2, le=5000, description="Replicates that only finalists and rivals see: other worlds, other luck.",
        json_schema_extra={"unit": "replicates"},
    )  # fmt: skip
    level: float = Field(LEVEL, ge=0.5, le=0.999, description="Confidence that the best plan is among those tied.")
    latest: int = Field(24, ge=0, le=600, description="Last month of a launch.", json_schema_extra={"unit": "month"})
    levers: Annotated[tuple[Group, ...], BeforeValidator(_several)] = Field(
        tuple(Group), min_length=1, description=f"What the search may set: {', '.join(Group)}."
    )
    shipped: bool = Field(
        True, description="Set all strategies of ungridlock and of --config-dir that fit the budget beside the plans."
    )
    keep: tuple[Table, ...] = Field((Table.RUNS,), description=f"Tables kept of every run: {', '.join(Table)}.")

    @field_validator("objective")
    @classmethod
    def _aims(cls, value: str) -> str:
        if value not in OBJECTIVES:
            raise InputError("objective", "unknown objective", value, f"choose from {', '.join(OBJECTIVES)}")
        return value

    @property
    def measure(self) -> Measure:
        """What is made best."""
        return TOTAL if self.objective == TOTAL.name else BY_NAME[self.objective]
