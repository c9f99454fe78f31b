"""Signature blocks beside the recipients: powers to sign, appearances, two who sign."""

import random
from typing import Final

from demo.layouts.heads import Draft, width_of
from demo.papers.fonts import Face
from demo.papers.model import SEAL_RED, Style
from demo.papers.subjects import invent_name

_MINORITY: Final = (
    "Y Thanh Hà Niê Kđăm", "Rơ Châm H'Phik", "Rah Lan Chung", "Mai Sơn", "Lò Minh Hùng",
    "Tráng A Dương", "Cao Thị Hòa An", "Nguyễn Lê Minh Trí", "Hà Vy", "Ksor Phước",
)  # fmt: skip
_DEGREES: Final = ("TS. ", "ThS. ", "PGS.TS. ", "BS.CKII. ", "PGS. TS. ", "Ths. ", "BSCKII. ")
_RANKS: Final = ("Thiếu tướng ", "Đại tá ", "Thượng tá ")


def signer_name(rng: random.Random) -> str:
    """A person's name."""
    if rng.random() < 0.25:
        return rng.choice(_MINORITY)
    return invent_name(rng, rng.choice(("Nam", "Nữ")))


def title_lines(rng: random.Random, leader: str, *, collective: bool) -> tuple[str, ...]:
    """Title lines with one of the powers to sign (Decree 30/2020, Article 13)."""
    short = leader.split(",")[0]
    deputy = "THỨ TRƯỞNG" if short == "BỘ TRƯỞNG" else f"PHÓ {leader}"
    ways = [
        (leader,), (f"KT. {leader}", deputy), (f"KT. {leader}", deputy),
        (f"KT.{leader}", deputy), (f"Q. {leader}",), (f"KT. {leader}", f"{deputy} THƯỜNG TRỰC"),
        (f"TL. {leader}", "CHÁNH VĂN PHÒNG"),
        (f"TL. {leader}", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"),
    ]  # fmt: skip
    if collective:
        ways += [
            ("TM. ỦY BAN NHÂN DÂN", leader), ("TM. ỦY BAN NHÂN DÂN", f"KT. {leader}", deputy),
            ("TM. UỶ BAN NHÂN DÂN", leader),
            (f"TUQ. {leader}", "GIÁM ĐỐC SỞ Y TẾ"), (f"TUQ. {leader}", "CHÁNH VĂN PHÒNG"),
            (f"TUQ. {leader}", "GIÁM ĐỐC", "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"),
        ]  # fmt: skip
    return rng.choice(ways)


def set_closing(draft: Draft, recipients: list[str]) -> None:
    """Recipients left; title, room for the signature and name right."""
    rng, sheet = draft.rng, draft.sheet
    titles = title_lines(rng, draft.body.leader, collective=draft.body.collective)
    name = signer_name(rng)
    draft.fields |= {"signer": name, "title": " / ".join(titles)}
    sheet.need(40 + 16 * len(titles) + 100)
    top = sheet.y
    _recipients(draft, recipients)
    bottom = sheet.y
    sheet.y = top + rng.choice((0.0, 0.0, 3.0, -3.0, 14.0))
    middle = sheet.left + sheet.text_width * rng.uniform(0.68, 0.78)
    for text in titles:
        sheet.line([(text, Style(Face.BOLD, 13.5))], middle, "centre", 1.2)
    _room(draft, middle)
    printed = name
    if rng.random() < 0.2:
        printed = rng.choice((*_DEGREES, *_RANKS)) + name
    sheet.line([(printed, Style(Face.BOLD, 14))], middle, "centre", 1.3)
    sheet.y = max(bottom, sheet.y)


def _recipients(draft: Draft, lines: list[str]) -> None:
    sheet = draft.sheet
    sheet.line([("Nơi nhận:", Style(Face.BOLD_ITALIC, 12))], sheet.left, "left", 1.2)
    for place, text in enumerate(lines):
        end = "." if place == len(lines) - 1 else ";"
        sheet.line([(f"- {text}{end}", Style(size=11))], sheet.left, "left", 1.15)


def _room(draft: Draft, middle: float) -> None:
    """What lies between title and name: nothing, "(Đã ký)", or a signature's appearance."""
    rng, sheet = draft.rng, draft.sheet
    way = rng.choice(("empty", "empty", "signed", "appearance", "appearance", "portal"))
    gap = rng.uniform(58, 86)
    y = sheet.y + 14
    if way == "signed":
        text, style = rng.choice(("(Đã ký)", "Đã ký", "(đã ký)")), Style(Face.ITALIC, 13)
        sheet.y += 20
        sheet.line([(text, style)], middle, "centre", 0.0)
        sheet.y -= 20
    elif way == "appearance":
        small = Style(Face.SANS, 8.5, colour=SEAL_RED)
        body = draft.body
        for text in (
            f"Ký bởi: {body.full}", f"Cơ quan: {body.full}", f"Người ký: {body.full}",
            "Ngày ký: 05-02-2025 08:17:42 +07:00",
        )[rng.randint(0, 2) :]:  # fmt: skip
            draft.stamp(text, middle - width_of(text, small) / 2, y, small)
            y += 10
    elif way == "portal":
        text = "Thời gian ký: 05/02/2025 15:20:11 +07:00"
        small = Style(Face.ROMAN, 9)
        draft.stamp(text, sheet.right - width_of(text, small), 24, small)
    sheet.feed(gap)


def set_two_signers(draft: Draft) -> None:
    """Two bodies or persons sign beside each other; truth has none, only that nothing is mixed."""
    rng, sheet = draft.rng, draft.sheet
    sheet.need(140)
    top = sheet.y
    for share, role in ((0.24, "ĐẠI DIỆN BÊN A"), (0.74, "ĐẠI DIỆN BÊN B")):
        sheet.y = top
        middle = sheet.left + sheet.text_width * share
        sheet.line([(role, Style(Face.BOLD, 13))], middle, "centre", 1.2)
        sheet.feed(60)
        sheet.line([(signer_name(rng), Style(Face.BOLD, 13))], middle, "centre", 1.2)
