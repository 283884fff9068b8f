"""The random numbers: the published generator, at an address, one purpose per stream."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import kstest

from sim.draws import Stream, draw_words, make_key, normal, philox, uniform_table, uniforms, uniforms_of

# Known answers of the authors' own library Random123 for philox4x32-10: counter, key, result.
KNOWN = (
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
)


def words(text: str) -> list[np.uint64]:
    return [np.uint64(int(word, 16)) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN)
def test_philox_gives_the_published_answers(counter: str, key: str, result: str) -> None:
    assert [int(x) for x in philox(*words(counter), *words(key))] == [int(x) for x in words(result)]


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN)
def test_philox_gives_the_published_answers_uncompiled(counter: str, key: str, result: str) -> None:
    plain = getattr(philox, "py_func", philox)
    assert [int(x) for x in plain(*words(counter), *words(key))] == [int(x) for x in words(result)]


def test_a_draw_is_philox_of_slot_ordinal_month_stream_under_seed_and_replicate() -> None:
    found = uniforms(make_key(7, 8), 4, 3, 1, 2)
    expected = philox(*(np.uint64(c) for c in (1, 2, 3, 4)), np.uint64(7), np.uint64(8))
    assert list(found) == [(int(x) + 0.5) / 2**32 for x in expected]


def test_uniforms_lie_strictly_between_zero_and_one() -> None:
    table = uniform_table(make_key(1, 0), Stream.CONTACT, np.arange(200_000))
    assert table.min() > 0 and table.max() < 1
    assert (0 + 0.5) / 2**32 > 0 and (2**32 - 1 + 0.5) / 2**32 < 1  # the smallest and the largest word


@pytest.mark.parametrize("word", range(4))
def test_uniforms_are_uniform(word: int) -> None:
    table = uniform_table(make_key(1, 0), Stream.CONTACT, np.arange(100_000))
    assert kstest(table[:, word], "uniform").pvalue > 1e-4


def test_addresses_next_to_each_other_are_not_correlated() -> None:
    """Words, slots, months, ordinals, streams, replicates and seeds: all correlations within five standard errors."""
    slots, n = np.arange(50_000), 50_000
    base = uniform_table(make_key(1, 0), Stream.CONTACT, slots, 5)
    others = {
        "slot": uniform_table(make_key(1, 0), Stream.CONTACT, slots + 1, 5),
        "month": uniform_table(make_key(1, 0), Stream.CONTACT, slots, 6),
        "ordinal": uniform_table(make_key(1, 0), Stream.CONTACT, slots, 5, ordinal=1),
        "stream": uniform_table(make_key(1, 0), Stream.CUSTOMER_MONTH, slots, 5),
        "replicate": uniform_table(make_key(1, 1), Stream.CONTACT, slots, 5),
        "seed": uniform_table(make_key(2, 0), Stream.CONTACT, slots, 5),
    }
    for name, other in others.items():
        between = np.corrcoef(base.T, other.T)[:4, 4:]
        assert np.abs(between).max() < 5 / np.sqrt(n), name
    within = np.corrcoef(base.T) - np.eye(4)
    assert np.abs(within).max() < 5 / np.sqrt(n)


def test_every_stream_has_its_own_number() -> None:
    declared = [line for line in inspect.getsource(Stream).splitlines() if " = " in line]
    assert len(declared) == len(Stream)  # an alias would be counted once only
    first = {tuple(uniforms(make_key(1, 0), int(stream), 0, 0, 0)) for stream in Stream}
    assert len(first) == len(Stream)


def test_seed_and_replicate_are_told_apart() -> None:
    assert tuple(uniforms(make_key(1, 2), 3, 0, 0, 0)) != tuple(uniforms(make_key(2, 1), 3, 0, 0, 0))


def test_a_draw_depends_on_its_address_only() -> None:
    """Asked in another order, alone, or among others, an address gives the same numbers."""
    key, slots = make_key(3, 4), np.arange(1000)
    table = uniform_table(key, Stream.TURNOVER, slots, 9)
    shuffled = np.random.default_rng(1).permutation(slots)
    np.testing.assert_array_equal(uniform_table(key, Stream.TURNOVER, shuffled, 9), table[shuffled])
    np.testing.assert_array_equal(uniform_table(key, Stream.TURNOVER, slots[500:501], 9)[0], table[500])
    assert list(uniforms(key, int(Stream.TURNOVER), 9, 17, 0)) == list(table[17])


def test_normal_is_the_normal_quantile() -> None:
    u = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 20_001), [0.5 / 2**32, 1 - 0.5 / 2**32, 0.02425, 0.97575]])
    found = np.array([normal(x) for x in u])
    np.testing.assert_allclose(found, ndtri(u), rtol=1.2e-9, atol=1e-10)


def test_normal_of_the_uniforms_is_standard_normal() -> None:
    z = np.array([normal(u) for u in uniform_table(make_key(1, 0), Stream.EMPLOYEE_TRAITS, np.arange(100_000))[:, 0]])
    assert kstest(z, "norm").pvalue > 1e-4


def test_many_draws_at_once_are_the_single_ones() -> None:
    key, slots = make_key(7, 3), np.array([5, 0, 2**31, 77, 1_000_000])
    words = np.empty((4, 8), np.uint64)
    draw_words(words, slots, len(slots), key, int(Stream.OFFER), 41, 2)
    for j, slot in enumerate(slots):
        assert uniforms_of(words, j) == uniforms(key, int(Stream.OFFER), 41, slot, 2)
