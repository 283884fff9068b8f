"""The verb `validate`: run the experiments, print the table, save tables, figures and page."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.output_folder import prepare
from experiments.validation.compute import compute
from experiments.validation.judgement import judge, judge_without
from experiments.validation.page import as_page, on_screen
from experiments.validation.patterns import BY_KEY, PATTERNS
from experiments.validation.settings import ValidationSettings, read_settings


def validate(settings: ValidationSettings) -> pd.DataFrame:
    """Look for every published pattern, print hits and misses, save everything.

    Returns:
        The content of validation.csv, see `judge`.

    Raises:
        Interrupted: Ctrl-C; what was finished has been judged, shown and saved.
    """
    patterns = [BY_KEY[key] for key in dict.fromkeys(settings.only)] or list(PATTERNS)
    measured, stopped = compute(settings, patterns)
    table, without = judge(measured), judge_without(measured)
    print(on_screen(measured, table, without), flush=True)
    table.to_csv(settings.output / "validation.csv", index=False)
    without.to_csv(settings.output / "mechanisms.csv", index=False)
    (settings.output / "validation.md").write_text(as_page(measured, table, without, settings), encoding="utf-8")
    from experiments.figures.validation import draw_patterns  # noqa: PLC0415

    draw_patterns(measured, table, settings.output / "figures")
    print(f"\nSaved in {settings.output}: validation.csv, mechanisms.csv, validation.md, figures/", flush=True)
    if stopped is not None:
        raise stopped
    return table


def perform(words: Sequence[str]) -> int:
    """The verb; exit status 0 whatever the verdicts, since a miss is a result."""
    settings = read_settings(words)
    prepare(settings.output)
    validate(settings)
    return 0
