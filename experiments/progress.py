"""How far a long computation is: a bar on terminals, plain lines in logs, nothing when quiet."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType

from tqdm import tqdm

EVERY = 30.0  # seconds between two plain lines


class Progress:
    """Progress of one computation, on standard error.

    Args:
        total: number of runs.
        what: word in front.
        quiet: show nothing.
        before: runs that had been finished earlier; shown, but not counted in the rate.
    """

    def __init__(self, total: int, what: str, quiet: bool, before: int = 0) -> None:
        """Begin; nothing is shown by plain lines in the first seconds."""
        self.total, self.what, self.done, self.before = total, what, before, before
        self.plain = not quiet and not sys.stderr.isatty()
        shown = quiet or self.plain
        size = shutil.get_terminal_size()  # tqdm by itself shows nothing on a terminal that says 0 x 0
        self.bar = tqdm(total=total, initial=before, desc=what, unit="run", disable=shown, leave=False,
                        ncols=size.columns, nrows=size.lines)  # fmt: skip
        self.began = self.told = time.monotonic()

    def __enter__(self) -> Progress:
        """Nothing more to do."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self.bar.close()

    def add(self, runs: int) -> None:
        """Count finished runs."""
        self.done += runs
        self.bar.update(runs)
        now = time.monotonic()
        if self.plain and now - self.told >= EVERY:
            self.told = now
            print(self.line(now - self.began), file=sys.stderr, flush=True)

    def line(self, seconds: float) -> str:
        """One plain line: what is done, rate, time left.

        Args:
            seconds: time since the beginning.
        """
        rate = (self.done - self.before) / seconds if seconds > 0 else 0.0
        left = tqdm.format_interval((self.total - self.done) / rate) if rate > 0 else "?"
        return f"{self.what}: {self.done} of {self.total}, {rate:.3g} per second, {left} left"
