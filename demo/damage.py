"""Seeded damage that scanners, copiers and offices do to a page.

``scan`` turns a clean page into what comes out of a scanner: lean, blur,
noise, uneven light, the back of the sheet shining through, dust, a copier's
black and white, stamps over the text; and says where a point of the page went.
Only numpy and OpenCV; the same arguments give the same pixels.
"""

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from demo.papers.fonts import Face, font_file
from vocabulary.papers import Box

Level = Literal["clean", "office", "poor", "photocopy"]
Pixels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wear:
    """How much damage a level does; lengths in pixels at 300 dpi.

    ``skew``: standard deviation of the lean in degrees; ``light``, ``bleed``: share
    of the brightness; ``speckle``: dots per megapixel; ``ink``: grey of the darkest
    ink; ``toner``: unevenness of strokes; ``quality``: of JPEG.
    """

    skew: float
    blur: float
    noise: float
    paper: tuple[int, int, int]
    light: float
    bleed: float
    speckle: float
    ink: int
    toner: float
    stamps: float
    quality: int
    mode: Literal["colour", "grey", "bitonal"]


LEVELS: Final[dict[str, Wear]] = {
    "clean": Wear(0.15, 0.35, 1.2, (254, 254, 252), 0.01, 0.0, 0, 12, 0.0, 0.0, 92, "colour"),
    "office": Wear(0.6, 0.75, 4.0, (250, 249, 244), 0.05, 0.035, 6, 38, 0.0, 0.3, 75, "colour"),
    "poor": Wear(1.5, 1.25, 9.0, (238, 234, 222), 0.16, 0.09, 60, 70, 0.25, 0.6, 45, "grey"),
    "photocopy": Wear(0.8, 0.8, 14.0, (250, 250, 250), 0.06, 0.02, 90, 20, 0.35, 0.3, 85,
                      "bitonal"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """A scanned page.

    ``transform``: (a, b, c, d, e, f) with px = a x + b y + c, py = d x + e y + f for a
    point (x, y) of the clean page in points, origin top left. ``skew_deg``:
    counter-clockwise positive, as :class:`vocabulary.papers.PageReading` has it.
    """

    image: Image.Image
    transform: tuple[float, float, float, float, float, float]
    skew_deg: float
    dpi: int
    level: Level
    seed: int
    quality: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page (points) lies in the scan (pixels)."""
        a, b, c, d, e, f = self.transform
        return a * x + b * y + c, d * x + e * y + f

    def box(self, box: Box) -> Box:
        """The smallest upright box of pixels around a box of the page."""
        corners = [self.point(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return Box(min(xs), min(ys), max(xs), max(ys))


def scan(
    image: Image.Image,
    level: Level,
    dpi: int,
    seed: int,
    *,
    back: Image.Image | None = None,
    stamps: int | None = None,
    turn: Literal[0, 90, 180, 270] = 0,
) -> Scan:
    """Damage a clean page as ``level`` does.

    Args:
        image: the page rendered at ``dpi``.
        level: how bad it is.
        dpi: resolution of the image.
        seed: of everything that is random.
        back: the sheet's other side, which shines through; the page itself if not given.
        stamps: office stamps over the text; by the level's habit if not given.
        turn: degrees clockwise by which the sheet lay wrong on the glass.
    """
    wear, rng = LEVELS[level], np.random.default_rng((seed, dpi, len(level)))
    scale = dpi / 300
    count = int(rng.random() < wear.stamps) if stamps is None else stamps
    page = image.convert("RGB")
    for _ in range(count):
        page = _stamped(page, rng, dpi)
    ink: Pixels = np.asarray(page, dtype=np.float32) / np.float32(255)
    if wear.bleed:
        ink = _bleed(ink, page if back is None else back.convert("RGB"), wear.bleed, scale)
    matrix, angle = _lean(ink.shape[1], ink.shape[0], wear.skew, scale, rng)
    laid = cv2.warpAffine(
        ink,
        matrix,
        (ink.shape[1], ink.shape[0]),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(1.0, 1.0, 1.0),
    )
    ink = np.asarray(laid, dtype=np.float32)  # fmt: skip
    values = _toner(ink, wear.toner, rng) if wear.toner else ink
    values = _optics(values, wear, scale, rng)
    pixels = _dust(values, wear.speckle, rng)
    points = np.diag([dpi / 72, dpi / 72, 1.0])
    whole = matrix @ points
    finished = _finish(pixels, wear, rng)
    result = Scan(
        finished, tuple(float(value) for value in whole.ravel()), angle, dpi, level, seed,  # type: ignore[arg-type]
        wear.quality,
    )  # fmt: skip
    return _turned(result, turn) if turn else result


def _lean(
    width: int, height: int, skew: float, scale: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], float]:
    """A turn around the middle, a shift of the sheet and a slight error of the scanner's feed."""
    angle = float(np.clip(rng.normal(0, skew), -2.2 * skew, 2.2 * skew))
    shift = rng.normal(0, 4 * scale, 2)
    stretch = 1 + float(rng.normal(0, 0.0015))
    matrix = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle, stretch))
    matrix[:, 2] += shift
    return matrix, angle


