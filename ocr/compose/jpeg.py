"""What a JPEG's header says, read without decoding (ITU-T T.81, annex B)."""

import struct
from dataclasses import dataclass
from typing import Final

_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended and progressive Huffman
_OTHER_FRAMES: Final = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """Size and colours of a JPEG that PDF readers decode."""

    width: int
    height: int
    components: int


def jpeg_header(data: bytes) -> JpegHeader | None:
    """The header of a JPEG of 8 bits a sample; None where DCTDecode may not cope with it."""
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _FRAMES and at + 10 <= len(data):
            bits, height, width, components = struct.unpack(">BHHB", data[at + 4 : at + 10])
            sound = bits == 8 and width and height and components in (1, 3, 4)
            return JpegHeader(width, height, components) if sound else None
        if marker in _OTHER_FRAMES or marker in (0xD9, 0xDA) or length < 2:
            return None
        at += 2 + length
    return None
