"""The words on the pages: codes in, Vietnamese out.

Every code that a page can meet has its words here; a test holds the tables
complete against the codes of the other rooms. A code that is not known (the
lists are open) is shown as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from signing.validation import remarks as validation
from vocabulary.clock import VIETNAM
from vocabulary.reasons import REASONS

FIELDS: Final[Mapping[str, str]] = {
    "issuer": "Cơ quan ban hành",
    "issuer_parent": "Cơ quan chủ quản",
    "number_symbol": "Số, ký hiệu",
    "place": "Địa danh",
    "issue_date": "Ngày ban hành",
    "doc_type": "Tên loại văn bản",
    "subject": "Trích yếu",
    "signer": "Người ký",
    "title": "Chức vụ người ký",
    "citations": "Căn cứ",
    "expiry_date": "Ngày hết hạn",
    "holder_name": "Chủ giấy tờ",
    "holder_id": "Mã số chủ giấy tờ",
    "secrecy": "Độ mật",
    "urgency": "Độ khẩn",
    "parent_decision": "Kèm theo văn bản",
}

STATES: Final[Mapping[str, str]] = {
    "received": "Đã nhận",
    "identified": "Đã nhận dạng tệp",
    "checked": "Đã kiểm tra chữ ký",
    "read": "Đã đọc",
    "needs_review": "Cần xác nhận",
    "reviewed": "Đã xác nhận",
    "composed": "Đã tạo PDF/A",
    "certified": "Đã ký số",
    "done": "Hoàn thành",
    "stopped": "Dừng lại",
}
"""Where a document is on its way."""

WAITING: Final = frozenset({"needs_review", "done", "stopped"})
"""States in which nothing moves by itself."""

PAGE_FLAGS: Final[Mapping[str, str]] = {
    "low_confidence": "đọc không chắc, hãy so với ảnh trang",
    "ink_without_text": "có nét mực không đọc được thành chữ (chữ viết tay, hình, chữ ký)",
    "blank": "trang trắng",
    "photographed": "ảnh chụp, đã nắn phẳng để đọc",
    "inverted": "chữ sáng trên nền tối",
    "faint": "chữ mờ",
    "noisy": "nhiều đốm bẩn",
    "two_pages": "hai trang trên một ảnh",
    "other_language": "có vẻ không phải tiếng Việt",
    "reduced": "ảnh rất lớn, đã thu nhỏ để đọc",
    "resolution_assumed": "tệp không cho biết độ phân giải",
    "hidden_text": "tệp có chữ ẩn không hiện trên trang; chữ ẩn không được dùng",
    "no_unicode": "chữ trong tệp không giải mã được, đã đọc bằng nhận dạng",
    "text_layer_implausible": "lớp chữ trong tệp sai, đã đọc bằng nhận dạng",
    "converted_tcvn3": "chữ mã TCVN3 (ABC) đã chuyển sang Unicode",
    "converted_vni": "chữ mã VNI đã chuyển sang Unicode",
}
"""What a person should know of a page; flags without words need nobody's attention."""

STATUSES: Final[Mapping[str, str]] = {
    "draft": "Bản nháp",
    "active": "Đang có hiệu lực",
    "superseded": "Đã được thay thế",
    "corrected": "Đã được đính chính",
    "withdrawn": "Đã thu hồi",
    "disposed": "Đã hủy khi hết thời hạn bảo quản",
}
"""What a document is worth."""

VERDICTS: Final[Mapping[str, str]] = {
    "valid": "Chữ ký hợp lệ",
    "valid_with_remarks": "Chữ ký hợp lệ, có lưu ý",
    "undecided": "Chưa kết luận được",
    "invalid": "Chữ ký không hợp lệ",
}

REMARKS: Final[Mapping[str, str]] = {one.code: one.vi for one in validation.REMARKS.values()}
"""What explains a verdict, as the judge of signatures has it."""

INTEGRITY: Final[Mapping[str, str]] = {
    "intact": "Phần được ký còn nguyên vẹn",
    "broken": "Phần được ký đã bị sửa",
    "undecided": "Chưa xác định được phần được ký",
}

TRUST: Final[Mapping[str, str]] = {
    "trusted": "Chứng thư đáng tin cậy",
    "untrusted": "Chứng thư không đáng tin cậy",
    "unknown": "Chưa rõ nơi cấp chứng thư",
}

COVERS: Final[Mapping[str, str]] = {
    "whole_file": "ký trên toàn bộ tệp",
    "its_revision": "ký trên phiên bản lúc ký",
    "unclear": "chưa rõ phạm vi được ký",
}

