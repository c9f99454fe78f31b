"""What can be wrong with a search server, each by name and with what to do."""

from typing import Any, Final

from elastic_transport import TlsError, TransportError
from elasticsearch import ApiError, UnsupportedProductError

from vocabulary.errors import MissingPart

MAJOR: Final = 9
"""The server's major version is the client's."""

_SOON: Final = 10
"""Seconds after which a caller may ask again."""


def unreachable(where: str, retry_after: int) -> MissingPart:
    """No answer, or none in time."""
    return MissingPart(
        f"Máy chủ tìm kiếm {where} không trả lời. Việc tiếp nhận vẫn chạy; hãy thử tìm lại sau "
        f"{retry_after} giây, nếu vẫn lỗi hãy kiểm tra máy chủ và đường mạng.",
        f"The search server {where} does not answer. Intake goes on; search again in "
        f"{retry_after} seconds, and if that fails look at the server and the network.",
        code="search_unreachable",
        retry_after=retry_after,
    )


def wrong_server(where: str) -> MissingPart:
    """Something else listens there."""
    return MissingPart(
        f"Máy chủ ở {where} không phải Elasticsearch. Hãy sửa SOHOA_SEARCH_URL.",
        f"The server at {where} is no Elasticsearch. Correct SOHOA_SEARCH_URL.",
        code="search_wrong_server",
    )


def wrong_version(where: str, version: str) -> MissingPart:
    """A server of another major version."""
    return MissingPart(
        f"Máy chủ tìm kiếm {where} có phiên bản {version}; cần Elasticsearch {MAJOR}. "
        "Hãy nâng cấp máy chủ hoặc dùng chỉ mục nhúng (tantivy).",
        f"The search server {where} is of version {version}; Elasticsearch {MAJOR} is needed. "
        "Upgrade the server or use the embedded index (tantivy).",
        code="search_wrong_version",
    )


def other_office(where: str, office: str) -> MissingPart:
    """The index was made by another installation."""
    return MissingPart(
        f"Chỉ mục ở {where} là của đơn vị {office}. Hãy chọn tiền tố khác trong SOHOA_SEARCH_URL.",
        f"The index at {where} belongs to the office {office}. Choose another prefix in "
        "SOHOA_SEARCH_URL.",
        code="search_other_office",
    )


def other_form(where: str) -> MissingPart:
    """An index made by another version of this program, or by something else."""
    return MissingPart(
        f"Chỉ mục ở {where} thuộc phiên bản khác của chương trình. Hãy chạy: sohoa reindex.",
        f"The index at {where} is of another version's form. Run: sohoa reindex.",
        code="search_other_form",
    )


def taken_name(where: str) -> MissingPart:
    """A plain index stands where the alias should be."""
    return MissingPart(
        f"Tên chỉ mục ở {where} đã có người dùng. Hãy chọn tiền tố khác trong SOHOA_SEARCH_URL.",
        f"The name of the index at {where} is taken. Choose another prefix in SOHOA_SEARCH_URL.",
        code="search_name_taken",
    )


def read_only(where: str) -> MissingPart:
    """The cluster refuses writes, usually since a disk is nearly full."""
    return MissingPart(
        f"Máy chủ tìm kiếm {where} đang khóa ghi (thường do đĩa gần đầy). Hãy dọn đĩa của máy "
        "chủ, rồi bỏ khóa index.blocks.read_only_allow_delete.",
        f"The search server {where} refuses writes (usually a disk is nearly full). Make room "
        "there, then lift index.blocks.read_only_allow_delete.",
        code="search_read_only",
    )


def overloaded(where: str) -> MissingPart:
    """Too much at once, for longer than was waited."""
    return MissingPart(
        f"Máy chủ tìm kiếm {where} quá tải. Hãy thử lại sau; nếu thường xuyên, hãy "
        "tăng bộ nhớ máy chủ.",
        f"The search server {where} has too much to do. Try again later; if this happens often, "
        "give the server more memory.",
        code="search_overloaded",
        retry_after=5,
    )


