"""Other capitals of a face become faces of their own, each of them drawn as often as its face."""

import string
from pathlib import Path

import pytest
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from ocr.engines.own.training.alternates import write_alternates
from ocr.engines.own.training.faces import script_families

SETS = """
feature ss01 {{ sub [{capitals}] by [{other}]; }} ss01;
feature swsh {{ sub [{capitals}] by [{other}]; }} swsh;
feature ss02 {{ sub A by A.other; }} ss02;
"""


@pytest.fixture
def face(tmp_path: Path) -> Path:
    """Capitals of 100 units; those of ``ss01`` and ``swsh`` are of 300; ``ss02`` has one only."""
    capitals = list(string.ascii_uppercase)
    other = [f"{letter}.other" for letter in capitals]
    glyphs = [".notdef", *capitals, *other]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(letter): letter for letter in capitals})
    builder.setupGlyf({name: _box(300 if name in other else 100) for name in glyphs})
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Made", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    addOpenTypeFeaturesFromString(
        builder.font, SETS.format(capitals=" ".join(capitals), other=" ".join(other))
    )
    path = tmp_path / "Made_400Regular.ttf"
    builder.save(path)
    return path


def _box(wide: int) -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 500), (wide, 500), (wide, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def test_a_set_that_changes_capitals_is_a_face(face: Path) -> None:
    (written,) = write_alternates(face)  # swsh gives the same once more, ss02 hardly anything
    assert written.name == "Made-ss01_400Regular.ttf"
    with TTFont(written) as other:
        assert other.getBestCmap()[ord("T")] == "T.other"
        assert other["glyf"]["T.other"].xMax == 300
    with TTFont(face) as plain:
        assert plain.getBestCmap()[ord("T")] == "T"


def test_a_face_without_sets_has_no_other(face: Path, tmp_path: Path) -> None:
    with TTFont(face) as plain:
        del plain["GSUB"]
        bare = tmp_path / "Bare_400Regular.ttf"
        plain.save(bare)
    assert write_alternates(bare) == []


def test_a_face_comes_up_as_often_as_another_with_all_its_sets(face: Path) -> None:
    write_alternates(face)
    face.with_name("Other_400Regular.ttf").write_bytes(face.read_bytes())
    shares = {family.files[0].name: family.share for family in script_families(face.parent, 12)}
    assert shares == {
        "Made_400Regular.ttf": 3, "Made-ss01_400Regular.ttf": 3, "Other_400Regular.ttf": 6,
    }  # fmt: skip
