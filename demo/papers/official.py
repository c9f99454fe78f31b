"""Decisions (quyết định) and official letters (công văn)."""

import re
from typing import Final

from demo.papers.blocks import Fields, closing, head, merged, title
from demo.papers.fonts import Face
from demo.papers.model import A4, Paper, Style
from demo.papers.order import Order
from demo.papers.sheet import Cells, Column, Run, Sheet, table
from demo.papers.wording import (
    ACTS,
    ARTICLES,
    CLOSING_ARTICLE,
    FIELDS_OF_WORK,
    LAWS,
    LETTER_MATTERS,
    LETTER_PARAGRAPHS,
    PROCEDURES,
    citation,
    filled,
)

_SYMBOL: Final = re.compile(r"\d+/(?:\d{4}/)?[A-ZĐ][\wĐđ]*-[A-ZĐ]+")


def make_decision(order: Order) -> Paper:
    """A decision of one to three pages: bases in italics, articles, at times an annex table."""
    rng, office = order.rng, order.office
    sheet = Sheet(footer=order.wishes.get("footer"))
    fields = head(sheet, order, order.symbol(f"QĐ-{office.code}"))
    field = rng.choice(FIELDS_OF_WORK)
    matter = order.wishes.get("matter") or filled(
        rng, rng.choice(ACTS), field=field, office=office.full
    )
    prefix = rng.choice(("Về việc ", "V/v ", ""))
    if prefix:
        matter = matter[0].lower() + matter[1:]
    fields = merged(fields, title(sheet, order, "QUYẾT ĐỊNH", matter, prefix))
    sheet.line([(office.head_with_body, order.bold)], sheet.centre, "centre", 1.8)
    cited = _bases(sheet, order, rng.randint(2, 5))
    sheet.feed(4)
    sheet.line([("QUYẾT ĐỊNH:", order.bold)], sheet.centre, "centre", 1.8)
    last, replaced = _articles(sheet, order, field)
    cited = (*cited, *(number for number in replaced if number not in cited))
    signed = closing(sheet, order, _recipients(order, last))
    if rng.random() < 0.45 or len(sheet.pages) + 1 < order.wishes.get("pages", 1):
        _annex(sheet, order, fields, field)
    while len(sheet.pages) + 1 < order.wishes.get("pages", 1):
        _annex(sheet, order, fields, field)
    return _paper(order, sheet, merged(fields, signed, {"citations": cited}))


def _paper(order: Order, sheet: Sheet, fields: Fields, **facts: str) -> Paper:
    return Paper(order.kind, order.seed, sheet.finish(), fields, facts)


def _bases(sheet: Sheet, order: Order, count: int) -> tuple[str, ...]:
    """The legal bases, each a paragraph in italics; gives the numbers they cite."""
    rng = order.rng
    leading = rng.choice((1.2, 1.3, 1.4))
    cited: list[str] = []
    sheet.paragraph([(filled(rng, rng.choice(LAWS)), order.italic)], leading=leading)
    for _ in range(count):
        text, number = citation(rng, order.issue_date)
        if number not in cited:
            sheet.paragraph([(text, order.italic)], leading=leading)
            cited.append(number)
    proposal = f"{rng.randint(2, 300)}/TTr-{order.office.code}"
    text = filled(
        rng, "Theo đề nghị của Chánh Văn phòng tại Tờ trình số {proposal} ngày {short}.",
        proposal=proposal,
    )  # fmt: skip
    sheet.paragraph([(text, order.italic)], leading=leading)
    return (*cited, proposal)


def _articles(sheet: Sheet, order: Order, field: str) -> tuple[int, list[str]]:
    """The articles; gives the number of the last, which names who carries them out.

    And the papers that articles on the first page name, mostly one that is replaced.
    """
    rng = order.rng
    patterns = [ARTICLES[0], *rng.sample(ARTICLES[1:], rng.randint(2, 4))]
    texts = [filled(rng, pattern, field=field) for pattern in patterns] + [CLOSING_ARTICLE]
    leading = rng.choice((1.25, 1.35))
    named: list[str] = []
    for number, text in enumerate(texts, start=1):
        if number == len(texts):
            sheet.need(185)  # a signature never stands alone on a page
        runs: list[Run] = [(f"Điều {number}.", order.bold), (text, order.body)]
        sheet.paragraph(runs, leading=leading, after=5)
        if not sheet.pages:
            named += _SYMBOL.findall(text)
    return len(texts), named


