"""Figures that were passed over leave more ink than the figures that were read take."""

from dataclasses import replace

import pytest
from PIL import ImageFont

from demo.papers.fonts import Face, font_file
from ocr.fields.number import read_symbol
from ocr.fields.widths import more_than_read
from vocabulary.papers import Box, Word

SIZE = 130.0


def typed(*texts: str, size: float = SIZE) -> list[Word]:
    """Words typed in Times, their boxes drawn close around their ink."""
    font = ImageFont.truetype(str(font_file(Face.ROMAN)), round(size))
    words, x = [], 100.0
    for text in texts:
        left, top, right, bottom = font.getmask(text).getbbox()
        box = Box(x + left, 50.0 + top, x + right, 50.0 + bottom)
        words.append(Word(text, box, 97.0, "ocr", "own"))
        x += font.getlength(text) + size
    return words


@pytest.mark.parametrize("size", [60.0, 130.0])
@pytest.mark.parametrize(
    "texts",
    [
        ("Số:", "358", "/QĐ-UBND"),
        ("Số:", "358/QĐ-UBND"),
        ("Số:", "11", "/GP-SKHCN"),
        ("Số:", "2591/GKSK-BVHC"),
        ("Số:358/QĐ-UBND",),
    ],
)
def test_typed_figures_take_what_they_take(texts: tuple[str, ...], size: float) -> None:
    words = typed(*texts, size=size)
    digits = [word for word in words if any(char.isdigit() for char in word.text)]
    assert not more_than_read(words, digits)


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (("Số:", "308", "/QĐ-UBND"), "08"),
        (("Số:", "358/QĐ-UBND"), "5/QĐ-UBND"),
        (("Số:", "415/QĐ-UBND"), "5/QĐ-UBND"),
    ],
)
def test_a_number_with_figures_passed_over_goes_to_a_person(
    texts: tuple[str, ...], read: str
) -> None:
    words = typed(*texts)
    words[1] = replace(words[1], text=read)
    assert more_than_read(words, words[1:2])
    found = read_symbol(tuple(words), 1)
    assert found is not None
    assert "handwritten" in found.remarks
    assert found.confidence < 0.7
