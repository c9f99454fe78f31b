"""Evidence for other systems: requests with a purpose, one-use links, receipts, what there is."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.access import Permission, allow
from api.http.codes import PROCEDURE
from api.http.content import KINDS, bytes_described, serve_stream
from api.http.days import Day, Moment
from api.http.desk import caller_of, desk_of, house_of
from api.http.guard import area
from api.http.procedures import today
from api.http.suffixes import archival_name
from ingest import evidence, previews
from ingest.evidence_terms import Question
from repository import evidence as kept
from repository import previews as kept_previews
from repository import procedures
from vocabulary.errors import NotFound, SohoaError

routes = area("/v1", "reuse")


class _Open(BaseModel):
    """Further members are let through: they belong to the caller's own records."""

    model_config = ConfigDict(extra="allow")


class Requester(_Open):
    """Who asks; the authority is known by its token, this may only repeat it."""

    authority_id: str | None = Field(None, max_length=100)
    officer_id: str | None = Field(None, max_length=100)


class LegalBasis(_Open):
    """An instrument of law and its article."""

    instrument: str = Field(min_length=1, max_length=200, examples=["Nghị định 45/2020/NĐ-CP"])
    article: str | None = Field(None, max_length=100)


class Purpose(_Open):
    """What the evidence is for."""

    procedure_code: str = Field(max_length=64, examples=["2.002381"], json_schema_extra=PROCEDURE)
    case_ref: str = Field(min_length=1, max_length=100, examples=["000.00.15.H31-261123-0001"])
    legal_basis: list[LegalBasis] = Field(min_length=1, max_length=20)


class Consent(_Open):
    """What the holder said (explicit request)."""

    given: bool


class NaturalPerson(_Open):
    """A person by a typed identifier."""

    id: str | None = Field(None, min_length=1, max_length=64)
    id_scheme: str = Field("vn:cccd", max_length=32)
    full_name: str | None = Field(
        None, max_length=500, description="Held against the name that the office knows."
    )
    date_of_birth: Day | None = None

    @model_validator(mode="after")
    def _named(self) -> "NaturalPerson":
        if self.id is None and (self.full_name is None or self.date_of_birth is None):
            raise ValueError("name the person by id, or by full_name and date_of_birth")
        return self


class Organization(_Open):
    """An organisation by a typed identifier."""

    id: str = Field(min_length=1, max_length=64)
    id_scheme: str = Field("vn:mst", max_length=32)
    name: str | None = Field(
        None, max_length=500, description="Held against the name that the office knows."
    )


class EvidenceSubject(_Open):
    """Exactly one: a person, an organisation, or a plain typed identifier."""

    natural_person: NaturalPerson | None = None
    organization: Organization | None = None
    scheme: str | None = Field(None, max_length=32)
    id: str | None = Field(None, max_length=64)

    @model_validator(mode="after")
    def _one(self) -> "EvidenceSubject":
        plain = self.scheme is not None and self.id is not None
        if [self.natural_person is not None, self.organization is not None, plain].count(True) != 1:
            raise ValueError("name exactly one subject: natural_person or organization")
        return self

    @property
    def identifier(self) -> tuple[str, str]:
        """Scheme and number."""
        one = self.natural_person or self.organization
        return (one.id_scheme, one.id or "") if one else (self.scheme or "", self.id or "")

    @property
    def name(self) -> str:
        """As the caller knows the subject; empty where nothing is said."""
        person = self.natural_person.full_name if self.natural_person else None
        body = self.organization.name if self.organization else None
        return person or body or ""


class EvidenceType(_Open):
    """What is asked for; from ``GET /v1/evidence-types``."""

    id: str = Field(max_length=64, examples=["radiation_work_licence"])
    min_issue_date: Day | None = None
    valid_at: Day | None = None


class EvidenceRequest(_Open):
    """A request for evidence (peers: OOTS evidence request, X-Road headers)."""

    request_id: str = Field(min_length=8, max_length=64, description="A UUID the caller chose.")
    spec_version: str = "1.0"
    conversation_id: str | None = Field(
        None, max_length=36, description="Carries on after a preview, with a new request_id."
    )
    issued_at: Moment | None = None
    requester: Requester | None = None
    purpose: Purpose
    explicit_request: Consent | None = None
    subject: EvidenceSubject
    evidence_type: EvidenceType
    accepted_formats: list[Annotated[str, Field(max_length=100)]] | None = Field(
        None, max_length=20, examples=[["application/pdf"]]
    )


