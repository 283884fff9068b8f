"""What a user sets about the computation; nothing here changes the organisation."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from sim.params.field import Parameters


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_several)]  # one name may be typed without brackets


class Unknowns(StrEnum):
    """Where "what we don't know" comes from."""

    ENSEMBLE = "ensemble"  # a stored set that fits the unchanged organisation, the same for all strategies
    PRIOR = "prior"  # drawn from the prior ranges, fitted to nothing
    DEFAULT = "default"  # every parameter at its default


class Compute(Parameters):
    """Where runs are computed. Never changes a result."""

    workers: int = Field(
        0,
        ge=0,
        le=1024,
        description="Processes that compute runs; 0 means one per core.",
        json_schema_extra={"unit": "processes"},
    )


class RunSettings(Parameters):
    """Replicates, seed, unknowns and output of one command."""

    strategies: tuple[str, ...] = Field(
        ("as_is",), min_length=1, max_length=200, description="Plans set side by side by compare."
    )
    replicates: int = Field(
        32, ge=1, le=10_000, description="Paired runs of every strategy.", json_schema_extra={"unit": "replicates"}
    )
    seed: int = Field(1, ge=0, le=2**31 - 1, description="Seed of all random numbers.")
    unknowns: Unknowns = Field(
        Unknowns.ENSEMBLE, description="What we don't know: from an ensemble, drawn from priors, or at default values."
    )
    ensemble: str = Field(
        "midwest_telecom", min_length=1, description="Name of a stored ensemble, or a folder written by calibrate."
    )
    paper: int = Field(
        4,
        ge=0,
        le=10_000,
        description="Replicates of every business case on paper; 0 means none.",
        json_schema_extra={"unit": "replicates"},
    )
    knockouts: int = Field(
        4,
        ge=0,
        le=10_000,
        description="Replicates in which brakes are released; 0 means none.",
        json_schema_extra={"unit": "replicates"},
    )
    output: Path = Field(Path("ungridlock-output"), description="Folder for tables, figures and report.")
    quiet: bool = Field(False, description="No progress bar.")
    compute: Compute = Compute()
