"""Scans written as the files that scanners make: PDF, TIFF, JPEG, PNG, WebP, JPEG 2000."""

import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageChops

from demo.damage import Scan

_DECIMALS: Final = 4


def to_pdf(scans: Sequence[Scan], path: Path, quality: int | None = None) -> None:
    """One page a scan; see :func:`pdf_bytes`."""
    path.write_bytes(pdf_bytes(scans, quality))


def pdf_bytes(scans: Sequence[Scan], quality: int | None = None) -> bytes:
    """A plain PDF whose pages are one image each, as scanners write it.

    Bitonal scans are CCITT G4, others JPEG of ``quality`` (the scan's own if not
    given). The MediaBox is exactly as large as the pixels at their resolution, so
    a renderer at that resolution gives the very pixels back.
    """
    pdf = pikepdf.new()
    for scan in scans:
        width, height = (points(side, scan.dpi) for side in scan.image.size)
        page = pdf.add_blank_page(page_size=(width, height)).obj
        page.Resources = Dictionary(XObject=Dictionary(Im0=_image(pdf, scan, quality)))
        page.Contents = pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q".encode("ascii"))
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def points(pixels: int, dpi: int) -> float:
    """Length in points of so many pixels.

    Renderers keep it as a 32-bit float and round pixels up: 1654 pixels at 200 dpi
    would come back as 1655, resampled. So it is never more than the pixels are.
    """
    length = round(pixels * 72 / dpi, _DECIMALS)
    while math.ceil(float(np.float32(length)) * dpi / 72) > pixels:
        length = round(length - 10**-_DECIMALS, _DECIMALS)
    return length


def _image(pdf: pikepdf.Pdf, scan: Scan, quality: int | None) -> pikepdf.Object:
    image = scan.image
    bitonal = image.mode == "1"
    data = g4(image) if bitonal else jpeg(scan, quality)
    stream = pdf.make_stream(data)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height = image.size
    stream.BitsPerComponent = 1 if bitonal else 8
    stream.ColorSpace = Name.DeviceRGB if image.mode == "RGB" else Name.DeviceGray
    if bitonal:
        stream.Filter = Name.CCITTFaxDecode
        stream.DecodeParms = Dictionary(
            K=-1, Columns=image.width, Rows=image.height, BlackIs1=False
        )
    else:
        stream.Filter = Name.DCTDecode
    return stream


def jpeg(scan: Scan, quality: int | None = None) -> bytes:
    """The scan as JPEG with its resolution; black and white becomes grey."""
    image = scan.image.convert("L") if scan.image.mode == "1" else scan.image
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality or scan.quality, dpi=(scan.dpi, scan.dpi))
    return out.getvalue()


def g4(image: Image.Image) -> bytes:
    """The bare CCITT G4 data of a bitonal image, black as 0 bits."""
    out = io.BytesIO()
    # One strip: concatenated strips are not one G4 stream.
    # Pillow writes black as 0 (photometric 1): inverted, paper becomes CCITT's white runs.
    ImageChops.invert(image).save(out, "TIFF", compression="group4", strip_size=1 << 30)
    with Image.open(io.BytesIO(out.getvalue())) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        offsets, counts, photometric = tags[273], tags[279], tags[262]
    if len(offsets) != 1:
        raise AssertionError("the encoder split the page into strips")
    if photometric != 1:
        raise AssertionError("the encoder wrote white as 0; the PDF would be inverted")
    return out.getvalue()[offsets[0] : offsets[0] + counts[0]]


def to_tiff(scans: Sequence[Scan], path: Path) -> None:
    """A multi-page TIFF: G4 where all pages are black and white, else Deflate."""
    bitonal = all(scan.image.mode == "1" for scan in scans)
    first, *rest = [scan.image if bitonal else scan.image.convert("RGB") for scan in scans]
    dpi = scans[0].dpi
    first.save(
        path, "TIFF", save_all=True, append_images=rest, dpi=(dpi, dpi),
        compression="group4" if bitonal else "tiff_adobe_deflate",
    )  # fmt: skip


def to_jpeg(scan: Scan, path: Path, quality: int | None = None) -> None:
    """One JPEG with its resolution."""
    path.write_bytes(jpeg(scan, quality))


def to_png(scan: Scan, path: Path) -> None:
    """One PNG with its resolution."""
    scan.image.save(path, "PNG", dpi=(scan.dpi, scan.dpi))


def to_webp(scan: Scan, path: Path, quality: int | None = None) -> None:
    """One WebP; the format carries no resolution."""
    image = scan.image.convert("RGB")
    image.save(path, "WEBP", quality=quality or scan.quality)


def to_jp2(scan: Scan, path: Path, ratio: float = 20.0) -> None:
    """One JPEG 2000, ``ratio`` times smaller than its pixels; no resolution inside."""
    image = scan.image.convert("L") if scan.image.mode == "1" else scan.image
    image.save(path, "JPEG2000", quality_mode="rates", quality_layers=[ratio])
