"""Invisible words stand where the eye sees them and come out as they were read."""

import ctypes
import io
import math
import unicodedata
from collections.abc import Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary, Name, Page, Pdf

from ocr.compose.glyphless import InvisibleFont
from ocr.compose.text_layer import FONT, text_layer
from vocabulary.papers import Baseline, Box, Line, Word

WIDTH, HEIGHT = 595.0, 842.0
VIETNAMESE = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
)
LETTERS = VIETNAMESE + VIETNAMESE.upper() + "0123456789.,:;-/()%&\"'"


def _word(text: str, box: Box) -> Word:
    return Word(text, box, 90.0, "ocr", "test")


def _written(lines: Sequence[Line], scale: tuple[float, float] = (1.0, 1.0)) -> pdfium.PdfDocument:
    pdf, font = Pdf.new(), InvisibleFont()
    words = text_layer(lines, font, HEIGHT, scale)
    resources = Dictionary(Font=Dictionary({f"/{FONT}": font.write(pdf)}))
    page = Dictionary(
        Type=Name.Page,
        MediaBox=[0, 0, WIDTH, HEIGHT],
        Resources=resources,
        Contents=pdf.make_stream(words),
    )
    pdf.pages.append(Page(pdf.make_indirect(page)))
    saved = io.BytesIO()
    pdf.save(saved)
    return pdfium.PdfDocument(saved.getvalue())


def _text(document: pdfium.PdfDocument) -> str:
    text: str = document[0].get_textpage().get_text_range()
    return text


def _found(document: pdfium.PdfDocument) -> list[tuple[str, Box]]:
    """Words with their boxes (origin top left), as PDFium finds them."""
    page = document[0].get_textpage()
    words: list[tuple[str, Box]] = []
    letters: list[tuple[str, Box]] = []
    rect = pdfium_c.FS_RECTF()
    for index in range(page.count_chars() + 1):
        code = pdfium_c.FPDFText_GetUnicode(page.raw, index) if index < page.count_chars() else 32
        if not chr(code).isspace():
            pdfium_c.FPDFText_GetLooseCharBox(page.raw, index, ctypes.byref(rect))
            box = Box(rect.left, HEIGHT - rect.top, rect.right, HEIGHT - rect.bottom)
            letters.append((chr(code), box))
        elif letters:
            whole = letters[0][1]
            for _, box in letters[1:]:
                whole = whole.union(box)
            words.append(("".join(letter for letter, _ in letters), whole))
            letters = []
    return words


@st.composite
def _lines(draw: st.DrawFn) -> tuple[list[Line], list[tuple[str, Box]]]:
    """Lines of words with gaps of all widths; a line's words reach from ascent to descent."""
    lines, expected = [], []
    top = draw(st.floats(20, 60))
    for _ in range(draw(st.integers(1, 5))):
        height = draw(st.floats(6, 30))
        left, words = draw(st.floats(10, 80)), []
        for _ in range(draw(st.integers(1, 8))):
            text = draw(st.text(LETTERS, min_size=1, max_size=10))
            right = left + len(text) * height * draw(st.floats(0.2, 1.0))
            if right > WIDTH - 5:
                break
            box = Box(left, top, right, top + height)
            words.append(_word(text, box))
            expected.append((text, box))
            left = right + height * draw(st.floats(0.12, 2.5))
        if words:
            stands = top + 0.8 * height
            baseline = Baseline(words[0].box.x0, stands, words[-1].box.x1, stands)
            lines.append(Line(tuple(words), baseline, height))
        top += height + draw(st.floats(2, 40))
    return lines, expected


@settings(max_examples=60, deadline=None)
@given(_lines())
def test_every_word_is_found_within_a_point_and_a_half_of_its_box(
    made: tuple[list[Line], list[tuple[str, Box]]],
) -> None:
    lines, expected = made
    found = _found(_written(lines))

    assert [text for text, _ in found] == [text for text, _ in expected]
    for (_, ours), (_, box) in zip(found, expected, strict=True):
        assert tuple(ours) == pytest.approx(tuple(box), abs=1.5)


@settings(max_examples=40, deadline=None)
@given(_lines())
def test_each_line_comes_out_as_one_line_with_single_spaces(
    made: tuple[list[Line], list[tuple[str, Box]]],
) -> None:
    heading = ["Cộng", "hòa", "xã", "hội", "chủ", "nghĩa", "Việt", "Nam"]
    wide = [_word(text, Box(60 * at, 2, 60 * at + 55, 14)) for at, text in enumerate(heading)]
    lines = [Line(tuple(wide), Baseline(0, 12, 500, 12), 12), *made[0]]
    found = _text(_written(lines)).replace("\r", "").split("\n")
    assert [line.rstrip() for line in found if line] == [line.text for line in lines]


