"""Throughput of the fan-out beside a plain loop over the run function in one warm process.

    python -m benchmarks.throughput [runs=200] [rounds=3]

In one run and in turns: a loop in one process; as many loops at once as there are cores (what the machine can do); a
sweep on one worker and on all. Small runs: 200 employees, 2,000 customers, 60 months after 24 of burn-in. Start-up of
workers is part of the sweeps' time, as is everything that they write to disk.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.killed_sweep import command

LOOP = """
import sys, time
from experiments.designs.space import checked
from experiments.configuration import load_scenario
from sim.run import run
words = [w for w in sys.argv[2:] if w.split("=")[0] in ("organisation", "months") or w.startswith("organisation.")]
scenario = load_scenario(words)
run(scenario, 1, 0)
print("ready", flush=True)
sys.stdin.readline()
began = time.perf_counter()
for replicate in range(int(sys.argv[1])):
    run(scenario, 1, replicate)
print(time.perf_counter() - began, flush=True)
"""


def main(words: list[str]) -> int:
    """Measure and print."""
    given = dict(word.split("=", 1) for word in words)
    runs, rounds = int(given.get("runs", "200")), int(given.get("rounds", "3"))
    cores = os.cpu_count() or 1
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        found.setdefault("loop, one process", []).append(runs / loops(1, runs))
        found.setdefault(f"loops, {cores} at once", []).append(cores * runs / loops(cores, runs))
        found.setdefault("sweep, one worker", []).append(runs / swept(runs, 1))
        found.setdefault(f"sweep, {cores} workers", []).append(cores * runs / swept(cores * runs, cores))
    rates = {name: statistics.median(values) for name, values in found.items()}
    for name, values in found.items():
        print(f"{name:20} {rates[name]:7.2f} runs/s (median of {rounds}; {min(values):.2f} to {max(values):.2f})")
    one, all_ = rates["sweep, one worker"], rates[f"sweep, {cores} workers"]
    print(f"per core, one worker / loop: {one / rates['loop, one process']:.0%}")
    print(f"per core, {cores} workers / loop alone: {all_ / cores / rates['loop, one process']:.0%}")
    print(f"per core, {cores} workers / {cores} loops at once: {all_ / rates[f'loops, {cores} at once']:.0%}")
    return 0


def loops(number: int, runs: int) -> float:
    """Seconds that so many loops at once take, warm."""
    words = command(Path(), 0, "local")
    processes = [subprocess.Popen([sys.executable, "-c", LOOP, str(runs), *words], text=True, stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE) for _ in range(number)]  # fmt: skip
    for process in processes:
        assert process.stdout and process.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        process.wait()
    return time.perf_counter() - began


def swept(runs: int, workers: int) -> float:
    """Seconds of a sweep in the command's own process, from the first chunk to the last."""
    with tempfile.TemporaryDirectory() as folder:
        words = [*command(Path(folder), 2 * runs, "local"), "strategies=[as_is]", f"compute.workers={workers}"]
        source = (
            "import sys, time\n"
            "from experiments.evaluation.settings import StudySettings\n"
            "from experiments.evaluation.study import open_study, run_study\n"
            "words = [w for w in sys.argv[1:] if not w.startswith('strategies=[as_is,')]\n"
            "study = open_study('sweep', StudySettings, words)\n"
            "began = time.perf_counter()\n"
            "run_study(study)\n"
            "print(time.perf_counter() - began)\n"
        )
        done = subprocess.run([sys.executable, "-c", source, *words[4:]], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
