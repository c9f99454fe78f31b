"""On grey scans a seal that is lighter than print is lifted off the letters it lies on."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from rapidfuzz.distance import Levenshtein

from ocr.engines.own.engine import OwnEngine
from ocr.ports import Pixels
from ocr.treatment import clean, treat
from ocr.treatment.grey_seals import lift_grey_seals
from ocr.treatment.rings import rings
from tests.unit.ocr_pages.drawing import letter_page

DPI = 200
RED_AS_GREY = 130


@pytest.fixture(scope="module")
def plain() -> Pixels:
    """A letter as a grey scanner gives it: paper at 220, print at 60, blur and noise."""
    return scanned(np.asarray(letter_page().image))


def scanned(page: npt.NDArray[np.generic]) -> Pixels:
    grey = 60 + (page.astype(np.float32) - 25) * (160 / 225)
    noise = np.random.default_rng(5).normal(0, 5, grey.shape)
    return np.asarray(np.clip(cv2.GaussianBlur(grey, (0, 0), 0.8) + noise, 0, 255), np.uint8)


def sealed(level: int, radius: int = 139) -> Pixels:
    """The letter with a seal pressed over three of its lines: two rings, letters, a star."""
    page = np.asarray(letter_page().image).copy()
    _, left, baseline, _ = letter_page().lines[3]
    middle = (round(left) + 170, round(baseline))
    seal = np.full(page.shape, 255, np.uint8)
    for size, thick in ((radius, 6), (radius - 11, 2), (radius // 2, 2)):
        cv2.circle(seal, middle, size, level, thick)
    cv2.fillPoly(seal, [star(middle, radius // 4)], level)
    return scanned(np.minimum(page, seal))


def star(middle: tuple[int, int], size: int) -> npt.NDArray[np.int32]:
    angles = -np.pi / 2 + np.arange(10) * np.pi / 5
    radii = np.where(np.arange(10) % 2 == 0, size, size * 0.4)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radii[:, None] + middle
    return points.astype(np.int32)


def wrong_letters(page: Pixels) -> float:
    """Share of the letter's letters that are read otherwise."""
    lines = OwnEngine().read(clean(page, DPI))
    read = [" ".join(word.text for word in line.words) for line in lines]
    told = [line for line, *_ in letter_page().lines]
    wrong = sum(min(Levenshtein.distance(line, other) for other in read) for line in told)
    return wrong / sum(map(len, told))


def test_what_stands_under_a_seal_is_read_nearly_as_without_it(plain: Pixels) -> None:
    assert wrong_letters(plain) == 0
    assert wrong_letters(sealed(RED_AS_GREY)) < 0.01


def test_of_a_black_seal_the_rings_go(plain: Pixels) -> None:
    """It cannot be told from print but by its shape: a fifth of the letters were wrong with it."""
    page = sealed(25)
    assert wrong_letters(page) < 0.05
    lifted, (box,) = lift_grey_seals(page, DPI)
    near = cv2.dilate((plain < 180).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    left, top, right, bottom = box
    here = np.s_[top:bottom, left:right]
    assert (page[here][~near[here]] < 120).mean() > 0.05
    assert (lifted[here][~near[here]] < 120).mean() < 0.02  # the star


def test_the_ring_is_found_where_it_is() -> None:
    (ring,) = rings(sealed(RED_AS_GREY), DPI)
    _, left, baseline, _ = letter_page().lines[3]
    assert (ring.x, ring.y) == pytest.approx((left + 170, baseline), abs=6)
    assert ring.radius == pytest.approx(139, abs=12)


def test_nothing_of_it_stays_beside_the_letters(plain: Pixels) -> None:
    page = sealed(RED_AS_GREY)
    lifted, (box,) = lift_grey_seals(page, DPI)
    left, top, right, bottom = box
    near = cv2.dilate((plain < 180).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    here = np.s_[top:bottom, left:right]
    assert (page[here][~near[here]] < 170).mean() > 0.05
    assert (lifted[here][~near[here]] < 170).mean() < 0.004


def test_the_same_page_gives_the_same() -> None:
    page = sealed(25)
    first, _ = lift_grey_seals(page, DPI)
    assert not np.array_equal(first, page)
    assert all(np.array_equal(first, lift_grey_seals(page, DPI)[0]) for _ in range(5))


@pytest.mark.parametrize("radius", [60, 240], ids=["a circle of 15 mm", "of 61 mm"])
def test_what_is_no_seal_by_its_size_stays(radius: int) -> None:
    page = sealed(RED_AS_GREY, radius)
    assert lift_grey_seals(page, DPI)[0] is page


def test_a_page_without_a_seal_is_left_alone(plain: Pixels) -> None:
    assert lift_grey_seals(plain, DPI)[0] is plain
    scrap = plain[:30, :40]
    assert lift_grey_seals(scrap, DPI)[0] is scrap


def test_the_step_and_the_place_are_in_the_record(plain: Pixels) -> None:
    page = treat(sealed(RED_AS_GREY), DPI)
    assert "grey_seals_lifted" in page.steps
    assert len(page.seals) == 1
    assert "grey_seals_lifted" not in treat(plain, DPI).steps
