"""Errors at the edge: one error tree in, RFC 9457 ``application/problem+json`` out.

The table below is the only place where an error becomes an HTTP status. An
error that is not of the tree gives 500 without its text: its class and place go to
the log together with the reference that the person is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import responses
from typing import Any, Final

from vocabulary.errors import (
    Conflict,
    IntegrityFailure,
    InvalidRequest,
    LeaseLost,
    MissingPart,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    SohoaError,
    Stopped,
    UsageError,
)

MEDIA_TYPE: Final = "application/problem+json"

STATUS: Final[tuple[tuple[type[SohoaError], int], ...]] = (
    (Stopped, 422),
    (InvalidRequest, 422),
    (UsageError, 400),
    (NotAuthenticated, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (LeaseLost, 409),
    (MissingPart, 503),
    (IntegrityFailure, 500),
)
"""Error class -> status; the first class that fits counts."""

STATUS_OF_CODE: Final[Mapping[str, int]] = {
    "too_many_attempts": 429,
    "upload_too_large": 413,
    "length_required": 411,
    "version_changed": 412,
    "link_used": 410,
    "link_expired": 410,
    "withdrawn": 410,
    "disposed": 410,
    "preview_expired": 410,
    "too_many_previews": 429,
    "range_not_satisfiable": 416,
    "version_required": 428,
    "disk_full": 507,
    "unsupported_media_type": 415,
    "unsupported_capability": 406,
}
"""Codes that HTTP has a status of its own for."""

_TITLES: Final[Mapping[int, str]] = {
    400: "Yêu cầu không đúng",
    401: "Chưa đăng nhập",
    403: "Không có quyền",
    404: "Không tìm thấy",
    405: "Không dùng được cách gọi này",
    406: "Không có ở dạng được yêu cầu",
    409: "Xung đột với dữ liệu hiện có",
    411: "Thiếu độ dài",
    410: "Không còn nữa",
    412: "Dữ liệu đã thay đổi",
    413: "Tệp quá lớn",
    415: "Kiểu dữ liệu không được hỗ trợ",
    416: "Khoảng byte không hợp lệ",
    422: "Dữ liệu không hợp lệ",
    428: "Thiếu phiên bản",
    429: "Thử quá nhiều lần",
    500: "Lỗi hệ thống",
    503: "Một phần của hệ thống chưa sẵn sàng",
    507: "Hết chỗ lưu trữ",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem as RFC 9457 has it, with a stable ``code`` and both languages."""

    status: int
    code: str
    detail: str
    detail_en: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return _TITLES.get(self.status, "Lỗi")

    def to_json(self) -> dict[str, Any]:
        return {
            **self.extra,
            "type": f"urn:sohoa:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "detail_en": self.detail_en,
        }


def status_of(error: SohoaError) -> int:
    """The HTTP status of an error of the tree; 500 for a class the table does not know."""
    if error.error_code in STATUS_OF_CODE:
        return STATUS_OF_CODE[error.error_code]
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def from_error(error: SohoaError) -> Problem:
    """An error of the tree as a problem; ``detail`` of the error becomes members of it."""
    headers: dict[str, str] = {}
    if isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="sohoa"'
    if "retry_after" in error.detail:
        headers["Retry-After"] = str(error.detail["retry_after"])
    extra = {name: value for name, value in error.detail.items() if value not in (None, "")}
    return Problem(status_of(error), error.error_code, error.vi, error.en, extra, headers)


def from_status(status: int) -> Problem:
    """A problem that the HTTP layer itself found (unknown address, wrong method ...)."""
    phrase = responses.get(status, "Error")
    code = phrase.lower().replace(" ", "_").replace("-", "_")
    vi, en = _SAID.get(status, ("Không thực hiện được yêu cầu.", f"{phrase}."))
    return Problem(status, code, vi, en)


_SAID: Final[Mapping[int, tuple[str, str]]] = {
    400: (
        "Không đọc được nội dung yêu cầu. Hãy kiểm tra lại dữ liệu gửi lên.",
        "The request could not be read. Check what is sent.",
    ),
    404: (
        "Địa chỉ này không có. Hãy kiểm tra lại đường dẫn.",
        "There is nothing at this address. Check it.",
    ),
    405: (
        "Địa chỉ này không nhận cách gọi (method) vừa dùng.",
        "This address does not take this method.",
    ),
    413: (
        "Dữ liệu gửi lên vượt quá giới hạn. Hãy gửi ít tệp hơn mỗi lần.",
        "More was sent than is allowed at once. Send fewer files at a time.",
    ),
}


def from_validation(errors: list[dict[str, Any]]) -> Problem:
    """Values of the request that do not fit: each with where it stands and what is wrong.

    Values themselves are not repeated: they may be personal data.
    """
    places = [
        {
            "field": ".".join(str(step) for step in error.get("loc", ())[1:]) or "body",
            "in": str((error.get("loc") or ("body",))[0]),
            "message": str(error.get("msg", "")),
        }
        for error in errors
    ]
    names = ", ".join(place["field"] for place in places)
    return Problem(
        422,
        "invalid_request",
        f"Dữ liệu gửi lên không hợp lệ: {names}. Hãy sửa rồi gửi lại.",
        f"The request does not fit: {names}. Correct it and send it again.",
        {"errors": places},
    )


def unexpected(reference: str) -> Problem:
    """An error nobody foresaw: no internals, only the reference that finds it in the log."""
    return Problem(
        500,
        "internal_error",
        f"Hệ thống gặp lỗi ngoài dự kiến. Hãy thử lại; nếu vẫn lỗi, báo quản trị mã {reference}.",
        f"Something unforeseen went wrong. Try again; if it stays, give the administrator "
        f"the reference {reference}.",
        {"reference": reference},
    )
