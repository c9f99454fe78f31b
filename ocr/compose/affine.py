"""Maps of the plane as PDF writes them, and the way from a page to its upright self.

A map (a, b, c, d, e, f) takes (x, y) to (a x + c y + e, b x + d y + f); y
points up, as in PDF user space (ISO 32000-1, 8.3.4).
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

Affine: TypeAlias = tuple[float, float, float, float, float, float]

Bounds: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top."""

IDENTITY: Final[Affine] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

# ISO 19005-2, 6.1.13: sides of a page are 3 to 14,400 units.
SHORTEST_SIDE: Final = 3.0
LONGEST_SIDE: Final = 14_400.0

HAIR: Final = 0.0002
"""Points by which a sheet is smaller than its scan, and the scan's place smaller than the sheet.

595.2 pt (2480 pixels at 300 dpi) is 595.20001 in single precision: PDFium then
renders 2481 pixels, that is, it resamples the scan. A hair less and every pixel
comes out as it was (33 of 33 sizes and resolutions; 0 of 6 without).
"""


def then(first: Affine, second: Affine) -> Affine:
    """The map that does ``first`` and then ``second``."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def scaling(across: float, up: float) -> Affine:
    """The map that stretches by the two factors."""
    return (across, 0.0, 0.0, up, 0.0, 0.0)


def box_through(matrix: Affine, box: Bounds) -> Bounds:
    """The smallest upright box around the image of a box."""
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs = [a * x + c * y + e for x, y in corners]
    ys = [b * x + d * y + f for x, y in corners]
    return (min(xs), min(ys), max(xs), max(ys))


def turned(width: float, height: float, degrees: int) -> Affine:
    """The map that turns a page of that size clockwise, its lower left corner at the origin."""
    maps: dict[int, Affine] = {
        0: IDENTITY,
        90: (0.0, -1.0, 1.0, 0.0, 0.0, width),
        180: (-1.0, 0.0, 0.0, -1.0, width, height),
        270: (0.0, 1.0, -1.0, 0.0, height, 0.0),
    }
    return maps[degrees % 360]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page to be written: size in points and the map from the source page's space to it."""

    width: float
    height: float
    matrix: Affine


def upright_sheet(box: Bounds, degrees: int, unit: float = 1.0) -> Sheet:
    """The sheet for a visible box of a page that is turned clockwise by ``degrees``.

    Args:
        box: what is shown of the page, in the page's own space.
        degrees: multiple of 90; what the file asks for and what reading found, together.
        unit: points a unit of the page's space.
    """
    left, bottom, right, top = box
    wide, high = right - left, top - bottom
    matrix = then((1.0, 0.0, 0.0, 1.0, -left, -bottom), turned(wide, high, degrees))
    if degrees % 180:
        wide, high = high, wide
    width, height = allowed_size(wide * unit, high * unit)
    return Sheet(width, height, then(matrix, scaling(width / wide, height / high)))


def allowed_size(width: float, height: float) -> tuple[float, float]:
    """The size brought within what PDF/A allows, keeping its shape where that can be."""
    shrink = min(1.0, LONGEST_SIDE / max(width, height))
    return max(SHORTEST_SIDE, width * shrink), max(SHORTEST_SIDE, height * shrink)


def number(value: float) -> str:
    """A number as a content stream carries it: no exponent, no trailing zeros."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def operands(matrix: Affine) -> str:
    """The six numbers of ``cm`` or ``Tm``."""
    return " ".join(number(value) for value in matrix)