@routes.post(
    "/evidence-requests",
    summary="Ask for evidence with a purpose",
    responses={202: {"description": "The holder has to look and agree first"}},
)
@allow(Permission.ASK_FOR_EVIDENCE)
def ask(request: Request, given: EvidenceRequest) -> Response:
    """200 ``delivered`` with one-use links and a receipt; the same request gets the same answer.

    202 ``preview_required``: send the holder to ``preview.location``, then ask again, with the
    same request or with a new one that names the ``conversation_id``. 403 ``preview_refused``
    and 410 ``preview_expired`` end it.

    403 ``purpose_not_allowed`` or ``consent_missing`` (before any search), 404
    ``evidence_not_found`` (also for an unknown subject, and one of another name), 406
    ``unsupported_capability``, 409 ``replayed_request`` and ``subject_ambiguous``, 422
    ``unresolved_reference``. Each has the code of OOTS beside it as ``anchor``.
    """
    scheme, number = given.subject.identifier
    question = Question(
        request_id=given.request_id,
        procedure=given.purpose.procedure_code,
        case_ref=given.purpose.case_ref,
        legal_basis=tuple(
            {"instrument": one.instrument, **({"article": one.article} if one.article else {})}
            for one in given.purpose.legal_basis
        ),
        scheme=scheme,
        number=number,
        name=given.subject.name,
        formats=tuple(given.accepted_formats or ()),
        type=given.evidence_type.id,
        body=_as_sent(given),
        conversation=given.conversation_id,
        issued_at=given.issued_at,
        consent=given.explicit_request.given if given.explicit_request else None,
        min_issue_date=given.evidence_type.min_issue_date,
        valid_at=given.evidence_type.valid_at,
        officer=(given.requester.officer_id if given.requester else None) or "",
        scope=caller_of(request).scope,
    )
    meters = desk_of(request).meters
    try:
        answer, replayed = evidence.ask(house_of(request), question, caller_of(request).name)
    except SohoaError as error:
        meters.evidence(error.error_code)
        raise
    meters.evidence("replayed" if replayed else str(answer["status"]))
    headers = {"Idempotency-Replayed": "true"} if replayed else {}
    status = 202 if answer["status"] == "preview_required" else 200
    return JSONResponse(_with_whole_address(request, answer), status, headers=headers)


@routes.get("/evidence-requests/{request_id}", summary="An answer that was given")
@allow(Permission.ASK_FOR_EVIDENCE)
def read_answer(request: Request, request_id: str) -> Mapping[str, Any]:
    """By the id of the request, the conversation or the answer; only one's own.

    Of one that waits for the holder: ``preview_required``, ``agreed`` (ask again now),
    ``refused`` or ``expired``.
    """
    house, mine = house_of(request), caller_of(request).name
    with house.database.read() as tx:
        found = kept.answer_by_id(tx, mine, request_id)
        if found is not None:
            return found.answer
        preview = kept_previews.of_request(tx, mine, request_id)
        preview = preview or kept_previews.of_conversation(tx, mine, request_id)
    if preview is None:
        raise NotFound("Không có yêu cầu này.", "There is no such request.")
    return _with_whole_address(request, previews.told(house, preview))


def _as_sent(given: EvidenceRequest) -> dict[str, Any]:
    body = given.model_dump(mode="json")
    for name in ("conversation_id", "accepted_formats"):
        if body[name] is None:
            del body[name]
    for one in ("natural_person", "organization"):
        about = body["subject"].get(one)
        if about is not None:  # what was not said is no part of the request's fingerprint
            left = {name for name in ("full_name", "date_of_birth", "name")
                    if name in about and about[name] is None}  # fmt: skip
            body["subject"][one] = {name: told for name, told in about.items() if name not in left}
    return body


def _with_whole_address(request: Request, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The holder's link as an address that a browser takes."""
    told = dict(answer)
    location = told.get("preview", {}).get("location")
    if location is not None:
        base = desk_of(request).public_url.rstrip("/")
        told["preview"] = {**told["preview"], "location": base + location}
    return told


@routes.get(
    "/evidence/{evidence_id}/content", summary="The bytes, once", response_class=Response,
    responses=bytes_described(*KINDS),
)  # fmt: skip
@allow(Permission.ASK_FOR_EVIDENCE)
def read_content(request: Request, evidence_id: str) -> Response:
    """410 ``link_used``, ``link_expired`` or ``withdrawn``; the read is logged before it."""
    house = house_of(request)
    link = evidence.link_for(house, caller_of(request).name, evidence_id)
    stream = house.objects.open(link.sha256)
    name = archival_name(f"{link.id}.pdf")
    return serve_stream(request, stream, link.bytes, link.sha256, link.media_type, name)


@routes.get("/receipts/{receipt_id}", summary="A receipt, to be checked offline")
@allow(Permission.ASK_FOR_EVIDENCE)
def read_receipt(request: Request, receipt_id: str) -> Mapping[str, Any]:
    """For whom it was made; ``sohoa receipt verify`` checks it anywhere."""
    with house_of(request).database.read() as tx:
        found = kept.receipt_by_id(tx, receipt_id)
    if found is None or found[0] != caller_of(request).name:
        raise NotFound("Không có biên nhận này.", "There is no such receipt.")
    return found[1]


@routes.get("/evidence-types", summary="What can be asked for on the occasion of a procedure")
@allow(Permission.READ_PROCEDURES)
def list_types(
    request: Request,
    procedure: Annotated[str, Query(max_length=64, json_schema_extra=PROCEDURE)],
    on: Day | None = None,
) -> dict[str, Any]:
    """By component; ``together_with`` names types that only satisfy it together."""
    with house_of(request).database.read() as tx:
        version = procedures.get(tx, procedure, on or today(request))
        return {"procedure": version.code, "items": evidence.types_for(version), "next": None}
