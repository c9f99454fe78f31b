"""QR codes and barcodes on a page image, as texts with their place."""

import zxingcpp

from ocr.fields.identity_card import PageCode
from ocr.opening import RawPage
from vocabulary.papers import Box


def read_codes(page: RawPage) -> tuple[PageCode, ...]:
    """The codes on a page that is an image; boxes in points of the page as shown.

    A born-digital page (no pixels) has none here: its text says the same in words.
    """
    if page.pixels is None:
        return ()
    found = []
    for code in zxingcpp.read_barcodes(page.pixels):
        corner = code.position
        points = [
            _in_points(page, one.x, one.y)
            for one in (corner.top_left, corner.top_right, corner.bottom_right, corner.bottom_left)
        ]
        xs, ys = [x for x, _y in points], [y for _x, y in points]
        found.append(PageCode(code.text, page.number, Box(min(xs), min(ys), max(xs), max(ys))))
    return tuple(found)


def _in_points(page: RawPage, x: float, y: float) -> tuple[float, float]:
    a, b, c = (float(value) for value in page.to_points[0])
    d, e, f = (float(value) for value in page.to_points[1])
    return a * x + b * y + c, d * x + e * y + f
