"""Run one subject and print what was measured: python -m benchmarks.task NAME [quick]."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence

from benchmarks.tasks import growth, large, months, small_runs, start_up
from benchmarks.timing import Times

TASKS: dict[str, Callable[[bool], Times]] = {
    "months": months.measure,
    "large": large.measure_smaller,
    "larger": large.measure_larger,
    "small_runs": small_runs.measure,
    "start_up": start_up.measure,
    "growth": growth.measure,
}


def main(words: Sequence[str]) -> None:
    """Print one line of JSON: name -> values."""
    print(json.dumps(TASKS[words[0]]("quick" in words[1:])))


if __name__ == "__main__":
    main(sys.argv[1:])
