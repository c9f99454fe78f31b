"""The line to the server: time limits, safe retries, the breaker, errors by name."""

import base64
import logging
import ssl
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from repository.breaker import Breaker
from repository.search.elastic import trouble
from repository.search.elastic.address import ElasticAddress
from vocabulary.errors import MissingPart

# The named error says all; the library would log a trace for every call while a server is away.
logging.getLogger("elastic_transport.node_pool").setLevel(logging.ERROR)

T = TypeVar("T")

QUICK: Final = 5.0
"""Seconds for a look at the server."""
ASK: Final = 10.0
WRITE: Final = 60.0
_MOMENT: Final = 0.05


_TROUBLES: Final = (ApiError, TransportError)
_REST: Final = 10.0
"""Seconds for which nothing is tried after three failures in a row."""


def breaker_of(rest: float = _REST, clock: Callable[[], float] = time.monotonic) -> Breaker:
    """The circuit breaker of one cluster."""
    return Breaker("Elasticsearch", _TROUBLES, rest=rest, clock=clock)


class Line:
    """Calls to one cluster.

    A call whose connection broke is tried once more, on another node if there is
    one: searches are repeatable, writes carry versions, the rest says so itself.
    """

    def __init__(self, address: ElasticAddress, breaker: Breaker | None = None) -> None:
        self.where = address.told
        self._breaker = breaker or breaker_of()
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
        refusal: Exception
        try:
            with self._breaker.call():
                try:
                    return ask(self._client.options(request_timeout=seconds))
                except _TROUBLES as error:
                    if trouble.is_away(error):
                        raise
                    refusal = error  # the server has answered
        except MissingPart as resting:  # nobody was asked
            raise trouble.unreachable(self.where, resting.detail["retry_after"]) from resting
        except TransportError as error:
            raise trouble.named(error, self.where) from error
        if isinstance(refusal, ApiError):
            raise refusal
        raise trouble.named(refusal, self.where) from refusal

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()
