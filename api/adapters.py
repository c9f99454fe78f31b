"""Which adapter an address in the settings means: the embedded part or a server."""

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from api.settings import Settings, read_secret

if TYPE_CHECKING:
    from repository.database import Database
    from repository.ports import DirectUploads, JobQueue, ObjectLocks, ObjectStore, SearchIndex
    from repository.s3 import S3Store
    from vocabulary.clock import Clock


def object_store(settings: Settings) -> "ObjectStore":
    """``file:///folder`` (default), the files of this machine, or ``s3://bucket?endpoint=…``.

    A store on S3 is looked at before it is used (:func:`repository.s3.probe.quick`).

    Raises:
        UsageError: an address of no known kind.
        MissingPart: the store on S3 cannot be used; the code and sentence say why.
    """
    if is_s3(settings):
        from repository.s3.findings import raise_refused
        from repository.s3.probe import quick

        store = s3_store(settings)
        raise_refused(quick(store))
        return store
    from repository.objects import FileStore

    return FileStore(settings.objects_folder)


def direct_uploads(objects: "ObjectStore") -> "DirectUploads | None":
    """Offered where the store has an address for others than this service."""
    from repository.objects import FileStore

    if isinstance(objects, FileStore):  # the usual case loads no client
        return None
    from repository.s3 import S3DirectUploads, S3Store

    if isinstance(objects, S3Store) and objects.place.public_host is not None:
        return S3DirectUploads(objects)
    return None


def object_locks(objects: "ObjectStore") -> "ObjectLocks | None":
    """Offered where the bucket was made with object lock and the settings ask for it."""
    from repository.objects import FileStore

    if isinstance(objects, FileStore):
        return None
    from repository.s3 import S3Store

    if isinstance(objects, S3Store) and objects.place.lock == "compliance":
        return objects.locks
    return None


def is_s3(settings: Settings) -> bool:
    """Whether the objects lie on S3."""
    return (settings.objects_url or "").startswith("s3:")


def s3_store(settings: Settings) -> "S3Store":
    """The store on S3, not asked anything yet.

    Raises:
        UsageError: the address does not fit.
        MissingPart: its keys are missing.
    """
    from repository.s3 import S3Place, S3Store, find_keys

    return S3Store(
        S3Place.from_url(settings.objects_url or ""),
        find_keys(settings.s3_credentials_file, os.environ),
        settings.home.absolute() / "scratch" / "objects",
    )


def search_index(settings: Settings) -> "SearchIndex":
    """``tantivy:///folder`` (default), embedded, or ``elasticsearch+http://host:9200/prefix``.

    Raises:
        UsageError: an address of no known kind.
        MissingPart: the folder cannot be used, or a file with a secret cannot be read.
    """
    url = settings.search_url
    if url is None or not url.startswith("elasticsearch+"):
        from repository.search import TantivyIndex

        return TantivyIndex(settings.index_folder)
    from repository.search.elastic import Credentials, ElasticIndex, elastic_address

    known = Credentials(
        api_key=_secret_in(settings.search_api_key_file, "SOHOA_SEARCH_API_KEY_FILE"),
        user=settings.search_user or None,
        password=_secret_in(settings.search_password_file, "SOHOA_SEARCH_PASSWORD_FILE"),
    )
    return ElasticIndex(elastic_address(url, known), settings.office_unit_code)


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


def _secret_in(path: Path | None, setting: str) -> str | None:
    return None if path is None else read_secret(path, setting)
