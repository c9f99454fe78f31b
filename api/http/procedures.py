"""Procedures and their components, as data with validity dates."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Body, Query, Request
from fastapi.responses import JSONResponse, Response

from api.access import Permission, allow
from api.http.codes import ProcedureCode
from api.http.days import Day
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.procedure_files import as_table
from ingest.procedure_effects import effects_of
from repository import audit, procedures
from repository.audit import AuditEntry
from vocabulary.clock import VIETNAM
from vocabulary.errors import InvalidRequest

routes = area("/v1/procedures", "procedures")

EXAMPLE = {
    "code": "1.005129",
    "name": "Cấp giấy phép …",
    "valid_from": "2024-01-01",
    "valid_to": None,
    "processing_time": {"province": {"days": 15}},
    "components": [
        {
            "code": "TP1",
            "name": "Giấy chứng nhận …",
            "satisfied_by": [["business_registration"]],
            "form": ["original", "certified_copy"],
            "max_age_days": None,
            "required": True,
        }
    ],
    "results": [{"type": "radiation_work_licence", "name": "Giấy phép …", "required": True}],
    "legal_bases": [{"instrument": "NĐ 142/2020/NĐ-CP", "article": "…"}],
}


@routes.get(
    "",
    summary="Procedures in force",
    responses={200: {"content": {"application/json": {}, "text/csv": {}}}},
)
@allow(Permission.READ_PROCEDURES)
def list_procedures(
    request: Request,
    on: Day | None = None,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response:
    """Those in force on a day, today where none is named; as CSV one row a component."""
    day = on or today(request)
    with house_of(request).database.read() as tx:
        found = procedures.list_all(tx, day)
    if form == "csv":
        return as_table(found)
    items = [one.to_json() for one in found]
    return JSONResponse({"items": items, "next": None, "on": day.isoformat()})


@routes.get("/{code}", summary="One procedure as it holds on a day, with its versions' dates")
@allow(Permission.READ_PROCEDURES)
def read_procedure(request: Request, code: ProcedureCode, on: Day | None = None) -> dict[str, Any]:
    """404 where no version holds on that day."""
    with house_of(request).database.read() as tx:
        found = procedures.get(tx, code, on or today(request))
        versions = procedures.versions(tx, code)
    return {
        **found.to_json(),
        "versions": [
            {
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else None,
            }
            for one in versions
        ],
    }


@routes.put("/{code}", summary="Enter a version of a procedure")
@allow(Permission.WRITE_PROCEDURES)
def put_procedure(
    request: Request,
    code: ProcedureCode,
    version: dict[str, Any] = Body(examples=[EXAMPLE]),
    dry_run: Annotated[bool, Query(description="Only tell what it would do.")] = False,
) -> Response:
    """A version that starts on the same day is replaced; an open earlier one is ended.

    ``open_dossiers``: what it does to dossiers that are open.
    """
    if version.setdefault("code", code) != code:
        raise InvalidRequest(
            "Mã thủ tục trong địa chỉ và trong nội dung khác nhau.",
            "The code of the address and that of the body differ.",
            field="code",
        )
    house = house_of(request)
    now = house.clock.now()
    wanted = procedures.from_json(version)
    with house.database.read() as tx:
        told = [one.to_json() for one in effects_of(tx, wanted)]
    if dry_run:
        return JSONResponse({**wanted.to_json(), "open_dossiers": told})
    with house.database.write() as tx:
        there = any(one.valid_from == wanted.valid_from for one in procedures.versions(tx, code))
        kept = procedures.put(tx, wanted, now)
        entry = AuditEntry(
            "procedure.put",
            caller_of(request).name,
            now,
            detail={"code": kept.code, "valid_from": kept.valid_from.isoformat()},
        )
        audit.append(tx, entry)
    return JSONResponse({**kept.to_json(), "open_dossiers": told}, 200 if there else 201)


def today(request: Request) -> date:
    """The day at Vietnam's clock."""
    return house_of(request).clock.now().astimezone(VIETNAM).date()
