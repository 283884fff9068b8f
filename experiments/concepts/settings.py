"""What a user sets about the table of concepts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field, field_validator

from experiments.complaints import InputErrors
from experiments.concepts.table import IDS
from experiments.configuration import typed_settings
from experiments.settings import Compute, ComputeChoice, Names
from sim.errors import InputError
from sim.params.field import Parameters


class ConceptSettings(Parameters):
    """Replicates, seed, rows and output."""

    quick: bool = Field(False, description="Fewer replicates and months, for a first look.")
    replicates: int = Field(
        0, ge=0, le=10_000, description="Paired runs per row; 0 means 16, or 4 if quick.",
        json_schema_extra={"unit": "replicates"},
    )  # fmt: skip
    months: int = Field(
        0, ge=0, le=600, description="Months after the burn-in; 0 means 60, or 42 if quick.",
        json_schema_extra={"unit": "months"},
    )  # fmt: skip
    only: Names = Field((), description="Ids of concepts; none means all.")
    seed: int = Field(1, ge=0, le=2**31 - 1, description="Seed of all random numbers.")
    output: Path = Field(Path("ungridlock-output/concepts"), description="Folder for the table.")
    quiet: bool = Field(False, description="No progress bar.")
    compute: ComputeChoice = Compute()

    @field_validator("only")
    @classmethod
    def _known(cls, only: tuple[str, ...]) -> tuple[str, ...]:
        for name in only:
            if name not in IDS:
                raise ValueError(f"must hold ids of concepts, got {name}; choose from {IDS[0]} to {IDS[-1]}")
        return only

    def filled(self) -> ConceptSettings:
        """With the numbers that 0 stands for."""
        usual = {"replicates": 4, "months": 42} if self.quick else {"replicates": 16, "months": 60}
        return self.model_copy(update={name: getattr(self, name) or n for name, n in usual.items()})


def read_settings(words: Sequence[str]) -> ConceptSettings:
    """Settings typed as NAME=VALUE.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    settings = typed_settings(ConceptSettings, words).filled()
    if settings.months < 36:
        rule = "must be at least 36, so that effects can show"
        raise InputErrors([InputError("months", rule, settings.months, "leave it out, or take quick=true")])
    return settings
