"""What a user sets about a validation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field, field_validator

from experiments.configuration import typed_settings
from experiments.settings import Compute, ComputeChoice, Names
from experiments.validation.patterns import PATTERNS
from sim.params.field import Parameters


class ValidationSettings(Parameters):
    """Which patterns, how thoroughly, and where the result goes."""

    quick: bool = Field(False, description="Fewer replicates, and mechanisms are not switched off.")
    only: Names = Field((), description="Keys of patterns; none means all.")
    seed: int = Field(1, ge=0, le=2**31 - 1, description="Seed of all random numbers.")
    output: Path = Field(Path("ungridlock-output/validate"), description="Folder for the tables, figures and the page.")
    quiet: bool = Field(False, description="No progress bar.")
    compute: ComputeChoice = Compute()

    @field_validator("only")
    @classmethod
    def _known(cls, only: tuple[str, ...]) -> tuple[str, ...]:
        keys = [pattern.key for pattern in PATTERNS]
        for name in only:
            if name not in keys:
                raise ValueError(f"must hold keys of patterns, got {name}; choose from {', '.join(keys)}")
        return only


def read_settings(words: Sequence[str]) -> ValidationSettings:
    """Settings typed as NAME=VALUE.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    return typed_settings(ValidationSettings, words)
