"""Dossiers: received, filled with what is held, asked about, closed with signed results."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, model_validator

from api.access import Permission, allow
from api.http import dossier_shapes as shapes
from api.http.codes import PROCEDURE, DossierCode
from api.http.days import Moment
from api.http.desk import caller_of, house_of
from api.http.documents import split_identifier
from api.http.guard import area
from api.http.idempotency import fingerprint_of, key_of, once
from api.http.once_only import SubjectRef
from api.http.reads import purpose_of
from api.http.versions import expected_version
from ingest import dossier_gates, dossiers
from ingest.cases import Case, case_of
from repository import audit, subjects
from repository import dossiers as kept
from repository.audit import AuditEntry
from repository.dossiers import Channel, DossierFilter, DossierState, Override, Source

routes = area("/v1/dossiers", "dossiers")

_VERSION: Any = Field(None, ge=1, le=2**31 - 1, description="The version seen; or send If-Match.")


CaseCode = Annotated[str, Field(max_length=40)]


class Received(BaseModel):
    """A dossier as it comes in. Without ``received_at`` it comes in now."""

    procedure: str = Field(examples=["2.002380"], max_length=64, json_schema_extra=PROCEDURE)
    subject: SubjectRef
    received_at: Moment | None = Field(None, examples=["2026-11-23T08:30:00+07:00"])
    channel: Channel = "counter"
    due_at: Moment | None = Field(None, description="Ngày hẹn trả")
    code: str | None = Field(
        None, max_length=64, description="Where another system has given the code already."
    )
    cases: list[CaseCode] = Field(
        default_factory=list, max_length=50, description="Cases of the procedure that it is."
    )


class Named(BaseModel):
    """Documents, one or many."""

    document: str | None = Field(None, max_length=32)
    documents: list[str] = Field(default_factory=list, max_length=50)
    version: int | None = _VERSION

    @model_validator(mode="after")
    def _some(self) -> "Named":
        if not self.all_documents:
            raise ValueError("name a document")
        return self

    @property
    def all_documents(self) -> tuple[str, ...]:
        """Both ways of naming documents together."""
        first = [self.document] if self.document else []
        return (*first, *self.documents)


class Belonging(Named):
    """Documents that belong to a dossier."""

    other_holder: str = Field(
        "", max_length=500, description="Why a paper of somebody else belongs here."
    )


class Attached(Belonging):
    """Documents that stand for a component."""

    source: Source | None = Field(
        None, description="Found out where it is not said: handed_in, reused, from_database."
    )


class GivenOverride(BaseModel):
    """Why a held paper is asked for all the same."""

    reason: str = Field(max_length=64, description=", ".join(kept.OVERRIDE_REASONS))
    legal_basis: str = Field("", max_length=500)
    note: str = Field("", max_length=2000)


class Asked(BaseModel):
    """A request for supplements (yêu cầu bổ sung)."""

    components: list[str] = Field(min_length=1, max_length=100)
    message: str = Field("", max_length=4000)
    override: GivenOverride | None = None
    version: int | None = _VERSION


class Step(BaseModel):
    """The version that the person has seen."""

    version: int | None = _VERSION


class Chosen(BaseModel):
    """Which cases of the procedure a dossier is."""

    cases: list[CaseCode] = Field(max_length=50)
    version: int | None = _VERSION


class Ended(BaseModel):
    """An end without a result."""

    state: Literal["refused", "withdrawn", "stopped"]
    reason: str = Field(min_length=1, max_length=2000)
    version: int | None = _VERSION


@routes.post("", status_code=201, summary="Receive a dossier; what is held fills it at once")
@allow(Permission.WORK_ON_DOSSIERS)
def receive(request: Request, given: Received) -> Response:
    """The code follows Circular 01/2018/TT-VPCP unless another system gave one.

    409 ``dossier_exists``; 404 ``procedure_not_found`` where no version of the procedure holds
    on the day of receipt; 422 ``received_in_future``, ``invalid_identifier``.
    """
    house, who = house_of(request), caller_of(request).name
    outline = fingerprint_of(given.model_dump(mode="json"))

    def work() -> tuple[int, dict[str, Any]]:
        application = dossiers.Application(
            procedure=given.procedure,
            scheme=given.subject.scheme,
            number=given.subject.id,
            name=given.subject.name or "",
            received_at=given.received_at or house.clock.now(),
            channel=given.channel,
            code=given.code,
            due_at=given.due_at,
            cases=tuple(given.cases),
        )
        case = dossiers.receive(house, application, who, key_of(request), outline)
        return 201, _body(request, case)

    return once(request, given.model_dump(mode="json"), work)


@routes.get("", summary="Dossiers, newest first")
@allow(Permission.READ_DOSSIERS)
def list_dossiers(
    request: Request,
    state: DossierState | None = None,
    open_only: Annotated[bool, Query(alias="open")] = False,
    procedure: str | None = None,
    subject: Annotated[str | None, Query(description="scheme:id, as vn:mst:0901234564")] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Outlines; nothing in them names a person."""
    with house_of(request).database.read() as tx:
        subject_id = None
        if subject:
            found = subjects.find(tx, *split_identifier(subject))
            if found is None:
                return {"items": [], "next": None}
            subject_id = found.id
        wanted = DossierFilter(state, open_only, procedure, subject_id)
        page = kept.page_of(tx, wanted, cursor, limit)
    return {"items": [shapes.outline(one) for one in page.items], "next": page.next}


