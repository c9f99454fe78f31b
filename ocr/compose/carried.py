"""The image of a scan page taken over into the new file without decoding it.

Only what PDF/A-2 forbids is left behind (interpolation, alternates, foreign
metadata); an image whose samples PDF/A cannot show as they are is refused.
"""

import zlib
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from ocr.compose.jpeg import jpeg_header
from ocr.compose.jpx import conforming_jpx
from ocr.compose.srgb import usable_profile

_KEPT: Final = {
    "/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Decode",
    "/ImageMask", "/Filter", "/DecodeParms", "/Length",
}  # fmt: skip
_LOSSLESS: Final = {
    "/FlateDecode", "/CCITTFaxDecode", "/JBIG2Decode", "/RunLengthDecode", "/LZWDecode",
    "/ASCII85Decode", "/ASCIIHexDecode",
}  # fmt: skip
_REFUSED: Final = ("/SMask", "/Mask", "/SMaskInData", "/F", "/FFilter")


def carry_image(pdf: Pdf, image: Stream) -> Object | None:
    """The image as an object of ``pdf``, its encoded bytes untouched; None where it cannot be.

    ``image`` belongs to the source file, which is only read from here on: what
    is not kept is taken out of its dictionary.
    """
    try:
        if not _carriable(image):
            return None
    except (
        pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, IndexError,
        zlib.error,
    ):  # fmt: skip
        return None  # nonsense in it: PDFium shows what can be shown
    for key in list(image.keys()):
        if key not in _KEPT:
            del image[key]
    _plainly_said(image)
    return pdf.copy_foreign(image)


def _plainly_said(image: Stream) -> None:
    """A list of one filter as that filter: qpdf would encode such a stream anew."""
    for key in (Name.Filter, Name.DecodeParms, Name.ColorSpace):
        value = image.get(key)
        if isinstance(value, Array) and len(value) == 1:
            if isinstance(value[0], Name | Dictionary):
                image[key] = value[0]
            else:
                del image[key]  # the null of a filter without parameters


def _carriable(image: Stream) -> bool:
    if any(key in image and image[key] != 0 for key in _REFUSED):
        return False
    width, height = int(image.Width), int(image.Height)
    filters = _filters(image)
    if width < 1 or height < 1:
        return False
    components = 1 if image.get(Name.ImageMask, False) else _components(image)
    if filters == ["/JPXDecode"]:
        header = conforming_jpx(image.read_raw_bytes())
        stated = components if Name.ColorSpace in image else None
        return (
            header is not None
            and (header.width, header.height) == (width, height)
            and stated in (None, header.components)
        )
    if components is None:
        return False
    bits = 1 if image.get(Name.ImageMask, False) else int(image.get(Name.BitsPerComponent, 8))
    if bits not in (1, 2, 4, 8, 16) or not _decode_fits(image, components):
        return False
    if "/DCTDecode" in filters:
        return _plain_jpeg(image, filters, (width, height, components))
    if "/LZWDecode" in filters:
        image.read_bytes()  # it will be written anew: it must be sound
    return all(name in _LOSSLESS for name in filters) and len(image.read_raw_bytes()) > 0


def _filters(image: Stream) -> list[str]:
    filters = image.get(Name.Filter)
    if filters is None:
        return []
    return [str(filters)] if isinstance(filters, Name) else [str(name) for name in filters]


def _plain_jpeg(image: Stream, filters: list[str], stated: tuple[int, int, int]) -> bool:
    """A JPEG that says of itself what the image's dictionary says of it."""
    data = image.read_raw_bytes()
    if filters == ["/FlateDecode", "/DCTDecode"]:
        data = zlib.decompressobj().decompress(data, len(data) * 4 + 4096)
    elif filters != ["/DCTDecode"]:
        return False
    header = jpeg_header(data)
    return header is not None and (header.width, header.height, header.components) == stated


def _decode_fits(image: Stream, components: int) -> bool:
    decode = image.get(Name.Decode)
    return decode is None or len(decode) == 2 * components


def _components(image: Stream) -> int | None:
    """Samples a pixel of a colour space that PDF/A takes; None for all others."""
    space = image.get(Name.ColorSpace)
    if isinstance(space, Array) and len(space) == 1:
        space = space[0]
    if not isinstance(space, Array):
        return _components_of(space)
    if space[0] in (Name.Indexed, Name.I):
        return 1 if _sound_palette(space) else None
    return _components_of(space)


def _components_of(space: Object | None) -> int | None:
    if space in (Name.DeviceGray, Name.G):
        return 1
    if space in (Name.DeviceRGB, Name.RGB):
        return 3
    if not isinstance(space, Array) or len(space) < 2:
        return None
    if space[0] == Name.ICCBased:
        components = int(space[1].N)
        return components if _sound_profile(space[1], components) else None
    if space[0] in (Name.CalGray, Name.CalRGB) and isinstance(space[1], Dictionary):
        return 1 if space[0] == Name.CalGray else 3
    return None


def _sound_profile(stream: Object, components: int) -> bool:
    """A profile whose header PDF/A takes, and which says nothing contradictory beside it."""
    if not isinstance(stream, Stream) or not usable_profile(stream.read_bytes(), components):
        return False
    for key in list(stream.keys()):
        if key not in ("/N", "/Filter", "/DecodeParms", "/Length"):
            del stream[key]
    return True


def _sound_palette(space: Array) -> bool:
    if len(space) != 4:
        return False
    components, table = _components_of(space[1]), space[3]
    if components is None or not 0 <= int(space[2]) <= 255:
        return False
    known = table.read_bytes() if isinstance(table, Stream) else None
    if known is None:
        known = bytes(table) if isinstance(table, String) else b""
    return len(known) >= (int(space[2]) + 1) * components
