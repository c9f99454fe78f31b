"""What a PDF says about the place of a page, read so that damage does not stop it."""

from dataclasses import dataclass
from typing import Final

import pikepdf
from pikepdf import Name, Object

from ocr.compose.affine import Bounds

_LETTER: Final[Bounds] = (0.0, 0.0, 612.0, 792.0)  # what readers take where nothing is said
_HIDDEN, _NO_VIEW = 2, 32  # ISO 32000-1, table 165
_NEVER_PAINTED: Final = frozenset({"/Link", "/Popup"})


@dataclass(frozen=True, slots=True)
class PageFacts:
    """``visible``: what is shown of the page's space; ``turn``: /Rotate, clockwise.

    ``unit``: points a unit of the page's space. ``appearances``: annotations
    paint something. ``drawn_by_reader``: some of it is left to the reader to draw.
    """

    visible: Bounds
    turn: int
    unit: float
    appearances: bool
    drawn_by_reader: bool


def page_facts(page: pikepdf.Page) -> PageFacts:
    """The facts of a page; nonsense values count as absent, as readers have it."""
    media = _bounds(page.obj.get(Name.MediaBox)) or _LETTER
    crop = _bounds(page.obj.get(Name.CropBox)) or media
    cut = (
        max(media[0], crop[0]), max(media[1], crop[1]),
        min(media[2], crop[2]), min(media[3], crop[3]),
    )  # fmt: skip
    visible = cut if cut[0] < cut[2] and cut[1] < cut[3] else media
    painted = [annotation for annotation in _annotations(page) if _painted(annotation)]
    return PageFacts(
        visible=visible,
        turn=int(_number(page.obj.get(Name.Rotate), 0) / 90) % 4 * 90,
        unit=_unit(page.obj.get(Name.UserUnit)),
        appearances=bool(painted),
        drawn_by_reader=any(not _has_appearance(annotation) for annotation in painted),
    )


def _bounds(box: Object | None) -> Bounds | None:
    try:
        x0, y0, x1, y1 = (float(value) for value in box or ())
    except (ValueError, TypeError):
        return None
    left, right = sorted((x0, x1))
    bottom, top = sorted((y0, y1))
    return (left, bottom, right, top) if left < right and bottom < top else None


def _unit(value: Object | None) -> float:
    unit = _number(value, 1)
    return unit if 0.001 < unit < 1000 else 1.0


def _number(value: Object | None, otherwise: float) -> float:
    try:
        return otherwise if value is None else float(value)
    except (ValueError, TypeError, ArithmeticError):
        return otherwise


def _annotations(page: pikepdf.Page) -> list[Object]:
    annotations = page.obj.get(Name.Annots)
    if not isinstance(annotations, pikepdf.Array):
        return []
    return [item for item in annotations if isinstance(item, pikepdf.Dictionary)]


def _painted(annotation: Object) -> bool:
    kind = str(annotation.get(Name.Subtype, ""))
    if int(_number(annotation.get(Name.F), 0)) & (_HIDDEN | _NO_VIEW) or kind in _NEVER_PAINTED:
        return False
    # a form field without appearance shows nothing until somebody fills it in
    return kind != "/Widget" or _has_appearance(annotation)


def _has_appearance(annotation: Object) -> bool:
    appearance = annotation.get(Name.AP)
    return isinstance(appearance, pikepdf.Dictionary) and Name.N in appearance
