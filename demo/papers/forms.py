"""Application forms (đơn đề nghị) with dot leaders and health forms (giấy khám sức khỏe)."""

from dataclasses import replace

from demo.papers.blocks import Fields, beside, head, labelled, merged, sign_block, state_name, title
from demo.papers.certificates import later
from demo.papers.fonts import Face
from demo.papers.model import MM, PEN_BLUE, Paper, Rule, Style
from demo.papers.offices import HOSPITAL
from demo.papers.order import Order
from demo.papers.seals import in_rows
from demo.papers.sheet import Cells, Column, Sheet, set_line, table, tokens
from demo.papers.wording import DEVICES, MAKERS, day, long_day

_ASKED = (
    "Cấp giấy phép tiến hành công việc bức xạ",
    "Gia hạn giấy phép tiến hành công việc bức xạ",
    "Cấp giấy chứng nhận đăng ký hoạt động khoa học và công nghệ",
    "Cấp chứng chỉ nhân viên bức xạ",
)


def tick_box(sheet: Sheet, text: str, style: Style, *, ticked: bool, x: float) -> None:
    """A square, with a cross when ticked, and the text beside it."""
    side = style.size * 0.72
    top, left = sheet.y + style.size * 0.2, x
    corners = ((0, 0, 1, 0), (1, 0, 1, 1), (1, 1, 0, 1), (0, 1, 0, 0))
    strokes = (*corners, *(((0, 0, 1, 1), (0, 1, 1, 0)) if ticked else ()))
    for x0, y0, x1, y1 in strokes:
        sheet.add(Rule(left + x0 * side, top + y0 * side, left + x1 * side, top + y1 * side, 0.7))
    sheet.line([(text, style)], x + side + 6, "left", 1.45)


def _entry_style(order: Order) -> Style:
    """How the applicant's values were typed in: as the form, in italics, in blue or in sans."""
    return order.rng.choice(
        (
            order.body,
            Style(Face.BOLD, order.size),
            Style(Face.ITALIC, order.size),
            Style(Face.ROMAN, order.size, colour=PEN_BLUE),
            Style(Face.SANS, order.size - 1.5),
        )
    )


def make_form(order: Order) -> Paper:
    """An application: leaders filled in, tick boxes, a ruled table, the applicant's signature."""
    rng, who, body = order.rng, order.subject, order.body
    sheet = Sheet(footer=order.wishes.get("footer"))
    sheet.line([("Mẫu số " + f"{rng.randint(1, 12):02d}", order.italic)], sheet.right, "right", 1.4)
    state_name(sheet, sheet.centre, 13)
    sheet.feed(14)
    asked = order.wishes.get("matter") or rng.choice(_ASKED)
    fields = title(sheet, order, "ĐƠN ĐỀ NGHỊ", asked)
    sheet.line([(f"Kính gửi: {order.office.full}", order.bold)], sheet.centre, "centre", 1.8)
    value = _entry_style(order)
    rows = (
        ("1. Tên tổ chức, cá nhân:", who.name),
        ("2. Mã số doanh nghiệp/Số định danh cá nhân:", who.id),
        ("3. Địa chỉ:", who.address),
        ("4. Điện thoại:", who.phone),
        ("5. Người đại diện:", who.representative),
        ("6. Số căn cước:", who.representative_id),
    )
    for label, text in rows:
        labelled(sheet, label, text, body, value_style=value)
    half = sheet.left + sheet.text_width * 0.47
    top = sheet.y
    labelled(sheet, "7. Ngày sinh:", day(who.birth), body, x1=half, value_style=value)
    sheet.y = top
    labelled(sheet, "8. Fax:", "", body, x0=half + 8)
    sheet.paragraph([("9. Hình thức nhận kết quả:", body)], indent=0, after=0)
    picked = rng.randrange(3)
    for number, text in enumerate(("Trực tiếp", "Trực tuyến", "Qua dịch vụ bưu chính công ích")):
        tick_box(sheet, text, body, ticked=number == picked, x=sheet.left + 24)
    sheet.paragraph([("10. Thiết bị, hồ sơ kèm theo:", body)], indent=0)
    _attached(sheet, order)
    promise = (
        "Tôi cam đoan những thông tin trên là đúng sự thật và chịu trách nhiệm trước pháp luật về "
        "tính hợp pháp, chính xác của hồ sơ."
    )
    sheet.paragraph([(promise, body)])
    signed = _applicant(sheet, order)
    more: Fields = {"holder_name": who.name, "holder_id": who.id}
    return Paper(order.kind, order.seed, sheet.finish(), merged(fields, signed, more))


def _attached(sheet: Sheet, order: Order) -> None:
    rng = order.rng
    header = ("TT", "Tên thiết bị/giấy tờ", "Số lượng", "Số hiệu", "Ghi chú")
    rows = [Cells(header, Style(Face.BOLD, 12))]
    for number, name in enumerate(rng.sample(DEVICES, rng.randint(2, 4)), start=1):
        mark = f"{rng.choice(MAKERS)}-{rng.randint(100, 9999)}"
        note = rng.choice(("Bản chính", "Bản sao", ""))
        rows.append(Cells((str(number), name, f"{rng.randint(1, 9):02d}", mark, note),
                          Style(size=12)))  # fmt: skip
    widths = (Column(0.6, "centre"), Column(3.4), Column(1.2, "centre"), Column(1.9, "centre"),
              Column(1.5, "centre"))  # fmt: skip
    table(sheet, widths, rows)


