"""The exponential function in plain arithmetic, so that loops over it work on several numbers at once.

The C library's function is called number by number. This one is within one unit in the last place of it (tested), and
the same bit for bit compiled and uncompiled, which numpy's is not.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import woven_in

LARGEST = 700.0  # beyond, the result stays what it is there: 1e304, or 1e-304
_PER_LN2 = 1 / math.log(2.0)
_LN2, _LN2_REST = 6.93147180369123816490e-01, 1.90821492927058770002e-10  # ln 2 in two parts; the first has few bits


@woven_in
def exp(x):  # type: ignore[no-untyped-def]
    """e**x: x = k ln 2 + r with |r| <= ln 2 / 2, Taylor's series of r to the 13th power, times 2**k.

    2**k is written as what it is in memory: its exponent, 1023 more than k, above 52 bits of fraction.
    """
    x = min(max(x, -LARGEST), LARGEST)
    k = math.floor(x * _PER_LN2 + 0.5)
    r = (x - k * _LN2) - k * _LN2_REST
    s = 1 / 6227020800
    s = s * r + 1 / 479001600
    s = s * r + 1 / 39916800
    s = s * r + 1 / 3628800
    s = s * r + 1 / 362880
    s = s * r + 1 / 40320
    s = s * r + 1 / 5040
    s = s * r + 1 / 720
    s = s * r + 1 / 120
    s = s * r + 1 / 24
    s = s * r + 1 / 6
    s = s * r + 1 / 2
    return (1.0 + (s * r * r + r)) * np.int64((int(k) + 1023) << 52).view(np.float64)
