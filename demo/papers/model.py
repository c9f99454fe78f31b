"""A paper as it was drawn, with the truth about every word on it.

Lengths are points (1/72 inch), the origin is the page's top left corner, as in
:mod:`vocabulary.papers`. A word's box is as wide as its letters' advances and
as high as the face's ascent and descent, which is what text extraction gives
for a born-digital page; its ink is inside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from demo.papers.fonts import Face, metrics, text_width
from vocabulary.papers import Box

MM = 72 / 25.4
"""Points in a millimetre."""

A4 = (595.2, 841.92)
"""A4 in points, rounded so that 300 dpi give whole pixels (2480 x 3508)."""

Colour = tuple[float, float, float]
BLACK: Colour = (0.0, 0.0, 0.0)
SEAL_RED: Colour = (0.80, 0.07, 0.10)
PEN_BLUE: Colour = (0.09, 0.16, 0.60)
GREY: Colour = (0.55, 0.55, 0.55)


class PaperKind(StrEnum):
    """The kinds of papers that can be made, with their Vietnamese names."""

    DECISION = "decision"  # quyết định
    LICENCE = "licence"  # giấy phép
    LETTER = "letter"  # công văn
    FORM = "form"  # đơn đề nghị
    IDENTITY_CARD = "identity_card"  # bản chụp thẻ căn cước
    CERTIFICATE = "certificate"  # giấy chứng nhận đăng ký doanh nghiệp
    HEALTH_FORM = "health_form"  # giấy khám sức khỏe
    POWER_OF_ATTORNEY = "power_of_attorney"  # giấy ủy quyền
    REGISTRATION = "registration"  # giấy xác nhận khai báo, giấy chứng nhận đăng ký
    TRAINING_CERTIFICATE = "training_certificate"  # giấy chứng nhận đào tạo


@dataclass(frozen=True, slots=True)
class Style:
    """How letters are set: face, size in points, tracking in points, colour."""

    face: Face = Face.ROMAN
    size: float = 13.0
    tracking: float = 0.0
    colour: Colour = BLACK


@dataclass(frozen=True, slots=True)
class PaperWord:
    """One word of the truth: box and baseline (y) in points."""

    text: str
    box: Box
    baseline: float
    style: Style


@dataclass(frozen=True, slots=True)
class SetLine:
    """Words set on one baseline, from left to right; drawn as one line of text."""

    words: tuple[PaperWord, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line; ``dash`` in points, empty for a solid one."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 0.6
    colour: Colour = BLACK
    dash: tuple[float, ...] = ()


Move = tuple[Literal["m", "l", "c", "h"], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled or stroked outline in page points; ink multiplies with what lies under it."""

    moves: tuple[Move, ...]
    colour: Colour
    stroke: float | None = None
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A grey or RGB image stretched over a box (QR code, portrait)."""

    pixels: NDArray[np.uint8]
    box: Box


Mark = SetLine | Rule | Shape | Picture


@dataclass(frozen=True, slots=True)
class PaperCode:
    """A machine-readable code on the page and what it says."""

    text: str
    box: Box
    format: str = "QRCode"


@dataclass(frozen=True, slots=True, eq=False)
class PaperPage:
    """One page: what is drawn, in order, and the words that it says."""

    number: int
    width_pt: float
    height_pt: float
    marks: tuple[Mark, ...]
    codes: tuple[PaperCode, ...] = ()

    @property
    def words(self) -> tuple[PaperWord, ...]:
        """All words in the order they were set (the reading order of the layout)."""
        return tuple(
            word for mark in self.marks if isinstance(mark, SetLine) for word in mark.words
        )

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """A paper and the truth about it.

    ``fields`` has the names of :data:`vocabulary.papers.FIELD_NAMES` that stand on
    the paper (dates in ISO, several title lines joined by " / "); ``facts`` has
    what else the maker knows (the subject's identifier, a tax code, a birth date).
    """

    kind: PaperKind
    seed: int
    pages: tuple[PaperPage, ...]
    fields: Mapping[str, str | tuple[str, ...]]
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> tuple[PaperWord, ...]:
        return tuple(word for page in self.pages for word in page.words)


def set_word(text: str, x: float, baseline: float, style: Style) -> PaperWord:
    """A word whose first letter starts at ``x`` on ``baseline``."""
    measures = metrics(style.face)
    width = text_width(text, style.face, style.size, style.tracking) - style.tracking
    return PaperWord(
        text=text,
        box=Box(
            x,
            baseline - measures.ascent * style.size,
            x + width,
            baseline + measures.descent * style.size,
        ),
        baseline=baseline,
        style=style,
    )
