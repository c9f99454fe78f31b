"""The steps of page treatment, one by one, on drawn pages."""

import cv2
import numpy as np
import pytest

from ocr.ports import CleanPage, Pixels
from ocr.treatment import clean, treat
from tests.unit.ocr_pages.drawing import LETTER, Drawn, letter_page

DPI = 200.0


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return letter_page()


@pytest.fixture(scope="module")
def letter(drawn: Drawn) -> Pixels:
    return np.asarray(drawn.image)


def leaning(pixels: Pixels, degrees: float) -> tuple[Pixels, np.ndarray]:
    """The page turned about its middle, and the map of its points."""
    high, wide = pixels.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return cv2.warpAffine(pixels, turn, (wide, high), borderValue=250), turn


def ink(pixels: Pixels) -> int:
    return int((pixels < 128).sum())


def test_a_page_that_lies_well_is_hardly_touched(letter: Pixels) -> None:
    page = clean(letter, DPI)
    assert set(page.steps) <= {"evened"}
    assert page.gutter is None
    assert all(0 <= new - old < 8 for new, old in zip(page.pixels.shape, letter.shape, strict=True))
    assert np.allclose(page.to_source, np.eye(3))


@pytest.mark.parametrize("degrees", [-8, -4.3, -1, -0.4, 0.4, 1, 4.3, 8])
def test_lean_is_taken_out_and_its_map_leads_back(letter: Pixels, drawn: Drawn, degrees: float):
    pixels, turn = leaning(letter, degrees)
    page = clean(pixels, DPI)
    assert page.skew_deg == pytest.approx(degrees, abs=0.15)
    _, left, baseline, _ = drawn.lines[0]
    where = turn @ (left, baseline, 1.0)
    there = np.linalg.inv(page.to_source) @ (*where, 1.0)
    back = page.to_source @ there
    assert back[:2] == pytest.approx(where, abs=0.01)
    # the first line's baseline is level again: the last ink row is the same left and right
    rows = _lowest_ink(page, there[1])
    assert abs(rows[0] - rows[1]) <= 4


def _lowest_ink(page: CleanPage, baseline: float) -> tuple[int, int]:
    band = page.pixels[round(baseline) - 22 : round(baseline) - 3] < 128
    columns = np.flatnonzero(band.any(axis=0))
    left, right = columns[:150], columns[-150:]
    return tuple(int(np.flatnonzero(band[:, c].any(axis=1)).max()) for c in (left, right))  # type: ignore[return-value]


def test_light_letters_on_dark_are_turned(letter: Pixels) -> None:
    page = clean(255 - letter, DPI)
    assert "inverted" in page.steps
    assert ink(page.pixels) == pytest.approx(ink(clean(letter, DPI).pixels), rel=0.1)


def test_faint_letters_are_raised(letter: Pixels) -> None:
    pale = (250 - (250 - letter.astype(np.float32)) * 0.2).astype(np.uint8)
    page = clean(pale, DPI)
    assert "contrast_raised" in page.steps
    assert ink(page.pixels) > 0.7 * ink(letter)


def test_specks_go_and_marks_stay(letter: Pixels) -> None:
    rng = np.random.default_rng(1)
    speckled = letter.copy()
    high, wide = letter.shape
    for y, x in zip(rng.integers(0, high, 9000), rng.integers(0, wide, 9000), strict=True):
        speckled[y, x] = 30
    page = clean(speckled, DPI)
    assert "specks_removed" in page.steps
    assert ink(page.pixels) == pytest.approx(ink(letter), rel=0.12)
    assert "specks_removed" not in clean(letter, DPI).steps


def test_rules_go_are_told_and_letters_stay(letter: Pixels) -> None:
    ruled = letter.copy()
    cv2.rectangle(ruled, (150, 180), (1500, 560), 20, 3)
    cv2.line(ruled, (800, 180), (800, 240), 20, 3)
    page = clean(ruled, DPI)
    assert "rules_removed" in page.steps
    assert {round(rule.x / 10) for rule in page.rules} >= {15, 150}
    assert {round((box[1] + box[3]) / 20) for box in page.across} >= {18, 56}
    assert ink(page.pixels) == pytest.approx(ink(letter), rel=0.05)


def test_dot_leaders_go_and_full_stops_stay(letter: Pixels) -> None:
    led = letter.copy()
    for x in range(400, 1400, 9):
        led[1200:1203, x : x + 3] = 20
    page = clean(led, DPI)
    assert "leaders_removed" in page.steps
    assert ink(page.pixels[1180:1220]) == 0
    assert ink(page.pixels[:1100]) == pytest.approx(ink(clean(letter, DPI).pixels[:1100]), rel=0.01)


def test_dark_edges_become_paper(letter: Pixels) -> None:
    edged = letter.copy()
    edged[:, :40] = 15
    edged[-60:] = 15
    page = clean(edged, DPI)
    assert "edges_whitened" in page.steps
    assert ink(page.pixels[:, :40]) + ink(page.pixels[-60:]) < 200


def test_two_pages_on_one_image_are_told() -> None:
    full = np.asarray(letter_page(LETTER * 4).image)
    page = clean(np.hstack([full, full]), DPI)
    assert page.gutter == pytest.approx(full.shape[1], abs=0.1 * full.shape[1])
    assert clean(full, DPI).gutter is None


def test_a_two_column_head_is_one_page() -> None:
    lines = (
        "UBND TỈNH HƯNG YÊN                    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "SỞ KHOA HỌC VÀ CÔNG NGHỆ                    Độc lập - Tự do - Hạnh phúc",
    )
    assert clean(np.asarray(letter_page(lines, size_pt=11).image), DPI).gutter is None


def test_a_fax_has_square_pixels_again(letter: Pixels) -> None:
    high, wide = letter.shape
    fax = cv2.resize(letter, (wide, high // 2), interpolation=cv2.INTER_AREA)
    page = clean(fax, DPI, DPI / 2)
    assert page.pixels.shape == pytest.approx((high, wide), abs=8)
    assert page.to_source @ (100, 200, 1) == pytest.approx((100, 100, 1), abs=1)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_is_turned_after_it_was_treated(letter: Pixels, turn: int) -> None:
    """Lying any way and set upright by the turn, it is the page; the map leads to its pixels."""
    lying = np.ascontiguousarray(np.rot90(letter, turn // 90))
    page = treat(lying, DPI).upright(turn)
    assert ink(page.pixels) == pytest.approx(ink(clean(letter, DPI).pixels), rel=0.04)
    for where, straight in zip(_middle(page.pixels), _middle(letter), strict=True):
        assert where == pytest.approx(straight, abs=8)  # a margin of less than 8 pixels is added
    found = page.to_source @ (*_middle(page.pixels), 1)
    assert found[:2] == pytest.approx(_middle(lying), abs=3)


def _middle(pixels: Pixels) -> tuple[float, float]:
    """The middle of all ink."""
    rows, columns = np.nonzero(pixels < 128)
    return float(columns.mean()), float(rows.mean())
