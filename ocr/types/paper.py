"""A paper as the type rules look at it: rows, title rows, and phrases found though misread.

A phrase is compared by its key (:func:`ocr.fields.matching.key`: no marks, no spaces, no case),
and may differ from what was read in one of six letters, three in all. It is looked for by parts: of
a phrase with k wrong letters, one of its k + 1 parts must stand there unharmed, so only the
places around such a part are compared letter by letter. That keeps the time for a page at
milliseconds however many phrases the types have.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from ocr.fields.layout import Row, Sheet, sheet_of
from ocr.fields.matching import key, uppercase_share
from vocabulary.papers import PageReading

HEAD_PAGES: Final = 3
"""Titles are looked for on these pages: covers and blank leaves come before."""
BODY_PAGES: Final = 2
"""Phrases, labels and values are looked for on so many pages from the one with the head."""

_WRONG: Final = 6  # one of so many letters of a phrase may be misread
_MOST_WRONG: Final = 3  # more in a long phrase is another one with the same beginning
_SHORT: Final = 8  # shorter phrases must be as they are: "gplx" is near too much
_MOST_PLACES: Final = 200
_TITLE_SHARE: Final = 0.62  # of the page's height; a card copied in the middle ends above
_TITLE_ROWS: Final = 4
_CAPITALS: Final = 0.7


@dataclass(frozen=True, slots=True)
class TitleRows:
    """Rows that may be a title, as one key, with the rows they are made of."""

    key: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Paper:
    """The sheets of a paper's first pages from the one that says something."""

    sheets: tuple[Sheet, ...]

    @cached_property
    def key(self) -> str:
        """Everything on the first pages, as one key; rows are parted by a line break."""
        return "\n".join(row.key for sheet in self.sheets[:BODY_PAGES] for row in sheet.rows)

    @cached_property
    def flowing(self) -> str:
        """As ``key``, without breaks: a phrase may go on in the next row."""
        return self.key.replace("\n", "")

    def says(self, phrase: str) -> float:
        """How much the phrase stands on the first pages: 1 as it is, 0 not at all."""
        return found_in(self.flowing, phrase)

    @cached_property
    def titles(self) -> tuple[TitleRows, ...]:
        """What may be a title, from the top: rows in capitals, or large and alone in the middle."""
        found: list[TitleRows] = []
        for sheet in self.sheets[:1]:
            rows = sheet.rows
            for place, row in enumerate(rows):
                if row.middle <= _TITLE_SHARE * sheet.height and _may_be_title(row, sheet):
                    found.append(_with_following(rows, place))
        return tuple(found)


def paper_of(pages: Sequence[PageReading]) -> Paper:
    """The paper of these pages: it begins with the first page that has words."""
    sheets: list[Sheet] = []
    for place, page in enumerate(pages):
        if not sheets and (place >= HEAD_PAGES or not page.lines):
            continue
        sheet = sheet_of(page)
        if sheet.rows:
            sheets.append(sheet)
        if len(sheets) == BODY_PAGES:
            break
    return Paper(tuple(sheets))


def _may_be_title(row: Row, sheet: Sheet) -> bool:
    centred = abs(row.centre - sheet.centre) < 0.2 * sheet.width
    return centred and len(row.key) >= 3 and uppercase_share(row.text) >= _CAPITALS


def _with_following(rows: Sequence[Row], place: int) -> TitleRows:
    """A title row and the rows it goes on in: right under it, in its column."""
    taken = [rows[place]]
    for row in rows[place + 1 : place + 12]:
        last = taken[-1]
        beside = row.middle - last.middle < 0.5 * last.height
        if beside:
            continue
        near = row.box.y0 - last.box.y1 < 1.2 * max(row.height, last.height)
        overlap = min(row.box.x1, last.box.x1) - max(row.box.x0, last.box.x0)
        if not near or overlap <= 0 or len(taken) == _TITLE_ROWS:
            break
        taken.append(row)
    return TitleRows("".join(row.key for row in taken), tuple(taken))


@lru_cache(maxsize=2048)
def phrase_key(phrase: str) -> str:
    """The comparison key of a phrase of a type file."""
    return key(phrase)


def allowed(wanted: str) -> int:
    """How many letters of a phrase of this key may be misread."""
    return 0 if len(wanted) < _SHORT else min(_MOST_WRONG, len(wanted) // _WRONG)


@lru_cache(maxsize=8192)
def opens(text: str, phrase: str) -> float:
    """How much the key ``text`` begins with the phrase: 1 as it is, 0 beyond the tolerance."""
    wanted = phrase_key(phrase)
    if text.startswith(wanted):
        return 1.0
    limit = allowed(wanted)
    head = text[: len(wanted) + limit]
    if not any(piece in head for _, piece in _pieces(wanted)):
        return 0.0
    steps = _steps(head, wanted, anywhere=False)
    return 0.0 if steps > limit else 1.0 - steps / len(wanted)


def found_in(text: str, phrase: str) -> float:
    """How much the phrase stands somewhere in the key ``text``; see :func:`opens`."""
    wanted = phrase_key(phrase)
    if not wanted:
        return 0.0
    if wanted in text:
        return 1.0
    limit = allowed(wanted)
    best = limit + 1
    for place in _around(text, wanted):
        window = text[max(0, place - limit) : place + len(wanted) + limit]
        best = min(best, _steps(window, wanted, anywhere=True))
        if best == 1:
            break
    return 0.0 if best > limit else 1.0 - best / len(wanted)


@lru_cache(maxsize=2048)
def _pieces(wanted: str) -> tuple[tuple[int, str], ...]:
    """A phrase in one part more than letters may be wrong, each with where it begins."""
    limit = allowed(wanted)
    if limit == 0:
        return ()
    size = len(wanted) // (limit + 1)
    return tuple(
        (part * size, wanted[part * size : (part + 1) * size if part < limit else None])
        for part in range(limit + 1)
    )


def _around(text: str, wanted: str) -> Iterator[int]:
    """Where the phrase may begin: by the places of any of its parts."""
    seen: set[int] = set()
    for begin, piece in _pieces(wanted):
        place = text.find(piece)
        while place >= 0 and len(seen) < _MOST_PLACES:
            if place - begin not in seen:
                seen.add(place - begin)
                yield place - begin
            place = text.find(piece, place + 1)


def _steps(text: str, wanted: str, *, anywhere: bool) -> int:
    """Fewest letters to change between the phrase and a beginning (or any stretch) of the text."""
    above = [0] * (len(text) + 1) if anywhere else list(range(len(text) + 1))
    for row, letter in enumerate(wanted, start=1):
        here = [row]
        for column, other in enumerate(text, start=1):
            step = above[column - 1] + (letter != other)
            if above[column] < step:
                step = above[column] + 1
            if here[-1] < step:
                step = here[-1] + 1
            here.append(step)
        above = here
    return min(above)
