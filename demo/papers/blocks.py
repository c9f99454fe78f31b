"""The blocks that Decree 30/2020 puts on every paper: head, title, closing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from demo.papers.fonts import Face
from demo.papers.model import MM, PEN_BLUE, SEAL_RED, Rule, Style
from demo.papers.offices import Office
from demo.papers.order import Order
from demo.papers.seals import boxed_stamp, seal, signature
from demo.papers.sheet import Run, Sheet, natural_width, set_line, tokens
from demo.papers.wording import long_day

STATE_NAME = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"

Fields = dict[str, str | tuple[str, ...]]


def _stack(sheet: Sheet, x: float, lines: Sequence[tuple[str, Style]], leading: float) -> None:
    for text, style in lines:
        sheet.line([(text, style)], x, "centre", leading)


def state_name(sheet: Sheet, centre: float, size: float) -> None:
    """Quốc hiệu and Tiêu ngữ with the rule below (box 1)."""
    bold = Style(Face.BOLD, size)
    sheet.line([(STATE_NAME, bold)], centre, "centre", 1.22)
    motto = replace(bold, size=size + 0.7)
    line = sheet.line([(MOTTO, motto)], centre, "centre", 1.22)
    sheet.underline(line.words[0].box.x0, line.words[-1].box.x1)


def _office_name(sheet: Sheet, centre: float, office: Office, size: float) -> None:
    """The superior body and the issuer with a rule of a third to a half of its length (box 2)."""
    for text in office.parent:
        sheet.line([(text, Style(size=size))], centre, "centre", 1.22)
    for text in office.name:
        line = sheet.line([(text, Style(Face.BOLD, size))], centre, "centre", 1.22)
    width = line.words[-1].box.x1 - line.words[0].box.x0
    sheet.underline(centre - width * 0.22, centre + width * 0.22)


def _number_runs(order: Order, symbol: str, style: Style) -> list[Run]:
    """The number "Số: 15/QĐ-SKHCN"; a late number is typed into the gap in another face."""
    number, _, ending = symbol.partition("/")
    if not number:
        return [("Số:", style), (f"/{ending}", style)]
    if not order.late_number:
        return [(f"Số: {symbol}", style)]
    late = order.rng.choice(
        (
            Style(Face.SANS, style.size * 0.98),
            Style(Face.ROMAN, style.size * 1.06, colour=PEN_BLUE),
            Style(Face.BOLD, style.size),
        )
    )
    return [("Số:", style), (number, late), (f"/{ending}", style)]


def head(sheet: Sheet, order: Order, symbol: str | None, below_number: str | None = None) -> Fields:
    """The two-column head (boxes 1 to 4, and 5b of a letter); gives the fields on it."""
    rng = order.rng
    size = rng.choice((12.0, 12.5, 13.0))
    left, right = sheet.left - 12, sheet.right + 4
    split = left + (right - left) * 0.405
    first, second = (left + split) / 2, (split + right) / 2
    top = sheet.y
    state_name(sheet, second, min(size, 12.8))
    lower = sheet.y
    sheet.y = top
    _office_name(sheet, first, order.office, min(size, 12.5))
    sheet.y = max(sheet.y, lower) + rng.uniform(4, 9)
    fields: Fields = {
        "issuer": " ".join(order.office.name),
        "place": order.office.place,
        "issue_date": order.issue_date.isoformat(),
    }
    if order.office.parent:
        fields["issuer_parent"] = " ".join(order.office.parent)
    row = sheet.y
    if symbol:
        sheet.line(_number_runs(order, symbol, Style(size=13)), first, "centre", 1.25)
        fields["number_symbol"] = symbol
        if below_number:
            style = Style(size=12)
            sheet.paragraph(
                [(below_number, style)], x0=left, x1=split - 4, indent=0, align="centre",
                leading=1.2, breaks=False,
            )  # fmt: skip
            fields["subject"] = below_number
    bottom = sheet.y
    sheet.y = row
    dated = f"{order.office.place}, {long_day(order.issue_date)}"
    sheet.line([(dated, Style(Face.ITALIC, 13))], second, "centre", 1.25)
    sheet.y = max(bottom, sheet.y)
    fields.update(urgency_and_secrecy(sheet, order, first))
    sheet.feed(rng.uniform(10, 18))
    return fields


def urgency_and_secrecy(sheet: Sheet, order: Order, centre: float) -> Fields:
    """Boxes 10a and 10b: stamped in a frame under the number."""
    fields: Fields = {}
    for name, text in (
        ("secrecy", order.wishes.get("secrecy")),
        ("urgency", order.wishes.get("urgency")),
    ):
        if not text:
            continue
        sheet.feed(13)
        style = Style(Face.BOLD, 14, colour=SEAL_RED)
        words = tokens([(text, style)])
        x, baseline = centre - natural_width(words) / 2, sheet.y + 13
        sheet.add(*boxed_stamp(x, baseline, text, 14), set_line(words, x, baseline))
        sheet.feed(24)
        fields[name] = text
    return fields


def title(sheet: Sheet, order: Order, name: str, matter: str | None, prefix: str = "") -> Fields:
    """Tên loại and trích yếu, centred, with the rule below (box 5a)."""
    style = Style(Face.BOLD, 14, tracking=3.2 if order.spaced_title else 0.0)
    sheet.line([(name, style)], sheet.centre, "centre", 1.35)
    fields: Fields = {"doc_type": name[0] + name[1:].lower()}
    if matter:
        subject = f"{prefix}{matter}"
        sheet.paragraph(
            [(subject, Style(Face.BOLD, min(order.size, 13.5)))],
            x0=sheet.left + 22, x1=sheet.right - 22, indent=0, align="centre", leading=1.2, after=3,
        )  # fmt: skip
        fields["subject"] = subject
    third = sheet.text_width / 7
    sheet.underline(sheet.centre - third, sheet.centre + third)
    sheet.feed(order.rng.uniform(10, 16))
    return fields


def _recipients(sheet: Sheet, lines: Sequence[str], x1: float) -> None:
    sheet.line([("Nơi nhận:", Style(Face.BOLD_ITALIC, 12))], sheet.left, "left", 1.2)
    for number, text in enumerate(lines):
        end = "." if number == len(lines) - 1 else ";"
        sheet.paragraph(
            [(f"- {text}{end}", Style(size=11))], x1=x1, indent=0, align="left", leading=1.15,
            after=0, breaks=False,
        )  # fmt: skip


def closing(
    sheet: Sheet, order: Order, recipients: Sequence[str], *, sealed: bool = True
) -> Fields:
    """Recipients on the left, title, signature, seal and name on the right (boxes 7 to 9)."""
    signed_height = 13.5 * 1.2 * (len(order.titles) + 1) + 78
    sheet.need(max(signed_height, 14 + 13 * len(recipients)) + 4)
    top = sheet.y
    middle = sheet.left + sheet.text_width * 0.72
    if recipients:
        _recipients(sheet, recipients, sheet.left + sheet.text_width * 0.46)
    bottom = sheet.y
    sheet.y = top
    fields = sign_block(sheet, order, middle, order.titles, order.signer, sealed=sealed)
    sheet.y = max(bottom, sheet.y)
    return fields


def sign_block(
    sheet: Sheet,
    order: Order,
    x: float,
    titles: Sequence[str],
    signer: str,
    *,
    sealed: bool = True,
    note: str | None = None,
    company: tuple[str, str] | None = None,
) -> Fields:
    """Title lines, a signature with the seal over its left third, and the name below.

    ``company``: rim text and middle text of a company's seal instead of the office's.
    """
    rng = order.rng
    _stack(sheet, x, [(text, Style(Face.BOLD, 13.5)) for text in titles], 1.2)
    if note:
        sheet.line([(note, Style(Face.ITALIC, 11.5))], x, "centre", 1.2)
    gap = rng.uniform(70, 84)
    y = sheet.y + gap * rng.uniform(0.45, 0.6)
    sheet.add(*signature(x + rng.uniform(-4, 14), y, rng.uniform(86, 122), rng))
    if sealed:
        rim, foot, middle = _seal_words(order.office, company)
        sheet.add(
            *seal(
                x - rng.uniform(40, 56), y + rng.uniform(-8, 8), rim, foot, rng,
                radius=rng.uniform(48, 52), middle=middle,
            )
        )  # fmt: skip
    sheet.feed(gap)
    sheet.line([(signer, Style(Face.BOLD, 13.5))], x, "centre", 1.3)
    return {"signer": signer, "title": " / ".join(titles)}


def _seal_words(office: Office, company: tuple[str, str] | None) -> tuple[str, str, str]:
    if company:
        return company[0], "* HƯNG YÊN *", company[1]
    return " ".join(office.name), f"* {' '.join(office.parent) or 'VIỆT NAM'} *", ""


def labelled(
    sheet: Sheet,
    label: str,
    value: str,
    style: Style,
    *,
    x0: float | None = None,
    x1: float | None = None,
    value_style: Style | None = None,
    dots: bool = True,
    leading: float = 1.45,
) -> None:
    """A line "label: value" with a dot leader from the value to the right end."""
    left = sheet.left if x0 is None else x0
    right = sheet.right if x1 is None else x1
    sheet.need(style.size * leading)
    words = [*tokens([(label, style)]), *tokens([(value, value_style or style)])]
    if natural_width(words) > right - left:
        sheet.paragraph(words, x0=left, x1=right, indent=0, align="left", leading=1.3, after=2)
        return
    line = sheet.line(words, left, "left", leading)
    last = line.words[-1]
    if dots:
        sheet.leader(last.box.x1 + 3, right, last.baseline, style)


def beside(
    sheet: Sheet,
    parts: Sequence[tuple[float, str, str]],
    style: Style,
    *,
    x0: float | None = None,
    value_style: Style | None = None,
) -> None:
    """Several "label: value" on one line; each part begins at its share of the width."""
    left = sheet.left if x0 is None else x0
    top = sheet.y
    for share, label, value in parts:
        sheet.y = top
        start = left + share * (sheet.right - left)
        sheet.line([(label, style), (value, value_style or style)], start, "left", 1.45)


def frame(sheet: Sheet, gap: float = 11 * MM) -> None:
    """The double border that certificates have."""
    for inset, width in ((gap, 2.2), (gap + 4, 0.7)):
        x0, y0, x1, y1 = inset, inset, sheet.width - inset, sheet.height - inset
        for line in ((x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)):
            sheet.add(Rule(*line, width=width, colour=(0.55, 0.12, 0.10)))


def merged(*parts: Mapping[str, str | tuple[str, ...]]) -> Fields:
    """Fields of several blocks in one mapping."""
    fields: Fields = {}
    for part in parts:
        fields.update(part)
    return fields
