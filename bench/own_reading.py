"""The product's own reading of pages, in this process; kept as long as the code stays the same."""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from bench.geometry import box_back, points_back
from bench.pages import TruePage
from bench.scoring import Placed
from bench.store import ANY, kept_record, reading_state
from ocr.engines import EngineChoice, open_engine
from ocr.engines.choice import EngineName
from ocr.opening import open_document
from ocr.opening.frames import turning
from ocr.ports import OcrEngine
from ocr.reading import read_page
from vocabulary.papers import PageReading

MEDIA_TYPE = "application/pdf"


class Reader:
    """Reads pages with one engine, or takes their readings from the store.

    ``old_ones_do``: take kept readings even where the code has changed since.
    """

    def __init__(self, engine: EngineName = "own", *, old_ones_do: bool = False) -> None:
        cv2.setNumThreads(1)
        self.name = engine
        self._state = ANY if old_ones_do else reading_state()

    def pages(self, path: Path, numbers: Sequence[int]) -> list[PageReading]:
        """Readings of some pages of a PDF."""
        file = hashlib.sha256(path.read_bytes()).hexdigest()[:24]
        return [
            PageReading.from_json(
                kept_record(
                    "readings",
                    f"{file}-{number}-{self.name}",
                    self._state,
                    lambda number=number: read_page_of(path, number, self.name).to_json(),  # type: ignore[misc]
                )
            )
            for number in numbers
        ]

    def page(self, page: TruePage) -> PageReading:
        """The reading of one page with truth."""
        return self.pages(page.pdf, [page.number])[0]


@cache
def _engine(name: EngineName) -> OcrEngine:
    return open_engine(EngineChoice(name))


def read_page_of(path: Path, number: int, engine: EngineName) -> PageReading:
    """One page of a PDF read now."""
    with open_document(path, MEDIA_TYPE) as document:
        return read_page(document, number, _engine(engine))


def placed(reading: PageReading, page: TruePage, *, raw: bool = False) -> list[Placed]:
    """What was read, on the page as it was before it was scanned.

    Args:
        reading: in points of the upright page.
        page: knows where the scanner put its points.
        raw: what the engine itself read, before statistics chose.
    """
    shown = np.linalg.inv(turning(*_shown_size(reading), reading.rotation))
    back = points_back(page) @ shown
    return [
        Placed((word.raw or word.text) if raw else word.text, box_back(back, word.box))
        for word in reading.words
    ]


def _shown_size(reading: PageReading) -> tuple[float, float]:
    if reading.rotation in (90, 270):
        return reading.height_pt, reading.width_pt
    return reading.width_pt, reading.height_pt
