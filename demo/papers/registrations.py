"""Powers of attorney, confirmations of registration and certificates of training."""

from typing import Final

from demo.papers.blocks import (
    Fields,
    closing,
    frame,
    head,
    labelled,
    merged,
    sign_block,
    state_name,
    title,
)
from demo.papers.certificates import later
from demo.papers.fonts import Face
from demo.papers.model import Paper, Style
from demo.papers.order import Order
from demo.papers.sheet import Sheet
from demo.papers.subjects import Subject, make_subject
from demo.papers.wording import DEVICES, MAKERS, day, long_day

_TASKS: Final = (
    "Nộp hồ sơ, nhận kết quả giải quyết thủ tục cấp giấy phép tiến hành công việc bức xạ",
    "Thay mặt ký, nộp hồ sơ đăng ký hoạt động khoa học và công nghệ và nhận kết quả",
    "Làm thủ tục khai báo thiết bị X-quang và nộp phí, lệ phí theo quy định",
)
_COURSES: Final = (
    "An toàn bức xạ cho nhân viên bức xạ trong y tế",
    "An toàn bức xạ cho người phụ trách an toàn",
    "Ứng phó sự cố bức xạ cấp cơ sở",
)


def make_power_of_attorney(order: Order) -> Paper:
    """A power of attorney between two persons; its term is written, or left to the law."""
    rng, who, body = order.rng, order.subject, order.body
    agent = make_subject("vn:cccd", order.seed + 5000)
    sheet = Sheet(footer=order.wishes.get("footer"))
    state_name(sheet, sheet.centre, 13)
    sheet.feed(12)
    fields = title(sheet, order, "GIẤY ỦY QUYỀN", None)
    first, second = rng.choice(
        (("BÊN ỦY QUYỀN", "BÊN ĐƯỢC ỦY QUYỀN"), ("NGƯỜI ỦY QUYỀN", "NGƯỜI ĐƯỢC ỦY QUYỀN"))
    )
    _party(sheet, order, f"I. {first}:", who)
    _party(sheet, order, f"II. {second}:", agent)
    sheet.line([("III. NỘI DUNG ỦY QUYỀN:", order.bold)], leading=1.5)
    sheet.paragraph([(order.wishes.get("matter") or f"{rng.choice(_TASKS)}.", body)])
    sheet.line([("IV. THỜI HẠN ỦY QUYỀN:", order.bold)], leading=1.5)
    end = order.wishes.get("expiry_date", later(order.issue_date, months=rng.choice((3, 6, 12))))
    more: Fields = {"holder_name": who.representative, "holder_id": who.representative_id}
    if "expiry_date" in order.wishes or rng.random() < 0.7:
        span = f"Thời hạn ủy quyền: từ {long_day(order.issue_date)} đến hết {long_day(end)}."
        more["expiry_date"] = end.isoformat()
    else:
        span = "Hai bên thực hiện cho đến khi hoàn thành công việc nêu trên."
    sheet.paragraph([(span, body)])
    promise = (
        "Hai bên cam kết thực hiện đúng nội dung ủy quyền và chịu trách nhiệm trước pháp luật."
    )
    sheet.paragraph([(promise, body)], after=10)
    sheet.need(150)
    middle = sheet.left + sheet.text_width * 0.70
    place = order.office.place
    dated = f"{place}, {long_day(order.issue_date)}"
    sheet.line([(dated, order.italic)], middle, "centre", 1.35)
    note = "(Ký, ghi rõ họ tên)"
    signed = sign_block(sheet, order, middle, (first,), who.representative, sealed=False, note=note)
    more |= {"place": place, "issue_date": order.issue_date.isoformat()}
    facts = {"agent_name": agent.representative, "agent_id": agent.representative_id}
    return Paper(order.kind, order.seed, sheet.finish(), merged(fields, signed, more), facts)


def _party(sheet: Sheet, order: Order, heading: str, who: Subject) -> None:
    sheet.line([(heading, order.bold)], leading=1.5)
    rows = (
        ("Họ và tên:", who.representative),
        ("Sinh ngày:", day(who.birth)),
        ("Số CCCD:", f"{who.representative_id}, nơi cấp: Bộ Công an"),
        ("Địa chỉ thường trú:", who.address),
        ("Điện thoại:", who.phone),
    )
    for label, value in rows:
        labelled(sheet, label, value, order.body, dots=False)


