"""What was read from a document and made of it: pages, signatures, renditions."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repository.documents.views import Rendition, RenditionKind, rendition_of
from repository.documents.way import SYSTEM, note_event
from repository.insertion import insert_once
from repository.ports import StoredObject
from repository.schema import documents, page_readings, past_renditions, renditions, signatures
from vocabulary.papers import PageReading, SignatureRecord


class PageSaved(Enum):
    """What became of a page that was handed in."""

    SAVED = "saved"
    ALREADY_THERE = "already_there"


@dataclass(frozen=True, slots=True)
class FallingDue:
    """An archival file and when its signatures stop proving themselves."""

    document_id: str
    name: str
    sha256: str
    until: datetime


def save_page(tx: Session, document_id: str, reading: PageReading, now: datetime) -> PageSaved:
    """Checkpoints one page; the first reading stays, whoever comes later."""
    plain = json.dumps(reading.to_json(), ensure_ascii=False, separators=(",", ":"))
    values = {
        "document_id": document_id,
        "number": reading.number,
        "reading": zlib.compress(plain.encode()),
        "words": len(reading.words),
        "read_at": now,
    }
    return PageSaved.SAVED if insert_once(tx, page_readings, values) else PageSaved.ALREADY_THERE


def pages(tx: Session, document_id: str) -> dict[int, PageReading]:
    """All page readings by page number, in page order."""
    rows = tx.execute(
        select(page_readings.c.number, page_readings.c.reading)
        .where(page_readings.c.document_id == document_id)
        .order_by(page_readings.c.number)
    )
    return {row.number: _reading(row.reading) for row in rows}


def page(tx: Session, document_id: str, number: int) -> PageReading | None:
    """One page's reading, None when it has not been read."""
    packed = tx.execute(
        select(page_readings.c.reading).where(
            page_readings.c.document_id == document_id, page_readings.c.number == number
        )
    ).scalar_one_or_none()
    return None if packed is None else _reading(packed)


def pages_done(tx: Session, document_id: str) -> frozenset[int]:
    """Numbers of the pages that are read, for a worker that takes over."""
    rows = tx.execute(
        select(page_readings.c.number).where(page_readings.c.document_id == document_id)
    )
    return frozenset(rows.scalars())


def save_signatures(tx: Session, document_id: str, records: Sequence[SignatureRecord]) -> None:
    """Keeps the verdicts on the signatures of the file as received; replaces earlier ones."""
    tx.execute(delete(signatures).where(signatures.c.document_id == document_id))
    for position, record in enumerate(records):
        tx.execute(
            signatures.insert().values(
                document_id=document_id, position=position, record=record.to_json()
            )
        )


def signatures_of(tx: Session, document_id: str) -> tuple[SignatureRecord, ...]:
    """The verdicts in the order of the file."""
    rows = tx.execute(
        select(signatures.c.record)
        .where(signatures.c.document_id == document_id)
        .order_by(signatures.c.position)
    )
    return tuple(SignatureRecord.from_json(record) for record in rows.scalars())


def add_rendition(
    tx: Session,
    document_id: str,
    kind: RenditionKind,
    stored: StoredObject,
    media_type: str,
    made_by: Mapping[str, str],
    now: datetime,
    holds_until: datetime | None = None,
) -> None:
    """Names a stored object as one of the document's files.

    A repeated step replaces the derived file it made before (the original,
    once there, stays what it is); the history keeps both names. ``holds_until``: when
    its signatures stop proving themselves.
    """
    values = {
        "sha256": stored.sha256,
        "bytes": stored.bytes,
        "media_type": media_type,
        "made_by": dict(made_by),
        "created_at": now,
        "holds_until": holds_until,
    }
    keys = {"document_id": document_id, "kind": kind}
    if not insert_once(tx, renditions, keys | values):
        mine = (renditions.c.document_id == document_id) & (renditions.c.kind == kind)
        there = tx.execute(select(renditions.c.sha256).where(mine)).scalar_one()
        if kind == "original" or there == stored.sha256:
            return
        tx.execute(renditions.update().where(mine).values(**values))
    note_event(tx, document_id, now, SYSTEM, "rendition", {"kind": kind, "sha256": stored.sha256})


def renew_rendition(
    tx: Session,
    document_id: str,
    before: str,
    stored: StoredObject,
    holds_until: datetime | None,
    now: datetime,
) -> bool:
    """Put a prolonged archival file in the place of ``before``, which is kept as a past one.

    False where another has done so meanwhile: then nothing is changed.
    """
    mine = (renditions.c.document_id == document_id) & (renditions.c.kind == "archival")
    row = tx.execute(select(renditions).where(mine, renditions.c.sha256 == before)).one_or_none()
    if row is None or stored.sha256 == before:
        return False
    kept = {
        name: getattr(row, name)
        for name in (
            "document_id",
            "sha256",
            "kind",
            "bytes",
            "media_type",
            "made_by",
            "created_at",
        )
    }
    if not insert_once(tx, past_renditions, {**kept, "replaced_at": now}):
        return False
    values = {"sha256": stored.sha256, "bytes": stored.bytes, "created_at": now}
    tx.execute(renditions.update().where(mine).values(**values, holds_until=holds_until))
    detail = {"before": before, "sha256": stored.sha256}
    note_event(tx, document_id, now, SYSTEM, "archive_renewed", detail)
    return True


def past_renditions_of(tx: Session, document_id: str) -> list[Rendition]:
    """Archival files that were prolonged, oldest first."""
    rows = tx.execute(
        select(past_renditions)
        .where(past_renditions.c.document_id == document_id)
        .order_by(past_renditions.c.created_at)
    )
    return [rendition_of(row) for row in rows]


def falling_due(tx: Session, until: datetime, limit: int = 1000) -> list[FallingDue]:
    """Archival files whose signatures stop proving themselves before a moment, first ones first."""
    rows = tx.execute(
        select(renditions, documents.c.name)
        .join(documents, documents.c.id == renditions.c.document_id)
        .where(renditions.c.kind == "archival", renditions.c.holds_until < until)
        .order_by(renditions.c.holds_until, renditions.c.document_id)
        .limit(limit)
    )
    return [FallingDue(row.document_id, row.name, row.sha256, row.holds_until) for row in rows]


def renditions_of(tx: Session, document_id: str) -> dict[RenditionKind, Rendition]:
    """The document's files by kind."""
    rows = tx.execute(
        select(renditions)
        .where(renditions.c.document_id == document_id)
        .order_by(renditions.c.kind)
    )
    found = (rendition_of(row) for row in rows)
    return {rendition.kind: rendition for rendition in found}


def _reading(packed: bytes) -> PageReading:
    return PageReading.from_json(json.loads(zlib.decompress(packed)))
