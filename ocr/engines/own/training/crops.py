"""Sheets to crops with their text, through the product's own cleaning and line finder."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

import ocr.statistics
from ocr.engines.own.finder import FoundLine, find_lines
from ocr.engines.own.fitting import fit
from ocr.engines.own.training.damage import Damage
from ocr.engines.own.training.faces import Family, stamp_families
from ocr.engines.own.training.running import RunningText
from ocr.engines.own.training.seals import Seals
from ocr.engines.own.training.sheet import Manner, SetLine, Sheet, make_sheet
from ocr.engines.own.training.stamps import POINTS, Rubber
from ocr.engines.own.training.text import SignedText, TextLine, TextSource
from ocr.ports import CleanPage, Matrix, Pixels
from ocr.statistics.counts import load_counts
from ocr.treatment import WORK_DPI, clean
from ocr.treatment.paper import even_out

_SCAN_DPI: Final = (200, 200, 200, 240, 300, 300, 300, 150)
_CLEANED_SHARE: Final = 0.45
_JITTERED_SHARE: Final = 0.22
_RULED_SHARE: Final = 0.4  # of the cleaned sheets
_LEVEL_DEG: Final = 0.12  # what the cleaner leaves
_LEAN_DEG: Final = 0.8
_STAMPED_TEXT: Final = (0.6, 0.25)
"""Shares of names and of words made up in their manner."""
_INSIDE_EM: Final = 0.3
_BESIDE_EM: Final = 1.5
"""Ink of a seal that may lie beside a line and is to be read as nothing."""


@dataclass(frozen=True, slots=True)
class _Bend:
    """How letters slant more than their face, and how often and far they are narrowed.

    ``slant``: its mean, below zero to the right; ``spread``: its standard deviation.
    """

    slant: float = 0.0
    spread: float = 0.07
    slanted_share: float = 0.4
    narrowed_share: float = 0.12
    narrowest: float = 0.78


_PRINT: Final = _Bend()
_STAMP: Final = _Bend(-0.15, 0.18, 0.55, 0.5, 0.55)


@dataclass(frozen=True, slots=True)
class Crop:
    """A fitted line and what it says; ``source``: the line it is (part of)."""

    pixels: Pixels
    text: str
    source: TextLine


class CropSource:
    """Endless crops, the same for the same seed."""

    def __init__(
        self,
        seed: int,
        sealed: float = 0.0,
        stamped: float = 0.0,
        stamps: Sequence[Family] | None = None,
    ) -> None:
        """``sealed``: share of sheets that lie under coloured seals and pens.

        ``stamped``: share of names by rubber stamps; ``stamps``: what those are cut in.
        """
        self._rng = random.Random(seed)
        table = Path(ocr.statistics.__file__).with_name("syllables.npz")
        running = RunningText(load_counts(table))
        self.text = TextSource(running, self._rng)
        self._damage = Damage(seed, self._rng)
        self._sealed = sealed
        self.signed = SignedText(running, self._rng)
        self._seals = Seals(self._rng)
        self._stamped = stamped
        self._stamped_text = SignedText(running, self._rng, *_STAMPED_TEXT)
        self._rubber = Rubber(self._rng)
        self._stamps = Manner(stamp_families() if stamps is None else stamps, POINTS)

    def crops(self) -> Iterator[Crop]:
        while True:
            yield from self.sheet()

    def sheet(self) -> list[Crop]:
        """The crops of one sheet."""
        rng = self._rng
        kind = rng.random() if self._sealed or self._stamped else 1.0
        if kind < self._sealed:
            return self._under_seals()
        if kind < self._sealed + self._stamped:
            return self._as_stamps()
        dpi = float(rng.choice(_SCAN_DPI))
        cleaned = rng.random() < _CLEANED_SHARE
        jittered = rng.random() < _JITTERED_SHARE
        ruled = cleaned and not jittered and rng.random() < _RULED_SHARE
        sheet = make_sheet(self.text, dpi, rng, ruled)
        ink, matrix = self._leaning(sheet, _LEAN_DEG if cleaned else _LEVEL_DEG)
        scan = self._damage.scan(ink, dpi)
        page = clean(scan, dpi) if cleaned else _merely_evened(scan, dpi, rng)
        to_page = np.linalg.inv(page.to_source) @ matrix
        set_lines = [line for line in sheet.lines if line.words]
        if jittered:
            found = [self._jittered(page, line, to_page, dpi) for line in set_lines]
            return [crop for crop in found if crop is not None]
        return _matched(find_lines(page), set_lines, to_page, dpi, page.dpi)

    def _under_seals(self) -> list[Crop]:
        """The crops of a sheet with seals and pens over it, their colours dropped as ever."""
        rng = self._rng
        dpi = float(rng.choice(_SCAN_DPI))
        sheet = make_sheet(self.signed, dpi, rng, ruled=False)
        ink, matrix = self._leaning(sheet, _LEAN_DEG)
        scan = self._seals.press(self._damage.scan(ink, dpi), dpi)
        page = clean(scan, dpi)
        to_page = np.linalg.inv(page.to_source) @ matrix
        set_lines = [line for line in sheet.lines if line.words]
        return _matched(find_lines(page), set_lines, to_page, dpi, page.dpi, _BESIDE_EM)

    def _as_stamps(self) -> list[Crop]:
        """The crops of a sheet of names by rubber stamps, as they lie once they are levelled."""
        rng = self._rng
        dpi = float(rng.choice(_SCAN_DPI))
        sheet = make_sheet(self._stamped_text, dpi, rng, ruled=False, manner=self._stamps)
        ink, matrix = self._leaning(sheet, _LEAN_DEG, _STAMP)
        page = clean(self._damage.scan(self._rubber.press(ink, dpi), dpi), dpi)
        to_page = np.linalg.inv(page.to_source) @ matrix
        set_lines = [line for line in sheet.lines if line.words]
        return _matched(find_lines(page), set_lines, to_page, dpi, page.dpi)

    def _leaning(self, sheet: Sheet, spread: float, bend: _Bend = _PRINT) -> tuple[Pixels, Matrix]:
        """The sheet a little turned and stretched, and the map of its points."""
        rng = self._rng
        high, wide = sheet.ink.shape
        angle = math.radians(max(-1.2, min(1.2, rng.gauss(0, spread))))
        if rng.random() < 0.3:
            angle = 0.0
        across = rng.uniform(0.93, 1.07) if rng.random() < 0.35 else 1.0
        if rng.random() < bend.narrowed_share:
            across = rng.uniform(bend.narrowest, 1.15)
        # no face here slants and opens its letters as the office's own italic does
        slant = rng.gauss(bend.slant, bend.spread) if rng.random() < bend.slanted_share else 0.0
        if not angle and across == 1.0 and not slant:
            return sheet.ink, np.eye(3)
        new_wide = round(wide * across)
        tangent = math.tan(angle)
        drop = tangent * new_wide / 2
        margin = math.ceil(abs(drop))
        matrix = np.array(
            [[across, slant, -slant * high / 2], [-tangent * across, 1, drop + margin], [0, 0, 1]]
        )
        ink = cv2.warpAffine(
            sheet.ink, matrix[:2], (new_wide, high + 2 * margin), flags=cv2.INTER_LINEAR
        )
        return np.asarray(ink, np.uint8), matrix

    def _jittered(self, page: CleanPage, line: SetLine, to_page: Matrix, dpi: float) -> Crop | None:
        """A crop by the line's place, never exact, with whatever lies beside it."""
        rng = self._rng
        em = line.em * page.dpi / dpi
        left, baseline = _on_page(to_page, line.words[0].left, line.baseline)
        right, other = _on_page(to_page, line.words[-1].right, line.baseline)
        baseline = (baseline + other) / 2
        x0, x1 = left - em * rng.uniform(0.02, 0.4), right + em * rng.uniform(0.02, 0.4)
        band = page.pixels[
            max(0, round(baseline - 1.15 * em)) : max(0, round(baseline + 0.36 * em)),
            max(0, round(left)) : max(0, round(right)),
        ]
        rows = np.flatnonzero((band < 150).any(axis=1)) if band.size else np.zeros(0)
        if not len(rows) or abs(other - baseline) > 0.2 * em:
            return None
        offset = max(0, round(baseline - 1.15 * em))
        y0, y1 = offset + int(rows[0]), offset + int(rows[-1]) + 1
        y0 -= round(em * max(-0.03, rng.gauss(0.05, 0.05)))
        y1 += round(em * max(-0.03, rng.gauss(0.05, 0.05)))
        missing = max(0.0, em * rng.uniform(0.8, 1.2) - (y1 - y0))
        share = rng.uniform(0.2, 0.8)
        y0, y1 = round(y0 - missing * share), round(y1 + missing * (1 - share))
        crop = page.pixels[max(0, y0) : y1, max(0, round(x0)) : round(x1)]
        if crop.shape[0] < 5 or crop.shape[1] < 3:
            return None
        text = " ".join(word.text for word in line.words)
        return Crop(fit(np.ascontiguousarray(crop)), text, line.source)


