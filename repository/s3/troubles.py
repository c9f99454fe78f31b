"""What the store or the network answered, as errors of the tree that say what to do."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from xml.etree.ElementTree import ParseError

from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from urllib3.exceptions import HTTPError, SSLError

from repository.s3.place import S3Place
from vocabulary.errors import MissingPart, SohoaError

_BUSY: Final = frozenset(
    (
        "SlowDown", "SlowDownRead", "SlowDownWrite", "ServiceUnavailable", "InternalError",
        "RequestTimeout", "XMinioServerNotInitialized", "OperationAborted",
        "ConditionalRequestConflict", "Busy",
    )
)  # fmt: skip
_FULL: Final = frozenset(
    (
        "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded",
        "QuotaExceededException", "InsufficientCapacity",
    )
)  # fmt: skip
_WRONG_KEYS: Final = frozenset(
    (
        "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken",
        "AuthorizationHeaderMalformed",
    )
)  # fmt: skip
_CLOCK: Final = frozenset(("RequestTimeTooSkewed", "RequestExpired"))

TROUBLES: Final = (MinioException, HTTPError, ParseError)
"""What the client and its transport raise."""


def status_of(error: BaseException) -> int:
    """The HTTP status of an answer; 0 where there was none."""
    if isinstance(error, S3Error):
        return int(error.response.status)
    if isinstance(error, ServerError):
        return error.status_code
    if isinstance(error, InvalidResponseError):
        return int(error._code)
    return 0


def code_of(error: BaseException) -> str:
    """The store's own code of an answer; empty where there was none."""
    return (error.code or "") if isinstance(error, S3Error) else ""


def is_passing(error: BaseException) -> bool:
    """Whether the same call may well succeed in a moment."""
    if isinstance(error, HTTPError):
        return not _is_untrusted(error)
    if isinstance(error, ParseError):
        return True  # an answer that was cut off
    code, status = code_of(error), status_of(error)
    if code in _FULL or status in (501, 507):
        return False
    return code in _BUSY or status == 429 or status >= 500


def _is_untrusted(error: HTTPError) -> bool:
    """A certificate that does not fit; other trouble of TLS is a broken connection."""
    return isinstance(error, SSLError) and any(
        isinstance(one, ssl.SSLCertVerificationError) for one in error.args
    )


def is_absent(error: BaseException) -> bool:
    """Whether the store said that there is no such object."""
    return code_of(error) in ("NoSuchKey", "NoSuchVersion", "NoSuchUpload")


@contextmanager
def explained(place: S3Place, *, writing: bool = False) -> Iterator[None]:
    """Turns what the client raises into errors of the tree.

    Raises:
        MissingPart: the store cannot be used as it is now; the code and sentence say why.
    """
    try:
        yield
    except TROUBLES as error:
        raise explanation(error, place, writing=writing) from error


def explanation(error: BaseException, place: S3Place, *, writing: bool) -> SohoaError:
    """One trouble in words. Never contains a key, a secret or a signed address."""
    code, status = code_of(error), status_of(error)
    where = f"{place.endpoint}, bucket {place.bucket}"
    if isinstance(error, HTTPError):
        return _network(error, place)
    if code in _WRONG_KEYS:
        return _missing(
            "store_wrong_keys",
            f"Kho S3 ({where}) không nhận khóa truy cập. Hãy kiểm tra access key và secret key.",
            f"The S3 store ({where}) refuses the keys. Check the access key and the secret key.",
        )
    if code in _CLOCK:
        return _missing(
            "store_clock",
            f"Đồng hồ máy này và kho S3 ({where}) lệch quá nhiều. Hãy bật đồng bộ giờ (NTP).",
            f"The clocks of this machine and of the S3 store ({where}) differ too much. "
            "Turn on time synchronisation (NTP).",
        )
    if code == "NoSuchBucket":
        return _missing(
            "store_no_bucket",
            f"Kho S3 {place.endpoint} không có bucket «{place.bucket}». Hãy tạo bucket (bật "
            "versioning, object lock nếu dùng) hoặc sửa SOHOA_OBJECTS_URL.",
            f"The S3 store {place.endpoint} has no bucket {place.bucket!r}. Make it (with "
            "versioning, and object lock where used) or correct SOHOA_OBJECTS_URL.",
        )
    if code in _FULL or status == 507:
        return _missing(
            "disk_full",
            f"Kho S3 ({where}) đã đầy hoặc hết hạn mức. Hãy mở rộng kho rồi thử lại: việc đã "
            "xong không mất.",
            f"The S3 store ({where}) is full or its quota is used up. Give it room and try "
            "again: finished work is kept.",
        )
    if status in (401, 403):
        return _forbidden(where, writing=writing)
    return _missing(
        "store_failing",
        f"Kho S3 ({where}) báo lỗi {code or status}. Hãy xem nhật ký của kho rồi thử lại; "
        "việc đã xong không mất.",
        f"The S3 store ({where}) answers {code or status}. Look at the store's own log and try "
        "again; finished work is kept.",
        status=status or None,
    )


def _network(error: HTTPError, place: S3Place) -> SohoaError:
    if _is_untrusted(error):
        return _missing(
            "store_untrusted",
            f"Chứng thư TLS của kho S3 {place.endpoint} không được tin cậy. Hãy thêm "
            "ca=/đường/dẫn/ca.pem vào SOHOA_OBJECTS_URL.",
            f"The TLS certificate of the S3 store {place.endpoint} is not trusted. Add "
            "ca=/path/ca.pem to SOHOA_OBJECTS_URL.",
        )
    return _missing(
        "store_unreachable",
        f"Không liên lạc được với kho S3 {place.endpoint}. Hãy kiểm tra máy chủ, mạng và "
        "SOHOA_OBJECTS_URL rồi thử lại; việc đã xong không mất.",
        f"The S3 store {place.endpoint} cannot be reached. Check the server, the network and "
        "SOHOA_OBJECTS_URL, then try again; finished work is kept.",
    )


def _forbidden(where: str, *, writing: bool) -> SohoaError:
    if writing:
        return _missing(
            "store_read_only",
            f"Khóa truy cập không có quyền ghi vào kho S3 ({where}). Hãy cấp quyền ghi (xem "
            "tài liệu vận hành, mục S3).",
            f"The keys may not write to the S3 store ({where}). Grant the rights that the "
            "operator's guide names under S3.",
        )
    return _missing(
        "store_forbidden",
        f"Khóa truy cập không có quyền đọc kho S3 ({where}). Hãy cấp quyền (xem tài liệu vận "
        "hành, mục S3).",
        f"The keys may not read the S3 store ({where}). Grant the rights that the operator's "
        "guide names under S3.",
    )


def _missing(code: str, vi: str, en: str, **detail: object) -> MissingPart:
    return MissingPart(vi, en, code=code, **detail)
