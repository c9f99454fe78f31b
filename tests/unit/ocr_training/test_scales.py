"""Weights of 7 bits: none too large, each output changed as little as may be."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ocr.engines.own.training.scales import MOST, Int8, least_changed

WEIGHTS = arrays.arrays(np.int8, st.tuples(st.integers(1, 6), st.integers(1, 40)))


def changed(weights: Int8, lesser: Int8, factors: np.ndarray) -> float:
    return float(((lesser * factors[:, None] - weights) ** 2).sum())


@given(weights=WEIGHTS)
@example(weights=np.array([[-128, 127, 64]], np.int8))
def test_no_two_products_leave_16_bits(weights: Int8) -> None:
    lesser, _ = least_changed(weights)
    assert lesser.dtype == np.int8
    assert np.abs(lesser.astype(int)).max() <= MOST
    assert np.iinfo(np.int16).max >= 2 * 255 * MOST


@given(weights=WEIGHTS)
def test_they_change_no_more_than_by_halving(weights: Int8) -> None:
    halved = np.rint(weights / 2)
    twos = np.full(len(weights), 2.0)
    assert changed(weights, *least_changed(weights)) <= changed(weights, halved, twos) + 1e-9


@given(weights=WEIGHTS)
def test_small_ones_stay_as_they_are(weights: Int8) -> None:
    small = np.clip(weights, -MOST, MOST)
    lesser, factors = least_changed(small)
    assert np.allclose(lesser * factors[:, None], small)


def test_the_shape_is_that_of_the_convolution() -> None:
    weights = np.arange(-60, 60, dtype=np.int8).reshape(4, 5, 2, 3)
    lesser, factors = least_changed(weights)
    assert lesser.shape == weights.shape
    assert factors.shape == (4,)
