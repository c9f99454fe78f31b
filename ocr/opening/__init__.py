"""Files to pages: open what was handed in and give one page after another as pixels or text.

``open_document`` is the only way in. Files are untrusted: everything that
unpacks is measured before it is unpacked, and whatever cannot be read ends
as :class:`vocabulary.errors.Stopped` with a reason code.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ocr.opening.limits import OpenLimits
from ocr.opening.pages import OpenDocument, RawPage
from ocr.opening.pdf import open_pdf
from ocr.opening.raster import RASTER_TYPES, open_raster
from vocabulary.errors import Stopped

__all__ = ["MEDIA_TYPES", "OpenDocument", "OpenLimits", "RawPage", "open_document"]

MEDIA_TYPES = ("application/pdf", *RASTER_TYPES)


@contextmanager
def open_document(
    path: Path, media_type: str, limits: OpenLimits | None = None
) -> Iterator[OpenDocument]:
    """Open a file of a known media type (by content, never by name).

    Raises:
        Stopped: ``encrypted``, ``damaged``, ``empty``, ``too_many_pages``,
            ``page_too_large``, ``decompression_bomb``, ``not_a_document``.
    """
    if media_type not in MEDIA_TYPES:
        raise Stopped("not_a_document", media_type)
    if path.stat().st_size == 0:
        raise Stopped("empty")
    opened = open_pdf if media_type == "application/pdf" else open_raster
    with opened(path, limits or OpenLimits()) as document:
        if document.page_count == 0:
            raise Stopped("empty")
        yield document
