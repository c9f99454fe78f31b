"""A page that leans little is levelled by shears: sharp, and with the map of what it did."""

import cv2
import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from ocr.ports import Pixels
from ocr.treatment.shears import levelled

WIDE, HIGH = 400, 560
ANGLES = st.floats(-3, 3)


def spotted(x: int, y: int) -> Pixels:
    page = np.full((HIGH, WIDE), 255, np.uint8)
    page[y - 4 : y + 4, x - 4 : x + 4] = 0
    return page


def middle_of_ink(page: Pixels) -> tuple[float, float]:
    """In pixel edges, as maps are."""
    ink = 255.0 - page
    rows, columns = np.indices(page.shape) + 0.5
    return float((columns * ink).sum() / ink.sum()), float((rows * ink).sum() / ink.sum())


@given(angle=ANGLES, x=st.integers(60, WIDE - 60), y=st.integers(60, HIGH - 60))
@example(angle=0.0, x=200, y=280)
def test_the_map_says_where_ink_went(angle: float, x: int, y: int) -> None:
    done, to_new = levelled(spotted(x, y), angle)
    expected = to_new @ (x, y, 1.0)
    assert np.allclose(middle_of_ink(done), expected[:2], atol=0.3)


@given(angle=ANGLES)
def test_it_turns_as_a_rotation_does(angle: float) -> None:
    _, to_new = levelled(np.full((HIGH, WIDE), 255, np.uint8), angle)
    turn = cv2.getRotationMatrix2D((WIDE / 2, HIGH / 2), angle, 1)
    corners = np.array([[0, WIDE, 0, WIDE], [0, 0, HIGH, HIGH], [1, 1, 1, 1]])
    assert np.abs((to_new[:2] - turn) @ corners).max() < 1.0


def test_letters_stay_as_sharp_as_cubic_interpolation_leaves_them() -> None:
    page = np.full((HIGH, WIDE), 255, np.uint8)
    cv2.putText(page, "So: 15/QD", (40, 280), cv2.FONT_HERSHEY_COMPLEX, 1.2, 0, 2, cv2.LINE_AA)
    done, to_new = levelled(page, 1.3)
    centres = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    affine = (np.linalg.inv(centres) @ to_new @ centres)[:2]
    rest = {"borderMode": cv2.BORDER_REPLICATE}
    cubic = cv2.warpAffine(page, affine, (WIDE, HIGH), flags=cv2.INTER_CUBIC, **rest)
    linear = cv2.warpAffine(page, affine, (WIDE, HIGH), flags=cv2.INTER_LINEAR, **rest)
    assert cv2.Laplacian(done, cv2.CV_64F).std() > 0.9 * cv2.Laplacian(cubic, cv2.CV_64F).std()
    assert cv2.Laplacian(done, cv2.CV_64F).std() > cv2.Laplacian(linear, cv2.CV_64F).std()


def test_what_stands_at_the_edge_goes_on_outside() -> None:
    page = np.full((HIGH, WIDE), 200, np.uint8)
    for angle in (-3.0, 3.0):
        assert (levelled(page, angle)[0] == 200).all()
