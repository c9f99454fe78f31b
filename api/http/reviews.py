"""What people decide on a document: corrections, confirmation, duplicates, its end of life."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access import Identity, Permission, allow
from api.http import shapes
from api.http.days import Day
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.reads import document_for
from api.http.versions import expected_version, needed_version
from ingest import consequences, intake, outbox, review
from ingest.house import House
from repository import documents
from repository.documents import Document
from vocabulary.errors import InvalidRequest

routes = area("/v1/documents/{document_id}", "documents")

Value = str | list[str] | None


class GivenValue(BaseModel):
    """A field in the shape that a record carries it."""

    value: Value


class Corrections(BaseModel):
    """Fields to change; null strikes out a field that is not on the paper."""

    version: int | None = Field(
        None, ge=1, le=2**31 - 1, description="The version seen; or send If-Match."
    )
    fields: dict[str, Value | GivenValue] = Field(min_length=1)


class GivenSubject(BaseModel):
    """Who holds the paper: a typed identifier, and the name where the office has none yet."""

    scheme: str = Field(max_length=32, description="vn:cccd, vn:mst, vn:dkdn, vn:cmnd9, passport")
    id: str = Field(min_length=1, max_length=64)
    name: str = Field("", max_length=300)


class Description(BaseModel):
    """What stands beside the fields. Only what is sent is changed; null takes a value back."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(
        None, ge=1, le=2**31 - 1, description="The version seen; or send If-Match."
    )
    type: str | None = Field(
        None, max_length=64, description="As procedures name it; one that none names is taken, too."
    )
    subject: GivenSubject | None = Field(None, description="The holder of the paper.")
    scope: str | None = Field(None, description="nationwide, or a province code such as H31.")
    form: str | None = Field(None, description="Legal form: " + ", ".join(documents.FORMS))
    valid_from: Day | None = None
    valid_to: Day | None = Field(None, description="The last day on which the paper holds.")
    ends_with: str | None = Field(
        None, max_length=32, description="The document with which its validity ends."
    )

    def said(self) -> dict[str, Any]:
        """Exactly what was sent."""
        return self.model_dump(include=self.model_fields_set - {"version"})


class Seen(BaseModel):
    """The version that the person has seen."""

    version: int | None = Field(None, ge=1, le=2**31 - 1)


class Choice(BaseModel):
    """What to do with an exact duplicate."""

    choice: Literal["keep", "discard"]


class Withdrawal(BaseModel):
    """Why the paper is withdrawn."""

    reason: str = Field(min_length=1, max_length=1000, description="Reason and decision.")
    version: int | None = Field(None, ge=1, le=2**31 - 1)


class Succession(BaseModel):
    """Which paper replaces this one."""

    by: str = Field(description="Id of the document that replaces it.")
    correction: bool = Field(
        False, description="It says the same without a mistake (đính chính): status corrected."
    )
    version: int | None = Field(None, ge=1, le=2**31 - 1)


@routes.patch("", summary="Say whose paper it is, of what type, in which form, how long it holds")
@allow(Permission.REVIEW)
def describe(request: Request, document_id: str, given: Description) -> Response:
    """What the once-only check asks for beside the fields.

    Needs the version seen (If-Match or ``version``); 412 when somebody was faster. A
    number that does not fit its scheme is 422 ``invalid_identifier``. A type that no
    procedure names is taken: procedures are data and may name it later.
    """
    document_for(request, document_id, "fields", "review")
    version = needed_version(request, given.version)
    values = given.said()
    if given.ends_with is not None:
        document_for(request, given.ends_with, "record", "review")
    if not values:
        raise InvalidRequest(
            "Yêu cầu không có gì để sửa. Hãy gửi type, subject, scope, form, valid_from, "
            "valid_to hoặc ends_with.",
            "There is nothing to change. Send type, subject, scope, form, "
            "valid_from, valid_to or ends_with.",
        )
    house, who = house_of(request), caller_of(request)
    return _answer(house, review.describe(house, document_id, values, who.name, version))


