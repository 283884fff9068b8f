"""Random numbers by address instead of by sequence.

Every draw is Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011) of the counter (slot, ordinal, month, stream) under the
key (seed, replicate). What one agent does can therefore never shift another agent's luck: two strategies see the same
luck wherever they ask the same question, and threads, workers and order of evaluation change nothing.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule, woven_in

Key = tuple[np.uint64, np.uint64]

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_SCALE = 2.0**-32


class Stream(IntEnum):
    """What a draw is for; two purposes never share a stream."""

    CUSTOMER_TRAITS = 1
    EMPLOYEE_TRAITS = 2
    LEADER_TRAITS = 3
    NETWORK = 4
    SHARING = 5
    ADOPTION = 6
    CONTACT = 7
    CUSTOMER_MONTH = 8
    OFFER = 9
    TURNOVER = 10
    LEADER_MONTH = 11
    DIAGNOSIS = 12
    CHECKPOINT = 13
    MOMENT = 14
    BOARD = 15
    UNKNOWNS = 16
    HISTORY = 17
    INDUSTRY = 18


def make_key(seed: int, replicate: int) -> Key:
    """Key of all draws of one run; both numbers are taken modulo 2**32."""
    return np.uint64(seed & 0xFFFFFFFF), np.uint64(replicate & 0xFFFFFFFF)


@rule
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Ten rounds of Philox4x32 on four 32-bit counter words and two key words, all held in uint64."""
    for _ in range(10):
        c0, c1, c2, c3 = _one_round(c0, c1, c2, c3, k0, k1)
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@rule
def _one_round(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    p0 = _M0 * (c0 & _MASK)  # what is in one word already, said to the compiler
    p1 = _M1 * (c2 & _MASK)
    return (p1 >> _SHIFT) ^ c1 ^ k0, p1 & _MASK, (p0 >> _SHIFT) ^ c3 ^ k1, p0 & _MASK


@woven_in
def uniform(word):  # type: ignore[no-untyped-def]
    """Uniform in (0, 1) from one word of 32 bits."""
    return (np.float64(word) + 0.5) * _SCALE


@woven_in
def uniforms(key, stream, month, slot, ordinal):  # type: ignore[no-untyped-def]
    """Four independent uniforms in (0, 1) at one address."""
    return uniforms_at(key, np.uint64(stream), np.uint64(month), np.uint64(slot), np.uint64(ordinal))


@rule
def uniforms_at(key, stream, month, slot, ordinal):  # type: ignore[no-untyped-def]
    """What `uniforms` returns, for an address in uint64."""
    x0, x1, x2, x3 = philox(slot, ordinal, month, stream, key[0], key[1])
    return (
        uniform(x0),
        uniform(x1),
        uniform(x2),
        uniform(x3),
    )


@woven_in
def draw_words(words, slots, n, key, stream, month, ordinal):  # type: ignore[no-untyped-def]
    """What `philox` gives for the first n of many slots, into `words` [4, >= n] of uint64; see `uniforms_of`."""
    fill_words(words, slots, np.int64(n), key, np.uint64(stream), np.uint64(month), np.uint64(ordinal))


@rule
def fill_words(words, slots, n, key, stream, month, ordinal):  # type: ignore[no-untyped-def]
    """What `draw_words` does, for an address in uint64.

    The same rounds in another order: two for all slots, then the next two. Loops that short work on several slots at
    once in one core, which makes a draw four times cheaper.
    """
    c0, c1, c2, c3, k0, k1 = words[0], words[1], words[2], words[3], key[0], key[1]
    for j in range(n):
        c0[j], c1[j], c2[j], c3[j] = np.uint64(slots[j]), ordinal, month, stream
    for _ in range(5):
        k2, k3 = (k0 + _W0) & _MASK, (k1 + _W1) & _MASK
        for j in range(n):
            a, b, c, d = _one_round(c0[j], c1[j], c2[j], c3[j], k0, k1)
            c0[j], c1[j], c2[j], c3[j] = _one_round(a, b, c, d, k2, k3)
        k0, k1 = (k2 + _W0) & _MASK, (k3 + _W1) & _MASK


@rule
def uniforms_of(words, j):  # type: ignore[no-untyped-def]
    """Four independent uniforms in (0, 1) of place j of drawn words."""
    return (
        uniform(words[0, j]),
        uniform(words[1, j]),
        uniform(words[2, j]),
        uniform(words[3, j]),
    )


@rule
def _fill(key, stream, months, slots, ordinal, out):  # type: ignore[no-untyped-def]
    for i in range(slots.shape[0]):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = uniforms(key, stream, months[i], slots[i], ordinal)


def uniform_table(
    key: Key, stream: Stream, slots: NDArray[np.integer], months: NDArray[np.int64] | int = 0, ordinal: int = 0
) -> NDArray[np.float64]:
    """Four uniforms for each slot, shape [slots, 4]; `months` may be any second address, such as a generation."""
    out = np.empty((len(slots), 4))
    _fill(key, int(stream), np.full(slots.shape, months, np.int64), slots.astype(np.int64), ordinal, out)
    return out


@rule
def normal(u):  # type: ignore[no-untyped-def]
    """Standard normal quantile of u in (0, 1): Acklam's rational approximation, relative error below 1.2e-9."""
    if u < 0.02425:
        t = math.sqrt(-2.0 * math.log(u))
        return _tail(t)
    if u > 0.97575:
        t = math.sqrt(-2.0 * math.log(1.0 - u))
        return -_tail(t)
    q = u - 0.5
    r = q * q
    top = -3.969683028665376e01 * r + 2.209460984245205e02
    top = (((top * r - 2.759285104469687e02) * r + 1.383577518672690e02) * r - 3.066479806614716e01) * r
    top = (top + 2.506628277459239e00) * q
    low = -5.447609879822406e01 * r + 1.615858368580409e02
    low = (((low * r - 1.556989798598866e02) * r + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0
    return top / low


@rule
def _tail(t):  # type: ignore[no-untyped-def]
    top = -7.784894002430293e-03 * t - 3.223964580411365e-01
    top = (((top * t - 2.400758277161838e00) * t - 2.549732539343734e00) * t + 4.374664141464968e00) * t
    top += 2.938163982698783e00
    low = 7.784695709041462e-03 * t + 3.224671290700398e-01
    low = ((low * t + 2.445134137142996e00) * t + 3.754408661907416e00) * t + 1.0
    return top / low
