# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Copies for the printer that people can check: a strip with a QR and a short code on each page.

Decree 45/2020/NĐ-CP, article 18(2): a paper made from an electronic one names the system,
carries a code to look it up, and can be looked up at any time. The strip stands below the
page, which is made smaller for it: so it never covers text and never stands in the corner of
the officer's signature (top left) or of the organisation's (top right). The printed copy is a
file of its own; signatures of the certified file are shown as they look and taken off as
signatures, because a changed file must not pretend to be signed.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pikepdf
import zxingcpp
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PdfFileWriter

from signing.lettering import EmbeddedFont, Face, embed, load_face
from vocabulary.errors import Stopped

_STRIP: Final = 62.0  # points: a QR of 19 mm with its quiet zone
_SIDE: Final = 50.0
_EDGE: Final = 28.0
_TEXT: Final = 9.0
_LEADING: Final = 1.25
_A4: Final = (595.276, 841.89)
_LABEL: Final = (297.638, 209.764)  # A7, lying
_CODE: Final = 79.4  # points: a QR of 28 mm
_MARGIN: Final = 14.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What the strip says. ``address``: what the QR opens; ``lines``: at most four."""

    address: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a sheet: text, size in points, indent, room above; ``centred`` or not."""

    text: str
    size: float = 12.0
    indent: float = 0.0
    above: float = 4.0
    centred: bool = False


def marked_copy(source: Path, out: Path, mark: Mark) -> int:
    """Write the copy for the printer; how many pages it has.

    Raises:
        Stopped: ``damaged``, ``encrypted``.
    """
    try:
        with pikepdf.open(source) as pdf, pikepdf.new() as copy:
            pdf.flatten_annotations("all")
            for page in pdf.pages:
                _set_smaller(copy, page)
            plain = io.BytesIO()
            copy.save(plain)
            count = len(copy.pages)
    except pikepdf.PasswordError as error:
        raise Stopped("encrypted") from error
    except (pikepdf.PdfError, ValueError, KeyError, TypeError) as error:
        raise Stopped("damaged", f"{type(error).__name__}: {error}") from error
    writer = IncrementalPdfFileWriter(plain)
    face = load_face()
    font = embed(writer, face, mark.lines)
    for number in range(count):
        page = writer.find_page_for_modification(number)[0].get_object()
        drawn = _strip(face, font, mark, float(page["/MediaBox"][2]))
        writer.add_stream_to_page(number, _stream(writer, drawn), _fonts(font))
    with out.open("wb") as stream:
        writer.write(stream)
    return count


def sheet(lines: Sequence[Line], mark: Mark) -> bytes:
    """A paper of our own on A4 (as many pages as it takes), with the strip on each."""
    face = load_face()
    pages = _broken(face, lines)
    writer = PdfFileWriter()
    font = embed(writer, face, [line.text for line in lines] + list(mark.lines))
    for page in pages:
        content = _set_lines(font, page) + b"\n" + _strip(face, font, mark, _A4[0])
        holder = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Page"),
                pdf_name("/MediaBox"): generic.ArrayObject(
                    generic.FloatObject(value) for value in (0, 0, *_A4)
                ),
                pdf_name("/Resources"): _fonts(font),
                pdf_name("/Contents"): _stream(writer, content),
            }
        )
        writer.insert_page(holder)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def label(lines: Sequence[Line], code: str) -> bytes:
    """A label of 105 x 74 mm for the cover of a paper file: a QR at the top left, text beside.

    Lines that have no room beside or below the QR are left out.
    """
    face = load_face()
    writer = PdfFileWriter()
    font = embed(writer, face, [line.text for line in lines])
    width, height = _LABEL
    out = [b"q 0 g", _qr(code, _MARGIN, height - _MARGIN - _CODE, _CODE), b"Q"]
    y, beside = height - _MARGIN, _MARGIN + _CODE + 10
    for line in lines:
        y -= line.above
        left = beside if y > height - _MARGIN - _CODE else _MARGIN
        for text in _wrapped(face, line, width - left - _MARGIN):
            y -= line.size * _LEADING
            if y < _MARGIN:
                break
            out.append(
                b"BT /F1 %.2f Tf %.2f %.2f Td %s Tj ET" % (line.size, left, y, font.encode(text))
            )
    holder = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): generic.ArrayObject(
                generic.FloatObject(value) for value in (0, 0, *_LABEL)
            ),
            pdf_name("/Resources"): _fonts(font),
            pdf_name("/Contents"): _stream(writer, b"\n".join(out)),
        }
    )
    writer.insert_page(holder)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _set_smaller(copy: pikepdf.Pdf, page: Any) -> None:
    """The page as it is seen, on paper of its own size, above the strip."""
    left, bottom, right, top = (float(value) for value in page.cropbox)
    turned = int(page.obj.get("/Rotate", 0)) % 180 == 90
    wide, high = (top - bottom, right - left) if turned else (right - left, top - bottom)
    wide, high = max(wide, 72.0), max(high, 72.0 + _STRIP)
    copy.add_blank_page(page_size=(wide, high))
    scale = (high - _STRIP) / high
    inset = wide * (1 - scale) / 2
    copy.pages[-1].add_overlay(page, pikepdf.Rectangle(inset, _STRIP, wide - inset, high))


