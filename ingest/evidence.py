"""Evidence for other systems: asked for with a purpose, answered with reasons, receipted, logged.

The order is that of the law: the arrival is written down before anything is done; the
purpose is weighed before anything is searched; who asks without the right learns nothing,
and neither does who asks about a person of whom nothing is held. The same request gets the
same answer; another body under the same id is refused (as OOTS 4.4 has it).
"""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from ingest import previews
from ingest.evidence_terms import (
    ANCHORS,
    Question,
    entry_of,
    fingerprint_of,
    log,
    refused,
    unresolved,
)
from ingest.house import House
from repository import audit, documents, evidence, once_only, procedures, purposes, subjects
from repository.audit import AuditEntry
from repository.documents import Document
from repository.evidence import Answered, Link
from repository.glimpse import OfSession
from repository.ids import new_id
from repository.once_only import DocumentHeld
from repository.previews import Preview
from repository.procedures import Component, Procedure
from repository.subjects import Subject
from signing.receipts import canonical, make_receipt
from vocabulary.clock import VIETNAM, vietnam_time
from vocabulary.errors import Conflict, InvalidRequest, NotFound, SohoaError
from vocabulary.text import folded

LINK_LIFE: Final = timedelta(minutes=15)
_SKEW: Final = timedelta(minutes=10)
_OLDEST: Final = timedelta(hours=24)


def ask(house: House, question: Question, client: str) -> tuple[Mapping[str, Any], bool]:
    """The answer, and whether it was given before.

    Where the law wants the holder to look first, the answer is ``preview_required`` until
    they have agreed (ingest.previews).

    Raises:
        NotAllowed: ``purpose_not_allowed``, ``insufficient_scope``, ``consent_missing``,
            ``preview_refused``.
        NotFound: ``evidence_not_found``: nothing is held that can be reused; the reason
            stands in the log alone.
        InvalidRequest: ``unresolved_reference``, ``invalid_request``, ``invalid_identifier``.
        Conflict: ``replayed_request``, ``preview_expired``, ``too_many_previews``,
            ``subject_ambiguous``.
    """
    log(house, question, client, "evidence.request_received")
    fingerprint = fingerprint_of(question.body)
    with house.database.read() as tx:
        before = evidence.answered(tx, client, question.request_id)
    if before is not None:
        return _again(house, question, client, before, fingerprint), True
    try:
        with house.database.write() as tx:
            procedure = _allowed(tx, house, question, client)
            answer = _answer(tx, house, question, client, procedure, fingerprint)
    except SohoaError as error:
        told = {"code": error.error_code, "why": error.detail.pop("why", "")}
        log(house, question, client, "evidence.request_refused", outcome="refused", **told)
        raise
    return answer, False


def link_for(house: House, client: str, link_id: str) -> Link:
    """Take the one use of a link; the read is logged before a byte leaves.

    Raises:
        NotFound: no such link of this client.
        Conflict: ``link_used``, ``link_expired``, ``withdrawn``.
    """
    now = house.clock.now()
    with house.database.write() as tx:
        link = evidence.link_of(tx, client, link_id)
        if link is None:
            raise NotFound("Không có liên kết này.", "There is no such link.")
        document = documents.get(tx, link.document_id)
        gone = _why_gone(link, document, now)
        if gone is None and evidence.use_link(tx, link_id, now):
            detail = {"response": link.response_id, "sha256": link.sha256}
            entry = AuditEntry(
                "evidence.opened", client, now, document_id=link.document_id, detail=detail
            )
            audit.append(tx, entry)
            return link
    raise _gone(gone or "link_used")


def types_for(procedure: Procedure) -> list[dict[str, Any]]:
    """Evidence that can be asked for on the occasion of a procedure, by component."""
    return [
        {
            "id": kind,
            "component": component.code,
            "component_name": component.name,
            "forms": list(component.form),
            "max_age_days": component.max_age_days,
            "together_with": [one for one in alternative if one != kind],
        }
        for component in procedure.components
        for alternative in component.satisfied_by
        for kind in alternative
    ]


def _again(
    house: House, question: Question, client: str, before: Answered, fingerprint: str
) -> Mapping[str, Any]:
    if before.fingerprint != fingerprint:
        log(house, question, client, "evidence.request_refused", outcome="refused",
             code="replayed_request")  # fmt: skip
        raise Conflict(
            "Mã yêu cầu này đã dùng cho một yêu cầu khác. Hãy tạo mã mới.",
            "This request_id was used for another request. Make a new one.",
            code="replayed_request",
            anchor=ANCHORS["replayed_request"],
        )
    log(house, question, client, "evidence.response_sent", response=before.id, replayed=True)
    return before.answer


