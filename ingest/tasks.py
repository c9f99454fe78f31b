"""The tasks that touch untrusted bytes; each runs in a bounded child (ingest.bounded)."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from ingest import archive, picture
from ingest.identify import PDF
from ocr.compose import ComposeInfo, compose_pdfa
from ocr.engines import EngineChoice, open_engine
from ocr.occupied import occupied
from ocr.opening import OpenLimits, open_document
from ocr.reading import read_page
from signing.presence import has_signatures
from vocabulary.papers import Box, PageReading


def count_pages(path: Path, media_type: str, limits: OpenLimits) -> Iterator[int]:
    """How many pages the file has."""
    with open_document(path, media_type, limits) as document:
        yield document.page_count


_engine = cache(open_engine)


def load_engine(choice: EngineChoice) -> None:
    """Have our own engine loaded in this process: children forked from it need not load it.

    Tesseract is left to the children that use it.

    Raises:
        MissingPart: a part of it is not there.
    """
    if choice.name in ("auto", "own"):
        _engine(choice)


def engine_versions(choice: EngineChoice) -> Iterator[Mapping[str, str]]:
    """Versions of program and model; loading them here keeps the parent small."""
    yield dict(_engine(choice).versions())


def read_pages(
    path: Path, media_type: str, limits: OpenLimits, numbers: Sequence[int], choice: EngineChoice
) -> Iterator[PageReading]:
    """Read the given pages one after another; each is an item, so each is a checkpoint."""
    engine = _engine(choice)
    with open_document(path, media_type, limits) as document:
        for number in numbers:
            yield read_page(document, number, engine)


def is_signed(path: Path) -> Iterator[bool]:
    """Whether a PDF bears any signature."""
    yield has_signatures(path)


def unpack(path: Path, folder: Path, limits: archive.UnpackLimits) -> Iterator[archive.Member]:
    """Take the files out of a ZIP into ``folder``, one item each."""
    yield from archive.unpack(path, folder, limits)


def occupied_places(path: Path, limits: OpenLimits) -> Iterator[tuple[Box, ...]]:
    """What stands on page 1 of a PDF, words or not, so that a stamp keeps off it."""
    with open_document(path, PDF, limits) as document:
        yield occupied(document)


def compose(
    source: Path, media_type: str, pages: Sequence[PageReading], info: ComposeInfo, out: Path
) -> Iterator[None]:
    """Write the searchable PDF/A."""
    compose_pdfa(source, media_type, pages, info, out)
    yield None


def draw_page(
    path: Path, media_type: str, limits: OpenLimits, number: int, rotation: int, width: int
) -> Iterator[bytes]:
    """A page as JPEG for the screen, upright."""
    with open_document(path, media_type, limits) as document:
        yield picture.page_jpeg(document, number, rotation, width)
