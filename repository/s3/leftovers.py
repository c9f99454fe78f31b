"""Clearing up: uploads that nobody finished, and what lies under ``incoming/`` too long."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from xml.etree.ElementTree import fromstring

from repository.s3.client import PatientClient
from repository.s3.sending import abandon_parts

_OWN: Final = re.compile(r"(incoming|probe)/[0-9a-f]{32}|([0-9a-f]{2})/\2[0-9a-f]{62}")


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A multipart upload that was begun."""

    key: str
    upload: str
    begun_at: datetime


def clear_abandoned(client: PatientClient, older_than: timedelta) -> int:
    """Let go of what was begun so long ago; how many.

    Some stores list only the uploads of one exact key and clear old ones themselves.
    """
    border = datetime.now(UTC) - older_than
    cleared = 0
    for one in list(_unfinished(client)):
        if one.begun_at < border and _is_ours(client, one.key):
            abandon_parts(client, one.key, one.upload)
            cleared += 1
    for folder in ("incoming/", "probe/"):
        prefix = client.place.prefix + folder
        old = {
            item.object_name or ""
            for item in client.list_objects(client.place.bucket, prefix, recursive=True)
            if item.last_modified is not None
            and item.last_modified < border
            and _is_ours(client, item.object_name or "")
        }
        for key in old:
            remove_versions(client, key)
        cleared += len(old)
    return cleared


def _is_ours(client: PatientClient, key: str) -> bool:
    """Others may use the same bucket."""
    own = key.removeprefix(client.place.prefix)
    return _OWN.fullmatch(own) is not None


def remove_versions(client: PatientClient, key: str) -> None:
    """Remove an object with everything that it ever was."""
    bucket = client.place.bucket
    for item in list(client.list_objects(bucket, key, include_version=True)):
        if item.object_name == key:
            version = item.version_id if item.version_id != "null" else None
            client.remove_object(bucket, key, version)


def _unfinished(client: PatientClient) -> Iterator[Unfinished]:
    query = {"uploads": "", "prefix": client.place.prefix, "max-uploads": "1000"}
    while True:
        # The parser expands no outside entities, and the store is our own.
        page = fromstring(client.ask("GET", query=query).data)  # noqa: S314
        values = {one.tag.rpartition("}")[2]: one.text or "" for one in page}
        for entry in page:
            if entry.tag.rpartition("}")[2] == "Upload":
                told = {one.tag.rpartition("}")[2]: one.text or "" for one in entry}
                begun = datetime.fromisoformat(told["Initiated"]).astimezone(UTC)
                yield Unfinished(told["Key"], told["UploadId"], begun)
        if values.get("IsTruncated") != "true" or not values.get("NextKeyMarker"):
            return
        query["key-marker"] = values["NextKeyMarker"]
        query["upload-id-marker"] = values.get("NextUploadIdMarker", "")
