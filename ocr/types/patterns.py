"""The small language in which a type file writes forms of numbers and symbols.

Literal characters stand for themselves; a brace says how many characters of a class follow::

    {d}      one digit              {d2}     two digits         {d0-5}   none to five digits
    {A}      a capital letter       {a}      any letter
    {s1-20}  letters, digits and the signs of symbols (& . - _)
    {x}      a letter or digit

``{d0-5}/GP-{s1-30}`` is "12/GP-SKHCN". There is no repetition of groups, no choice and no look
around, and a match is found by walking a set of positions, never by trying again: time is at
most text x elements x greatest count, whatever an office writes. Marks and case of letters
do not count, so "QD" read for "QĐ" still fits.
"""

from dataclasses import dataclass
from typing import Final

from vocabulary.text import unmark

MAX_LENGTH: Final = 120
"""Longest pattern, and longest text that one is held against."""
MAX_COUNT: Final = 60
MAX_ELEMENTS: Final = 40

_CLASSES: Final = frozenset("dAasx")
_SIGNS: Final = frozenset("&._-")


@dataclass(frozen=True, slots=True)
class Element:
    """``least`` to ``most`` characters of a class (or, in ``literal``, that very character)."""

    kind: str
    least: int
    most: int
    literal: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern; ``text`` is how it was written."""

    text: str
    elements: tuple[Element, ...]

    def matches(self, text: str) -> bool:
        """Whether the whole text, without its spaces, is of this form."""
        plain = _plain(text)
        if len(plain) > MAX_LENGTH:
            return False
        reached = {0}
        for element in self.elements:
            reached = _after(element, plain, reached)
            if not reached:
                return False
        return len(plain) in reached


def parse(text: str) -> Pattern:
    """The pattern that the text writes.

    Raises:
        ValueError: saying what is wrong, in English and Vietnamese: ``args`` is (vi, en).
    """
    if not text or len(text) > MAX_LENGTH:
        raise ValueError(f"mẫu phải có 1 đến {MAX_LENGTH} ký tự", f"1 to {MAX_LENGTH} characters")
    elements: list[Element] = []
    place = 0
    while place < len(text):
        if text[place] == "{":
            end = text.find("}", place)
            if end < 0:
                raise ValueError(f"thiếu «}}» sau «{text[place:]}»", f"no }} after {text[place:]}")
            elements.append(_element(text[place + 1 : end]))
            place = end + 1
        elif text[place] == "}":
            raise ValueError("«}» đứng một mình", "a } without its {")
        else:
            plain = _plain(text[place])
            elements += [Element("literal", 1, 1, char) for char in plain]
            place += 1
    if not 0 < len(elements) <= MAX_ELEMENTS:
        raise ValueError(f"mẫu có hơn {MAX_ELEMENTS} phần", f"more than {MAX_ELEMENTS} elements")
    return Pattern(text, tuple(elements))


def _element(inside: str) -> Element:
    kind, count = inside[:1], inside[1:]
    first, dash, last = count.partition("-")
    numbers = [first, last] if dash else [first or "1"]
    if kind not in _CLASSES or not all(one.isascii() and one.isdigit() for one in numbers):
        raise ValueError(
            f"«{{{inside}}}» phải là một trong d A a s x và số lượng, ví dụ {{d0-5}}",
            f"{{{inside}}} must be one of d A a s x and a count, for example {{d0-5}}",
        )
    if any(len(one) > 2 for one in numbers):
        raise ValueError(f"số lượng quá {MAX_COUNT}", f"a count of more than {MAX_COUNT}")
    least, most = int(numbers[0]), int(numbers[-1])
    if not least <= most <= MAX_COUNT or most == 0:
        raise ValueError(
            f"«{{{inside}}}»: số lượng từ nhỏ đến lớn, nhiều nhất {MAX_COUNT}",
            f"{{{inside}}}: counts go up, to {MAX_COUNT} at most",
        )
    return Element(kind, least, most)


def _after(element: Element, text: str, reached: set[int]) -> set[int]:
    """Positions behind the element, from any of those before it."""
    found: set[int] = set()
    for start in reached:
        count = 0
        if element.least == 0:
            found.add(start)
        while count < element.most and start + count < len(text):
            if not _is(element, text[start + count]):
                break
            count += 1
            if count >= element.least:
                found.add(start + count)
    return found


def _is(element: Element, char: str) -> bool:
    if element.literal:
        return char.upper() == element.literal.upper()
    if element.kind == "d":
        return char in "0123456789"
    if element.kind == "A":
        return char.isalpha() and char.isupper()
    if element.kind == "a":
        return char.isalpha()
    signs = element.kind == "s" and char in _SIGNS
    return char.isalpha() or char in "0123456789" or signs


def _plain(text: str) -> str:
    return "".join(unmark(text).split())
