"""What a user sets about a study, beside the scenario and the computation."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import pandas as pd
from pydantic import Field, field_validator, model_validator

from experiments.complaints import Brief
from experiments.designs import kinds
from experiments.designs.settings import DesignSettings, Kind
from experiments.designs.space import Space
from experiments.store.rows import Table
from sim.errors import InputError


class StudySettings(DesignSettings):
    """Design, name, store. Verbs add settings of their own by subclassing."""

    experiment: str = Field("", max_length=100, description="Name in the first column of every table; empty: the verb.")
    store: Path = Field(Path("ungridlock-output/store"), description="Folder of finished runs, shared by all studies.")
    keep: tuple[Table, ...] = Field(
        (Table.RUNS, Table.MONTHS), description=f"Tables kept of every run: {', '.join(Table)}."
    )

    @field_validator("keep", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    def points(self, space: Space) -> pd.DataFrame:
        """Points of the design: a row each, a column per factor. Verbs that add to what is typed override this.

        Raises:
            InputError: a design that needs factors has none.
        """
        if not self.vary and self.design in set(Kind) - {Kind.GRID}:
            rule = f"must name what is varied in the design {self.design}"
            raise InputError("vary", rule, Brief("nothing"), "write vary.NAME=[LOW,HIGH] or vary.NAME=prior")
        return kinds.points(self, space, space.settings.seed)


class OnePointSettings(StudySettings):
    """Settings of verbs that stay at one point: a design is refused."""

    REFUSED = frozenset(DesignSettings.model_fields)

    @model_validator(mode="after")
    def _no_design(self) -> Self:
        rule = "is not used here: this verb looks at one point"
        advice = "set one value with DOTTED.NAME=VALUE, or use ungridlock sweep"
        if self.vary:
            raise InputError("vary", rule, Brief(", ".join(self.vary)), advice)
        if self.design != Kind.GRID:
            raise InputError("design", rule, self.design, advice)
        return self
