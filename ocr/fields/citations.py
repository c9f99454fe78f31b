"""Papers that a paper names: number and symbol of each, in order, each once.

Read from the page that bears the head: there stand the legal grounds (căn cứ) and
what the paper amends or replaces. Symbols broken over two lines are joined.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ocr.fields.evidence import ReadField, field
from ocr.fields.head import Head, is_number_row
from ocr.fields.lexicon import issuer_codes, type_abbreviations
from ocr.fields.matching import Spaced, spaced
from ocr.fields.symbols import PARTY, mended, straight, without_tones
from vocabulary.papers import Word

# Words of a text layer may run together ("25/TTr-SGDĐTngày 13/02/2025").
_DAY = r"ng[àa]y"
_PART = rf"[A-ZĐ](?:(?!{_DAY})[A-Za-zĐđ0-9&.])*"
_SYMBOL = re.compile(
    rf"(?<![\w/.-])(\d{{1,5}}[a-z]?)\s?/\s?((?:(?:19|20)\d{{2}}\s?/\s?)?)"
    rf"({_PART}(?:\s?[-–]\s?{_PART})*)(?:(?![\w/])|(?={_DAY}))"
)
# No slash can follow a hyphen in a symbol: there it is a misread V ("TT-/PCP", "TT-Y/PCP").
_PARTY = re.compile(rf"(?<![\w/.-])(\d{{1,5}})\s?[-–]\s?({PARTY})(?![\w/])")
_PROPOSAL = re.compile(r"tr[ìi]nh\s*(?:s[ốôoó]\s*)?:?\s*$", re.IGNORECASE)
_SLASHED_V = re.compile(r"(?<=[A-Zr]-)[YVI]?/{1,2}(?=[A-ZĐ])")
_ONE_LETTER = re.compile(r"-[A-ZĐ]$")  # no issuer is: the rest is cut off
_LEGISLATURE = re.compile(r"(?:QH|UBTVQH)\d{0,2}|CTN|SL")
_BROKEN = re.compile(rf"^\d{{1,5}}[a-z]?/(?:(?:19|20)\d{{2}}/)?{_PART}$")
_CONTINUATION = re.compile(r"^[A-ZĐ][A-ZĐ&.]*\d{0,2}(?:-[A-ZĐ0-9&.]+)*[,.;]?$")
_INTRODUCED = re.compile(
    r"(?:\b(?:s[ốôoóồ]|và|định|luật|tư|trình|lệnh|quyết|hoạch|văn|cáo|thị)\s*:?|[,;(:])\s*$",
    re.IGNORECASE,
)
# "số 2519/VPCF": led up to as a symbol, with figures and a slash, and none.
_LED_UP_TO = re.compile(r"(?:s[ốô]|\bso)\s*[:.]?\s*(?=\d)[^\s/]{1,7}\s?/\s?\S+", re.IGNORECASE)
# "Căn cứ Nghị quyết s" and then something that hides its number.
_LED_UP_TO_NONE = re.compile(
    r"(?:căn cứ|theo|thực hiện|tại)\s+(?:nghị (?:quyết|định)|quyết định|công văn|tờ trình|chỉ thị"
    r"|thông (?:tư(?: liên tịch)?|báo)|kế hoạch)\s+s[ốô]?(?!\w)(?!\s*[:.]?\s*\d)",
    re.IGNORECASE,
)
# "s82315/2018/QH15": "số 2315/2018/QH15" with its space and more lost.
_HIDDEN = re.compile(
    rf"[a-zđ]\d{{1,6}}/(?:(?:19|20)\d{{2}}/{_PART}|[A-ZĐ]{{2}}[A-Za-zĐđ]*-{_PART})"
)
_NUMBERED = re.compile(r"(?<!\w)s[ốôo]\s*[:.]?\s*$", re.IGNORECASE)
_NEXT_GROUND = re.compile(r"\s(?:Căn|Theo|Xét)\s")
_CUT = 0.6  # certainty of a list in which a symbol may be cut
_V_CONFIDENCE = 80.0  # the grammar leaves no other letter, whatever the engine thought
_FORM = re.compile(r"m[ẫâấa]u\s*(s[ốô]\s*)?:?\s*$", re.IGNORECASE)


def citations(head: Head, own: str | None) -> ReadField | None:
    """Symbols of other papers on the page; ``own`` is this paper's, left out.

    Confidence is that of the least sure of the symbols' words. A symbol that lost its
    issuer in reading ("02/2017/TT") is no symbol: it is left out and lowers it further. So
    does one that may be cut (:func:`_may_be_cut`), and what is led up to as a symbol and reads
    as none.
    """
    words, openers = _words(head)
    text = spaced(words)
    found: dict[str, None] = {}
    used: list[Word] = []
    certainty = 0.98
    mends = 0
    for start, end, value, was_mended in _symbols(text):
        if value == own:
            continue
        if value.endswith("?"):
            certainty = min(certainty, _CUT)
            continue
        if _may_be_cut(text, start, end, openers) or _is_beginning(value, text.between(start, end)):
            certainty = min(certainty, _CUT)
        certainty = min(certainty, 0.9 if was_mended else 1.0)
        mends += was_mended
        found.setdefault(value)
        used += text.between(start, end)
    if not found:
        return None
    if _one_unread(text):
        certainty = min(certainty, _CUT)
    return field(
        tuple(found), used, head.sheet.number, certainty=certainty, weakest=True, mended=mends
    )


def _may_be_cut(text: Spaced, start: int, end: int, openers: frozenset[int]) -> bool:
    """Whether something may hide a symbol's first figures or its last letters.

    One that opens a row that nothing leads up to; one that closes a row without a sign, where
    the next opens with another ground: the day of the paper that is cited stands between.
    """
    opens = id(text.between(start, end)[0]) in openers
    if opens and not _INTRODUCED.search(text.text[max(0, start - 12) : start]):
        return True
    follows = _NEXT_GROUND.match(text.text, end)
    return follows is not None and id(text.between(end + 1, end + 2)[0]) in openers


def _is_beginning(symbol: str, words: Sequence[Word]) -> bool:
    """Whether an engine read an issuer nobody knows, with which a known one begins ("VPC")."""
    last = symbol.rsplit("-", 1)[-1]
    if "-" not in symbol or last in issuer_codes() or words[-1].source != "ocr":
        return False
    return any(code.startswith(last) for code in issuer_codes())


def _one_unread(text: Spaced) -> bool:
    """Whether an engine read something as led up to as a symbol is, and it is none."""
    plain = without_tones(straight(text.text))
    unread = [
        led
        for led in _LED_UP_TO.finditer(text.text)
        if not (_SYMBOL.search(plain, led.start(), led.end() + 1) or _PARTY.search(led[0]))
    ]
    return any(
        any(word.source == "ocr" for word in text.between(led.start(), led.end()))
        for led in (
            *unread,
            *_LED_UP_TO_NONE.finditer(text.text),
            *_HIDDEN.finditer(plain),
        )
    )


def _symbols(text: Spaced) -> Iterator[tuple[int, int, str, bool]]:
    """Where symbols stand, each with its value and whether it was set right.

    One that ends in "?" lost its issuer in reading.
    """
    plain = without_tones(straight(text.text))
    matches = [*_SYMBOL.finditer(plain), *_PARTY.finditer(plain)]
    for match in sorted(matches, key=lambda one: one.start()):
        before = plain[max(0, match.start() - 12) : match.start()]
        if _FORM.search(before):
            continue
        if match.re is _PARTY:
            yield match.start(), match.end(), f"{match[1]}-{match[2]}", False
            continue
        read = any(word.source == "ocr" for word in text.between(match.start(), match.end()))
        symbol, was_mended = mended(_clean(match[2] + match[3]), read=read)
        if read and symbol.startswith("TT-") and not match[2] and _PROPOSAL.search(before):
            symbol, was_mended = f"TTr{symbol[2:]}", True  # a circular's symbol has its year
        if _plausible(symbol) and not (read and _ONE_LETTER.search(symbol)):
            yield match.start(), match.end(), f"{match[1]}/{symbol}", was_mended
        elif _type_alone(symbol) or (
            read and (match[2] or "-" in symbol or _NUMBERED.search(before))
        ):
            yield match.start(), match.end(), f"{match[1]}/{symbol}?", False


def _words(head: Head) -> tuple[tuple[Word, ...], frozenset[int]]:
    """The words below the title, and identities of those an engine read first in a row.

    A symbol broken at a line's end has its hyphen again.
    """
    numbered = [row.box.y1 for row in head.rows if is_number_row(row)]
    top = head.title.rows[-1].box.y1 if head.title else min(numbered, default=head.top)
    words: list[Word] = []
    openers: set[int] = set()
    for row in head.sheet.below(top):
        if row.middle < head.bottom and is_number_row(row):
            continue
        first = row.words[0]
        if words and _BROKEN.search(words[-1].text) and _CONTINUATION.match(first.text):
            words[-1] = replace(words[-1], text=words[-1].text + "-")
        begin = len(words)
        words += (_with_v(word) for word in row.words)
        if first.source == "ocr":
            openers.add(id(words[begin]))
    return tuple(words), frozenset(openers)


def _with_v(word: Word) -> Word:
    text, count = _SLASHED_V.subn("V", word.text)
    if word.source != "ocr" or not count:
        return word
    return replace(word, text=text, confidence=max(word.confidence, _V_CONFIDENCE))


def _clean(symbol: str) -> str:
    return re.sub(r"\s", "", symbol).rstrip(".")


def _plausible(symbol: str) -> bool:
    """A symbol names an issuer after a hyphen, a legislature ("QH14"), or is a type ("12/BC")."""
    if "-" in symbol:
        return True
    last = symbol.rsplit("/", 1)[-1]
    return _LEGISLATURE.fullmatch(last) is not None or (
        "/" not in symbol and symbol in type_abbreviations()
    )


def _type_alone(symbol: str) -> bool:
    return symbol.rsplit("/", 1)[-1] in type_abbreviations()
