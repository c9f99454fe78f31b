"""Heads: two columns of differing widths, numbers and days typed, stamped or left blank."""

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from demo.layouts.bodies import Body
from demo.papers.blocks import MOTTO, STATE_NAME, Fields
from demo.papers.fonts import Face
from demo.papers.model import PEN_BLUE, SEAL_RED, SetLine, Style
from demo.papers.sheet import Sheet, natural_width, set_line, tokens
from demo.papers.wording import long_day

NumberWay = Literal["typed", "glued", "spaced", "no_colon", "stamped", "digits", "blank"]
DayWay = Literal["long", "short", "slashed", "stamped_day", "stamped_all", "blank"]


@dataclass
class Draft:
    """A paper in the making: its sheet, what was stamped on it, the truth so far."""

    rng: random.Random
    body: Body
    sheet: Sheet
    stamps: list[SetLine] = field(default_factory=list)
    fields: Fields = field(default_factory=dict)
    cited: list[str] = field(default_factory=list)

    def stamp(self, text: str, x: float, baseline: float, style: Style) -> None:
        """Text that lies over the page as an annotation (a stamp, a signature's appearance)."""
        line = set_line(tokens([(text, style)]), x, baseline)
        self.stamps.append(line)
        self.sheet.add(line)


def width_of(text: str, style: Style) -> float:
    """Width in points of a text set in a style."""
    return natural_width(tokens([(text, style)]))


def set_head(draft: Draft, symbol: str, issued: date, about: str | None = None) -> None:
    """The head with number and date; ``about``: the "V/v ..." of a letter under the number."""
    rng, sheet = draft.rng, draft.sheet
    share = rng.uniform(0.37, 0.45)
    left, right = sheet.left - rng.uniform(4, 22), sheet.right + rng.uniform(0, 14)
    split = left + (right - left) * share
    first, second = (left + split) / 2, (split + right) / 2
    size = rng.choice((12.0, 12.5, 13.0))
    top = sheet.y
    _nation(draft, second, min(size, (right - split) / 22.5))
    lower = sheet.y
    sheet.y = top
    _bodies(draft, first, size, split - left)
    sheet.y = max(sheet.y, lower) + rng.uniform(4, 12)
    row = sheet.y
    _number(draft, symbol, first)
    bottom = sheet.y
    if about:
        bottom = _about(draft, about, left, split)
    sheet.y = row + rng.choice((0.0, 0.0, 1.0, -12.0 if lower < row - 18 else 0.0))
    _dateline(draft, issued, second)
    sheet.y = max(bottom, sheet.y) + rng.uniform(12, 26)


def _nation(draft: Draft, centre: float, size: float) -> None:
    sheet, rng = draft.sheet, draft.rng
    name = rng.choice((STATE_NAME, STATE_NAME, STATE_NAME.replace("HÒA", "HOÀ")))
    motto = rng.choice((MOTTO, MOTTO, MOTTO.replace(" - ", " – "), "Độc lập - Tự do – Hạnh phúc"))
    sheet.line([(name, Style(Face.BOLD, size))], centre, "centre", 1.22)
    line = sheet.line([(motto, Style(Face.BOLD, size + 0.8))], centre, "centre", 1.22)
    sheet.underline(line.words[0].box.x0, line.words[-1].box.x1)


def _bodies(draft: Draft, centre: float, size: float, room: float) -> None:
    sheet, body = draft.sheet, draft.body
    faces = [(line, Face.ROMAN) for line in body.parent]
    faces += [(line, Face.BOLD) for line in body.name]
    size = min([size, *(size * room / width_of(line, Style(face, size)) for line, face in faces)])
    last = None
    for line, face in faces:
        last = sheet.line([(line, Style(face, size))], centre, "centre", 1.2)
    if last:
        width = last.words[-1].box.x1 - last.words[0].box.x0
        sheet.underline(centre - width * 0.2, centre + width * 0.2)
    draft.fields["issuer"] = " ".join(body.name)
    if body.parent:
        draft.fields["issuer_parent"] = " ".join(body.parent)


def number_way(rng: random.Random) -> NumberWay:
    """How the number came onto the paper."""
    ways: tuple[NumberWay, ...] = (
        "typed", "typed", "glued", "spaced", "no_colon", "stamped", "stamped", "digits", "blank",
    )  # fmt: skip
    return rng.choice(ways)


