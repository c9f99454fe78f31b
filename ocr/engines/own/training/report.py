"""How a recogniser reads rendered lines that it was not trained on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rapidfuzz.distance import Levenshtein

from ocr.engines.own.net import LineNet, decode
from ocr.engines.own.training.crops import Crop, CropSource
from ocr.engines.own.training.faces import UNSEEN_SCRIPTS, script_families
from ocr.engines.own.training.text import KINDS

UNSEEN: Final = 900_000
"""First seed of the report; training counts up from its own, far below."""


@dataclass(frozen=True, slots=True)
class Errors:
    """``letters`` and ``wrong``: in the truth, and edits to it; ``lines``, ``flawed`` likewise."""

    name: str
    lines: int
    flawed: int
    letters: int
    wrong: int

    @property
    def percent(self) -> float:
        """Edits per hundred letters of the truth."""
        return 100 * self.wrong / max(1, self.letters)

    def __str__(self) -> str:
        flawed = 100 * self.flawed / self.lines
        return (
            f"{self.name:12s} {self.lines:6d} lines"
            f"  CER {self.percent:6.2f} %  flawed {flawed:5.1f} %"
        )


def sources(name: str) -> Mapping[str, CropSource]:
    """What the net in the file ``name`` is there to read, by what the report calls it."""
    match name:
        case "under_seals.onnx":
            return {"under seals": CropSource(UNSEEN, sealed=1.0)}
        case "stamped.onnx":
            unknown = script_families(UNSEEN_SCRIPTS)
            return {
                "stamped": CropSource(UNSEEN, stamped=1.0),
                "script faces it never saw": CropSource(UNSEEN, stamped=1.0, stamps=unknown),
            }
        case _:
            return {"lines": CropSource(UNSEEN)}


def unseen(source: CropSource, sheets: int) -> list[Crop]:
    """The lines of a report."""
    return [crop for _ in range(sheets) for crop in source.sheet()]


def report(weights: Path, crops: Sequence[Crop]) -> tuple[Errors, ...]:
    """Errors of the ONNX net in ``weights``: all lines, then by the kind of their text."""
    net = LineNet(weights)
    read = [
        "".join(letter.text for letter in decode(steps))
        for steps in net.log_probabilities([crop.pixels for crop in crops])
    ]
    groups = [("all", [*zip(crops, read, strict=True)])]
    for kind in KINDS:
        chosen = [(c, r) for c, r in zip(crops, read, strict=True) if c.source.kind == kind]
        groups.append((kind, chosen))
    capitals = [(c, r) for c, r in zip(crops, read, strict=True) if c.text.isupper()]
    groups.append(("CAPITALS", capitals))
    return tuple(_errors(name, pairs) for name, pairs in groups if pairs)


def compared(made: Path, own: Path, install: bool, sheets: int = 150) -> Iterator[str]:
    """The report on the net in ``made`` with the product's ``own`` beside it, line by line.

    ``install``: ``made`` takes the place of ``own`` unless it reads the same lines worse.
    """
    yield f"{made.name}, {made.stat().st_size / 1e6:.1f} MB"
    wrong, own_wrong = 0, 0
    for what, source in sources(made.name).items():
        crops = unseen(source, sheets)
        new, before = report(made, crops), report(own, crops)
        wrong, own_wrong = wrong + new[0].wrong, own_wrong + before[0].wrong
        yield what
        for errors, of_own in zip(new, before, strict=True):
            yield f"  {errors}   the product's {of_own.percent:.2f} %"
    if install and wrong > own_wrong:
        yield f"  {own} stays: the new weights read worse ({wrong} letters wrong, not {own_wrong})"
    elif install:
        own.write_bytes(made.read_bytes())
        yield f"  {own} replaced; next: make bench-reading"


def _errors(name: str, pairs: Sequence[tuple[Crop, str]]) -> Errors:
    wrong = [Levenshtein.distance(crop.text, read) for crop, read in pairs]
    letters = sum(len(crop.text) for crop, _ in pairs)
    return Errors(name, len(pairs), sum(map(bool, wrong)), letters, sum(wrong))
