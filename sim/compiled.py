"""The one way in which rules are compiled: plain loops, cached on disk, free of the interpreter's lock.

With NUMBA_DISABLE_JIT=1 the same source runs uncompiled and is its own oracle. No fast-math: results are the same bit
for bit in both modes and for any number of threads.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba as nb

log = logging.getLogger(__name__)
_RULES: list[Any] = []


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
    try:
        compiled = nb.njit(cache=True, nogil=True, error_model="numpy", inline=inline)(function)
    except RuntimeError:  # numba may write neither beside the source, nor in the user's cache, nor in NUMBA_CACHE_DIR
        say_once()
        compiled = nb.njit(nogil=True, error_model="numpy", inline=inline)(function)
    _RULES.append(compiled)
    return compiled


@cache
def say_once() -> None:
    """One line for the user, not one for each rule."""
    log.warning("no folder to keep compiled rules in: every process compiles them anew, which takes half a minute; "
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
