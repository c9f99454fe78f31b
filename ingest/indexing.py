"""What the search index is told of a document; the catalogue is the truth, the index follows."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy.orm import Session

from ingest.house import House
from ingest.identify import ZIP
from repository import documents
from repository.ports import IndexEntry
from vocabulary.papers import Fields

_LOT: Final = 2_000
"""Documents written at a time while the index is built anew."""


def index_document(house: House, document_id: str) -> None:
    """Add or replace one document; done again after a kill it changes nothing."""
    index_documents(house, [document_id])


def index_documents(house: House, ids: Sequence[str]) -> None:
    """Add, replace or remove documents, as they stand in the catalogue now."""
    entries: list[IndexEntry] = []
    gone: dict[int, list[str]] = {}
    with house.database.read() as tx:
        for one in ids:
            entry = entry_of(tx, one)
            if entry is None:
                gone.setdefault(documents.get(tx, one).version, []).append(one)
            else:
                entries.append(entry)
    for version, those in gone.items():
        house.index.remove(those, version)
    if entries:
        house.index.put(entries)


def entry_of(tx: Session, document_id: str) -> IndexEntry | None:
    """The entry of a document that may be found; None for one that stopped or is gone."""
    document = documents.get(tx, document_id)
    gone = document.state == "stopped" or document.status == "disposed"
    if gone or document.media_type == ZIP:
        return None
    fields = documents.fields(tx, document_id)
    pages = documents.pages(tx, document_id)
    return IndexEntry(
        id=document.id,
        text="\n".join(pages[number].text for number in sorted(pages)),
        name=document.name,
        number_symbol=document.number_symbol or _value(fields, "number_symbol"),
        subject=_value(fields, "subject"),
        issuer=document.issuer or _value(fields, "issuer"),
        holder=_value(fields, "holder_name"),
        type=document.type or "",
        subject_id=document.subject_id or "",
        state=document.state,
        status=document.status,
        issue_date=document.issue_date,
        valid_from=document.valid_from,
        valid_to=document.valid_to,
        version=document.version,
    )


def reindex(house: House) -> int:
    """Build the index anew from the catalogue; returns how many documents it holds.

    Searchers see the old one until the new one is full; what changes meanwhile reaches both.

    Raises:
        Conflict: another rebuild is at work.
        MissingPart: the index cannot be reached or is not this office's.
    """
    count = 0
    with house.index.rebuilding() as new:
        waiting: list[IndexEntry] = []
        for ids in _all_ids(house):
            with house.database.read() as tx:
                entries = [entry for one in ids if (entry := entry_of(tx, one)) is not None]
            waiting += entries
            count += len(entries)
            if len(waiting) >= _LOT:
                new.put(waiting)
                waiting = []
        new.put(waiting)
    return count


def _all_ids(house: House) -> Iterator[list[str]]:
    cursor = None
    while True:
        with house.database.read() as tx:
            page = documents.page_of(tx, documents.DocumentFilter(), cursor, 200)
        yield [document.id for document in page.items]
        cursor = page.next
        if cursor is None:
            return


def _value(fields: Fields, name: str) -> str:
    value = fields[name].value if name in fields else ""
    return value if isinstance(value, str) else "; ".join(value)
