"""The one way in which rules are compiled: plain loops, cached on disk, free of the interpreter's lock.

With NUMBA_DISABLE_JIT=1 the same source runs uncompiled and is its own oracle. No fast-math: results are the same bit
for bit in both modes and for any number of threads.
"""

from __future__ import annotations

import numba as nb

rule = nb.njit(cache=True, nogil=True, error_model="numpy")
