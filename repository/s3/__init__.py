"""Objects on an S3-compatible store: :class:`S3Store`, the place it lies, the probe of a store."""

from repository.s3.direct import S3DirectUploads
from repository.s3.keys import S3Keys, find_keys
from repository.s3.place import S3Place
from repository.s3.store import S3Store

__all__ = ["S3DirectUploads", "S3Keys", "S3Place", "S3Store", "find_keys"]