def _applicant(sheet: Sheet, order: Order) -> Fields:
    who = order.subject
    company = who.scheme == "vn:mst"
    sheet.need(150)
    x = sheet.left + sheet.text_width * 0.70
    place = order.office.place
    dated = f"{place}, {long_day(order.issue_date)}"
    sheet.line([(dated, order.italic)], x, "centre", 1.35)
    titles = ("NGƯỜI ĐỨNG ĐẦU TỔ CHỨC",) if company else ("NGƯỜI LÀM ĐƠN",)
    note = "(Ký, ghi rõ họ tên, đóng dấu)" if company else "(Ký, ghi rõ họ tên)"
    rim = f"M.S.D.N: {who.id}"
    signed = sign_block(
        sheet, order, x, titles, who.representative, sealed=company, note=note,
        company=(rim, in_rows(who.name.upper(), 4)),
    )  # fmt: skip
    return merged(signed, {"place": place, "issue_date": order.issue_date.isoformat()})


def make_health_form(order: Order) -> Paper:
    """A health form; it expires 6 months after the day of signing."""
    rng, who, body = order.rng, order.subject, order.body
    office = order.wishes.get("office", HOSPITAL)
    sheet = Sheet(footer=order.wishes.get("footer"))
    at_hospital = replace(order, office=office)
    fields = head(sheet, at_hospital, order.symbol(office.code))
    fields = merged(fields, title(sheet, order, "GIẤY KHÁM SỨC KHỎE", None))
    end = order.wishes.get("expiry_date", later(order.issue_date, months=6))
    _photo(sheet)
    top, left = sheet.y, sheet.left + 33 * MM
    value = _entry_style(order)
    for label, text in (
        ("Họ và tên:", who.representative.upper()),
        ("Giới tính:", who.sex),
        ("Số CCCD/Định danh:", who.representative_id),
        ("Chỗ ở hiện tại:", who.address),
        ("Lý do khám sức khỏe:", rng.choice(("Cấp chứng chỉ nhân viên bức xạ", "Xin việc làm"))),
    ):
        if label == "Giới tính:":
            parts = ((0.0, label, who.sex), (0.42, "Ngày sinh:", day(who.birth)))
            beside(sheet, parts, body, x0=left, value_style=value)
            continue
        labelled(sheet, label, text, body, x0=left, value_style=value)
    sheet.y = max(sheet.y, top + 42 * MM) + 6
    sheet.line([("KẾT QUẢ KHÁM", order.bold)], sheet.centre, "centre", 1.6)
    _examination(sheet, order)
    grade = rng.choice(("I", "II", "III"))
    sheet.paragraph([("Kết luận:", order.bold), ((f"Sức khỏe loại {grade}. Đủ sức khỏe để làm việc "
                     "trong môi trường có bức xạ ion hóa."), body)], indent=0)  # fmt: skip
    term = "Giấy khám sức khỏe có giá trị trong 06 tháng kể từ ngày ký kết luận"
    sheet.paragraph([(f"({term}, đến hết ngày {day(end)}).", order.italic)], indent=0, after=12)
    sheet.need(140)
    signed = sign_block(
        sheet, at_hospital, sheet.left + sheet.text_width * 0.7, ("NGƯỜI KẾT LUẬN",),
        f"BS. {order.signer}",
    )  # fmt: skip
    signed["signer"] = order.signer
    more: Fields = {"expiry_date": end.isoformat(), "holder_name": who.representative.upper(),
                    "holder_id": who.representative_id}  # fmt: skip
    facts = {"birth": who.birth.isoformat(), "grade": grade}
    return Paper(order.kind, order.seed, sheet.finish(), merged(fields, signed, more), facts)


def _photo(sheet: Sheet) -> None:
    """The frame of a 3 x 4 cm photograph that is still to be glued in."""
    x0, y0 = sheet.left, sheet.y + 4
    x1, y1 = x0 + 28 * MM, y0 + 37 * MM
    for line in ((x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)):
        sheet.add(Rule(*line, width=0.8))
    words = tokens([("Ảnh 3 x 4", Style(size=11))])
    sheet.add(set_line(words, x0 + 18, (y0 + y1) / 2))


def _examination(sheet: Sheet, order: Order) -> None:
    rng = order.rng
    rows = [Cells(("Nội dung khám", "Kết quả", "Phân loại", "Bác sĩ"), Style(Face.BOLD, 12))]
    findings = (
        ("Thể lực", (f"Cao {rng.randint(150, 182)} cm; nặng {rng.randint(45, 84)} kg; huyết áp "
         f"{rng.randint(105, 139)}/{rng.randint(65, 89)} mmHg")),
        ("Mắt", f"Không kính: mắt phải {rng.randint(6, 10)}/10, mắt trái {rng.randint(6, 10)}/10"),
        ("Tai mũi họng", "Nghe nói thường 5 m, nói thầm 0,5 m"),
        ("Xét nghiệm máu", f"Bạch cầu {rng.randint(45, 98) / 10:.1f} G/L; hồng cầu "
         f"{rng.randint(40, 55) / 10:.1f} T/L".replace(".", ",")),
        ("X-quang tim phổi", "Hình ảnh tim phổi bình thường"),
    )  # fmt: skip
    for name, finding in findings:
        rows.append(Cells((name, finding, rng.choice(("I", "II")), "Đã ký"), Style(size=12)))
    table(sheet, (Column(1.6), Column(4.0), Column(1.0, "centre"), Column(1.0, "centre")), rows)
