"""The shelf of one document in the catalogue: every write is fenced by the worker's lease."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from ingest import consequences, outbox, remote_signing
from ingest.archive import Member
from ingest.house import House
from ingest.identify import ends_of, media_type_of
from ingest.intake import of_the_pile, register
from ingest.naming import still_there
from ingest.shelf import Awaited, Step, TaskOutline
from repository import documents, signing_tasks
from repository.ports import Job, Urgency
from vocabulary.papers import (
    Fields,
    FileRecord,
    OutputFile,
    PageReading,
    SignatureRecord,
)
from vocabulary.signers import SignerRole

LOG: Final = logging.getLogger("sohoa.worker")


@dataclass(frozen=True, slots=True)
class CatalogueShelf:
    """Remembers the way of ``document_id`` while ``job`` is held.

    ``counted``: called for each page that was kept.
    """

    house: House
    job: Job
    document_id: str
    counted: Callable[[PageReading], None] = lambda _: None

    def step(self, name: Step, **facts: Any) -> None:
        with self._write() as (tx, now):
            documents.set_step(tx, self.document_id, name, now)
            if "page_count" in facts:
                documents.set_page_count(tx, self.document_id, facts["page_count"])

    def keep_signatures(self, signatures: Sequence[SignatureRecord]) -> None:
        with self._write() as (tx, _):
            documents.save_signatures(tx, self.document_id, signatures)

    def pages(self) -> Mapping[int, PageReading]:
        with self.house.database.read() as tx:
            return documents.pages(tx, self.document_id)

    def keep_page(self, page: PageReading) -> None:
        with self._write(progress=True) as (tx, now):
            saved = documents.save_page(tx, self.document_id, page, now)
        if saved is documents.PageSaved.ALREADY_THERE:  # cannot happen while leases hold
            LOG.warning(
                "page read twice", extra={"document": self.document_id, "page": page.number}
            )
        else:
            self.counted(page)

    def keep_fields(self, fields: Fields) -> None:
        with self._write() as (tx, now):
            documents.save_fields(tx, self.document_id, fields, now)

    def confirmed_fields(self) -> Fields | None:
        with self.house.database.read() as tx:
            document = documents.get(tx, self.document_id)
            if document.confirmed_by is None:
                return None
            return documents.fields(tx, self.document_id)

    def waits_for_review(self, questions: Sequence[str]) -> bool:
        """Yes: nothing is certified before a person has answered."""
        del questions  # the fields say themselves which of them are doubtful
        with self._write() as (tx, now):
            documents.set_step(tx, self.document_id, "needs_review", now)
        return True

    def hand_on(self, record: FileRecord, members: Sequence[Member]) -> FileRecord:
        """Register every paper of the ZIP in one transaction: all of them or none."""
        objects = self.house.objects
        kept = [(member, objects.put_file(member.path)) for member in members]
        outlines = []
        with self._write() as (tx, now):
            parent = documents.get(tx, self.document_id)
            for member, stored in kept:
                with objects.open(stored.sha256) as content:
                    kind = media_type_of(*ends_of(content))
                received = register(
                    self.house, tx, stored, member.name, kind or "application/octet-stream",
                    by=parent.created_by, batch_id=parent.batch_id,
                    metadata={**of_the_pile(parent.metadata), "inside": parent.id},
                )  # fmt: skip
                state = "stopped" if received.duplicate_of else "received"
                outlines.append({"id": received.document_id, "name": member.name, "state": state})
            documents.finish(tx, self.document_id, now)
        return record.with_(members=tuple(outlines))

    def awaited(self) -> Mapping[str, Awaited]:
        with self.house.database.read() as tx:
            tasks = signing_tasks.of_document(tx, self.document_id)
        return {
            role: Awaited(
                role, task.new.draft_sha256, task.new.prepared, task.new.kept, task.answer
            )
            for role, task in tasks.items()
        }

    def await_signature(self, draft: Path, task: TaskOutline) -> None:
        """The draft is durable before the task is known, and a remote service is asked soon."""
        stored = self.house.objects.put_file(draft)
        new = signing_tasks.NewTask(
            self.document_id, task.role, task.how, task.signer, task.fingerprint,
            stored.sha256, stored.bytes, task.prepared, task.kept,
        )  # fmt: skip
        with self._write() as (tx, now):
            if signing_tasks.put(tx, new, now):
                documents.note_awaited(tx, self.document_id, task.role, task.how, now)
            if task.how == "remote":
                self.house.queue.enqueue(
                    tx, remote_signing.JOB, task.role, {}, urgency=Urgency.BACKLOG
                )

    def stop_awaiting(self, role: SignerRole) -> None:
        with self._write() as (tx, _):
            signing_tasks.drop(tx, self.document_id, role)

    @contextmanager
    def held(self, sha256: str) -> Iterator[Path]:
        with self.house.objects.local(sha256) as path:
            yield path

    def store(self, path: Path, pdfa: str | None, certified: bool) -> OutputFile:
        """Keep the archival file and the words; the signed original is its own archival file."""
        stored = self.house.objects.put_file(path)
        holds = self._lasts_until(path) if certified else None
        with self._write() as (tx, now):
            still_there(self.house, tx, stored.sha256)
            documents.add_rendition(
                tx, self.document_id, "archival", stored, "application/pdf",
                {**self.house.made_by, "pdfa": pdfa or "", "certified": str(certified).lower()},
                now, holds,
            )  # fmt: skip
        return OutputFile(f"sha256:{stored.sha256}", stored.sha256, stored.bytes, pdfa)

    def _lasts_until(self, path: Path) -> datetime | None:
        from ingest.signature_tasks import lasts_until  # heavy; only what was signed asks

        found: datetime | None = self.house.nursery.call(lasts_until, path)
        return found

    def finish(self, record: FileRecord) -> FileRecord:
        """End the way in its named state; the index will hear of it."""
        with self._write() as (tx, now):
            if record.state == "stopped":
                documents.stop(tx, self.document_id, record.reason or "", record.note, now)
            elif record.state == "done":
                documents.finish(tx, self.document_id, now)
                consequences.follow(self.house, tx, self.document_id)
            outbox.changed(self.house, tx, self.document_id)
        return record

    @contextmanager
    def _write(self, *, progress: bool = False) -> Iterator[tuple[Session, datetime]]:
        # A page is a new row that nobody else decides by: the job's row is lock enough.
        with self.house.database.write(alone=not progress) as tx:
            self.house.queue.fence(tx, self.job, progress=progress)
            yield tx, self.house.clock.now()