@routes.get("/override-reasons", summary="Reasons for which the law lets a held paper be asked for")
@allow(Permission.READ_DOSSIERS)
def list_override_reasons(request: Request) -> dict[str, Any]:
    """Codes with their names in both languages."""
    del request
    return {
        "items": [
            {"code": code, "name": reason.vi, "name_en": reason.en}
            for code, reason in kept.OVERRIDE_REASONS.items()
        ]
    }


@routes.get("/{code}", summary="A dossier: components, results, requests, history")
@allow(Permission.READ_DOSSIERS)
def read_dossier(request: Request, code: DossierCode) -> Response:
    """``available`` names held papers that a component could use; ``warnings`` what to mind."""
    house, who = house_of(request), caller_of(request)
    with house.database.write() as tx:  # without its record there is no read
        case = case_of(house, tx, code)
        entry = AuditEntry(
            "dossier.read",
            who.name,
            house.clock.now(),
            detail={"dossier": case.dossier.code, "purpose": purpose_of(request)},
        )
        audit.append(tx, entry)
    return _answer(request, case)


@routes.put("/{code}/cases", summary="Which cases of the procedure it is")
@allow(Permission.WORK_ON_DOSSIERS)
def set_cases(request: Request, code: DossierCode, given: Chosen) -> Response:
    """Its components follow; 422 ``case_unknown``, 409 ``component_in_use``, ``dossier_ended``."""
    return _answer(
        request,
        dossiers.set_cases(*_call(request, code), given.cases, **_by(request, given.version)),
    )


@routes.put("/{code}/components/{component}", summary="Let documents stand for a component")
@allow(Permission.WORK_ON_DOSSIERS)
def attach(request: Request, code: DossierCode, component: str, given: Attached) -> Response:
    """409 ``type_not_accepted``, ``holder_differs``, ``not_reusable``, ``dossier_ended``."""
    wanted = dossiers.Attachment(component, given.all_documents, given.source, given.other_holder)
    return _answer(
        request, dossiers.attach(*_call(request, code), wanted, **_by(request, given.version))
    )


@routes.delete(
    "/{code}/components/{component}/{document}", summary="Take a document off a component"
)
@allow(Permission.WORK_ON_DOSSIERS)
def detach(request: Request, code: DossierCode, component: str, document: str) -> Response:
    """The document itself stays, and so does the history."""
    case = dossiers.detach(*_call(request, code), component, document, **_by(request, None))
    return _answer(request, case)


