"""What every engine owes its port, on pages drawn in the face that Decree 30/2020 orders."""

import tracemalloc

import numpy as np
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from ocr.engines import EngineChoice, open_engine, versions
from ocr.engines.tesseract import _text_of
from ocr.opening import open_document
from ocr.reading import read_page
from ocr.treatment import clean
from tests.unit.ocr_pages.drawing import LETTER, Drawn, letter_page
from vocabulary.errors import MissingPart, UsageError
from vocabulary.papers import PageReading

ENGINES = ("own", "tesserocr", "pytesseract")


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    return open_engine(EngineChoice(request.param))


@pytest.fixture(scope="module")
def page() -> Drawn:
    return letter_page(dpi=200)


def read(image: Image.Image, folder, engine) -> PageReading:
    path = folder / "page.png"
    image.save(path, dpi=(200, 200))
    with open_document(path, "image/png") as document:
        return read_page(document, 1, engine)


def wrong_letters(reading: PageReading) -> float:
    truth, text = " ".join(LETTER), " ".join(line.text for line in reading.lines)
    return Levenshtein.distance(truth, text) / len(truth)


def test_a_page_is_read_with_its_places(page, engine, tmp_path):
    reading = read(page.image, tmp_path, engine)
    assert wrong_letters(reading) < 0.04
    assert reading.source == "scan"
    assert reading.rotation == 0
    assert reading.dpi == 200
    assert (reading.width_pt, reading.height_pt) == pytest.approx((595, 842), abs=1)
    assert reading.confidence is not None
    assert reading.confidence > 80
    assert len(reading.lines) == len(LETTER)
    for line, (text, left, baseline, right) in zip(reading.lines, page.lines, strict=True):
        pt = 72 / 200
        assert line.words[0].engine == engine.name
        assert line.words[0].source == "ocr"
        assert line.baseline.y0 == pytest.approx(baseline * pt, abs=1.2), text
        assert line.height == pytest.approx(14, rel=0.2)
        assert line.box.x0 == pytest.approx(left * pt, abs=4)
        assert line.box.x1 == pytest.approx(right * pt, abs=4)
        assert line.box.y0 < baseline * pt < line.box.y1 + 2
    assert [line.block for line in reading.lines] == [0] * len(LETTER)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_laid_in_turned_is_read_upright(page, engine, tmp_path, turn):
    reading = read(page.image.rotate(-turn, expand=True), tmp_path, engine)
    assert reading.rotation == 360 - turn
    assert wrong_letters(reading) < 0.06
    assert (reading.width_pt, reading.height_pt) == pytest.approx((595, 842), abs=1)
    _, left, baseline, _ = page.lines[0]
    assert reading.lines[0].box.x0 == pytest.approx(left * 72 / 200, abs=4)
    assert reading.lines[0].baseline.y0 == pytest.approx(baseline * 72 / 200, abs=2)


def test_a_lean_is_measured_and_boxes_lie_on_the_leaning_page(page, engine, tmp_path):
    leaning = page.image.rotate(1.0, resample=Image.Resampling.BICUBIC, fillcolor=250)
    reading = read(leaning, tmp_path, engine)
    assert reading.skew_deg == pytest.approx(1.0, abs=0.2)
    assert wrong_letters(reading) < 0.06
    longest = max(reading.lines, key=lambda line: line.baseline.x1 - line.baseline.x0)
    run, rise = (
        longest.baseline.x1 - longest.baseline.x0,
        longest.baseline.y0 - longest.baseline.y1,
    )
    assert np.degrees(np.arctan2(rise, run)) == pytest.approx(1.0, abs=0.2)


def test_a_blank_page_is_blank(engine, tmp_path):
    grain = np.random.default_rng(3).normal(246, 2.5, (2339, 1654)).clip(0, 255)
    reading = read(Image.fromarray(grain.astype(np.uint8)), tmp_path, engine)
    assert reading.source == "blank"
    assert reading.words == ()
    assert "blank" in reading.flags


def test_ink_that_is_no_text_is_flagged(engine, tmp_path):
    image = Image.new("L", (1654, 2339), 250)
    wave = np.random.default_rng(5).normal(0, 1, (1200, 1200)).cumsum(0).cumsum(1)
    blobs = np.where(np.sin(wave / 40) > 0, 30, 240).astype(np.uint8)
    image.paste(Image.fromarray(blobs), (200, 400))
    assert "ink_without_text" in read(image, tmp_path, engine).flags


def test_a_word_of_tesseract_that_is_a_picture_has_no_text():
    """tesserocr raises for it; the page must be read all the same."""

    class Picture:
        def GetUTF8Text(self, level):  # noqa: N802, ARG002
            raise RuntimeError("No text returned")

    assert _text_of(Picture(), 3) == ""


def test_a_page_upside_down_reads_as_less_language(page, engine):
    pixels = np.asarray(page.image, dtype=np.uint8)
    upright = engine.legibility(clean(pixels, 200))
    upside_down = engine.legibility(clean(np.ascontiguousarray(pixels[::-1, ::-1]), 200))
    assert upright > 2 * upside_down


def test_versions_name_program_and_model(engine):
    named = versions(EngineChoice(engine.name))
    assert named["model"]
    assert all(isinstance(value, str) for value in named.values())


@pytest.mark.parametrize("name", ["tesserocr", "pytesseract"])
def test_a_missing_model_names_the_package(tmp_path, name):
    with pytest.raises(MissingPart) as missing:
        open_engine(EngineChoice(name, tessdata=tmp_path))
    assert "tesseract-ocr-vie" in missing.value.en
    assert "tesseract-ocr-vie" in missing.value.vi


def test_auto_is_our_own():
    assert open_engine(EngineChoice()).name == "own"


def test_an_engine_nobody_knows():
    with pytest.raises(UsageError):
        open_engine(EngineChoice("abbyy"))  # type: ignore[arg-type]


def test_words_of_our_own_engine_carry_other_readings(page, tmp_path):
    reading = read(page.image, tmp_path, open_engine(EngineChoice("own", statistics=False)))
    for word in reading.words:
        for text, weight in word.alternatives:
            assert text != word.text
            assert 0 < weight < 1


ENGLISH = (
    "This certificate is issued to the holder named below and remains valid",
    "for three years from the date of issue unless it is withdrawn earlier",
    "by the competent authority of the province in which it was issued to him",
)


def test_a_page_in_another_language_is_told(tmp_path, engine, page):
    assert "other_language" in read(letter_page(ENGLISH).image, tmp_path, engine).flags
    assert "other_language" not in read(page.image, tmp_path, engine).flags


def test_a_page_of_noise_costs_no_more_memory_than_a_page_of_text():
    """What a photograph or a dirty copy looks like: a hundred thousand specks."""
    noise = np.random.default_rng(1).integers(0, 255, (2339, 1654)).astype(np.uint8)
    engine = open_engine(EngineChoice("own"))
    tracemalloc.start()
    engine.read(clean(noise, 200))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 250 * 2**20
