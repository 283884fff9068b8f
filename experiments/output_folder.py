"""The folder that results go to: checked before anything is computed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sim.errors import InputError


def prepare(folder: Path) -> None:
    """Create the folder if needed and prove that a file can be written there.

    Args:
        folder: where results will go.

    Raises:
        InputError: the folder cannot be created or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(
            "output", f"must be a folder that can be written ({reason})", str(folder), "choose another with output=DIR"
        ) from None