@routes.post("/{code}/components/{component}/check", summary="The papers were checked by a person")
@allow(Permission.WORK_ON_DOSSIERS)
def check(
    request: Request, code: DossierCode, component: str, given: Step | None = None
) -> Response:
    """Circular 01/2023/TT-VPCP: components are checked, then signed."""
    version = given.version if given else None
    case = dossiers.check_component(*_call(request, code), component, **_by(request, version))
    return _answer(request, case)


@routes.post("/{code}/reuse", summary="Use everything that is held meanwhile")
@allow(Permission.WORK_ON_DOSSIERS)
def reuse(request: Request, code: DossierCode, given: Step | None = None) -> Response:
    """For components that are still awaited."""
    version = given.version if given else None
    return _answer(
        request, dossiers.reuse_available(*_call(request, code), **_by(request, version))
    )


@routes.post("/{code}/start", summary="Move on to processing")
@allow(Permission.WORK_ON_DOSSIERS)
def start(request: Request, code: DossierCode, given: Step | None = None) -> Response:
    """409 ``components_not_ready`` where a component is awaited, unchecked or unsigned."""
    version = given.version if given else None
    return _answer(request, dossier_gates.start(*_call(request, code), **_by(request, version)))


@routes.post("/{code}/requests", status_code=201, summary="Ask the applicant for supplements")
@allow(Permission.WORK_ON_DOSSIERS)
def ask(request: Request, code: DossierCode, given: Asked) -> Response:
    """409 ``already_held`` names what is held; only a legal reason overrides, and is logged."""
    override = Override(**given.override.model_dump()) if given.override else None

    def work() -> tuple[int, dict[str, Any]]:
        case = dossier_gates.request_supplements(
            *_call(request, code), given.components, given.message, override,
            **_by(request, given.version),
        )  # fmt: skip
        return 201, _body(request, case)

    return once(request, given.model_dump(mode="json"), work)


@routes.post("/{code}/results", status_code=201, summary="Add results of the procedure")
@allow(Permission.WORK_ON_DOSSIERS)
def add_results(request: Request, code: DossierCode, given: Belonging) -> Response:
    """Whether they are signed is asked when the dossier closes."""
    case = dossier_gates.add_results(
        *_call(request, code), given.all_documents, other_holder=given.other_holder,
        **_by(request, given.version),
    )  # fmt: skip
    return _answer(request, case, 201)


@routes.post("/{code}/close", summary="Close with signed results")
@allow(Permission.WORK_ON_DOSSIERS)
def close(request: Request, code: DossierCode, given: Step | None = None) -> Response:
    """409 ``results_missing`` or ``result_not_signed`` with the list."""
    version = given.version if given else None
    return _answer(request, dossier_gates.close(*_call(request, code), **_by(request, version)))


@routes.post("/{code}/end", summary="End without a result: refused, withdrawn, stopped")
@allow(Permission.WORK_ON_DOSSIERS)
def end(request: Request, code: DossierCode, given: Ended) -> Response:
    """Always with a reason."""
    case = dossier_gates.end(
        *_call(request, code), given.state, given.reason, **_by(request, given.version)
    )
    return _answer(request, case)


def _call(request: Request, code: DossierCode) -> tuple[Any, str]:
    return house_of(request), code


def _by(request: Request, said: int | None) -> dict[str, Any]:
    return {"by": caller_of(request).name, "expected": expected_version(request, said)}


def _body(request: Request, case: Case) -> dict[str, Any]:
    with house_of(request).database.read() as tx:
        return shapes.whole(tx, case)


def _answer(request: Request, case: Case, status: int = 200) -> Response:
    headers = {"ETag": f'"{case.dossier.version}"'}
    return JSONResponse(_body(request, case), status, headers=headers)
