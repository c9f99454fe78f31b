"""Which objects the catalogue names: originals, archival files of now and before, drafts, receipts.

What was disposed of keeps its hash in its row, as a statement of what it was: it names
nothing any more.
"""

from typing import Final

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from repository.schema import disposals, documents, past_renditions, renditions, signing_tasks

_EVERY: Final = union(
    select(documents.c.sha256).where(documents.c.status != "disposed"),
    select(renditions.c.sha256),
    select(past_renditions.c.sha256),
    select(signing_tasks.c.draft_sha256).where(signing_tasks.c.draft_sha256.is_not(None)),
    select(disposals.c.receipt_sha256).where(disposals.c.receipt_sha256.is_not(None)),
)
NAMED: Final = _EVERY.subquery("named")
"""One column, ``sha256``: for queries that join it."""


def named_objects(tx: Session) -> frozenset[str]:
    """Hashes of every object that must be in the store."""
    return frozenset(tx.execute(_EVERY).scalars())


def is_named(tx: Session, sha256: str) -> bool:
    """Whether the object must be in the store."""
    return (
        tx.execute(select(NAMED.c.sha256).where(NAMED.c.sha256 == sha256).limit(1)).first()
        is not None
    )


def objects_of(tx: Session, document_id: str) -> frozenset[str]:
    """Every object that one document names: original, renditions, past ones, drafts."""
    mine = union(
        select(documents.c.sha256).where(
            documents.c.id == document_id, documents.c.status != "disposed"
        ),
        select(renditions.c.sha256).where(renditions.c.document_id == document_id),
        select(past_renditions.c.sha256).where(past_renditions.c.document_id == document_id),
        select(signing_tasks.c.draft_sha256).where(signing_tasks.c.document_id == document_id),
    )
    return frozenset(one for one in tx.execute(mine).scalars() if one is not None)
