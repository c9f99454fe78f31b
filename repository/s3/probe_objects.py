"""Small objects of a probe: under ``probe/``, put and removed past the store's own names."""

import io
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from repository.s3.outline import outline_of
from repository.s3.sending import send
from repository.s3.store import S3Store
from repository.s3.troubles import TROUBLES, status_of


def trial_key(store: S3Store) -> str:
    """A key of this one check."""
    return f"{store.place.prefix}probe/{secrets.token_hex(16)}"


def put(
    store: S3Store, key: str, data: bytes, headers: Mapping[str, str] | None = None,
    *, only_new: bool = False,
) -> str:  # fmt: skip
    """Send it as papers are sent; its version, empty in a bucket without versions."""
    outline = outline_of(io.BytesIO(data))
    file = io.BytesIO(data)
    return send(store.client, key, file, outline, headers or {}, only_new=only_new).version


def remove(store: S3Store, key: str, version: str) -> None:
    """Clear up."""
    store.client.remove_object(store.place.bucket, key, version or None)


def deleted(
    store: S3Store, key: str, version: str, headers: Mapping[str, str] | None = None
) -> bool:
    """Try to delete the version; whether it is gone then, whatever the store has answered."""
    try:
        store.client.ask("DELETE", key, headers=headers, query={"versionId": version})
    except TROUBLES as error:
        if status_of(error) not in (400, 403, 405, 409):
            raise
    try:
        store.client.ask("HEAD", key, query={"versionId": version})
    except TROUBLES as error:
        if status_of(error) not in (404, 405):
            raise
        return True
    return False


def time_of(header: str | None) -> datetime:
    """The store's own time; ours where it does not say."""
    return parsedate_to_datetime(header).astimezone(UTC) if header else datetime.now(UTC)
