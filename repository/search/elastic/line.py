"""The line to the server: time limits, safe retries, the breaker, errors by name."""

import base64
import logging
import ssl
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from repository.search.elastic import trouble
from repository.search.elastic.address import ElasticAddress
from repository.search.elastic.breaker import Breaker

# The named error says all; the library would log a trace for every call while a server is away.
logging.getLogger("elastic_transport.node_pool").setLevel(logging.ERROR)

T = TypeVar("T")

QUICK: Final = 5.0
"""Seconds for a look at the server."""
ASK: Final = 10.0
WRITE: Final = 60.0
_MOMENT: Final = 0.05


class Line:
    """Calls to one cluster.

    A call whose connection broke is tried once more, on another node if there is
    one: searches are repeatable, writes carry versions, the rest says so itself.
    """

    def __init__(self, address: ElasticAddress, breaker: Breaker | None = None) -> None:
        self.where = address.told
        self._breaker = breaker or Breaker()
        known = address.credentials
        options: dict[str, Any] = {}
        if known.api_key:
            options["api_key"] = known.api_key
        elif known.user:
            named = f"{known.user}:{known.password or ''}"
            options["basic_auth"] = base64.b64encode(named.encode()).decode()
        if address.hosts[0].startswith("https:"):
            options["ssl_context"] = ssl.create_default_context()  # the system's trusted roots
        self._client = Elasticsearch(
            list(address.hosts), max_retries=1, retry_on_status=(), meta_header=False, **options
        )

    def call(self, ask: Callable[[Elasticsearch], T], seconds: float = ASK) -> T:
        """What the server says.

        Raises:
            MissingPart: by name, see :mod:`repository.search.elastic.trouble`.
        """
        try:
            return self.raw(ask, seconds)
        except ApiError as error:
            raise trouble.named(error, self.where) from error

    def twice(self, ask: Callable[[Elasticsearch], T]) -> T:
        """As :meth:`call`; once more where the generation went away under the question."""
        try:
            return self.raw(ask)
        except ApiError as error:
            if error.meta.status not in (404, 503):
                raise trouble.named(error, self.where) from error
        time.sleep(_MOMENT)
        return self.call(ask)

    def raw(self, ask: Callable[[Elasticsearch], T], seconds: float = ASK) -> T:
        """As :meth:`call`, but refusals of the server stay the client's own ``ApiError``.

        Raises:
            MissingPart: no answer, or the breaker is open.
        """
        wait = self._breaker.wait()
        if wait:
            raise trouble.unreachable(self.where, wait)
        try:
            answer = ask(self._client.options(request_timeout=seconds))
        except (ApiError, TransportError) as error:
            if trouble.is_away(error):
                self._breaker.failed()
            else:
                self._breaker.succeeded()
            if isinstance(error, ApiError):
                raise
            raise trouble.named(error, self.where) from error
        self._breaker.succeeded()
        return answer

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    @staticmethod
    def _pause(error: Exception) -> int:
        return 5 if isinstance(error, ApiError) else 10
