"""PDF files: structure by pikepdf, text and drawing by PDFium."""

import math
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocr.opening.frames import PageFrame
from ocr.opening.limits import ENOUGH_DPI, OpenLimits
from ocr.opening.pages import RawPage, scaling
from ocr.opening.pdf_glyphs import Glyph, glyphs_of
from ocr.opening.pdf_guard import check_contents
from ocr.opening.pdf_layer import TextLayer, annotation_text, text_layer
from ocr.opening.pdf_pictures import PageContents, contents_of, take_out
from ocr.opening.picture_modes import is_grey
from ocr.ports import Pixels
from vocabulary.errors import Stopped
from vocabulary.papers import Line

_VECTOR_DPI: Final = 200.0  # what recognition works at: drawn letters need no more
_PICTURE_DPI: Final = (150.0, 300.0)
_BROKEN: Final = (
    pikepdf.PdfError,
    pdfium.PdfiumError,
    RuntimeError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class _Stamps:
    """What the appearances of a page's annotations say."""

    lines: tuple[Line, ...] = ()
    flags: tuple[str, ...] = ()


_NO_STAMPS: Final = _Stamps()


@dataclass(slots=True)
class PdfDocument:
    """An opened PDF; PDFium's side is opened a second time where annotations must be merged."""

    structure: pikepdf.Pdf
    drawn: pdfium.PdfDocument
    source: Path | bytes
    limits: OpenLimits
    page_count: int
    _flat: pdfium.PdfDocument | None = field(default=None, init=False)

    def page(self, number: int) -> RawPage:
        if not 1 <= number <= self.page_count:
            raise IndexError(number)
        try:
            return self._page(number)
        except MemoryError as error:
            raise Stopped("memory_limit", str(error), page=number) from error
        except _BROKEN as error:
            raise Stopped("damaged", f"{type(error).__name__}: {error}", page=number) from error

    def size(self, number: int) -> tuple[float, float]:
        return self._frame(number, self.drawn[number - 1]).size

    def picture(self, number: int, dpi: float) -> Pixels:
        try:
            check_contents(self.structure.pages[number - 1], self.limits, number)
            page = self.drawn[number - 1]
            frame = self._frame(number, page)
            pixels, _ = self._draw(page, frame, dpi)
        except MemoryError as error:
            raise Stopped("memory_limit", str(error), page=number) from error
        except _BROKEN as error:
            raise Stopped("damaged", f"{type(error).__name__}: {error}", page=number) from error
        return pixels

    def close(self) -> None:
        """Free both sides."""
        if self._flat is not None:
            self._flat.close()
        self.drawn.close()
        self.structure.close()

    def _page(self, number: int) -> RawPage:
        structure = self.structure.pages[number - 1]
        check_contents(structure, self.limits, number)
        page = self.drawn[number - 1]
        frame = self._frame(number, page)
        contents = contents_of(page, frame)
        for picture in contents.pictures:
            self.limits.check_pixels(
                picture.width, picture.height, packed=_packed_size(structure), page=number
            )
        glyphs = glyphs_of(page, frame)
        stamps = self._stamps(number, page, frame, glyphs)
        layer = text_layer(page, frame, contents, glyphs)
        if layer.believed:
            return _text_page(number, frame, stamps, layer)
        empty = not contents.pictures and not contents.drawings and not layer.seen
        if empty and (stamps.lines or not self._has_appearance(page)):
            return _text_page(number, frame, stamps, layer)
        return self._image_page(number, page, frame, contents, stamps, layer.flags)

    def _frame(self, number: int, page: pdfium.PdfPage) -> PageFrame:
        unit = _user_unit(self.structure.pages[number - 1])
        frame = PageFrame(tuple(page.get_bbox()), page.get_rotation() % 360, unit)
        wide, high = frame.size
        if not (math.isfinite(wide) and math.isfinite(high)) or min(wide, high) < 1:
            raise Stopped("damaged", f"page of {wide:.3g} x {high:.3g} pt", page=number)
        if max(wide, high) > self.limits.max_side_pt:
            raise Stopped("page_too_large", f"{wide:.0f} x {high:.0f} pt", page=number)
        return frame

    def _image_page(
        self,
        number: int,
        page: pdfium.PdfPage,
        frame: PageFrame,
        contents: PageContents,
        stamps: _Stamps,
        flags: tuple[str, ...],
    ) -> RawPage:
        wide, high = frame.size
        pictorial_stamps = self._has_appearance(page) and not stamps.lines
        taken = None
        if not pictorial_stamps:
            taken = take_out(self.structure.pages[number - 1], contents, frame)
        if taken is not None:
            pixels, dpi, full_dpi, to_points = (
                taken.pixels, taken.dpi, taken.full_dpi, taken.to_points,
            )  # fmt: skip
        else:
            full_dpi = _drawing_dpi(contents)
            pixels, dpi = self._draw(page, frame, full_dpi, annotations=not stamps.lines)
            to_points = scaling(wide / pixels.shape[1], high / pixels.shape[0])
        reduced = ("reduced",) if dpi < min(ENOUGH_DPI, full_dpi - 1) else ()
        return RawPage(
            number=number,
            width_pt=wide,
            height_pt=high,
            pixels=pixels,
            dpi=round(full_dpi),
            to_points=to_points,
            own_lines=stamps.lines,
            flags=_once((*flags, *stamps.flags, *reduced)),
        )

    def _draw(
        self, page: pdfium.PdfPage, frame: PageFrame, dpi: float, *, annotations: bool = True
    ) -> tuple[Pixels, float]:
        """The page as shown, at the resolution asked for or what the limits allow."""
        wide, high = frame.size
        most = math.sqrt(self.limits.read_pixels / (wide * high)) * 72
        dpi = min(dpi, most)
        bitmap = page.render(scale=dpi / 72 * frame.unit, draw_annots=annotations)
        values = bitmap.to_numpy()
        pixels = np.asarray(values[:, :, :3] if values.ndim == 3 else values, dtype=np.uint8)
        if pixels.ndim == 3 and is_grey(pixels):
            return np.ascontiguousarray(pixels[:, :, 1]), dpi
        return np.array(pixels, order="C"), dpi

    def _has_appearance(self, page: pdfium.PdfPage) -> bool:
        return bool(pdfium_c.FPDFPage_GetAnnotCount(page.raw) > 0)

    def _stamps(
        self, number: int, page: pdfium.PdfPage, frame: PageFrame, own: list[Glyph]
    ) -> _Stamps:
        """Text that appears only once annotations are merged into the page."""
        if not self._has_appearance(page):
            return _NO_STAMPS
        if self._flat is None:
            self._flat = pdfium.PdfDocument(self.source)
        before = self._flat[number - 1]
        merged = pdfium_c.FPDFPage_Flatten(before.raw, pdfium_c.FLAT_NORMALDISPLAY)
        before.close()
        if merged != pdfium_c.FLATTEN_SUCCESS:
            return _NO_STAMPS
        after = self._flat[number - 1]
        try:
            known = {glyph.key for glyph in own if not glyph.gap}
            glyphs = glyphs_of(after, frame)
            found = [glyph for glyph in glyphs if glyph.gap or glyph.key not in known]
            return _Stamps(*annotation_text(after, frame, found))
        finally:
            after.close()


def _text_page(number: int, frame: PageFrame, stamps: _Stamps, layer: TextLayer) -> RawPage:
    wide, high = frame.size
    return RawPage(
        number=number,
        width_pt=wide,
        height_pt=high,
        pixels=None,
        dpi=0,
        to_points=np.eye(3),
        own_lines=layer.lines + stamps.lines,
        text_turn=layer.turn,
        flags=_once((*layer.flags, *stamps.flags)),
    )


def _once(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(flags))


def _user_unit(page: pikepdf.Page) -> float:
    """Points a user space unit (PDF 1.7 table 30); 1 where it is absent or absurd."""
    stated: Any = page.obj.get("/UserUnit", 1)
    try:
        unit = float(stated)
    except (TypeError, ValueError):
        return 1.0
    return unit if 0.001 < unit < 1000 else 1.0


def _drawing_dpi(contents: PageContents) -> float:
    """Resolution to draw a page at: that of its largest image, within what reading needs."""
    best = _VECTOR_DPI
    for picture in contents.pictures:
        a, b, _, _, _, _ = picture.matrix
        side = math.hypot(a, b)
        if picture.share > 0.1 and side > 0 and not picture.nested:
            best = max(best, picture.width / side * 72)
        elif picture.nested and picture.width > 1000:
            best = max(best, _PICTURE_DPI[1])
    return min(max(best, _PICTURE_DPI[0]), _PICTURE_DPI[1])


def _packed_size(page: pikepdf.Page) -> int:
    """Bytes of the page's images as stored."""
    total = 0
    for image in page.get_images().values():
        length = image.get("/Length", 0)
        total += int(length) if isinstance(length, int) else 0
    return total


@contextmanager
def open_pdf(path: Path, limits: OpenLimits) -> Iterator[PdfDocument]:
    """Open a PDF; a file that only pikepdf can mend is mended in memory for PDFium."""
    structure = _open_structure(path)
    try:
        count = _page_count(structure)
        if count > limits.max_pages:
            raise Stopped("too_many_pages", str(count))
        drawn, source = _open_drawn(path, structure, count)
    except BaseException:
        structure.close()
        raise
    document = PdfDocument(structure, drawn, source, limits, count)
    try:
        yield document
    finally:
        document.close()


def _open_structure(path: Path) -> pikepdf.Pdf:
    try:
        return pikepdf.open(path)
    except pikepdf.PasswordError as error:
        raise Stopped("encrypted") from error
    except MemoryError as error:
        raise Stopped("memory_limit", str(error)) from error
    except _BROKEN as error:
        raise Stopped("damaged", str(error)) from error


def _page_count(structure: pikepdf.Pdf) -> int:
    try:
        return len(structure.pages)
    except _BROKEN as error:
        raise Stopped("damaged", str(error)) from error


def _open_drawn(
    path: Path, structure: pikepdf.Pdf, count: int
) -> tuple[pdfium.PdfDocument, Path | bytes]:
    if count == 0:
        raise Stopped("empty")
    try:
        drawn = pdfium.PdfDocument(path)
        if len(drawn) == count:
            return drawn, path
        drawn.close()
    except pdfium.PdfiumError:
        pass  # below: the mended file
    try:
        mended = BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # forms are not drawn here
            structure.save(mended)
        drawn = pdfium.PdfDocument(mended.getvalue())
    except _BROKEN as error:
        raise Stopped("damaged", str(error)) from error
    if len(drawn) != count:
        drawn.close()
        raise Stopped("damaged", "the page tree is damaged")
    return drawn, mended.getvalue()
