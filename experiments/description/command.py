"""The verb `describe`: write the pages that can be read off the code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import Field

from experiments.configuration import typed_settings
from experiments.description.dictionary_page import dictionary_page
from experiments.description.evidence_page import evidence_page
from experiments.description.parameters_page import parameters_page
from experiments.description.processes_page import processes_page
from experiments.output_folder import prepare
from sim.params.field import Parameters

PAGES: dict[str, Callable[[], str]] = {
    "parameters.md": parameters_page,
    "processes.md": processes_page,
    "evidence.md": evidence_page,
    "dictionary.md": dictionary_page,
}


class DescribeSettings(Parameters):
    """Where the pages go."""

    output: Path = Field(Path("ungridlock-output/describe"), description="Folder for the pages.")


def read_settings(words: Sequence[str]) -> DescribeSettings:
    """Settings typed as NAME=VALUE.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    return typed_settings(DescribeSettings, words)


def describe(settings: DescribeSettings) -> None:
    """Write all pages."""
    for name, page in PAGES.items():
        (settings.output / name).write_text(page(), encoding="utf-8")
    print(f"Saved in {settings.output}: {', '.join(PAGES)}", flush=True)


def perform(words: Sequence[str]) -> int:
    """The verb; exit status 0."""
    settings = read_settings(words)
    prepare(settings.output)
    describe(settings)
    return 0
