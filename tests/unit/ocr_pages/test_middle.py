"""The median, as numpy's own."""

import sys
from subprocess import run

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ocr.middle import median

_SHAPES = arrays.array_shapes(max_dims=2, max_side=30)


@given(arrays.arrays(np.uint8, _SHAPES))
def test_of_grey_values(values: np.ndarray) -> None:
    assert median(values) == np.median(values)


@given(arrays.arrays(np.float64, _SHAPES, elements=st.floats(-1e6, 1e6)))
def test_of_lengths(values: np.ndarray) -> None:
    assert median(values) == np.median(values)


def test_of_part_of_a_picture() -> None:
    picture = np.arange(200, dtype=np.uint8).reshape(10, 20)
    assert median(picture[2:5, 3:9]) == np.median(picture[2:5, 3:9])


def test_nothing_has_none() -> None:
    with pytest.raises(ValueError, match="no median"):
        median([])


def test_a_reader_does_not_load_what_numpy_needs_for_its_own() -> None:
    program = (
        "import sys, numpy; from ocr.middle import median;"
        "median(numpy.ones(9)), median(numpy.ones(9, numpy.uint8));"
        "sys.exit('numpy.ma' in sys.modules)"
    )
    assert run([sys.executable, "-c", program], check=False).returncode == 0
