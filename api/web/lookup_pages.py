"""Search and the once-only check, as pages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Form, Query, Request
from fastapi.responses import Response

from api.access import Permission, allow
from api.http import once_only as once_only_address
from api.http import search as search_address
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.procedures import today
from api.problems import status_of
from api.web import words
from api.web.listing import day_of, query_string, types_in_use
from api.web.rendering import render
from ingest.house import House
from repository import documents, procedures
from repository.documents import Document
from repository.ports import Highlight
from vocabulary.errors import InvalidRequest, MissingPart, NotFound

routes = area(in_schema=False)


@dataclass(frozen=True, slots=True)
class ShownHit:
    """One hit as it stands on the page."""

    doc: Document
    heading: str
    exact: bool
    highlights: Sequence[Highlight]


@routes.get("/search")
@allow(Permission.SEARCH)
def search_page(
    request: Request,
    q: Annotated[str, Query(max_length=500)] = "",
    subject: Annotated[str, Query(max_length=100)] = "",
    document_type: Annotated[str, Query(alias="type", max_length=100)] = "",
    issuer: Annotated[str, Query(max_length=300)] = "",
    state: Annotated[str, Query(max_length=30)] = "",
    issued_from: str = "",
    issued_to: str = "",
    valid_on: str = "",
    cursor: str | None = None,
) -> Response:
    """One box; filters behind a fold."""
    house = house_of(request)
    query = {
        "q": q, "subject": subject, "type": document_type, "issuer": issuer, "state": state,
        "issued_from": issued_from, "issued_to": issued_to, "valid_on": valid_on,
    }  # fmt: skip
    asked = search_address.Asked(
        q, subject, document_type, issuer, "", state,
        day_of(issued_from), day_of(issued_to), day_of(valid_on), cursor,
    )  # fmt: skip
    found, problem = None, None
    if any(query.values()):
        try:
            found = search_address.look_up(request, asked, "Tra cứu")
        except MissingPart as error:  # what was typed stays on the page
            problem = error
    with house.database.read() as tx:
        types = types_in_use(tx)
        hits = [] if found is None else [_shown(tx, one, doc) for one, doc in found.hits]
    following = found.result.cursor if found else None
    page = render(
        house, caller_of(request), "search.html", 200 if problem is None else status_of(problem),
        problem=problem.vi if problem else None, query=query, types=types,
        result=found.result if found else None, hits=hits,
        filtered=any(value for name, value in query.items() if name != "q"),
        next=query_string(**query, cursor=following) if following else None,
    )  # fmt: skip
    if problem is not None and "retry_after" in problem.detail:
        page.headers["Retry-After"] = str(problem.detail["retry_after"])
    return page


def _shown(tx: Any, hit: Any, doc: Document) -> ShownHit:
    fields = documents.fields(tx, doc.id)
    parts = [str(fields[name].value) for name in ("doc_type", "subject") if name in fields]
    return ShownHit(doc, " ".join(parts) or doc.name, hit.exact, hit.highlights)


@routes.get("/once-only")
@allow(Permission.ONCE_ONLY)
def once_only_page(request: Request) -> Response:
    """Which procedure, who applies, on which day."""
    asked = {"procedure": "", "scheme": "vn:mst", "id": "", "on": today(request).isoformat()}
    return _once_only_page(request, asked)


@routes.post("/once-only")
@allow(Permission.ONCE_ONLY)
def once_only(
    request: Request,
    procedure: Annotated[str, Form(max_length=64)],
    scheme: Annotated[str, Form(max_length=32)],
    number: Annotated[str, Form(alias="id", max_length=64)],
    on: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """By POST: who applies must not stand in an address that browsers and logs keep."""
    asked = {"procedure": procedure, "scheme": scheme, "id": number, "on": on}
    try:
        answer = once_only_address.ask(
            request, procedure, scheme, number, day_of(on), "Kiểm tra giấy tờ đã có"
        )
    except (InvalidRequest, NotFound) as error:
        return _once_only_page(request, asked, problem=error.vi, status=status_of(error))
    return _once_only_page(request, asked, answer=answer)


def _once_only_page(
    request: Request,
    asked: Mapping[str, str],
    *,
    answer: Mapping[str, Any] | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    house = house_of(request)
    day = day_of(asked["on"]) or today(request)
    with house.database.read() as tx:
        names = {one.code: f"{one.code} {one.name}" for one in procedures.list_all(tx, day)}
    return render(
        house, caller_of(request), "once_only.html", status,
        procedures=names, asked=asked, problem=problem,
        result=None if answer is None else _result(house, answer, names),
    )  # fmt: skip


def _result(house: House, answer: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    """The answer in words: each document that was considered, with sentences."""
    with house.database.read() as tx:
        version = procedures.get(tx, answer["procedure"], date.fromisoformat(answer["on"]))
        components = [
            {
                "name": part["name"],
                "own": not version.component(part["component"]).satisfied_by,
                "answer": part["answer"],
                "considered": [
                    {
                        "id": one["document"],
                        "title": _title(documents.get(tx, one["document"]), one["reasons"]),
                        "accepted": one["accepted"],
                        "reasons": [
                            words.ONCE_ONLY_REASONS.get(code, code) for code in one["reasons"]
                        ],
                    }
                    for one in part["considered"]
                ],
            }
            for part in answer["components"]
        ]
    receipt = answer.get("receipt")
    return {
        "name": names.get(answer["procedure"], answer["procedure"]),
        "components": components,
        "held": sum(1 for part in components if part["answer"] == "held"),
        "receipt": json.dumps(receipt, ensure_ascii=False, indent=2) if receipt else None,
    }


def _title(doc: Document, reasons: Sequence[str]) -> str:
    """What the paper is called; of somebody else's paper no more than its type is said."""
    kind = words.DOCUMENT_TYPES.get(doc.type or "", doc.type or doc.name)
    if "holder_differs" in reasons:
        return kind
    parts = [
        kind,
        f"số {doc.number_symbol}" if doc.number_symbol else "",
        words.day(doc.issue_date),
    ]
    return ", ".join(part for part in parts if part)
