"""Licences (giấy phép) and enterprise registration certificates (giấy chứng nhận ĐKDN)."""

from datetime import date, timedelta
from typing import Final

from demo.papers.blocks import (
    STATE_NAME,
    Fields,
    beside,
    closing,
    frame,
    head,
    labelled,
    merged,
    sign_block,
    title,
)
from demo.papers.fonts import Face
from demo.papers.model import Paper, Style
from demo.papers.offices import BUSINESS_REGISTRY
from demo.papers.order import Order
from demo.papers.sheet import Cells, Column, Sheet, table
from demo.papers.wording import DEVICES, MAKERS, citation, day, long_day

_WORK: Final = (
    "Tiến hành công việc bức xạ (Sử dụng thiết bị X-quang chẩn đoán trong y tế)",
    "Tiến hành công việc bức xạ (Sử dụng nguồn phóng xạ kín)",
    "Vận chuyển hàng hóa nguy hiểm",
)


def later(moment: date, years: int = 0, months: int = 0) -> date:
    """The same day some years and months later; the month's last day where there is none.

    >>> later(date(2024, 8, 31), months=6)
    datetime.date(2025, 2, 28)
    """
    total = moment.year * 12 + moment.month - 1 + years * 12 + months
    year, month = divmod(total, 12)
    for last in (moment.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def make_licence(order: Order) -> Paper:
    """A licence with holder, devices and term (three years: Decree 142/2020)."""
    rng, office, holder = order.rng, order.office, order.subject
    sheet = Sheet(footer=order.wishes.get("footer"))
    fields = head(sheet, order, order.symbol(f"GP-{office.code}"))
    work = order.wishes.get("matter") or rng.choice(_WORK)
    fields = merged(fields, title(sheet, order, "GIẤY PHÉP", work))
    sheet.line([(office.head_with_body, order.bold)], sheet.centre, "centre", 1.7)
    cited: list[str] = []
    for _ in range(rng.randint(2, 3)):
        text, number = citation(rng, order.issue_date)
        if number not in cited:
            sheet.paragraph([(text, order.italic)], leading=1.25)
            cited.append(number)
    sheet.line([("CẤP PHÉP:", order.bold)], sheet.centre, "centre", 1.8)
    begin = order.issue_date
    end = order.wishes.get("expiry_date", later(begin, years=3) - timedelta(days=1))
    body, bold = order.body, order.bold
    labelled(sheet, "1. Tên tổ chức:", holder.name, body, value_style=bold, dots=False)
    labelled(sheet, "Mã số doanh nghiệp:", holder.id, body, dots=False)
    labelled(sheet, "Địa chỉ trụ sở:", holder.address, body, dots=False)
    who = f"{holder.representative}. Điện thoại: {holder.phone}"
    labelled(sheet, "Người đứng đầu tổ chức:", who, body, dots=False)
    sheet.paragraph([("2. Được phép sử dụng các thiết bị sau đây:", body)], indent=0)
    _devices(sheet, order)
    term = f"Giấy phép này có giá trị từ {long_day(begin)} đến hết {long_day(end)}."
    sheet.paragraph([("3. Thời hạn:", body), (term, body)], indent=0)
    duty = (
        "4. Tổ chức được cấp phép có trách nhiệm thực hiện đầy đủ các quy định của pháp luật về "
        "năng lượng nguyên tử và các điều kiện ghi trong Giấy phép này./."
    )
    sheet.paragraph([(duty, body)], indent=0, after=10)
    recipients = ["Tổ chức được cấp phép", "Cục An toàn bức xạ và hạt nhân", "Lưu: VT, QLCN"]
    signed = closing(sheet, order, recipients)
    more: Fields = {
        "expiry_date": end.isoformat(),
        "holder_name": holder.name,
        "holder_id": holder.id,
        "citations": tuple(cited),
    }
    return Paper(order.kind, order.seed, sheet.finish(), merged(fields, signed, more))


def _devices(sheet: Sheet, order: Order) -> None:
    rng = order.rng
    rows = [Cells(("TT", "Tên thiết bị", "Ký hiệu/Hãng", "Số sê-ri", "Nơi đặt"),
                  Style(Face.BOLD, 11.5))]  # fmt: skip
    for number, name in enumerate(rng.sample(DEVICES, rng.randint(1, 3)), start=1):
        mark = f"{rng.choice(MAKERS)} {rng.choice('RXDM')}{rng.randint(10, 990)}"
        serial = f"{rng.choice('ABCXQ')}{rng.randint(10**5, 10**7 - 1)}"
        room = f"Phòng {rng.randint(101, 412)}"
        rows.append(Cells((str(number), name, mark, serial, room), Style(size=11.5)))
    widths = (Column(0.6, "centre"), Column(3.2), Column(2.0, "centre"), Column(1.8, "centre"),
              Column(1.5, "centre"))  # fmt: skip
    table(sheet, widths, rows)


def make_certificate(order: Order) -> Paper:
    """An enterprise registration certificate; its number is the enterprise code."""
    rng, holder, office = order.rng, order.subject, order.wishes.get("office", BUSINESS_REGISTRY)
    sheet = Sheet(footer=order.wishes.get("footer"))
    frame(sheet)
    sheet.feed(2)
    fields = _certificate_head(sheet, office.parent, office.name)
    sheet.line([("GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", Style(Face.BOLD, 15))], sheet.centre,
               "centre", 1.35)  # fmt: skip
    form = "CÔNG TY CỔ PHẦN" if "Cổ phần" in holder.name else "CÔNG TY TRÁCH NHIỆM HỮU HẠN"
    sheet.line([(form, Style(Face.BOLD, 14))], sheet.centre, "centre", 1.5)
    code = Style(Face.BOLD, 14, tracking=1.5 if order.spaced_title else 0.0)
    sheet.line([("Mã số doanh nghiệp:", order.bold), (holder.id, code)], sheet.centre, "centre",
               1.4)  # fmt: skip
    first = f"Đăng ký lần đầu, {long_day(order.issue_date)}"
    sheet.line([(first, order.italic)], sheet.centre, "centre", 1.9)
    _certificate_body(sheet, order)
    sheet.feed(14)
    middle = sheet.left + sheet.text_width * 0.70
    rim = " ".join((*office.name, *office.parent[:1]))
    signed = sign_block(
        sheet, order, middle, (office.head,), order.signer, company=(rim, "ĐKKD"),
    )  # fmt: skip
    more: Fields = {
        "doc_type": "Giấy chứng nhận đăng ký doanh nghiệp",
        "issue_date": order.issue_date.isoformat(),
        "holder_name": holder.name.upper(),
        "holder_id": holder.id,
    }
    facts = {"capital": f"{rng.randint(1, 60)}"}
    return Paper(order.kind, order.seed, sheet.finish(), merged(fields, more, signed), facts)


def _certificate_head(sheet: Sheet, parent: tuple[str, ...], name: tuple[str, ...]) -> Fields:
    """Head without number and date: those stand in the body."""
    first = sheet.left + sheet.text_width * 0.19
    second = sheet.left + sheet.text_width * 0.70
    top = sheet.y
    sheet.line([(STATE_NAME, Style(Face.BOLD, 12))], second, "centre", 1.25)
    line = sheet.line([("Độc lập - Tự do - Hạnh phúc", Style(Face.BOLD, 13))], second, "centre")
    sheet.underline(line.words[0].box.x0, line.words[-1].box.x1)
    sheet.y = top
    for text in parent:
        sheet.line([(text, Style(size=12))], first, "centre")
    for text in name:
        wide = [(word, Style(Face.BOLD, 12)) for word in (text[:13].strip(), text[13:].strip())]
        for run in wide:
            line = sheet.line([run], first, "centre")
    sheet.underline(line.words[0].box.x0 + 8, line.words[-1].box.x1 - 8)
    sheet.feed(30)
    return {"issuer": " ".join(name), "issuer_parent": " ".join(parent)}


def _certificate_body(sheet: Sheet, order: Order) -> None:
    rng, holder, body = order.rng, order.subject, order.body
    bold = order.bold
    short = "".join(word[0] for word in holder.name.split()[-3:]).upper()
    capital = rng.randint(1, 60) * 500_000_000
    rows = (
        ("1. Tên công ty", ""),
        ("Tên công ty viết bằng tiếng Việt:", holder.name.upper()),
        ("Tên công ty viết tắt:", f"{short}., JSC"),
        ("2. Địa chỉ trụ sở chính", ""),
        ("", f"{holder.address}, Việt Nam"),
        ("Điện thoại:", holder.phone),
        ("3. Vốn điều lệ:", f"{capital:,} đồng".replace(",", ".")),
        ("4. Người đại diện theo pháp luật của công ty", ""),
        ("* Họ và tên:", holder.representative.upper()),
        ("Chức danh:", "Giám đốc"),
        ("Sinh ngày:", day(holder.birth)),
        ("Số giấy tờ pháp lý của cá nhân:", holder.representative_id),
        ("Địa chỉ thường trú:", f"{holder.address}, Việt Nam"),
    )
    for label, value in rows:
        if label == "* Họ và tên:":
            parts = ((0.0, label, value), (0.6, "Giới tính:", holder.sex))
            beside(sheet, parts, body)
            continue
        if label == "Sinh ngày:":
            born = ((0.0, label, value), (0.36, "Dân tộc:", "Kinh"),
                    (0.6, "Quốc tịch:", "Việt Nam"))  # fmt: skip
            beside(sheet, born, body)
            continue
        heading = label[:1].isdigit()
        labelled(sheet, label, value, bold if heading else body, value_style=body, dots=False)
