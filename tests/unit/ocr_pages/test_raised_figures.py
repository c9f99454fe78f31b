"""Small figures above and below the line, hollow letters, letters in pieces."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from demo.papers.fonts import Face, font_file
from ocr.engines import EngineChoice, open_engine
from ocr.engines.own.components import components_of
from ocr.engines.own.finder import find_lines
from ocr.engines.own.hollow import in_specks
from ocr.ports import OcrEngine, Pixels
from ocr.treatment import clean

DPI = 200
SIZE = round(14 * DPI / 72)
NAME = "Nguyễn Hoàng Thanh"


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    return open_engine(EngineChoice("own", statistics=False))


def face(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(Face.ROMAN)), size)


def page(before: str, small: str, after: str, rise: float) -> Pixels:
    """Four lines of text and one with a small figure, raised by a share of the size."""
    image = Image.new("L", (1200, 500), 255)
    draw = ImageDraw.Draw(image)
    for row in range(4):
        draw.text(
            (60, 60 + 60 * row),
            "theo quy định của pháp luật hiện hành",
            font=face(SIZE),
            anchor="ls",
        )
    x, y = 60.0, 380
    draw.text((x, y), before, font=face(SIZE), anchor="ls")
    x += draw.textlength(before, font=face(SIZE))
    draw.text((x + 1, y - rise * SIZE), small, font=face(round(0.65 * SIZE)), anchor="ls")
    x += draw.textlength(small, font=face(round(0.65 * SIZE)))
    draw.text((x + 2, y), after, font=face(SIZE), anchor="ls")
    return np.asarray(image)


def last_line(engine: OcrEngine, pixels: Pixels) -> str:
    lines = sorted(engine.read(clean(pixels, DPI)), key=lambda line: line.baseline[1])
    return " ".join(word.text for word in lines[-1].words)


@pytest.mark.parametrize("rise", [0.33, -0.13], ids=["raised", "lowered"])
def test_a_small_figure_behind_a_word_is_read(engine: OcrEngine, rise: float) -> None:
    assert last_line(engine, page("Lưu: VT, KSTT", "4", ".", rise)) == "Lưu: VT, KSTT4."


def test_behind_a_number_it_is_a_word_of_its_own(engine: OcrEngine) -> None:
    assert last_line(engine, page("trong năm 2025", "3", " và sau đó", 0.33)) in (
        "trong năm 2025 3 và sau đó",
        "trong năm 2025³ và sau đó",  # but never "20253"
    )


@pytest.mark.parametrize("text", ["QUẢN LÝ CỦA NGÀNH", "phạm vi, chức năng", "30°C và 'a'"])
def test_marks_and_commas_are_no_figures(engine: OcrEngine, text: str) -> None:
    assert not set("123456789") & set(last_line(engine, page(text, "", "", 0.0)).replace("30", ""))


@pytest.mark.parametrize(
    ("before", "after", "crack"), [("TỈNH TÂ", "Y NINH", 12), ("XÂ", "Y DỰNG", 14)]
)
def test_the_arm_of_a_broken_letter_is_no_figure(
    engine: OcrEngine, before: str, after: str, crack: int
) -> None:
    pixels = page(before, "", after, 0.0).copy()
    left = 62 + round(face(SIZE).getlength(before))
    pixels[330:390, left + crack : left + crack + 2] = 255  # through the Y,
    pixels[367:390, left + crack : left + crack + 14] = 255  # and its foot on the right
    read = last_line(engine, pixels)
    assert read.startswith(before)
    assert not any(char.isdigit() for char in read)


def stamped() -> Pixels:
    """A name as a rubber stamp prints it: the outlines of its letters."""
    image = Image.new("L", (3600, 900), 0)
    ImageDraw.Draw(image).text((600, 450), NAME, font=face(3 * SIZE), fill=255, anchor="ls")
    ink = np.asarray(image)
    inside = cv2.erode(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    hollow = cv2.resize(255 - (ink - inside), (1200, 300), interpolation=cv2.INTER_AREA)
    return np.asarray(hollow, dtype=np.uint8)


def test_hollow_letters_are_read(engine: OcrEngine) -> None:
    assert last_line(engine, stamped()) == NAME


def broken(share: float) -> Pixels:
    """The same name, a share of its ink not on the paper."""
    whole = stamped()
    grain = np.random.default_rng(7).standard_normal(whole.shape).astype(np.float32)
    field = cv2.GaussianBlur(grain, (0, 0), 0.7)
    return np.where(field < np.quantile(field, share), np.uint8(255), whole)


def test_hollow_letters_in_specks_are_read(engine: OcrEngine) -> None:
    cleaned = clean(broken(0.2), DPI)
    line = max(find_lines(cleaned), key=lambda line: line.crop.shape[1])
    assert in_specks(line.crop, len(NAME) - 2)
    read = [" ".join(word.text for word in line.words) for line in engine.read(cleaned)]
    assert NAME in read


def test_printed_lines_are_not_in_specks() -> None:
    for line in find_lines(clean(page("Ký bởi: Sở Nội vụ", "", "", 0.0), DPI)):
        assert not in_specks(line.crop, 17)


def test_a_line_goes_on_over_broken_letters() -> None:
    pixels = page("Căn cứ Nghị định của Chính phủ", "", "", 0.0).copy()
    tail = pixels[340:400, 420:]
    tail[::9] = 255  # the rest of the last line falls into slices
    tail[1::9] = 255
    cleaned = clean(pixels, DPI)
    parts = components_of(cleaned.pixels, cleaned.dpi)
    assert parts is not None
    last = max(find_lines(cleaned), key=lambda line: line.baseline)
    assert last.ink[2] > parts.right[parts.top > 345].max() - 0.6 * parts.em


def test_whole_letters_behind_broken_ones_are_of_the_same_line(engine: OcrEngine) -> None:
    pixels = page("Căn cứ Nghị định của Chính phủ", "", "", 0.0).copy()
    middle = pixels[340:400, 240:480]
    middle[::9] = 255
    middle[1::9] = 255
    found = find_lines(clean(pixels, DPI))
    assert len(found) == 5
    assert last_line(engine, pixels).startswith("Căn cứ")
    assert last_line(engine, pixels).endswith("phủ")


def test_columns_stay_apart(engine: OcrEngine) -> None:
    pixels = page("Nơi nhận: như trên;", "", "", 0.0).copy()
    right = Image.fromarray(pixels)
    draw = ImageDraw.Draw(right)
    draw.text((480, 380), "KT. GIÁM ĐỐC", font=face(SIZE), anchor="ls")
    lines = [line for line in find_lines(clean(np.asarray(right), DPI)) if line.baseline > 330]
    assert sorted(round(line.ink[0] / 100) for line in lines) == [1, 5]
