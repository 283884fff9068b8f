"""Commands whose reader leaves, or that a batch system stops: what is finished is kept."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "experiments.cli"]
SMALL = ["compare", "organisation=small_firm", "months=3", "strategies=[as_is,unlock]", "quiet=true",
         "compute.workers=1"]  # fmt: skip


def test_results_are_saved_although_nobody_reads(tmp_path: Path) -> None:
    words = [*COMMAND, *SMALL, "replicates=2", f"output={tmp_path}"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        said = process.stderr.read().decode()
    assert process.returncode == 141 and "Traceback" not in said, said
    assert (tmp_path / "report.html").is_file() and (tmp_path / "figures" / "j_curve.png").is_file()


def test_a_batch_system_is_heard_like_the_user(tmp_path: Path) -> None:
    words = [*COMMAND, *SMALL[:-2], "compute.workers=2", "replicates=4000", f"output={tmp_path}"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        time.sleep(15)  # rules are loaded and workers at work, or being compiled
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=120)
    assert process.returncode == 130 and b"interrupted" in rest and b"Traceback" not in rest, rest
