"""The words on the pages of dossiers: codes in, Vietnamese out (see :mod:`api.web.words`)."""

from collections.abc import Mapping
from typing import Any, Final

STATES: Final[Mapping[str, str]] = {
    "received": "Đã tiếp nhận",
    "in_progress": "Đang xử lý",
    "awaiting_supplement": "Chờ bổ sung",
    "done": "Đã xử lý xong",
    "refused": "Từ chối",
    "withdrawn": "Người nộp rút",
    "stopped": "Dừng xử lý",
}

COMPONENT_STATES: Final[Mapping[str, str]] = {
    "awaited": "Còn thiếu",
    "handed_in": "Nộp lần này",
    "reused": "Dùng lại",
    "from_database": "Lấy từ cơ sở dữ liệu",
}

CHANNELS: Final[Mapping[str, str]] = {
    "counter": "Tại quầy một cửa",
    "online": "Trực tuyến",
    "post": "Qua bưu chính",
}

ENDS: Final[Mapping[str, str]] = {
    "refused": "Từ chối giải quyết",
    "withdrawn": "Người nộp rút hồ sơ",
    "stopped": "Dừng xử lý",
}

EVENTS: Final[Mapping[str, str]] = {
    "received": "Tiếp nhận hồ sơ",
    "reused": "Dùng lại giấy tờ đã có",
    "attached": "Gắn giấy tờ",
    "detached": "Gỡ giấy tờ",
    "cases_set": "Ghi trường hợp của hồ sơ",
    "checked": "Kiểm tra thành phần",
    "started": "Chuyển xử lý",
    "supplements_requested": "Yêu cầu bổ sung",
    "supplemented": "Đã bổ sung đủ",
    "result_added": "Gắn kết quả",
    "closed": "Đóng hồ sơ",
    "refused": "Từ chối giải quyết",
    "withdrawn": "Người nộp rút hồ sơ",
    "stopped": "Dừng xử lý",
    "paper_available": "Có giấy tờ dùng lại được",
    "paper_superseded": "Giấy tờ đã dùng bị thay thế",
    "paper_corrected": "Giấy tờ đã dùng được đính chính bằng bản khác",
    "paper_withdrawn": "Giấy tờ đã dùng bị thu hồi",
    "paper_ended": "Giấy tờ đã dùng hết hiệu lực vào ngày tiếp nhận",
}


def warning(told: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A warning of a dossier as a sentence; ``names`` are those of its components."""
    match told["code"]:
        case "requested_more_than_once":
            return (
                f"Đã yêu cầu bổ sung {told['requests']} lần: từ lần thứ hai, Cổng Dịch vụ công "
                "tính hồ sơ là quá hạn."
            )
        case "components_awaited":
            wanted = "; ".join(names.get(one, one) for one in told["components"])
            return f"Còn thiếu thành phần: {wanted}."
        case "paper_lost":
            return (
                f"Giấy tờ đã dùng cho «{names.get(told['component'], told['component'])}» không "
                "còn giá trị. Hãy thay bằng giấy tờ khác."
            )
    return str(told["code"])


PARTS: Final[Mapping[str, str]] = {
    "numerator": "tử số",
    "denominator": "mẫu số",
    "open_without_result": "còn xử lý, chưa có kết quả",
    "without_due_date": "không có ngày hẹn trả",
    "requested_more_than_once": "yêu cầu bổ sung từ hai lần",
}
"""The parts of a figure whose dossiers can be opened."""
