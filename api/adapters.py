"""Which adapter an address in the settings means: the embedded part or a server."""

from datetime import timedelta
from typing import TYPE_CHECKING

from api.settings import Settings

if TYPE_CHECKING:
    from repository.database import Database
    from repository.ports import JobQueue, ObjectStore, SearchIndex
    from vocabulary.clock import Clock


def object_store(settings: Settings) -> "ObjectStore":
    """``file:///folder`` (default), the files of this machine.

    Raises:
        UsageError: an address of no known kind.
    """
    from repository.objects import FileStore

    return FileStore(settings.objects_folder)


def search_index(settings: Settings) -> "SearchIndex":
    """``tantivy:///folder`` (default), embedded.

    Raises:
        UsageError: an address of no known kind.
    """
    from repository.search import TantivyIndex

    return TantivyIndex(settings.index_folder)


def job_queue(settings: Settings, database: "Database", clock: "Clock") -> "JobQueue":
    """A table in the catalogue (default), or procrastinate on PostgreSQL.

    Raises:
        UsageError: procrastinate without PostgreSQL.
    """
    lease = timedelta(seconds=settings.lease_seconds)
    if settings.jobs == "procrastinate":
        from repository.jobs.procrastinate import ProcrastinateQueue

        return ProcrastinateQueue(database, clock, lease)
    from repository.jobs import LeaseQueue

    return LeaseQueue(database, clock, lease)
