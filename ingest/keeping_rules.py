"""The retention schedule is put in force: whole, and with an entry in the audit log."""

from ingest.house import House
from repository import audit
from repository.audit import AuditEntry
from repository.keeping import rules
from repository.keeping.schedule import Schedule


def put_in_force(house: House, new: Schedule, by: str) -> None:
    """The new schedule in the place of the old one; open disposal lists are judged by it."""
    with house.database.write() as tx:
        before = rules.schedule(tx)
        rules.put_schedule(tx, new)
        detail = {"rules": len(new.rules), "before": len(before.rules)}
        audit.append(tx, AuditEntry("retention.loaded", by, house.clock.now(), detail=detail))
