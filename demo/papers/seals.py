"""Round seals, pen signatures, rectangular stamps and QR codes.

A seal is red, covers about a third of the signature on its left (Decree
30/2020, box 8), and its ink mixes with what lies under it; the signature is
blue.
"""

import math
import random
from collections.abc import Iterable

import numpy as np
import zxingcpp

from demo.papers.fonts import Face, outline, text_width
from demo.papers.model import (
    PEN_BLUE,
    SEAL_RED,
    Colour,
    Mark,
    Move,
    PaperCode,
    Picture,
    Shape,
    Style,
)
from demo.papers.sheet import balanced
from vocabulary.papers import Box

_CIRCLE = 0.5522847498  # control distance of a quarter circle drawn as a cubic


def circle(x: float, y: float, radius: float) -> tuple[Move, ...]:
    """A closed circle in page points."""
    k = radius * _CIRCLE
    moves: list[Move] = [("m", (x + radius, y))]
    corners = (
        (x + radius, y + k, x + k, y + radius, x, y + radius),
        (x - k, y + radius, x - radius, y + k, x - radius, y),
        (x - radius, y - k, x - k, y - radius, x, y - radius),
        (x + k, y - radius, x + radius, y - k, x + radius, y),
    )
    moves.extend(("c", corner) for corner in corners)
    return (*moves, ("h", ()))


def star(x: float, y: float, radius: float, turn: float = 0.0) -> tuple[Move, ...]:
    """A five-pointed star."""
    moves: list[Move] = []
    for number in range(10):
        reach = radius if number % 2 == 0 else radius * 0.40
        angle = turn - math.pi / 2 + number * math.pi / 5
        moves.append(
            ("l" if number else "m", (x + reach * math.cos(angle), y + reach * math.sin(angle)))
        )
    return (*moves, ("h", ()))


def _letter(char: str, face: Face, size: float, x: float, y: float, angle: float) -> Iterable[Move]:
    """One letter's outline, standing at (x, y), turned clockwise by ``angle``."""
    cos, sin = math.cos(angle), math.sin(angle)
    for operator, numbers in outline(char, face):
        points = zip(numbers[::2], numbers[1::2], strict=True)
        yield (
            operator,
            tuple(
                value
                for u, v in points
                for value in (x + size * (u * cos + v * sin), y + size * (u * sin - v * cos))
            ),
        )


def around(
    text: str, x: float, y: float, radius: float, size: float, middle: float, *, inside_out: bool
) -> tuple[Move, ...]:
    """Text on a circle, its middle at angle ``middle`` (0 is to the right, clockwise).

    ``inside_out``: letters stand on the circle with heads outwards; otherwise
    heads point to the centre, so that the text at the bottom reads upright.
    """
    face = Face.BOLD
    widths = [text_width(char, face, size) + size * 0.06 for char in text]
    sense = 1.0 if inside_out else -1.0
    base = radius if inside_out else radius + size * 0.68
    angle = middle - sense * sum(widths) / base / 2
    moves: list[Move] = []
    for char, width in zip(text, widths, strict=True):
        half = sense * width / base / 2
        angle += half
        turn = angle + sense * math.pi / 2
        left = -width / 2
        px = x + base * math.cos(angle) + left * math.cos(turn)
        py = y + base * math.sin(angle) + left * math.sin(turn)
        moves.extend(_letter(char, face, size, px, py, turn))
        angle += half
    return tuple(moves)


def seal(
    x: float,
    y: float,
    rim: str,
    foot: str,
    rng: random.Random,
    *,
    radius: float = 51.0,
    middle: str = "",
    colour: Colour = SEAL_RED,
) -> tuple[Mark, ...]:
    """A round seal, 36 mm across: ``rim`` along the top, ``foot`` along the bottom.

    In the middle a star, or for companies the words of ``middle``.
    """
    lean = rng.uniform(-0.28, 0.28)
    opacity = rng.uniform(0.72, 0.92)
    size = min(8.6, 2.5 * radius * 0.8 / max(len(rim), 1) * 1.75)
    inner = radius * 0.80
    solid: list[Move] = [
        *around(rim, x, y, inner, size, lean - math.pi / 2, inside_out=True),
        *around(foot, x, y, inner, size, lean + math.pi / 2, inside_out=False),
    ]
    if middle:
        solid.extend(_stacked(middle, x, y, radius, lean))
    else:
        solid.extend(star(x, y, radius * 0.42, lean))
    rings = [
        Shape(circle(x, y, radius), colour, stroke=2.0, opacity=opacity),
        Shape(circle(x, y, radius * 0.94), colour, stroke=0.7, opacity=opacity),
        Shape(circle(x, y, radius * 0.62), colour, stroke=0.8, opacity=opacity),
    ]
    return (*rings, Shape(tuple(solid), colour, opacity=opacity))


