"""A study small enough for tests, made by the command itself."""

from __future__ import annotations

from pathlib import Path

from experiments.cli import main

SMALL = ["organisation=small_firm", "months=13", "burn_in=12", "compute.engine=here", "quiet=true"]
EVERYTHING = "keep=[runs,months,silo_months,events]"
VARIED = "vary.behaviour.sharing.conformity=[1.5,2.5]"


def sweep(folder: Path, *words: str) -> list[str]:
    """Words of a sweep whose output and store lie in a folder."""
    return ["sweep", *SMALL, f"output={folder / 'out'}", f"store={folder / 'store'}", *words]


def swept(folder: Path, *words: str) -> Path:
    """The output folder of a finished sweep."""
    assert main(sweep(folder, *words)) == 0
    return folder / "out"
