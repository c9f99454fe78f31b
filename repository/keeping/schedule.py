"""The retention schedule (thời hạn bảo quản) as data, and how long one paper is kept.

Terms come from law that changes (Law 33/2024/QH15 on archives and what is issued under
it), so no term stands in the code: a rule has dates between which it holds, its legal
basis, and whether the office has confirmed it. A term is counted in whole years from the
end of a year, at Vietnam's clock.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from itertools import pairwise
from typing import Any, Final, Literal, cast

from vocabulary.clock import VIETNAM
from vocabulary.errors import InvalidRequest
from vocabulary.text import nfc

EVERY: Final = "*"
"""Stands for every type that has no rule of its own."""

CountsFrom = Literal["dossier_closed", "issued", "received"]
COUNTS_FROM: Final = ("dossier_closed", "issued", "received")
_PERMANENT: Final = "permanent"
_LONGEST_YEARS: Final = 200
_KEYS: Final = (
    "type", "valid_from", "valid_to", "keep", "counts_from", "legal_basis", "confirmed", "note",
)  # fmt: skip
_NEEDED: Final = ("type", "valid_from", "keep", "counts_from", "legal_basis", "confirmed")


@dataclass(frozen=True, slots=True)
class Rule:
    """How long papers of a type are kept; ``valid_to`` is the last day the rule holds.

    ``years``: None for ever (vĩnh viễn). ``counts_from``: the end of the year in which the
    last dossier of the paper closed, it was issued, or it was received here.
    ``confirmed``: the office has compared the rule with its source; nothing is disposed of
    by one that is not.
    """

    type: str
    valid_from: date
    valid_to: date | None
    years: int | None
    counts_from: CountsFrom
    legal_basis: str
    confirmed: bool
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the file and ``/v1/retention`` have it."""
        return {
            "type": self.type,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": None if self.valid_to is None else self.valid_to.isoformat(),
            "keep": _PERMANENT if self.years is None else self.years,
            "counts_from": self.counts_from,
            "legal_basis": self.legal_basis,
            "confirmed": self.confirmed,
            "note": self.note,
        }

    def holds(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Schedule:
    """All rules, of all times."""

    rules: tuple[Rule, ...] = ()

    def rule_for(self, kind: str | None, day: date) -> Rule | None:
        """The rule of a type on a day, else the one for every type, else None."""
        in_force = {rule.type: rule for rule in self.rules if rule.holds(day)}
        return in_force.get(kind or EVERY) or in_force.get(EVERY)

    def in_force(self, day: date) -> tuple[Rule, ...]:
        """The rules that hold on a day."""
        return tuple(rule for rule in self.rules if rule.holds(day))


@dataclass(frozen=True, slots=True)
class Paper:
    """What of a document decides how long it is kept.

    ``closings``: when each dossier that it belongs to was closed, None for an open one.
    """

    type: str | None
    issued: date | None
    received: datetime
    closings: tuple[datetime | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """``until``: the last day on which the paper must be there; only with ``state`` "until".

    ``dossier_open``: the years do not begin before the dossier is closed.
    """

    state: Literal["until", "permanent", "dossier_open", "no_rule"]
    until: date | None = None
    rule: Rule | None = None

    def over(self, day: date) -> bool:
        """Whether the paper need not be kept any more on this day."""
        return self.until is not None and day > self.until


def keep_until(paper: Paper, schedule: Schedule, day: date) -> Term:
    """How long a paper is kept by the rules that hold on ``day``.

    What is not known (no dossier, no date of issue) is counted from the receipt, which is
    never earlier.
    """
    rule = schedule.rule_for(paper.type, day)
    if rule is None:
        return Term("no_rule")
    if rule.years is None:
        return Term("permanent", rule=rule)
    year = _year(paper, rule.counts_from)
    if year is None:
        return Term("dossier_open", rule=rule)
    return Term("until", date(min(year + rule.years, date.max.year), 12, 31), rule)


def _year(paper: Paper, counts_from: CountsFrom) -> int | None:
    received = paper.received.astimezone(VIETNAM).year
    if counts_from == "issued":
        return received if paper.issued is None else paper.issued.year
    if counts_from == "received" or not paper.closings:
        return received
    closed = [one.astimezone(VIETNAM).year for one in paper.closings if one is not None]
    return max(closed) if len(closed) == len(paper.closings) else None


def parse(text: str) -> Schedule:
    """Reads a schedule file (TOML).

    Raises:
        InvalidRequest: every mistake at once, each with the number of its rule.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong([f"TOML: {error}"]) from None
    extra = sorted(set(data) - {"rule"})
    if extra or not isinstance(data.get("rule", []), list):
        raise _wrong([f"chỉ có các mục [[rule]] · only [[rule]] is known: {', '.join(extra)}"])
    return from_json(data.get("rule", []))


def from_json(rules: Sequence[Any]) -> Schedule:
    """Reads rules in the shape of :meth:`Rule.to_json`; dates may be dates.

    Raises:
        InvalidRequest: every mistake at once, each with the number of its rule.
    """
    found: list[Rule] = []
    wrong: list[str] = []
    for number, one in enumerate(rules, start=1):
        try:
            found.append(_rule(one))
        except ValueError as error:
            wrong.append(f"rule {number}: {error}")
    wrong += _overlaps(found)
    if wrong:
        raise _wrong(wrong)
    return Schedule(tuple(sorted(found, key=lambda one: (one.type, one.valid_from))))


def to_toml(schedule: Schedule) -> str:
    """A file that :func:`parse` reads to the same schedule."""
    parts = [_HEAD]
    for rule in schedule.rules:
        said = rule.to_json()
        lines = [f"{key} = {_toml(key, said[key])}" for key in _KEYS if said[key] not in (None, "")]
        parts.append("[[rule]]\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def shipped() -> Schedule:
    """A schedule to begin with; no rule of it is confirmed."""
    return parse(resources.files("repository.data").joinpath("retention.toml").read_text("utf-8"))


_HEAD: Final = """\
# Thời hạn bảo quản · retention schedule
# type: mã loại giấy tờ, "*" là mọi loại khác; keep: số năm, hoặc "permanent" (vĩnh viễn);
# counts_from: dossier_closed (năm kết thúc hồ sơ), issued (năm ban hành), received (năm nhận);
# tính từ hết ngày 31/12 của năm đó. confirmed = true: cơ quan đã đối chiếu với văn bản gốc.
"""


def _toml(key: str, value: Any) -> str:
    if key in ("valid_from", "valid_to"):
        return str(value)
    # JSON's strings are TOML's, but for one character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _rule(one: Any) -> Rule:
    if not isinstance(one, Mapping):
        raise ValueError("phải là một mục · must be an object")
    if unknown := sorted(set(one) - set(_KEYS)):
        raise ValueError(f"không có mục · unknown: {', '.join(unknown)}")
    if missing := [key for key in _NEEDED if one.get(key) in (None, "")]:
        raise ValueError(f"thiếu · missing: {', '.join(missing)}")
    start, end = _day(one["valid_from"]), _day(one.get("valid_to"))
    assert start is not None
    if end is not None and end < start:
        raise ValueError("valid_to trước valid_from · valid_to is before valid_from")
    if one["counts_from"] not in COUNTS_FROM:
        raise ValueError(f"counts_from: {', '.join(COUNTS_FROM)}")
    if not isinstance(one["confirmed"], bool):
        raise ValueError("confirmed: true, false")
    for key in ("type", "legal_basis", "note"):
        if not isinstance(one.get(key, ""), str):
            raise ValueError(f"{key}: chữ · text")
    if len(one["type"]) > 64:
        raise ValueError("type: 64")
    return Rule(
        nfc(one["type"]).strip(), start, end, _years(one["keep"]),
        cast(CountsFrom, one["counts_from"]), nfc(one["legal_basis"]).strip(),
        one["confirmed"], nfc(one.get("note", "")).strip(),
    )  # fmt: skip


def _years(keep: Any) -> int | None:
    if keep == _PERMANENT:
        return None
    if isinstance(keep, bool) or not isinstance(keep, int) or not 1 <= keep <= _LONGEST_YEARS:
        raise ValueError(f'keep: 1..{_LONGEST_YEARS}, "{_PERMANENT}"')
    return keep


def _day(value: Any) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"ngày NĂM-THÁNG-NGÀY · a date YEAR-MONTH-DAY: {value}") from None


def _overlaps(rules: Sequence[Rule]) -> list[str]:
    ordered = sorted(rules, key=lambda one: (one.type, one.valid_from))
    return [
        f"{later.type}: hai quy định cùng ngày {later.valid_from} · two rules on one day"
        for earlier, later in pairwise(ordered)
        if earlier.type == later.type
        and (earlier.valid_to is None or earlier.valid_to >= later.valid_from)
    ]


def _wrong(mistakes: Sequence[str]) -> InvalidRequest:
    said = "; ".join(mistakes)
    return InvalidRequest(
        f"Bảng thời hạn bảo quản có chỗ sai, hãy sửa rồi nạp lại: {said}",
        f"The retention schedule has mistakes; mend them and load it again: {said}",
        code="schedule_invalid",
        field="rules",
        mistakes=list(mistakes),
    )
