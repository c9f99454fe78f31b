"""Procedures as files: one readable JSON with every version, and a CSV for a spreadsheet.

Both carry everything; what was written out comes back as it was.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final, Literal

from sqlalchemy.orm import Session

from repository import procedures
from repository.procedures import Component, Procedure
from vocabulary.errors import InvalidRequest, SohoaError
from vocabulary.given import read_json, whole_number

Became = Literal["new", "replaced", "unchanged"]
_COLUMNS: Final = (
    "procedure", "procedure_name", "valid_from", "valid_to", "component", "component_name",
    "required", "satisfied_by", "form", "max_age_days", "preview", "results",
    "case", "case_name", "legal_bases", "processing_time",
)  # fmt: skip
_OR: Final = " | "
_AND: Final = " + "
_IF_ANY: Final = "?"
"""Stands behind a type of result that not every dossier gives."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A version that a file brought, and what became of it."""

    version: Procedure
    became: Became

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.version.code,
            "valid_from": self.version.valid_from.isoformat(),
            "became": self.became,
        }


def as_json(found: Sequence[Procedure]) -> str:
    """One file with all versions, as :func:`read` takes it."""
    told = {"procedures": [one.to_json() for one in found]}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def as_csv(found: Sequence[Procedure]) -> str:
    """One row a component; alternatives parted by " | ", what is needed together by " + "."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for one in found:
        for part in one.components or (None,):
            writer.writerow([*_of_version(one), *_of_component(part), _results(one),
                             *_case(one, part), _bases(one), _times(one)])  # fmt: skip
    return out.getvalue()


def read(text: str, kind: Literal["json", "csv"]) -> list[Procedure]:
    """The versions of a file.

    Raises:
        InvalidRequest: it is no such file, or a value does not fit; ``detail['procedure']``
            names whose.
    """
    bodies = _of_json(text) if kind == "json" else _of_csv(text)
    found = []
    for body in bodies:
        try:
            found.append(procedures.from_json(body))
        except InvalidRequest as error:
            error.detail["procedure"] = str(body.get("code"))[:64]
            raise
    return sorted(found, key=lambda one: (one.stem, one.valid_from))


def take_in(tx: Session, versions: Sequence[Procedure], now: datetime) -> list[Taken]:
    """Enter all of them, or none: the caller's transaction ends with the first that does not fit.

    Raises:
        InvalidRequest: a version overlaps another.
    """
    taken = []
    for version in versions:
        there = {one.valid_from: one for one in procedures.versions(tx, version.code)}
        before = there.get(version.valid_from)
        became: Became = "replaced" if before else "new"
        if before is not None and before.to_json() == version.to_json():
            became = "unchanged"
        try:
            procedures.put(tx, version, now)
        except SohoaError as error:
            error.detail["procedure"] = version.code
            raise
        taken.append(Taken(version, became))
    return taken


def _of_version(one: Procedure) -> list[str]:
    ends = one.valid_to.isoformat() if one.valid_to else ""
    return [one.code, one.name, one.valid_from.isoformat(), ends]


def _of_component(part: Component | None) -> list[str]:
    if part is None:
        return [""] * 7
    return [
        part.code, part.name, "yes" if part.required else "no",
        _OR.join(_AND.join(kinds) for kinds in part.satisfied_by), _OR.join(part.form),
        "" if part.max_age_days is None else str(part.max_age_days),
        "yes" if part.preview else "no",
    ]  # fmt: skip


def _results(one: Procedure) -> str:
    return _OR.join(
        f"{each.type}{'' if each.required else _IF_ANY}: {each.name}" for each in one.results
    )


def _case(one: Procedure, part: Component | None) -> list[str]:
    if part is None or part.case is None:
        return ["", ""]
    return [part.case, one.cases[part.case]]


def _bases(one: Procedure) -> str:
    return json.dumps([dict(basis) for basis in one.legal_bases], ensure_ascii=False)


def _times(one: Procedure) -> str:
    return json.dumps(dict(one.processing_time), ensure_ascii=False)


def _of_json(text: str) -> list[Mapping[str, Any]]:
    try:
        data = read_json(text)
    except ValueError:
        raise _no_file("JSON") from None
    found = data.get("procedures", [data]) if isinstance(data, dict) else data
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _no_file("JSON")
    return found


def _of_csv(text: str) -> list[Mapping[str, Any]]:
    try:
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    except csv.Error:  # a value longer than 128 kB, most often a quotation mark without its other
        raise _no_file("CSV") from None
    if not rows or set(_COLUMNS) - set(rows[0]) or any(None in row.values() for row in rows):
        raise _no_file("CSV")
    key = lambda row: (row["procedure"], row["valid_from"])  # noqa: E731
    return [_version(list(group)) for _, group in groupby(sorted(rows, key=key), key)]


def _version(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    first = rows[0]
    try:
        bases = read_json(first["legal_bases"] or "[]")
        times = read_json(first["processing_time"] or "{}")
    except ValueError:
        raise _no_file("CSV", procedure=first["procedure"][:64]) from None
    return {
        "code": first["procedure"], "name": first["procedure_name"],
        "valid_from": first["valid_from"], "valid_to": first["valid_to"] or None,
        "components": [_component(row) for row in rows if row["component"]],
        "cases": {row["case"]: row["case_name"] for row in rows if row["case"]},
        "results": [_result(one) for one in first["results"].split(_OR) if one],
        "legal_bases": bases, "processing_time": times,
    }  # fmt: skip


def _component(row: Mapping[str, str]) -> dict[str, Any]:
    age = row["max_age_days"]
    days = whole_number(age)
    return {
        "code": row["component"], "name": row["component_name"],
        "required": row["required"] != "no", "preview": row["preview"] == "yes",
        "satisfied_by": [one.split(_AND) for one in row["satisfied_by"].split(_OR) if one],
        "form": [one for one in row["form"].split(_OR) if one],
        "max_age_days": age or None if days is None else days,
        "case": row["case"] or None,
    }  # fmt: skip


def _result(text: str) -> dict[str, Any]:
    kind, _, name = text.partition(": ")
    required = not kind.endswith(_IF_ANY)
    return {"type": kind.removesuffix(_IF_ANY), "name": name, "required": required}


def _no_file(kind: str, **detail: str) -> InvalidRequest:
    return InvalidRequest(
        f"Tệp không phải danh mục thủ tục dạng {kind}. Hãy xuất một tệp để xem mẫu.",
        f"This is no file of procedures in {kind}. Export one to see how it looks.",
        code="no_procedures_file",
        **detail,
    )
