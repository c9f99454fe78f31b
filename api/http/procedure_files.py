"""All procedures as one file: out to read, to compare, to edit; in again whole or not at all."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any, Final, Literal

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from api.access import Permission, allow
from api.http.desk import caller_of, house_of
from api.http.guard import area
from ingest.procedure_effects import effects_of
from repository import audit, procedure_files, procedures
from repository.audit import AuditEntry
from repository.procedures import Procedure
from vocabulary.errors import InvalidRequest

routes = area("/v1/procedure-file", "procedures")

FileForm = Annotated[Literal["json", "csv"], Query(alias="format")]
_JSON: Final = "application/json"
_CSV: Final = "text/csv"
_FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            _JSON: {"schema": {
                "type": "object", "required": ["procedures"],
                "properties": {"procedures": {"type": "array", "items": {"type": "object"}}},
            }},
            _CSV: {"schema": {"type": "string"}},
        },
    }
}  # fmt: skip


@routes.get(
    "",
    summary="Every version of every procedure, as one file",
    responses={200: {"content": {_JSON: {}, _CSV: {}}}},
)
@allow(Permission.READ_PROCEDURES)
def export(request: Request, form: FileForm = "json") -> Response:
    """JSON to read and to compare, or CSV for a spreadsheet; either can be imported."""
    with house_of(request).database.read() as tx:
        found = procedures.list_all(tx)
    if form == "csv":
        return as_table(found)
    headers = {"Content-Disposition": 'attachment; filename="procedures.json"'}
    return Response(procedure_files.as_json(found), media_type=_JSON, headers=headers)


@routes.post("", summary="Take in a file of procedures, whole or not at all",
             openapi_extra=_FILE)  # fmt: skip
@allow(Permission.WRITE_PROCEDURES)
async def take_in(
    request: Request,
    dry_run: Annotated[bool, Query(description="Only tell what it would do.")] = False,
) -> Response:
    """JSON or CSV as the export has it; answers what became of each version.

    ``open_dossiers``: what it does to dossiers that are open. 422 ``no_procedures_file``, or the
    value that does not fit, with the ``procedure``; 415 for another kind of file.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (_JSON, _CSV):
        raise InvalidRequest(
            "Hãy gửi application/json hoặc text/csv.", "Send application/json or text/csv.",
            code="unsupported_media_type",
        )  # fmt: skip
    body = await request.body()
    form: Literal["json", "csv"] = "csv" if kind == _CSV else "json"
    return JSONResponse(await run_in_threadpool(outcome, request, body, form, dry_run))


def outcome(
    request: Request, body: bytes, kind: Literal["json", "csv"], dry_run: bool
) -> dict[str, Any]:
    """What became of each version of a file, and of open dossiers; a trial keeps nothing.

    Raises:
        InvalidRequest: ``no_procedures_file``, or the value that does not fit.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidRequest(
            "Tệp không phải UTF-8. Hãy lưu lại ở dạng UTF-8.",
            "The file is not UTF-8. Save it as UTF-8.",
            code="no_procedures_file",
        ) from None
    house, now = house_of(request), house_of(request).clock.now()
    wanted = procedure_files.read(text, kind)
    with suppress(_TrialError), house.database.write() as tx:
        told = [one.to_json() for version in wanted for one in effects_of(tx, version)]
        taken = procedure_files.take_in(tx, wanted, now)
        detail = {"versions": [one.to_json() for one in taken]}
        if dry_run:
            raise _TrialError
        entry = AuditEntry("procedure.import", caller_of(request).name, now, detail=detail)
        audit.append(tx, entry)
    return {**detail, "open_dossiers": told, "dry_run": dry_run}


class _TrialError(Exception):
    """Ends the transaction of a trial: nothing of it is kept."""


def as_table(found: Sequence[Procedure]) -> Response:
    """A CSV that spreadsheets read right: they take UTF-8 for it only with its mark."""
    headers = {"Content-Disposition": 'attachment; filename="procedures.csv"'}
    body = ("\ufeff" + procedure_files.as_csv(found)).encode()
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)