def make_registration(order: Order) -> Paper:
    """A confirmation that a device was registered, or the registration of an activity."""
    rng, who, body = order.rng, order.subject, order.body
    sheet = Sheet(footer=order.wishes.get("footer"))
    of_devices = rng.random() < 0.5
    fields = head(
        sheet, order, order.symbol(f"{'GXN' if of_devices else 'ĐK'}-{order.office.code}")
    )
    name = "GIẤY XÁC NHẬN KHAI BÁO" if of_devices else "GIẤY CHỨNG NHẬN ĐĂNG KÝ"
    more_title = "THIẾT BỊ BỨC XẠ" if of_devices else "HOẠT ĐỘNG KHOA HỌC VÀ CÔNG NGHỆ"
    bold = Style(Face.BOLD, 14)
    sheet.line([(name, bold)], sheet.centre, "centre", 1.3)
    sheet.line([(more_title, bold)], sheet.centre, "centre", 1.3)
    sheet.feed(8)
    sheet.line([(order.office.head_with_body, order.bold)], sheet.centre, "centre", 1.8)
    rows = (
        ("1. Tên tổ chức:", who.name),
        ("2. Mã số thuế:", who.id),
        ("3. Địa chỉ trụ sở chính:", who.address),
        ("4. Người đứng đầu:", who.representative),
        ("5. Điện thoại:", who.phone),
    )
    for label, value in rows:
        labelled(sheet, label, value, body, dots=False)
    if of_devices:
        serial = rng.randint(10**5, 10**6)
        device = f"{rng.choice(DEVICES)}, hãng {rng.choice(MAKERS)}, số sê-ri {serial}"
        sheet.paragraph([("6. Đã khai báo thiết bị: ", body), (f"{device}.", body)], indent=0)
    else:
        matter = "Nghiên cứu, thử nghiệm và dịch vụ khoa học và công nghệ"
        sheet.paragraph([("6. Lĩnh vực đăng ký: ", body), (f"{matter}.", body)], indent=0)
    sheet.feed(8)
    recipients = ["Tổ chức nêu trên", "Lưu: VT, QLCN"]
    signed = closing(sheet, order, recipients)
    more: Fields = {
        "doc_type": f"{name} {more_title}".capitalize(),
        "holder_name": who.name,
        "holder_id": who.id,
    }
    return Paper(order.kind, order.seed, sheet.finish(), merged(fields, signed, more))


def make_training_certificate(order: Order) -> Paper:
    """A person's certificate of a course, with or without an end."""
    rng, who, body = order.rng, order.subject, order.body
    sheet = Sheet(footer=order.wishes.get("footer"))
    frame(sheet)
    fields = head(sheet, order, order.symbol(f"GCN-{order.office.code}"))
    sheet.feed(8)
    sheet.line([("GIẤY CHỨNG NHẬN", Style(Face.BOLD, 17))], sheet.centre, "centre", 1.4)
    sheet.line([("ĐÀO TẠO AN TOÀN BỨC XẠ", Style(Face.BOLD, 14))], sheet.centre, "centre", 1.8)
    sheet.line([(order.office.head_with_body, order.bold)], sheet.centre, "centre", 1.6)
    rows = (
        ("Chứng nhận ông/bà:", who.representative.upper()),
        ("Sinh ngày:", day(who.birth)),
        ("Số CCCD:", who.representative_id),
        ("Nơi công tác:", f"Bệnh viện Đa khoa {who.address.split(', ')[-1]}"),
        ("Đã hoàn thành khóa học:", rng.choice(_COURSES)),
        ("Xếp loại:", rng.choice(("Giỏi", "Khá", "Đạt yêu cầu"))),
    )
    for label, value in rows:
        labelled(sheet, label, value, body, dots=False)
    more: Fields = {
        "doc_type": "Giấy chứng nhận đào tạo an toàn bức xạ",
        "holder_name": who.representative.upper(),
        "holder_id": who.representative_id,
    }
    end = order.wishes.get("expiry_date", later(order.issue_date, years=3))
    if "expiry_date" in order.wishes or rng.random() < 0.7:
        labelled(sheet, "Có giá trị đến ngày:", day(end), body, dots=False)
        more["expiry_date"] = end.isoformat()
    sheet.feed(10)
    signed = closing(sheet, order, [])
    facts = {"birth": who.birth.isoformat()}
    return Paper(order.kind, order.seed, sheet.finish(), merged(fields, signed, more), facts)
