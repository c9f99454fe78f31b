"""Lines under lifted seals are read with weights of their own, and no others are."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from ocr.engines.own.engine import OwnEngine
from ocr.engines.own.net import LineNet, LogProbabilities
from ocr.ports import CleanPage, Pixels
from ocr.treatment import clean, treat
from tests.unit.ocr_pages.drawing import letter_page

DPI = 200


@pytest.fixture(scope="module")
def page() -> CleanPage:
    """A letter with a seal over the middle of its third line."""
    pixels = cv2.cvtColor(np.asarray(letter_page().image), cv2.COLOR_GRAY2BGR)
    _, left, baseline, _ = letter_page().lines[2]
    middle = (round(left) + 150, round(baseline) - 8 - 139)
    for radius, thick in ((139, 6), (128, 2)):  # 36 mm across
        cv2.circle(pixels, middle, radius, (40, 30, 225), thick)
    return clean(np.asarray(pixels, dtype=np.uint8), DPI)


def texts(engine: OwnEngine, page: CleanPage) -> list[str]:
    return [" ".join(word.text for word in line.words) for line in engine.read(page)]


def test_a_treated_page_tells_where_seals_were_lifted(page: CleanPage) -> None:
    _, left, baseline, _ = letter_page().lines[2]
    assert len(page.seals) == 1
    x0, y0, x1, y1 = page.seals[0]
    assert x0 < left + 150 < x1
    assert y0 < baseline - 147 < y1
    assert 250 < x1 - x0 < 320


def test_seals_turn_with_their_page(page: CleanPage) -> None:
    pixels = np.full((400, 800, 3), 245, np.uint8)
    cv2.circle(pixels, (200, 150), 100, (40, 30, 225), 6)
    treated = treat(pixels, DPI)
    x0, y0, x1, y1 = treated.upright(0).seals[0]
    a0, b0, a1, b1 = treated.upright(90).seals[0]
    high = treated.pixels.shape[0]
    assert (a0, b0, a1, b1) == pytest.approx((high - y1, x0, high - y0, x1))


class Watched(LineNet):
    """The real net, which also tells how many lines it was given."""

    given = 0

    def log_probabilities(self, crops: Sequence[Pixels]) -> list[LogProbabilities]:
        self.given += len(crops)
        return super().log_probabilities(crops)


def lines_under_seals(page: CleanPage) -> int:
    """How many lines were read with the weights for those."""
    engine = OwnEngine()
    engine._net_under_seals = watched = Watched.under_seals()
    engine.read(page)
    return watched.given


def test_only_lines_under_seals_are_read_with_the_other_weights(page: CleanPage) -> None:
    lines = len(texts(OwnEngine(), page))
    assert lines_under_seals(replace(page, seals=())) == 0
    assert 1 <= lines_under_seals(page) < lines
    assert lines_under_seals(replace(page, seals=((0.0, 0.0, 9e3, 9e3),))) >= lines


def test_a_line_under_an_opaque_seal_is_read_but_for_what_is_hidden(page: CleanPage) -> None:
    wanted = letter_page().lines[2][0]
    read = texts(OwnEngine(), page)
    assert min(Levenshtein.distance(wanted, line) for line in read) <= 2
