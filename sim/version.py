"""Which model made a result."""

from __future__ import annotations

import platform
from importlib.metadata import version

PACKAGES = ("mesa", "numpy", "numba", "scipy", "pandas")


def provenance(seed: int) -> tuple[str, ...]:
    """Versions and seed, one line each."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (f"ungridlock {version('ungridlock')}", f"seed {seed}", f"Python {platform.python_version()}, {packages}")
