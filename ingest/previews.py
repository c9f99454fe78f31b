"""The holder looks and decides before another system gets a paper (OOTS: PreviewRequired).

Where a component of a procedure says so (``preview``), the first answer is not the evidence
but a link. It cannot be guessed, lives half an hour and is good for one browser; it shows
nothing before the holder has given the number that the question was about. What they say
counts once; an agreement lasts a day.
"""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from ingest.evidence_terms import ANCHORS, Question, matter_of, refused
from ingest.house import House
from ingest.lookup import page_image
from repository import accounts, audit, documents, procedures
from repository import previews as kept
from repository.audit import AuditEntry
from repository.documents import Document
from repository.ids import new_id
from repository.previews import Preview
from repository.procedures import Procedure
from vocabulary.clock import vietnam_time
from vocabulary.errors import Conflict, InvalidRequest, NotAllowed, NotFound
from vocabulary.text import nfc

LINK_LIFE: Final = timedelta(minutes=30)
AGREEMENT_LIFE: Final = timedelta(days=1)
OPEN_AT_ONCE: Final = 5
"""Questions of one client to one holder that may wait at a time."""
_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """What the holder sees: who asks, for what, which papers."""

    preview: Preview
    client_name: str
    procedure_name: str
    papers: tuple[Document, ...]


def wanted(procedure: Procedure, kind: str) -> bool:
    """Whether the law wants the holder to look before a paper of this type is given."""
    return any(
        component.preview and kind in alternative
        for component in procedure.components
        for alternative in component.satisfied_by
    )


def asked(
    tx: Session, house: House, question: Question, client: str, usable: Sequence[str]
) -> Preview:
    """The conversation with the holder about a question: begun now, waiting, or agreed.

    Raises:
        NotAllowed: ``preview_refused``: the holder said no.
        Conflict: ``preview_expired``, ``replayed_request``, ``too_many_previews``.
        NotFound: no such conversation of this client.
    """
    now, matter = house.clock.now(), matter_of(question.body)
    if question.conversation is None:
        found = kept.of_request(tx, client, question.request_id)
        if found is None:
            return _begun(tx, house, question, client, usable, matter)
    else:
        found = kept.of_conversation(tx, client, question.conversation)
        if found is None:
            raise NotFound(
                "Không có cuộc trao đổi này.", "There is no such conversation.", code="not_found"
            )
    if found.matter != matter:
        raise _conflict("replayed_request")
    if found.state == "refused":
        raise refused("preview_refused", "the holder refused")
    if now > found.expires_at:
        raise _conflict("preview_expired")
    return found


def _begun(
    tx: Session, house: House, question: Question, client: str, usable: Sequence[str], matter: str
) -> Preview:
    now = house.clock.now()
    lookup = audit.subject_lookup(house.audit_key, question.scheme, question.number)
    if kept.waiting_for(tx, client, lookup, now) >= OPEN_AT_ONCE:
        raise _conflict("too_many_previews", retry_after=int(LINK_LIFE.total_seconds()))
    preview_id = new_id()
    made = Preview(
        id=preview_id,
        client_id=client,
        request_id=question.request_id,
        conversation_id=str(uuid.uuid4()),
        matter=matter,
        token_hash=_hash(_token(house, preview_id)),
        scheme=question.scheme,
        subject_lookup=lookup,
        procedure=question.procedure,
        case_ref=question.case_ref,
        legal_basis=question.legal_basis,
        type=question.type,
        documents=tuple(usable),
        state="waiting",
        tries=0,
        browser_hash=None,
        reason=None,
        created_at=now,
        expires_at=now + LINK_LIFE,
        opened_at=None,
        decided_at=None,
    )
    kept.keep(tx, made)
    _note(tx, house, made, "evidence.preview_required", client)
    return made


def told(house: House, preview: Preview) -> dict[str, Any]:
    """What the other system hears of it; the link only as long as somebody is waited for."""
    now = house.clock.now()
    late = preview.state != "refused" and now > preview.expires_at
    status = {"waiting": "preview_required"}.get(preview.state, preview.state)
    waits = preview.state == "waiting" and not late
    return {
        "request_id": preview.request_id,
        "conversation_id": preview.conversation_id,
        "status": "expired" if late else status,
        "procedure": preview.procedure,
        "case_ref": preview.case_ref,
        "preview": {
            **({"location": f"/preview/{_token(house, preview.id)}"} if waits else {}),
            "expires_at": vietnam_time(preview.expires_at),
            **(decision(preview) if preview.decided_at else {}),
        },
    }


def decision(preview: Preview) -> dict[str, Any]:
    """What the holder said and when, for the answer and its receipt."""
    assert preview.decided_at is not None
    return {
        "decision": preview.state,
        "decided_at": vietnam_time(preview.decided_at),
        **({"reason": preview.reason} if preview.reason else {}),
    }


def find(house: House, token: str) -> Preview:
    """The preview of a link that is still good for something.

    Raises:
        NotFound: no such link.
        Conflict: ``preview_expired``, ``link_used`` (decided already).
    """
    with house.database.read() as tx:
        return _good(house, kept.by_token(tx, _hash(token)))