def _bleed(ink: Pixels, back: Image.Image, share: float, scale: float) -> Pixels:
    """The other side's print, mirrored and blurred, through the sheet."""
    grey = np.asarray(back.convert("L"), dtype=np.float32)[:, ::-1] / 255
    grey = cv2.resize(grey, (ink.shape[1], ink.shape[0]), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(grey, (0, 0), 2.2 * scale)
    return np.asarray(ink * (1 - share * (1 - soft))[..., None], dtype=np.float32)


def _field(rng: np.random.Generator, shape: tuple[int, ...], cells: tuple[int, int]) -> Pixels:
    """A slowly changing field of values from 0 to 1."""
    low = rng.random(cells).astype(np.float32)
    field = cv2.resize(low, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(field, dtype=np.float32)


def _toner(ink: Pixels, amount: float, rng: np.random.Generator) -> Pixels:
    """Strokes that have become thin where the toner was short."""
    thin = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((2, 2), np.uint8))
    where = np.clip(_field(rng, ink.shape, (12, 9)) - 0.45, 0, 1)[..., None] * amount * 2
    return np.asarray(ink + (thin - ink) * where, dtype=np.float32)


def _optics(ink: Pixels, wear: Wear, scale: float, rng: np.random.Generator) -> Pixels:
    """Blur, contrast, tint of the paper, uneven light and noise; values 0 to 255."""
    sigma = wear.blur * scale
    values = cv2.GaussianBlur(ink, (0, 0), sigma, sigmaY=sigma * (1 + 0.2 * float(rng.random())))
    values = wear.ink + values * (255 - wear.ink)
    values = values * (np.array(wear.paper, np.float32) / 255)
    height, width = values.shape[:2]
    y = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None]
    x = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :]
    direction = float(rng.uniform(0, 2 * math.pi))
    slope = np.clip(x * math.cos(direction) + y * math.sin(direction) + 0.5, 0, 1.2)
    shade = slope * 0.7 + (_field(rng, values.shape, (6, 5)) - 0.5) * 0.3
    values = values * (1 - wear.light * shade)[..., None]
    grain = rng.standard_normal((height, width), dtype=np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), max(0.6 * scale, 0.3))
    values = values + (grain / float(grain.std()) * wear.noise)[..., None]
    return np.asarray(values, dtype=np.float32)


def _dust(values: Pixels, speckle: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    height, width = values.shape[:2]
    count = int(speckle * height * width / 1e6)
    rows, columns = rng.integers(2, height - 4, count), rng.integers(2, width - 4, count)
    sizes, greys = rng.integers(1, 3, count), rng.uniform(20, 140, count)
    for row, column, size, grey in zip(rows, columns, sizes, greys, strict=True):
        values[row : row + size, column : column + size] = grey
    return np.asarray(np.clip(values, 0, 255), dtype=np.uint8)


def _finish(pixels: NDArray[np.uint8], wear: Wear, rng: np.random.Generator) -> Image.Image:
    if wear.mode == "colour":
        return Image.fromarray(pixels)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if wear.mode == "grey":
        return Image.fromarray(grey)
    # A copier's drum: a dark edge on one side and a fixed threshold.
    edge = int(rng.integers(0, max(2, grey.shape[1] // 120)))
    grey[:, :edge] = 0
    return Image.fromarray(np.where(grey < 150, 0, 255).astype(np.uint8)).convert(
        "1", dither=Image.Dither.NONE
    )


def _turned(result: Scan, turn: int) -> Scan:
    """The scan of a sheet that lay turned clockwise on the glass."""
    width, height = result.image.size
    methods = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180,
               270: Image.Transpose.ROTATE_90}  # fmt: skip
    turns = {
        90: [[0, -1, height], [1, 0, 0]],
        180: [[-1, 0, width], [0, -1, height]],
        270: [[0, 1, 0], [-1, 0, width]],
    }
    whole = np.vstack([np.reshape(result.transform, (2, 3)), [0, 0, 1]])
    transform: Any = tuple(float(value) for value in (np.array(turns[turn]) @ whole).ravel())
    return replace(result, image=result.image.transpose(methods[turn]), transform=transform)


@cache
def _stamp_font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(Face.SANS_BOLD)), size)


def _stamped(page: Image.Image, rng: np.random.Generator, dpi: int) -> Image.Image:
    """An office's stamp of receipt, turned a little, over the text; its ink lets print through."""
    unit = dpi / 72
    width, height = int(120 * unit), int(52 * unit)
    stamp = Image.new("RGB", (width, height), "white")
    colour = ((176, 40, 60), (60, 50, 150), (150, 40, 120))[int(rng.integers(3))]
    pen = ImageDraw.Draw(stamp)
    edge = int(2 * unit)
    frame = (edge, edge, width - edge, height - edge)
    pen.rectangle(frame, outline=colour, width=max(1, int(1.4 * unit)))
    day, month = int(rng.integers(1, 29)), int(rng.integers(1, 13))
    rows = ("VĂN BẢN ĐẾN", f"Số: {int(rng.integers(1, 9999))}",
            f"Ngày {day:02d}/{month:02d}/{int(rng.integers(2020, 2027))}")  # fmt: skip
    for number, text in enumerate(rows):
        font = _stamp_font(int((10.5 if number == 0 else 9) * unit))
        pen.text((8 * unit, (5 + number * 14) * unit), text, fill=colour, font=font)
    turned = stamp.rotate(float(rng.normal(0, 4)), expand=True, fillcolor="white")
    x = int(rng.uniform(0.05, 0.7) * (page.width - turned.width))
    y = int(rng.uniform(0.12, 0.75) * (page.height - turned.height))
    out = page.copy()
    area = (x, y, x + turned.width, y + turned.height)
    under = np.asarray(out.crop(area), dtype=np.float32)
    strength = float(rng.uniform(0.6, 0.95))
    over = 255 - (255 - np.asarray(turned, dtype=np.float32)) * strength
    out.paste(Image.fromarray((under * over / 255).astype(np.uint8)), area)
    return out
