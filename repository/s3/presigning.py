"""Signed addresses that also bind a header: AWS Signature Version 4 in the query string.

The client library signs the host alone; a part's checksum must be signed with it, or a store
either refuses the header or lets the sender leave it out. Source: AWS, "Authenticating
Requests: Using Query Parameters (AWS Signature Version 4)".
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from repository.s3.keys import S3Keys
from repository.s3.place import S3Place

_ALGORITHM: Final = "AWS4-HMAC-SHA256"


def signed_address(
    place: S3Place, keys: S3Keys, method: str, key: str, *,
    query: Mapping[str, str], headers: Mapping[str, str], now: datetime, holds: timedelta,
) -> str:  # fmt: skip
    """An address that holds so long for this method, with exactly these headers."""
    host = place.public_host or place.host
    secure = place.public_secure if place.public_host else place.secure
    scope = f"{now:%Y%m%d}/{place.region}/s3/aws4_request"
    signed = {"host": host, **{name.lower(): value for name, value in headers.items()}}
    names = ";".join(sorted(signed))
    asked = {
        **query,
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{keys.access_key}/{scope}",
        "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}",
        "X-Amz-Expires": str(int(holds.total_seconds())),
        "X-Amz-SignedHeaders": names,
    }
    if keys.session_token:
        asked["X-Amz-Security-Token"] = keys.session_token
    path = f"/{place.bucket}/{quote(key, safe='/-_.~')}"
    words = "&".join(f"{_escaped(name)}={_escaped(asked[name])}" for name in sorted(asked))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    request = "\n".join((method, path, words, lines, names, "UNSIGNED-PAYLOAD"))
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = "\n".join((_ALGORITHM, asked["X-Amz-Date"], scope, digest))
    signature = hmac.new(_signing_key(keys, scope), text.encode(), hashlib.sha256).hexdigest()
    scheme = "https" if secure else "http"
    return f"{scheme}://{host}{path}?{words}&X-Amz-Signature={signature}"


def _signing_key(keys: S3Keys, scope: str) -> bytes:
    key = f"AWS4{keys.secret_key}".encode()
    for step in scope.split("/"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return key


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")
