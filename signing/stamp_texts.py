"""Texts and places of visible signatures: data with validity dates, not code.

Laws change what a stamp says; papers of one day get what was in force on it. The shipped
file has its legal bases beside it; an office's own file takes the place of a whole table.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from signing.stamp import Corner, StampTexts
from vocabulary.clock import VIETNAM
from vocabulary.errors import UsageError

_SHIPPED: Final = Path(__file__).with_name("stamp_texts.toml")
_TABLES: Final = ("officer", "officer_signs", "organisation")
_KEYS: Final = frozenset({"lines", "corner", "from", "to", "basis"})
_MOST_LINES: Final = 6


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording, its corner, the days on which it is in force, and the law behind it."""

    lines: tuple[str, ...]
    corner: Corner
    since: date | None
    until: date | None
    basis: str

    def in_force(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class Wordings:
    """All wordings by table."""

    tables: Mapping[str, tuple[Wording, ...]]

    def on(self, moment: datetime) -> StampTexts:
        """What is in force at a moment.

        Raises:
            UsageError: a table has nothing for that day.
        """
        day = moment.astimezone(VIETNAM).date()
        found = {}
        for name in _TABLES:
            fitting = [one for one in self.tables[name] if one.in_force(day)]
            if not fitting:
                raise UsageError(
                    f"Không có nội dung chữ ký [[{name}]] nào có hiệu lực ngày {day}. "
                    "Hãy bổ sung vào tệp SOHOA_STAMP_TEXTS.",
                    f"No wording [[{name}]] is in force on {day}. Add one to SOHOA_STAMP_TEXTS.",
                )
            found[name] = fitting[0]
        return StampTexts(
            officer=found["officer"].lines,
            officer_signs=found["officer_signs"].lines,
            organisation=found["organisation"].lines,
            officer_corner=found["officer"].corner,
            organisation_corner=found["organisation"].corner,
        )


def load_wordings(own: Path | None = None) -> Wordings:
    """The shipped wordings, with an office's own tables in their places.

    Raises:
        UsageError: the office's file cannot be read or says what cannot be; all is named.
    """
    tables = _tables(_SHIPPED)
    if own is not None:
        tables |= _tables(own)
    return Wordings(tables)


def _tables(path: Path) -> dict[str, tuple[Wording, ...]]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _wrong(path, str(error)) from error
    unknown = sorted(set(data) - set(_TABLES))
    if unknown:
        raise _wrong(path, f"[[{unknown[0]}]]")
    found = {}
    for name, entries in data.items():
        if not isinstance(entries, list) or not entries:
            raise _wrong(path, f"[[{name}]]")
        found[name] = tuple(_wording(path, name, entry) for entry in entries)
    return found


def _wording(path: Path, table: str, entry: Any) -> Wording:
    where = f"[[{table}]]"
    if not isinstance(entry, dict) or set(entry) - _KEYS:
        raise _wrong(path, f"{where}: {sorted(set(entry) - _KEYS) if entry else ''}")
    lines, corner = entry.get("lines"), entry.get("corner", "left")
    if not isinstance(lines, list) or not 0 < len(lines) <= _MOST_LINES:
        raise _wrong(path, f"{where} lines")
    if corner not in ("left", "right"):
        raise _wrong(path, f"{where} corner = left | right")
    for line in lines:
        try:
            if not str(line).format(name="", time="", form="").isprintable():
                raise ValueError(line)
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            raise _wrong(path, f"{where}: {line}") from error
    for key in ("from", "to"):
        day = entry.get(key)
        if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
            raise _wrong(path, f"{where} {key} = {day}")
    return Wording(
        tuple(map(str, lines)), corner, entry.get("from"), entry.get("to"),
        str(entry.get("basis", "")),
    )  # fmt: skip


def _wrong(path: Path, what: str) -> UsageError:
    return UsageError(
        f"Tệp nội dung chữ ký {path.name} sai: {what}. Hãy xem mẫu trong tài liệu vận hành.",
        f"The file of stamp texts {path.name} is wrong: {what}. See the operator's guide.",
    )