def _merely_evened(scan: Pixels, dpi: float, rng: random.Random) -> CleanPage:
    """A page as other ways of cleaning leave it: reduced, its paper evened or not."""
    high, wide = scan.shape
    factor = WORK_DPI / dpi
    if factor != 1.0:
        size = (round(wide * factor), round(high * factor))
        method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        scan = np.asarray(cv2.resize(scan, size, interpolation=method), np.uint8)
    if rng.random() < 0.6:
        scan = even_out(scan)
    else:
        paper = float(np.percentile(scan, 80))
        scan = np.clip(scan * (250 / max(paper, 1.0)), 0, 255).astype(np.uint8)
    back = np.diag([wide / scan.shape[1], high / scan.shape[0], 1.0])
    return CleanPage(scan, WORK_DPI, (), back, 0.0)


def _on_page(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    moved = matrix @ (x, y, 1.0)
    return float(moved[0]), float(moved[1])


def _matched(
    found: Sequence[FoundLine],
    lines: Sequence[SetLine],
    to_page: Matrix,
    dpi: float,
    page_dpi: float,
    beside: float = _INSIDE_EM,
) -> list[Crop]:
    """Each found line with the words that lie in it, unless one is cut.

    ``beside``: ems of ink at its ends that no word explains.
    """
    placed = [
        (
            *_on_page(to_page, line.words[0].left, line.baseline),
            *_on_page(to_page, line.words[-1].right, line.baseline),
        )
        for line in lines
    ]
    crops = []
    for part in found:
        for line, (x0, y0, x1, y1) in zip(lines, placed, strict=True):
            em = line.em * page_dpi / dpi
            left, _, right, _ = part.ink
            slope = (y1 - y0) / max(x1 - x0, 1.0)
            if abs(y0 + slope * ((left + right) / 2 - x0) - part.baseline) > 0.3 * em:
                continue
            if right < x0 or left > x1:
                continue
            slack = _INSIDE_EM * em
            text = _text_within(line, to_page, (left, right), slack, beside * em)
            if text is not None:
                crops.append(Crop(fit(part.crop), text, line.source))
            break
    return crops


def _text_within(
    line: SetLine, to_page: Matrix, columns: tuple[float, float], slack: float, beside: float
) -> str | None:
    """The words of a line between two columns; None where a word lies only partly there."""
    left, right = columns
    inside = []
    for word in line.words:
        x0, x1 = (_on_page(to_page, x, line.baseline)[0] for x in (word.left, word.right))
        middle = (x0 + x1) / 2
        if left <= middle <= right:
            if x0 < left - slack or x1 > right + slack:
                return None
            inside.append((x0, x1, word.text))
        elif min(x1, right) - max(x0, left) > slack:
            return None
    if not inside or inside[0][0] - left > beside or right - inside[-1][1] > beside:
        return None  # nothing, or ink that no word of the line explains
    return " ".join(text for _, _, text in inside)
