"""Compiled copies on disk belong to the whole model."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim import compiled

# `levels_by_unit` stands in one file, and the numbers of its columns in another.
ASK = """
import numpy as np
from sim.phases.customers import levels_by_unit
levels = np.empty((1, 6))
levels_by_unit(levels, np.zeros((1, 9)), np.full(1, 0.25), np.zeros((1, 9)), np.zeros((1, 4)), 0.0, 0.5, 0.75)
print(int(np.flatnonzero(levels[0] == 0.25)[0]), sum(levels_by_unit.stats.cache_hits.values()))
"""


def ask(folder: Path) -> list[str]:
    """Column of the fence and number of rules that came from disk, in a copy of the model."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(folder / "kept")}
    words = [sys.executable, "-c", ASK]
    return subprocess.check_output(words, env=environment, cwd=folder, text=True).split()


def test_a_rule_is_compiled_anew_if_a_number_changes_in_another_file(tmp_path: Path) -> None:
    """numba looks at the rule's own file only; the wrong column would be read without a word."""
    package = tmp_path / "sim"
    shutil.copytree(Path(sim.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    assert ask(tmp_path) == ["1", "0"]
    assert ask(tmp_path) == ["1", "1"]
    numbers = package / "phases" / "reactions.py"
    numbers.write_text(numbers.read_text().replace("SCORED, FENCED, SALES", "SCORED, SALES, FENCED"))
    assert ask(tmp_path) == ["2", "0"]


def test_copies_of_the_last_models_only_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled.nb.config, "CACHE_DIR", str(tmp_path))
    made = []
    for number in range(compiled.MODELS_KEPT + 2):
        monkeypatch.setattr(compiled, "model_digest", lambda number=number: f"{number:012d}")
        place = compiled.InNamedFolder.from_function(ask, __file__)
        made.append(Path(place.get_cache_path()))
        os.utime(made[-1], (number, number))
    assert [folder.exists() for folder in made] == [False] * 2 + [True] * compiled.MODELS_KEPT


NOWHERE = """
from sim import compiled
def refuse(place):
    raise OSError("read-only")
compiled._OfThisModel.ensure_cache_path = refuse
import numpy as np
from sim.sums import column_sum, pairwise
print(pairwise(np.ones(10)), compiled.rules_to_compile() > 0)
"""


def test_without_a_folder_that_may_be_written_one_line_says_so_and_rules_work() -> None:
    done = subprocess.run([sys.executable, "-c", NOWHERE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["10.0", "True"]
    assert done.stderr.count("\n") == 1 and "NUMBA_CACHE_DIR" in done.stderr
