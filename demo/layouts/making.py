"""The one door: a seed makes a paper in one of the layouts, with its truth."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from demo.layouts.bodies import choose_body
from demo.layouts.closings import set_closing
from demo.layouts.heads import Draft, set_head
from demo.layouts.wording import ARTICLES, LAST_ARTICLE, grounds, matter
from demo.papers.fonts import Face
from demo.papers.model import MM, PaperPage, SetLine, Style
from demo.papers.sheet import Margins, Run, Sheet
from demo.papers.wording import document_number, some_day

_TYPES: Final = (
    ("QĐ", "QUYẾT ĐỊNH"), ("QĐ", "QUYẾT ĐỊNH"), ("QĐ", "QUYẾT ĐỊNH"), ("QĐ", "QUYẾT ĐỊNH"),
    ("NQ", "NGHỊ QUYẾT"), ("CT", "CHỈ THỊ"), ("TB", "THÔNG BÁO"), ("KH", "KẾ HOẠCH"),
    ("BC", "BÁO CÁO"), ("TTr", "TỜ TRÌNH"), ("HD", "HƯỚNG DẪN"), ("CTr", "CHƯƠNG TRÌNH"),
    ("PA", "PHƯƠNG ÁN"), ("ĐA", "ĐỀ ÁN"), ("CĐ", "CÔNG ĐIỆN"), ("GM", "GIẤY MỜI"),
    ("BB", "BIÊN BẢN"), ("QC", "QUY CHẾ"), ("TT", "THÔNG TƯ"), ("NĐ", "NGHỊ ĐỊNH"),
)  # fmt: skip
_YEARLY: Final = frozenset({"NQ", "TT", "NĐ"})


@dataclass(frozen=True)
class Layout:
    """A paper, what of it is stamped or signed over the page, and the truth of its fields."""

    seed: int
    pages: tuple[PaperPage, ...]
    stamps: tuple[SetLine, ...]
    fields: Mapping[str, str | tuple[str, ...]]


def make_layout(seed: int) -> Layout:
    """The paper of a seed: the same seed always makes the same paper.

    Raises:
        MissingPart: the fonts are not installed.
    """
    rng = random.Random(f"layout|{seed}")  # noqa: S311 - test data, not secrets
    margins = Margins(
        rng.uniform(15, 24) * MM, rng.uniform(13, 20) * MM, 18 * MM, rng.uniform(22, 33) * MM
    )
    draft = Draft(rng, choose_body(rng), Sheet(margins=margins))
    issued = some_day(rng, date(2021, 1, 4), date(2026, 6, 30))
    if rng.random() < 0.12:
        _letter(draft, issued)
    else:
        _titled(draft, issued)
    fields = {**draft.fields, "citations": tuple(dict.fromkeys(draft.cited))}
    return Layout(seed, draft.sheet.finish(), tuple(draft.stamps), fields)


def _symbol(draft: Draft, short: str, issued: date) -> str:
    year = f"{issued.year}/" if short in _YEARLY or draft.rng.random() < 0.12 else ""
    return f"{document_number(draft.rng)}/{year}{short}-{draft.body.code}"


def _titled(draft: Draft, issued: date) -> None:
    rng, sheet = draft.rng, draft.sheet
    short, name = rng.choice(_TYPES)
    set_head(draft, _symbol(draft, short, issued), issued)
    tracking = rng.choice((0.0, 0.0, 0.0, 2.0, 4.0))
    sheet.line([(name, Style(Face.BOLD, 14, tracking=tracking))], sheet.centre, "centre", 1.3)
    draft.fields["doc_type"] = name[0] + name[1:].lower()
    _subject(draft)
    if short in ("QĐ", "NQ", "NĐ", "TT"):
        for line in draft.body.authority:
            sheet.line([(line, Style(Face.BOLD, 13.5))], sheet.centre, "centre", 1.4)
        sheet.feed(4)
    _body(draft, issued, "QUYẾT ĐỊNH:" if short in ("QĐ", "CT") else None)


def _subject(draft: Draft) -> None:
    rng, sheet = draft.rng, draft.sheet
    text = matter(rng, draft.body)
    prefix = rng.choice(("Về việc ", "Về việc ", "V/v ", "", "Về "))
    subject = f"{prefix}{text}" if prefix else text[0].upper() + text[1:]
    draft.fields["subject"] = subject
    face = rng.choice((Face.BOLD, Face.BOLD, Face.BOLD_ITALIC, Face.ROMAN))
    inset = rng.uniform(4, 70)
    size = rng.choice((13.0, 13.5, 14.0))
    sheet.paragraph(
        [(subject, Style(face, size))], x0=sheet.left + inset, x1=sheet.right - inset, indent=0,
        align="centre", leading=rng.choice((1.15, 1.25, 1.4)), after=2,
    )  # fmt: skip
    words = subject.split()
    if "số" in words and "Quyết" in words:
        draft.cited.append(words[words.index("số") + 1])
    if rng.random() < 0.8:
        sheet.underline(sheet.centre - 48, sheet.centre + 48)
    sheet.feed(rng.choice((6.0, 10.0, 18.0)))


def _letter(draft: Draft, issued: date) -> None:
    rng, sheet = draft.rng, draft.sheet
    about = f"V/v {matter(rng, draft.body)}"
    symbol = f"{document_number(rng)}/{draft.body.code}-{rng.choice(('VP', 'KSTT', 'NC', 'KGVX'))}"
    set_head(draft, symbol, issued, about)
    draft.fields["doc_type"] = "Công văn"
    words = about.split()
    if "số" in words and "Quyết" in words:
        draft.cited.append(words[words.index("số") + 1])
    sheet.feed(8)
    sheet.line([("Kính gửi: Ủy ban nhân dân các huyện, thành phố.", Style(size=14))],
               sheet.centre, "centre", 1.6)  # fmt: skip
    _body(draft, issued, None)


def _body(draft: Draft, issued: date, decides: str | None) -> None:
    rng, sheet = draft.rng, draft.sheet
    size = rng.choice((13.0, 13.5, 14.0))
    face = rng.choice((Face.ITALIC, Face.ITALIC, Face.ROMAN))
    leading = rng.choice((1.15, 1.25, 1.35))
    for text, symbol in grounds(rng, draft.body, issued):
        sheet.paragraph([(text, Style(face, size))], leading=leading)
        if not sheet.pages:
            draft.cited.append(symbol)
    if decides:
        sheet.feed(4)
        sheet.line([(decides, Style(Face.BOLD, size))], sheet.centre, "centre", 1.6)
    for number, text in enumerate((*ARTICLES, LAST_ARTICLE), start=1):
        runs: list[Run] = [(f"Điều {number}.", Style(Face.BOLD, size)), (text, Style(size=size))]
        sheet.paragraph(runs, leading=leading, after=5)
    count = rng.randint(2, 8)
    to = ["Như Điều 4", "Cục KSTTHC - VPCP", "Thường trực Tỉnh ủy", "CT, các PCT UBND tỉnh",
          "Cổng TTĐT tỉnh", "Các phòng CV", "Trung tâm PVHCC", "Lưu: VT, KSTT"]  # fmt: skip
    set_closing(draft, [*to[:count], to[-1]])
