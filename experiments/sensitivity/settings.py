"""What a user sets about a screen and about shares of variance."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import Field, field_validator, model_validator

from experiments.complaints import Brief, did_you_mean
from experiments.designs import kinds
from experiments.designs.factor import PRIOR
from experiments.designs.settings import Kind
from experiments.designs.space import Space
from experiments.evaluation.settings import StudySettings
from experiments.sensitivity.floor import FLOORS
from experiments.sensitivity.outcomes import OUTCOMES, Of
from experiments.sensitivity.screened import top_factors
from experiments.settings import Unknowns
from experiments.store.rows import Table
from experiments.unknowns import ranges
from sim.errors import InputError


class Ranges(StrEnum):
    """Over what parameters move that a user gives no range."""

    FITTED = "fitted"  # what the ensemble leaves of it, where it was fitted; otherwise as declared
    PRIOR = "prior"  # as declared


class SensitivitySettings(StudySettings):
    """Outcome and what of it is looked at."""

    REFUSED = frozenset({"design", "levels"})

    keep: tuple[Table, ...] = Field((Table.RUNS,), description=f"Tables kept of every run: {', '.join(Table)}.")
    outcome: str = Field("customer_equity", description=f"Column of runs that is analysed: {', '.join(OUTCOMES)}.")
    of: Of = Field(Of.GAIN, description="What comes first: the gain over the first plan, or the level under a plan. "
                   "With one plan there are levels only.")  # fmt: skip

    def varied(self, space: Space) -> Mapping[str, Any]:
        """Everything that is varied, in the order of the design: what was typed, dummy and luck."""
        return with_floors(self.vary)

    def points(self, space: Space) -> pd.DataFrame:
        """Points of the design, of everything that is varied."""
        return kinds.points(self.model_copy(update={"vary": self.varied(space)}), space, space.settings.seed)

    @field_validator("outcome")
    @classmethod
    def _exists(cls, value: str) -> str:
        if value not in OUTCOMES:
            advice = did_you_mean(value, OUTCOMES, f"choose from {', '.join(OUTCOMES)}")
            raise ValueError(f"unknown outcome, got {value}; {advice}")
        return value

    @field_validator("design")
    @classmethod
    def _own_design(cls, value: str) -> str:
        own = cls.model_fields["design"].default
        if value != own:
            raise ValueError(f"must be {own} here, got {value}; leave it out, or use ungridlock sweep")
        return value

    @field_validator("levels")
    @classmethod
    def _no_levels(cls, value: int) -> int:
        raise ValueError(f"is not used here, got {value}; leave it out")


class ScreenSettings(SensitivitySettings):
    """How many trajectories, over what ranges."""

    design: str = Field(str(Kind.MORRIS), description="Always morris.")
    samples: int = Field(10, ge=2, le=10_000, description="Trajectories: places from which every factor is moved.")
    ranges: Ranges = Field(
        Ranges.FITTED, description="Without vary, what every uncertain parameter moves over: fitted (what the ensemble "
        "leaves of it) or prior (as declared)."
    )  # fmt: skip

    def varied(self, space: Space) -> Mapping[str, Any]:
        """What was typed, or else every parameter with a range; dummy and luck always."""
        return with_floors(self.vary or self._all_uncertain(space))

    def _all_uncertain(self, space: Space) -> dict[str, Any]:
        unknowns = Unknowns.ENSEMBLE if self.ranges is Ranges.FITTED else Unknowns.PRIOR
        found = ranges(space.scenario, space.settings.model_copy(update={"unknowns": unknowns}))
        return {name: list(ends) for name, ends in found.items()}


class SobolSettings(SensitivitySettings):
    """How large a base sample, of which factors."""

    design: str = Field(str(Kind.SALTELLI), description="Always saltelli.")
    samples: int = Field(
        128, ge=4, le=2**20, description="Base sample, a power of two: (factors + 4) times as many points, of which "
        "those of the dummy cost nothing."
    )  # fmt: skip
    screened: Path | None = Field(
        None, alias="from", description="Output folder of a screen, to take the factors that matter most from it."
    )
    top: int = Field(8, ge=1, le=1000, description="How many factors are taken from a screen.")

    @model_validator(mode="after")
    def _one_source(self) -> SobolSettings:
        if self.screened is None and not self.vary:
            rule, advice = "must name what is varied", "write vary.NAME=prior, or from=DIR with what screen has written"
            raise InputError("vary", rule, Brief("nothing"), advice)
        if self.screened is not None and self.vary:
            raise InputError("vary", "is not used with from", Brief(", ".join(self.vary)), "leave one of them out")
        if self.screened is None and "top" in self.model_fields_set:
            raise InputError("top", "is used with from only", self.top, "leave it out, or add from=DIR")
        return self

    def varied(self, space: Space) -> Mapping[str, Any]:
        """What was typed, or else the factors that mattered most in the screen; dummy and luck always.

        Raises:
            InputError: the folder holds no screen of this scenario, these plans and this outcome.
        """
        if self.screened is None:
            return with_floors(self.vary)
        return with_floors(top_factors(self.screened, space, self.outcome, self.of, self.top))


def with_floors(vary: Mapping[str, Any]) -> dict[str, Any]:
    """The same with dummy and luck."""
    return {**vary, **{name: PRIOR for name in FLOORS if name not in vary}}
