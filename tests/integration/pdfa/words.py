"""What two independent programs read from a page's text layer."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium


def pdfium_text(pdf: Path, number: int = 1) -> str:
    """All text of a page in drawing order, by PDFium."""
    with pdfium.PdfDocument(pdf) as document:
        text: str = document[number - 1].get_textpage().get_text_range()
    return text


def poppler_text(pdf: Path, number: int = 1) -> str:
    """All text of a page in the order poppler reads it (apt: poppler-utils)."""
    pages = ["-f", str(number), "-l", str(number)]
    done = subprocess.run(
        ["pdftotext", *pages, "-enc", "UTF-8", str(pdf), "-"], capture_output=True, check=True
    )
    return done.stdout.decode()


def assert_words(pdf: Path, words: Sequence[str], number: int = 1) -> None:
    """Both programs find the words in order, whole, and PDFium with one space between them."""
    assert poppler_text(pdf, number).split() == list(words)
    text = pdfium_text(pdf, number)
    lines = [line for line in text.replace("\r", "").split("\n") if line]
    assert " ".join(lines).split(" ") == list(words)
