"""Until when a paper is valid (thời hạn hiệu lực).

Three ways of saying it: a day ("có giá trị đến ngày 15/01/2027"), a term counted
from the issue ("có thời hạn 03 năm kể từ ngày cấp") and "không thời hạn". Only what
is said of this paper counts: a row that is so labelled, or a sentence whose subject
is the paper itself ("Giấy phép này có giá trị ..."). Terms of work ("trong thời hạn 05
ngày làm việc") and the validity of other papers do not.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ocr.fields.dates import dates_in
from ocr.fields.evidence import ReadField, field
from ocr.fields.layout import Row, Sheet
from ocr.fields.matching import Squeezed, squeeze
from vocabulary.text import folded

_PAPER = (
    r"(?:giayphep|giaychungnhan|giayxacnhan|giaydangky|giay|chungchi|chungnhan|quyetdinh|the"
    r"|vanban|banphieu|phieu)"
)
_HOLDS = r"(?:duoc)?(?:cothoihan|cohieuluc|cogiatri)(?:hieuluc|sudung|thihanh)?"
_LABEL = re.compile(
    r"^(?:\d{0,2}[.)])?[-+•*]?"
    r"(?:(?:co)?giatri(?:sudung)?(?:den|toi|:)"
    r"|ngayhethan|hethan|(?:co)?hieuluc(?:den|toi)|dateofexpiry"
    rf"|(?:co)?thoihan(?:hieuluc)?cua{_PAPER}|thoihan{_PAPER}|hieuluccua{_PAPER}|{_PAPER}cothoihan"
    r"|(?:co)?thoihan(?=:|den|\d)|(?:co)?thoihan(?:hieuluc|sudung|uyquyen))"
)
_UNTIL = re.compile(r"(?:den|toi)(?:het)?(?:ngay)?:?$")
_TERM = re.compile(r"(?P<n>\d{1,3})(?:\([a-z]+\))?(?P<unit>nam|thang|ngay)(?:,?ke)?(?:tu|tinhtu)")
_BARE_TERM = re.compile(r":?(?:la)?:?(?P<n>\d{1,3})(?:\([a-z]+\))?(?P<unit>nam|thang)")
_UNLIMITED = re.compile(r"(?:vothoihan|khong(?:co|xacdinh)?thoihan|khongthoihan)")
_LATEST_YEAR = 3000  # a misread year after it: terms counted from it would leave the calendar
_INDENT = 4  # of a row's height
_SENTENCE = 170  # letters without spaces: as far as such a sentence was seen to run


@dataclass(frozen=True)
class _Passage:
    """Rows read on together from where a statement of validity begins."""

    squeezed: Squeezed
    start: int
    page: int


def expiry_date(
    sheets: Sequence[Sheet], issued: ReadField | None, name: str = ""
) -> ReadField | None:
    """The last day as ISO date, or "không thời hạn".

    Args:
        sheets: pages of the paper, in order.
        name: the paper's type, by which a sentence may call it ("Giấy khám sức khỏe có giá trị").
        issued: its issue date, from which a term is counted. Without one a term yields no
            field: counting from another day would be a guess.
    """
    for sheet in sheets:
        for passage in _passages(sheet, _spoken(name)):
            found = _until(passage) or _unlimited(passage) or _counted(passage, issued)
            if found is not None:
                return found
    return None


def _passages(sheet: Sheet, speaking: re.Pattern[str]) -> list[_Passage]:
    passages = []
    for place, row in enumerate(sheet.rows):
        squeezed = _with_next(sheet.rows, place)
        letters = squeezed.folded
        labelled = _LABEL.match(letters)
        own_length = len(row.squeezed.text)
        spoken = speaking.search(letters)
        if labelled:
            passages.append(_Passage(squeezed, labelled.start(), sheet.number))
        elif spoken and spoken.start() < own_length:
            passages.append(_Passage(squeezed, spoken.start(), sheet.number))
    return passages


def _spoken(name: str) -> re.Pattern[str]:
    """A sentence about the paper: "Giấy phép này có giá trị", or called by its full name."""
    full = re.sub(r"\W", "", folded(name))
    subject = rf"{_PAPER}nay" + (rf"|{full}(?:nay)?" if len(full) > 8 else "")
    return re.compile(rf"(?:{subject}){_HOLDS}")


def _with_next(rows: Sequence[Row], place: int) -> Squeezed:
    """A row and the rows it runs on into: under it, near, in its column.

    The last word of a paragraph may be all of its second row, left of the first one's indent.
    """
    row = rows[place]
    words = list(row.words)
    last = row
    for other in rows[place + 1 : place + 8]:
        overlap = min(other.box.x1, row.box.x1) - max(other.box.x0, row.box.x0)
        hangs = last is row and 0 < row.box.x0 - other.box.x0 < _INDENT * row.height
        gap = other.box.y0 - last.box.y1 + 0.5 * row.height
        if (overlap > 0 or hangs) and 0 <= gap < 1.5 * row.height:
            words += other.words
            last = other
        if last is not row and len(words) > 40:
            break
    return squeeze(words)


def _stretch(passage: _Passage) -> str:
    text = passage.squeezed.folded[passage.start : passage.start + _SENTENCE]
    return text.split(";", 1)[0]


def _until(passage: _Passage) -> ReadField | None:
    text = _stretch(passage)
    for read in dates_in(text):
        before = re.sub(r"ngay$", "", text[: read.start].rstrip(":"))
        if not (_ends(text, read.start) or _UNTIL.search(before)):
            continue
        words = passage.squeezed.between(passage.start + read.start, passage.start + read.end)
        certainty = (0.97 if read.value else 0.2) * (1.0 if read.clean else 0.7)
        return field(read.text, words, passage.page, certainty=certainty, weakest=True)
    return None


def _ends(text: str, start: int) -> bool:
    """Whether the label itself says that its date is the last ("Ngày hết hạn: 01/01/2030")."""
    label = _LABEL.match(text)
    if label is None or start - label.end() > 40:
        return False
    return re.search(r"hethan|expiry|(?:den|toi)(?:ngay)?:?", text[:start]) is not None


def _unlimited(passage: _Passage) -> ReadField | None:
    match = _UNLIMITED.search(_stretch(passage)[:70])
    if match is None:
        return None
    start = passage.start + match.start()
    words = passage.squeezed.between(start, passage.start + match.end())
    return field("không thời hạn", words, passage.page, certainty=0.97)


def _counted(passage: _Passage, issued: ReadField | None) -> ReadField | None:
    text = _stretch(passage)
    label = _LABEL.match(text) or re.match(rf"[a-z]{{4,40}}?{_HOLDS}", text)
    if label is None:
        return None
    match = _TERM.search(text, label.end()) or _BARE_TERM.match(text, label.end())
    if match is not None and not _near(text[label.end() : match.start()]):
        match = None
    first_day = _iso(issued)
    if match is None or first_day is None or issued is None:
        return None
    last_day = _after(first_day, int(match["n"]), match["unit"])
    words = passage.squeezed.between(passage.start + match.start(), passage.start + match.end())
    read = field(last_day.isoformat(), words, passage.page, certainty=0.93, weakest=True)
    # Counted from the issue date, so never surer than that.
    least = min(1.0, issued.confidence * 0.93 / max(read.confidence, 1e-6))
    return read.weighed(least, weakest=min(read.evidence.weakest, issued.evidence.weakest))


def _near(between: str) -> bool:
    """Whether a term stands right behind its label, so that it is the paper's own.

    "Có hiệu lực kể từ ngày ký, trong thời hạn 05 ngày ..." goes on to speak of other things.
    """
    return len(between) <= 20 and "," not in between and "." not in between


def _iso(issued: ReadField | None) -> date | None:
    if issued is None or not isinstance(issued.value, str):
        return None
    try:
        day = date.fromisoformat(issued.value)
    except ValueError:
        return None
    return day if day.year < _LATEST_YEAR else None


def _after(day: date, number: int, unit: str) -> date:
    """The same day after so many years, months or days (Bộ luật Dân sự 2015, Điều 148)."""
    if unit == "ngay":
        return day + timedelta(days=number)
    months = day.month - 1 + (number * 12 if unit == "nam" else number)
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
