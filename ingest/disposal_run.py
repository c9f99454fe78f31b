"""Carrying out an approved disposal list, paper by paper; a killed run goes on where it was."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from ingest import outbox
from ingest.disposing import question_of, why
from ingest.house import House
from repository import audit
from repository.audit import AuditEntry
from repository.keeping import disposals, due, erasure, fixity
from repository.keeping.disposals import Disposal, Entry
from repository.named_objects import is_named
from repository.ports import Job
from vocabulary.errors import Conflict, NotFound

JOB: Final = "dispose"
"""Kind of the job that carries out a list; the key is the list's id."""

BY: Final = "system"
_SLICE: Final = 50
"""Papers in one turn: errands of others come between."""

_OPEN: Final[tuple[disposals.EntryState, ...]] = ("listed", "locked", "erased")


def ask(house: House, disposal_id: str, by: str) -> Disposal:
    """Let the workers carry out an approved list; again, where objects had been locked.

    Raises:
        Conflict: ``not_approved``.
    """
    now = house.clock.now()
    with house.database.write() as tx:
        disposal = _begun(tx, disposal_id, by, now)
        house.queue.enqueue(tx, JOB, disposal_id, {})
    return disposal


def carry_out(house: House, disposal_id: str, by: str) -> Disposal:
    """Carry out a list here and now; run again after a kill, it goes on.

    Raises:
        Conflict: ``not_approved``.
        MissingPart: the store or the catalogue does not answer.
    """
    with house.database.write() as tx:
        _begun(tx, disposal_id, by, house.clock.now())
    seen: set[str] = set()
    while _some(house, disposal_id, seen):
        pass
    with house.database.read() as tx:
        return disposals.get(tx, disposal_id)


def work(house: House, job: Job) -> bool:
    """The worker's errand: one slice, then the rest in another turn. Nothing waits for others."""
    with house.database.read() as tx:
        running = disposals.get(tx, job.key).state == "running"
    seen: set[str] = set()
    if running and _some(house, job.key, seen, _SLICE):
        house.queue.postpone(job, "", timedelta(0))
        return False
    house.queue.done(job)
    return False


def _begun(tx: Session, disposal_id: str, by: str, now: datetime) -> Disposal:
    disposal = disposals.get(tx, disposal_id)
    if disposal.state == "running":
        return disposal
    if disposal.state not in ("approved", "partly"):
        raise Conflict(
            "Chỉ thực hiện được danh mục đã được phê duyệt và ký.",
            "Only an approved and signed list can be carried out.",
            code="not_approved",
        )
    for one in disposals.entries(tx, disposal_id, "locked", "erased"):  # asked again
        state: disposals.EntryState = "listed" if one.state == "locked" else "erased"
        disposals.set_entry(tx, disposal_id, one.document_id, state, "", by, now)
    begun = disposals.change(tx, disposal, "running", run_by=by, ended_at=None)
    audit.append(tx, AuditEntry("disposal.begun", by, now, detail={"disposal": disposal_id}))
    return begun


def _some(house: House, disposal_id: str, seen: set[str], most: int = _SLICE) -> bool:
    """Some papers of the list; whether others are left."""
    with house.database.read() as tx:
        left = [
            one
            for one in disposals.entries(tx, disposal_id, "listed", "erased")
            if one.document_id not in seen and not _stuck(one)
        ]
    for one in left[:most]:
        seen.add(one.document_id)
        _one(house, disposal_id, one)
    if len(left) > most:
        return True
    _end(house, disposal_id)
    return False


def _stuck(entry: Entry) -> bool:
    """Erased, but the store would not let an object go in this run."""
    return entry.state == "erased" and entry.reason != ""


def _one(house: House, disposal_id: str, entry: Entry) -> None:
    if entry.state == "listed" and not _erased(house, disposal_id, entry.document_id):
        return
    outbox.follow_now(house, entry.document_id)
    _remove_objects(house, disposal_id, entry.document_id)


