"""`docs/dictionary.md`: every column of every table that a command saves."""

from __future__ import annotations

from experiments.description.markdown import NOTE, table
from experiments.store.answers import ABOUT_ANSWERS, ANSWERS
from experiments.store.dictionary import (
    ABOUT_COMPARISON,
    ABOUT_STUDY,
    KEYS,
    WORDS,
    Columns,
    tables_of_comparison,
    tables_of_study,
)

INTRODUCTION = """
Tables of a study (`sweep` and the other verbs that run a design) and of `compare` and `run`. *Better* says whether more
(higher) or less (lower) is better; neither where it depends. An empty value (NaN in files, NULL in `ungridlock query`)
means that there was nothing to count, such as gridlock without a programme. `dictionary.csv` beside a study holds the
same for its tables, with the factors of its design. How to read the tables: [experiments](experiments.md).
"""
HEAD = ("column", "unit", "better", "meaning")
SAME = {
    "runs": "runs",
    "organisation_months": "months",
    "silo_months": "silo_months",
}  # with the measures of the study's


def dictionary_page() -> str:
    """The page."""
    study, comparison = tables_of_study({}), tables_of_comparison()
    parts = [f"# Data dictionary\n\n{NOTE}{INTRODUCTION}\n## A study\n\n"]
    parts += [section(name, ABOUT_STUDY[name], columns) for name, columns in study.items()]
    parts.append("## Answers of analyses (CSV)\n\n")
    parts += [section(name, ABOUT_ANSWERS[name], columns) for name, columns in ANSWERS.items()]
    parts.append("## `compare` and `run`\n\n")
    for name, columns in comparison.items():
        above = study[SAME[name]].keys() - KEYS.keys() if name in SAME else set()
        new = {column: entry for column, entry in columns.items() if column not in above}
        parts.append(section(name, ABOUT_COMPARISON[name], new))
    return "".join(parts).rstrip() + "\n"


def section(name: str, about: str, columns: Columns) -> str:
    """A table with its columns."""
    rows = [(f"`{column}`", unit, WORDS[better], meaning) for column, (unit, better, meaning) in columns.items()]
    return f"### `{name}`\n\n{about}\n\n{table(HEAD, rows)}"
