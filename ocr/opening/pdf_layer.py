"""The text layer of one PDF page, judged: its lines where it is believed, and why (not)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from ocr.opening.frames import PageFrame
from ocr.opening.pdf_glyphs import Glyph
from ocr.opening.pdf_pictures import PageContents, contents_of
from ocr.opening.pdf_runs import without_doubles
from ocr.opening.pdf_text import Written, lines_of, main_turn
from ocr.opening.pdf_visible import seen_letters
from ocr.opening.text_trust import SCAN_SHARE, covers_enough, is_mapped, plausible
from vocabulary.papers import Line


@dataclass(frozen=True, slots=True)
class TextLayer:
    """What a page's own text is worth.

    ``believed``: the page is read by it; ``lines`` are empty otherwise. ``seen``: letters
    show on the page. ``flags``: ``hidden_text`` (letters that nobody sees were left out),
    ``converted_tcvn3``, ``converted_vni``; and why it was not believed: ``scanner_layer``
    (a scan with another program's reading behind it), ``text_layer_small_area``,
    ``no_unicode``, ``text_layer_implausible``.
    """

    lines: tuple[Line, ...] = ()
    believed: bool = False
    seen: bool = False
    turn: int = 0
    flags: tuple[str, ...] = ()


def text_layer(
    page: pdfium.PdfPage, frame: PageFrame, contents: PageContents, glyphs: Sequence[Glyph]
) -> TextLayer:
    """Judge what a page says of itself, its annotations apart."""
    glyphs = without_doubles(glyphs)
    letters = _letters(glyphs)
    if not letters:
        return TextLayer()
    wide, high = frame.size
    is_scan = contents.share >= SCAN_SHARE
    painted = [glyph for glyph in letters if glyph.style.painted]
    if is_scan and not covers_enough(painted, wide * high):
        return TextLayer(flags=(_why_small(painted, letters),), seen=bool(painted))
    shown = seen_letters(page, frame, contents, glyphs)
    seen = _letters(shown)
    if is_scan and not covers_enough(seen, wide * high):
        return TextLayer(flags=(_why_small(seen, letters),), seen=bool(seen))
    hidden = ("hidden_text",) if _hides_words(seen, letters) else ()
    if not seen:
        return TextLayer(flags=hidden)
    if not is_mapped(seen):
        return TextLayer(flags=(*hidden, "no_unicode"), seen=True)
    written = lines_of(shown, frame.size, "text")
    if not plausible(written.fonts.values()):
        return TextLayer(flags=(*hidden, "text_layer_implausible"), seen=True)
    flags = (*hidden, *conversions(written))
    return TextLayer(written.lines, believed=True, seen=True, turn=main_turn(seen), flags=flags)


def annotation_text(
    page: pdfium.PdfPage, frame: PageFrame, glyphs: Sequence[Glyph]
) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Lines that the appearances of annotations show, and flags.

    ``page`` is the page with the appearances merged into it; ``glyphs`` are theirs alone.
    """
    glyphs = without_doubles(glyphs)
    letters = _letters(glyphs)
    if not letters:
        return (), ()
    shown = seen_letters(page, frame, contents_of(page, frame), glyphs)
    written = lines_of(shown, frame.size, "annotation")
    hidden = ("hidden_text",) if _hides_words(_letters(shown), letters) else ()
    return written.lines, (*hidden, *conversions(written))


def conversions(written: Written) -> tuple[str, ...]:
    """Flags that name the legacy encodings text was converted from."""
    found = {font.encoding for font in written.fonts.values() if font.encoding is not None}
    return tuple(f"converted_{encoding}" for encoding in sorted(found))


def _letters(glyphs: Sequence[Glyph]) -> list[Glyph]:
    return [glyph for glyph in glyphs if not glyph.gap]


def _why_small(seen: Sequence[Glyph], letters: Sequence[Glyph]) -> str:
    """A few letters on a scan, or the many that another program's reading hides behind it."""
    return "scanner_layer" if 2 * len(seen) < len(letters) else "text_layer_small_area"


def _hides_words(seen: Sequence[Glyph], letters: Sequence[Glyph]) -> bool:
    """Whether letters or figures are hidden, not only dots and rules."""
    count = sum(glyph.text.isalnum() for glyph in letters)
    return count > sum(glyph.text.isalnum() for glyph in seen)
