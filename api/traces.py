"""Traces for whoever collects them: OpenTelemetry's own library sends spans by OTLP over HTTP.

Off unless an address is set, and the library is an extra (``pip install 'sohoa[traces]'``).
The trace's id is the correlation id of the logs, so that a line and a span find each other and
the jobs that a call set off stand in its trace. A collector that is away costs its spans alone.
"""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol
from uuid import UUID

from vocabulary import correlation, tracing
from vocabulary.errors import MissingPart
from vocabulary.tracing import Fact, Span, SpanKind

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as OtelSpan

_SENT_WITHIN_S: Final = 5.0


class TraceSettings(Protocol):
    """What is read of the settings."""

    @property
    def traces_url(self) -> str | None: ...

    @property
    def traces_share(self) -> float: ...


@contextmanager
def told(settings: TraceSettings, program: str) -> Iterator[None]:
    """Spans of this process go to the collector until the block ends; the last ones, too.

    Raises:
        MissingPart: ``traces_extra_missing``.
    """
    if settings.traces_url is None:
        yield
        return
    provider = _provider(settings.traces_url, settings.traces_share, program)
    tracing.listen(_listener(provider))
    try:
        yield
    finally:
        tracing.listen(None)
        provider.force_flush(int(_SENT_WITHIN_S * 1000))
        provider.shutdown()


def _provider(url: str, share: float, program: str) -> "TracerProvider":
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
    except ImportError as error:
        raise MissingPart(
            "SOHOA_TRACES_URL cần thư viện OpenTelemetry. Hãy cài pip install 'sohoa[traces]'.",
            "SOHOA_TRACES_URL needs OpenTelemetry's library. Run pip install 'sohoa[traces]'.",
            code="traces_extra_missing",
        ) from error
    from api.wiring import VERSION

    provider = TracerProvider(
        resource=Resource.create({"service.name": program, "service.version": VERSION}),
        sampler=TraceIdRatioBased(share),
        id_generator=_ids(),
        shutdown_on_exit=False,
    )
    exporter = OTLPSpanExporter(endpoint=url, timeout=_SENT_WITHIN_S)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def _ids() -> Any:
    from opentelemetry.sdk.trace.id_generator import IdGenerator

    class Ours(IdGenerator):
        def generate_span_id(self) -> int:
            return random.getrandbits(64) or 1

        def generate_trace_id(self) -> int:
            name = correlation.current() or correlation.new()
            return UUID(name).int or 1

    return Ours()


class _AtWork:
    def __init__(self, span: "OtelSpan") -> None:
        self._span = span

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def note(self, facts: Mapping[str, Fact]) -> None:
        self._span.set_attributes(dict(facts))

    def fail(self, kind: str) -> None:
        from opentelemetry.trace import StatusCode

        self._span.set_attribute("error.type", kind)
        self._span.set_status(StatusCode.ERROR)


def _listener(provider: "TracerProvider") -> tracing.Listener:
    from opentelemetry.trace import SpanKind as Kind

    tracer = provider.get_tracer("sohoa")
    kinds = {"internal": Kind.INTERNAL, "server": Kind.SERVER, "client": Kind.CLIENT,
             "consumer": Kind.CONSUMER}  # fmt: skip

    @contextmanager
    def begin(name: str, kind: SpanKind, facts: Mapping[str, Fact]) -> Iterator[Span]:
        # An exception's text may hold what a paper says: only its code is noted, by the caller.
        with tracer.start_as_current_span(
            name, kind=kinds[kind], attributes=dict(facts),
            record_exception=False, set_status_on_exception=False,
        ) as one:  # fmt: skip
            yield _AtWork(one)

    return begin
