"""Sheets of the new file: what is drawn on a page with the invisible words over it."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO, Final

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf

from ocr.compose.affine import Affine, number, operands
from ocr.compose.glyphless import InvisibleFont
from ocr.compose.info import ComposeInfo, write_info
from ocr.compose.srgb import write_output_intent
from ocr.compose.text_layer import FONT, text_layer
from vocabulary.papers import Line

_MOST_IN_MEMORY: Final = 48_000_000
_DRAWN = "P0"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page: an image or form of the file that is being written, placed on a sheet.

    ``thing``: None for an empty page. ``fill``: colour operator for a stencil.
    ``lines``: words to write invisibly, points of the upright page as it was
    read, of size ``read_size``. ``held``: bytes that stay in memory until written.
    """

    width: float
    height: float
    matrix: Affine
    thing: Object | None
    fill: str
    lines: Sequence[Line]
    read_size: tuple[float, float]
    held: int = 0


class Sheets:
    """Collects pages and writes them as PDF/A-2b; a thousand drawn pages do not fill memory."""

    def __init__(self) -> None:
        self.pdf = Pdf.new()
        self._font = InvisibleFont()
        self._held = 0
        self._written: list[Pdf] = []
        self._open = ExitStack()

    def __enter__(self) -> "Sheets":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, drawn: Drawn) -> None:
        """Append a page."""
        scale = (drawn.width / drawn.read_size[0], drawn.height / drawn.read_size[1])
        words = text_layer(drawn.lines, self._font, drawn.height, scale)
        shown = b""
        resources = Dictionary()
        if drawn.thing is not None:
            fill = f"{drawn.fill} " if drawn.fill else ""
            shown = f"q {fill}{operands(drawn.matrix)} cm /{_DRAWN} Do Q\n".encode("ascii")
            resources.XObject = Dictionary({f"/{_DRAWN}": drawn.thing})
        page = Dictionary(
            Type=Name.Page,
            MediaBox=[0, 0, Decimal(number(drawn.width)), Decimal(number(drawn.height))],
            Resources=resources,
            Contents=self.pdf.make_stream(shown + words),
        )
        self.pdf.pages.append(pikepdf.Page(self.pdf.make_indirect(page)))
        self._held += drawn.held
        if self._held > _MOST_IN_MEMORY:
            self._put_aside()

    def write(self, info: ComposeInfo, target: BinaryIO) -> None:
        """The whole file; the same pages and the same ``info`` give the same bytes."""
        whole = self.pdf
        if self._written:
            self._put_aside()
            whole = self._open.enter_context(Pdf.new())
            for part in self._written:
                whole.pages.extend(part.pages)
        if self._font.used:
            font = self._font.write(whole)
            for page in whole.pages:
                page.obj.Resources.Font = Dictionary({f"/{FONT}": font})
        write_output_intent(whole)
        write_info(whole, info)
        whole.save(
            target,
            min_version="1.7",
            preserve_pdfa=True,
            fix_metadata_version=False,
            # LZW is forbidden (ISO 19005-2, 6.1.7): this level writes it anew, and it alone
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            recompress_flate=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )

    def _put_aside(self) -> None:
        """Move what is in memory to a nameless file; its pages are copied from there at the end."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the sheets
        self._open.callback(file.close)
        self.pdf.save(file)
        file.seek(0)
        self._written.append(self._open.enter_context(Pdf.open(file)))
        self.pdf = Pdf.new()
        self._held = 0
