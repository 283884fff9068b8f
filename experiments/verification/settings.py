"""What a user sets about a verification."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field, field_validator

from experiments.configuration import typed_settings
from experiments.settings import Compute, ComputeChoice
from sim.params.field import Parameters

ALL = 0
NOWHERE = Path()


class VerifySettings(Parameters):
    """Which runs of which study."""

    output: Path = Field(Path("ungridlock-output/sweep"), description="Folder of the study.")
    store: Path = Field(NOWHERE, description="Folder of finished runs, if it is no longer where the study says.")
    runs: int = Field(
        5, ge=0, description="Runs drawn by lot; all: every one.", json_schema_extra={"unit": "runs"},
    )  # fmt: skip
    run: str = Field("", description="Only the run of this key, or whose key begins like this.")
    point: int | None = Field(None, ge=0, description="Only runs at this point.")
    scenario: str = Field("", description="Only runs of this strategy.")
    replicate: int | None = Field(None, ge=0, description="Only runs of this replicate.")
    seed: int = Field(1, ge=0, le=2**31 - 1, description="Seed of the lot.")
    quiet: bool = Field(False, description="No progress bar.")
    compute: ComputeChoice = Compute()

    @field_validator("runs", mode="before")
    @classmethod
    def _every(cls, value: object) -> object:
        return ALL if value == "all" else value

    @property
    def named(self) -> dict[str, str | int]:
        """What was said about the runs wanted."""
        said = {"run": self.run, "point": self.point, "scenario": self.scenario, "replicate": self.replicate}
        return {name: value for name, value in said.items() if value not in ("", None)}

    @property
    def number(self) -> int:
        """Runs drawn; all of those that are named, unless a number was typed."""
        return self.runs if "runs" in self.model_fields_set or not self.named else ALL


def read_settings(words: Sequence[str]) -> VerifySettings:
    """Settings typed as NAME=VALUE.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    return typed_settings(VerifySettings, words)