LEVELS: Final[Mapping[str, str]] = {
    "B-B": "mức B-B",
    "B-T": "mức B-T",
    "B-LT": "mức B-LT",
    "B-LTA": "mức B-LTA",
    "legacy": "kiểu cũ, không theo mức PAdES nào",
}

ANSWERS: Final[Mapping[str, str]] = {
    "held": "Đã có, không yêu cầu nộp lại",
    "partly": "Mới có một phần",
    "must_request": "Chưa có, được phép yêu cầu",
}

ONCE_ONLY_REASONS: Final[Mapping[str, str]] = {
    "expired": "Giấy tờ đã hết hạn vào ngày xét.",
    "not_yet_valid": "Giấy tờ chưa có hiệu lực vào ngày xét.",
    "ended_with_other": "Giấy tờ hết hiệu lực cùng với giấy tờ mà nó phụ thuộc.",
    "superseded": "Giấy tờ đã được thay thế bằng bản khác.",
    "corrected": "Giấy tờ đã được đính chính bằng bản khác.",
    "withdrawn": "Giấy tờ đã bị thu hồi.",
    "disposed": "Giấy tờ đã hủy khi hết thời hạn bảo quản.",
    "draft": "Giấy tờ mới là bản nháp, chưa được ban hành.",
    "unsigned": "Giấy tờ chưa được ký số.",
    "signature_missing": "Bản sao điện tử chứng thực thiếu một trong hai chữ ký số.",
    "signature_invalid": "Chữ ký số trên giấy tờ không hợp lệ.",
    "signature_undecided": "Chưa kết luận được chữ ký số trên giấy tờ.",
    "holder_differs": "Giấy tờ của người hoặc tổ chức khác.",
    "type_not_accepted": "Loại giấy tờ này không dùng được cho thành phần hồ sơ.",
    "form_not_accepted": "Hình thức bản (gốc, chính, sao) không được chấp nhận.",
    "out_of_scope": "Giấy tờ không có giá trị trong phạm vi này.",
    "issue_date_unknown": "Chưa biết ngày cấp nên không tính được thời hạn.",
    "too_old": "Giấy tờ được cấp quá lâu so với quy định.",
    "fields_unconfirmed": "Thông tin trên giấy tờ chưa được người có trách nhiệm xác nhận.",
}

EVENTS: Final[Mapping[str, str]] = {
    "received": "Tiếp nhận",
    "identified": "Nhận dạng loại tệp",
    "checked": "Kiểm tra chữ ký số",
    "read": "Đọc xong các trang",
    "needs_review": "Chờ người xác nhận",
    "fields_reviewed": "Sửa thông tin",
    "confirmed": "Xác nhận thông tin",
    "described": "Khai thông tin giấy tờ",
    "reviewed": "Đã kiểm tra xong",
    "composed": "Tạo PDF/A",
    "certified": "Ký số",
    "signature_waits": "Chờ ký số",
    "signature_awaited": "Chờ chữ ký số ở nơi khác",
    "signature_given": "Đã nhận chữ ký số",
    "archive_renewed": "Gia hạn dấu thời gian lưu trữ",
    "rendition": "Lưu bản thể hiện",
    "done": "Hoàn thành",
    "stopped": "Dừng lại",
    "resumed": "Thử lại",
    "withdrawn": "Thu hồi",
    "superseded": "Được thay thế",
    "corrected": "Được đính chính",
    "duplicate_keep": "Giữ cả hai bản trùng",
    "duplicate_discard": "Bỏ bản trùng",
    "disposed": "Hủy khi hết thời hạn bảo quản",
}
"""What happened to a document."""

