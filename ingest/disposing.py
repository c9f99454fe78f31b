"""Disposal of papers whose term is over (hủy tài liệu hết giá trị), by two persons and a list.

One drafts what has fallen due, people look through it, another one approves; the office
signs the list, which is kept for ever. Only then papers go, each exactly once: first its
row becomes a tombstone, with the plan of objects to remove, in one transaction; then the
objects go, those alone that nobody else names and no lock of the store keeps. A killed
run goes on where it was.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from ingest.house import House
from ingest.naming import still_there
from repository import audit
from repository.audit import AuditEntry
from repository.keeping import disposals, due, rules
from repository.keeping.disposals import MOST, Disposal, Entry
from repository.keeping.due import REASONS, Judged, Question
from signing.receipts import canonical, make_receipt
from vocabulary.clock import VIETNAM, vietnam_time
from vocabulary.errors import Conflict, InvalidRequest, MissingPart, NotAllowed


def draft(house: House, by: str, day: date | None = None, most: int = MOST) -> Disposal:
    """Put down what has fallen due on a day (default: today in Vietnam), oldest papers first.

    Raises:
        Conflict: ``nothing_due``.
        InvalidRequest: a day that has not come.
    """
    now = house.clock.now()
    today = now.astimezone(VIETNAM).date()
    day = day or today
    if day > today:
        raise InvalidRequest(
            "Chỉ lập danh mục cho ngày đã đến.",
            "A list is drafted for a day that has come.",
            field="on",
        )
    with house.database.read() as tx:  # the long look: nobody waits for it
        question = Question(rules.schedule(tx), day, now, house.office.demo)
        ids = [one.document.id for one in islice(due.due(tx, question), most + 1)]
    with house.database.write() as tx:
        question = Question(rules.schedule(tx), day, now, house.office.demo)
        found = [one for one in due.judge(tx, ids, question) if one.stays is None]
        if not found:
            raise Conflict(
                "Không có giấy tờ nào hết thời hạn bảo quản theo quy định đã xác nhận.",
                "No paper has fallen due by a confirmed rule.",
                code="nothing_due",
            )
        listed = [(one.document.id, _said(one)) for one in found[:most]]
        made = disposals.open_new(tx, day, listed, by, now, more=len(ids) > most)
        _log(tx, "disposal.drafted", by, now, made, {"papers": len(listed)})
    return made


def take_off(
    house: House, disposal_id: str, document_ids: Sequence[str], reason: str, by: str
) -> Disposal:
    """A person takes papers off a draft, with a reason; they may be on the next one.

    Raises:
        Conflict: ``not_a_draft``.
        InvalidRequest: no reason, or a paper that is not on the list.
    """
    now = house.clock.now()
    with house.database.write() as tx:
        disposal = _draft_of(tx, disposal_id)
        if not reason.strip():
            raise InvalidRequest(
                "Hãy ghi lý do đưa ra khỏi danh mục.",
                "Say why it is taken off.",
                field="reason",
            )
        for one in document_ids:
            if disposals.entry_state(tx, disposal_id, one) not in ("listed", "off"):
                raise InvalidRequest(
                    f"Giấy tờ {one} không có trong danh mục.",
                    f"The document {one} is not on the list.",
                    field="documents",
                )
            disposals.set_entry(tx, disposal_id, one, "off", reason.strip(), by, now)
        changed = disposals.change(tx, disposal, "draft")
        _log(tx, "disposal.taken_off", by, now, changed, {"documents": sorted(document_ids)})
    return changed


def cancel(house: House, disposal_id: str, reason: str, by: str) -> Disposal:
    """Give up a list that was not begun to be carried out.

    Raises:
        Conflict: ``disposal_begun``.
        InvalidRequest: no reason.
    """
    now = house.clock.now()
    with house.database.write() as tx:
        disposal = disposals.get(tx, disposal_id)
        if disposal.state not in ("draft", "approved"):
            raise Conflict(
                "Danh mục đã được thực hiện hoặc đã bỏ.",
                "The list was carried out, or given up before.",
                code="disposal_begun",
            )
        if not reason.strip():
            raise InvalidRequest("Hãy ghi lý do.", "Give the reason.", field="reason")
        changed = disposals.change(tx, disposal, "cancelled", note=reason.strip(), ended_at=now)
        _log(tx, "disposal.cancelled", by, now, changed, {})
    return changed


def approve(house: House, disposal_id: str, by: str) -> Disposal:
    """Another person approves; the list as it stands is signed by the office and kept for ever.

    What has got a reason to stay since the draft is not on the signed list.

    Raises:
        NotAllowed: ``same_person``: who drafted it.
        Conflict: ``not_a_draft``, ``nothing_due``, or changed meanwhile.
        MissingPart: the office has no key (``seal_missing``), or it is away.
    """
    if house.seal is None:
        raise MissingPart(
            "Danh mục hủy phải được cơ quan ký số. Hãy đặt khóa ký (SOHOA_ORGANISATION_KEY …).",
            "A disposal list is signed by the office. Set its key (SOHOA_ORGANISATION_KEY …).",
            code="seal_missing",
        )
    now = house.clock.now()
    with house.database.write() as tx:
        disposal = _draft_of(tx, disposal_id)
        if disposal.drafted_by == by:
            raise NotAllowed(
                "Người lập danh mục không được tự phê duyệt. Hãy nhờ người khác.",
                "Who drafted the list cannot approve it. Ask another person.",
                code="same_person",
            )
        _keep_what_stays(house, tx, disposal, now)
        disposal = disposals.change(tx, disposal, "draft")
        claims = _claims(house, tx, disposal, by, now)
    if not claims["papers"]:
        raise Conflict(
            "Danh mục không còn giấy tờ nào để hủy.",
            "Nothing is left on the list.",
            code="nothing_due",
        )
    receipt = make_receipt(claims, house.seal.organisation)  # a token or a service takes its time
    stored = house.objects.put(io.BytesIO(canonical(receipt)))
    with house.database.write() as tx:
        still_there(house, tx, stored.sha256)
        approved = disposals.change(
            tx, disposal, "approved", approved_by=by, approved_at=now,
            receipt_sha256=stored.sha256, receipt_bytes=stored.bytes,
        )  # fmt: skip
        _log(tx, "disposal.approved", by, now, approved, {"receipt": stored.sha256})
    return approved


def question_of(house: House, tx: Session, disposal: Disposal, now: datetime) -> Question:
    """What is asked of the papers of a list: by the rules that hold today, not on its day."""
    today = now.astimezone(VIETNAM).date()
    return Question(rules.schedule(tx), today, now, house.office.demo, apart_from=disposal.id)


def why(code: str) -> str:
    """A reason to stay, as it stands in an entry: code and sentence."""
    return f"{code}: {REASONS[code][0]}"


def _keep_what_stays(house: House, tx: Session, disposal: Disposal, now: datetime) -> None:
    listed = [one.document_id for one in disposals.entries(tx, disposal.id, "listed")]
    for one in due.judge(tx, listed, question_of(house, tx, disposal, now)):
        if one.stays is not None:
            reason = why(one.stays)
            disposals.set_entry(tx, disposal.id, one.document.id, "kept", reason, "system", now)


def _claims(
    house: House, tx: Session, disposal: Disposal, by: str, now: datetime
) -> dict[str, Any]:
    assert house.seal is not None
    every = disposals.entries(tx, disposal.id)
    return {
        "kind": "disposal_list",
        "disposal": disposal.id,
        "office": house.office.name,
        "due_on": disposal.due_on.isoformat(),
        "drafted_by": disposal.drafted_by,
        "drafted_at": vietnam_time(disposal.drafted_at),
        "approved_by": by,
        "approved_at": vietnam_time(now),
        "papers": [_claimed(one) for one in every if one.state == "listed"],
        "taken_off": [
            {"document": one.document_id, "reason": one.reason, "by": one.by}
            for one in every
            if one.state in ("off", "kept")
        ],
        "test": house.seal.test,
    }


def _claimed(entry: Entry) -> dict[str, Any]:
    return {"document": entry.document_id, **entry.said}


def _said(one: Judged) -> dict[str, Any]:
    document, rule = one.document, one.term.rule
    assert rule is not None
    assert one.term.until is not None
    return {
        "type": document.type,
        "number_symbol": (document.number_symbol or "")[:200] or None,
        "issuer": (document.issuer or "")[:200] or None,
        "issue_date": document.issue_date.isoformat() if document.issue_date else None,
        "received_on": document.created_at.astimezone(VIETNAM).date().isoformat(),
        "pages": document.page_count,
        "sha256": document.sha256,
        "kept_until": one.term.until.isoformat(),
        "years": rule.years,
        "counts_from": rule.counts_from,
        "legal_basis": rule.legal_basis[:200],
    }


def _draft_of(tx: Session, disposal_id: str) -> Disposal:
    disposal = disposals.get(tx, disposal_id)
    if disposal.state != "draft":
        raise Conflict(
            "Danh mục không còn là dự thảo.",
            "The list is not a draft any more.",
            code="not_a_draft",
        )
    return disposal


def _log(
    tx: Session, event: str, by: str, now: datetime, disposal: Disposal, detail: dict[str, Any]
) -> None:
    audit.append(tx, AuditEntry(event, by, now, detail={"disposal": disposal.id, **detail}))
