"""Legal holds: placed and lifted by people, written down, put through to the store's own locks."""

import logging
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from ingest.house import House
from repository import audit, documents, dossiers, subjects
from repository.audit import AuditEntry
from repository.keeping import holds
from repository.keeping.holds import Hold, Scope
from vocabulary.errors import InvalidRequest, NotFound, SohoaError

LOG: Final = logging.getLogger("sohoa.keeping")


def place(house: House, scope: Scope, target: str, reason: str, legal_basis: str, by: str) -> Hold:
    """Hold papers; it counts from the moment this returns, in the store as soon as it answers.

    Raises:
        NotFound: no such document, dossier or subject.
        InvalidRequest: reason or legal basis is missing; an unknown scope.
    """
    now = house.clock.now()
    with house.database.write() as tx:
        found = _target(tx, scope, target)
        made = holds.place(tx, scope, found, reason, legal_basis, by, now)
        audit.append(tx, _entry("hold.placed", made, by, now))
    follow(house)
    return made


def lift(house: House, hold_id: str, reason: str, by: str) -> Hold:
    """End a hold; papers under another one stay held.

    Raises:
        NotFound: no such hold.
        Conflict: ``hold_lifted``.
    """
    now = house.clock.now()
    with house.database.write() as tx:
        ended = holds.lift(tx, hold_id, reason, by, now)
        audit.append(tx, _entry("hold.lifted", ended, by, now))
    follow(house)
    return ended


def follow(house: House) -> None:
    """:func:`into_store`, where trouble is told and the daily duty tries again."""
    try:
        into_store(house)
    except (SohoaError, OSError) as error:
        code = error.error_code if isinstance(error, SohoaError) else type(error).__name__
        LOG.error("holds not yet in the store, tried again daily", extra={"code": code})


def into_store(house: House) -> int:
    """Bring the store's own holds to what is held now; returns how many objects changed.

    Repeating it changes nothing. A store without locks has nothing to do: this service
    itself removes nothing that is held.

    Raises:
        MissingPart: the store does not answer.
    """
    if house.locks is None:
        return 0
    with house.database.read() as tx:
        wanted, there = holds.held_objects(tx), holds.set_in_store(tx)
    changed = 0
    for name in sorted(wanted ^ there):
        on = name in wanted
        try:
            house.locks.hold(name, on=on)
        except NotFound:
            if on:  # a damaged store: the fixity sweep tells of it
                continue
        with house.database.write() as tx:
            holds.note_in_store(tx, name, house.clock.now(), on=on)
        changed += 1
    return changed


def _target(tx: Session, scope: Scope, target: str) -> str:
    """The id under which the hold is kept; a subject is named by id, or as ``vn:mst:0901…``."""
    if scope == "document":
        found = documents.get(tx, target)
        if found.status == "disposed":
            raise documents.disposed_conflict()
        return found.id
    if scope == "dossier":
        return dossiers.get(tx, target).code
    if scope != "subject":
        raise InvalidRequest(
            "Phạm vi giữ là document, dossier hoặc subject.",
            "The scope of a hold is document, dossier or subject.",
            field="scope",
        )
    scheme, _, number = target.rpartition(":")
    if not scheme:
        return subjects.get(tx, target).id
    known = subjects.find(tx, scheme, number)
    if known is None:
        raise NotFound("Không có chủ giấy tờ này.", "There is no such subject.")
    return known.id


def _entry(event: str, hold: Hold, by: str, now: datetime) -> AuditEntry:
    # The log names papers and dossiers by their ids; reasons may name people and stay in the row.
    detail = {"hold": hold.id, "scope": hold.scope, "legal_basis": hold.legal_basis}
    if hold.scope != "document":
        detail["target"] = hold.target
    return AuditEntry(
        event, by, now, hold.target if hold.scope == "document" else None, detail=detail
    )