def _strip(face: Face, font: EmbeddedFont, mark: Mark, width: float) -> bytes:
    """A thin rule, the code's text, and the QR at the right."""
    edge = min(_EDGE, width / 20)
    right = width - edge
    out = [b"q 0 g 0.6 w %.2f %.2f m %.2f %.2f l S" % (edge, _STRIP - 4, right, _STRIP - 4)]
    out.append(_qr(mark.address, right - _SIDE, 5.0, _SIDE))
    room = right - _SIDE - 8 - edge
    size = _TEXT
    lines = [face.legible(line) for line in mark.lines]
    widest = max((face.width(line, size) for line in lines), default=0.0)
    if widest > room > 0:
        size *= room / widest
    out.append(
        b"BT /F1 %.2f Tf %.2f TL %.2f %.2f Td" % (size, size * _LEADING, edge, _STRIP - 6 - size)
    )
    for number, line in enumerate(lines):
        out.append((b"T* " if number else b"") + font.encode(line) + b" Tj")
    return b"\n".join([*out, b"ET Q"])


def _qr(text: str, left: float, bottom: float, side: float) -> bytes:
    """The QR (ISO/IEC 18004, TCVN 7322) as black squares; level M."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    dark = np.array(code.to_image(scale=1, add_quiet_zones=False)) == 0
    module = side / len(dark)
    parts = [
        b"%.3f %.3f %.3f %.3f re"
        % (left + column * module, bottom + side - (row + 1) * module, module, module)
        for row, column in np.argwhere(dark).tolist()
    ]
    return b"\n".join([*parts, b"f"])


def _broken(face: Face, lines: Sequence[Line]) -> list[list[tuple[Line, str, float, float]]]:
    """Lines wrapped and put on pages: line, its text, left, baseline."""
    width, height = _A4[0] - 2 * 56.7, _A4[1]
    pages: list[list[tuple[Line, str, float, float]]] = [[]]
    y = height - 62.0
    for line in lines:
        y -= line.above
        for text in _wrapped(face, line, width):
            y -= line.size * _LEADING
            if y < _STRIP + 20:
                pages.append([])
                y = height - 62.0 - line.size * _LEADING
            free = width - face.width(text, line.size)
            left = 56.7 + (free / 2 if line.centred else line.indent)
            pages[-1].append((line, text, left, y))
    return pages


def _wrapped(face: Face, line: Line, width: float) -> list[str]:
    found, current = [], ""
    for word in face.legible(line.text).split():
        longer = f"{current} {word}" if current else word
        if current and face.width(longer, line.size) > width - line.indent:
            found.append(current)
            current = word
        else:
            current = longer
    return [*found, current]


def _set_lines(font: EmbeddedFont, page: Sequence[tuple[Line, str, float, float]]) -> bytes:
    return b"\n".join(
        b"BT /F1 %.2f Tf %.2f %.2f Td %s Tj ET" % (line.size, left, y, font.encode(text))
        for line, text, left, y in page
    )


def _fonts(font: EmbeddedFont) -> generic.DictionaryObject:
    fonts = generic.DictionaryObject({pdf_name("/F1"): font.reference})
    return generic.DictionaryObject({pdf_name("/Font"): fonts})


def _stream(writer: Any, content: bytes) -> Any:
    stream = generic.StreamObject(stream_data=content)
    stream.compress()
    return writer.add_object(stream)