def _allowed(tx: Session, house: House, question: Question, client: str) -> Procedure:
    """The procedure, if this client may ask for this type on its occasion; before any search."""
    now = house.clock.now()
    if question.issued_at and not now - _OLDEST <= question.issued_at <= now + _SKEW:
        raise InvalidRequest(
            "issued_at lệch quá xa so với giờ hiện tại. Hãy kiểm tra đồng hồ.",
            "issued_at is too far from now. Check the clock.",
            field="issued_at",
            rule="R-REQ-ISSUED-AT",
            anchor=ANCHORS["invalid_request"],
        )
    if not purposes.within(question.scope, question.procedure):
        raise refused("insufficient_scope", "the token does not carry the purpose")
    if not purposes.may_ask_for(tx, client, question.procedure):
        raise refused("purpose_not_allowed", "the purpose was not granted to this client")
    day = now.astimezone(VIETNAM).date()
    try:
        procedure = procedures.get(tx, question.procedure, day)
    except NotFound:
        raise unresolved("purpose.procedure_code", question.procedure) from None
    for basis in question.legal_basis:
        if not evidence.is_legal_instrument(tx, str(basis.get("instrument", ""))):
            raise unresolved("purpose.legal_basis", str(basis.get("instrument", "")))
    if question.type not in {one["id"] for one in types_for(procedure)}:
        raise refused("purpose_not_allowed", "the procedure does not need this type")
    if question.consent is False:
        raise refused("consent_missing", "the holder was asked and did not agree")
    _can_be_answered(question)
    return procedure


def _can_be_answered(question: Question) -> None:
    """Before any search, and the same whatever is held: nobody is found by a name.

    Raises:
        InvalidRequest: ``unsupported_capability``.
        Conflict: ``subject_ambiguous``.
    """
    taken = {one.partition(";")[0].strip().lower() for one in question.formats}
    if taken and not taken & {"application/pdf", "application/*", "*/*"}:
        raise InvalidRequest(
            "Giấy tờ chỉ được giao dưới dạng application/pdf.",
            "Evidence is given as application/pdf alone.",
            code="unsupported_capability",
            field="accepted_formats",
            anchor=ANCHORS["unsupported_capability"],
        )
    if not question.number:
        raise Conflict(
            "Họ tên và ngày sinh chưa đủ để xác định một người. Hãy gửi số định danh có loại mã.",
            "A name and a date of birth do not tell one person from others. Send a typed id.",
            code="subject_ambiguous",
            anchor=ANCHORS["subject_ambiguous"],
        )


def _answer(
    tx: Session,
    house: House,
    question: Question,
    client: str,
    procedure: Procedure,
    fingerprint: str,
) -> Mapping[str, Any]:
    now = house.clock.now()
    subject = subjects.find(tx, question.scheme, question.number)
    held = _held(tx, house, question, subject)
    usable = [one for one, reasons in held if not reasons]
    if subject and _called_otherwise(subject.name, question.name):
        raise _nothing("the subject has another name")
    if not usable:
        told = ", ".join(reason for _, reasons in held for reason in reasons)
        raise _nothing(told or ("nothing of this type" if subject else "unknown subject"))
    agreed: Preview | None = None
    if previews.wanted(procedure, question.type):
        agreed = previews.asked(tx, house, question, client, [one.id for one in usable])
        if agreed.state == "waiting":
            return previews.told(house, agreed)
        usable = [one for one in usable if one.id in agreed.documents]
        if not usable:
            raise _nothing("what the holder agreed to is not usable any more")
    response_id = new_id()
    conversation = agreed.conversation_id if agreed else str(uuid.uuid4())
    pieces = [_piece(tx, house, documents.get(tx, one.id), now, response_id) for one in usable]
    body: dict[str, Any] = {
        "response_id": response_id,
        "request_id": question.request_id,
        "conversation_id": conversation,
        "status": "delivered",
        "procedure": procedure.code,
        "case_ref": question.case_ref,
        "evidence": [piece for piece, _ in pieces],
        **({"preview": previews.decision(agreed)} if agreed else {}),
    }
    entry = entry_of(house, question, client, "evidence.delivered", response=response_id,
                   documents=[one.id for one in usable])  # fmt: skip
    recorded = audit.append(tx, entry)
    body["receipt"] = _receipt(tx, house, question, client, body, fingerprint, recorded.seq)
    given = Answered(response_id, client, question.request_id, fingerprint, conversation, body, now)
    if not evidence.keep_answer(tx, given):
        raise Conflict(
            "Yêu cầu này đang được trả lời. Hãy gửi lại.",
            "This request is being answered. Send it again.",
            code="in_progress",
        )
    for _, link in pieces:
        evidence.add_link(tx, link)
    return body


def _nothing(why: str) -> NotFound:
    """One answer for nobody, nothing and nothing usable; ``why`` stands in the log alone."""
    return NotFound(
        "Không có giấy tờ dùng lại được cho yêu cầu này.",
        "There is no evidence that can be reused for this request.",
        code="evidence_not_found",
        anchor=ANCHORS["evidence_not_found"],
        why=why,
    )


