"""Black and white codings that Pillow does not write as PDF wants them."""

import io
import struct

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile


def fax_strip(image: Image.Image) -> bytes:
    """ITU-T T.6 (Group 4) data of the whole image in one strip."""
    written = io.BytesIO()
    image.save(written, "TIFF", compression="group4", tiffinfo={278: image.height, 262: 0})
    data = written.getvalue()
    with TiffImageFile(io.BytesIO(data)) as tiff:
        (offset,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]
    return data[offset : offset + length]


def jbig2_segments(image: Image.Image) -> tuple[bytes, bytes]:
    """JBIG2 as PDF embeds it (ITU-T T.88): shared segments, and those of the page.

    The page is one generic region in MMR coding, which is Group 4 again.
    """
    comment = _segment(0, 62, 0, struct.pack(">I", 0x20000000) + b"by\0tests\0\0")
    page = struct.pack(">IIIIBH", image.width, image.height, 0, 0, 0, 0)
    region = struct.pack(">IIIIB", image.width, image.height, 0, 0, 0) + b"\x01"
    body = _segment(1, 48, 1, page) + _segment(2, 38, 1, region + fax_strip(image))
    return comment, body


def _segment(number: int, kind: int, page: int, data: bytes) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, page, len(data)) + data
