"""Receiving files into the house: durable before anything else happens and before 2xx is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, Final, Literal

from sqlalchemy.orm import Session

from ingest.house import House
from ingest.identify import ends_of, media_type_of
from ingest.naming import still_there
from repository import documents, idempotency, subjects
from repository.documents import Document, NewDocument
from repository.ports import StoredObject, Urgency
from vocabulary import correlation
from vocabulary.clock import VIETNAM
from vocabulary.errors import InvalidRequest, Stopped
from vocabulary.papers import Fields, FieldValue
from vocabulary.text import nfc

JOB: Final = "digitize"
"""Kind of the job that takes one document its way; the key is the document's id."""

_GIVEN_FIELDS: Final = {
    "number_symbol": "number_symbol",
    "issuer": "issuer",
    "issue_date": "issue_date",
    "valid_to": "expiry_date",
    "doc_type": "doc_type",
    "holder_name": "holder_name",
    "holder_id": "holder_id",
}
"""Keys of the registration metadata (surface.md section 6) and the fields they answer."""

_DAYS: Final = ("issue_date", "valid_from", "valid_to")
_PLAIN: Final = ("type", "form", "scope")
_OF_ALL: Final = ("subject", "form", "scope")


@dataclass(frozen=True, slots=True)
class DuplicateInfo:
    """Where these very bytes were received first."""

    document_id: str
    name: str
    received_at: str
    batch_id: str | None


@dataclass(frozen=True, slots=True)
class Received:
    """What the person who handed a file in is told. The bytes are safe."""

    document_id: str
    name: str
    sha256: str
    bytes: int
    media_type: str
    duplicate_of: DuplicateInfo | None


def receive(
    house: House,
    stream: BinaryIO,
    name: str,
    *,
    by: str,
    batch_id: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    declared_pages: int | None = None,
    once_key: str | None = None,
    urgency: Urgency = Urgency.DESK,
) -> Received:
    """Keep the bytes, then make a row and a job in one transaction.

    ``stream`` must be seekable. A file that is no paper at all is refused before
    acceptance, and nothing of it is kept; an exact
    duplicate is kept, named, and waits for the person's choice. With ``once_key``
    a repeated call gives the document that the first one made, also when the
    service was killed in between.

    Raises:
        Stopped: ``empty`` or ``not_a_document``: refused, nothing accepted.
        InvalidRequest: too large (``too_large``), or metadata that does not fit.
    """
    check_metadata(house, metadata or {})
    begin = stream.tell()
    head, tail = ends_of(stream)
    kind = media_type_of(head, tail)
    if kind is None:  # refused before anything of it is kept
        raise Stopped("empty" if not head else "not_a_document", name)
    stream.seek(begin)
    stored = house.objects.put(stream, house.max_file_bytes)
    with house.database.write() as tx:
        made = idempotency.made_before(tx, by, once_key, stored.sha256) if once_key else None
        if made is not None:
            return _received_before(tx, documents.get(tx, made))
        received = register(
            house,
            tx,
            stored,
            nfc(name) or "không tên",
            kind,
            by=by,
            batch_id=batch_id,
            metadata=metadata,
            declared_pages=declared_pages,
            urgency=urgency,
        )
        if once_key:
            idempotency.remember(
                tx, by, once_key, stored.sha256, received.document_id, house.clock.now()
            )
        return received


def register(
    house: House,
    tx: Session,
    stored: StoredObject,
    name: str,
    media_type: str,
    *,
    by: str,
    batch_id: str | None,
    metadata: Mapping[str, Any] | None = None,
    declared_pages: int | None = None,
    urgency: Urgency = Urgency.DESK,
) -> Received:
    """The row and the job of bytes that are stored already, in the caller's transaction.

    Raises:
        Conflict: ``object_gone`` (:func:`ingest.naming.still_there`).
    """
    still_there(house, tx, stored.sha256)
    given = dict(metadata or {})
    first = documents.find_by_sha(tx, stored.sha256)
    now = house.clock.now()
    document_id = documents.register(
        tx,
        NewDocument(
            name=name,
            sha256=stored.sha256,
            bytes=stored.bytes,
            media_type=media_type,
            batch_id=batch_id,
            declared_pages=declared_pages,
            subject_id=_subject(tx, given),
            type=given.get("type"),
            scope=given.get("scope"),
            form=given.get("form"),
            valid_from=_date(given, "valid_from"),
            valid_to=_date(given, "valid_to"),
            issue_date=_date(given, "issue_date"),
            number_symbol=given.get("number_symbol"),
            issuer=given.get("issuer"),
            duplicate_of=first.id if first else None,
            metadata=given,
            created_by=by,
            demo=house.office.demo,
        ),
        now,
    )
    duplicate = None
    if first is None:
        house.queue.enqueue(tx, JOB, document_id, correlation.carried(), urgency=urgency, share=by)
    else:
        duplicate = _told(first)
    return Received(
        document_id, name, stored.sha256, stored.bytes, media_type, duplicate_of=duplicate
    )


