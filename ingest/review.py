"""A person checks, corrects and confirms what was read (kiểm tra, xác nhận)."""

from collections.abc import Mapping, Sequence

from ingest.house import House
from ingest.indexing import index_document
from ingest.intake import JOB
from repository import documents
from repository.documents import Document


def save(
    house: House,
    document_id: str,
    changes: Mapping[str, str | Sequence[str] | None],
    by: str,
    expected_version: int,
) -> Document:
    """Keep corrections; None strikes a field out that is not on the paper.

    Raises:
        Conflict: somebody changed the document meanwhile, or it cannot be reviewed now.
        InvalidRequest: a value does not fit its field.
    """
    with house.database.write() as tx:
        document = documents.review_fields(
            tx, document_id, changes, by, expected_version, house.clock.now()
        )
    if document.state == "done":
        index_document(house, document_id)
    return document


def confirm(house: House, document_id: str, by: str, expected_version: int) -> Document:
    """The person vouches for the fields; the document goes on to be composed and certified.

    Raises:
        Conflict: somebody changed the document meanwhile, or it cannot be confirmed now.
    """
    with house.database.write() as tx:
        document = documents.confirm(tx, document_id, by, expected_version, house.clock.now())
        if document.state == "reviewed":
            house.queue.enqueue(tx, JOB, document_id, {})
    return document
