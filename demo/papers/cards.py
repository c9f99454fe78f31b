"""A sheet with the copies of an identity card's two sides, with a real QR code.

The card's proportions and wording follow the citizen's identity card; it is
plainly marked as a sample and its portrait is a drawn outline. The QR content
is what readers find on real cards: number, old number, name, birth, sex,
address and date of issue, separated by "|".
"""

from collections.abc import Sequence

from demo.papers.blocks import Fields
from demo.papers.certificates import later
from demo.papers.fonts import Face
from demo.papers.model import GREY, MM, SEAL_RED, Colour, Move, Paper, Rule, Shape, Style
from demo.papers.order import Order
from demo.papers.seals import circle, qr_code, star
from demo.papers.sheet import Run, Sheet, natural_width, set_line, tokens
from demo.papers.wording import day
from vocabulary.papers import Box
from vocabulary.text import unmark

WIDTH, HEIGHT = 85.6 * MM, 53.98 * MM
"""ISO/IEC 7810 ID-1, the size of every identity card."""

_TINT: Colour = (0.86, 0.94, 0.93)


def card_qr(order: Order) -> str:
    """The content of the card's QR code."""
    who = order.subject
    issued = order.issue_date
    old = f"{145000000 + order.seed % 900000:09d}" if order.seed % 3 == 0 else ""
    parts = (who.representative_id, old, who.representative, f"{who.birth:%d%m%Y}", who.sex,
             who.address, f"{issued:%d%m%Y}")  # fmt: skip
    return "|".join(parts)


def make_identity_card(order: Order) -> Paper:
    """Front and back of a card copied onto one A4 sheet, at their size or enlarged."""
    rng = order.rng
    scale = rng.choice((1.0, 1.25, 1.5))
    sheet = Sheet(footer=order.wishes.get("footer"))
    x = (sheet.width - WIDTH * scale) / 2 + rng.uniform(-25, 25)
    end = order.wishes.get("expiry_date", later(order.subject.birth, years=60))
    if end <= order.issue_date:
        end = later(order.issue_date, years=10)
    front = Box(x, 30 * MM, x + WIDTH * scale, 30 * MM + HEIGHT * scale)
    gap = rng.uniform(8, 20) * MM
    back = Box(x, front.y1 + gap, front.x1, front.y1 + gap + HEIGHT * scale)
    _front(sheet, order, front, scale, day(end))
    _back(sheet, order, back, scale)
    fields: Fields = {
        "doc_type": "Căn cước công dân",
        "holder_name": order.subject.representative.upper(),
        "holder_id": order.subject.representative_id,
        "issue_date": order.issue_date.isoformat(),
        "expiry_date": end.isoformat(),
    }
    who = order.subject
    facts = {"qr": card_qr(order), "birth": who.birth.isoformat(), "sex": who.sex,
             "address": who.address}  # fmt: skip
    return Paper(order.kind, order.seed, sheet.finish(), fields, facts)


def _outline(sheet: Sheet, card: Box) -> None:
    area: tuple[Move, ...] = (
        ("m", (card.x0, card.y0)),
        ("l", (card.x1, card.y0)),
        ("l", (card.x1, card.y1)),
        ("l", (card.x0, card.y1)),
        ("h", ()),
    )
    sheet.add(Shape(area, _TINT), Shape(area, GREY, stroke=0.8))


def _put(sheet: Sheet, runs: Sequence[Run], x: float, y: float, *, centred: bool = False) -> None:
    words = tokens(runs)
    sheet.add(set_line(words, x - natural_width(words) / 2 if centred else x, y))


