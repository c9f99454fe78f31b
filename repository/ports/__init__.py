"""The ports of this room: what the way needs from a store, an index and a queue.

Adapters stand beside: ``objects.FileStore``, ``s3.S3Store``, ``search.TantivyIndex``,
``search.elastic.ElasticIndex``, ``jobs.LeaseQueue``, ``jobs.procrastinate``. One contract
suite (tests/contract/repository) is run against every adapter.
"""

from repository.ports.jobs import (
    Job,
    JobQueue,
    QueueFigures,
    Urgency,
)
from repository.ports.objects import (
    DirectDownloads,
    DirectUpload,
    DirectUploads,
    ObjectLocks,
    ObjectStore,
    PartAddress,
    Protection,
    StoredObject,
    UploadedPart,
)
from repository.ports.search import (
    FACETS,
    FacetCount,
    Facets,
    Highlight,
    IndexBuild,
    IndexEntry,
    SearchHit,
    SearchIndex,
    SearchQuery,
    SearchResult,
)

__all__ = [
    "FACETS",
    "DirectDownloads",
    "DirectUpload",
    "DirectUploads",
    "FacetCount",
    "Facets",
    "Highlight",
    "IndexBuild",
    "IndexEntry",
    "Job",
    "JobQueue",
    "ObjectLocks",
    "ObjectStore",
    "PartAddress",
    "Protection",
    "QueueFigures",
    "SearchHit",
    "SearchIndex",
    "SearchQuery",
    "SearchResult",
    "StoredObject",
    "UploadedPart",
    "Urgency",
]
