"""Bytes of a document over HTTP: ETag, conditional requests and one range (RFC 9110)."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from vocabulary.errors import InvalidRequest

KINDS: Final = (
    "application/pdf", "image/tiff", "image/jpeg", "image/png", "image/webp", "image/jp2",
    "application/zip", "text/plain",
)  # fmt: skip
"""Media types in which papers come in and go out."""


def bytes_described(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """How the description tells of bytes: whole, a range of them, or not changed."""
    bytes_of = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {
        200: {"description": "The bytes", "content": bytes_of},
        206: {"description": "The range that was asked for", "content": bytes_of},
        304: {"description": "Not changed since"},
    }


_CHUNK: Final = 256 * 1024
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from ``start`` to ``end``, both included."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start + 1


def span_of(header: str | None, size: int) -> Span | None:
    """The one range that is asked for; None for the whole (also where the header is not one).

    Raises:
        InvalidRequest: code ``range_not_satisfiable``, beyond the end.
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or found.groups() == ("", ""):
        return None  # several ranges or another unit: RFC 9110 14.2 lets a server ignore them
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size - 1
        satisfiable = int(last) > 0 and size > 0
    else:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
        if last and int(last) < int(first):
            return None
        satisfiable = start < size
    if not satisfiable:
        raise InvalidRequest(
            "Khoảng byte nằm ngoài tệp.",
            "The range lies beyond the end of the file.",
            code="range_not_satisfiable",
            size=size,
        )
    return Span(start, end)


def disposition(name: str, *, inline: bool) -> str:
    """Content-Disposition with the file's own name in UTF-8 (RFC 6266)."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)[-100:] or "document"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def matches(header: str | None, etag: str) -> bool:
    """Whether If-None-Match names this version."""
    if header is None:
        return False
    known = {one.strip().removeprefix("W/") for one in header.split(",")}
    return "*" in known or etag in known


def serve_stream(
    request: Request, stream: BinaryIO, size: int, sha256: str, media_type: str, name: str
) -> Response:
    """The stored object, whole or the range asked for; ``stream`` is closed by the answer."""
    etag = f'"{sha256}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": disposition(name, inline=False),
    }
    if matches(request.headers.get("if-none-match"), etag):
        stream.close()
        return Response(status_code=304, headers=headers)
    wanted = request.headers.get("range")
    if request.headers.get("if-range", etag) != etag:
        wanted = None
    try:
        span = span_of(wanted, size)
    except InvalidRequest:
        stream.close()
        raise
    status = 200
    if span is not None:
        status = 206
        headers["Content-Range"] = f"bytes {span.start}-{span.end}/{size}"
    else:
        span = Span(0, size - 1)
    headers["Content-Length"] = str(span.length)
    if request.method == "HEAD":
        stream.close()
        return Response(status_code=status, headers=headers, media_type=media_type)
    return StreamingResponse(_chunks(stream, span), status, headers=headers, media_type=media_type)


def serve_bytes(request: Request, body: bytes, media_type: str, name: str) -> Response:
    """Bytes made for this answer (text, an image), with the ETag of their hash."""
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": disposition(name, inline=True),
    }
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _chunks(stream: BinaryIO, span: Span) -> Iterator[bytes]:
    with stream:
        stream.seek(span.start)
        left = span.length
        while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
