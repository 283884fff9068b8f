"""The verb `concepts`: compute, print, save."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.concepts.page import Verdict, as_page, missing, on_screen, summarise
from experiments.concepts.settings import ConceptSettings, read_settings
from experiments.concepts.table import ROWS
from experiments.concepts.trial import compute
from experiments.output_folder import prepare


def concepts(settings: ConceptSettings) -> pd.DataFrame:
    """Switch every concept, print what that does, save concepts.csv and concepts.md.

    Returns:
        The table, see `summarise`. A row without any effect is a defect; the caller decides what to do about it.

    Raises:
        Interrupted: Ctrl-C; pairs that were finished have been shown and saved, the column replicates counts them.
    """
    chosen = [k for k, row in enumerate(ROWS) if not settings.only or row.id in settings.only]
    found, stopped = compute(settings, chosen)
    table = summarise(found)
    print(on_screen(table, settings), flush=True)
    if stopped is None and not settings.only and missing(table):
        print(f"Without a row: {', '.join(missing(table))}.")
    for _, row in table[table["verdict"] == Verdict.NOTHING].iterrows():
        print(f"Defect: {row['id']} {row['concept']}: the switch changes nothing in {row['measure']}.")
    table.to_csv(settings.output / "concepts.csv", index=False)
    (settings.output / "concepts.md").write_text(as_page(table, settings), encoding="utf-8")
    print(f"\nSaved in {settings.output}: concepts.csv, concepts.md", flush=True)
    if stopped is not None:
        raise stopped
    return table


def perform(words: Sequence[str]) -> int:
    """The verb; exit status 1 if a switch has no effect at all."""
    settings = read_settings(words)
    prepare(settings.output)
    return int((concepts(settings)["verdict"] == Verdict.NOTHING).any())
