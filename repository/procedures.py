"""Procedures (thủ tục hành chính) as data with validity dates: law changes, decisions stay.

A version says from when to when it holds; the same code may have many. Codes
are joined on their stem of eight characters ``d.dddddd``: the rest names the
publishing body (2.002131.000.00.00.H58 and 2.002131 are one procedure).
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BindParameter, Date, Row, Text, bindparam, cast, or_, select, update
from sqlalchemy.orm import Session

from repository.glimpse import OfSession, Question, Rows
from repository.insertion import insert_once
from repository.schema import procedures
from vocabulary.errors import InvalidRequest, NotFound
from vocabulary.text import nfc

_CODE: Final = re.compile(
    r"(?P<stem>\d\.\d{6})(?:\.\d{3}\.\d{2}\.\d{2})?(?:\.[A-Z]\d{2})?(?:\.\d{2})?"
)


_CASE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Component:
    """One paper that a procedure requires (thành phần hồ sơ).

    ``satisfied_by``: any of (all of) document types; empty where only the
    applicant can make it (the application form itself). ``form``: accepted
    legal forms, empty for any. ``max_age_days``: age limit counted from issue. ``preview``:
    the law wants the holder to look and agree before another system gets it. ``case``: the
    component is asked for in this case alone (a key of the procedure's cases).
    """

    code: str
    name: str
    satisfied_by: tuple[tuple[str, ...], ...] = ()
    form: tuple[str, ...] = ()
    max_age_days: int | None = None
    required: bool = True
    preview: bool = False
    case: str | None = None


@dataclass(frozen=True, slots=True)
class ResultType:
    """A paper that the procedure produces."""

    type: str
    name: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Procedure:
    """One version of a procedure; ``valid_to`` is the last day it holds, None for no end.

    ``processing_time``: working or calendar days by source (province, national, ministry).
    ``cases``: names of the cases in which components differ, by code.
    """

    code: str
    name: str
    valid_from: date
    valid_to: date | None = None
    components: tuple[Component, ...] = ()
    results: tuple[ResultType, ...] = ()
    processing_time: Mapping[str, Any] = field(default_factory=dict)
    legal_bases: tuple[Mapping[str, str], ...] = ()
    demo: bool = False
    cases: Mapping[str, str] = field(default_factory=dict)

    def for_cases(self, chosen: Collection[str]) -> "Procedure":
        """The version with the components that are asked for in these cases."""
        parts = tuple(one for one in self.components if one.case is None or one.case in chosen)
        return self if len(parts) == len(self.components) else replace(self, components=parts)

    @property
    def stem(self) -> str:
        return stem_of(self.code)

    def component(self, code: str) -> Component:
        """The component with this code.

        Raises:
            NotFound: the procedure has none.
        """
        for component in self.components:
            if component.code == code:
                return component
        raise NotFound(
            f"Thủ tục không có thành phần {code}.", f"The procedure has no component {code}."
        )

    def to_json(self) -> dict[str, Any]:
        """As ``PUT /v1/procedures/{code}`` takes it (surface.md section 6)."""
        return {
            "code": self.code,
            "name": self.name,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": None if self.valid_to is None else self.valid_to.isoformat(),
            "processing_time": dict(self.processing_time),
            "components": [_component_json(component) for component in self.components],
            "results": [
                {"type": one.type, "name": one.name, "required": one.required}
                for one in self.results
            ],
            "legal_bases": [dict(basis) for basis in self.legal_bases],
            **({"cases": dict(self.cases)} if self.cases else {}),
        }


def stem_of(code: str) -> str:
    """The eight characters on which codes are joined.

    Raises:
        InvalidRequest: not a procedure code.
    """
    match = _CODE.fullmatch(code.strip().upper())
    if match is None:
        raise _invalid("code", "mã thủ tục như 1.005129", "a procedure code such as 1.005129")
    return match["stem"]


def from_json(data: Mapping[str, Any], *, demo: bool = False) -> Procedure:
    """Reads a version in the shape of :meth:`Procedure.to_json`.

    Raises:
        InvalidRequest: names the value that does not fit.
    """
    code = _text(data, "code")
    stem_of(code)
    valid_from, valid_to = _day(data, "valid_from"), _day(data, "valid_to")
    if valid_from is None:
        raise _invalid("valid_from", "ngày bắt đầu hiệu lực", "the first day of validity")
    if valid_to is not None and valid_to < valid_from:
        raise _invalid("valid_to", "ngày không trước valid_from", "a day not before valid_from")
    components = tuple(_component(one) for one in _objects(data, "components"))
    codes = [component.code for component in components]
    if len(set(codes)) != len(codes):
        raise _invalid("components", "mã thành phần không trùng nhau", "distinct component codes")
    cases = _cases(data, components)
    times = data.get("processing_time") or {}
    if not isinstance(times, Mapping):
        raise _invalid("processing_time", "đối tượng", "an object")
    return Procedure(
        code=code,
        name=_text(data, "name"),
        valid_from=valid_from,
        valid_to=valid_to,
        components=components,
        results=tuple(
            ResultType(_text(one, "type"), _text(one, "name"), bool(one.get("required", True)))
            for one in _objects(data, "results")
        ),
        processing_time=dict(times),
        legal_bases=tuple(dict(one) for one in _objects(data, "legal_bases")),
        demo=demo,
        cases=cases,
    )


def put(tx: Session, version: Procedure, now: datetime) -> Procedure:
    """Enters a version, or replaces the one that starts on the same day.

    An open version that started earlier is ended on the day before.

    Raises:
        InvalidRequest: it would overlap another version that has an end of its own.
    """
    values = {
        "valid_to": version.valid_to,
        "code": version.code,
        "name": version.name,
        "body": version.to_json(),
        "demo": version.demo,
        "updated_at": now,
    }
    key = {"stem": version.stem, "valid_from": version.valid_from}
    mine = (procedures.c.stem == version.stem) & (procedures.c.valid_from == version.valid_from)
    _make_room(tx, version, now)
    if not insert_once(tx, procedures, key | values):
        tx.execute(update(procedures).where(mine).values(**values))
    return version


def get(tx: Session, code: str, on: date) -> Procedure:
    """The version that holds on a day.

    Raises:
        NotFound: no version of this procedure holds then.
        InvalidRequest: not a procedure code.
    """
    [rows] = OfSession(tx).ask(asking_for(code, on))
    return found_in(rows, code, on)


def asking_for(code: str, on: date) -> Question:
    """:func:`get` as a question of a glimpse; :func:`found_in` reads the answer.

    Raises:
        InvalidRequest: not a procedure code.
    """
    return Question(_IN_FORCE, {"stem": stem_of(code), "day": on})


def found_in(rows: Rows, code: str, on: date) -> Procedure:
    """The version that was asked for.

    Raises:
        NotFound: no version of this procedure holds then.
    """
    if not rows:
        raise NotFound(
            f"Không có thủ tục {code} có hiệu lực ngày {on.isoformat()}.",
            f"There is no procedure {code} in force on {on.isoformat()}.",
            code="procedure_not_found",
        )
    [row] = rows
    return _read(row.body, row.demo)


@lru_cache(maxsize=256)
def _read(body: str, demo: bool) -> Procedure:
    """A version from its text: the same text is the same version, so nothing can be stale."""
    return from_json(json.loads(body), demo=demo)


_DAY: Final[BindParameter[date]] = bindparam("day", type_=Date)
# The text, not the object: what was read before is not read again.
_IN_FORCE: Final = select(cast(procedures.c.body, Text).label("body"), procedures.c.demo).where(
    procedures.c.stem == bindparam("stem"),
    procedures.c.valid_from <= _DAY,
    or_(procedures.c.valid_to.is_(None), procedures.c.valid_to >= _DAY),
)


def versions(tx: Session, code: str) -> list[Procedure]:
    """All versions of a procedure, oldest first."""
    rows = tx.execute(
        select(procedures)
        .where(procedures.c.stem == stem_of(code))
        .order_by(procedures.c.valid_from)
    )
    return [_procedure(row) for row in rows]


def list_all(tx: Session, on: date | None = None) -> list[Procedure]:
    """Procedures by code: those in force on a day, or all versions."""
    query = select(procedures).order_by(procedures.c.stem, procedures.c.valid_from)
    if on is not None:
        query = query.where(_holds(on))
    return [_procedure(row) for row in tx.execute(query)]


def _holds(on: date) -> Any:
    ends = or_(procedures.c.valid_to.is_(None), procedures.c.valid_to >= on)
    return (procedures.c.valid_from <= on) & ends


def _make_room(tx: Session, version: Procedure, now: datetime) -> None:
    for other in versions(tx, version.code):
        if other.valid_from == version.valid_from:
            continue
        if other.valid_to is None and other.valid_from < version.valid_from:
            ended = {
                **other.to_json(),
                "valid_to": date.fromordinal(version.valid_from.toordinal() - 1).isoformat(),
            }
            tx.execute(
                update(procedures)
                .where(procedures.c.stem == other.stem, procedures.c.valid_from == other.valid_from)
                .values(valid_to=date.fromisoformat(ended["valid_to"]), body=ended, updated_at=now)
            )
        elif _overlap(other, version):
            raise _invalid(
                "valid_from",
                f"thời gian không chồng lên phiên bản từ {other.valid_from.isoformat()}",
                f"a time that does not overlap the version from {other.valid_from.isoformat()}",
            )


def _overlap(one: Procedure, other: Procedure) -> bool:
    latest = date.max
    return one.valid_from <= (other.valid_to or latest) and other.valid_from <= (
        one.valid_to or latest
    )


def _procedure(row: Row[Any]) -> Procedure:
    return from_json(row.body, demo=row.demo)


def _component(data: Mapping[str, Any]) -> Component:
    age = data.get("max_age_days")
    if age is not None and (not isinstance(age, int) or isinstance(age, bool) or age < 0):
        raise _invalid("max_age_days", "số ngày không âm", "a number of days not below zero")
    alternatives = _list(data, "satisfied_by")
    if any(not isinstance(one, list) or not one for one in alternatives):
        raise _invalid(
            "satisfied_by", "danh sách của danh sách loại giấy tờ", "a list of lists of types"
        )
    return Component(
        code=_text(data, "code"),
        name=_text(data, "name"),
        satisfied_by=tuple(tuple(str(kind) for kind in one) for one in alternatives),
        form=tuple(str(one) for one in _list(data, "form")),
        max_age_days=age,
        required=bool(data.get("required", True)),
        preview=data.get("preview") is True,
        case=None if data.get("case") is None else _text(data, "case"),
    )


def _cases(data: Mapping[str, Any], components: Sequence[Component]) -> dict[str, str]:
    """Names of the cases; every case of a component must have one."""
    cases = data.get("cases") or {}
    if not isinstance(cases, Mapping) or not all(_CASE.fullmatch(str(one)) for one in cases):
        raise _invalid("cases", "tên các trường hợp theo mã", "names of cases by code")
    named = {str(code): _text(cases, code) for code in cases}
    unknown = [one.case for one in components if one.case is not None and one.case not in named]
    if unknown:
        raise _invalid("case", "một mã trong cases", "a code of cases")
    return named


def _component_json(component: Component) -> dict[str, Any]:
    return {
        "code": component.code,
        "name": component.name,
        "satisfied_by": [list(one) for one in component.satisfied_by],
        "form": list(component.form),
        "max_age_days": component.max_age_days,
        "required": component.required,
        **({"preview": True} if component.preview else {}),
        **({"case": component.case} if component.case is not None else {}),
    }


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _invalid(name, "chuỗi ký tự không rỗng", "a text that is not empty")
    return nfc(value).strip()


def _list(data: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = data.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _invalid(name, "danh sách", "a list")
    return value


def _objects(data: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = _list(data, name)
    if not all(isinstance(one, Mapping) for one in found):
        raise _invalid(name, "danh sách đối tượng", "a list of objects")
    return found


def _day(data: Mapping[str, Any], name: str) -> date | None:
    value = data.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _invalid(name, "ngày NĂM-THÁNG-NGÀY", "a date YEAR-MONTH-DAY") from None


def _invalid(name: str, vi: str, en: str) -> InvalidRequest:
    return InvalidRequest(f"Mục {name} phải là {vi}.", f"{name} must be {en}.", field=name)
