"""The faces that the papers are set in, and their exact measures.

Decree 30/2020/NĐ-CP (Appendix I, part I) orders Times New Roman for every
administrative paper. Tinos has its metrics, is free, and has every Vietnamese
letter (Debian's older Liberation 1.07 lacks 92 of them). Widths and outlines
come from the font's own tables, so the truth about where a word stands does
not depend on a renderer's hinting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from vocabulary.errors import MissingPart

FONT_PACKAGE: Final = "fonts-croscore"
FOLDERS: Final = (
    Path("/usr/share/fonts/truetype/croscore"),
    Path("/usr/share/fonts/croscore"),
    Path("/usr/share/fonts/google-croscore"),
    Path("/usr/local/share/fonts/croscore"),
)


class Face(StrEnum):
    """A face by the stem of its file."""

    ROMAN = "Tinos-Regular"
    BOLD = "Tinos-Bold"
    ITALIC = "Tinos-Italic"
    BOLD_ITALIC = "Tinos-BoldItalic"
    SANS = "Arimo-Regular"
    SANS_BOLD = "Arimo-Bold"
    MONO = "Cousine-Regular"


PathStep = tuple[Literal["m", "l", "c", "h"], tuple[float, ...]]
"""One step of an outline: move, line, cubic curve, close; in em, y upwards."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Measures of a face in em: ``advances`` by code point, ``ascent`` and ``descent`` positive."""

    face: Face
    ascent: float
    descent: float
    advances: Mapping[int, float]
    glyphs: Mapping[int, int]


def font_file(face: Face, folders: tuple[Path, ...] = FOLDERS) -> Path:
    """The file of a face.

    Raises:
        MissingPart: the face is in none of the folders; names the package that has it.
    """
    for folder in folders:
        path = folder / f"{face}.ttf"
        if path.is_file():
            return path
    raise MissingPart(
        f"Thiếu phông chữ {face}. Hãy cài đặt: sudo apt-get install {FONT_PACKAGE}",
        f"The font {face} is missing. Install it with: sudo apt-get install {FONT_PACKAGE}",
        package=FONT_PACKAGE,
    )


@cache
def open_font(face: Face) -> Any:
    """The opened font (fontTools), read once in a process."""
    return TTFont(font_file(face), lazy=True)


@cache
def metrics(face: Face) -> Metrics:
    """Measures of a face, read once in a process."""
    font = open_font(face)
    em = font["head"].unitsPerEm
    widths = font["hmtx"].metrics
    names = font.getBestCmap()
    return Metrics(
        face=face,
        ascent=font["hhea"].ascent / em,
        descent=-font["hhea"].descent / em,
        advances={code: widths[name][0] / em for code, name in names.items()},
        glyphs={code: font.getGlyphID(name) for code, name in names.items()},
    )


def text_width(text: str, face: Face, size: float, tracking: float = 0.0) -> float:
    """Width in points of a text set at ``size``; ``tracking`` is added after every letter.

    Raises:
        KeyError: the face has no such letter (the papers' words are all in it).
    """
    advances = metrics(face).advances
    return sum(advances[ord(char)] for char in text) * size + tracking * len(text)


class _StepsPen(BasePen):  # type: ignore[misc]  # fontTools is untyped
    """Collects an outline as :data:`PathStep` in em."""

    def __init__(self, glyphs: Any, em: float) -> None:
        super().__init__(glyphs)
        self.em = em
        self.steps: list[PathStep] = []

    def _scaled(self, *points: tuple[float, float]) -> tuple[float, ...]:
        return tuple(value / self.em for point in points for value in point)

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.steps.append(("m", self._scaled(pt)))

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.steps.append(("l", self._scaled(pt)))

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self.steps.append(("c", self._scaled(pt1, pt2, pt3)))

    def _closePath(self) -> None:  # noqa: N802
        self.steps.append(("h", ()))


@cache
def outline(char: str, face: Face) -> tuple[PathStep, ...]:
    """The outline of one letter, for text that runs around a seal."""
    font = open_font(face)
    glyphs = font.getGlyphSet()
    pen = _StepsPen(glyphs, font["head"].unitsPerEm)
    glyphs[font.getBestCmap()[ord(char)]].draw(pen)
    return tuple(pen.steps)
