"""Pages with the truth of their words: generated ones, and real ones where they are at hand.

Every page is a file that looks like one from a scanner, and a map that says
where a point of the page went: readings are taken back through it.
"""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pikepdf

from bench.order import cells_of, in_reading_order
from bench.scoring import Placed
from bench.simulated import DECISIONS, simulate
from bench.store import STORE, digest, making_state
from demo.damage import Level, Scan, scan
from demo.papers import PaperKind, make_paper, render
from demo.scan_files import to_pdf
from ocr.ports import Matrix
from vocabulary.papers import Box

UNSEEN: Final = 90_000
"""First seed of the benchmarks' pages; tests and the demo use small seeds."""


@dataclass(frozen=True, slots=True, eq=False)
class TruePage:
    """One page of a file of scans with its words in reading order.

    ``to_pixels``: 3 x 3 map from points of the page, as its words have them, to pixels.
    """

    name: str
    pdf: Path
    number: int
    dpi: int
    to_pixels: Matrix
    words: tuple[Placed, ...]


def _matrix(affine: Sequence[float]) -> Matrix:
    return np.vstack([np.reshape(np.array(affine, dtype=np.float64), (2, 3)), [0.0, 0.0, 1.0]])


def image_of(page: TruePage) -> bytes:
    """The scanner's own image file (JPEG) out of the page, else a PNG of it."""
    with pikepdf.open(page.pdf) as pdf:
        stream: Any = next(iter(pdf.pages[page.number - 1].images.values()))
        if stream.get("/Filter") == "/DCTDecode":
            return bytes(stream.read_raw_bytes())
        out = io.BytesIO()
        pikepdf.PdfImage(stream).as_pil_image().save(out, "PNG")
        return out.getvalue()


def generated(level: Level, dpi: int, count: int, first_seed: int = UNSEEN) -> list[TruePage]:
    """``count`` pages of papers of all kinds in turn, scanned as ``level`` does; then kept."""
    pages: list[TruePage] = []
    seed = first_seed
    while len(pages) < count:
        pages += _paper(seed, level, dpi)
        seed += 1
    return pages[:count]


def _paper(seed: int, level: Level, dpi: int) -> list[TruePage]:
    kinds = tuple(PaperKind)
    kind = kinds[seed % len(kinds)]
    name = f"{kind}-{seed}-{level}-{dpi}-{digest(making_state())[:8]}"
    pdf, notes = (STORE / "papers" / f"{name}.{end}" for end in ("pdf", "json"))
    if not notes.is_file():
        pdf.parent.mkdir(parents=True, exist_ok=True)
        paper = make_paper(kind, seed)
        scans = list(_scans(paper.pages, level, dpi, seed))
        to_pdf(scans, pdf)
        told = [
            {"transform": scanned.transform,
             "words": [(word.text, *word.box) for word in page.words]}
            for page, scanned in zip(paper.pages, scans, strict=True)
        ]  # fmt: skip
        notes.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return [
        TruePage(
            f"{kind}-{seed}-p{number}", pdf, number, dpi, _matrix(told["transform"]),
            tuple(Placed(text, Box(*box)) for text, *box in told["words"]),
        )
        for number, told in enumerate(json.loads(notes.read_text(encoding="utf-8")), start=1)
    ]  # fmt: skip


def _scans(pages: Sequence[Any], level: Level, dpi: int, seed: int) -> Iterator[Scan]:
    images = [render(page, dpi) for page in pages]
    for page, image in zip(pages, images, strict=True):
        back = images[page.number] if page.number < len(images) else None
        yield scan(image, level, dpi, seed * 10 + page.number, back=back)


def real(level: str, dpi: int, seed: int, count: int | None = None) -> list[TruePage]:
    """The real pages with word truth as the shared simulator scans them."""
    truths = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(DECISIONS.glob("ocr_truth/*.json"))[:count]
    ]
    wanted = [(truth["file"], truth["page"]) for truth in truths]
    scans = simulate(wanted, level, dpi, seed, annotations=False)
    pages = []
    for truth, scanned in zip(truths, scans, strict=True):
        words = [
            Placed(word["text"], Box(word["x0"], word["top"], word["x1"], word["bottom"]))
            for word in truth["words"]
        ]
        cells = cells_of(DECISIONS / "pdf" / truth["file"], truth["page"])
        name = f"{truth['layout']}-{truth['file'][:20]}-p{truth['page']}"
        pages.append(
            TruePage(name, scanned.pdf, 1, dpi, _matrix(scanned.to_pixels),
                     tuple(in_reading_order(words, cells)))
        )  # fmt: skip
    return pages


def digest_of(pages: Sequence[TruePage]) -> str:
    """What the pages are, for the report."""
    return f"{len(pages)} pages, {sum(len(page.words) for page in pages)} words"


def bound(pages: Sequence[TruePage], path: Path) -> None:
    """Pages of several files as one PDF."""
    with pikepdf.new() as whole:
        for page in pages:
            with pikepdf.open(page.pdf) as one:
                whole.pages.append(one.pages[page.number - 1])
        whole.save(path, deterministic_id=True)
