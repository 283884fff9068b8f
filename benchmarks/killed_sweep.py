"""A sweep of 2,000 small runs that is killed three times at random, beside one that is left alone.

    python -m benchmarks.killed_sweep [runs=2000] [compute=local]

Prints where it was killed and whether both tables are the same byte for byte; exit status 1 if not. With compute=ray
give a cluster of two nodes of your own and the command that kills one of them (see docs/clusters.md).
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

SMALL = ("organisation=small_firm", "organisation.employees.number=200", "organisation.customers.number=2000",
         "months=60", "strategies=[as_is,unlock]", "design=lhs", "vary.behaviour.sharing.conformity=prior",
         "vary.market.competitor_pull=[0.7,1.5]", "replicates=1", "unknowns=default", "quiet=true")  # fmt: skip
KILLS = 3


def main(words: list[str]) -> int:
    """Run both sweeps and compare them."""
    given = dict(word.split("=", 1) for word in words)
    runs, compute = int(given.get("runs", "2000")), given.get("compute", "local")
    with tempfile.TemporaryDirectory() as folder:
        alone, killed = Path(folder) / "alone", Path(folder) / "killed"
        seconds = sweep(alone, runs, compute)
        print(f"undisturbed: {finished(alone)} runs in {seconds:.0f} s", flush=True)
        for k in range(KILLS):
            kill_at_random(killed, runs, compute, seconds, k)
        took = sweep(killed, runs, compute)
        print(f"the same command again: {finished(killed)} runs, {took:.0f} s for the rest")
        same = digest(alone) == digest(killed)
        print(f"tables: {digest(alone)} and {digest(killed)}: {'identical' if same else 'DIFFERENT'}")
    return 0 if same else 1


def command(folder: Path, runs: int, compute: str) -> list[str]:
    """The sweep as a command."""
    return [sys.executable, "-m", "experiments.cli", "sweep", *SMALL, f"samples={runs // 2}", f"compute={compute}",
            f"output={folder}", f"store={folder}/store"]  # fmt: skip


def sweep(folder: Path, runs: int, compute: str) -> float:
    """Run it to the end; returns seconds."""
    began = time.perf_counter()
    subprocess.run(command(folder, runs, compute), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def kill_at_random(folder: Path, runs: int, compute: str, seconds: float, number: int) -> None:
    """Start it and kill -9 it somewhere on the way; the second time one of its workers before."""
    process = subprocess.Popen(command(folder, runs, compute), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)  # fmt: skip
    time.sleep(random.uniform(0.15, 0.3) * seconds)
    victims = [
        pid for pid in group(process.pid) if pid != process.pid and "loky" in what(pid) and "resource" not in what(pid)
    ]
    if number == 1 and victims:
        os.kill(random.choice(victims), signal.SIGKILL)
        print(f"kill {number + 1}: a worker, at {finished(folder)} runs", flush=True)
        time.sleep(0.1 * seconds)
    process.kill()
    process.wait()
    print(f"kill {number + 1}: the command, at {finished(folder)} runs", flush=True)


def group(leader: int) -> list[int]:
    """Processes of a session."""
    found = subprocess.run(["pgrep", "-s", str(leader)], check=False, capture_output=True, text=True)
    return [int(pid) for pid in found.stdout.split()]


def what(pid: int) -> str:
    """Command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def finished(folder: Path) -> int:
    """Runs in the store of a sweep."""
    return sum(pq.read_metadata(path).num_rows for path in (folder / "store" / "runs").glob("*.parquet"))


def digest(folder: Path) -> str:
    """Hash of the table of runs and of all months in the order of the runs."""
    import pandas as pd  # noqa: PLC0415

    runs = pd.read_parquet(folder / "runs.parquet")
    parts = [pd.read_parquet(path) for path in sorted((folder / "store" / "months").glob("*.parquet"))]
    months = pd.concat(parts).drop_duplicates(["run", "month"]).sort_values(["run", "month"])
    values = pd.util.hash_pandas_object(months, index=False).to_numpy().tobytes()
    return hashlib.sha256((folder / "runs.parquet").read_bytes() + values + str(len(runs)).encode()).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
