"""Whether a JPEG 2000 image may stand in a PDF/A-2 (ISO 19005-2, 6.2.8.3).

The boxes of the JP2 file format (ISO 15444-1, annex I) are read, nothing is
decoded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SIGNATURE: Final = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
_GREY, _SRGB, _SYCC = 17, 16, 18
_COMPONENTS: Final = {_GREY: 1, _SRGB: 3, _SYCC: 3}


@dataclass(frozen=True, slots=True)
class JpxHeader:
    """Size and number of colour channels."""

    width: int
    height: int
    components: int


def conforming_jpx(data: bytes) -> JpxHeader | None:
    """The header of a JP2 file of plain grey or RGB at 8 bits; None for all others.

    Narrower than the standard: no palette, no opacity, one enumerated colour space.
    """
    if not data.startswith(_SIGNATURE):
        return None
    header = next((body for kind, body in _boxes(data) if kind == b"jp2h"), None)
    if header is None:
        return None
    inner = list(_boxes(header))
    kinds = [kind for kind, _ in inner]
    if kinds.count(b"ihdr") != 1 or kinds.count(b"colr") != 1:
        return None
    if any(kind in (b"pclr", b"cmap", b"cdef", b"bpcc") for kind in kinds):
        return None
    size = next(body for kind, body in inner if kind == b"ihdr")
    colour = next(body for kind, body in inner if kind == b"colr")
    if len(size) < 14 or len(colour) < 7 or colour[0] != 1:
        return None
    components = int.from_bytes(size[8:10], "big")
    if size[10] != 7 or _COMPONENTS.get(int.from_bytes(colour[3:7], "big")) != components:
        return None
    height, width = int.from_bytes(size[:4], "big"), int.from_bytes(size[4:8], "big")
    return JpxHeader(width, height, components)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each box; stops at what is cut off or makes no sense."""
    at = 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, start = data[at + 4 : at + 8], at + 8
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
            start = at + 16
        end = at + length if length else len(data)
        if end < start or end > len(data):
            return
        yield kind, data[start:end]
        at = end
