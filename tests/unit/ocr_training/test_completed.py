"""Script faces without Vietnamese letters get them: the letter with its marks where they stand."""

from pathlib import Path
from typing import Any

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from ocr.engines.own.training.completed import complete, unpack, vietnamese

Box = tuple[int, int, int, int]
SIGNS: dict[str, Box] = {
    "`": (0, 600, 80, 700), "´": (0, 600, 80, 700), "ˆ": (0, 600, 100, 680),
    "˜": (0, 600, 100, 660), "˘": (0, 600, 100, 680), "’": (0, 500, 60, 700),
    ".": (0, 0, 60, 60), "-": (0, 200, 150, 240),
}  # fmt: skip


def made(path: Path, signs: dict[str, Box]) -> Path:
    """A face of boxes: small letters 400 high, capitals 700."""
    letters = dict.fromkeys("adeiouy", (0, 0, 300, 400))
    letters |= dict.fromkeys("ADEIOUY", (0, 0, 400, 700))
    boxes = {f"g{ord(char)}": box for char, box in (letters | signs).items()}
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", *boxes])
    builder.setupCharacterMap({int(name[1:]): name for name in boxes})
    builder.setupGlyf(
        {".notdef": drawn((0, 0, 9, 9))} | {name: drawn(box) for name, box in boxes.items()}
    )
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *boxes], (450, 0)))
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": "Made", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path


def drawn(box: Box) -> Any:
    left, bottom, right, top = box
    pen = TTGlyphPen(None)
    pen.moveTo((left, bottom))
    for corner in ((left, top), (right, top), (right, bottom)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


@pytest.fixture
def boxes(tmp_path: Path) -> dict[str, list[Box]]:
    """What each letter of a completed face is drawn with: a box for each part."""
    path = made(tmp_path / "Made_400Regular.ttf", SIGNS)
    assert complete(path) == len(vietnamese()) == 134
    with TTFont(path) as face:
        names = face.getBestCmap()
        return {letter: parts(face["glyf"][names[ord(letter)]]) for letter in vietnamese()}


def parts(glyph: Any) -> list[Box]:
    points = [tuple(point) for point in glyph.coordinates]
    ends = [end + 1 for end in glyph.endPtsOfContours]
    found = []
    for start, end in zip([0, *ends], ends, strict=False):
        xs, ys = zip(*points[start:end], strict=True)
        found.append((min(xs), min(ys), max(xs), max(ys)))
    return found


def test_marks_stand_over_and_under_their_letter(boxes: dict[str, list[Box]]) -> None:
    for letter in boxes:
        stem, *marks = boxes[letter]
        assert len(marks) >= 1, letter
        for left, bottom, right, top in marks:
            assert stem[0] - 60 <= left < right <= stem[2] + 60, letter
            assert top < 0 or bottom > stem[3] / 3, letter


def test_a_second_mark_stands_over_the_first(boxes: dict[str, list[Box]]) -> None:
    _, circumflex, tilde = boxes["ễ"]
    assert circumflex[3] < tilde[1]


def test_a_point_below_and_a_mark_above_do_not_meet(boxes: dict[str, list[Box]]) -> None:
    _, below, above = boxes["Ệ"]
    assert below[3] < 0
    assert above[1] > 700


def test_a_bar_crosses_the_stem(boxes: dict[str, list[Box]]) -> None:
    for letter in "đĐ":
        (_, bottom, _, top), bar = boxes[letter]
        assert bottom < bar[1] < bar[3] < top


def test_a_face_in_a_webs_packing_is_unpacked(tmp_path: Path) -> None:
    plain = made(tmp_path / "Made_400Regular.ttf", SIGNS)
    web = tmp_path / "made-for-web-latin-400-normal.woff"
    with TTFont(plain) as face:
        face.flavor = "woff"
        face.save(web)
    assert web.read_bytes()[:4] == b"wOFF"
    unpacked = unpack(web)
    assert unpacked.name == "MadeForWeb_400Regular.ttf"
    assert not web.exists()
    with TTFont(unpacked) as face, TTFont(plain) as same:
        assert face.flavor is None
        assert face.getBestCmap() == same.getBestCmap()


def test_letters_that_a_face_has_are_left_alone(tmp_path: Path) -> None:
    path = made(tmp_path / "Made_400Regular.ttf", SIGNS | {"ễ": (0, 0, 17, 900)})
    assert complete(path) == 133
    with TTFont(path) as face:
        assert parts(face["glyf"][face.getBestCmap()[ord("ễ")]]) == [(0, 0, 17, 900)]


def test_a_letter_whose_mark_is_missing_is_not_made(tmp_path: Path) -> None:
    without = {sign: box for sign, box in SIGNS.items() if sign != "˘"}
    path = made(tmp_path / "Made_400Regular.ttf", without)
    assert complete(path) == 122
    with TTFont(path) as face:
        assert ord("ă") not in face.getBestCmap()
        assert complete(path) == 0
