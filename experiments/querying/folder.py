"""What an output folder holds: tables in files of its own, and tables in the shards of a store."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.evaluation.study import DICTIONARY, RECORD, RUNS
from experiments.store.answers import ABOUT_ANSWERS, ANSWERS
from experiments.store.dictionary import ABOUT_COMPARISON, ABOUT_STUDY, as_frame, tables_of_comparison, tables_of_study
from experiments.store.rows import Table
from sim.errors import InputError

CONFIGURATIONS = "configurations"
ENDINGS = (".csv", ".parquet")  # a Parquet file hides a CSV file of the same name


@dataclass(frozen=True)
class Folder:
    """An output folder.

    Args:
        path: where it is.
        record: what a study says of itself; empty for `compare` and `run`.
        files: table -> file.
    """

    path: Path
    record: dict[str, Any]
    files: dict[str, Path]

    @property
    def kept(self) -> tuple[Table, ...]:
        """Tables that the store keeps of every run of the study."""
        return tuple(Table(name) for name in self.record.get("keep", ()))

    @property
    def in_store(self) -> list[str]:
        """Views of what the store keeps."""
        return [*(name for name in self.kept if name is not Table.RUNS), CONFIGURATIONS] if self.record else []

    @property
    def tables(self) -> list[str]:
        """All views: runs first, then what else is known of, then other files."""
        known = ABOUT_STUDY if self.record else ABOUT_COMPARISON
        there = {*self.files, *self.in_store}
        return [name for name in known if name in there] + sorted(there - known.keys())

    @property
    def again(self) -> str:
        """Advice to compute again."""
        what = self.record.get("command")
        return f"run the study again, it computes only what is missing: {what}" if what else "run the command again"

    @property
    def place(self) -> Path:
        """The store of the study."""
        return Path(self.record.get("store", ""))

    def about(self, table: str) -> str:
        """A table in a sentence; empty for files that are not known."""
        return (ABOUT_STUDY | ABOUT_ANSWERS if self.record else ABOUT_COMPARISON).get(table, "")

    def dictionary(self) -> dict[tuple[str, str], dict[str, str]]:
        """Unit, better and meaning of a column by (table, column)."""
        path = self.path / DICTIONARY
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        else:
            rows = as_frame(tables_of_study({}) if self.record else tables_of_comparison()).to_dict("records")
        rows += as_frame(ANSWERS).to_dict("records") if self.record else []
        return {(row["table"], row["column"]): {str(k): str(v) for k, v in row.items()} for row in rows}


def open_folder(path: Path) -> Folder:
    """Look into an output folder.

    Raises:
        InputError: it does not exist, holds no table, or its record cannot be read.
    """
    files = {file.stem: file for ending in ENDINGS for file in sorted(path.glob(f"*{ending}"))}
    if RUNS.removesuffix(".parquet") not in files:
        rule, advice = "must be the folder of a study, of compare or of run", "give it with output=DIR"
        raise InputError("output", f"{rule}, with {RUNS} in it", str(path), advice)
    record = path / RECORD
    try:
        if not record.is_file():
            return Folder(path, {}, files)
        about = json.loads(record.read_text(encoding="utf-8"))
        found = Folder(path, about, files)
        if not (found.kept and about["store"] and about["command"]):
            raise ValueError
        return found
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        rule = "must be the record of a study"
        raise InputError(str(record), rule, "something else", "run the study again") from None
