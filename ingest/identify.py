"""What a file is, told by its content; names and declared types are not believed."""

import os
from pathlib import Path
from typing import BinaryIO, Final

from vocabulary.errors import Stopped

PDF: Final = "application/pdf"
ZIP: Final = "application/zip"
TIFF: Final = "image/tiff"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
JP2: Final = "image/jp2"

SUFFIXES: Final = {
    PDF: ".pdf", ZIP: ".zip", TIFF: ".tif", JPEG: ".jpg", PNG: ".png", WEBP: ".webp", JP2: ".jp2",
}  # fmt: skip

_PDF_WINDOW: Final = 1024
"""PDF readers accept a header within the first kilobyte (ISO 32000-1, annex H.3, note 13);
real decisions come with 21 foreign bytes before it (transport prefix)."""


def media_type(path: Path) -> str:
    """The media type of the file at ``path``.

    Raises:
        Stopped: ``empty`` for no bytes at all, ``not_a_document`` for any other kind.
    """
    with path.open("rb") as stream:
        head, tail = ends_of(stream)
    found = media_type_of(head, tail)
    if found is None:
        raise Stopped("empty" if not head else "not_a_document")
    return found


def ends_of(stream: BinaryIO) -> tuple[bytes, bytes]:
    """The first and the last kilobyte of a file."""
    head = stream.read(_PDF_WINDOW)
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _PDF_WINDOW))
    return head, stream.read(_PDF_WINDOW)


def media_type_of(head: bytes, tail: bytes = b"") -> str | None:
    """The media type of a file with these ends, None for a kind that is not handled.

    A PDF that has lost its first line is still one by its last: it is told as damaged,
    or mended, rather than called no document.
    """
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return TIFF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith((b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")):
        return JP2
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ZIP
    if b"%PDF-" in head or (b"startxref" in tail and b"%%EOF" in tail):
        return PDF
    return None
