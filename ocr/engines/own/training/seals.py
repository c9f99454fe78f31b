"""Seals and pens in colour over a scanned sheet, as office seals lie on signers' names.

An office's round seal (36 mm) is laid over the left third of the signature, most often as a
picture that covers what is under it; the pen goes through both. The product's own treatment
then takes the colour off again, and the net sees what that leaves.
"""

import math
import random
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ocr.engines.own.training.faces import FAMILIES, face
from ocr.engines.own.training.wording import BODIES, PROVINCES
from ocr.ports import Pixels

_POOL: Final = 24
_DRAWN: Final = 720
_SEAL_INCH: Final = 1.42
_COLOURS: Final = (  # blue, green, red
    (40, 30, 225), (60, 45, 215), (30, 25, 200), (90, 60, 190), (110, 75, 150), (85, 60, 165),
    (95, 40, 200), (120, 70, 170), (150, 90, 120),
)  # fmt: skip
_PENS: Final = ((190, 70, 40), (200, 90, 30), (160, 50, 60), (220, 120, 60))
_OPAQUE_SHARE: Final = 0.65
_PEN_SHARE: Final = 0.4
_GREY_SHARE: Final = 0.35

_Weights = npt.NDArray[np.float32]


class Seals:
    """Presses seals on sheet after sheet, the same way for the same ``rng``."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._pool: list[Pixels] = []

    def press(self, scan: Pixels, dpi: float) -> Pixels:
        """The grey scan with seals and pens over it, in colour or as a grey scanner sees them."""
        rng = self._rng
        page = cv2.cvtColor(scan, cv2.COLOR_GRAY2BGR).astype(np.float32)
        for _ in range(rng.randint(2, 6)):
            self._seal(page, dpi)
        if rng.random() < _PEN_SHARE:
            self._pen(page, dpi)
        blur = rng.uniform(0.25, 0.8) * dpi / 200
        page = cv2.GaussianBlur(page, (0, 0), blur)
        page += self._noise(page.shape[:2])[..., None] * rng.uniform(0.5, 7)
        pressed = np.asarray(np.clip(page, 0, 255), dtype=np.uint8)
        if rng.random() < 0.8:
            quality = rng.randint(50, 92)
            _, packed = cv2.imencode(".jpg", pressed, [cv2.IMWRITE_JPEG_QUALITY, quality])
            pressed = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)
        if rng.random() < _GREY_SHARE:
            pressed = np.asarray(cv2.cvtColor(pressed, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
        return pressed

    def _noise(self, shape: tuple[int, ...]) -> _Weights:
        grain = np.random.default_rng(self._rng.randrange(2**32))
        return grain.standard_normal(shape, dtype=np.float32)

    def _seal(self, page: _Weights, dpi: float) -> None:
        """One seal somewhere on the sheet, parts of it beyond the edge."""
        rng = self._rng
        high, wide = page.shape[:2]
        size = round(_SEAL_INCH * dpi * rng.uniform(0.8, 1.15))
        shape = self._shape()
        turn = cv2.getRotationMatrix2D((_DRAWN / 2, _DRAWN / 2), rng.gauss(0, 12), size / _DRAWN)
        turn[:, 2] += size / 2 - _DRAWN / 2
        mask = cv2.warpAffine(shape, turn, (size, size), flags=cv2.INTER_AREA)
        left = round(rng.uniform(-0.05, 1.0) * wide - 0.3 * size)
        top = round(rng.uniform(0.0, 1.0) * high - 0.6 * size)
        x0, y0, x1, y1 = max(0, left), max(0, top), min(wide, left + size), min(high, top + size)
        if x1 <= x0 or y1 <= y0:
            return
        weight = mask[y0 - top : y1 - top, x0 - left : x1 - left, None].astype(np.float32) / 255
        colour = np.array([c + rng.gauss(0, 8) for c in rng.choice(_COLOURS)], np.float32)
        here = page[y0:y1, x0:x1]
        if rng.random() < _OPAQUE_SHARE:
            weight *= rng.uniform(0.88, 1.0)
            here += (colour - here) * weight
        elif rng.random() < 0.5:
            weight *= rng.uniform(0.5, 0.88)
            here += (colour - here) * weight
        else:
            here *= 1 + (colour / 255 - 1) * weight * rng.uniform(0.7, 1.0)

    def _pen(self, page: _Weights, dpi: float) -> None:
        """A signature in blue: a long curve through everything."""
        rng = self._rng
        high, wide = page.shape[:2]
        mask = np.zeros((high, wide), np.uint8)
        x, y = rng.uniform(0, wide), rng.uniform(0, high)
        points = []
        for _ in range(rng.randint(3, 7)):
            points.append((x, y))
            x, y = x + rng.gauss(0.3, 0.9) * dpi, y + rng.gauss(0, 0.5) * dpi
        curve = np.array(_smooth(points), np.int32)
        thick = max(1, round(dpi / 200 * rng.uniform(2, 4.5)))
        cv2.polylines(mask, [curve], isClosed=False, color=255, thickness=thick)
        weight = mask[..., None].astype(np.float32) / 255 * rng.uniform(0.7, 1)
        colour = np.array(rng.choice(_PENS), np.float32)
        page += (colour - page) * weight

    def _shape(self) -> Pixels:
        """The print of one of a few made-up seals."""
        if len(self._pool) < _POOL:
            self._pool.append(_drawn(self._rng))
            return self._pool[-1]
        return self._rng.choice(self._pool)


def _smooth(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A curve through the middles of the lines between points."""
    curve = []
    for (ax, ay), (bx, by), (cx, cy) in zip(points, points[1:], points[2:], strict=False):
        start, end = ((ax + bx) / 2, (ay + by) / 2), ((bx + cx) / 2, (by + cy) / 2)
        for step in range(13):
            t = step / 12
            curve.append(tuple((1 - t) ** 2 * s + 2 * t * (1 - t) * m + t * t * e
                               for s, m, e in zip(start, (bx, by), end, strict=True)))  # fmt: skip
    return [(x, y) for x, y in curve]