def in_rows(text: str, rows: int = 3) -> str:
    """Words in at most ``rows`` rows of about the same length, for the middle of a seal."""
    lines = balanced([(word, Style()) for word in text.split()], text_width(text, Face.ROMAN, 13))
    for width in range(200, 20, -4):
        narrower = balanced([(word, Style()) for word in text.split()], float(width))
        if len(narrower) > rows:
            break
        lines = narrower
    return "\n".join(" ".join(word for word, _ in line) for line in lines)


def _stacked(text: str, x: float, y: float, radius: float, lean: float) -> Iterable[Move]:
    rows = text.split("\n")
    widest = max(text_width(row, Face.BOLD, 1.0) for row in rows)
    size = min(9.0, radius * 1.08 / widest)
    cos, sin = math.cos(lean), math.sin(lean)
    for number, row in enumerate(rows):
        u = -text_width(row, Face.BOLD, size) / 2
        v = (number - (len(rows) - 1) / 2) * size * 1.25 + size * 0.34
        for char in row:
            yield from _letter(
                char, Face.BOLD, size, x + u * cos - v * sin, y + u * sin + v * cos, lean
            )
            u += text_width(char, Face.BOLD, size)


def signature(
    x: float, y: float, width: float, rng: random.Random, colour: Colour = PEN_BLUE
) -> tuple[Mark, ...]:
    """A pen signature around (x, y): a run of loops and one or two long strokes."""
    height = width * rng.uniform(0.26, 0.38)
    moves: list[Move] = []
    steps = rng.randint(5, 8)
    px, py = x - width / 2, y + rng.uniform(-0.1, 0.2) * height
    moves.append(("m", (px, py)))
    for number in range(steps):
        fade = 1.0 - 0.75 * number / steps
        nx = x - width / 2 + width * 0.72 * (number + 1) / steps
        ny = y + rng.uniform(-0.35, 0.35) * height * fade
        up = height * fade * rng.uniform(0.7, 1.35)
        back = width * rng.uniform(0.02, 0.16)
        moves.append(("c", (px + back, py - up, nx - 2 * back, ny - up, nx - back / 2, ny)))
        mx, my = nx + back / 3, ny + up * rng.uniform(0.1, 0.55)
        moves.append(("c", (nx, ny + up * 0.5, mx - back, my + up * 0.2, mx, my)))
        px, py = mx, my
    flourish: list[Move] = [
        ("m", (x - width * 0.30, y + height * rng.uniform(0.5, 0.75))),
        (
            "c",
            (
                x + width * 0.05, y + height * rng.uniform(0.1, 0.4),
                x + width * 0.35, y + height * rng.uniform(-0.4, 0.2),
                x + width * 0.66, y - height * rng.uniform(0.3, 0.8),
            ),
        ),
    ]  # fmt: skip
    pen = rng.uniform(1.0, 1.7)
    return (
        Shape(tuple(moves), colour, stroke=pen, opacity=0.93),
        Shape(tuple(flourish), colour, stroke=pen * 1.1, opacity=0.93),
    )


def boxed_stamp(
    x: float, y: float, text: str, size: float, colour: Colour = SEAL_RED
) -> tuple[Mark, ...]:
    """The frame of a stamp around words that stand at (x, baseline y); the words are the caller's.

    Secrecy and urgency marks are so framed (Decree 30/2020, boxes 10a and 10b).
    """
    width = text_width(text, Face.BOLD, size)
    left, right = x - size * 0.55, x + width + size * 0.55
    top, bottom = y - size * 1.12, y + size * 0.52
    frame: tuple[Move, ...] = (
        ("m", (left, top)),
        ("l", (right, top)),
        ("l", (right, bottom)),
        ("l", (left, bottom)),
        ("h", ()),
    )
    return (Shape(frame, colour, stroke=1.6, opacity=0.9),)


def qr_code(text: str, box: Box) -> tuple[Picture, PaperCode]:
    """A QR code (ISO/IEC 18004) of ``text`` drawn into ``box``, with quiet zone."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels = np.array(zxingcpp.write_barcode_to_image(barcode, scale=4), dtype=np.uint8)
    return Picture(pixels, box), PaperCode(text, box)