@pytest.mark.parametrize("lean", [-4.0, -1.2, 0.2, 0.6, 3.0, 5.0])
def test_a_leaning_line_stays_one_line_on_its_baseline(lean: float) -> None:
    texts = ["Độc", "lập", "-", "Tự", "do", "-", "Hạnh", "phúc"]
    slope, words, left = math.tan(math.radians(lean)), [], 80.0
    for text in texts:
        stands = 400 + (left - 80) * slope
        words.append(_word(text, Box(left, stands - 12, left + 9 * len(text), stands + 3)))
        left += 9 * len(text) + 7
    line = Line(tuple(words), Baseline(80, 400, left, 400 + (left - 80) * slope), 15)

    document = _written([line])

    assert _text(document) == line.text
    for (_, ours), word in zip(_found(document), words, strict=True):
        assert (ours.x0 + ours.x1) / 2 == pytest.approx((word.box.x0 + word.box.x1) / 2, abs=2.5)
        assert (ours.y0 + ours.y1) / 2 == pytest.approx((word.box.y0 + word.box.y1) / 2, abs=4)


@pytest.mark.parametrize("upwards", [True, False])
def test_a_line_along_the_margin_reads_in_its_own_direction(upwards: bool) -> None:
    texts, words, at = ["Bản", "sao", "y"], [], 300.0
    for text in texts:
        end = at - 30 if upwards else at + 30
        words.append(_word(text, Box(40, min(at, end), 54, max(at, end))))
        at = end - 8 if upwards else end + 8
    stands = 51.0 if upwards else 43.0
    line = Line(tuple(words), Baseline(stands, 300, stands, at), 14)

    found = _found(_written([line]))

    assert [text for text, _ in found] == texts
    for (_, ours), word in zip(found, words, strict=True):
        assert tuple(ours) == pytest.approx(tuple(word.box), abs=1.5)


def test_a_line_without_a_baseline_gets_one_from_its_words() -> None:
    words = (_word("Số:", Box(50, 100, 80, 115)), _word("12/QĐ", Box(86, 100, 140, 115)))
    line = Line(words, Baseline(0, 0, 0, 0), 0.0)
    found = _found(_written([line]))
    assert [text for text, _ in found] == ["Số:", "12/QĐ"]
    for (_, ours), word in zip(found, words, strict=True):
        assert tuple(ours) == pytest.approx(tuple(word.box), abs=1.5)


def test_words_that_overlap_stay_in_order_with_one_space() -> None:
    words = tuple(_word(text, Box(100, 100, 160, 115)) for text in ("một", "hai", "ba"))
    line = Line(words, Baseline(100, 112, 160, 112), 15)
    assert _text(_written([line])) == "một hai ba"


def test_a_hyphen_at_the_end_of_a_line_stays() -> None:
    """PDFium made "NĐ-" and "CP" one word, without the hyphen that belongs to the number."""
    lines = [
        Line((_word(text, Box(50, top, 130, top + 14)),), Baseline(50, top + 11, 130, top + 11), 14)
        for text, top in (("107/2025/NĐ-", 100), ("CP", 120))
    ]
    assert _text(_written(lines)).split() == ["107/2025/NĐ-", "CP"]


def test_numbers_of_table_rows_stay_apart_on_a_page_of_little_else() -> None:
    lines = [
        Line(
            (_word(str(row), Box(30, 40 * row, 36, 40 * row + 12)),),
            Baseline(30, 40 * row + 10, 36, 40 * row + 10),
            12,
        )
        for row in range(1, 9)
    ]
    assert _text(_written(lines)).split() == [str(row) for row in range(1, 9)]


def test_letters_that_cannot_be_seen_are_left_out() -> None:
    words = tuple(
        _word(text, Box(50 + 60 * index, 100, 100 + 60 * index, 115))
        for index, text in enumerate(("A\x00\u200bB", "\u202e", "C\nD", "\ud800", "E"))
    )
    line = Line(words, Baseline(50, 112, 400, 112), 15)
    assert _text(_written([line])).split() == ["AB", "CD", "E"]


def test_every_script_keeps_its_letters() -> None:
    """Stamps in Lao and Chinese, and signs beyond the basic plane, come out as they are."""
    words = [unicodedata.normalize("NFC", text) for text in ("ລາວ", "中文", "𝔸", "Ỗ", "Ợ", "ẵ")]
    line = Line(
        tuple(
            _word(text, Box(40 + 60 * index, 100, 90 + 60 * index, 115))
            for index, text in enumerate(words)
        ),
        Baseline(40, 112, 400, 112),
        15,
    )
    assert _text(_written([line])).split() == words


def test_a_reading_of_another_size_is_stretched_to_the_sheet() -> None:
    line = Line((_word("Trang", Box(100, 200, 150, 215)),), Baseline(100, 212, 150, 212), 15)
    ((_, ours),) = _found(_written([line], scale=(0.5, 2.0)))
    assert ours == pytest.approx((50, 400, 75, 430), abs=1.5)


def test_nothing_is_painted() -> None:
    line = Line((_word("Trang", Box(10, 10, 500, 800)),), Baseline(10, 700, 500, 700), 790)
    rendered = _written([line])[0].render(scale=0.5).to_numpy()
    assert (rendered == 255).all()
