"""How a recogniser reads rendered lines that it was not trained on."""

from collections.abc import Mapping, Sequence
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

    def __str__(self) -> str:
        share, lines = 100 * self.wrong / max(1, self.letters), 100 * self.flawed / self.lines
        return f"{self.name:12s} {self.lines:6d} lines  CER {share:6.2f} %  flawed {lines:5.1f} %"


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


def report(weights: Path, source: CropSource, sheets: int = 150) -> tuple[Errors, ...]:
    """Errors of the ONNX net in ``weights``: all lines, then by the kind of their text."""
    crops = [crop for _ in range(sheets) for crop in source.sheet()]
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


def _errors(name: str, pairs: Sequence[tuple[Crop, str]]) -> Errors:
    wrong = [Levenshtein.distance(crop.text, read) for crop, read in pairs]
    letters = sum(len(crop.text) for crop, _ in pairs)
    return Errors(name, len(pairs), sum(map(bool, wrong)), letters, sum(wrong))
