"""Reading the tables of a type file strictly: every key is known, of its kind, within bounds.

A :class:`Table` notes what is wrong instead of stopping, so that a person sees all of it at
once. Keys nobody asked for are problems, too: a misspelt key must not be silently without effect.
"""

import datetime
import difflib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from ocr.types.patterns import Pattern, parse
from ocr.types.problems import Problem, line_of, spelled
from vocabulary.text import nfc

_MAX_TEXT: Final = 200
_MAX_ITEMS: Final = 60


class Notes:
    """The problems of one file so far."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.problems: list[Problem] = []

    def add(self, path: Sequence[str | int], vi: str, en: str) -> None:
        """Something is wrong with the value at ``path``."""
        line = line_of(self.text, path)
        self.problems.append(Problem(self.file, line, spelled(path), vi, en))


class Table:
    """A table of the file; call :meth:`finish` when everything was asked for."""

    def __init__(self, data: Any, path: tuple[str | int, ...], notes: Notes) -> None:
        if not isinstance(data, dict):
            notes.add(path, "phải là một bảng, ví dụ [name]", "must be a table, such as [name]")
            data = {}
        self._data: dict[str, Any] = dict(data)
        self._asked: set[str] = set()
        self.path = path
        self.notes = notes

    def wrong(self, name: str, vi: str, en: str) -> None:
        """Note that the value of ``name`` does not fit."""
        self.notes.add((*self.path, name), vi, en)

    def has(self, name: str) -> bool:
        return name in self._data

    def _get(self, name: str, kind: type | tuple[type, ...], vi: str, en: str) -> Any:
        self._asked.add(name)
        value = self._data.get(name)
        if value is None:
            return None
        # In Python a truth value is a number, too; in a file it is not.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.wrong(name, f"phải là {vi}", f"must be {en}")
            return None
        return value

    def text(self, name: str, *, needed: bool = False) -> str:
        """A piece of text, NFC, "" where it is not there."""
        value = self._get(name, str, "chữ trong ngoặc kép", "text in quotes")
        if value is not None and not 0 < len(value.strip()) <= _MAX_TEXT:
            self.wrong(name, f"cần 1 đến {_MAX_TEXT} ký tự", f"1 to {_MAX_TEXT} characters")
            return ""
        if value is None and needed and not self.has(name):
            self.wrong(name, f"còn thiếu: hãy thêm {name} = …", f"is missing: add {name} = …")
        return nfc(value).strip() if value is not None else ""

    def choice(self, name: str, known: Sequence[str], default: str) -> str:
        """One of the known words."""
        value = self.text(name)
        if not value:
            return default
        if value not in known:
            self._unknown_word(name, value, known)
            return default
        return value

    def _unknown_word(self, name: str, value: str, known: Sequence[str]) -> None:
        near = difflib.get_close_matches(value, known, 1)
        self.wrong(
            name,
            f"không có «{value}»{f'; có phải «{near[0]}»?' if near else ''} "
            f"(được dùng: {', '.join(known)})",
            f"does not know {value!r}{f'; {near[0]!r}?' if near else ''} "
            f"(known: {', '.join(known)})",
        )

    def number(self, name: str, least: float, most: float) -> float | None:
        """A number within bounds."""
        value = self._get(name, (int, float), "số", "a number")
        if value is not None and not least <= value <= most:
            self.wrong(name, f"phải từ {least:g} đến {most:g}", f"from {least:g} to {most:g}")
            return None
        return None if value is None else float(value)

    def whole(self, name: str, least: int, most: int) -> int | None:
        """A whole number within bounds."""
        value = self.number(name, least, most)
        if value is not None and value != int(value):
            self.wrong(name, "phải là số nguyên", "must be a whole number")
            return None
        return None if value is None else int(value)

    def flag(self, name: str) -> bool:
        """``true`` or ``false``; false where it is not there."""
        return bool(self._get(name, bool, "true hoặc false", "true or false"))

    def day(self, name: str) -> datetime.date | None:
        """A date, written without quotes: 2024-01-01."""
        value = self._get(name, datetime.date, "ngày, ví dụ 2024-01-01 (không ngoặc kép)",
                          "a date such as 2024-01-01, without quotes")  # fmt: skip
        if isinstance(value, datetime.datetime):
            self.wrong(name, "chỉ ghi ngày, không ghi giờ", "a date without a time")
            return None
        return value if isinstance(value, datetime.date) else None

    def texts(self, name: str, known: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of texts; with ``known``, of these words only."""
        items = self._list(name)
        found = []
        for item in items:
            if not isinstance(item, str) or not 0 < len(item.strip()) <= _MAX_TEXT:
                self.wrong(name, "mỗi mục phải là chữ trong ngoặc kép", "each must be text")
            elif known is not None and item not in known:
                self._unknown_word(name, item, known)
            else:
                found.append(nfc(item).strip())
        if len(set(found)) < len(found):
            self.wrong(name, "có mục ghi hai lần", "something stands there twice")
        return tuple(dict.fromkeys(found))

    def patterns(self, name: str) -> tuple[Pattern, ...]:
        """A list of patterns (:mod:`ocr.types.patterns`)."""
        return tuple(one for one in (self._pattern(name, text) for text in self.texts(name)) if one)

    def pattern(self, name: str) -> Pattern | None:
        """One pattern."""
        text = self.text(name, needed=True)
        return self._pattern(name, text) if text else None

    def _pattern(self, name: str, text: str) -> Pattern | None:
        try:
            return parse(text)
        except ValueError as error:
            vi, en = error.args
            self.wrong(name, f"mẫu «{text}»: {vi}", f"pattern {text!r}: {en}")
            return None

    def groups(self, name: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts."""
        found = []
        for group in self._list(name):
            good = isinstance(group, list) and group and all(isinstance(one, str) for one in group)
            if not good or not all(0 < len(one.strip()) <= _MAX_TEXT for one in group):
                self.wrong(
                    name,
                    'phải là danh sách các nhóm, ví dụ [["Giấy phép", "Cấp phép"]]',
                    'must be a list of groups, such as [["Giấy phép", "Cấp phép"]]',
                )
            else:
                found.append(tuple(nfc(one).strip() for one in group))
        return tuple(found)

    def _list(self, name: str) -> list[Any]:
        value = self._get(name, list, 'danh sách, ví dụ ["…", "…"]', 'a list such as ["…", "…"]')
        if value is not None and len(value) > _MAX_ITEMS:
            self.wrong(name, f"nhiều nhất {_MAX_ITEMS} mục", f"at most {_MAX_ITEMS}")
            return []
        return value or []

    def table(self, name: str) -> "Table":
        """A table in this one; an empty one where it is not there."""
        self._asked.add(name)
        return Table(self._data.get(name, {}), (*self.path, name), self.notes)

    def tables(self, name: str) -> Iterable["Table"]:
        """``[[tables]]``, in order."""
        for place, item in enumerate(self._list(name)):
            yield Table(item, (*self.path, name, place), self.notes)

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for name in self._data:
            if name not in self._asked:
                near = difflib.get_close_matches(name, self._asked, 1)
                self.wrong(
                    name,
                    f"không có khóa này{f'; có phải «{near[0]}»' if near else ''}. "
                    f"Các khóa ở đây: {', '.join(sorted(self._asked))}",
                    f"is no key here{f'; did you mean {near[0]!r}' if near else ''}. "
                    f"Keys here: {', '.join(sorted(self._asked))}",
                )
