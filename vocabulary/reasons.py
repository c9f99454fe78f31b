"""Reason codes of a file that stopped, each with what the person should do.

The codes are public (they stand in records, in the HTTP API and in exit
reports): add to the table, never rename.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a file stopped.

    ``vi`` and ``en`` are whole sentences that name the trouble and the way out.
    """

    code: str
    vi: str
    en: str


_TABLE: Final = (
    Reason(
        "encrypted",
        "Tệp được bảo vệ bằng mật khẩu. Hãy mở tệp, bỏ mật khẩu rồi gửi lại.",
        "The file is protected by a password. Open it, remove the password and send it again.",
    ),
    Reason(
        "damaged",
        "Tệp bị hỏng, không đọc được. Hãy quét lại hoặc xin bản gốc của tệp.",
        "The file is damaged and cannot be read. Scan the paper again or ask for the file anew.",
    ),
    Reason(
        "not_a_document",
        "Tệp không phải PDF, TIFF, JPEG, PNG, WebP, JPEG 2000 hay ZIP. "
        "Hãy xuất sang PDF rồi gửi lại.",
        "The file is not PDF, TIFF, JPEG, PNG, WebP, JPEG 2000 or ZIP. "
        "Export it as PDF and send that.",
    ),
    Reason(
        "too_many_pages",
        "Tệp có quá nhiều trang. Hãy tách thành nhiều tệp nhỏ hơn rồi gửi lại.",
        "The file has too many pages. Split it into smaller files and send those.",
    ),
    Reason(
        "page_too_large",
        "Một trang quá lớn (khổ giấy hoặc số điểm ảnh). Hãy quét lại ở 300 dpi, đúng khổ giấy.",
        "A page is too large (paper size or pixels). Scan it again at 300 dpi and its true size.",
    ),
    Reason(
        "decompression_bomb",
        "Tệp bung ra quá lớn so với kích thước của nó nên không được mở. Hãy quét lại giấy tờ.",
        "The file unpacks to far more than its size and was not opened. Scan the paper again.",
    ),
    Reason(
        "time_limit",
        "Xử lý tệp vượt quá thời gian cho phép. Hãy tách tệp hoặc quét lại ở 300 dpi.",
        "Working on the file took longer than allowed. Split it, or scan again at 300 dpi.",
    ),
    Reason(
        "memory_limit",
        "Xử lý tệp cần nhiều bộ nhớ hơn mức cho phép. Hãy tách tệp hoặc quét lại ở 300 dpi.",
        "Working on the file needs more memory than allowed. Split it, or scan again at 300 dpi.",
    ),
    Reason(
        "empty",
        "Tệp không có nội dung hoặc không có trang nào. Hãy kiểm tra máy quét rồi gửi lại.",
        "The file has no content or no page. Check the scanner and send it again.",
    ),
    Reason(
        "secret_marked",
        "Giấy tờ có dấu chỉ mức độ mật: không được số hóa. "
        "Hãy chuyển cho người phụ trách bảo vệ bí mật nhà nước.",
        "The paper bears a secrecy mark and must not be digitised. "
        "Hand it to the person in charge of state secrets.",
    ),
    Reason(
        "duplicate",
        "Tệp này đã được nhận trước đó. Hãy mở bản đầu tiên, hoặc chọn giữ cả hai.",
        "This very file was received before. Open the first one, or choose to keep both.",
    ),
    Reason(
        "page_count_mismatch",
        "Số trang của tệp khác số trang đã khai. Hãy đếm lại bản giấy và quét đủ trang.",
        "The file's pages differ from the number declared. Count the paper again and scan all.",
    ),
    Reason(
        "engine_failed",
        "Bộ nhận dạng gặp lỗi với tệp này. Bản gốc vẫn được giữ; hãy thử lại hoặc báo quản trị.",
        "The recognition engine failed on this file. The original is kept; try again or tell "
        "the administrator.",
    ),
)

REASONS: Final[dict[str, Reason]] = {reason.code: reason for reason in _TABLE}
