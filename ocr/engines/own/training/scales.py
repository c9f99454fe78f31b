"""Scales of weights: which one changes them least when they have to become smaller."""

from typing import Final

import numpy as np
import numpy.typing as npt

MOST: Final = 64
"""Two products of such a weight and an activation of 255 stay within 16 bits."""

_FACTORS: Final = np.linspace(1.0, 2.0, 101)

Int8 = npt.NDArray[np.int8]


def least_changed(weights: Int8) -> tuple[Int8, npt.NDArray[np.float64]]:
    """The weights within ``MOST``, and for each output the factor by which they got smaller.

    Args:
        weights: outputs x whatever each looks at; -128 to 127.
    """
    rows = weights.reshape(len(weights), -1).astype(np.float64)
    tried = [_within(rows, np.full(len(rows), factor)) for factor in _FACTORS]
    change = [
        ((factor * lesser - rows) ** 2).sum(axis=1)
        for factor, lesser in zip(_FACTORS, tried, strict=True)
    ]
    factors = _FACTORS[np.argmin(change, axis=0)]
    return _within(rows, factors).reshape(weights.shape).astype(np.int8), factors


def _within(
    rows: npt.NDArray[np.float64], factors: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    return np.clip(np.rint(rows / factors[:, None]), -MOST, MOST)
