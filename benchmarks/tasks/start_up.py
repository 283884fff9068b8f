"""Time before anything is computed: start of the interpreter, of the command line, of the model; compiling."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.timing import CORE_SHARE, Times, process, taking_turns

WARM_UP = (sys.executable, "-c", "from sim.warm_up import warm_up; warm_up()")


def measure(quick: bool) -> Times:
    """Seconds of processes, from start to end."""
    command = str(Path(sys.executable).with_name("ungridlock"))
    found = taking_turns(
        2 if quick else 15,
        {
            "start.python": lambda: process((sys.executable, "-c", "pass")),
            "start.help": lambda: process((command, "--help")),
            "start.model": lambda: process((sys.executable, "-c", "import sim.run")),
        },
    )
    del found[CORE_SHARE]  # this process only waits
    with tempfile.TemporaryDirectory() as folder:
        cache = None if quick else {"NUMBA_CACHE_DIR": folder}  # compiling takes the longest of all
        found["compile.cold"] = [process(WARM_UP, cache)]
        found["compile.cached"] = [process(WARM_UP, cache) for _ in range(1 if quick else 3)]
    return found
