"""The minio client with patience: limits on every call, and another try while the store is away.

Everything that the store is asked here may be asked twice: objects are named by
their content, and what is written under a name is always the same.
"""

import random
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import certifi
import urllib3
from minio import Minio
from minio.credentials.providers import StaticProvider
from urllib3 import BaseHTTPResponse
from urllib3.util import Timeout

from repository.breaker import Breaker
from repository.s3.keys import S3Keys
from repository.s3.place import S3Place
from repository.s3.troubles import TROUBLES, is_passing
from vocabulary.errors import MissingPart

_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 3.0
_CONNECTIONS: Final = 32
_REST: Final = 5.0
"""Seconds that a store is left alone after two calls in a row have used up their patience."""


class PatientClient(Minio):
    """Asks again after a lost connection, a 5xx or a 429, until the patience is used up."""

    def __init__(self, place: S3Place, keys: S3Keys) -> None:
        _check_authority(place.ca)
        super().__init__(
            place.host,
            secure=place.secure,
            region=place.region,
            credentials=StaticProvider(keys.access_key, keys.secret_key, keys.session_token),
            http_client=urllib3.PoolManager(
                timeout=Timeout(connect=place.connect_seconds, read=place.read_seconds),
                maxsize=_CONNECTIONS,
                cert_reqs="CERT_REQUIRED",
                ca_certs=str(place.ca or certifi.where()),
                retries=False,
            ),
        )
        self.place = place
        self._trouble: Exception = urllib3.exceptions.HTTPError()
        self._breaker = Breaker(
            f"Kho S3 {place.endpoint}", TROUBLES, failures=2,
            rest=max(0.5, min(_REST, place.patience_seconds)),
            trial=place.patience_seconds + place.read_seconds,
        )  # fmt: skip

    def ask(
        self,
        method: str,
        key: str | None = None,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        stream: bool = False,
    ) -> BaseHTTPResponse:
        """One call on the bucket or an object in it; with ``stream`` the body is not read yet.

        Raises:
            MinioException, urllib3.exceptions.HTTPError: as :data:`troubles.TROUBLES`.
        """
        return self._execute(
            method,
            self.place.bucket,
            key,
            body=body,
            headers=dict(headers or {}),
            query_params=dict(query or {}),
            preload_content=not stream,
        )

    def _execute(  # every public method of the client passes here
        self,
        method: str,
        bucket_name: str | None = None,
        object_name: str | None = None,
        body: bytes | None = None,
        headers: Any = None,
        query_params: Any = None,
        preload_content: bool = True,
        no_body_trace: bool = False,
    ) -> BaseHTTPResponse:
        told: Exception
        try:
            with self._breaker.call():
                try:
                    return self._patiently(
                        method, bucket_name, object_name, body, headers, query_params,
                        preload_content=preload_content, no_body_trace=no_body_trace,
                    )  # fmt: skip
                except TROUBLES as error:
                    told = self._trouble = error
                    if is_passing(error):  # patience is used up
                        raise
        except MissingPart:  # left alone: whoever comes now hears at once what it was
            told = self._trouble
        raise told

    def _patiently(
        self,
        method: str,
        bucket_name: str | None,
        object_name: str | None,
        body: bytes | None,
        headers: Any,
        query_params: Any,
        *,
        preload_content: bool,
        no_body_trace: bool,
    ) -> BaseHTTPResponse:
        deadline = time.monotonic() + self.place.patience_seconds
        pause = _FIRST_PAUSE
        while True:
            try:
                return super()._execute(
                    method,
                    bucket_name,
                    object_name,
                    body=body,
                    # The client writes into these: each try is signed anew.
                    headers=dict(headers or {}),
                    query_params=dict(query_params or {}),
                    preload_content=preload_content,
                    no_body_trace=no_body_trace,
                )
            except TROUBLES as error:
                if not is_passing(error) or time.monotonic() + pause > deadline:
                    raise
            time.sleep(pause * random.uniform(0.7, 1.0))  # noqa: S311 - spreads tries, no secret
            pause = min(pause * 2, _LONGEST_PAUSE)


def _check_authority(ca: Path | None) -> None:
    """Before the first call: a file that cannot be read would look like a broken network."""
    try:
        if ca is not None:
            ssl.create_default_context(cafile=str(ca))
    except (OSError, ssl.SSLError) as error:
        raise MissingPart(
            f"Không đọc được chứng thư trong «{ca}» (ca=… của SOHOA_OBJECTS_URL). "
            "Hãy kiểm tra tệp.",
            f"{str(ca)!r} (ca=… in SOHOA_OBJECTS_URL) cannot be read as certificates. Check it.",
            code="store_untrusted",
        ) from error
