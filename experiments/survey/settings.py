"""What a user sets about the survey."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import Field

from experiments.complaints import InputErrors
from experiments.configuration import typed_settings
from experiments.settings import Compute, ComputeChoice
from sim.errors import InputError
from sim.params.field import Parameters

FIRMS, FEW, LEAST = 434, 60, 12  # as in the published study; if quick; so that thirds can be compared


class Usual(StrEnum):
    """What customers of a firm take for normal."""

    RIVALS = "rivals"  # what the typical firm of the same market gives its customers
    OWN = "own"  # what their own firm gave them before its history


class SurveySettings(Parameters):
    """Firms, length of their histories, seed and output."""

    quick: bool = Field(False, description="Fewer firms, for a first look.")
    firms: int = Field(
        0, ge=0, le=10_000, description=f"Firms of the industry; 0 means {FIRMS}, or {FEW} if quick.",
        json_schema_extra={"unit": "firms"},
    )  # fmt: skip
    months: int = Field(
        36, ge=12, le=600, description="History of every firm after its burn-in.", json_schema_extra={"unit": "months"}
    )
    usual: Usual = Field(
        Usual.RIVALS, description="What customers take for normal: the typical firm of the market, or their own firm."
    )
    seed: int = Field(1, ge=0, le=2**31 - 1, description="Seed of all random numbers.")
    output: Path = Field(Path("ungridlock-output/survey"), description="Folder for tables and figures.")
    quiet: bool = Field(False, description="No progress bar.")
    compute: ComputeChoice = Compute()

    def filled(self) -> SurveySettings:
        """With the number of firms that 0 stands for."""
        return self.model_copy(update={"firms": self.firms or (FEW if self.quick else FIRMS)})


def read_settings(words: Sequence[str]) -> SurveySettings:
    """Settings typed as NAME=VALUE.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    settings = typed_settings(SurveySettings, words).filled()
    if settings.firms < LEAST:
        rule = f"must be at least {LEAST}, so that thirds can be compared"
        raise InputErrors([InputError("firms", rule, settings.firms, "leave it out, or take quick=true")])
    return settings
