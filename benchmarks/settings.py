"""What a user sets about the benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from experiments.configuration import typed_settings
from sim.params.field import Parameters


class BenchmarkSettings(Parameters):
    """How thoroughly, and where the result goes."""

    quick: bool = Field(False, description="Smaller companies and two repetitions, to see that everything runs.")
    output: Path = Field(Path("ungridlock-output/benchmarks"), description="Folder for values, page and figure.")


def read_settings(words: Sequence[str]) -> BenchmarkSettings:
    """Settings typed as NAME=VALUE.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    return typed_settings(BenchmarkSettings, words)