def enter(house: House, token: str, number: str) -> str:
    """Take the link's one use with the number that the question is about; the browser's secret.

    Raises:
        NotFound, Conflict: as :func:`find`; ``link_used`` where another browser has it.
        NotAllowed: ``wrong_number``; after :data:`repository.previews.TRIES` the link is dead.
    """
    with house.database.write() as tx:
        preview = _good(house, kept.by_token(tx, _hash(token)))
        if preview.opened_at is not None:
            raise _conflict("link_used")
        if _is_theirs(house, preview, number):
            secret = secrets.token_urlsafe(32)
            kept.open_once(tx, preview.id, _hash(secret), house.clock.now())
            _note(tx, house, preview, "evidence.preview_shown", "holder")
            return secret
        kept.note_try(tx, preview.id)
        _note(tx, house, preview, "evidence.preview_shown", "holder", outcome="refused")
    raise NotAllowed(
        "Mã số không khớp. Hãy kiểm tra lại trên giấy tờ của bạn.",
        "The number does not fit. Check it on your own paper.",
        code="wrong_number",
    )


def shown(house: House, token: str, secret: str) -> Shown:
    """What the holder sees in the browser that opened the link.

    Raises:
        NotFound, Conflict: as :func:`find`; ``link_used`` for another browser.
    """
    with house.database.read() as tx:
        preview = _opened(house, kept.by_token(tx, _hash(token)), secret)
        client = accounts.find_client(tx, preview.client_id)
        on = preview.created_at.date()
        return Shown(
            preview,
            client.name if client else preview.client_id,
            procedures.get(tx, preview.procedure, on).name,
            tuple(documents.get(tx, one) for one in preview.documents),
        )


def picture(house: House, token: str, secret: str, place: int, page: int) -> bytes:
    """JPEG of one page of the paper at a place of the list, counted from 1.

    Raises:
        NotFound, Conflict: as :func:`shown`; also where there is no such paper or page.
    """
    with house.database.read() as tx:
        preview = _opened(house, kept.by_token(tx, _hash(token)), secret)
        there = 1 <= place <= len(preview.documents)
        paper = documents.get(tx, preview.documents[place - 1]) if there else None
    if paper is None or not 1 <= page <= (paper.page_count or 1):
        raise NotFound("Không có trang này.", "There is no such page.")
    return page_image(house, preview.documents[place - 1], page, 1200)


def decide(house: House, token: str, secret: str, agrees: bool, reason: str) -> Preview:
    """What the holder says, once.

    Raises:
        NotFound, Conflict: as :func:`shown`.
    """
    said = nfc(reason).strip()[:_REASON] or None
    with house.database.write() as tx:
        preview = _opened(house, kept.by_token(tx, _hash(token)), secret)
        now = house.clock.now()
        state: kept.PreviewState = "agreed" if agrees else "refused"
        kept.decide(tx, preview.id, state, said, now, now + AGREEMENT_LIFE)
        event = "evidence.preview_accepted" if agrees else "evidence.preview_declined"
        _note(tx, house, preview, event, "holder")
        decided = kept.by_token(tx, _hash(token))
    assert decided is not None
    return decided


def _opened(house: House, found: Preview | None, secret: str) -> Preview:
    preview = _good(house, found)
    if preview.browser_hash is None or not hmac.compare_digest(preview.browser_hash, _hash(secret)):
        raise _conflict("link_used")
    return preview


def _good(house: House, found: Preview | None) -> Preview:
    if found is None or found.tries >= kept.TRIES:
        raise NotFound(
            "Không có liên kết này hoặc liên kết đã bị khóa. Hãy quay lại nơi nộp hồ sơ.",
            "There is no such link, or it is locked. Go back to where you handed in your dossier.",
        )
    if found.state != "waiting":
        raise _conflict("link_used")
    if house.clock.now() > found.expires_at:
        raise _conflict("preview_expired")
    return found


def _is_theirs(house: House, preview: Preview, number: str) -> bool:
    try:
        given = audit.subject_lookup(house.audit_key, preview.scheme, number)
    except InvalidRequest:
        return False
    return hmac.compare_digest(given, preview.subject_lookup)


def _token(house: House, preview_id: str) -> str:
    """From the office's key, so that the same question can be told the same link again."""
    made = hmac.new(house.audit_key, f"preview|{preview_id}".encode(), hashlib.sha256)
    return made.hexdigest()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _note(
    tx: Session, house: House, preview: Preview, event: str, actor: str, *, outcome: str = "ok"
) -> None:
    detail = {
        "client": preview.client_id,
        "conversation": preview.conversation_id,
        "procedure": preview.procedure,
        "case_ref": preview.case_ref,
        "type": preview.type,
        "documents": list(preview.documents),
    }
    now: datetime = house.clock.now()
    entry = AuditEntry(
        event, actor, now, subject_lookup=preview.subject_lookup, outcome=outcome, detail=detail
    )
    audit.append(tx, entry)


_CONFLICTS: Final[Mapping[str, tuple[str, str]]] = {
    "link_used": (
        "Liên kết này đã được dùng. Hãy quay lại nơi nộp hồ sơ nếu bạn cần liên kết mới.",
        "This link was used. Go back to where you handed in your dossier for a new one.",
    ),
    "preview_expired": (
        "Đã quá thời hạn xem và đồng ý. Hãy gửi yêu cầu mới với mã yêu cầu mới.",
        "The time to look and agree is over. Send a new request with a new request_id.",
    ),
    "replayed_request": (
        "Mã yêu cầu này đã dùng cho một yêu cầu khác. Hãy tạo mã mới.",
        "This request_id was used for another request. Make a new one.",
    ),
    "too_many_previews": (
        "Chủ giấy tờ đang có quá nhiều yêu cầu chờ đồng ý. Hãy đợi rồi gửi lại.",
        "Too many requests wait for this holder. Wait and send it again.",
    ),
}


def _conflict(code: str, **detail: Any) -> Conflict:
    vi, en = _CONFLICTS[code]
    anchor = {"anchor": ANCHORS[code]} if code in ANCHORS else {}
    return Conflict(vi, en, code=code, **anchor, **detail)
