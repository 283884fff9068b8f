"""A call on its way to another machine: there it must meet the same model, and the same folders."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from experiments.store.fingerprint import fingerprint
from sim.errors import InputError

ADVICE = "install the same version of ungridlock on every node"


@dataclass(frozen=True)
class Away[J, R]:
    """A function of a job that can be called on another machine.

    Args:
        call: what is to be called.
        model: fingerprint of the model on this machine.
        folder: where relative paths begin, if the other machine has that folder.
    """

    call: Callable[[J], R]
    model: str
    folder: Path

    def __call__(self, job: J) -> R:
        """Call it there.

        Raises:
            InputError: that machine has another model.
        """
        if fingerprint() != self.model:
            raise InputError("compute", f"workers must have the model of this machine ({self.model})", fingerprint(),
                             ADVICE)  # fmt: skip
        if self.folder.is_dir() and not self.folder.samefile("."):
            os.chdir(self.folder)
        return self.call(job)


def not_installed(reason: str) -> InputError:
    """Refusal of workers that cannot load what they are sent."""
    return InputError("compute", "workers must have ungridlock", reason, ADVICE)


def away[J, R](call: Callable[[J], R]) -> Away[J, R]:
    """A call as it leaves this machine."""
    return Away(call, fingerprint(), Path.cwd())
