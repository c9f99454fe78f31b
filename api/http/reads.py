"""Reading a person's document: the right to know, the purpose, and the audit log.

Every read and every refusal is written down with who, what for, and which
document (Law 91/2025/QH15; DESIGN rule 7), before the answer leaves.
"""

from typing import Final, Literal
from urllib.parse import unquote

from fastapi import Request
from sqlalchemy.orm import Session

from api import access
from api.access import Identity
from api.http.desk import caller_of, house_of
from ingest.house import House
from repository import audit, documents
from repository.audit import AuditEntry
from repository.documents import Document
from vocabulary.errors import NotFound
from vocabulary.text import nfc

PURPOSE_HEADER: Final = "X-Purpose"
_LONGEST: Final = 300

Part = Literal["record", "content", "image", "words", "fields"]
"""What of a document was read."""


def purpose_of(request: Request, default: str = "unspecified") -> str:
    """Why the caller reads: the header (percent-encoded UTF-8 where it has marks), or the default.

    Pages pass what the person is doing on them as the default.
    """
    given = request.headers.get(PURPOSE_HEADER, "").strip()
    return nfc(unquote(given))[:_LONGEST] or default


def read_document(
    request: Request, tx: Session, document_id: str, part: Part, purpose: str | None = None
) -> Document:
    """The document, if the caller may know of it, and the read written to the log.

    ``tx`` must be a write transaction: without its record there is no read.

    Raises:
        NotFound: no such document, or no right to know of it (:func:`document_for`
            writes the refusal down).
        Conflict: ``disposed``: only its record is left.
    """
    identity = caller_of(request)
    document = documents.get(tx, document_id)
    if not _may(identity, document, part):
        raise access.unknown_document()
    if document.status == "disposed" and part != "record":
        raise documents.disposed_conflict()
    default = "Xem trên trang" if identity.via == "session" else "unspecified"
    entry = AuditEntry(
        f"document.{part}",
        identity.name,
        house_of(request).clock.now(),
        document_id=document.id,
        detail={"purpose": purpose or purpose_of(request, default), "via": identity.via},
    )
    audit.append(tx, entry)
    return document


def document_for(
    request: Request, document_id: str, part: Part, purpose: str | None = None
) -> Document:
    """:func:`read_document` in a transaction of its own, with refusals logged."""
    house = house_of(request)
    try:
        with house.database.write() as tx:
            return read_document(request, tx, document_id, part, purpose)
    except NotFound:
        note_refusal(house, caller_of(request), document_id, purpose or purpose_of(request))
        raise access.unknown_document() from None


def note_refusal(house: House, identity: Identity, document_id: str, purpose: str) -> None:
    """Write down that the caller asked for a document without the right to it."""
    entry = AuditEntry(
        "document.refused",
        identity.name,
        house.clock.now(),
        document_id=document_id[:32],
        outcome="refused",
        detail={"purpose": purpose, "via": identity.via},
    )
    with house.database.write() as tx:
        audit.append(tx, entry)


def _may(identity: Identity, document: Document, part: Part) -> bool:
    if part in ("record", "fields"):
        return access.may_know(identity, document.created_by)
    return access.may_see_content(identity, document.created_by, document.reason)
