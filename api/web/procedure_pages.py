"""The procedures as a page, and a file of them taken in: tried first, then done."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from api.access import Permission, allow
from api.http import uploads
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.procedure_files import outcome
from api.http.procedures import today
from api.problems import status_of
from api.web import words
from api.web.rendering import render
from repository import procedures
from vocabulary.errors import SohoaError

routes = area(in_schema=False)

_BECAME: Final[Mapping[str, str]] = {
    "new": "mới",
    "replaced": "thay phiên bản cùng ngày",
    "unchanged": "không đổi",
}


@routes.get("/procedures")
@allow(Permission.READ_PROCEDURES)
def procedures_page(request: Request) -> Response:
    """The procedures in force today with what they ask for."""
    return _page(request)


@routes.post("/procedures")
@allow(Permission.WRITE_PROCEDURES)
async def take_in(request: Request) -> Response:
    """A file of procedures: first what it would do, then, on demand, done."""
    parts = await uploads.parts_of(request)
    return await run_in_threadpool(_take_in, request, parts)


def _take_in(request: Request, parts: uploads.Parts) -> Response:
    trial = parts.fields.get("action") != "take"
    try:
        (file,) = uploads.need_files(parts)[:1]
        file.stream.seek(0)
        form: Literal["json", "csv"] = "csv" if file.name.lower().endswith(".csv") else "json"
        told = outcome(request, file.stream.read(), form, trial)
    except SohoaError as error:
        return _page(request, problem=error)
    return _page(request, told=told)


def _page(
    request: Request,
    *,
    told: Mapping[str, Any] | None = None,
    problem: SohoaError | None = None,
) -> Response:
    house = house_of(request)
    with house.database.read() as tx:
        found = procedures.list_all(tx, today(request))
    shown = [
        {
            "code": one.code,
            "name": one.name,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
            "components": [
                {
                    "code": part.code,
                    "name": part.name,
                    "by": _alternatives(part.satisfied_by),
                    "forms": [words.FORMS.get(form, form) for form in part.form],
                    "days": part.max_age_days,
                    "required": part.required,
                    "case": one.cases.get(part.case or ""),
                }
                for part in one.components
            ],
            "results": one.results,
            "bases": one.legal_bases,
            "times": {
                words.SOURCES_OF_TIMES.get(source, source): days_of(told)
                for source, told in one.processing_time.items()
            },
            "times_differ": len({days_of(told) for told in one.processing_time.values()}) > 1,
        }
        for one in found
    ]
    whose = str(problem.detail.get("procedure", "")) if problem else ""
    return render(
        house, caller_of(request), "procedures.html", status_of(problem) if problem else 200,
        procedures=shown, told=told, problem=problem.vi if problem else None, whose=whose,
        became=_BECAME,
    )  # fmt: skip


def days_of(told: Any) -> str:
    """A processing time in words: ``{"days": 15}``, or what else stands there."""
    if isinstance(told, Mapping) and set(told) <= {"days", "working"} and "days" in told:
        return f"{told['days']} ngày{' làm việc' if told.get('working') else ''}"
    return str(told)


def _alternatives(satisfied_by: Sequence[Sequence[str]]) -> str:
    return " hoặc ".join(
        " + ".join(words.DOCUMENT_TYPES.get(kind, kind) for kind in one) for one in satisfied_by
    )
