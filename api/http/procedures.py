"""Procedures and their components, as data with validity dates."""

from datetime import date
from typing import Any

from fastapi import Body, Request
from fastapi.responses import JSONResponse, Response

from api.access import Permission, allow
from api.http.desk import caller_of, house_of
from api.http.guard import area
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


@routes.get("", summary="Procedures in force")
@allow(Permission.READ_PROCEDURES)
def list_procedures(request: Request, on: date | None = None) -> dict[str, Any]:
    """Those in force on a day, today where none is named."""
    day = on or today(request)
    with house_of(request).database.read() as tx:
        found = procedures.list_all(tx, day)
    return {"items": [one.to_json() for one in found], "next": None, "on": day.isoformat()}


@routes.get("/{code}", summary="One procedure as it holds on a day, with its versions' dates")
@allow(Permission.READ_PROCEDURES)
def read_procedure(request: Request, code: str, on: date | None = None) -> dict[str, Any]:
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
    request: Request, code: str, version: dict[str, Any] = Body(examples=[EXAMPLE])
) -> Response:
    """A version that starts on the same day is replaced; an open earlier one is ended."""
    if version.setdefault("code", code) != code:
        raise InvalidRequest(
            "Mã thủ tục trong địa chỉ và trong nội dung khác nhau.",
            "The code of the address and that of the body differ.",
            field="code",
        )
    house = house_of(request)
    now = house.clock.now()
    wanted = procedures.from_json(version)
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
    return JSONResponse(kept.to_json(), 200 if there else 201)


def today(request: Request) -> date:
    """The day at Vietnam's clock."""
    return house_of(request).clock.now().astimezone(VIETNAM).date()
