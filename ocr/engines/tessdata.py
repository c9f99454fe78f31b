"""Where tesseract's Vietnamese model lies."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Final

from vocabulary.errors import MissingPart

LANGUAGE: Final = "vie"
_PLACES: Final = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


def find_tessdata(chosen: Path | None) -> Path:
    """The folder that holds ``vie.traineddata``: as chosen, ``TESSDATA_PREFIX``, packages' places.

    Raises:
        MissingPart: nowhere; names the package to install.
    """
    prefix = os.environ.get("TESSDATA_PREFIX")
    if chosen is not None:
        places = [chosen]
    else:
        places = ([Path(prefix)] if prefix else []) + [Path(place) for place in _PLACES]
    for place in places:
        for folder in (place, place / "tessdata"):
            if (folder / f"{LANGUAGE}.traineddata").is_file():
                return folder
    where = ", ".join(str(place) for place in places)
    raise MissingPart(
        f"Thiếu mô hình tiếng Việt của tesseract (đã tìm: {where}). "
        "Hãy cài: sudo apt-get install tesseract-ocr-vie",
        f"Tesseract's Vietnamese model is missing (looked in: {where}). "
        "Install it: sudo apt-get install tesseract-ocr-vie",
        part="tesseract-ocr-vie",
    )


@lru_cache(maxsize=4)
def model_version(tessdata: Path) -> str:
    """Name and content hash of the model in use."""
    content = (tessdata / f"{LANGUAGE}.traineddata").read_bytes()
    return f"{LANGUAGE} sha256:{hashlib.sha256(content).hexdigest()[:12]}"
