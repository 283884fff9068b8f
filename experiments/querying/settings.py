"""What a user types after `query`: settings as NAME=VALUE, everything else is SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from experiments.configuration import typed_settings
from sim.params.field import Parameters

SETTING = re.compile(r"\+{0,2}([A-Za-z_][\w.]*)=")
NOWHERE = Path()


class QuerySettings(Parameters):
    """Where the tables are and where the answer goes."""

    output: Path = Field(Path("ungridlock-output/sweep"), description="Folder of a study, or of compare or run.")
    store: Path = Field(NOWHERE, description="Folder of finished runs, if it is no longer where the study says.")
    csv: Path = Field(NOWHERE, description="File for the whole answer as CSV.")
    parquet: Path = Field(NOWHERE, description="File for the whole answer as Parquet.")
    rows: int = Field(50, ge=1, le=1_000_000, description="Most rows on screen.", json_schema_extra={"unit": "rows"})


def read_settings(words: Sequence[str]) -> QuerySettings:
    """Settings among the words.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    return typed_settings(QuerySettings, split(words)[0])


def split(words: Sequence[str]) -> tuple[list[str], str]:
    """Settings, and the SQL.

    SQL in quotes is one word, and every NAME=VALUE beside it is a setting. SQL without quotes is many words, of which
    some look like settings (`where point=3`): there, from its first word on, only names of settings are settings.
    """
    quoted = any(re.search(r"\s", word) and not SETTING.match(word) for word in words)
    settings: list[str] = []
    sql: list[str] = []
    for word in words:
        found = SETTING.match(word)
        known = found is not None and found[1] in QuerySettings.model_fields
        (settings if known or (found and (quoted or not sql)) else sql).append(word)
    return settings, " ".join(sql).strip()
