"""The median, without what ``numpy.median`` loads for it.

It asks whether its result is masked, which loads ``numpy.ma``: 20 ms in each process that reads a
file. Grey values are counted rather than sorted.
"""

import cv2
import numpy as np
import numpy.typing as npt


def median(values: npt.ArrayLike) -> float:
    """The value in the middle of ``values``, or half-way between the two there.

    Raises:
        ValueError: there are no values.
    """
    flat = np.asarray(values).ravel()
    if not flat.size:
        raise ValueError("nothing has no median")
    middle = ((flat.size - 1) // 2, flat.size // 2)
    if flat.dtype == np.uint8:
        counts = cv2.calcHist([flat], [0], None, [256], (0, 256)).ravel()
        low, high = np.searchsorted(np.cumsum(counts.astype(np.int64)), middle, side="right")
    else:
        low, high = np.partition(flat, middle)[list(middle)]
    return (float(low) + float(high)) / 2
