"""The one way in which rules are compiled: plain loops, cached on disk, free of the interpreter's lock.

With NUMBA_DISABLE_JIT=1 the same source runs uncompiled and is its own oracle. No fast-math: results are the same bit
for bit in both modes and for any number of threads.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba as nb
from numba.core import caching

log = logging.getLogger(__name__)
_RULES: list[Any] = []
MODELS_KEPT = 3  # whose compiled copies stay in a folder


@cache
def model_digest() -> str:
    """Twelve hexadecimal digits of the model's source: compiled rules hold constants and rules of other files."""
    model, digest = Path(__file__).parent, hashlib.sha256()
    for path in sorted(model.rglob("*.py")):
        digest.update(path.relative_to(model).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


class _OfThisModel:
    """Where numba keeps copies, with a folder for each model: numba itself looks at a rule's own file only."""

    def get_cache_path(self) -> str:
        """Folder of this model's copies."""
        folder: str = super().get_cache_path()  # type: ignore[misc]
        return os.path.join(folder, f"model-{model_digest()}")

    def ensure_cache_path(self) -> None:
        """Make the folder and forget the copies of models before the last ones."""
        mine = Path(self.get_cache_path())
        new = not mine.exists()
        super().ensure_cache_path()  # type: ignore[misc]
        if new:
            others = sorted(mine.parent.glob("model-*"), key=lambda folder: folder.stat().st_mtime)
            for folder in others[:-MODELS_KEPT]:
                shutil.rmtree(folder, ignore_errors=True)


class InNamedFolder(_OfThisModel, caching.UserProvidedCacheLocator):
    """In NUMBA_CACHE_DIR."""


class BesideSource(_OfThisModel, caching.InTreeCacheLocator):
    """In `__pycache__` beside the rule's file."""


class InUsersCache(_OfThisModel, caching.UserWideCacheLocator):
    """In the user's cache folder."""


PLACES = ",".join(f"{__name__}.{place.__name__}" for place in (InNamedFolder, BesideSource, InUsersCache))


def rule(function: Callable[..., Any]) -> Any:
    """Compile a module-level function of plain loops; its compiled form is kept on disk where that is possible."""
    return _compiled(function, inline="never")


def woven_in(function: Callable[..., Any]) -> Any:
    """A rule that becomes part of the rules that call it: one of a line or two, or one that a single other rule calls.

    A rule of its own is compiled once for every combination of integer types and constants with which it is called, and
    then once more within its callers.
    """
    return _compiled(function, inline="always")


def _compiled(function: Callable[..., Any], inline: str) -> Any:
    usual, nb.config.CACHE_LOCATOR_CLASSES = nb.config.CACHE_LOCATOR_CLASSES, PLACES
    try:
        compiled = nb.njit(cache=True, nogil=True, error_model="numpy", inline=inline)(function)
    except RuntimeError:  # numba may write neither beside the source, nor in the user's cache, nor in NUMBA_CACHE_DIR
        say_once()
        compiled = nb.njit(nogil=True, error_model="numpy", inline=inline)(function)
    finally:
        nb.config.CACHE_LOCATOR_CLASSES = usual
    _RULES.append(compiled)
    return compiled


@cache
def say_once() -> None:
    """One line for the user, not one for each rule."""
    log.warning("no folder to keep compiled rules in: every process compiles them anew, which takes most of a minute; "
                "set NUMBA_CACHE_DIR to a folder that may be written")  # fmt: skip


def rules_to_compile() -> int:
    """Number of rules without a compiled copy on disk (0 if compiling is switched off)."""
    if nb.config.DISABLE_JIT:
        return 0
    whole = [compiled for compiled in _RULES if compiled.targetoptions["inline"] == "never"]
    return sum(not _has_copy(compiled) for compiled in whole)


def _has_copy(compiled: Any) -> bool:
    folder = compiled.stats.cache_path
    name = compiled.py_func.__name__
    return folder is not None and any(Path(folder).glob(f"*.{name}-*.nbi"))