def _front(sheet: Sheet, order: Order, card: Box, scale: float, expiry: str) -> None:
    who = order.subject
    _outline(sheet, card)

    def at(u: float, v: float) -> tuple[float, float]:
        return card.x0 + u * MM * scale, card.y0 + v * MM * scale

    def style(face: Face, size: float, colour: Colour = (0.1, 0.1, 0.12)) -> Style:
        return Style(face, size * scale, colour=colour)

    label, value = style(Face.SANS, 5.2), style(Face.SANS_BOLD, 7.0)
    middle = at(43, 0)[0]
    for v, text, face, size in (
        (6.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Face.SANS_BOLD, 6.0),
        (9.2, "Độc lập - Tự do - Hạnh phúc", Face.SANS_BOLD, 6.0),
        (16.4, "CĂN CƯỚC CÔNG DÂN", Face.SANS_BOLD, 10.0),
        (19.4, "Citizen Identity Card - BẢN MẪU", Face.SANS, 5.4),
    ):
        red = SEAL_RED if size == 10.0 else (0.1, 0.1, 0.12)
        _put(sheet, [(text, style(face, size, red))], middle, at(0, v)[1], centred=True)
    _emblem(sheet, *at(9.5, 9.0), 5.2 * MM * scale)
    _portrait(sheet, Box(*at(3.5, 19), *at(21.5, 43)))
    _put(sheet, [("Có giá trị đến:", label)], *at(3.5, 46.4))
    _put(sheet, [(expiry, style(Face.SANS, 5.8))], *at(3.5, 49.2))
    number = style(Face.SANS_BOLD, 9.6)
    _put(sheet, [("Số / No.:", label), (who.representative_id, number)], *at(25, 24.6))
    lines: tuple[tuple[float, list[Run]], ...] = (
        (28.4, [("Họ và tên / Full name:", label)]),
        (31.6, [(who.representative.upper(), value)]),
        (35.2, [("Ngày sinh / Date of birth:", label), (day(who.birth), value)]),
        (38.8, [("Giới tính / Sex:", label), (who.sex, value),
                ("Quốc tịch / Nationality:", label), ("Việt Nam", value)]),
        (42.4, [("Quê quán / Place of origin:", label), ("Hưng Yên", value)]),
        (45.6, [("Nơi thường trú / Place of residence:", label)]),
    )  # fmt: skip
    for v, runs in lines:
        _put(sheet, runs, *at(25, v))
    small = style(Face.SANS, 5.6)
    _put(sheet, [(who.address, small)], *at(25, 49.2))
    side = 14.5 * MM * scale
    qx, qy = at(69.0, 1.8)
    picture, code = qr_code(card_qr(order), Box(qx, qy, qx + side, qy + side))
    sheet.add(picture)
    sheet.codes.append(code)


def _emblem(sheet: Sheet, x: float, y: float, radius: float) -> None:
    sheet.add(
        Shape(circle(x, y, radius), SEAL_RED, stroke=1.6), Shape(star(x, y, radius * 0.8), SEAL_RED)
    )


def _portrait(sheet: Sheet, box: Box) -> None:
    """Head and shoulders as plain outlines."""
    x, width, height = (box.x0 + box.x1) / 2, box.x1 - box.x0, box.y1 - box.y0
    shoulders: tuple[Move, ...] = (
        ("m", (box.x0, box.y1)),
        ("c", (box.x0, box.y1 - height * 0.35, box.x1, box.y1 - height * 0.35, box.x1, box.y1)),
        ("h", ()),
    )
    sheet.add(Shape(shoulders, (0.45, 0.50, 0.58)))
    sheet.add(Shape(circle(x, box.y0 + height * 0.42, width * 0.26), (0.62, 0.55, 0.50)))
    for line in (
        (box.x0, box.y0, box.x1, box.y0),
        (box.x1, box.y0, box.x1, box.y1),
        (box.x1, box.y1, box.x0, box.y1),
        (box.x0, box.y1, box.x0, box.y0),
    ):
        sheet.add(Rule(*line, width=0.5, colour=GREY))


def _back(sheet: Sheet, order: Order, card: Box, scale: float) -> None:
    _outline(sheet, card)
    who = order.subject

    def put(u: float, v: float, text: str, face: Face, size: float) -> None:
        style = Style(face, size * scale, colour=(0.1, 0.1, 0.12))
        _put(sheet, [(text, style)], card.x0 + u * MM * scale, card.y0 + v * MM * scale)

    put(4, 6.5, "Đặc điểm nhận dạng / Personal identification:", Face.SANS, 5.2)
    place = order.rng.choice(("trên đuôi mày trái", "dưới mắt phải", "cánh mũi trái"))
    put(4, 10.0, f"Nốt ruồi cách 1,5 cm {place}", Face.SANS_BOLD, 6.2)
    put(4, 15.0, "Ngày, tháng, năm / Date, month, year:", Face.SANS, 5.2)
    put(46, 15.0, day(order.issue_date), Face.SANS_BOLD, 6.6)
    put(4, 19.5, "CỤC TRƯỞNG CỤC CẢNH SÁT (BẢN MẪU)", Face.SANS_BOLD, 6.0)
    birth, code = who.birth, who.representative_id
    name = " ".join(who.representative.split())
    rows = (f"IDVNM{code[3:]}0{code}<<0", f"{birth:%y%m%d}0M0101015VNM<<<<<<<<<<<0",
            _machine_name(name))  # fmt: skip
    for number, text in enumerate(rows):
        put(5, 39.5 + number * 4.6, text, Face.MONO, 8.0)


def _machine_name(name: str) -> str:
    surname, *rest = unmark(name).upper().split()
    return f"{surname}<<{'<'.join(rest)}".ljust(30, "<")[:30]
