"""Seals are lifted off the names they lie on, whichever way their ink and the letters meet."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from ocr.ports import Pixels
from ocr.treatment import treat
from ocr.treatment.paper import drop_colour
from ocr.treatment.seals import lift_seals
from tests.unit.ocr_pages.drawing import letter_page

DPI = 200
RED = (40, 30, 225)  # blue, green, red
PURPLE = (110, 75, 150)
DARK = 120


@pytest.fixture(scope="module")
def plain() -> Pixels:
    """A letter, black on white, as a colour scan."""
    grey = np.asarray(letter_page().image)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def rings(plain: Pixels) -> npt.NDArray[np.bool_]:
    """Where two rings of a seal lie; their lower edge cuts through the middle of a line."""
    drawn = np.zeros(plain.shape[:2], np.uint8)
    _, left, baseline, _ = letter_page().lines[2]
    middle = (round(left) + 150, round(baseline) - 8 - 139)
    for radius, thick in ((139, 6), (128, 2)):  # 36 mm across
        cv2.circle(drawn, middle, radius, 255, thick)
    return drawn > 0


def sealed(plain: Pixels, colour: tuple[int, int, int], opacity: float) -> Pixels:
    """A picture of a seal laid over the letter."""
    page = plain.astype(np.float32)
    where = rings(plain)
    page[where] = opacity * np.array(colour, np.float32) + (1 - opacity) * page[where]
    return np.asarray(page.round(), dtype=np.uint8)


def pressed(plain: Pixels) -> Pixels:
    """Red ink pressed onto the letter: what is black stays black."""
    page = plain.copy()
    where = rings(plain)
    page[where] = np.minimum(page[where], RED)
    return page


def letters_kept(plain: Pixels, page: Pixels) -> float:
    """Share of the letters' pixels under the lower edge that are dark on a lifted page."""
    under = rings(plain) & (plain[:, :, 0] < DARK)
    under[: round(letter_page().lines[2][2]) - 25] = False
    return float((page[under] < DARK).mean())


@pytest.mark.parametrize("colour", [RED, PURPLE], ids=["red", "purple"])
def test_letters_covered_by_a_picture_of_a_seal_are_bridged(
    plain: Pixels, colour: tuple[int, int, int]
) -> None:
    page = sealed(plain, colour, 1.0)
    dropped = drop_colour(page)
    assert letters_kept(plain, dropped) == 0
    assert letters_kept(plain, lift_seals(page, dropped, DPI)) > 0.3  # the stems


def test_letters_that_show_through_a_seal_are_darkened(plain: Pixels) -> None:
    page = sealed(plain, RED, 0.8)
    lifted = lift_seals(page, drop_colour(page), DPI)
    assert letters_kept(plain, lifted) > 0.7


@pytest.mark.parametrize("colour", [RED, PURPLE], ids=["red", "purple"])
def test_nothing_of_the_seal_stays(plain: Pixels, colour: tuple[int, int, int]) -> None:
    page = sealed(plain, colour, 1.0)
    lifted = lift_seals(page, drop_colour(page), DPI)
    far = cv2.dilate((plain[:, :, 0] < 200).astype(np.uint8), np.ones((25, 25), np.uint8)) == 0
    assert (lifted[rings(plain) & far] > 240).all()


def test_letters_under_real_ink_stay_as_they_are(plain: Pixels) -> None:
    page = pressed(plain)
    lifted = lift_seals(page, drop_colour(page), DPI)
    assert letters_kept(plain, lifted) == 1
    added = (lifted < DARK) & (plain[:, :, 0] > 200)
    assert added.sum() < 0.02 * rings(plain).sum()


def test_a_page_without_a_seal_is_left_alone(plain: Pixels) -> None:
    grey = drop_colour(plain)
    assert lift_seals(plain, grey, DPI) is grey
    assert lift_seals(grey, grey, DPI) is grey
    coloured_paper = np.where(plain > 128, np.uint8([150, 230, 250]), plain).astype(np.uint8)
    grey = drop_colour(coloured_paper)
    assert lift_seals(coloured_paper, grey, DPI) is grey


def test_the_step_is_named(plain: Pixels) -> None:
    assert "seals_lifted" in treat(sealed(plain, RED, 1.0), DPI).steps
    assert "seals_lifted" not in treat(plain, DPI).steps
