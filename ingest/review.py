"""A person checks, corrects, describes and confirms what was read (kiểm tra, xác nhận)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from ingest import consequences, outbox
from ingest.house import House
from ingest.intake import JOB
from repository import documents, subjects
from repository.documents import Document
from vocabulary import correlation
from vocabulary.clock import VIETNAM
from vocabulary.errors import InvalidRequest

Changes = Mapping[str, str | Sequence[str] | None]

_FOUND: Final = frozenset({"needs_review", "done"})
"""States in which the index knows a document."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person says of one paper at once: all of it is kept, or nothing.

    ``fields``: corrections, None strikes a field out that is not on the paper.
    ``about``: what stands beside the fields (:func:`describe`). ``confirmed``: the
    person vouches for the fields as they then stand.
    """

    fields: Changes = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    confirmed: bool = False


def save(
    house: House, document_id: str, changes: Changes, by: str, expected_version: int
) -> Document:
    """Keep corrections; None strikes a field out that is not on the paper.

    Raises:
        Conflict: somebody changed the document meanwhile, or it cannot be reviewed now.
        InvalidRequest: a value does not fit its field.
    """
    return judge(house, document_id, Judgement(fields=changes), by, expected_version)


def describe(
    house: House, document_id: str, values: Mapping[str, Any], by: str, expected_version: int
) -> Document:
    """Keep what a person knows of the paper: what kind it is, whose, how long and where it holds.

    ``values``: ``type``, ``subject`` (scheme, id, and name where it is known), ``scope``,
    ``form``, ``valid_from``, ``valid_to`` (dates); None takes a value back.

    Raises:
        Conflict: somebody changed the document meanwhile.
        InvalidRequest: a value does not fit (``invalid_identifier`` for the holder's number).
    """
    return judge(house, document_id, Judgement(about=values), by, expected_version)


def confirm(house: House, document_id: str, by: str, expected_version: int) -> Document:
    """The person vouches for the fields; the document goes on to be composed and certified.

    Raises:
        Conflict: somebody changed the document meanwhile, or it cannot be confirmed now.
    """
    return judge(house, document_id, Judgement(confirmed=True), by, expected_version)


def judge(house: House, document_id: str, said: Judgement, by: str, version: int) -> Document:
    """Everything that one form says, in one transaction.

    Raises:
        Conflict: somebody changed the document meanwhile, or it cannot be reviewed now.
        InvalidRequest: a value does not fit; nothing of the form was kept.
    """
    now = house.clock.now()
    with house.database.write() as tx:
        if said.fields:
            kept = documents.review_fields(tx, document_id, said.fields, by, version, now)
            version = kept.version
        if said.about:
            values = _for_the_catalogue(tx, said.about)
            version = documents.describe(tx, document_id, values, by, now, version).version
        _check_days(house, documents.get(tx, document_id), said)
        if said.confirmed:
            documents.confirm(tx, document_id, by, version, now)
        document = documents.get(tx, document_id)
        consequences.follow(house, tx, document_id)
        if said.confirmed and document.state == "reviewed":
            house.queue.enqueue(tx, JOB, document_id, correlation.carried())
        found = (said.fields or said.about) and document.state in _FOUND
        if found:
            outbox.changed(house, tx, document_id)
    if found:
        outbox.follow_now(house, document_id)
    return document


def _check_days(house: House, document: Document, said: Judgement) -> None:
    """What was said of the paper's days, held against each other and against today.

    Raises:
        InvalidRequest: ``validity_contradictory``, ``issued_in_future``.
    """
    if {"issue_date", "expiry_date"} & set(said.fields):
        documents.check_description(document, {"valid_to": document.valid_to})
    if "issue_date" in said.fields or "issue_date" in said.about:
        today = house.clock.now().astimezone(VIETNAM).date()
        documents.not_in_future(document.issue_date, today)


def _for_the_catalogue(tx: Session, about: Mapping[str, Any]) -> dict[str, Any]:
    """The holder is entered, or found, under the typed identifier; the rest stays as it is."""
    values = {name: value for name, value in about.items() if name != "subject"}
    if "subject" not in about:
        return values
    who = about["subject"]
    if who is None:
        return {**values, "subject_id": None}
    if not who.get("scheme") or not who.get("id"):
        raise InvalidRequest(
            "Chủ giấy tờ cần có loại mã và mã số.",
            "The holder needs a scheme and an id.",
            code="invalid_identifier",
            field="subject.id",
        )
    holder = subjects.ensure(tx, who["scheme"], who["id"], who.get("name") or "")
    return {**values, "subject_id": holder.id}
