"""Lines to train on: what the picture shows is what the text says."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from ocr.engines.own.fitting import LINE_HEIGHT
from ocr.engines.own.net import LineNet, alphabet, decode
from ocr.engines.own.training.crops import Crop, CropSource
from ocr.engines.own.training.faces import stamp_families

SEED = 4711


@pytest.fixture(scope="module")
def crops() -> list[Crop]:
    return list(islice(CropSource(SEED).crops(), 400))


def test_crops_are_as_the_net_takes_them(crops: list[Crop]) -> None:
    for crop in crops:
        assert crop.pixels.dtype == np.uint8
        assert crop.pixels.shape[0] == LINE_HEIGHT
        assert crop.text
        assert crop.text == crop.text.strip()


def test_texts_use_the_alphabet_alone(crops: list[Crop]) -> None:
    known = set(alphabet())
    for crop in crops:
        assert set(crop.text) <= known


def test_every_symbol_of_the_alphabet_comes_up() -> None:
    source = CropSource(SEED).text
    seen = {char for _ in range(12_000) for char in source.line().text}
    assert seen == set(alphabet())


def test_the_same_seed_gives_the_same_lines(crops: list[Crop]) -> None:
    again = list(islice(CropSource(SEED).crops(), 40))
    for one, other in zip(crops, again, strict=False):
        assert one.text == other.text
        assert np.array_equal(one.pixels, other.pixels)
    assert [c.text for c in islice(CropSource(SEED + 1).crops(), 40)] != [c.text for c in again]


def test_pictures_show_their_texts(crops: list[Crop]) -> None:
    """The shipped net reads them: a crop cut elsewhere or named wrongly would cost far more."""
    read = LineNet().log_probabilities([crop.pixels for crop in crops])
    texts = ["".join(letter.text for letter in decode(steps)) for steps in read]
    wrong = sum(Levenshtein.distance(c.text, r) for c, r in zip(crops, texts, strict=True))
    assert wrong / sum(len(crop.text) for crop in crops) < 0.03
    quite_other = [
        c.text
        for c, r in zip(crops, texts, strict=True)
        if len(c.text) > 5 and Levenshtein.normalized_distance(c.text, r) > 0.5
    ]
    assert len(quite_other) <= len(crops) // 100, quite_other


def test_under_seals_the_text_stays_what_it_was_and_most_of_it_can_be_read() -> None:
    sealed = list(islice(CropSource(SEED, sealed=1.0).crops(), 300))
    assert (
        0.01 < wrong_of(LineNet(), sealed) < 0.12
    )  # letters are hidden, and no line is named wrongly


def test_names_by_stamps_can_be_read_by_the_net_for_them(tmp_path: Path) -> None:
    """In the faces that the system has; an empty folder has no script faces."""
    source = CropSource(SEED, stamped=1.0, stamps=stamp_families(tmp_path))
    stamped = list(islice(source.crops(), 300))
    wrong = [wrong_of(net, stamped) for net in (LineNet.stamped(), LineNet())]
    assert 0.01 < wrong[0] < 0.1  # letters are lost, and no line is named wrongly
    assert wrong[0] < 0.8 * wrong[1]


def wrong_of(net: LineNet, crops: list[Crop]) -> float:
    """Share of letters that a net reads wrong."""
    read = net.log_probabilities([crop.pixels for crop in crops])
    texts = ["".join(letter.text for letter in decode(steps)) for steps in read]
    wrong = sum(Levenshtein.distance(c.text, r) for c, r in zip(crops, texts, strict=True))
    return wrong / sum(len(crop.text) for crop in crops)


def test_names_come_up_most_under_seals_and_words_that_nobody_is_called_too() -> None:
    source = CropSource(SEED, sealed=1.0).signed
    lines = [source.line() for _ in range(600)]
    names = sum(line.kind == "name" for line in lines)
    made_up = sum(line.kind == "syllables" for line in lines)
    assert 0.45 < names / len(lines) < 0.6
    assert 0.12 < made_up / len(lines) < 0.3
