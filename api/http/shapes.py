"""JSON of batches and documents, as the surface has it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from ingest.intake import Received
from repository import documents, result_codes, subjects
from repository.batches import Batch, BatchProgress, Difference
from repository.documents import Document
from vocabulary.clock import vietnam_time
from vocabulary.reasons import REASONS


def received_json(received: Received, *, tell_first: bool) -> dict[str, Any]:
    """One file that was accepted. ``tell_first``: the caller may know of the first copy."""
    duplicate = received.duplicate_of
    return {
        "document": received.document_id,
        "name": received.name,
        "sha256": received.sha256,
        "bytes": received.bytes,
        "media_type": received.media_type,
        "state": "stopped" if duplicate else "received",
        "reason": "duplicate" if duplicate else None,
        "duplicate_of": _first_json(received) if duplicate and tell_first else None,
        "url": f"/v1/documents/{received.document_id}",
    }


def outline(document: Document) -> dict[str, Any]:
    """A document in a list: no fields, no text."""
    reason = REASONS.get(document.reason or "")
    return {
        "id": document.id,
        "name": document.name,
        "batch": document.batch_id,
        "sha256": document.sha256,
        "bytes": document.bytes,
        "media_type": document.media_type,
        "state": document.state,
        "reason": document.reason,
        "message": reason.vi if reason else None,
        "message_en": reason.en if reason else None,
        "status": document.status,
        "version": document.version,
        "page_count": document.page_count,
        "pages_read": document.pages_read,
        "type": document.type,
        "number_symbol": document.number_symbol,
        "issuer": document.issuer,
        "issue_date": _iso(document.issue_date),
        "valid_from": _iso(document.valid_from),
        "valid_to": _iso(document.valid_to),
        "scope": document.scope,
        "form": document.form,
        "duplicate_of": document.duplicate_of,
        "duplicate_choice": document.duplicate_choice,
        "superseded_by": document.superseded_by,
        "ends_with": document.ends_with,
        "demo": document.demo,
        "created_by": document.created_by,
        "created_at": vietnam_time(document.created_at),
        "updated_at": vietnam_time(document.updated_at),
    }


def whole(tx: Session, document: Document) -> dict[str, Any]:
    """The record of section 3, with subject, type, validity, state and history beside it."""
    renditions = documents.renditions(tx, document.id)
    archival = renditions.get("archival")
    output = None
    if archival is not None:
        output = {
            "path": f"/v1/documents/{document.id}/content?rendition=archival",
            "sha256": archival.sha256,
            "bytes": archival.bytes,
            "pdfa": archival.made_by.get("pdfa") or None,
        }
    return {
        **outline(document),
        "note": document.note or None,
        "status_note": document.status_note or None,
        "source": {
            "name": document.name,
            "sha256": document.sha256,
            "bytes": document.bytes,
            "media_type": document.media_type,
        },
        "pages": [page.summary() for page in documents.pages(tx, document.id).values()],
        "fields": {
            name: value.to_json() for name, value in documents.fields(tx, document.id).items()
        },
        "signatures": [one.to_json() for one in documents.signatures(tx, document.id)],
        "output": output,
        "made_by": dict(archival.made_by) if archival else {},
        "subject": subject_json(tx, document.subject_id),
        "result_codes": result_codes.of_document(tx, document.id),
        "confirmed_by": document.confirmed_by,
        "confirmed_at": vietnam_time(document.confirmed_at) if document.confirmed_at else None,
        "history": [
            {
                "at": vietnam_time(event.at),
                "actor": event.actor,
                "event": event.event,
                "detail": dict(event.detail),
            }
            for event in documents.history(tx, document.id)
        ],
    }


def subject_json(tx: Session, subject_id: str | None) -> dict[str, Any] | None:
    """The person or organisation that holds the paper."""
    if subject_id is None:
        return None
    subject = subjects.get(tx, subject_id)
    return {
        "id": subject.id,
        "name": subject.name,
        "identifiers": [{"scheme": one.scheme, "id": one.value} for one in subject.identifiers],
    }


def batch_json(
    batch: Batch, progress: BatchProgress, files: tuple[Document, ...], next_cursor: str | None
) -> dict[str, Any]:
    """A batch with its counts and the state of each of its files."""
    return {
        "id": batch.id,
        "name": batch.name,
        "state": batch.state,
        "declared": {"files": batch.declared_files, "pages": batch.declared_pages},
        "progress": {**asdict(progress), "finished": progress.finished},
        "files": [outline(document) for document in files],
        "next": next_cursor,
        "demo": batch.demo,
        "created_by": batch.created_by,
        "created_at": vietnam_time(batch.created_at),
        "closed_by": batch.closed_by,
        "closed_at": vietnam_time(batch.closed_at) if batch.closed_at else None,
    }


def difference_json(one: Difference) -> dict[str, Any]:
    """Where the declared and the found counts part, with sentences for people."""
    vi, en = {
        "files": (
            f"Đã khai {one.declared} tệp nhưng nhận được {one.found} tệp.",
            f"{one.declared} files were declared, {one.found} were received.",
        ),
        "pages": (
            f"Đã khai {one.declared} trang nhưng các tệp có {one.found} trang.",
            f"{one.declared} pages were declared, the files have {one.found}.",
        ),
        "unfinished": (
            f"Còn {one.found} tệp chưa xong hoặc đang chờ xác nhận.",
            f"{one.found} files are still in work or wait for review.",
        ),
    }[one.what]
    return {
        "what": one.what,
        "declared": one.declared,
        "found": one.found,
        "detail": vi,
        "detail_en": en,
    }


def _first_json(received: Received) -> Mapping[str, Any]:
    first = received.duplicate_of
    assert first is not None
    return {
        "document": first.document_id,
        "name": first.name,
        "received_at": first.received_at,
        "batch": first.batch_id,
        "url": f"/v1/documents/{first.document_id}",
    }


def _iso(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
