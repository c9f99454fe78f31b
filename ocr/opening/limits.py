"""What a page and a file may cost before they are turned away."""

from dataclasses import dataclass
from typing import Final

from vocabulary.errors import Stopped

ENOUGH_DPI: Final = 180.0
"""A page read at less than this, though its image has more, is flagged ``reduced``."""


@dataclass(frozen=True, slots=True)
class OpenLimits:
    """Bounds on untrusted input; the defaults fit 60 CPU s and 1.5 GiB for a file.

    ``max_pixels``: of one page image that has to be decoded whole.
    ``max_side_pt``: longest side of a page in points (PDF 1.7 annex C: 14,400).
    ``read_pixels``: pixels that recognition works on; larger pages are reduced (flag ``reduced``).
    ``max_content_bytes``: of one page's unpacked drawing instructions.
    """

    max_pages: int = 5000
    max_pixels: int = 120_000_000
    max_side_pt: float = 14_400.0
    read_pixels: int = 20_000_000
    max_content_bytes: int = 64_000_000

    def check_pixels(self, width: int, height: int, *, packed: int, page: int) -> None:
        """Stop at an image too large to decode; ``packed``: its bytes in the file.

        Real scans this large hold a byte for some tens of pixels; what is far
        emptier was made to exhaust memory.
        """
        pixels = width * height
        if pixels <= self.max_pixels:
            return
        note = f"{width} x {height} pixels"
        if packed * 500 < pixels:
            raise Stopped("decompression_bomb", note, page=page)
        raise Stopped("page_too_large", note, page=page)