def _recipients(order: Order, article: int) -> list[str]:
    drafter = "".join(word[0] for word in order.signer.split()[-2:]).upper()
    lines = [f"Như Điều {article}", "Văn phòng Chính phủ (Cục KSTTHC)", "Lãnh đạo Sở",
             "Trung tâm Phục vụ hành chính công tỉnh", "Cổng Thông tin điện tử"]  # fmt: skip
    kept = [lines[0], *order.rng.sample(lines[1:], order.rng.randint(1, 4))]
    copies = order.rng.randint(3, 30)
    return [*kept, f"Lưu: VT, {order.office.unit}, {drafter} ({copies:02d} bản)"]


def _annex(sheet: Sheet, order: Order, fields: Fields, field: str) -> None:
    """An annex (Phụ lục): a ruled table of procedures, now and then on a page turned sideways."""
    rng = order.rng
    wide = rng.random() < 0.35
    sheet.turn((A4[1], A4[0]) if wide else A4)
    sheet.line([("PHỤ LỤC", Style(Face.BOLD, 14))], sheet.centre, "centre", 1.3)
    heading = f"DANH MỤC THỦ TỤC HÀNH CHÍNH LĨNH VỰC {field.upper()}"
    sheet.paragraph(
        [(heading, Style(Face.BOLD, 13))], indent=0, align="centre", leading=1.2, after=2
    )
    kept = f"(Kèm theo Quyết định số {fields['number_symbol']} của {order.office.full})"
    sheet.paragraph(
        [(kept, Style(Face.ITALIC, 13))], indent=0, align="centre", leading=1.2, after=8
    )
    rows = [Cells(("STT", "Mã số TTHC", "Tên thủ tục hành chính", "Thời hạn", "Phí, lệ phí (đồng)"),
                  Style(Face.BOLD, 11.5))]  # fmt: skip
    names = rng.sample(PROCEDURES, rng.randint(4, 6))
    for number, name in enumerate(names, start=1):
        code = f"{rng.choice((1, 2))}.{rng.randint(100, 14999):06d}.H31"
        days = f"{rng.randint(3, 25):02d} ngày làm việc"
        fee = rng.choice(("Không", f"{rng.randint(2, 90) * 50:,}.000".replace(",", ".")))
        rows.append(Cells((str(number), code, name, days, fee), Style(size=11.5)))
    widths = (Column(0.7, "centre"), Column(2.1, "centre"), Column(4.6), Column(1.7, "centre"),
              Column(1.8, "centre"))  # fmt: skip
    table(sheet, widths, rows)


def make_letter(order: Order) -> Paper:
    """An official letter: "V/v" under the number, "Kính gửi", numbered paragraphs."""
    rng, office = order.rng, order.office
    sheet = Sheet(footer=order.wishes.get("footer"))
    matter = order.wishes.get("matter") or filled(rng, rng.choice(LETTER_MATTERS))
    fields = head(sheet, order, order.symbol(f"{office.code}-{office.unit}"), f"V/v {matter}")
    sheet.feed(6)
    to = ["Văn phòng Ủy ban nhân dân tỉnh", "Các phòng, đơn vị thuộc Sở",
          "Ủy ban nhân dân các xã, phường", "Trung tâm Phục vụ hành chính công tỉnh"]  # fmt: skip
    chosen = rng.sample(to, rng.randint(1, 3))
    if len(chosen) == 1:
        sheet.line([(f"Kính gửi: {chosen[0]}.", order.body)], sheet.centre, "centre", 1.6)
    else:
        sheet.line([("Kính gửi:", order.body)], sheet.left + 90, "left", 1.35)
        for number, name in enumerate(chosen, start=1):
            end = "." if number == len(chosen) else ";"
            sheet.line([(f"- {name}{end}", order.body)], sheet.left + 150, "left", 1.35)
    sheet.feed(8)
    leading = rng.choice((1.25, 1.35, 1.45))
    cited: list[str] = []
    for pattern in LETTER_PARAGRAPHS:
        old = f"{rng.randint(20, 3100)}/UBND-PVHCC&KSTT"
        text = filled(rng, pattern, office=office.full, old=old)
        if old in text:
            cited.append(old)
        sheet.paragraph([(text, order.body)], leading=leading, after=5)
    lines = ["Như trên", "Giám đốc Sở (để báo cáo)", f"Lưu: VT, {office.unit}"]
    signed = closing(sheet, order, lines)
    doc_type: Fields = {"doc_type": "Công văn", "citations": tuple(cited)}
    return _paper(order, sheet, merged(fields, doc_type, signed))
