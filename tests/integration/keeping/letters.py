"""Letters of 2010 that are due, and a store whose process dies, for the tests of disposal."""

import io
from datetime import UTC, date, datetime
from typing import Any

from ingest import disposing
from ingest.house import House
from ingest.indexing import index_document
from repository import audit, documents
from repository.audit import AuditFilter
from repository.documents import NewDocument
from repository.keeping import disposals
from repository.ports import ObjectStore, SearchQuery
from tests.unit.repository.paper import field, reading

OLD = datetime(2010, 5, 1, 3, 0, tzinfo=UTC)


def paper(house: House, text: str, original: bytes | None = None, **changes: Any) -> str:
    """A letter of 2010 that went the whole way."""
    kept = house.objects.put(io.BytesIO(original or f"original {text}".encode()))
    archival = house.objects.put(io.BytesIO(f"archival {text}".encode()))
    values: dict[str, Any] = {"type": "letter", "issue_date": date(2010, 5, 1)} | changes
    said = {"issue_date": values["issue_date"].isoformat()}
    new = NewDocument(
        f"{text}.pdf", kept.sha256, kept.bytes, "application/pdf", "clerk", metadata=said, **values
    )
    with house.database.write() as tx:
        one = documents.register(tx, new, OLD)
        documents.save_page(tx, one, reading(text=text), OLD)
        documents.save_fields(tx, one, {"subject": field(text)}, OLD)
        documents.add_rendition(tx, one, "archival", archival, "application/pdf", {}, OLD)
        for step in ("read", "composed", "certified"):
            documents.set_step(tx, one, step, OLD)  # type: ignore[arg-type]
        documents.finish(tx, one, OLD)
    index_document(house, one)
    return one


def objects_of(house: House, one: str) -> tuple[str, str]:
    with house.database.read() as tx:
        return documents.get(tx, one).sha256, documents.renditions(tx, one)["archival"].sha256


def found(house: House, text: str) -> list[str]:
    return [hit.id for hit in house.index.search(SearchQuery(text=text)).hits]


def states(house: House, disposal: str) -> dict[str, str]:
    with house.database.read() as tx:
        return {one.document_id: one.state for one in disposals.entries(tx, disposal)}


def approved(house: House) -> str:
    made = disposing.draft(house, "officer")
    return disposing.approve(house, made.id, "leader").id


def statuses(house: House, *ids: str) -> list[str]:
    with house.database.read() as tx:
        return [documents.get(tx, one).status for one in ids]


def disposed_entries(house: House, one: str) -> int:
    with house.database.read() as tx:
        wanted = AuditFilter(document_id=one, event_type="document.disposed")
        return len(audit.page_of(tx, wanted).items)


class Killed(BaseException):
    """Not an error that anybody handles: the process is gone."""


class Dying:
    """A store whose process dies before or after the removal of one object."""

    def __init__(self, store: ObjectStore, before: int, *, after: bool) -> None:
        self._store, self._left, self._after = store, before, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def remove(self, sha256: str) -> None:
        self._left -= 1
        if self._left < 0 and not self._after:
            raise Killed
        self._store.remove(sha256)
        if self._left < 0:
            raise Killed
