"""Vietnamese letters for script faces that lack them: a letter of the face with its marks.

Few script faces are drawn for Vietnamese, and what the recogniser has to learn of a face are its
letters, above all its capitals; marks look much alike everywhere. They are the face's own where it
has them, else a point, an apostrophe or a drawn hook.
"""

import sys
import unicodedata
from pathlib import Path
from typing import Any, Final

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from ocr.engines.own.training.alternates import REGULAR

WEB: Final = "-latin-400-normal.woff"
_GRAVE, _ACUTE, _CIRCUMFLEX, _TILDE, _BREVE, _HOOK, _HORN, _BELOW = map(
    chr, (0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323)
)
_SPACING: Final = {
    _GRAVE: "`", _ACUTE: "\u00b4", _CIRCUMFLEX: "\u02c6", _TILDE: "\u02dc", _BREVE: "\u02d8",
    _HORN: "\u2019", _BELOW: ".",
}  # fmt: skip
"""What stands in the face for each mark; the hook is drawn."""
_HOOK_LINE: Final = ((0, 150), (70, 195), (135, 160), (130, 100), (75, 70), (75, 0), (35, 0),
                     (35, 95), (95, 120), (95, 150), (65, 165), (20, 120))  # fmt: skip
"""A hook above, in thousandths of an em."""
_GAP: Final = 0.05
_LETTERS: Final = "aăâeêioôơuưy"
_TONES: Final = ("", _GRAVE, _HOOK, _TILDE, _ACUTE, _BELOW)

Box = tuple[float, float, float, float]


def complete(path: Path) -> int:
    """Give the face at ``path`` the Vietnamese letters it lacks; how many those were."""
    with TTFont(path) as face:
        if "glyf" not in face:
            return 0
        added = sum(_add(face, letter) for letter in vietnamese())
        if added:
            face.save(path)
    return added


def unpack(web: Path) -> Path:
    """A face in a web's packing (WOFF) as a plain one, named as the others are."""
    name = web.name.removesuffix(WEB).title().replace("-", "")
    with TTFont(web) as face:
        face.flavor = None
        target = web.with_name(name + REGULAR)
        face.save(target)
    web.unlink()
    return target


def vietnamese() -> tuple[str, ...]:
    """Every Vietnamese letter with a mark, small and capital."""
    small = [
        unicodedata.normalize("NFC", unicodedata.normalize("NFD", letter) + tone)
        for letter in _LETTERS
        for tone in _TONES
    ]
    marked = [letter for letter in (*small, "đ") if not letter.isascii()]
    return (*marked, *(letter.upper() for letter in marked))


def _add(face: TTFont, letter: str) -> bool:
    names = face.getBestCmap()
    if ord(letter) in names:
        return False
    stem, *marks = list(unicodedata.normalize("NFD", letter))
    if letter in "đĐ":
        stem, marks = ("d" if letter == "đ" else "D"), ["-"]
    if ord(stem) not in names:
        return False
    em = float(face["head"].unitsPerEm)
    pen = TTGlyphPen(None)
    drawn = face.getGlyphSet()
    letter_itself = DecomposingRecordingPen(drawn)
    drawn[names[ord(stem)]].draw(letter_itself)
    letter_itself.replay(pen)
    box = _bounds(drawn, names[ord(stem)])
    if box is None:
        return False
    top = box[3]
    for mark in marks:
        shape = _shape(face, mark, em)
        if shape is None:
            return False
        bounds = _bounds_of(shape)
        across, up = _place(mark, bounds, (*box[:3], top), stem, em)
        shape.replay(TransformPen(Cu2QuPen(pen, em / 1000), (1, 0, 0, 1, across, up)))
        if mark not in (_BELOW, _HORN, "-"):
            top = max(top, bounds[3] + up)
    name = f"uni{ord(letter):04X}"
    face.setGlyphOrder([*face.getGlyphOrder(), name])
    face["glyf"][name] = pen.glyph()
    face["hmtx"][name] = face["hmtx"][names[ord(stem)]]
    for table in face["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(letter)] = name
    return True


def _place(mark: str, mark_box: Box, box: Box, stem: str, em: float) -> tuple[float, float]:
    """How far a mark is moved to stand at a letter."""
    left, bottom, right, top = box
    middle = (left + right) / 2 - (mark_box[0] + mark_box[2]) / 2
    if mark == _BELOW:
        return middle, min(bottom, 0) - _GAP * em - mark_box[3]
    if mark == _HORN:
        return right - (mark_box[0] + mark_box[2]) / 2, top - mark_box[3] + _GAP * em
    if mark == "-":
        high = 0.8 if stem == "d" else 0.5
        return middle, high * top - (mark_box[1] + mark_box[3]) / 2
    return middle, top + _GAP * em - mark_box[1]


def _shape(face: TTFont, mark: str, em: float) -> DecomposingRecordingPen | None:
    names, drawn = face.getBestCmap(), face.getGlyphSet()
    pen = DecomposingRecordingPen(drawn)
    if mark == _HOOK:
        (first, *others) = [(x * em / 1000, y * em / 1000) for x, y in _HOOK_LINE]
        pen.moveTo(first)
        for point in others:
            pen.lineTo(point)
        pen.closePath()
        return pen
    for code in (ord(mark), ord(_SPACING.get(mark, mark))):
        if code in names and _bounds(drawn, names[code]) is not None:
            drawn[names[code]].draw(pen)
            return pen
    return None


def _bounds(drawn: Any, name: str) -> Box | None:
    pen = BoundsPen(drawn)
    drawn[name].draw(pen)
    bounds: Box | None = pen.bounds
    return bounds


def _bounds_of(shape: DecomposingRecordingPen) -> Box:
    pen = BoundsPen(None)
    shape.replay(pen)
    bounds: Box = pen.bounds
    return bounds


if __name__ == "__main__":
    for folder in map(Path, sys.argv[1:]):
        for packed in folder.glob(f"*{WEB}"):
            unpack(packed)
        for regular in sorted(folder.glob(f"*{REGULAR}")):
            complete(regular)
