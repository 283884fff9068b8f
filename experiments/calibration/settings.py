"""What a user sets about a calibration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from experiments.configuration import typed_settings
from experiments.settings import Compute, ComputeChoice
from sim.params.field import Parameters


class CalibrationSettings(Parameters):
    """How many members are searched, for which organisation, and where they go."""

    organisation: str = Field("midwest_telecom", description="Entry of the group organisation that is fitted.")
    members: int = Field(
        80, ge=2, le=10_000, description="Searches, each for one member.", json_schema_extra={"unit": "searches"}
    )
    batches: int = Field(
        40, ge=1, le=1_000, description="Most batches of eight candidates per search.",
        json_schema_extra={"unit": "batches"},
    )  # fmt: skip
    begin: str = Field(
        "", description="Ensemble whose members the searches begin at, after a change; empty: points over all ranges."
    )
    quick: bool = Field(False, description="Four members, to see how it works.")
    seed: int = Field(1, ge=0, le=2**31 - 1, description="Seed of priors, starts, searches and lives.")
    output: Path = Field(Path("ungridlock-output/calibrate"), description="Folder for the ensemble and the page.")
    quiet: bool = Field(False, description="No progress bar.")
    compute: ComputeChoice = Compute()


def read_settings(words: Sequence[str]) -> CalibrationSettings:
    """Settings typed as NAME=VALUE.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    settings = typed_settings(CalibrationSettings, words)
    return settings.model_copy(update={"members": 4}) if settings.quick else settings