AUDIT_EVENTS: Final[Mapping[str, str]] = {
    "login": "Đăng nhập",
    "login.failed": "Đăng nhập sai",
    "logout": "Đăng xuất",
    "token": "Cấp mã truy cập cho hệ thống",
    "token.refused": "Từ chối cấp mã cho hệ thống",
    "token.personal": "Tạo mã truy cập cá nhân",
    "token.revoked": "Thu hồi mã truy cập cá nhân",
    "document.record": "Xem giấy tờ",
    "signature.given": "Ký số giấy tờ",
    "document.content": "Tải tệp",
    "document.image": "Xem ảnh trang",
    "document.words": "Đọc chữ trên trang",
    "document.fields": "Sửa, xác nhận thông tin",
    "document.refused": "Bị từ chối xem giấy tờ",
    "document.reused": "Dùng lại giấy tờ cho hồ sơ",
    "document.attached": "Gắn giấy tờ vào hồ sơ",
    "document.printed": "In bản sao có mã tra cứu",
    "dossier.receipt": "In phiếu giấy tờ không phải nộp lại",
    "dossier.received": "Tiếp nhận hồ sơ",
    "dossier.read": "Xem hồ sơ",
    "dossier.request": "Yêu cầu bổ sung hồ sơ",
    "dossier.override": "Yêu cầu nộp lại giấy tờ đã có",
    "dossier.label": "In nhãn hồ sơ giấy",
    "procedure.import": "Nạp tệp thủ tục",
    "dossier.closed": "Đóng hồ sơ",
    "dossier.refused": "Từ chối giải quyết hồ sơ",
    "dossier.withdrawn": "Người nộp rút hồ sơ",
    "dossier.stopped": "Dừng xử lý hồ sơ",
    "document.disposed": "Hủy giấy tờ hết thời hạn bảo quản",
    "retention.loaded": "Nạp thời hạn bảo quản",
    "hold.placed": "Giữ giấy tờ theo lệnh",
    "hold.lifted": "Gỡ lệnh giữ",
    "disposal.drafted": "Lập danh mục hủy",
    "disposal.taken_off": "Đưa giấy tờ ra khỏi danh mục hủy",
    "disposal.approved": "Phê duyệt danh mục hủy",
    "disposal.cancelled": "Bỏ danh mục hủy",
    "disposal.begun": "Bắt đầu hủy theo danh mục",
    "disposal.ended": "Hủy xong theo danh mục",
    "search": "Tìm kiếm",
    "once_only.check": "Kiểm tra giấy tờ đã có",
    "evidence.request_received": "Hệ thống khác xin khai thác giấy tờ",
    "evidence.request_refused": "Từ chối khai thác giấy tờ",
    "evidence.delivered": "Giao giấy tờ cho hệ thống khác",
    "evidence.response_sent": "Gửi lại câu trả lời cũ",
    "evidence.opened": "Hệ thống khác tải giấy tờ",
    "evidence.preview_required": "Hỏi ý kiến chủ giấy tờ",
    "evidence.preview_shown": "Chủ giấy tờ mở liên kết",
    "evidence.preview_accepted": "Chủ giấy tờ đồng ý",
    "evidence.preview_declined": "Chủ giấy tờ từ chối",
    "client.purpose_granted": "Cho hệ thống khai thác thêm thủ tục",
    "client.purpose_taken_back": "Thu hồi quyền khai thác của hệ thống",
    "subject.read": "Tra cứu tổ chức, cá nhân",
    "subject.linked": "Nối thêm mã số của một người, tổ chức",
    "subject.merged": "Gộp hai mục là một người, tổ chức",
    "subject.parted": "Hoàn tác gộp",
    "procedure.put": "Cập nhật thủ tục",
    "audit.read": "Xem nhật ký",
}
"""What the audit log tells of."""

OUTCOMES: Final[Mapping[str, str]] = {"ok": "Được", "refused": "Từ chối"}

DOCUMENT_TYPES: Final[Mapping[str, str]] = {
    "acceptance_decision": "Quyết định nghiệm thu",
    "acceptance_minutes": "Biên bản nghiệm thu",
    "application_form": "Đơn đề nghị",
    "business_registration": "Giấy chứng nhận đăng ký doanh nghiệp",
    "citizen_identity_card": "Thẻ căn cước",
    "conformity_certificate": "Giấy chứng nhận hợp chuẩn, hợp quy",
    "conformity_declaration_notice": "Thông báo tiếp nhận công bố hợp chuẩn",
    "decision": "Quyết định",
    "equipment_inspection_certificate": "Giấy chứng nhận kiểm định thiết bị",
    "establishment_decision": "Quyết định thành lập",
    "health_certificate": "Giấy khám sức khỏe",
    "intellectual_property_title": "Văn bằng sở hữu trí tuệ",
    "land_use_certificate": "Giấy chứng nhận quyền sử dụng đất",
    "lease_contract": "Hợp đồng thuê",
    "official_letter": "Công văn",
    "organisation_charter": "Điều lệ tổ chức",
    "personal_dose_report": "Kết quả đo liều cá nhân",
    "professional_diploma": "Văn bằng chuyên môn",
    "quantity_mark_declaration": "Bản công bố sử dụng dấu định lượng",
    "radiation_declaration_confirmation": "Giấy xác nhận khai báo bức xạ",
    "radiation_safety_training_certificate": "Giấy chứng nhận đào tạo an toàn bức xạ",
    "radiation_survey_report": "Biên bản kiểm xạ",
    "radiation_work_licence": "Giấy phép tiến hành công việc bức xạ",
    "radiation_worker_certificate": "Chứng chỉ nhân viên bức xạ",
    "safety_officer_appointment": "Quyết định bổ nhiệm người phụ trách an toàn",
    "scientific_curriculum_vitae": "Lý lịch khoa học",
    "self_assessment_report": "Báo cáo tự đánh giá hợp chuẩn",
    "st_enterprise_certificate": "Giấy chứng nhận doanh nghiệp khoa học và công nghệ",
    "st_organisation_certificate": "Giấy chứng nhận đăng ký hoạt động khoa học và công nghệ",
    "st_task_result_certificate": "Giấy chứng nhận đăng ký kết quả nhiệm vụ",
}
"""Types that procedures of the department name; the list is open."""

