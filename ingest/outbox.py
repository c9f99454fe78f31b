"""What the search index still has to hear of: noted with the change itself, told by workers.

A change of a document and the note that the index must follow are one
transaction. So the index catches up whatever happens in between: a killed
process, a search server that is away for a whole day.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from ingest.house import House
from ingest.indexing import index_document, index_documents
from repository.ports import Job
from vocabulary import correlation
from vocabulary.errors import LeaseLost, MissingPart, SohoaError

JOB: Final = "index"
"""Kind of the job that tells the index of one document; the key is the document's id."""

_AT_ONCE: Final = 200
_AGAIN: Final = timedelta(seconds=5)


def changed(house: House, tx: Session, document_id: str) -> None:
    """Note in the transaction of the change that the index must follow."""
    house.queue.enqueue(tx, JOB, document_id, correlation.carried())


def follow_now(house: House, document_id: str) -> None:
    """Let the index follow before the person looks again; where it is away, the note remains."""
    with suppress(SohoaError, OSError):
        index_document(house, document_id)


def catch_up(house: House, first: Job, owner: str, put_back: Callable[[Job], None]) -> list[Job]:
    """Tell the index of what the first job and the next ones name, in one go.

    Args:
        house: with the index and the queue.
        first: as claimed.
        owner: who claims the next ones.
        put_back: gives a job back whose end could not be written down.

    Returns:
        Those that wait for the index to come back; none when it was told.
    """
    jobs = [first]
    try:
        while len(jobs) < _AT_ONCE and (job := house.queue.claim(owner, [JOB])) is not None:
            jobs.append(job)
        index_documents(house, [job.key for job in jobs])
    except (SohoaError, OSError) as error:
        said = str(error)
        if _of_the_papers(error):  # one that the index will not take must not hold up the others
            return [job for job in jobs if _alone(house, job, put_back)]
        return _ended(jobs, lambda job: house.queue.postpone(job, said, _AGAIN), put_back)
    _ended(jobs, house.queue.done, put_back)
    return []


def _of_the_papers(error: Exception) -> bool:
    """Whether the index answered and would not take what it was given."""
    refused = isinstance(error, MissingPart) and error.error_code == "search_refused"
    return refused or not isinstance(error, (MissingPart, OSError))


def _alone(house: House, job: Job, put_back: Callable[[Job], None]) -> bool:
    """Tell the index of one paper; whether it waits. What is refused again and again fails."""
    try:
        index_documents(house, [job.key])
    except (SohoaError, OSError) as error:
        said = str(error)
        if _of_the_papers(error):
            return bool(_ended([job], lambda one: house.queue.retry(one, said, _AGAIN), put_back))
        return bool(_ended([job], lambda one: house.queue.postpone(one, said, _AGAIN), put_back))
    _ended([job], house.queue.done, put_back)
    return False


def _ended(
    jobs: list[Job], end: Callable[[Job], object], put_back: Callable[[Job], None]
) -> list[Job]:
    for job in jobs:
        try:
            end(job)
        except LeaseLost:
            continue
        except MissingPart:  # the catalogue is away: what was done will be done once more
            put_back(job)
    return jobs