@routes.patch("/fields", summary="Correct fields (optimistic version)")
@allow(Permission.REVIEW)
def patch_fields(request: Request, document_id: str, given: Corrections) -> Response:
    """Needs the version seen (If-Match or ``version``); 412 when somebody was faster."""
    document_for(request, document_id, "fields", "review")
    version = needed_version(request, given.version)
    changes: dict[str, str | Sequence[str] | None] = {
        name: one.value if isinstance(one, GivenValue) else one
        for name, one in given.fields.items()
    }
    house, who = house_of(request), caller_of(request)
    return _answer(house, review.save(house, document_id, changes, who.name, version))


@routes.post("/confirm", summary="Vouch for the fields as they stand")
@allow(Permission.REVIEW)
def confirm(request: Request, document_id: str, seen: Seen | None = None) -> Response:
    """The document goes on to be composed, certified, stored and indexed."""
    document = document_for(request, document_id, "fields", "review")
    version = expected_version(request, seen.version if seen else None) or document.version
    house, who = house_of(request), caller_of(request)
    return _answer(house, review.confirm(house, document_id, who.name, version))


@routes.post("/duplicate", summary="Keep or discard an exact duplicate")
@allow(Permission.REVIEW)
def choose_duplicate(request: Request, document_id: str, given: Choice) -> Response:
    """``keep`` digitises it as well; ``discard`` leaves it aside, its bytes stay."""
    document_for(request, document_id, "record", "duplicate")
    house, who = house_of(request), caller_of(request)
    return _answer(house, intake.choose(house, document_id, given.choice, who.name))


@routes.post("/retry", summary="Let a stopped document try its way again")
@allow(Permission.REVIEW)
def retry(request: Request, document_id: str) -> Response:
    """Pages that were read stay read."""
    document_for(request, document_id, "record", "retry")
    house, who = house_of(request), caller_of(request)
    return _answer(house, intake.retry(house, document_id, who.name))


@routes.post("/withdraw", summary="Take a paper out of use for good")
@allow(Permission.REVOKE)
def withdraw(request: Request, document_id: str, given: Withdrawal) -> Response:
    """It stays readable; it is never reused again."""
    document_for(request, document_id, "record", "withdraw")
    version = expected_version(request, given.version)
    house = house_of(request)
    return _answer(house, take_back(house, caller_of(request), document_id, given.reason, version))


@routes.post("/supersede", summary="Name the paper that replaces this one")
@allow(Permission.REVOKE)
def supersede(request: Request, document_id: str, given: Succession) -> Response:
    """The once-only answer then names the successor."""
    document_for(request, document_id, "record", "supersede")
    document_for(request, given.by, "record", "supersede")
    version = expected_version(request, given.version)
    house = house_of(request)
    who = caller_of(request)
    kept = replace_by(house, who, document_id, given.by, version, corrected=given.correction)
    return _answer(house, kept)


def take_back(
    house: House, identity: Identity, document_id: str, reason: str, version: int | None
) -> Document:
    """Withdraw and let the index know."""
    with house.database.write() as tx:
        document = documents.withdraw(
            tx, document_id, identity.name, reason, house.clock.now(), version
        )
        consequences.follow(house, tx, document_id)
        outbox.changed(house, tx, document_id)
    outbox.follow_now(house, document_id)
    return document


def replace_by(
    house: House, identity: Identity, document_id: str, successor: str, version: int | None,
    *, corrected: bool = False,
) -> Document:  # fmt: skip
    """Supersede and let the index know."""
    with house.database.write() as tx:
        document = documents.supersede(
            tx, document_id, successor, identity.name, house.clock.now(), version,
            corrected=corrected,
        )  # fmt: skip
        consequences.follow(house, tx, document_id)
        outbox.changed(house, tx, document_id)
    outbox.follow_now(house, document_id)
    return document


def _answer(house: House, document: Document) -> Response:
    with house.database.read() as tx:
        body: Mapping[str, Any] = shapes.whole(tx, documents.get(tx, document.id))
    return JSONResponse(dict(body), headers={"ETag": f'"{body["version"]}"'})
