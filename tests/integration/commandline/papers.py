"""Papers for the command line: those with text of their own cost no recognition."""

from pathlib import Path
from typing import Unpack

from demo.damage import scan
from demo.papers import (
    Paper,
    PaperKind,
    Subject,
    make_paper,
    make_subject,
    render,
    to_born_digital_pdf,
)
from demo.papers.order import Overrides
from demo.scan_files import pdf_bytes

SUBJECT: Subject = make_subject("vn:mst", 7)
DPI = 150


def written(
    path: Path, kind: PaperKind = PaperKind.LETTER, seed: int = 3, **wishes: Unpack[Overrides]
) -> Paper:
    """A born-digital paper at ``path``."""
    paper = make_paper(kind, seed, subject=SUBJECT, **wishes)
    path.parent.mkdir(parents=True, exist_ok=True)
    to_born_digital_pdf(paper, path)
    return paper


def scanned(path: Path, copies: int = 1, seed: int = 3, **wishes: Unpack[Overrides]) -> Paper:
    """A scan of ``copies`` times the first page."""
    paper = make_paper(PaperKind.LETTER, seed, subject=SUBJECT, **wishes)
    image = scan(render(paper.pages[0], DPI), "clean", DPI, 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pdf_bytes([image] * copies))
    return paper
