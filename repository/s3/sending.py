"""Sending one object: whole or in parts, each part with the checksum the store must compare.

``x-amz-checksum-sha256`` goes with every put: some stores take a wrong signed
payload hash, none of those that were measured takes a wrong checksum.
"""

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from minio.error import ServerError

from repository.s3.answers import is_error, value_in
from repository.s3.client import PatientClient
from repository.s3.headers import CHECKSUM, MODE
from repository.s3.outline import PART_BYTES, Outline, base64_of
from repository.s3.troubles import TROUBLES, is_absent

_AT_A_TIME: Final = 3


@dataclass(frozen=True, slots=True)
class SentPart:
    """A part as the store has confirmed it. ``checksum``: base64 of its SHA-256, or empty."""

    number: int
    etag: str
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the store said of the object. Empty strings where it said nothing."""

    version: str
    checksum: str


def send(
    client: PatientClient, key: str, file: BinaryIO, outline: Outline, headers: Mapping[str, str],
    *, only_new: bool,
) -> Sent:  # fmt: skip
    """Put the object; ``file`` is at its first byte.

    Args:
        client: the store.
        key: where to.
        file: the bytes, seekable.
        outline: of these bytes, taken before.
        headers: retention, encryption, as of the put.
        only_new: refused with 412 where there is an object under this key.
    """
    condition = {"If-None-Match": "*"} if only_new else {}
    if len(outline.parts) > 1:
        return _send_parts(client, key, file, outline, headers, condition)
    body = file.read()
    answer = client.ask(
        "PUT",
        key,
        body=body,
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Length": str(len(body)),
            CHECKSUM: base64_of(outline.parts[0]),
            **({"Content-MD5": _md5(body)} if MODE in headers else {}),
            **headers,
            **condition,
        },
    )
    return Sent(answer.headers.get("x-amz-version-id", ""), answer.headers.get(CHECKSUM, ""))


def _send_parts(
    client: PatientClient, key: str, file: BinaryIO, outline: Outline,
    headers: Mapping[str, str], condition: Mapping[str, str],
) -> Sent:  # fmt: skip
    upload = begin_parts(client, key, headers)
    handle = file.fileno()

    def send_part(number: int) -> SentPart:
        body = os.pread(handle, PART_BYTES, (number - 1) * PART_BYTES)
        checksum = base64_of(outline.parts[number - 1])
        answer = client.ask(
            "PUT",
            key,
            body=body,
            headers={"Content-Length": str(len(body)), CHECKSUM: checksum},
            query={"partNumber": str(number), "uploadId": upload},
        )
        return SentPart(number, answer.headers.get("etag", ""), checksum)

    try:
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            parts = list(pool.map(send_part, range(1, len(outline.parts) + 1)))
        return finish_parts(client, key, upload, parts, condition)
    except BaseException:
        with contextlib.suppress(*TROUBLES):  # the store clears abandoned ones itself in time
            abandon_parts(client, key, upload)
        raise


def begin_parts(client: PatientClient, key: str, headers: Mapping[str, str]) -> str:
    """A multipart upload's id."""
    answer = client.ask(
        "POST",
        key,
        headers={
            "Content-Type": "application/octet-stream",
            "x-amz-checksum-algorithm": "SHA256",
            **headers,
        },
        query={"uploads": ""},
    )
    upload = value_in(answer.data, "UploadId")
    if not upload:
        raise ServerError("the store began an upload without naming it", 500)
    return upload


def finish_parts(
    client: PatientClient, key: str, upload: str, parts: Sequence[SentPart],
    condition: Mapping[str, str],
) -> Sent:  # fmt: skip
    """Make the parts one object.

    A first try whose answer was lost has removed the upload: what then stands under the
    key is for the caller to verify, as always.
    """
    order = Element("CompleteMultipartUpload")
    for part in parts:
        entry = SubElement(order, "Part")
        if part.checksum:
            SubElement(entry, "ChecksumSHA256").text = part.checksum
        SubElement(entry, "ETag").text = part.etag
        SubElement(entry, "PartNumber").text = str(part.number)
    body: bytes = tostring(order)
    answer = client.ask(
        "POST",
        key,
        body=body,
        headers={"Content-Type": "application/xml", "Content-MD5": _md5(body), **condition},
        query={"uploadId": upload},
    )
    if is_error(answer.data):  # S3 may say 200 first and fail later
        code = value_in(answer.data, "Code")
        raise ServerError(f"the store could not join the parts: {code}", 500)
    checksum = value_in(answer.data, "ChecksumSHA256") or ""
    return Sent(answer.headers.get("x-amz-version-id", ""), checksum)


def abandon_parts(client: PatientClient, key: str, upload: str) -> None:
    """Let go of an upload and its parts; one that is gone is well."""
    try:
        client.ask("DELETE", key, query={"uploadId": upload})
    except TROUBLES as error:
        if not is_absent(error):
            raise


def _md5(body: bytes) -> str:
    """Stores older than the SHA-256 checksum want it with locked objects; it costs as much."""
    return base64_of(hashlib.md5(body, usedforsecurity=False).digest())
