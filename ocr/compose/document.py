"""One file and its readings to one searchable PDF/A-2b."""

import contextlib
import io
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Pdf

from ocr.compose.affine import (
    HAIR,
    allowed_size,
    scaling,
    then,
    turned,
    upright_sheet,
)
from ocr.compose.carried import carry_image
from ocr.compose.image_files import open_image_file
from ocr.compose.info import ComposeInfo
from ocr.compose.pdf_page import PageFacts, page_facts
from ocr.compose.rendered import drawn_page
from ocr.compose.sheets import Drawn, Sheets
from ocr.compose.sole_image import PlainPage, plain_page
from ocr.compose.vectors import Candidate, Kept, kept_pages
from vocabulary.errors import Stopped
from vocabulary.papers import Line, PageReading


def compose_pdfa(
    source: Path, media_type: str, pages: Sequence[PageReading], info: ComposeInfo, out: Path
) -> None:
    """Write a searchable PDF/A-2b of ``source`` to ``out``, whole or not at all.

    Each page's image keeps its bytes where PDF/A allows it, every page stands
    upright without /Rotate, and the words of its reading lie invisibly where
    they are seen. The same input gives the same bytes.

    Args:
        source: PDF, TIFF, JPEG, PNG, WebP or JPEG 2000; not a signed original.
        media_type: as it was identified by content.
        pages: one reading a page.
        info: what the file says of itself.
        out: written beside itself first, made durable, then renamed.

    Raises:
        Stopped: ``encrypted`` or ``damaged``.
        ValueError: a page has no reading.
        OSError: the file cannot be written; nothing is left behind.
    """
    readings = {reading.number: reading for reading in pages}
    drawings = _pdf_pages if media_type == "application/pdf" else _image_pages
    with Sheets() as sheets, contextlib.ExitStack() as resources:
        for drawn in drawings(source, readings, sheets, resources):
            sheets.add(drawn)
        _durably(sheets, info, out)


def _durably(sheets: Sheets, info: ComposeInfo, out: Path) -> None:
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as target:
            sheets.write(info, target)
            target.flush()
            os.fsync(target.fileno())
        part.replace(out)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(out.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _reading(readings: Mapping[int, PageReading], number: int) -> PageReading:
    if number not in readings:
        raise ValueError(f"page {number} has no reading")
    return readings[number]


def _image_pages(
    source: Path,
    readings: Mapping[int, PageReading],
    sheets: Sheets,
    resources: contextlib.ExitStack,
) -> Iterator[Drawn]:
    """Each page of an image file: the picture fills the sheet that reading gave it."""
    file = resources.enter_context(open_image_file(source))
    for number in sorted(readings):
        reading = readings[number]
        picture = file.picture(number)
        width, height = allowed_size(reading.width_pt - HAIR, reading.height_pt - HAIR)
        upright = then(picture.shown, turned(1.0, 1.0, reading.rotation))
        yield Drawn(
            width=width,
            height=height,
            matrix=then(upright, scaling(width - HAIR, height - HAIR)),
            thing=picture.write(sheets.pdf),
            fill="",
            lines=reading.lines,
            read_size=(reading.width_pt, reading.height_pt),
            held=len(picture.data),
        )


def _pdf_pages(
    source: Path,
    readings: Mapping[int, PageReading],
    sheets: Sheets,
    resources: contextlib.ExitStack,
) -> Iterator[Drawn]:
    """Each page of a PDF: its one image, or itself where it conforms, or a drawing of it."""
    try:
        original = resources.enter_context(Pdf.open(source))
        facts = [page_facts(page) for page in original.pages]
        plain = [_plain(page, known) for page, known in zip(original.pages, facts, strict=True)]
    except pikepdf.PasswordError as error:
        raise Stopped("encrypted") from error
    except pikepdf.PdfError as error:
        raise Stopped("damaged", str(error)) from error
    others = [
        Candidate(number, facts[number - 1], _reading(readings, number).source == "text")
        for number, found in enumerate(plain, start=1)
        if found is None
    ]
    work = _PdfWork(source, original, facts, plain, kept_pages(original, others))
    resources.callback(work.close)
    for number in range(1, len(facts) + 1):
        yield work.drawn(number, _reading(readings, number), sheets.pdf)


def _plain(page: pikepdf.Page, facts: PageFacts) -> PlainPage | None:
    return None if facts.appearances else plain_page(page, facts.visible)


@dataclass(slots=True)
class _PdfWork:
    """A PDF while it is composed; PDFium is started only where a page has to be drawn."""

    source: Path
    original: Pdf
    facts: Sequence[PageFacts]
    plain: Sequence[PlainPage | None]
    kept: Kept
    _drawing: pdfium.PdfDocument | None = field(default=None, init=False)

    def drawn(self, number: int, reading: PageReading, target: Pdf) -> Drawn:
        """Page ``number`` as an image or form of ``target``."""
        facts = self.facts[number - 1]
        sheet = upright_sheet(facts.visible, facts.turn + reading.rotation, facts.unit)
        plain = self.plain[number - 1]
        thing, fill, matrix, held = None, "", sheet.matrix, 0
        lines: tuple[Line, ...] = reading.lines
        if plain is not None and plain.image is not None:
            thing = carry_image(target, plain.image.image)
            stencil = bool(plain.image.image.get("/ImageMask", False))
            fill = plain.image.fill if stencil else ""
            matrix = then(plain.image.matrix, sheet.matrix)
        elif number in self.kept.forms:
            thing = target.copy_foreign(self.kept.forms[number])
            lines = () if reading.source == "text" else _seen_only(reading.lines)
        if thing is None and (plain is None or plain.image is not None):
            page = self._document()[number - 1]
            picture = drawn_page(page, reading.rotation, facts.unit, reading.dpi)
            page.close()
            thing, held = picture.write(target), len(picture.data)
            fill, matrix = "", scaling(sheet.width - HAIR, sheet.height - HAIR)
        size = (reading.width_pt, reading.height_pt)
        return Drawn(sheet.width, sheet.height, matrix, thing, fill, lines, size, held)

    def _document(self) -> pdfium.PdfDocument:
        """PDFium's view; of the file as pikepdf mends it where it cannot open it as it is."""
        if self._drawing is None:
            try:
                self._drawing = pdfium.PdfDocument(self.source)
                if len(self._drawing) != len(self.facts):
                    self._drawing.close()
                    self._drawing = self._mended()
            except pdfium.PdfiumError:
                self._drawing = self._mended()
            self._drawing.init_forms()
        return self._drawing

    def _mended(self) -> pdfium.PdfDocument:
        mended = io.BytesIO()
        try:
            self.original.save(mended)
            return pdfium.PdfDocument(mended.getvalue())
        except (pikepdf.PdfError, pdfium.PdfiumError) as error:
            raise Stopped("damaged", str(error)) from error

    def close(self) -> None:
        """Free PDFium's side."""
        if self._drawing is not None:
            self._drawing.close()


def _seen_only(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines without the words of annotations: these are kept as visible text already."""
    shown = ((line, [word for word in line.words if word.source != "annotation"]) for line in lines)
    return tuple(
        Line(tuple(words), line.baseline, line.height, line.block) for line, words in shown if words
    )
