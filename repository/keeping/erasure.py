"""What stays of a document that was disposed of: a tombstone (bia) that names no person.

Kept: type, number, issuer, dates, hash and size of the file, who took it in and when, the
steps of its way. Removed: the file's name, its holder, what was declared and read, the
words of its pages, the verdicts on its signatures (they name signers), all its files.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from repository.documents.way import change, note_event
from repository.named_objects import objects_of
from repository.schema import (
    document_events,
    documents,
    fields,
    page_readings,
    past_renditions,
    renditions,
    result_codes,
    signatures,
    signing_tasks,
)

_GOING: Final = (
    page_readings, fields, signatures, renditions, past_renditions, signing_tasks, result_codes,
)  # fmt: skip
"""Rows that go: what was read, who signed, all files, codes that hold a number of the holder."""

NAME: Final = "Tài liệu đã hủy"
_TELLING: Final = ("received", "rendition", "archive_renewed", "done", "superseded", "corrected")
"""Events whose details name nobody: hashes, states, ids."""


def erase(
    tx: Session, document_id: str, disposal_id: str, by: str, now: datetime
) -> frozenset[str]:
    """Turn a document into its tombstone; returns the objects that it named."""
    named = objects_of(tx, document_id)
    for table in _GOING:
        tx.execute(delete(table).where(table.c.document_id == document_id))
    tx.execute(
        update(document_events)
        .where(
            document_events.c.document_id == document_id,
            document_events.c.event.not_in(_TELLING),
        )
        .values(detail={})
    )
    change(
        tx, document_id, now,
        status="disposed", status_note=disposal_id, name=NAME, note="", metadata={},
        subject_id=None,
    )  # fmt: skip
    note_event(tx, document_id, now, by, "disposed", {"disposal": disposal_id})
    return named


def only_here(tx: Session, document_id: str) -> frozenset[str]:
    """Objects of a document that no other row names: those that would be removed with it."""
    return frozenset(
        name for name in objects_of(tx, document_id) if not _named_elsewhere(tx, document_id, name)
    )


def _named_elsewhere(tx: Session, document_id: str, sha256: str) -> bool:
    others = (
        select(documents.c.id).where(
            documents.c.sha256 == sha256,
            documents.c.id != document_id,
            documents.c.status != "disposed",
        ),
        *(
            select(table.c.document_id).where(column == sha256, table.c.document_id != document_id)
            for table, column in (
                (renditions, renditions.c.sha256),
                (past_renditions, past_renditions.c.sha256),
                (signing_tasks, signing_tasks.c.draft_sha256),
            )
        ),
    )
    return any(tx.execute(query.limit(1)).first() is not None for query in others)
