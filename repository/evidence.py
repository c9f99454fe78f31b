"""Evidence for other systems (khai thác giấy tờ): answers, links, receipts.

Answers hold no personal data: ids and digests of documents, verdicts, moments.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from repository import procedures
from repository.insertion import insert_once
from repository.schema import evidence_links, evidence_requests, receipts
from vocabulary.text import nfc

_NUMBER: Final = re.compile(r"\d+(?:/\d{4})?/[A-ZĐ][A-ZĐ0-9-]*")


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that was given: same request, same answer."""

    id: str
    client_id: str
    request_id: str
    fingerprint: str
    conversation_id: str
    answer: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A way to the bytes of one piece of evidence, good once and for a while."""

    id: str
    response_id: str
    document_id: str
    sha256: str
    media_type: str
    bytes: int
    expires_at: datetime
    used_at: datetime | None


def is_legal_instrument(tx: Session, text: str) -> bool:
    """Whether a legal basis names an instrument of the register or of a procedure.

    Only number, year and symbol are compared: "NĐ 45/2020/NĐ-CP" and "Nghị định số
    45/2020/NĐ-CP" are the same.
    """
    numbers = _numbers(text)
    if not numbers:
        return False
    if numbers & _registered():
        return True
    of_procedures = {
        number
        for procedure in procedures.list_all(tx)
        for basis in procedure.legal_bases
        for number in _numbers(str(basis.get("instrument", "")))
    }
    return bool(numbers & of_procedures)


@cache
def _registered() -> frozenset[str]:
    text = resources.files("repository.data").joinpath("legal_instruments.json").read_text("utf-8")
    return frozenset().union(*(_numbers(one) for one in json.loads(text)["instruments"]))


def _numbers(text: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(nfc(text).upper()))


def answered(tx: Session, client_id: str, request_id: str) -> Answered | None:
    """What this request got, None if it is new."""
    row = tx.execute(
        select(evidence_requests).where(
            evidence_requests.c.client_id == client_id,
            evidence_requests.c.request_id == request_id,
        )
    ).one_or_none()
    return None if row is None else _answered(row)


def answer_by_id(tx: Session, client_id: str, response_id: str) -> Answered | None:
    """An answer by its own id, or by the request's; only of this client."""
    mine = evidence_requests.c.client_id == client_id
    row = tx.execute(
        select(evidence_requests).where(
            mine,
            (evidence_requests.c.id == response_id)
            | (evidence_requests.c.request_id == response_id),
        )
    ).first()
    return None if row is None else _answered(row)


def keep_answer(tx: Session, given: Answered) -> bool:
    """Keep an answer; False where the same request was answered meanwhile."""
    return insert_once(
        tx,
        evidence_requests,
        {
            "id": given.id,
            "client_id": given.client_id,
            "request_id": given.request_id,
            "fingerprint": given.fingerprint,
            "conversation_id": given.conversation_id,
            "answer": dict(given.answer),
            "created_at": given.created_at,
        },
    )


def add_link(tx: Session, link: Link) -> None:
    """Keep a link."""
    tx.execute(
        evidence_links.insert().values(
            id=link.id,
            response_id=link.response_id,
            document_id=link.document_id,
            sha256=link.sha256,
            media_type=link.media_type,
            bytes=link.bytes,
            expires_at=link.expires_at,
        )
    )


def link_of(tx: Session, client_id: str, link_id: str) -> Link | None:
    """A link that was given to this client."""
    row = tx.execute(
        select(evidence_links)
        .join(evidence_requests, evidence_requests.c.id == evidence_links.c.response_id)
        .where(evidence_links.c.id == link_id, evidence_requests.c.client_id == client_id)
    ).one_or_none()
    return None if row is None else _link(row)


def use_link(tx: Session, link_id: str, now: datetime) -> bool:
    """Take the link's one use; False where it is gone."""
    done = tx.execute(
        update(evidence_links)
        .where(evidence_links.c.id == link_id, evidence_links.c.used_at.is_(None))
        .values(used_at=now)
        .returning(evidence_links.c.id)
    )
    return done.first() is not None


def keep_receipt(
    tx: Session, receipt_id: str, owner: str, body: Mapping[str, Any], now: datetime
) -> None:
    """Keep a receipt for whom it was made."""
    tx.execute(
        receipts.insert().values(id=receipt_id, owner=owner, body=dict(body), created_at=now)
    )


def receipt_by_id(tx: Session, receipt_id: str) -> tuple[str, Mapping[str, Any]] | None:
    """Owner and body of a receipt."""
    row = tx.execute(select(receipts).where(receipts.c.id == receipt_id)).one_or_none()
    return None if row is None else (str(row.owner), dict(row.body))


def _answered(row: Row[Any]) -> Answered:
    return Answered(
        row.id, row.client_id, row.request_id, row.fingerprint, row.conversation_id,
        dict(row.answer), row.created_at,
    )  # fmt: skip


def _link(row: Row[Any]) -> Link:
    return Link(
        row.id, row.response_id, row.document_id, row.sha256, row.media_type, row.bytes,
        row.expires_at, row.used_at,
    )  # fmt: skip
