"""Codes of the office, data with validity dates: its own, its provinces, those of papers.

Provinces are joined, bodies get new codes, the law changes how the code of a digitised
paper is made; papers and dossiers of one day go by what held on it. The shipped file names
the legal bases; an office's own file takes the place of a whole table.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import Any, Final

from vocabulary.errors import UsageError

_UNIT: Final = re.compile(r"[0-9A-Z]+(?:\.[0-9A-Z]+){0,6}")
_PLACE: Final = re.compile(r"[A-Z][0-9]{2}")
_PAPER: Final = re.compile(r"[0-9A-Z]+(?:[.-][0-9A-Z]+){0,8}")
_DATES: Final = frozenset({"from", "to", "basis"})


@dataclass(frozen=True, slots=True)
class Code:
    """One entry: what it is of (a type of papers), its text, its name, when it holds.

    ``since`` and ``until`` are days that count; None for no end.
    """

    of: str
    text: str
    further: str
    name: str
    since: date | None
    until: date | None
    basis: str

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class OfficeCodes:
    """All codes by table."""

    tables: Mapping[str, tuple[Code, ...]]

    def unit_on(self, day: date, otherwise: str) -> str:
        """Identity code of the office on a day of receipt; ``otherwise`` where none is given."""
        return next((one.text for one in self._on("unit", day)), otherwise)

    def places_on(self, day: date) -> frozenset[str]:
        """Provinces whose papers are in force here on a day."""
        return frozenset(one.text for one in self._on("place", day))

    @property
    def places(self) -> dict[str, str]:
        """Every province that is named, with its name; for people to choose from."""
        return {one.text: one.name for one in self.tables["place"]}

    def paper_type(self, kind: str, day: date) -> str:
        """Code of a type of papers in the national database; our own key where it has none."""
        found = (one.text for one in self._on("paper_type", day) if one.of == kind)
        return next(found, kind.upper().replace("_", "-"))

    def result_code(self, holder: str, kind: str, ordinal: int, day: date) -> str | None:
        """Code of a digitised paper; None where the law of that day gives none.

        Args:
            holder: identity code, empty where the holder has none (article 10(2)).
            kind: our own key of the type.
            ordinal: from 1: which of the papers that have the same holder and type.
            day: on which the code is given.
        """
        rule = next(iter(self._on("result_code", day)), None)
        if rule is None:
            return None
        form = rule.text if ordinal == 1 else rule.further
        said = form.format(holder=holder, type=self.paper_type(kind, day), n=ordinal)
        return said.strip(".-")

    def _on(self, table: str, day: date) -> list[Code]:
        return [one for one in self.tables[table] if one.holds(day)]


@lru_cache(maxsize=8)
def load_codes(own: Path | None = None) -> OfficeCodes:
    """The shipped codes, with an office's own tables in their places.

    Raises:
        UsageError: the office's file cannot be read or says what cannot be; all is named.
    """
    shipped = resources.files("repository.data").joinpath("office_codes.toml")
    tables: dict[str, tuple[Code, ...]] = dict.fromkeys(_READERS, ())
    tables |= _tables("office_codes.toml", shipped.read_text("utf-8"))
    if own is not None:
        try:
            text = own.read_text("utf-8")
        except (OSError, ValueError) as error:
            raise _wrong(own.name, str(error)) from error
        tables |= _tables(own.name, text)
    return OfficeCodes(tables)


def _tables(name: str, text: str) -> dict[str, tuple[Code, ...]]:
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        raise _wrong(name, str(error)) from error
    unknown = sorted(set(data) - set(_READERS))
    if unknown:
        raise _wrong(name, f"[[{unknown[0]}]]")
    found = {}
    for table, entries in data.items():
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise _wrong(name, f"[[{table}]]")
        found[table] = tuple(_read(name, table, entry) for entry in entries)
        _one_at_a_time(name, table, found[table])
    return found


def _read(name: str, table: str, entry: Mapping[str, Any]) -> Code:
    keys, reader = _READERS[table]
    if set(entry) - keys - _DATES:
        raise _wrong(name, f"[[{table}]] {sorted(set(entry) - keys - _DATES)}")
    for key in ("from", "to"):
        day = entry.get(key)
        if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
            raise _wrong(name, f"[[{table}]] {key} = {day}")
    since, until = entry.get("from"), entry.get("to")
    if since and until and until < since:
        raise _wrong(name, f"[[{table}]] from = {since}, to = {until}")
    try:
        of, text, further, called = reader({key: str(entry[key]) for key in keys if key in entry})
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise _wrong(name, f"[[{table}]] {error}") from error
    return Code(of, text, further, called, since, until, str(entry.get("basis", "")))


def _one_at_a_time(name: str, table: str, codes: tuple[Code, ...]) -> None:
    """On one day there is one unit, one rule, one code of a type; provinces may be many."""
    if table == "place":
        return
    for at, one in enumerate(codes):
        for other in codes[:at]:
            first = max(one.since or date.min, other.since or date.min)
            if one.of == other.of and one.holds(first) and other.holds(first):
                raise _wrong(name, f"[[{table}]] {one.of or one.text}: {other.text} ({first})")


Parts = tuple[str, str, str, str]


def _fitting(pattern: re.Pattern[str], text: str) -> str:
    if pattern.fullmatch(text) is None:
        raise ValueError(text)
    return text


def _unit(entry: dict[str, str]) -> Parts:
    return "", _fitting(_UNIT, entry["code"]), "", ""


def _place(entry: dict[str, str]) -> Parts:
    return "", _fitting(_PLACE, entry["code"]), "", entry.get("name") or entry["code"]


def _paper_type(entry: dict[str, str]) -> Parts:
    return entry["type"], _fitting(_PAPER, entry["code"]), "", ""


def _result_code(entry: dict[str, str]) -> Parts:
    form, further = entry["form"], entry["further"]
    for _, name, spec, turned in (*Formatter().parse(form), *Formatter().parse(further)):
        if name not in (None, "holder", "type", "n") or spec or turned:
            raise ValueError(f"{{{name}}}")
    one, other = (text.format(holder="0", type="A", n=number)
                  for text, number in ((form, 1), (further, 2)))  # fmt: skip
    if not one.isprintable() or further.format(holder="0", type="A", n=3) == other:
        raise ValueError(f"further = {further}")
    return "", form, further, ""


_READERS: Final[Mapping[str, tuple[frozenset[str], Callable[[dict[str, str]], Parts]]]] = {
    "unit": (frozenset({"code"}), _unit),
    "place": (frozenset({"code", "name"}), _place),
    "paper_type": (frozenset({"type", "code"}), _paper_type),
    "result_code": (frozenset({"form", "further"}), _result_code),
}


def _wrong(name: str, what: str) -> UsageError:
    return UsageError(
        f"Tệp mã của cơ quan {name} sai: {what}. Hãy xem mẫu trong tài liệu vận hành.",
        f"The file of the office's codes {name} is wrong: {what}. See the operator's guide.",
    )
