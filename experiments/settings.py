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


class EngineName(StrEnum):
    """Where the processes are that compute runs."""

    HERE = "here"  # this process itself
    CORES = "cores"  # processes on this machine
    RAY = "ray"  # an existing Ray cluster, or one of this machine
    DASK = "dask"  # an existing Dask cluster, or one of this machine
    SLURM = "slurm"  # jobs of a Slurm cluster through submitit


class Slurm(Parameters):
    """What is asked of Slurm for every job; empty means the cluster's default."""

    partition: str = Field("", description="Partition that jobs are sent to.")
    minutes: int = Field(
        240, ge=1, le=100_000, description="Time limit of a job.", json_schema_extra={"unit": "minutes"}
    )
    memory_gb: int = Field(4, ge=1, le=4096, description="Memory of a job.", json_schema_extra={"unit": "GB"})
    local: bool = Field(False, description="Processes of this machine in place of Slurm, to try things out.")
    folder: Path = Field(Path("ungridlock-output/slurm"), description="Folder for job files, seen by all nodes.")


def _named_engine(value: object) -> object:
    return {"engine": "cores" if value == "local" else value} if isinstance(value, str) else value


class Compute(Parameters):
    """Where runs are computed. Never changes a result."""

    engine: EngineName = Field(EngineName.CORES, description="Where the processes are that compute runs.")
    workers: int = Field(
        0,
        ge=0,
        le=10_000,
        description="Processes that compute runs; 0 means one per core (of the cluster).",
        json_schema_extra={"unit": "processes"},
    )
    address: str = Field("", description="Address of the Ray or Dask scheduler; empty: as the environment says, or "
                         "a cluster of this machine.")  # fmt: skip
    chunk_seconds: float = Field(
        5.0, gt=0, le=86_400, description="Work that a study hands to a worker at once; a kill can cost that much.",
        json_schema_extra={"unit": "s"},
    )  # fmt: skip
    slurm: Slurm = Slurm()


ComputeChoice = Annotated[Compute, BeforeValidator(_named_engine)]  # one word, such as compute=ray, is an engine


class RunSettings(Parameters):
    """Replicates, seed, unknowns and output of one command."""

    strategies: tuple[str, ...] = Field(
        ("as_is",), min_length=1, max_length=200, description="Plans set side by side; the first is the baseline."
    )
    replicates: int = Field(
        32, ge=1, le=10_000, description="Paired runs of every strategy.", json_schema_extra={"unit": "replicates"}
    )
    seed: int = Field(1, ge=0, le=2**31 - 1, description="Seed of all random numbers.")
    unknowns: Unknowns = Field(
        Unknowns.ENSEMBLE, description="What we don't know: from an ensemble of sets that fit, drawn from prior "
        "ranges, or at default values (ensemble, prior, default)."
    )  # fmt: skip
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
    compute: ComputeChoice = Compute()
