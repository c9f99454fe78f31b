"""What print, paper and scanner do to a sheet: from ink to a grey scan."""

import random
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ocr.ports import Pixels

_NOISE_SIZE: Final = 1400
_TYPICAL_EM_PT: Final = 13.0
_HOLLOW_SHARE: Final = 0.03
"""Of sheets: letters whose ink was pressed to their edges, as a rubber stamp's."""
_COVERED_SHARE: Final = 0.4
"""Of sheets with arcs: a seal lies over the text and is dropped with its colour."""


class Damage:
    """Damages sheet after sheet, the same way for the same seed."""

    def __init__(self, seed: int, rng: random.Random) -> None:
        self._rng = rng
        grain = np.random.default_rng(seed)
        white = grain.normal(0, 1, (_NOISE_SIZE, _NOISE_SIZE)).astype(np.float32)
        soft = cv2.GaussianBlur(white, (0, 0), 0.8)
        softer = cv2.GaussianBlur(white, (0, 0), 1.4)
        self._noises = tuple(noise / noise.std() for noise in (white, soft, softer))
        self._previous: Pixels | None = None

    def scan(self, ink: Pixels, dpi: float) -> Pixels:
        """The sheet as a scanner gives it, dark on light."""
        rng = self._rng
        printed = self._printed(ink, dpi / 200)
        paper = rng.randint(205, 255)
        black = rng.choice((0, 0, rng.randint(0, 60), rng.randint(20, 110)))
        grey = paper - printed.astype(np.float32) * ((paper - black) / 255)
        self._shine_through(grey, dpi, paper)
        self._previous = ink
        self._lighting(grey)
        self._specks(grey, dpi)
        if rng.random() < 0.8:
            self._add_noise(grey)
        scan = np.asarray(np.clip(grey, 0, 255), dtype=np.uint8)
        if rng.random() < 0.5:
            quality = rng.randint(35, 88)
            _, packed = cv2.imencode(".jpg", scan, [cv2.IMWRITE_JPEG_QUALITY, quality])
            scan = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
        if rng.random() < 0.05:
            level = int(black + (paper - black) * rng.uniform(0.4, 0.72))
            scan = np.asarray(cv2.threshold(scan, level, 255, cv2.THRESH_BINARY)[1], np.uint8)
        return scan

    def _printed(self, ink: Pixels, scale: float) -> Pixels:
        """Strokes fattened, thinned, blurred, resampled: toner, optics and copies of copies."""
        rng = self._rng
        chance = rng.random()
        if chance < 0.13:
            kernel = np.ones((2, 2) if rng.random() < 0.5 else (1, 2), np.uint8)
            ink = np.asarray(cv2.dilate(ink, kernel), np.uint8)
        elif chance < 0.27:
            thin = cv2.erode(ink, np.ones(rng.choice(((1, 2), (2, 1), (2, 2))), np.uint8))
            share = rng.uniform(0.3, 0.9) if scale > 1 else rng.uniform(0.2, 0.7)
            ink = np.asarray(cv2.addWeighted(ink, 1 - share, thin, share, 0), np.uint8)
        if rng.random() < _HOLLOW_SHARE:
            inside = cv2.erode(ink, np.ones((3, 3), np.uint8), iterations=max(1, round(scale)))
            hollow = cv2.addWeighted(ink, 1, inside, -rng.uniform(0.3, 0.8), 0)
            ink = np.asarray(hollow, np.uint8)
        if rng.random() < 0.25:
            ink = self._uneven(ink, scale)
        if rng.random() < 0.88:
            low, high = (0.2, 0.8) if rng.random() < 0.7 else (0.7, 1.25)
            blur = rng.uniform(low, high) * scale
            across = blur * rng.uniform(0.85, 1.2)
            ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), across, sigmaY=blur), np.uint8)
        if rng.random() < 0.15:
            ink = self._resampled(ink)
        if rng.random() < 0.12:
            low = rng.randint(10, 80)
            span = rng.randint(110, 255 - low + 20)
            curve = np.clip((np.arange(256) - low) * 255 / span, 0, 255).astype(np.uint8)
            ink = np.asarray(cv2.LUT(ink, curve), np.uint8)
        return ink

    def _uneven(self, ink: Pixels, scale: float) -> Pixels:
        """Toner that fades in patches and breaks thin strokes."""
        rng = self._rng
        high, wide = ink.shape
        cell = max(3, round(rng.uniform(2, 14) * scale))
        rows, columns = -(-high // cell), -(-wide // cell)
        y = rng.randrange(max(1, _NOISE_SIZE - rows))
        x = rng.randrange(max(1, _NOISE_SIZE - columns))
        patch = self._noises[0][y : y + rows, x : x + columns]
        field = cv2.resize(patch, (wide, high), interpolation=cv2.INTER_LINEAR)
        strength = rng.uniform(0.05, 0.3)
        kept = np.clip(1 - strength * np.maximum(field, 0), 0.15, 1)
        return np.asarray(ink * kept, dtype=np.uint8)

    def _resampled(self, ink: Pixels) -> Pixels:
        rng = self._rng
        high, wide = ink.shape
        factor = rng.uniform(0.55, 0.88)
        small = cv2.resize(
            ink,
            (max(4, round(wide * factor)), max(8, round(high * factor))),
            interpolation=rng.choice((cv2.INTER_AREA, cv2.INTER_LINEAR)),
        )
        method = rng.choice((cv2.INTER_CUBIC, cv2.INTER_LINEAR))
        return np.asarray(cv2.resize(small, (wide, high), interpolation=method), np.uint8)

    def _shine_through(self, grey: npt.NDArray[np.float32], dpi: float, paper: int) -> None:
        """The back of the sheet, and arcs of stamps and pens."""
        rng = self._rng
        high, wide = grey.shape
        if self._previous is not None and rng.random() < 0.12:
            back = cv2.GaussianBlur(self._previous[:, ::-1], (0, 0), 1.8 * dpi / 200)
            rows, columns = min(high, back.shape[0]), min(wide, back.shape[1])
            grey[:rows, :columns] -= back[:rows, :columns] * rng.uniform(0.02, 0.14)
        if rng.random() < 0.35:
            em = _TYPICAL_EM_PT * dpi / 72
            arcs = np.zeros((high, wide), np.uint8)
            for _ in range(rng.randint(1, 4)):
                middle = (rng.randint(0, wide), rng.randint(-high // 2, high + high // 2))
                axes = (round(em * rng.uniform(1, 6)), round(em * rng.uniform(1, 6)))
                thick = rng.randint(1, max(2, round(em / 8)))
                cv2.ellipse(arcs, middle, axes, rng.uniform(0, 180), 0, 360, 255, thick)
            soft = cv2.GaussianBlur(arcs, (0, 0), 0.8)
            if rng.random() < _COVERED_SHARE:
                # what a seal covers is gone with its colour, up to a shadow of it
                grey += (paper - grey) * (soft / 255) * rng.uniform(0.75, 1)
            else:
                grey -= soft * rng.uniform(0.08, 0.5)

    def _lighting(self, grey: npt.NDArray[np.float32]) -> None:
        rng = self._rng
        high, wide = grey.shape
        if rng.random() < 0.35:
            ends = rng.uniform(0.8, 1), rng.uniform(0.8, 1)
            grey *= np.linspace(*ends, wide, dtype=np.float32)[None]
        if rng.random() < 0.15:
            ends = rng.uniform(0.85, 1), rng.uniform(0.85, 1)
            grey *= np.linspace(*ends, high, dtype=np.float32)[:, None]

    def _add_noise(self, grey: npt.NDArray[np.float32]) -> None:
        rng = self._rng
        high, wide = grey.shape
        noise = rng.choice(self._noises)
        strength = rng.uniform(1, 7) if rng.random() < 0.7 else rng.uniform(6, 16)
        for top in range(0, high, _NOISE_SIZE):
            for left in range(0, wide, _NOISE_SIZE):
                part = grey[top : top + _NOISE_SIZE, left : left + _NOISE_SIZE]
                y = rng.randint(0, _NOISE_SIZE - part.shape[0])
                x = rng.randint(0, _NOISE_SIZE - part.shape[1])
                part += noise[y : y + part.shape[0], x : x + part.shape[1]] * strength

    def _specks(self, grey: npt.NDArray[np.float32], dpi: float) -> None:
        rng = self._rng
        if rng.random() >= 0.2:
            return
        high, wide = grey.shape
        for _ in range(round(rng.uniform(5, 90) * high * wide / 1e6 * (200 / dpi))):
            size = rng.randint(1, 2)
            y, x = rng.randint(0, high - 1), rng.randint(0, wide - 1)
            grey[y : y + size, x : x + size] = rng.randint(0, 160)
