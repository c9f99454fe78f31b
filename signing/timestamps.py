# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Asking a time stamping authority over HTTP (RFC 3161, section 3.4).

Only used where an address was given: without one nothing leaves the machine.
"""

import asyncio
import hashlib
import urllib.error
import urllib.request
from typing import Final

from asn1crypto import tsp
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from vocabulary.errors import MissingPart, UsageError

_TIMEOUT_S: Final = 20.0
_LARGEST_ANSWER: Final = 1 << 20
"""Bytes; a token with its certificates has some thousands."""


class UrlTimeStamper(TimeStamper):
    """A time stamping authority at one address.

    Raises:
        UsageError: the address is not http(s).
        MissingPart: ``tsa_unreachable`` when it does not answer, or not with a token.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        if not url.startswith(("http://", "https://")):
            raise UsageError(
                f"Địa chỉ cấp dấu thời gian {url} phải bắt đầu bằng http:// hoặc https://.",
                f"The time stamping address {url} must begin with http:// or https://.",
            )
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            self.url, req.dump(), {"Content-Type": "application/timestamp-query"}
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
                kind = answer.headers.get_content_type()
                body = answer.read(_LARGEST_ANSWER)
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise self._unreachable(str(error)) from error
        if kind != "application/timestamp-reply":
            raise self._unreachable(f"answered {kind}")
        return tsp.TimeStampResp.load(body)

    def answers(self) -> str:
        """Ask for a stamp over nothing: where it listens, when it does.

        Raises:
            MissingPart: ``tsa_unreachable``.
        """
        try:
            asyncio.run(self.async_timestamp(hashlib.sha256(b"").digest(), "sha256"))
        except (ValueError, TypeError, TimestampRequestError) as error:
            raise self._unreachable(str(error)) from error
        return self.url

    def _unreachable(self, note: str) -> MissingPart:
        return MissingPart(
            f"Không lấy được dấu thời gian từ {self.url}. Hãy kiểm tra mạng, hoặc ký mức B-B.",
            f"No timestamp could be had from {self.url}. Check the network, or sign at level B-B.",
            code="tsa_unreachable",
            note=note,
        )
