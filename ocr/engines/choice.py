"""Which engine reads: ``auto`` is our own line recogniser, tesseract where it cannot be loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from ocr.engines.own.engine import OwnEngine
from ocr.engines.portable import PytesseractEngine
from ocr.engines.tessdata import find_tessdata
from ocr.engines.tesseract import TesserocrEngine
from ocr.ports import OcrEngine
from vocabulary.errors import MissingPart, UsageError

EngineName = Literal["auto", "own", "tesserocr", "pytesseract"]


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """``tessdata``: folder with ``vie.traineddata``; None looks where packages put it.

    ``statistics``: whether syllable statistics choose between likely readings
    (own engine; a word they change keeps what was read in ``raw``).
    """

    name: EngineName = "auto"
    tessdata: Path | None = None
    statistics: bool = True


def open_engine(choice: EngineChoice) -> OcrEngine:
    """Load an engine for this process.

    Raises:
        MissingPart: a model or library is not there; the sentence says how to get it.
        UsageError: no engine of that name.
    """
    match choice.name:
        case "own":
            return OwnEngine()
        case "tesserocr":
            return TesserocrEngine(find_tessdata(choice.tessdata))
        case "pytesseract":
            return PytesseractEngine(find_tessdata(choice.tessdata))
        case "auto":
            return _open_best(choice)
    raise UsageError(
        f"Không có bộ nhận dạng tên {choice.name!r}: hãy chọn auto, own, tesserocr, pytesseract.",
        f"There is no engine {choice.name!r}: choose auto, own, tesserocr or pytesseract.",
    )


def versions(choice: EngineChoice) -> dict[str, str]:
    """Versions of program and model, for ``made_by``."""
    return dict(_open_versions(open_engine(choice)))


def _open_versions(engine: OcrEngine) -> Mapping[str, str]:
    return engine.versions()


def _open_best(choice: EngineChoice) -> OcrEngine:
    try:
        return OwnEngine()
    except MissingPart:
        if find_spec("tesserocr") is not None:
            return TesserocrEngine(find_tessdata(choice.tessdata))
        return PytesseractEngine(find_tessdata(choice.tessdata))
