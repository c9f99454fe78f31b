"""Which letters of a PDF page a person sees.

Text that nobody sees (painted white on white, under a picture or a patch, off
the page, clipped away, in a layer that is switched off, too small) must never
become a field: another number could stand there. What is seen is judged on the
page as drawn: letters without any contrast are not seen; letters with
something drawn over them are taken away and the page drawn again, and where
nothing changes they were not seen.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocr.middle import median
from ocr.opening.frames import PageFrame
from ocr.opening.pdf_glyphs import Glyph
from ocr.opening.pdf_pictures import PageContents
from ocr.ports import Pixels
from vocabulary.papers import Box

_SEEN_CONTRAST: Final = 10  # of 255; pale yellow on white makes 15
_LIGHT: Final = 140.0
_LIKE_GROUND: Final = 20.0
_SMALLEST_PT: Final = 1.5  # microprint of banknotes is 0.7
_DRAWN_PIXELS: Final = 4_000_000
_LEGIBLE_PIXELS: Final = 3.0
_CELL_PT: Final = 2.0
_ROUNDS: Final = 6
_UNKNOWN: Final = -2  # beyond the objects that were counted: looked at in any case

Places = npt.NDArray[np.int64]


def seen_letters(
    page: pdfium.PdfPage, frame: PageFrame, contents: PageContents, glyphs: Sequence[Glyph]
) -> list[Glyph]:
    """The letters that show on the page, and all gaps; order kept."""
    wide, high = frame.size
    likely = [glyph for glyph in glyphs if not glyph.gap and _may_show(glyph, wide, high)]
    if not likely:
        return [glyph for glyph in glyphs if glyph.gap]
    scale = min(1.0, math.sqrt(_DRAWN_PIXELS / max(wide * high, 1.0)))
    sheet = _Sheet(page, scale * frame.unit, scale)
    hidden = {id(glyph) for glyph in sheet.without_contrast(likely)}
    likely = [glyph for glyph in likely if id(glyph) not in hidden]
    under = covered(likely, contents, (wide, high))
    hidden |= {id(glyph) for glyph in sheet.unchanged_without(under, contents.text_order)}
    shown = {id(glyph) for glyph in likely if id(glyph) not in hidden}
    return [glyph for glyph in glyphs if glyph.gap or id(glyph) in shown]


def _may_show(glyph: Glyph, wide: float, high: float) -> bool:
    x, y = (glyph.box.x0 + glyph.box.x1) / 2, (glyph.box.y0 + glyph.box.y1) / 2
    on_page = 0 <= x <= wide and 0 <= y <= high
    return on_page and glyph.style.painted and glyph.style.size >= _SMALLEST_PT


def covered(
    glyphs: Sequence[Glyph], contents: PageContents, page_size: tuple[float, float]
) -> list[Glyph]:
    """Letters over whose middle something is drawn later."""
    wide, high = page_size
    cells = np.full((math.ceil(high / _CELL_PT) + 1, math.ceil(wide / _CELL_PT) + 1), -1, np.int64)
    order = contents.text_order
    boxes: dict[int, Box] = {}
    for glyph in glyphs:
        place = order.get(glyph.style.address, -1)
        known = boxes.get(place)
        boxes[place] = glyph.box if known is None else known.union(glyph.box)
    for place, box in sorted((*boxes.items(), *contents.covers)):
        x0, y0, x1, y1 = (max(0, int(side / _CELL_PT)) for side in box)
        cells[y0 : y1 + 1, x0 : x1 + 1] = place
    columns = [int((glyph.box.x0 + glyph.box.x1) / 2 / _CELL_PT) for glyph in glyphs]
    rows = [int((glyph.box.y0 + glyph.box.y1) / 2 / _CELL_PT) for glyph in glyphs]
    on_top = cells[rows, columns]
    return [
        glyph
        for glyph, place in zip(glyphs, on_top, strict=True)
        if glyph.style.address and place > order.get(glyph.style.address, _UNKNOWN)
    ]


class _Sheet:
    """The page as drawn, in grey."""

    def __init__(self, page: pdfium.PdfPage, scale: float, pixels_per_point: float) -> None:
        self._page = page
        self._scale = scale
        self._points = pixels_per_point
        self._pixels = self._draw()

    def without_contrast(self, glyphs: Sequence[Glyph]) -> list[Glyph]:
        """Letters where nothing is seen, or that have the colour of what is around them."""
        steps = cv2.morphologyEx(self._pixels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        marked = self._any(steps > _SEEN_CONTRAST, glyphs)
        return [
            glyph
            for glyph, seen in zip(glyphs, marked, strict=True)
            if glyph.style.size * self._points >= _LEGIBLE_PIXELS
            and (not seen or self._like_ground(glyph))
        ]

    def unchanged_without(self, glyphs: Sequence[Glyph], order: Mapping[int, int]) -> list[Glyph]:
        """Letters whose removal changes nothing."""
        unchanged: list[Glyph] = []
        left = _by_object(glyphs, order)
        for _ in range(_ROUNDS):
            if not left:
                break
            taken, left = _apart(left)
            letters = [glyph for group in taken for glyph in group]
            changed = self._any(self._changes_without(letters), letters)
            unchanged += [glyph for glyph, seen in zip(letters, changed, strict=True) if not seen]
        return unchanged + [glyph for group in left for glyph in group]

    def _changes_without(self, letters: Sequence[Glyph]) -> npt.NDArray[np.bool_]:
        objects = {glyph.style.address: glyph.style.text_object for glyph in letters}
        for text_object in objects.values():
            pdfium_c.FPDFPageObj_SetIsActive(text_object, 0)
        try:
            after = self._draw()
        finally:
            for text_object in objects.values():
                pdfium_c.FPDFPageObj_SetIsActive(text_object, 1)
        return np.asarray(cv2.absdiff(self._pixels, after) > _SEEN_CONTRAST)

    def _draw(self) -> Pixels:
        bitmap = self._page.render(scale=self._scale, grayscale=True, draw_annots=False)
        values = bitmap.to_numpy()
        grey = values if values.ndim == 2 else values[:, :, 0]
        return np.array(grey, dtype=np.uint8, order="C")

    def _any(self, marks: npt.NDArray[np.bool_], glyphs: Sequence[Glyph]) -> npt.NDArray[np.bool_]:
        """Whether any pixel of each letter's box is marked; its sides may be its neighbours'."""
        high, wide = marks.shape
        sums = cv2.integral(marks.astype(np.uint8))
        boxes = np.array([glyph.box for glyph in glyphs]).reshape(-1, 4) * self._points
        inset = 0.2 * (boxes[:, 2] - boxes[:, 0])
        x0 = np.clip(np.floor(boxes[:, 0] + inset), 0, wide - 1).astype(int)
        y0 = np.clip(np.floor(boxes[:, 1]), 0, high - 1).astype(int)
        x1 = np.clip(np.maximum(np.ceil(boxes[:, 2] - inset), x0 + 1), 1, wide).astype(int)
        y1 = np.clip(np.maximum(np.ceil(boxes[:, 3]), y0 + 1), 1, high).astype(int)
        found = sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]
        return np.asarray(found > 0)

    def _like_ground(self, glyph: Glyph) -> bool:
        """Whether a light letter has the grey of its ground (dark ones show or lack contrast)."""
        fill = glyph.style.fill
        if fill is None or fill <= _LIGHT:
            return False
        x0, y0, x1, y1 = (max(0, round(side * self._points)) for side in glyph.box)
        ground = self._pixels[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
        return ground.size > 0 and abs(median(ground) - fill) < _LIKE_GROUND


def _by_object(glyphs: Sequence[Glyph], order: Mapping[int, int]) -> list[list[Glyph]]:
    objects: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        objects.setdefault(glyph.style.address, []).append(glyph)
    return [objects[address] for address in sorted(objects, key=lambda one: order.get(one, -1))]


def _apart(groups: Sequence[list[Glyph]]) -> tuple[list[list[Glyph]], list[list[Glyph]]]:
    """Groups that do not lie over one another, from the lowest on, and the rest."""
    taken: list[list[Glyph]] = []
    rest: list[list[Glyph]] = []
    boxes: list[Box] = []
    for group in groups:
        box = group[0].box
        for glyph in group[1:]:
            box = box.union(glyph.box)
        if any(_overlap(box, other) for other in boxes):
            rest.append(group)
        else:
            taken.append(group)
            boxes.append(box)
    return taken, rest


def _overlap(one: Box, other: Box) -> bool:
    return min(one.x1, other.x1) > max(one.x0, other.x0) and min(one.y1, other.y1) > max(
        one.y0, other.y0
    )
