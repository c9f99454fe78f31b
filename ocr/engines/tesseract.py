"""Tesseract in process: one API object a process, one thread, psm 3.

psm 3 reads running text best on real decisions (psm 11 loses diacritics:
WER 6.25 against 11.5).
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
from PIL import Image

from ocr.engines.tessdata import LANGUAGE, model_version
from ocr.plausible_words import legibility_of
from ocr.ports import CleanPage, ReadLine, ReadWord, WordChooser
from vocabulary.errors import MissingPart, Stopped
from vocabulary.text import nfc

os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # read when the library is loaded

_COLUMN_GAP_EM: Final = 1.6
_SAME_SIGNS: Final = str.maketrans({"⁄": "/", "Ð": "Đ", "—": "–"})
_SAMPLE_HEIGHT_IN: Final = 1.6


class TesserocrEngine:
    """Tesseract's LSTM with its Vietnamese model, through tesserocr."""

    name = "tesserocr"

    def __init__(self, tessdata: Path, chooser: WordChooser | None = None) -> None:
        self.chooser = chooser
        try:
            import tesserocr
        except ImportError as error:
            raise MissingPart(
                "Thiếu thư viện tesserocr. Hãy chạy: make setup",
                "The library tesserocr is missing. Run: make setup",
                part="tesserocr",
            ) from error
        self._tesserocr = tesserocr
        self._tessdata = tessdata
        tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
        try:
            self._api: Any = tesserocr.PyTessBaseAPI(
                path=f"{tessdata}/", lang=LANGUAGE, psm=tesserocr.PSM.AUTO
            )
        except RuntimeError as error:
            raise MissingPart(
                f"Không nạp được mô hình trong {tessdata}. "
                "Hãy cài lại: sudo apt-get install --reinstall tesseract-ocr-vie",
                f"The model in {tessdata} cannot be loaded. "
                "Install it again: sudo apt-get install --reinstall tesseract-ocr-vie",
                part="tesseract-ocr-vie",
            ) from error

    def read(self, page: CleanPage) -> tuple[ReadLine, ...]:
        self._recognise(page.pixels, page.dpi)
        level = self._tesserocr.RIL
        lines: list[ReadLine] = []
        words: list[ReadWord] = []
        baseline: tuple[float, ...] = (0.0,) * 4
        iterator = self._api.GetIterator()
        if iterator is None:
            return ()
        for item in self._tesserocr.iterate_level(iterator, level.WORD):
            if item.IsAtBeginningOf(level.TEXTLINE):
                lines.extend(_lines(words, baseline))
                words = []
                (x0, y0), (x1, y1) = item.Baseline(level.TEXTLINE) or ((0, 0), (0, 0))
                baseline = (x0, y0, x1, y1)
            box = item.BoundingBox(level.WORD)
            text = nfc(_text_of(item, level.WORD).strip()).translate(_SAME_SIGNS)
            if box is not None and text:
                confidence = float(item.Confidence(level.WORD))
                words.append(ReadWord(text, tuple(float(v) for v in box), confidence))  # type: ignore[arg-type]
        lines.extend(_lines(words, baseline))
        return tuple(lines)

    def legibility(self, page: CleanPage) -> float:
        """Share of plausible words in the densest strip of the page, weighed by confidence."""
        strip = densest_strip(page)
        # psm 3 would turn the strip by itself
        self._api.SetPageSegMode(self._tesserocr.PSM.SINGLE_BLOCK)
        try:
            self._recognise(strip, page.dpi)
        finally:
            self._api.SetPageSegMode(self._tesserocr.PSM.AUTO)
        confidences = self._api.AllWordConfidences()
        if not confidences:
            return 0.0
        surety = float(np.mean(confidences)) / 100
        return legibility_of(nfc(self._api.GetUTF8Text()).split(), surety)

    def versions(self) -> Mapping[str, str]:
        version = self._tesserocr.tesseract_version().split("\n")[0].removeprefix("tesseract ")
        return {"tesseract": version, "model": model_version(self._tessdata)}

    def _recognise(self, pixels: np.ndarray[Any, np.dtype[np.uint8]], dpi: float) -> None:
        try:
            self._api.SetImage(Image.fromarray(pixels))
            self._api.SetSourceResolution(round(dpi))
            done = self._api.Recognize()
        except RuntimeError as error:
            raise Stopped("engine_failed", str(error)) from error
        if not done:
            raise Stopped("engine_failed", "tesseract gave up on the page")


def densest_strip(page: CleanPage) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A strip of the page, a few lines high, where there is most ink."""
    ink = (page.pixels < 140).sum(axis=1).astype(np.float64)
    height = min(len(ink), max(32, int(page.dpi * _SAMPLE_HEIGHT_IN)))
    sums = np.convolve(ink, np.ones(height), mode="valid")
    top = int(sums.argmax())
    return np.ascontiguousarray(page.pixels[top : top + height])


def _lines(words: list[ReadWord], baseline: tuple[float, ...]) -> list[ReadLine]:
    """One of tesseract's lines, cut where a gap is wide enough to part columns."""
    if not words:
        return []
    x0, y0, x1, y1 = baseline
    slope = (y1 - y0) / (x1 - x0) if x1 > x0 else 0.0
    size = font_size(words, slope, x0, y0)
    pieces: list[list[ReadWord]] = [[words[0]]]
    for word in words[1:]:
        if word.box[0] - pieces[-1][-1].box[2] > _COLUMN_GAP_EM * size:
            pieces.append([])
        pieces[-1].append(word)
    lines = []
    for piece in pieces:
        left, right = piece[0].box[0], piece[-1].box[2]
        lines.append(
            ReadLine(
                tuple(piece),
                (left, y0 + slope * (left - x0), right, y0 + slope * (right - x0)),
                size,
            )
        )
    return lines


def font_size(words: list[ReadWord], slope: float, x0: float, y0: float) -> float:
    """Font size in pixels from how far words rise above their baseline.

    Times: capitals and ascenders 0.67 em, with a tone mark up to 0.95, small letters 0.45.
    """
    sizes = []
    for word in words:
        rise = y0 + slope * (word.box[0] - x0) - word.box[1]
        sizes.append(rise / rise_of(word.text))
    return max(4.0, median(sizes))


_TALL: Final = re.compile(r"[A-ZĐ0-9bdđfhklt()\[\]/|]")


def rise_of(text: str) -> float:
    """How far a word rises above the baseline, in em, by its tallest letter (Times)."""
    marked_capital = any(char.isupper() and not char.isascii() and char != "Đ" for char in text)
    if marked_capital:
        return 0.9
    marked = any(char.islower() and not char.isascii() and char not in "đơư" for char in text)
    if _TALL.search(text) or marked:
        return 0.68
    return 0.46


def _text_of(item: Any, level: Any) -> str:
    """A word's text; none for a picture, where tesserocr raises instead of saying so."""
    try:
        return item.GetUTF8Text(level) or ""
    except RuntimeError:
        return ""
