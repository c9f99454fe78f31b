"""The programs that are measured, and how their words are taken out."""

import contextlib
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path
from typing import Final

from bench.scoring import Placed
from bench.store import digest, kept_record, state_of
from ocr.engines.tessdata import find_tessdata, model_version
from vocabulary.errors import MissingPart
from vocabulary.papers import Box

OCRMYPDF_VERSION: Final = "17.13.0"
VENV: Final = Path(".cache/bench-venv")
OUT: Final = Path("bench/out")
SOHOA: Final = Path(sys.executable).parent / "sohoa"


def environment() -> dict[str, str]:
    """The caller's environment without settings that would help or hinder one side."""
    dropped = ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "TESSDATA_PREFIX")
    return {key: value for key, value in os.environ.items() if key not in dropped}


def need(program: str, package: str) -> None:
    """Complain with the package's name where a program is missing."""
    if shutil.which(program) is None:
        raise MissingPart(
            f"Thiếu {program}. Hãy cài đặt: sudo apt-get install {package}",
            f"{program} is missing. Install it with: sudo apt-get install {package}",
            package=package,
        )


def ocrmypdf() -> Path:
    """OCRmyPDF at its pinned version in a throw-away environment of its own."""
    need("tesseract", "tesseract-ocr tesseract-ocr-vie")
    program = VENV / "bin" / "ocrmypdf"
    wanted = f"ocrmypdf=={OCRMYPDF_VERSION}"
    if program.is_file():
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        if version.stdout.strip() == OCRMYPDF_VERSION:
            return program
    print(f"bench: installing {wanted} into {VENV} ...", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    subprocess.run([VENV / "bin" / "python", "-m", "pip", "install", "--quiet", wanted], check=True)
    return program


def pdf_words(path: Path) -> dict[int, list[Placed]]:
    """The text layer's words by page, as poppler finds them, in points from the top left."""
    need("pdftotext", "poppler-utils")
    done = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], capture_output=True, check=True
    )  # fmt: skip
    # XML 1.0 has no control characters, a text layer may.
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", done.stdout.decode("utf-8", "replace"))
    space = "{http://www.w3.org/1999/xhtml}"
    found: dict[int, list[Placed]] = {}
    root = ElementTree.fromstring(text)
    for number, page in enumerate(root.iter(f"{space}page"), start=1):
        found[number] = [
            Placed(
                word.text or "",
                Box(*(float(word.attrib[key]) for key in ("xMin", "yMin", "xMax", "yMax"))),
            )
            for word in page.iter(f"{space}word")
        ]
    return found


@cache
def tesseract_version() -> str:
    """Version of the tesseract that is measured, and of its Vietnamese model."""
    need("tesseract", "tesseract-ocr tesseract-ocr-vie")
    done = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True)
    return f"{done.stdout.splitlines()[0]} {model_version(find_tessdata(None))}"


def tesseract_words(image: Path, dpi: int) -> list[tuple[str, Box]]:
    """What plain ``tesseract -l vie`` reads from one image, one thread; boxes in pixels."""
    need("tesseract", "tesseract-ocr tesseract-ocr-vie")
    done = subprocess.run(
        ["tesseract", image, "-", "-l", "vie", "--dpi", str(dpi), "tsv"],
        capture_output=True, text=True, check=True,
        env={**environment(), "OMP_THREAD_LIMIT": "1"},
    )  # fmt: skip
    words = []
    for row in csv.reader(done.stdout.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        with contextlib.suppress(ValueError):
            if len(row) == 12 and row[0] == "5" and row[11].strip():
                x, y, width, height = (float(value) for value in row[6:10])
                words.append((row[11], Box(x, y, x + width, y + height)))
    return words


def tesseract_of_pdf(path: Path, number: int, dpi: int = 300) -> list[str]:
    """What plain tesseract reads from a page of a PDF rendered as people would; kept."""
    need("pdftoppm", "poppler-utils")
    name = digest("page", state_of([path]), number, dpi)

    def read() -> list[str]:
        with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as folder:
            target = Path(folder) / "page"
            subprocess.run(
                ["pdftoppm", "-r", str(dpi), "-f", str(number), "-l", str(number), "-png",
                 "-singlefile", path, target],
                check=True, capture_output=True,
            )  # fmt: skip
            return [text for text, _ in tesseract_words(target.with_suffix(".png"), dpi)]

    words: list[str] = kept_record("tesseract", name, tesseract_version(), read)
    return words


def write_report(name: str, report: object) -> Path:
    """Keep a report as bench/out/<name>.json."""
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"{name}.json"
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
