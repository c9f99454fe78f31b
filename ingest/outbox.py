"""What the search index still has to hear of: noted with the change itself, told by workers.

A change of a document and the note that the index must follow are one
transaction. So the index catches up whatever happens in between: a killed
process, a search server that is away for a whole day.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from ingest.house import House
from ingest.indexing import index_document, index_documents
from repository.ports import Job
from vocabulary.errors import LeaseLost, SohoaError

JOB: Final = "index"
"""Kind of the job that tells the index of one document; the key is the document's id."""

_AT_ONCE: Final = 200
_AGAIN: Final = timedelta(seconds=5)


def changed(house: House, tx: Session, document_id: str) -> None:
    """Note in the transaction of the change that the index must follow."""
    house.queue.enqueue(tx, JOB, document_id, {})


def follow_now(house: House, document_id: str) -> None:
    """Let the index follow before the person looks again; where it is away, the note remains."""
    with suppress(SohoaError, OSError):
        index_document(house, document_id)


def catch_up(house: House, first: Job, owner: str) -> list[Job]:
    """Tell the index of what the first job and the next ones name, in one go.

    Returns:
        Those that wait for the index to come back; none when it was told.
    """
    jobs = [first]
    while len(jobs) < _AT_ONCE and (job := house.queue.claim(owner, [JOB])) is not None:
        jobs.append(job)
    try:
        index_documents(house, [job.key for job in jobs])
    except (SohoaError, OSError) as error:
        for job in jobs:
            with suppress(LeaseLost):
                house.queue.postpone(job, str(error), _AGAIN)
        return jobs
    for job in jobs:
        with suppress(LeaseLost):
            house.queue.done(job)
    return []