def received_with(house: House, by: str, once_key: str) -> Received | None:
    """What this key made before; for keys that the house itself gives out."""
    with house.database.read() as tx:
        made = idempotency.made_by(tx, by, once_key)
        return None if made is None else _received_before(tx, documents.get(tx, made))


def _received_before(tx: Session, document: Document) -> Received:
    first = documents.get(tx, document.duplicate_of) if document.duplicate_of else None
    return Received(
        document.id,
        document.name,
        document.sha256,
        document.bytes,
        document.media_type,
        duplicate_of=_told(first) if first else None,
    )


def choose(house: House, document_id: str, choice: Literal["keep", "discard"], by: str) -> Document:
    """The person's choice about an exact duplicate: digitise it as well, or discard it."""
    with house.database.write() as tx:
        documents.choose_duplicate(tx, document_id, choice, by, house.clock.now())
        if choice == "keep":
            house.queue.enqueue(tx, JOB, document_id, correlation.carried())
        return documents.get(tx, document_id)


def retry(house: House, document_id: str, by: str) -> Document:
    """Try a stopped document again, from where its pages stand."""
    with house.database.write() as tx:
        documents.resume(tx, document_id, by, house.clock.now())
        house.queue.enqueue(tx, JOB, document_id, correlation.carried())
        return documents.get(tx, document_id)


def given_fields(metadata: Mapping[str, Any]) -> Fields:
    """What a person declared, as fields of full confidence from a person."""
    return {
        field: FieldValue(str(metadata[key]), 1.0, None, None, "person")
        for key, field in _GIVEN_FIELDS.items()
        if metadata.get(key)
    }


def check_metadata(house: House, given: Mapping[str, Any]) -> None:
    """Look at what is declared of files, before the first of them is taken.

    Raises:
        InvalidRequest: the subject or a date does not fit, or the dates contradict each other.
    """
    who = _identified(given)
    if who is not None:
        subjects.normalise(who[0], who[1])
    days = {key: day for key in _DAYS if (day := _date(given, key)) is not None}
    documents.not_in_future(days.get("issue_date"), house.clock.now().astimezone(VIETNAM).date())
    plain = {key: given[key] for key in _PLAIN if given.get(key) is not None}
    for key, value in plain.items():
        if not isinstance(value, str):
            raise InvalidRequest(f"Mục {key} phải là chữ.", f"{key} must be a text.", field=key)
    documents.check_description(None, {**plain, **days})


def of_the_pile(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What was declared of a ZIP and is true of every paper inside: holder, form, scope."""
    return {key: metadata[key] for key in _OF_ALL if metadata.get(key) is not None}


def _subject(tx: Session, given: Mapping[str, Any]) -> str | None:
    who = _identified(given)
    return None if who is None else subjects.ensure(tx, *who).id


def _identified(given: Mapping[str, Any]) -> tuple[str, str, str] | None:
    who = given.get("subject")
    if who is None:
        return None
    try:
        return str(who["scheme"]), str(who["id"]), str(who.get("name") or "")
    except (TypeError, KeyError, AttributeError) as error:
        raise InvalidRequest(
            "Chủ giấy tờ cần có scheme và id, ví dụ vn:mst và 0901234564.",
            "The subject needs scheme and id, for example vn:mst and 0901234564.",
            field="subject",
        ) from error


def _date(given: Mapping[str, Any], key: str) -> date | None:
    text = given.get(key)
    if text is None or isinstance(text, date):
        return text
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise InvalidRequest(
            f"«{text}» không phải ngày. Hãy viết theo dạng 2026-11-24.",
            f"{text!r} is not a date. Write it like 2026-11-24.",
            field=key,
        ) from error


def _told(first: Document) -> DuplicateInfo:
    return DuplicateInfo(first.id, first.name, first.created_at.isoformat(), first.batch_id)
