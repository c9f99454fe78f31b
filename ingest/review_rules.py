"""When a person must look: what was given against what was read, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from ocr.types import Catalogue, TypeMatch
from vocabulary.papers import Fields, FieldValue
from vocabulary.text import exact

ESSENTIAL: Final = ("doc_type", "number_symbol", "issuer", "issue_date")
"""Without these a paper of no known type cannot be found again or reused (Circular 01/2023
art. 9); a type says itself what its papers must show."""

SURE_TYPE: Final = 0.8
"""Confidence from which a recognised type decides what its papers must show."""

_COMPARED: Final = ("number_symbol", "issue_date", "expiry_date", "holder_id")
"""Fields in which a single different character is a different paper."""


def merge(read: Mapping[str, FieldValue], given: Fields) -> dict[str, FieldValue]:
    """Given fields stand above read ones, but a sure reading that contradicts is a question.

    The person's value is kept with ``needs_review``: nothing is guessed either way.
    """
    fields = dict(read)
    for name, value in given.items():
        seen = read.get(name)
        contradicted = (
            name in _COMPARED
            and seen is not None
            and not seen.needs_review
            and _plain(seen.value) != _plain(value.value)
        )
        fields[name] = replace(
            value,
            needs_review=contradicted,
            page=seen.page if seen else None,
            box=seen.box if seen else None,
        )
    return fields


def essential_fields(
    types: Catalogue, declared: str | None, match: TypeMatch | None
) -> tuple[str, ...]:
    """Fields without which a paper waits for a person: those that its type names.

    A type that a person declared, or that was surely recognised, decides alone; one that was
    hardly recognised can only add to :data:`ESSENTIAL`, never take from it.
    """
    known = types.get(declared)
    if known is not None:
        return known.essential
    seen = types.get(match.key) if match else None
    if seen is None or match is None:
        return ESSENTIAL
    if match.confidence >= SURE_TYPE:
        return seen.essential
    return tuple(dict.fromkeys([*ESSENTIAL, *seen.essential]))


def open_questions(
    fields: Fields, *, type_known: bool = False, essential: Sequence[str] = ESSENTIAL
) -> tuple[str, ...]:
    """Names of the fields a person must confirm, in the order of the paper.

    ``type_known``: somebody said what the paper is, so its title need not be read.
    ``essential``: fields that must not be missing (:func:`essential_fields`).
    """
    doubtful = [name for name, value in fields.items() if value.needs_review]
    needed = [name for name in essential if not (type_known and name == "doc_type")]
    absent = [name for name in needed if name not in fields]
    return tuple(dict.fromkeys([*absent, *doubtful]))


def _plain(value: str | tuple[str, ...]) -> str:
    text = value if isinstance(value, str) else " ".join(value)
    return "".join(exact(text).split())