TYPE_CHECKS: Final[Mapping[str, str]] = {
    "check_digit": "Số kiểm tra của mã số",
    "identity_number": "Cấu trúc số định danh",
    "date_order": "Ngày hết hạn không trước ngày cấp",
    "pattern": "Đúng dạng",
}
"""Checks that a document type asks for (ocr.types.checks)."""

SCHEMES: Final[Mapping[str, str]] = {
    "vn:cccd": "Số định danh (căn cước)",
    "vn:mst": "Mã số thuế",
    "vn:dkdn": "Mã số doanh nghiệp",
    "vn:cmnd9": "Số CMND 9 số (cũ)",
    "passport": "Số hộ chiếu",
}
"""Kinds of identifiers that a subject can have, in the order in which they are offered."""

RENDITIONS: Final[Mapping[str, str]] = {
    "original": "Bản gốc như đã nhận",
    "archival": "Bản lưu trữ PDF/A",
    "text": "Văn bản đã đọc",
}

SOURCES: Final[Mapping[str, str]] = {
    "ocr": "máy nhận dạng",
    "text": "chữ sẵn trong tệp",
    "annotation": "chú thích trong tệp",
    "qr": "mã QR",
    "person": "người nhập",
}

ROLES: Final[Mapping[str, str]] = {
    "clerk": "Cán bộ tiếp nhận",
    "officer": "Công chức chuyên môn",
    "leader": "Lãnh đạo",
    "inspector": "Kiểm tra, thanh tra",
    "administrator": "Quản trị hệ thống",
    "system": "Hệ thống",
}

FORMS: Final[Mapping[str, str]] = {
    "original": "Bản chính",
    "certified_copy": "Bản sao chứng thực",
    "copy": "Bản sao",
    "electronic_original": "Bản điện tử gốc (có chữ ký số)",
    "electronic_certified_copy": "Bản sao điện tử chứng thực",
}
"""Legal forms of a paper."""


SOURCES_OF_TIMES: Final[Mapping[str, str]] = {
    "province": "Tỉnh công bố",
    "national": "Cơ sở dữ liệu quốc gia",
    "ministry": "Bộ công bố",
}
"""Where the processing time of a procedure is known from."""


def scopes(places: Mapping[str, str]) -> Mapping[str, str]:
    """Where a paper is in force: the whole country, or one of the office's provinces by code."""
    named = {code: f"{name} ({code})" for code, name in places.items()}
    return {"nationwide": "Cả nước", **named}


@dataclass(frozen=True, slots=True)
class Band:
    """How sure a reading is, as a class of the page and a word: colour is never alone."""

    code: str
    word: str


def band(confidence: float, needs_review: bool, source: str) -> Band:
    """The confidence band of a field (confidence 0..1)."""
    if needs_review:
        return Band("doubt", "cần xem lại")
    if source == "person":
        return Band("person", "người xác nhận")
    if confidence >= 0.9:
        return Band("sure", "chắc chắn")
    return Band("fair", "khá chắc")


def stop_reason(code: str | None) -> str:
    """Why a file stopped, and what to do."""
    if code is None:
        return ""
    known = REASONS.get(code)
    return known.vi if known else code


def day(value: date | str | None) -> str:
    """A date as Vietnam writes it, dd/mm/yyyy; text that is no ISO date stays as it is."""
    if isinstance(value, str):
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return value
    return value.strftime("%d/%m/%Y") if value else ""


def moment(value: datetime | str | None) -> str:
    """A point in time at Vietnam's clock: 23/11/2026 14:05."""
    if isinstance(value, str):
        try:
            return moment(datetime.fromisoformat(value))
        except ValueError:
            return value
    return value.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M") if value else ""


def size(count: int) -> str:
    """Bytes in the unit a person reads."""
    if count < 1024:
        return f"{count} byte"
    for unit in ("KB", "MB", "GB"):
        count_in_unit = count / 1024 ** (("KB", "MB", "GB").index(unit) + 1)
        if count_in_unit < 1024 or unit == "GB":
            return f"{count_in_unit:.1f} {unit}".replace(".", ",")
    raise AssertionError("unreachable")
