"""Whatever is done to a page for reading, each place on it is found again."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.opening.frames import PageFrame, box_through, point_through, turning
from ocr.treatment import clean

side = st.floats(20, 3000)
turn = st.sampled_from((0, 90, 180, 270))


@given(side, side, turn, st.floats(0, 1), st.floats(0, 1))
def test_turning_a_page_and_turning_it_back_leaves_every_point(w, h, clockwise, u, v):
    there = turning(w, h, clockwise)
    x, y = point_through(there, u * w, v * h)
    wide, high = (h, w) if clockwise in (90, 270) else (w, h)
    assert -1e-6 <= x <= wide + 1e-6
    assert -1e-6 <= y <= high + 1e-6
    back = turning(wide, high, -clockwise % 360)
    assert point_through(back, x, y) == pytest.approx((u * w, v * h), abs=1e-6)


@given(side, side, turn, st.floats(0.1, 10), st.floats(-500, 500))
def test_the_corners_of_the_visible_box_are_the_corners_of_the_page(w, h, rotate, unit, left):
    frame = PageFrame((left, left / 2, left + w, left / 2 + h), rotate, unit)
    shown = frame.shown_box(*frame.box)
    assert shown == pytest.approx((0, 0, *frame.size), abs=1e-6 * max(w, h) * unit + 1e-6)


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from((150, 200, 240, 300, 400)),
    st.floats(-2.5, 2.5),
    st.floats(0.2, 0.8),
    st.floats(0.2, 0.8),
)
def test_a_mark_is_mapped_back_from_the_cleaned_page(dpi, lean, u, v):
    """Lines that lean, to be levelled, with one square among them to be found again."""
    wide, high = 5 * dpi, 6 * dpi
    page = np.full((high, wide), 250, np.uint8)
    for row in range(dpi // 3, high, dpi // 4):
        for column in range(dpi // 3, wide - dpi // 3, dpi // 12):
            cv2.rectangle(page, (column, row), (column + dpi // 30, row + dpi // 15), 20, -1)
    turning_about = cv2.getRotationMatrix2D((wide / 2, high / 2), lean, 1)
    page = cv2.warpAffine(page, turning_about, (wide, high), borderValue=250)
    x, y, half = round(u * wide), round(v * high), dpi // 8
    page[y - 2 * half : y + 2 * half, x - 2 * half : x + 2 * half] = 250
    page[y - half : y + half, x - half : x + half] = 20
    cleaned = clean(page, dpi)
    ink = (cleaned.pixels < 100).astype(np.uint8)
    _, _, stats, centres = cv2.connectedComponentsWithStats(ink)
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    # component centres speak of pixel centres, maps of pixel edges
    found = point_through(cleaned.to_source, *(centres[largest] + 0.5))
    assert found == pytest.approx((x, y), abs=dpi / 200)


def test_a_box_under_a_turn_is_the_box_around_its_corners():
    assert box_through(turning(100, 50, 90), (10, 20, 30, 25)) == (25, 10, 30, 30)
