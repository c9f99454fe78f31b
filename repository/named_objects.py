"""Which objects the catalogue names: originals, archival files of now and before, drafts."""

from typing import Final

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from repository.schema import documents, past_renditions, renditions, signing_tasks

_EVERY: Final = union(
    select(documents.c.sha256),
    select(renditions.c.sha256),
    select(past_renditions.c.sha256),
    select(signing_tasks.c.draft_sha256).where(signing_tasks.c.draft_sha256.is_not(None)),
)


def named_objects(tx: Session) -> frozenset[str]:
    """Hashes of every object that must be in the store."""
    return frozenset(tx.execute(_EVERY).scalars())
