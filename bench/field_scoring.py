"""Whether a field was read exactly, and what was said of it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.field_cases import FieldCase
from bench.scoring import normal
from ocr.fields import extract_fields
from vocabulary.papers import FIELD_NAMES

_CASELESS: Final = ("doc_type", "holder_name")
"""Printed in capitals or not; a card's QR writes the holder otherwise than its print."""


@dataclass(frozen=True, slots=True)
class Said:
    """One field of one paper: what stands there and what was said; "" is nothing.

    ``asked``: whether it counts for how much is read (it is labelled and not handwritten).
    For citations ``right`` is whether all that was said stands there and nothing is missed;
    ``hits``, ``wanted`` and ``found`` count single ones.
    """

    case: str
    group: str
    name: str
    value: str
    told: str
    confidence: float | None
    right: bool
    asked: bool
    hits: int = 0
    wanted: int = 0
    found: int = 0


def plain(value: str) -> str:
    """Composed, one space between words, typographic signs unified; letters as they stand."""
    return re.sub(r"\s+", " ", normal(value)).strip(" ,.;:")


def judged(cases: Iterable[FieldCase]) -> list[Said]:
    """What is said of every field of every paper."""
    return [said for case in cases for said in _of_case(case)]


def _of_case(case: FieldCase) -> list[Said]:
    found = extract_fields(case.pages)
    said = []
    for name in FIELD_NAMES:
        if name in case.unknown or (name not in case.truth and name not in found):
            continue
        told = case.truth.get(name, "")
        field = found.get(name)
        value = field.value if field else ""
        one = Said(
            case.name, case.group, name, _shown(value), _shown(told),
            field.confidence if field else None,
            right=right_of(case, name, value),
            asked=name in case.truth and name not in case.untyped,
        )  # fmt: skip
        said.append(_counted(one, value, told))
    return said


def right_of(case: FieldCase, name: str, value: str | tuple[str, ...]) -> bool:
    """Whether the paper's field says exactly that; nothing is "" as is a field not there."""
    return _key(name, value) == _key(name, case.truth.get(name, ""))


def _counted(one: Said, value: str | tuple[str, ...], told: str | tuple[str, ...]) -> Said:
    if one.name != "citations":
        return one
    read, wanted = _set(value), _set(told)
    return Said(
        one.case, one.group, one.name, one.value, one.told, one.confidence,
        right=read == wanted, asked=one.asked,
        hits=len(read & wanted), wanted=len(wanted), found=len(read),
    )  # fmt: skip


def _set(value: str | tuple[str, ...]) -> set[str]:
    return {plain(one) for one in value} if isinstance(value, tuple) else set()


def _shown(value: str | tuple[str, ...]) -> str:
    return "; ".join(value) if isinstance(value, tuple) else value


def _key(name: str, value: str | tuple[str, ...]) -> object:
    if isinstance(value, tuple) or name == "citations":
        return frozenset(_set(value))
    text = plain(value)
    return text.lower() if name in _CASELESS else text


@dataclass(frozen=True, slots=True)
class Exact:
    """Of one field in one group of papers: how many stand there, how many were read exactly."""

    asked: int
    right: int
    invented: int

    @property
    def share(self) -> float:
        return self.right / self.asked if self.asked else 1.0


def exactness(said: Sequence[Said]) -> Mapping[tuple[str, str], Exact]:
    """By group and field; citations as F1 of the single ones, in tenths of a percent."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in said:
        counts = sums[one.group, one.name]
        if one.name == "citations":
            counts[0] += one.wanted + one.found
            counts[1] += 2 * one.hits
        elif one.asked:
            counts[0] += 1
            counts[1] += one.right
        elif not one.told and one.value:
            counts[2] += 1
    return {key: Exact(*counts) for key, counts in sums.items()}
