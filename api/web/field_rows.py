"""The fields of a document as rows of a form, and the form back as changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.web import words
from api.web.words import Band
from ingest.review_rules import ESSENTIAL
from vocabulary.papers import FIELD_NAMES, Box, Fields, FieldValue, PageReading

PREFIX: Final = "field."
_LONG: Final = frozenset({"subject", "citations", "title"})


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One row. ``spare``: not on the paper and not essential, offered behind a fold.

    ``where`` tells in words how the value came; ``box`` and ``page`` where it stands.
    """

    name: str
    value: str
    band: Band
    needs_review: bool
    spare: bool
    long: bool
    lines: int
    where: str
    page: int | None
    box: Box | None
    page_width: float
    page_height: float


def rows_of(
    fields: Fields,
    pages: Mapping[int, PageReading],
    typed: Mapping[str, str],
    essential: Sequence[str] = ESSENTIAL,
) -> Sequence[FieldRow]:
    """The fields: those that ask for a person first, the others in the order of the paper.

    What a person has just typed (``typed``, by the form's names) is kept over what is stored.
    ``essential``: fields that the paper's type must show.
    """
    rows = [
        _row(name, fields.get(name), pages, typed.get(PREFIX + name), name in essential)
        for name in FIELD_NAMES
    ]
    return sorted(rows, key=lambda row: not row.needs_review)


def changes_of(form: Mapping[str, str], there: Fields) -> dict[str, str | Sequence[str] | None]:
    """What the person changed: an emptied field is struck out, an untouched one is left alone."""
    changes: dict[str, str | Sequence[str] | None] = {}
    for name in FIELD_NAMES:
        if PREFIX + name not in form:
            continue
        given = form[PREFIX + name].replace("\r\n", "\n").strip()
        old = there.get(name)
        if given == (shown(old) if old else ""):
            continue
        if not given:
            changes[name] = None
        elif name == "citations":
            changes[name] = [line.strip() for line in given.split("\n") if line.strip()]
        else:
            changes[name] = " ".join(given.split())
    return changes


def shown(value: FieldValue) -> str:
    """The value as it stands in its input: a list has one line each."""
    return value.value if isinstance(value.value, str) else "\n".join(value.value)


def _row(
    name: str,
    value: FieldValue | None,
    pages: Mapping[int, PageReading],
    typed: str | None,
    essential: bool,
) -> FieldRow:
    text = typed if typed is not None else shown(value) if value else ""
    page = pages.get(value.page) if value and value.page else None
    absent = value is None and essential
    band = (
        words.band(value.confidence, value.needs_review, value.source)
        if value
        else (Band("doubt", "chưa đọc được") if absent else Band("none", "không có"))
    )
    return FieldRow(
        name=name,
        value=text,
        band=band,
        needs_review=absent or bool(value and value.needs_review),
        spare=value is None and not absent,
        long=name in _LONG or len(text) > 60,
        lines=max(2, min(6, text.count("\n") + 1 + len(text) // 60)),
        where=_where(value),
        page=value.page if value else None,
        box=value.box if value and page else None,
        page_width=page.width_pt if page else 0,
        page_height=page.height_pt if page else 0,
    )


def _where(value: FieldValue | None) -> str:
    if value is None:
        return ""
    source = words.SOURCES.get(value.source, value.source)
    sure = "" if value.source == "person" else f", độ chắc {round(value.confidence * 100)}%"
    return f"Trang {value.page}, {source}{sure}" if value.page else f"{source.capitalize()}{sure}"
