"""Words as the index knows them: exact and folded, position by position the same.

The engine's own analysis is not used: measured, its folding tears decomposed
text apart and it knows nothing of tone placement. Text is normalised and cut
here, and the engine gets words between spaces.
"""

import re
from dataclasses import dataclass
from typing import Final

from vocabulary.text import exact, folded, has_marks, nfc

WORD: Final = re.compile(r"[^\W_]+")
_SPACE: Final = re.compile(r"\s+")
_NUMBER: Final = re.compile(r"\S*\d\S*[/.-]\S*")
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Question:
    """What a person typed, cut into words.

    ``quoted``: the whole was put in quotation marks: only this very phrase will do.
    ``marked``: typed with Vietnamese marks, so exact matches mean something.
    ``shown``: the folded words in full, for highlights.
    """

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    number: str | None
    marked: bool
    quoted: bool
    shown: tuple[str, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        """The words in the form in which they were typed."""
        return self.exact if self.marked else self.folded


def question(text: str) -> Question:
    """Cuts a query; the same words come out as for a document."""
    plain = shortened(nfc(text).strip())
    quoted = len(plain) > 2 and plain[0] in "\"“'" and plain[-1] in "\"”'"
    return Question(
        exact=terms(exact(plain)),
        folded=terms(folded(plain)),
        number=number_form(plain) if _NUMBER.fullmatch(_SPACE.sub("", plain)) else None,
        marked=has_marks(plain),
        quoted=quoted,
        shown=words(folded(plain)),
    )


def words(normal: str) -> tuple[str, ...]:
    """The words of a text in normal form; 123/qđ-ubnd is three of them."""
    return tuple(WORD.findall(normal))


def terms(normal: str) -> tuple[str, ...]:
    """Words as long as an index takes them whole: a server cuts those of 255 letters in two."""
    return tuple(word[:_LONGEST] for word in WORD.findall(normal))


def shortened(text: str) -> str:
    """Text whose lower case has the same length: İ is the one letter that would grow."""
    return text.replace("\u0130", "I")


def number_form(number: str) -> str:
    """A document number for comparing as a whole: folded, without spaces."""
    return _SPACE.sub("", folded(shortened(number)))


def may_be_misspelt(word: str) -> bool:
    """One wrong letter is forgiven in words long enough, never in numbers."""
    return len(word) >= 4 and not any(char.isdigit() for char in word)


def one_edit_apart(one: str, other: str) -> bool:
    """Whether one insertion, removal, change or swap of neighbours (or nothing) parts two words."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
