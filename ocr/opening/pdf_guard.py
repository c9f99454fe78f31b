"""Measures what a PDF page unpacks to before PDFium is let near it.

Four kilobytes of nested Flate unpack to 2 GiB and abort PDFium (measured);
so drawing instructions are unpacked here first, piece by piece, and dropped.
"""

import zlib
from collections.abc import Iterator
from typing import Final

import pikepdf

from ocr.opening.limits import OpenLimits
from vocabulary.errors import Stopped

_PIECE: Final = 1 << 20
_MAX_STREAMS: Final = 2000


def check_contents(page: pikepdf.Page, limits: OpenLimits, number: int) -> None:
    """Stop at a page whose drawing instructions unpack to more than is sensible.

    Raises:
        Stopped: ``decompression_bomb``.
    """
    left = limits.max_content_bytes
    for stream in _content_streams(page):
        left -= _unpacked_size(stream, left)
        if left < 0:
            raise Stopped("decompression_bomb", "page contents", page=number)


def _content_streams(page: pikepdf.Page) -> Iterator[pikepdf.Object]:
    contents = page.obj.get("/Contents")
    if isinstance(contents, pikepdf.Stream):
        yield contents
    elif isinstance(contents, pikepdf.Array):
        for index in range(min(len(contents), _MAX_STREAMS)):
            part = contents[index]
            if isinstance(part, pikepdf.Stream):
                yield part


def _unpacked_size(stream: pikepdf.Object, limit: int) -> int:
    """Size after all Flate filters; of other filters (which grow little) before them."""
    try:
        raw = bytes(stream.read_raw_bytes())
        filters = stream.get("/Filter")
    except (pikepdf.PdfError, RuntimeError):
        return 0  # unreadable: PDFium draws nothing from it either
    if filters is None:
        return len(raw)
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(f) for f in filters]
    pieces: Iterator[bytes] = iter((raw,))
    for name in names:
        if name not in ("/FlateDecode", "/Fl"):
            break
        pieces = _inflate(pieces)
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            break
    return size


def _inflate(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack lazily, never more than one piece at a time; damage ends the stream."""
    unpacker = zlib.decompressobj()
    try:
        for piece in pieces:
            pending = piece
            while pending and not unpacker.eof:
                yield unpacker.decompress(pending, _PIECE)
                pending = unpacker.unconsumed_tail
    except zlib.error:
        return
