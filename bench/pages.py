"""Pages to measure on: papers of all kinds from seeds that nothing was tuned on, and real ones."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pypdfium2

from bench.scoring import Placed
from demo.damage import Level, Scan, scan
from demo.papers import PaperKind, make_paper, render
from vocabulary.papers import Box

UNSEEN: Final = 90_000
"""First seed of the benchmarks; tests and the demo use small seeds."""

SAMPLES: Final = Path("../shared/samples/decisions")
"""Real decisions with word truth, where they are there."""


@dataclass(frozen=True, slots=True, eq=False)
class TruePage:
    """A scanned page with its words in points of the scan."""

    name: str
    scan: Scan
    words: tuple[Placed, ...]


def _placed(text: str, box: Box, scanned: Scan) -> Placed:
    """A word where the scanner put it: its middle moves, its size stays."""
    x, y = scanned.point((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    unit = 72 / scanned.dpi
    half_width, half_height = (box.x1 - box.x0) / 2, (box.y1 - box.y0) / 2
    x, y = x * unit, y * unit
    return Placed(text, Box(x - half_width, y - half_height, x + half_width, y + half_height))


def generated(level: Level, dpi: int, count: int, first_seed: int = UNSEEN) -> list[TruePage]:
    """``count`` pages of papers of all kinds in turn, scanned as ``level`` does."""
    pages: list[TruePage] = []
    kinds = tuple(PaperKind)
    seed = first_seed
    while len(pages) < count:
        paper = make_paper(kinds[seed % len(kinds)], seed)
        images = [render(page, dpi) for page in paper.pages]
        for page, image in zip(paper.pages, images, strict=True):
            back = images[page.number] if page.number < len(images) else None
            scanned = scan(image, level, dpi, seed * 10 + page.number, back=back)
            words = tuple(_placed(word.text, word.box, scanned) for word in page.words)
            pages.append(TruePage(f"{paper.kind}-{seed}-p{page.number}", scanned, words))
        seed += 1
    return pages[:count]


def real(level: Level, dpi: int, seed: int = 1) -> Iterator[TruePage]:
    """Real decisions' pages with word truth, rendered and damaged; nothing where they are not."""
    for path in sorted(SAMPLES.glob("ocr_truth/*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        document = pypdfium2.PdfDocument(SAMPLES / "pdf" / truth["file"])
        try:
            bitmap = document[truth["page"] - 1].render(scale=dpi / 72, draw_annots=False)
            image = bitmap.to_pil().convert("RGB")
        finally:
            document.close()
        scanned = scan(image, level, dpi, seed, stamps=0)
        words = tuple(
            _placed(word["text"], Box(word["x0"], word["top"], word["x1"], word["bottom"]), scanned)
            for word in truth["words"]
        )
        yield TruePage(path.stem, scanned, words)


def digest(pages: Sequence[TruePage]) -> str:
    """What the pages are, for the report."""
    return f"{len(pages)} pages, {sum(len(page.words) for page in pages)} words"
