"""Word lists of the field rules: document types, names of bodies, titles, provinces.

They are data files in ``ocr/fields/data``, each naming its source; the rules
never spell such words themselves.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ocr.fields.matching import key
from vocabulary.text import nfc


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A type of paper: its name, its abbreviation in symbols, and whether its title grows.

    ``open_title``: papers of specialised law, whose title goes on in capitals
    ("GIẤY CHỨNG NHẬN / ĐĂNG KÝ HOẠT ĐỘNG ..."); the types of Decree 30/2020
    end with their name and the subject follows. ``card``: an identity card.
    """

    name: str
    abbreviation: str = ""
    open_title: bool = False
    card: bool = False


def _load(name: str) -> Any:
    return json.loads(_text(name))


@cache
def document_types() -> tuple[DocumentType, ...]:
    """All types, longest name first, so that the first that fits is the most exact."""
    table = _load("document_types.json")
    found = [
        DocumentType(name, short)
        for group in ("decree30", "copies", "laws", "annexes")
        for short, name in table[group].items()
    ]
    found += [DocumentType(name, open_title=True) for name in table["open"]]
    found += [DocumentType(name, card=True) for name in table["cards"]]
    return tuple(sorted(found, key=lambda one: -len(one.name)))


@cache
def card_subtitles() -> tuple[tuple[str, DocumentType], ...]:
    """English second titles of identity cards and the type each tells of."""
    table = _load("document_types.json")["card_subtitles"]
    return tuple((english, DocumentType(name, card=True)) for english, name in table.items())


@cache
def owner_kinds() -> tuple[str, ...]:
    """Kinds of owners that stand under a title without being of it ("CÔNG TY CỔ PHẦN")."""
    return tuple(_load("document_types.json")["owner_kinds"])


@cache
def type_abbreviations() -> frozenset[str]:
    """Abbreviations of Decree 30/2020, Phụ lục III, and of laws."""
    return frozenset(one.abbreviation for one in document_types() if one.abbreviation)


@cache
def issuer_codes() -> frozenset[str]:
    """Abbreviations of issuers in symbols (VPCP, BYT, UBND ...)."""
    lines = (line for line in _text("issuer_codes.txt").splitlines() if not line.startswith("#"))
    return frozenset(code for line in lines for code in line.split())


@cache
def first_words_of_bodies() -> tuple[str, ...]:
    """First words of bodies' names, as keys, longest first."""
    return _keys("issuing_bodies.json", "first_words")


@cache
def bodies_incomplete_alone() -> frozenset[str]:
    """Names that are no body by themselves: the next line belongs to them (keys)."""
    return frozenset(_keys("issuing_bodies.json", "incomplete_alone"))


@cache
def signing_titles() -> tuple[str, ...]:
    """Titles of those who sign, as keys, longest first."""
    return _keys("signing_titles.json", "titles")


@cache
def hand_signed_roles() -> tuple[str, ...]:
    """Roles of private people who sign a form ("Người làm đơn"), as keys."""
    return _keys("signing_titles.json", "hand_signed")


@cache
def signing_prefixes() -> frozenset[str]:
    """``TM KT TL TUQ Q`` and their spellings, as keys."""
    return frozenset(_keys("signing_titles.json", "prefixes"))


@cache
def provinces() -> tuple[str, ...]:
    """Names of provinces before and after 1 July 2025."""
    return tuple(line.strip() for line in _text("provinces.txt").splitlines() if line.strip())


@cache
def former_provinces() -> tuple[str, ...]:
    """Names and spellings on papers from 1975 to 2008 that no province has any more."""
    return tuple(_text("former_provinces.txt").split("\n")[:-1])


@cache
def known_names() -> tuple[str, ...]:
    """Names and parts of names of bodies, spelt as in running text."""
    lines = (line.strip() for line in _text("known_names.txt").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def label_phrases(kind: str) -> tuple[str, ...]:
    """Labels of one kind: organisation, person, tax_code, identity_number, birth, after_value."""
    return tuple(_load("holder_labels.json")[kind])


@cache
def surnames() -> frozenset[str]:
    """Vietnamese family names, as keys; a name outside is possible but less sure."""
    return frozenset(key(name) for name in _text("surnames.txt").split())


@cache
def surname_spellings() -> frozenset[str]:
    """Vietnamese family names as they are spelt."""
    return frozenset(_text("surnames.txt").split())


@cache
def title_spellings() -> tuple[str, ...]:
    """Titles of those who sign, as they are spelt, longest first."""
    return tuple(sorted(_load("signing_titles.json")["titles"], key=lambda text: -len(text)))


def _text(name: str) -> str:
    return nfc((files("ocr.fields") / "data" / name).read_text("utf-8"))


def _keys(name: str, part: str) -> tuple[str, ...]:
    return tuple(sorted((key(text) for text in _load(name)[part]), key=lambda text: -len(text)))
