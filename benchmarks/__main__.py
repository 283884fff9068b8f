"""Measure everything and write page and figure: python -m benchmarks [quick=true] [output=DIR]."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figure import draw
from benchmarks.page import as_page
from benchmarks.settings import BenchmarkSettings, read_settings
from benchmarks.task import TASKS
from benchmarks.timing import Times, joined
from experiments.complaints import InputErrors
from experiments.output_folder import prepare
from sim.errors import InputError

ROOT = Path(__file__).resolve().parent.parent


def benchmark(settings: BenchmarkSettings) -> Times:
    """Measure one subject after the other, each in a process of its own; save benchmarks.json, page and figure.

    Returns:
        Name -> values: seconds, bytes or shares.

    Raises:
        subprocess.CalledProcessError: a subject failed.
    """
    parts = []
    for name in TASKS:
        print(f"measuring: {name.replace('_', ' ')}", flush=True)
        parts.append(in_own_process(name, settings.quick))
    found = joined(parts)
    (settings.output / "benchmarks.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    command = f"python -m benchmarks{' quick=true' * settings.quick}"
    (settings.output / "benchmarks.md").write_text(as_page(found, command), encoding="utf-8")
    draw(found, settings.output / "figures")
    print(f"Saved in {settings.output}: benchmarks.json, benchmarks.md, figures/", flush=True)
    return found


def in_own_process(name: str, quick: bool) -> Times:
    """What a subject measures in a fresh interpreter."""
    words = [sys.executable, "-m", "benchmarks.task", name, *(["quick"] * quick)]
    printed = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout
    found: Times = json.loads(printed.splitlines()[-1])
    return found


def main(words: Sequence[str]) -> int:
    """Exit status 0 whatever the verdicts, 2 for bad input."""
    try:
        settings = read_settings(words)
        prepare(settings.output)
    except (InputError, InputErrors) as error:
        print(error, file=sys.stderr)
        return 2
    benchmark(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
