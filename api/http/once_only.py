"""The once-only check: may these papers be asked for, or does the office hold them?"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final

from fastapi import Request
from pydantic import BaseModel, Field

from api.access import Permission, allow
from api.http.brief import Door
from api.http.codes import PROCEDURE
from api.http.days import Day
from api.http.desk import caller_of, desk_of, house_of
from api.http.guard import area
from api.http.reads import purpose_of
from ingest import lookup
from repository import audit, purposes
from repository.audit import AuditEntry
from repository.subjects import SCHEMES
from vocabulary.errors import NotAllowed

routes = area("/v1/once-only", "once-only")
_ASKING: Final = Door("asking once only")
_NOTING: Final = Door("noting once only", 16)  # they wait for the disk together


class SubjectRef(BaseModel):
    """A person or organisation by a typed identifier; the scheme is never guessed."""

    scheme: str = Field(
        examples=["vn:mst"], max_length=32, json_schema_extra={"enum": list(SCHEMES)}
    )
    id: str = Field(examples=["0901234564"], max_length=64)
    name: str | None = Field(None, max_length=500)


class Question(BaseModel):
    """A procedure, who applies, and the day of receipt (today where none is named)."""

    procedure: str = Field(examples=["1.005129"], max_length=64, json_schema_extra=PROCEDURE)
    subject: SubjectRef
    on: Day | None = None
    cases: list[Annotated[str, Field(max_length=40)]] | None = Field(
        None, max_length=50, description="Cases of the procedure; without them every component."
    )


@routes.post("/check", summary="Per component: held, partly or must_request, with reasons")
@allow(Permission.ONCE_ONLY)
async def check(request: Request, question: Question) -> dict[str, Any]:
    """``receipt`` is the answer signed with the office's key, where it has one."""
    subject = question.subject
    answer = await _ASKING.run(
        look, request, question.procedure, subject.scheme, subject.id, question.on, question.cases
    )
    return await _NOTING.run(note, request, answer, subject.scheme, subject.id, purpose_of(request))


def look(
    request: Request, procedure: str, scheme: str, number: str, on: date | None,
    cases: Sequence[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The answer, which must not leave before it is noted (:func:`note`)."""
    if not purposes.within(caller_of(request).scope, procedure):
        raise NotAllowed(
            "Mã truy cập này không dùng cho thủ tục đó. Hãy lấy mã mới với phạm vi phù hợp.",
            "This token does not carry that purpose. Get one with the right scope.",
            code="insufficient_scope",
        )
    return lookup.once_only_check(house_of(request), procedure, scheme, number, on, cases)


def note(
    request: Request, answer: dict[str, Any], scheme: str, number: str, purpose: str
) -> dict[str, Any]:
    """The answer with its receipt; who asked about whom is written down (by a keyed hash)."""
    house, identity = house_of(request), caller_of(request)
    desk_of(request).meters.once_only(one["answer"] for one in answer["components"])
    entry = AuditEntry(
        "once_only.check",
        identity.name,
        house.clock.now(),
        subject_lookup=audit.subject_lookup(house.audit_key, scheme, number),
        detail={
            "purpose": purpose,
            "procedure": answer["procedure"],
            "on": answer["on"],
            "answers": {one["component"]: one["answer"] for one in answer["components"]},
        },
    )
    desk_of(request).scribe.write(entry)
    receipt = lookup.receipt_of(house, answer, scheme, number, identity.name)
    return {**answer, "receipt": receipt} if receipt is not None else answer


def ask(
    request: Request, procedure: str, scheme: str, number: str, on: date | None, purpose: str
) -> dict[str, Any]:
    """Both in one, for the pages."""
    answer = look(request, procedure, scheme, number, on)
    return note(request, answer, scheme, number, purpose)