def _erased(house: House, disposal_id: str, document_id: str) -> bool:
    """Make the tombstone, unless something keeps the paper; whether it was made."""
    with house.database.read() as tx:
        alone = erasure.only_here(tx, document_id)
    locked = _locked(house, sorted(alone))
    now = house.clock.now()
    with house.database.write() as tx:
        if disposals.entry_state(tx, disposal_id, document_id) != "listed":
            return False  # another run was faster
        disposal = disposals.get(tx, disposal_id)
        judged = due.judge(tx, [document_id], question_of(house, tx, disposal, now))[0]
        if judged.stays is not None:
            reason = why(judged.stays)
            disposals.set_entry(tx, disposal_id, document_id, "kept", reason, BY, now)
            return False
        if locked:
            disposals.set_entry(tx, disposal_id, document_id, "locked", locked, BY, now)
            return False
        named = erasure.erase(tx, document_id, disposal_id, BY, now)
        disposals.plan_removals(tx, disposal_id, document_id, sorted(named), now)
        disposals.set_entry(tx, disposal_id, document_id, "erased", "", BY, now)
        outbox.changed(house, tx, document_id)
        detail = {
            "disposal": disposal_id, "sha256": judged.document.sha256,
            "approved_by": disposal.approved_by,
        }  # fmt: skip
        audit.append(tx, AuditEntry("document.disposed", BY, now, document_id, detail=detail))
    return True


def _locked(house: House, names: list[str]) -> str:
    """The objects that the store's own locks keep, by name and until when; "" for none."""
    if house.locks is None:
        return ""
    kept = []
    for name in names:
        try:
            lock = house.locks.protection(name)
        except NotFound:
            continue
        if lock.held:
            kept.append(f"{name} held")
        elif lock.retained_until is not None and lock.retained_until > house.clock.now():
            kept.append(f"{name} retained until {lock.retained_until:%Y-%m-%dT%H:%MZ}")
    return "; ".join(kept)


def _remove_objects(house: House, disposal_id: str, document_id: str) -> None:
    with house.database.read() as tx:
        planned = disposals.planned_removals(tx, disposal_id, document_id)
    stuck = [said for name in planned if (said := _removed(house, document_id, name))]
    now = house.clock.now()
    with house.database.write() as tx:
        state: disposals.EntryState = "erased" if stuck else "gone"
        disposals.set_entry(tx, disposal_id, document_id, state, "; ".join(stuck), BY, now)


def _removed(house: House, document_id: str, name: str) -> str:
    """Remove one object unless somebody names it; why it could not be, or "".

    Inside the transaction, so that nobody can come to name it between look and removal
    (:func:`ingest.naming.still_there`). The store is asked for a sign of life before, so
    that one that is away does not hold up those who write.
    """
    house.objects.answers()
    now = house.clock.now()
    with house.database.write() as tx:
        if is_named(tx, name):
            disposals.note_removal(tx, document_id, name, "shared", now)
            return ""
        try:
            house.objects.remove(name)
        except NotFound:
            pass  # a run that was killed had come so far
        except Conflict as refusal:
            return f"{name} {refusal.error_code}"
        disposals.note_removal(tx, document_id, name, "removed", now)
        fixity.forget(tx, name)
    return ""


def _end(house: House, disposal_id: str) -> None:
    now = house.clock.now()
    with house.database.write() as tx:
        disposal = disposals.get(tx, disposal_id)
        if disposal.state != "running":
            return
        left = disposals.entries(tx, disposal_id, *_OPEN)
        if any(one.state == "listed" for one in left):
            return  # another run is at it
        state: disposals.State = "partly" if left else "done"
        ended = disposals.change(tx, disposal, state, ended_at=now)
        detail = {"disposal": disposal_id, "state": state, "papers": dict(ended.counts)}
        audit.append(tx, AuditEntry("disposal.ended", BY, now, detail=detail))