def _drawn(rng: random.Random) -> Pixels:
    """Rings, letters around, a star or a shield in the middle: white on black."""
    image = Image.new("L", (_DRAWN, _DRAWN), 0)
    draw = ImageDraw.Draw(image)
    middle, outer = _DRAWN / 2, _DRAWN * 0.48
    thick = round(_DRAWN * rng.uniform(0.012, 0.03))
    inner, core = outer - thick * rng.uniform(1.8, 3), outer * rng.uniform(0.58, 0.68)
    for radius, width in ((outer, thick), (inner, max(4, thick // 3)), (core, max(4, thick // 2))):
        box = (middle - radius, middle - radius, middle + radius, middle + radius)
        draw.ellipse(box, outline=255, width=width)
    words = f"{rng.choice(BODIES)} ★ {rng.choice(PROVINCES)} ★ ".upper()
    letters = words[: round(rng.uniform(24, 42))]
    font = face(FAMILIES[rng.choice((4, 5, 6))].files[1], round(_DRAWN * rng.uniform(0.07, 0.11)))
    for place, char in enumerate(letters):
        angle = 2 * math.pi * place / len(letters)
        part = Image.new("L", (_DRAWN // 6, _DRAWN // 6), 0)
        ImageDraw.Draw(part).text((_DRAWN / 12, _DRAWN / 12), char, 255, font, anchor="mm")
        part = part.rotate(90 - math.degrees(angle) - 180, resample=Image.Resampling.BICUBIC)
        x, y = (middle + turn(angle) * (inner + core) / 2 for turn in (math.cos, math.sin))
        image.paste(255, (round(x - _DRAWN / 12), round(y - _DRAWN / 12)), part)
    _emblem(draw, middle, core, rng)
    return np.asarray(image, dtype=np.uint8)


def _emblem(draw: ImageDraw.ImageDraw, middle: float, core: float, rng: random.Random) -> None:
    points = []
    for place in range(10):
        radius = core * (0.8 if place % 2 == 0 else 0.33)
        angle = -math.pi / 2 + place * math.pi / 5
        points.append((middle + radius * math.cos(angle), middle + radius * math.sin(angle)))
    if rng.random() < 0.5:
        draw.polygon(points, outline=255, width=round(_DRAWN * rng.uniform(0.008, 0.02)))
    else:
        draw.polygon(points, fill=255)
    for _ in range(rng.randint(0, 8)):
        x, y = (middle + core * rng.uniform(-0.6, 0.6) for _ in range(2))
        box = (x, y, x + core * rng.uniform(0.1, 0.4), y + core * rng.uniform(0.1, 0.4))
        draw.ellipse(box, outline=255, width=rng.randint(4, 12))