def _number(draft: Draft, symbol: str, centre: float) -> None:
    rng, sheet = draft.rng, draft.sheet
    style = Style(size=rng.choice((12.0, 13.0, 13.5)))
    number, _, ending = symbol.partition("/")
    way = number_way(rng)
    draft.fields["number_symbol"] = symbol
    written = {
        "typed": f"Số: {symbol}", "glued": f"Số:{symbol}", "spaced": f"Số: {number} /{ending}",
        "no_colon": f"Số {symbol}",
    }.get(way)  # fmt: skip
    if written:
        sheet.line([(written, style)], centre, "centre", 1.25)
        return
    gap = rng.uniform(8, 18) + width_of(number, Style(size=15)) + len(number)
    whole = width_of("Số:", style) + gap + width_of(f"/{ending}", style)
    x = centre - whole / 2
    line = sheet.line([("Số:", style)], x, "left", 0.0)
    baseline = line.words[0].baseline
    sheet.line([(f"/{ending}", style)], x + whole - width_of(f"/{ending}", style), "left", 1.25)
    if way == "blank":
        draft.fields["number_symbol"] = f"/{ending}"
        return
    _stamped(draft, number, x + width_of("Số:", style) + 5, baseline + rng.uniform(-2, 2), way)


def _stamped(draft: Draft, text: str, x: float, baseline: float, way: str) -> None:
    rng = draft.rng
    style = rng.choice(
        (Style(Face.SANS, 12.0), Style(Face.ROMAN, 14.0, colour=PEN_BLUE),
         Style(Face.BOLD, 13.0, colour=SEAL_RED), Style(Face.ROMAN, 13.0))
    )  # fmt: skip
    if way == "stamped":
        draft.stamp(text, x, baseline, style)
        return
    for digit in text:  # letter by letter, as some signing programs set them
        draft.stamp(digit, x, baseline, style)
        x += width_of(digit, style) + 0.8


def _about(draft: Draft, about: str, left: float, split: float) -> float:
    sheet = draft.sheet
    draft.fields["subject"] = about
    sheet.feed(2)
    sheet.paragraph(
        [(about, Style(size=12))], x0=left + 4, x1=split - 4, indent=0, align="centre",
        leading=1.2, breaks=False,
    )  # fmt: skip
    return sheet.y


def _dateline(draft: Draft, issued: date, centre: float) -> None:
    rng, sheet, place = draft.rng, draft.sheet, draft.body.place
    way: DayWay = rng.choice(
        ("long", "long", "short", "slashed", "stamped_day", "stamped_day", "stamped_all", "blank")
    )
    style = Style(Face.ITALIC, rng.choice((12.5, 13.0, 13.5)))
    draft.fields |= {"place": place, "issue_date": issued.isoformat()}
    month = f"{issued.month:02d}"
    written = {
        "long": f"{place}, {long_day(issued)}",
        "short": f"{place}, ngày {issued.day} tháng {issued.month} năm {issued.year}",
        "slashed": f"{place}, ngày {issued:%d/%m/%Y}",
        "blank": f"{place}, ngày     tháng     năm {issued.year}",
    }.get(way)
    if way == "blank":
        del draft.fields["issue_date"]
    if written and way != "blank":
        sheet.line([(written, style)], centre, "centre", 1.25)
        return
    tail = f"năm {issued.year}" if way in ("stamped_all", "blank") else (
        f"tháng {month} năm {issued.year}"
    )  # fmt: skip
    _with_gaps(draft, [f"{place}, ngày", "tháng" if "tháng" not in tail else "", tail],
               [f"{issued.day:02d}", month], centre, style, stamped=way != "blank")  # fmt: skip


def _with_gaps(
    draft: Draft, parts: list[str], digits: list[str], centre: float, style: Style, *, stamped: bool
) -> None:
    """Pieces of a date line with room between them, digits stamped into it."""
    pieces = [part for part in parts if part]
    gap = 22.0
    x = centre - (sum(width_of(part, style) for part in pieces) + gap * (len(pieces) - 1)) / 2
    y = draft.sheet.y
    for place, part in enumerate(pieces):
        draft.sheet.y = y
        line = draft.sheet.line([(part, style)], x, "left", 1.25)
        x += width_of(part, style)
        if stamped and place < len(pieces) - 1:
            draft.stamp(digits[place], x + 4, line.words[0].baseline + 0.5, Style(size=13))
        x += gap
