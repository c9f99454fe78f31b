"""Small papers for the catalogue's tests."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from repository import documents
from repository.documents import NewDocument
from vocabulary.papers import (
    Baseline,
    Box,
    FieldValue,
    Line,
    PageReading,
    SignatureRecord,
    Word,
)

NOW: Final = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def new(**changes: Any) -> NewDocument:
    values: dict[str, Any] = {
        "name": "quyết định.pdf",
        "sha256": "a" * 64,
        "bytes": 1234,
        "media_type": "application/pdf",
        "created_by": "clerk",
    }
    return NewDocument(**(values | changes))


def registered(tx: Session, at: datetime = NOW, **changes: Any) -> str:
    return documents.register(tx, new(**changes), at)


def reading(number: int = 1, text: str = "QUYẾT ĐỊNH số 1") -> PageReading:
    words = tuple(
        Word(part, Box(10, 10, 40, 20), 96.5, "ocr", "own", raw="x", alternatives=((part, 0.5),))
        for part in text.split()
    )
    line = Line(words, Baseline(10, 20, 40, 20), 10.0, block=1)
    return PageReading(
        number, 595.3, 841.9, 300, "scan", 90, -0.4, (line,) if words else (), ("reduced",)
    )


def field(value: str | tuple[str, ...], *, doubtful: bool = False) -> FieldValue:
    return FieldValue(value, 0.5 if doubtful else 0.98, 1, Box(1, 2, 3, 4), "ocr", doubtful)


def signature(verdict: str = "valid", remarks: tuple[str, ...] = ()) -> SignatureRecord:
    return SignatureRecord(
        field="Signature1",
        signer="Nguyễn Văn A",
        certificate_issuer="CA",
        level="B-B",
        verdict=verdict,  # type: ignore[arg-type]
        remarks=remarks,
        integrity="intact",
        trust="trusted",
        covers="whole_file",
        changes_after="none",
        signed_at="2024-05-02T08:00:00+07:00",
        time_source="claimed",
    )


def finished(tx: Session, at: datetime = NOW, **changes: Any) -> str:
    """A scan that went the whole way and was certified by the office."""
    values: dict[str, Any] = {
        "type": "business_registration",
        "form": "original",
        "scope": "nationwide",
        "issue_date": date(2024, 5, 2),
    }
    document_id = registered(tx, at, **(values | changes))
    for step in ("identified", "checked", "read", "composed", "certified"):
        documents.set_step(tx, document_id, step, NOW)  # type: ignore[arg-type]
    documents.finish(tx, document_id, NOW)
    return document_id