def refused(where: str, kind: str, count: int = 1) -> MissingPart:
    """The server would not take something; the kind of its error, never its text."""
    return MissingPart(
        f"Máy chủ tìm kiếm {where} từ chối {count} mục ({kind}). Hãy xem nhật ký máy chủ; "
        "nếu là lỗi cấu trúc, chạy: sohoa reindex.",
        f"The search server {where} refused {count} items ({kind}). See the server's log; if it is "
        "the form of the index, run: sohoa reindex.",
        code="search_refused",
        kind=kind,
    )


def unprepared(where: str) -> MissingPart:
    """The index is not there."""
    return MissingPart(
        f"Chưa có chỉ mục ở {where}. Hãy chạy: sohoa reindex.",
        f"There is no index at {where}. Run: sohoa reindex.",
        code="search_unprepared",
    )


def taken_over(where: str) -> MissingPart:
    """Somebody else began to rebuild while this one did."""
    return MissingPart(
        f"Một lần dựng lại chỉ mục khác ở {where} đã thay lần này. Hãy chờ lần đó xong.",
        f"Another rebuild of the index at {where} has taken the place of this one. Let it end.",
        code="search_rebuilt_elsewhere",
    )


def _wrong_password(where: str) -> MissingPart:
    return MissingPart(
        f"Máy chủ tìm kiếm {where} không nhận khóa hay mật khẩu. Hãy kiểm tra "
        "SOHOA_SEARCH_API_KEY_FILE, hoặc SOHOA_SEARCH_USER và SOHOA_SEARCH_PASSWORD_FILE.",
        f"The search server {where} does not accept the key or password. Check "
        "SOHOA_SEARCH_API_KEY_FILE, or SOHOA_SEARCH_USER and SOHOA_SEARCH_PASSWORD_FILE.",
        code="search_wrong_password",
    )


def _no_right(where: str) -> MissingPart:
    return MissingPart(
        f"Tài khoản không có đủ quyền ở máy chủ tìm kiếm {where}. Hãy cấp quyền trên các chỉ mục "
        "bắt đầu bằng tiền tố (all) và quyền monitor.",
        f"The account lacks rights at the search server {where}. Grant all on the indices that "
        "begin with the prefix, and monitor on the cluster.",
        code="search_no_right",
    )


def _tls(where: str) -> MissingPart:
    return MissingPart(
        f"Không tin được chứng thư của máy chủ tìm kiếm {where}. Hãy thêm chứng thư gốc của đơn vị "
        "vào kho của hệ điều hành, hoặc đặt SSL_CERT_FILE.",
        f"The certificate of the search server {where} is not trusted. Add the office's root to "
        "the system's store, or set SSL_CERT_FILE.",
        code="search_tls",
    )


def kind_of(error: ApiError) -> str:
    """The server's name of the error."""
    return kind_in(error.body)


def kind_in(body: Any) -> str:
    """The name in an answer's body; empty where there is none."""
    told = body.get("error") if isinstance(body, dict) else None
    return str(told.get("type") or "") if isinstance(told, dict) else ""


def is_away(error: Exception) -> bool:
    """Whether trying again soon makes no sense: no answer, or a server that is not up."""
    if isinstance(error, ApiError):
        return error.meta.status in (502, 503, 504)
    return isinstance(error, TransportError) and not isinstance(error, TlsError)


def named(error: Exception, where: str) -> MissingPart:
    """The error of the client library as one of ours."""
    if isinstance(error, UnsupportedProductError):
        return wrong_server(where)
    if isinstance(error, ApiError):
        return _answered(error, where)
    if isinstance(error, TlsError):
        return _tls(where)
    if isinstance(error, TransportError):
        return unreachable(where, _SOON)
    raise error


def _answered(error: ApiError, where: str) -> MissingPart:
    status, kind = error.meta.status, kind_of(error)
    if kind == "media_type_header_exception":
        return wrong_version(where, "?")
    if kind == "cluster_block_exception" and status in (403, 429):
        return read_only(where)
    if kind == "index_not_found_exception":
        return unprepared(where)
    simple = {401: _wrong_password, 403: _no_right, 429: overloaded}
    if status in simple:
        return simple[status](where)
    return unreachable(where, _SOON) if status >= 500 else refused(where, kind or str(status))
