"""Which engine reads: ``auto`` is our own line recogniser, tesseract where it cannot be loaded."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from ocr.engines.own.engine import OwnEngine
from ocr.engines.portable import PytesseractEngine
from ocr.engines.tessdata import find_tessdata
from ocr.engines.tesseract import TesserocrEngine
from ocr.ports import OcrEngine, WordChooser
from ocr.statistics import load_chooser
from vocabulary.errors import MissingPart, UsageError

EngineName = Literal["auto", "own", "tesserocr", "pytesseract"]


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """``tessdata``: folder with ``vie.traineddata``; None looks where packages put it.

    ``statistics``: whether syllable statistics choose between likely readings
    (a word they change keeps what was read in ``raw``).
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
            return OwnEngine(_chooser(choice))
        case "tesserocr":
            return TesserocrEngine(find_tessdata(choice.tessdata), _chooser(choice))
        case "pytesseract":
            return PytesseractEngine(find_tessdata(choice.tessdata), _chooser(choice))
        case "auto":
            return _open_best(choice)
    raise UsageError(
        f"Không có bộ nhận dạng tên {choice.name!r}: hãy chọn auto, own, tesserocr, pytesseract.",
        f"There is no engine {choice.name!r}: choose auto, own, tesserocr or pytesseract.",
    )


def _chooser(choice: EngineChoice) -> WordChooser | None:
    return load_chooser() if choice.statistics else None


def versions(choice: EngineChoice) -> dict[str, str]:
    """Versions of program and model, for ``made_by``."""
    return dict(open_engine(choice).versions())


def _open_best(choice: EngineChoice) -> OcrEngine:
    try:
        return OwnEngine(_chooser(choice))
    except MissingPart:
        if find_spec("tesserocr") is not None:
            return TesserocrEngine(find_tessdata(choice.tessdata), _chooser(choice))
        return PytesseractEngine(find_tessdata(choice.tessdata), _chooser(choice))
