"""Papers whose fields are known: real decisions with labels, their scans, generated papers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from bench.own_reading import Reader
from bench.simulated import DECISIONS, simulate
from bench.store import STORE, digest, making_state
from demo.damage import Level, Scan, scan
from demo.layouts import make_layout
from demo.papers import PaperKind, make_paper, render, to_born_digital_pdf
from demo.scan_files import to_pdf
from vocabulary.papers import FIELD_NAMES, PageReading

Truth = Mapping[str, str | tuple[str, ...]]
Wear = Literal["born-digital", "office", "poor", "photocopy"]

_LABELS: Final = {"signer": "signer_name", "title": "signer_title", "citations": "cited_page1"}
_UNLABELLED: Final = ("expiry_date", "holder_name", "holder_id", "parent_decision")
"""What nobody labelled on the real decisions; it is judged on generated papers."""
_BY_HAND: Final = {"image-handwritten": ("number_symbol", "issue_date")}


@dataclass(frozen=True, slots=True, eq=False)
class FieldCase:
    """One paper as read, and what its fields say.

    ``truth`` has the fields that stand on the paper; ``untyped`` those of them that are
    handwritten: nobody asks to read them, but what is said of them must not be sure and wrong.
    ``unknown`` are fields that nobody labelled.
    """

    name: str
    group: str
    pages: tuple[PageReading, ...]
    truth: Truth
    untyped: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


def labels() -> list[dict[str, Any]]:
    """The labels of the real decisions; none where they are not at hand."""
    path = DECISIONS / "fields.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return [json.loads(line) for line in lines]


def _truth(label: Mapping[str, Any]) -> Truth:
    told: dict[str, str | tuple[str, ...]] = {}
    for name in FIELD_NAMES:
        value = label.get(_LABELS.get(name, name))
        if value:
            told[name] = tuple(value) if isinstance(value, list) else str(value)
    return told


def _case(label: Mapping[str, Any], group: str, pages: Sequence[PageReading]) -> FieldCase:
    return FieldCase(
        f"{label['file'][:28]}|{group}",
        group,
        tuple(pages),
        _truth(label),
        frozenset(_BY_HAND.get(str(label.get("number_layer")), ())),
        frozenset(_UNLABELLED),
    )


def _head_and_signature(label: Mapping[str, Any]) -> list[int]:
    """The first page and the page that is signed: what fields are labelled from."""
    return sorted({1, int(label.get("sign_page") or 1)})


def files(reader: Reader) -> Iterator[FieldCase]:
    """The real decisions as published: born-digital ones and those that are images only."""
    for label in labels():
        group = "born-digital" if label["kind"] == "born-digital" else "image-only"
        numbers = _head_and_signature(label)
        if group == "image-only":  # no page limit is known for what stands on a scan
            numbers = list(range(1, min(3, label["n_pages"]) + 1))
        path = DECISIONS / "pdf" / label["file"]
        yield _case(label, group, reader.pages(path, numbers))


def scans_of_files(reader: Reader, level: str, dpi: int, seed: int) -> Iterator[FieldCase]:
    """Simulated scans of the born-digital decisions' first and signed pages, stamps drawn."""
    known = [label for label in labels() if label["kind"] == "born-digital"]
    wanted = [(label["file"], number) for label in known for number in _head_and_signature(label)]
    scans = dict(zip(wanted, simulate(wanted, level, dpi, seed, annotations=True), strict=True))
    for label in known:
        pages = [
            reader.pages(scans[label["file"], number].pdf, [1])[0]
            for number in _head_and_signature(label)
        ]
        yield _case(label, f"scanned {level} {dpi}", pages)


def generated(
    reader: Reader, seeds: Sequence[int], wear: Wear, dpi: int = 300, *, layouts: bool
) -> Iterator[FieldCase]:
    """Generated papers, one a seed; ``layouts``: in the many layouts that offices use."""
    for seed in seeds:
        pdf, truth, count = _made(seed, wear, dpi, layouts)
        pages = reader.pages(pdf, range(1, count + 1))
        group = f"generated {wear}" + (f" {dpi}" if wear != "born-digital" else "")
        yield FieldCase(f"{'layout' if layouts else 'paper'}-{seed}|{group}", group,
                        tuple(pages), truth)  # fmt: skip


def _made(seed: int, wear: Wear, dpi: int, layouts: bool) -> tuple[Path, Truth, int]:
    """A paper's file, its fields and its number of pages; made once, then kept."""
    state = digest(making_state())[:8]
    name = f"{'layout' if layouts else 'fields'}-{seed}-{wear}-{dpi}-{state}"
    pdf, notes = (STORE / "papers" / f"{name}.{end}" for end in ("pdf", "json"))
    if not notes.is_file():
        pdf.parent.mkdir(parents=True, exist_ok=True)
        kinds = tuple(PaperKind)
        paper: Any = make_layout(seed) if layouts else make_paper(kinds[seed % len(kinds)], seed)
        if wear == "born-digital":
            to_born_digital_pdf(paper, pdf)
        else:
            to_pdf(_scans(paper.pages, wear, dpi, seed), pdf)
        told = {"fields": dict(paper.fields), "pages": len(paper.pages)}
        notes.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    told = json.loads(notes.read_text(encoding="utf-8"))
    truth = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in told["fields"].items()
    }
    return pdf, truth, told["pages"]


def _scans(pages: Sequence[Any], level: Level, dpi: int, seed: int) -> list[Scan]:
    images = [render(page, dpi) for page in pages]
    return [
        scan(image, level, dpi, seed * 10 + number) for number, image in enumerate(images, start=1)
    ]
