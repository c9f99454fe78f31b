"""Values behind labels, brought to their normal form: dates, codes, sums, names.

Every reader takes the words behind a label and gives the value, the words it stands in and how
sure the form is (a check digit that does not fit leaves little), or None where the words are no
such value.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from ocr.fields.calibration import calibrated
from ocr.fields.dates import dates_in
from ocr.fields.evidence import field
from ocr.fields.identifiers import (
    is_identity_number,
    is_old_identity_number,
    is_passport,
    is_tax_code,
)
from ocr.fields.matching import spaced, squeeze, uppercase_share
from ocr.types.model import ValueKind
from vocabulary.papers import FieldValue, Word
from vocabulary.text import folded

_LONGEST: Final = 300
_EDGE: Final = " .,:;…_*|“”\"'"
_ENTERPRISE: Final = re.compile(r"(?<!\d)\d{10}(?:-?\d{3})?(?!\d)|(?<!\d)\d{12}(?!\d)")
_IDENTITY: Final = re.compile(r"(?<!\d)\d{12}(?!\d)|(?<!\d)\d{9}(?!\d)|[a-z]{1,2}\d{7,8}(?!\d)")
_SUM: Final = re.compile(r"\d{1,3}(?:[.,]\d{3}){1,5}|\d{1,15}")
_IDENTIFIER: Final = re.compile(r"[^\W_](?:[\w&./-]{0,38}[^\W_])?")
_CURRENCIES: Final = {"usd": "USD", "eur": "EUR", "jpy": "JPY"}
_BEFORE_NAMES: Final = re.compile(
    r"^(?:(?:ông|bà|anh|chị|bs|ts|ths)(?:/bà)?[.:]?\s{1,3}){1,2}", re.I
)
_MOST_NAME_WORDS: Final = 7


@dataclass(frozen=True, slots=True)
class Value:
    """A value in its normal form, the words it was read from, and how sure the form is.

    ``exact``: one wrong character makes the whole wrong (dates, codes). ``check``: 1 a check
    digit or structure fits, -1 it does not, 0 there is none.
    """

    text: str
    words: tuple[Word, ...]
    certainty: float
    exact: bool = False
    check: float = 0.0

    def as_field(self, name: str, page: int, alike: float) -> FieldValue:
        """The value as a field (or fact) called ``name``, with the confidence that is shown.

        ``alike``: how well its label was read.
        """
        read = field(
            self.text, self.words, page, certainty=self.certainty * alike, weakest=self.exact
        ).weighed(1.0, check=self.check)
        shown = calibrated(name, read.evidence, read.confidence)
        return replace(read.plain(), confidence=round(shown, 3))


def value_in(kind: ValueKind, words: Sequence[Word], birth: date | None = None) -> Value | None:
    """The value of the kind that the words begin with.

    Args:
        kind: what is looked for.
        words: the words behind a label, in order.
        birth: date of birth on the paper, which an identity number must agree with.
    """
    if not words or sum(len(word.text) for word in words) > _LONGEST:
        return None
    if kind == "identity_number":
        return _identity(words, birth)
    if kind == "owner_code":
        return _enterprise(words, strict=True) or _identity(words, birth) or _enterprise(words)
    return _READERS[kind](words)


def _date(words: Sequence[Word]) -> Value | None:
    squeezed = squeeze(words)
    for read in dates_in(squeezed.folded):
        sure = (0.97 if read.value else 0.2) * (1.0 if read.clean else 0.7)
        check = 0.0 if read.value else -1.0
        return Value(
            read.text, squeezed.between(read.start, read.end), sure, exact=True, check=check
        )
    return None


def _enterprise(words: Sequence[Word], *, strict: bool = False) -> Value | None:
    squeezed = squeeze(words)
    match = _ENTERPRISE.search(squeezed.folded)
    if match is None:
        return None
    code = match[0]
    if len(code) == 13:
        code = f"{code[:10]}-{code[10:]}"
    good = is_tax_code(code) or (len(code) == 12 and is_identity_number(code))
    if strict and not is_tax_code(code):
        return None
    found = squeezed.between(match.start(), match.end())
    return Value(code, found, 0.97 if good else 0.35, exact=True, check=1.0 if good else -1.0)


def _identity(words: Sequence[Word], birth: date | None) -> Value | None:
    squeezed = squeeze(words)
    match = _IDENTITY.search(squeezed.folded)
    if match is None:
        return None
    number = match[0].upper()
    good = is_identity_number(number, birth) or (
        is_old_identity_number(number) or is_passport(number)
    )
    found = squeezed.between(match.start(), match.end())
    return Value(number, found, 0.97 if good else 0.35, exact=True, check=1.0 if good else -1.0)


def _money(words: Sequence[Word]) -> Value | None:
    squeezed = squeeze(words)
    match = _SUM.search(squeezed.folded)
    if match is None:
        return None
    rest = squeezed.folded[match.end() : match.end() + 12]
    known = (sign for name, sign in _CURRENCIES.items() if name in rest)
    amount = re.sub(r"\D", "", match[0])
    found = squeezed.between(match.start(), match.end())
    return Value(f"{int(amount)} {next(known, 'VND')}", found, 0.95, exact=True)


def _identifier(words: Sequence[Word]) -> Value | None:
    line = spaced(words[:1])
    match = _IDENTIFIER.search(line.text)
    if match is None or not any(char.isdigit() for char in match[0]):
        return None
    return Value(match[0], tuple(words[:1]), 0.9, exact=True)


def _person(words: Sequence[Word]) -> Value | None:
    line = spaced(words)
    text = _BEFORE_NAMES.sub("", line.text.lstrip(_EDGE))
    name = re.split(r"[,;(:]|\s-\s", text, maxsplit=1)[0].strip(_EDGE)
    parts = name.split()
    upper = uppercase_share(name) == 1
    capitals = upper or all(part[:1].isupper() for part in parts)
    plain = not any(char.isdigit() for char in name)
    if not (1 < len(parts) <= _MOST_NAME_WORDS and capitals and plain):
        return None
    start = line.text.find(name)
    return Value(name, line.between(start, start + len(name)), 0.95)


def _organisation(words: Sequence[Word]) -> Value | None:
    found = _text(words)
    if found is None or found.text[:1].islower() or len(found.text) > 160:
        return None
    return Value(found.text, found.words, 0.95)


def _text(words: Sequence[Word]) -> Value | None:
    line = spaced(words)
    text = line.text.strip(_EDGE)
    if sum(char.isalnum() for char in text) < 2:
        return None
    start = line.text.find(text)
    return Value(text, line.between(start, start + len(text)), 0.9)


_READERS: Final[Mapping[ValueKind, Callable[[Sequence[Word]], Value | None]]] = {
    "date": _date,
    "money": _money,
    "identifier": _identifier,
    "enterprise_code": _enterprise,
    "person": _person,
    "organisation": _organisation,
    "text": _text,
}


def birth_in(text: str) -> date | None:
    """The first date of a text, as a birth date."""
    for read in dates_in(re.sub(r"\s", "", folded(text))):
        return read.value
    return None
