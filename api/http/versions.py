"""The optimistic version of a call that changes a document: If-Match, or ``version``."""

from fastapi import Request

from vocabulary.errors import InvalidRequest
from vocabulary.given import whole_number


def expected_version(request: Request, said: int | None) -> int | None:
    """The version that the caller has seen; None where nothing was said (or ``*``).

    Raises:
        InvalidRequest: If-Match is not a version as this service gives them.
    """
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return said
    plain = header.strip().removeprefix("W/").strip('"')
    version = whole_number(plain)
    if version is None:
        raise InvalidRequest(
            "If-Match phải là số phiên bản mà hệ thống đã trả về trong ETag.",
            "If-Match must be the version that this service gave as ETag.",
            field="If-Match",
        )
    return version


def needed_version(request: Request, said: int | None) -> int:
    """As :func:`expected_version`, where a call without it would overwrite blindly.

    Raises:
        InvalidRequest: code ``version_required``.
    """
    version = expected_version(request, said)
    if version is None:
        raise InvalidRequest(
            "Hãy gửi kèm phiên bản đã xem (If-Match hoặc version) để không ghi đè của người khác.",
            "Send the version you have seen (If-Match or version), so that nobody's change is "
            "overwritten.",
            code="version_required",
        )
    return version