def _called_otherwise(known: str, said: str) -> bool:
    """Whether both are there and differ by more than accents, case and spaces."""
    one, other = (" ".join(folded(name).split()) for name in (known, said))
    return bool(one) and bool(other) and one != other


def _held(
    tx: Session, house: House, question: Question, subject: Subject | None
) -> list[tuple[DocumentHeld, tuple[str, ...]]]:
    """Papers of the subject of the type that is asked for, with every reason against each.

    For an unknown subject the same statements are asked: the time tells nothing, either.
    """
    subject = subject or Subject("", "", (subjects.normalise(question.scheme, question.number),))
    wanted = Component("", "", ((question.type,),))
    day = question.valid_at or house.clock.now().astimezone(VIETNAM).date()
    places = house.office.codes.places_on(day)
    found = []
    for one in once_only.held_by(OfSession(tx), subject, {question.type}):
        if one.type != question.type or one.holder != subject.id:
            continue
        reasons = once_only.reasons_against(one, wanted, subject.id, day, places)
        earliest = question.min_issue_date
        if earliest and (one.issue_date is None or one.issue_date < earliest):
            reasons = (*reasons, "too_old")
        found.append((one, reasons))
    return found


def _piece(
    tx: Session, house: House, document: Document, now: datetime, response_id: str
) -> tuple[dict[str, Any], Link]:
    """One piece of evidence and its link: the certified archival file, or the signed original."""
    archival = documents.renditions(tx, document.id).get("archival")
    sha256 = archival.sha256 if archival else document.sha256
    size = archival.bytes if archival else document.bytes
    media_type = archival.media_type if archival else document.media_type
    expires = now + LINK_LIFE
    link = Link(new_id(), response_id, document.id, sha256, media_type, size, expires, None)
    signatures = documents.signatures(tx, document.id)
    piece = {
        "id": link.id,
        "type": document.type,
        "role": "main",
        "issuing_authority": document.issuer,
        "issued_on": document.issue_date.isoformat() if document.issue_date else None,
        "valid_from": document.valid_from.isoformat() if document.valid_from else None,
        "valid_to": document.valid_to.isoformat() if document.valid_to else None,
        "form": document.form,
        "scope": document.scope,
        "reuse": {"verdict": "reusable", "reasons": [], "checked_at": vietnam_time(now)},
        "signature": {
            "status": "certified_by_office" if not signatures else signatures[0].verdict,
            "signer": signatures[0].signer if signatures else house.office.name,
        },
        "digest": {"alg": "sha-256", "value": sha256},
        "size": size,
        "media_type": media_type,
        "content_url": f"/v1/evidence/{link.id}/content",
        "expires_at": vietnam_time(expires),
    }
    return piece, link


def _receipt(
    tx: Session, house: House, question: Question, client: str, body: Mapping[str, Any],
    request_hash: str, log_index: int,
) -> dict[str, Any] | None:  # fmt: skip
    """Signed with the office's key, checked offline; None in an office without keys."""
    if house.seal is None:
        return None
    now = house.clock.now()
    receipt_id = new_id()
    claims = {
        "kind": "evidence_delivered",
        "receipt_id": receipt_id,
        "office": house.office.name,
        "requester": client,
        "response_id": body["response_id"],
        "request_hash": request_hash,
        "response_hash": hashlib.sha256(canonical(body)).hexdigest(),
        "delivered_at": vietnam_time(now),
        "procedure": body["procedure"],
        "case_ref": question.case_ref,
        "legal_basis": [dict(one) for one in question.legal_basis],
        "evidence": [
            {"type": one["type"], "sha256": one["digest"]["value"]} for one in body["evidence"]
        ],
        **({"preview": body["preview"]} if "preview" in body else {}),
        "log_index": log_index,
        "test": house.seal.test,
    }
    made = make_receipt(claims, house.seal.organisation)
    evidence.keep_receipt(tx, receipt_id, client, made, now)
    return {"receipt_id": receipt_id, "url": f"/v1/receipts/{receipt_id}", **made}


def _why_gone(link: Link, document: Document, now: datetime) -> str | None:
    if link.used_at is not None:
        return "link_used"
    if now > link.expires_at:
        return "link_expired"
    return "withdrawn" if document.status != "active" else None


def _gone(code: str) -> Conflict:
    vi, en = {
        "link_used": ("Liên kết chỉ dùng được một lần.", "The link is good for one use."),
        "link_expired": ("Liên kết đã hết hạn.", "The link has expired."),
        "withdrawn": (
            "Giấy tờ đã bị thu hồi hoặc thay thế.",
            "The paper was withdrawn or replaced.",
        ),
    }[code]
    return Conflict(f"{vi} Hãy gửi yêu cầu mới.", f"{en} Send a new request.", code=code)
