"""Seals and pens over sheets to train on."""

import random

import numpy as np

from ocr.engines.own.training.seals import Seals
from ocr.ports import Pixels

DPI = 200.0


def sheet() -> Pixels:
    """Grey paper with a black bar."""
    scan = np.full((400, 900), 235, np.uint8)
    scan[190:210, 40:860] = 20
    return scan


def test_seals_bring_colour_or_their_grey_and_leave_the_paper_between() -> None:
    seals = Seals(random.Random(3))
    pressed = [seals.press(sheet(), DPI) for _ in range(20)]
    coloured = [page for page in pressed if page.ndim == 3]
    assert 5 < len(coloured) < 20
    for page in coloured:
        spread = page.max(axis=2).astype(int) - page.min(axis=2)
        assert 0.01 < (spread > 60).mean() < 0.6
    for page in pressed:
        assert page.shape[:2] == (400, 900)
        assert (page.reshape(400, 900, -1).max(axis=2) > 180).mean() > 0.3


def test_some_seals_cover_what_lies_under_them_and_some_do_not() -> None:
    seals = Seals(random.Random(4))
    bar = np.s_[195:205, 60:840]
    brightest = [
        float((page[bar].reshape(10, 780, -1).max(axis=2) > 110).mean())
        for page in (seals.press(sheet(), DPI) for _ in range(20))
    ]
    assert max(brightest) > 0.05
    assert min(brightest) < 0.01


def test_the_same_chance_gives_the_same_seals() -> None:
    one, other = (Seals(random.Random(5)).press(sheet(), DPI) for _ in range(2))
    assert np.array_equal(one, other)
