"""Tesseract as a separate program: works wherever there is a tesseract, at some cost."""

import os
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
from PIL import Image

from ocr.engines.tessdata import LANGUAGE, model_version
from ocr.engines.tesseract import _lines, densest_strip
from ocr.plausible_words import legibility_of
from ocr.ports import CleanPage, ReadLine, ReadWord, WordChooser
from vocabulary.errors import MissingPart, Stopped
from vocabulary.text import nfc

_TIME_LIMIT_S: Final = 60
_SAME_SIGNS: Final = str.maketrans({"⁄": "/", "Ð": "Đ", "—": "–"})


class PytesseractEngine:
    """Tesseract's command line through pytesseract."""

    name = "pytesseract"

    def __init__(self, tessdata: Path, chooser: WordChooser | None = None) -> None:
        self.chooser = chooser
        try:
            import pytesseract
        except ImportError as error:
            raise MissingPart(
                "Thiếu thư viện pytesseract. Hãy chạy: make setup",
                "The library pytesseract is missing. Run: make setup",
                part="pytesseract",
            ) from error
        self._pytesseract = pytesseract
        self._tessdata = tessdata
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        try:
            self._version = str(pytesseract.get_tesseract_version())
        except pytesseract.TesseractNotFoundError as error:
            raise MissingPart(
                "Thiếu chương trình tesseract. Hãy cài: sudo apt-get install tesseract-ocr",
                "The program tesseract is missing. Install it: sudo apt-get install tesseract-ocr",
                part="tesseract-ocr",
            ) from error

    def read(self, page: CleanPage) -> tuple[ReadLine, ...]:
        table = self._table(page.pixels, page.dpi)
        grouped: dict[tuple[int, int, int], list[ReadWord]] = {}
        for index, text in enumerate(table["text"]):
            confidence = float(table["conf"][index])
            if not text.strip() or confidence < 0:
                continue
            left, top = float(table["left"][index]), float(table["top"][index])
            box = (
                left,
                top,
                left + float(table["width"][index]),
                top + float(table["height"][index]),
            )
            key = (table["block_num"][index], table["par_num"][index], table["line_num"][index])
            word = ReadWord(nfc(text.strip()).translate(_SAME_SIGNS), box, confidence)
            grouped.setdefault(key, []).append(word)
        lines: list[ReadLine] = []
        for words in grouped.values():
            lines.extend(_lines(words, _baseline(words)))
        return tuple(lines)

    def legibility(self, page: CleanPage) -> float:
        table = self._table(
            densest_strip(page), page.dpi, psm=6
        )  # 3 would turn the strip by itself
        words = [nfc(text.strip()) for text in table["text"] if text.strip()]
        confidences = [float(value) for value in table["conf"] if float(value) >= 0]
        if not confidences:
            return 0.0
        return legibility_of(words, float(np.mean(confidences)) / 100)

    def versions(self) -> Mapping[str, str]:
        return {"tesseract": self._version, "model": model_version(self._tessdata)}

    def _table(
        self, pixels: np.ndarray[Any, np.dtype[np.uint8]], dpi: float, psm: int = 3
    ) -> dict[str, Any]:
        try:
            table: dict[str, Any] = self._pytesseract.image_to_data(
                Image.fromarray(pixels),
                lang=LANGUAGE,
                config=f'--tessdata-dir "{self._tessdata}" --psm {psm} --dpi {round(dpi)}',
                timeout=_TIME_LIMIT_S,
                output_type=self._pytesseract.Output.DICT,
            )
        except (self._pytesseract.TesseractError, RuntimeError) as error:
            raise Stopped("engine_failed", str(error)) from error
        return table


def _baseline(words: list[ReadWord]) -> tuple[float, ...]:
    """A level line under the words; descenders reach below it, so the median bottom counts."""
    resting = [word.box[3] for word in words if not set(word.text) & set("gjpqy,;()Q")]
    bottom = median(resting or [word.box[3] for word in words])
    return (words[0].box[0], bottom, words[-1].box[2], bottom)
