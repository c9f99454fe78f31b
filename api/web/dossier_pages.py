"""Dossiers as pages: the list with a form for a new one, and one dossier with all its gates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from api.access import Permission, allow
from api.http import dossier_shapes as shapes
from api.http.copies import printed
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.procedures import today
from api.http.reads import purpose_of
from api.problems import status_of
from api.web import dossier_words, words
from api.web.listing import query_string
from api.web.rendering import render
from ingest import copies, dossier_gates, dossiers
from ingest.cases import Case, case_of
from repository import audit, documents, procedures, subjects
from repository import dossiers as kept
from repository.audit import AuditEntry
from repository.documents import Document, DocumentFilter
from repository.dossiers import OPEN, DossierFilter, Override
from vocabulary.clock import VIETNAM
from vocabulary.errors import SohoaError
from vocabulary.text import nfc

routes = area(in_schema=False)

_SAID: Final[Mapping[str, str]] = {
    "received": "Đã tiếp nhận. Giấy tờ cơ quan đang lưu đã được gắn vào hồ sơ.",
    "attached": "Đã gắn giấy tờ.",
    "detached": "Đã gỡ giấy tờ khỏi thành phần.",
    "checked": "Đã ghi nhận kiểm tra.",
    "reused": "Đã dùng lại các giấy tờ đang lưu.",
    "cases": "Đã ghi trường hợp của hồ sơ; thành phần hồ sơ theo trường hợp đó.",
    "started": "Đã chuyển xử lý.",
    "asked": "Đã ghi yêu cầu bổ sung.",
    "result": "Đã gắn kết quả.",
    "closed": "Đã đóng hồ sơ.",
    "ended": "Đã kết thúc hồ sơ.",
}
_MOST_OFFERED: Final = 100
_NOTHING: Final[Mapping[str, Any]] = {
    "component": (), "message": "", "reason": "", "legal_basis": "", "note": "",
}  # fmt: skip
"""A request for supplements that nobody has typed yet."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A document that could be attached, and what it is called."""

    id: str
    title: str
    type: str | None


@routes.get("/dossiers")
@allow(Permission.READ_DOSSIERS)
def list_page(
    request: Request,
    state: Annotated[str, Query(max_length=20)] = "",
    cursor: str | None = None,
) -> Response:
    """The dossiers, newest first, and a form to receive one."""
    return _list_page(request, state if state in dossier_words.STATES else "", cursor)


@routes.post("/dossiers")
@allow(Permission.WORK_ON_DOSSIERS)
def receive(
    request: Request,
    procedure: Annotated[str, Form(max_length=64)],
    scheme: Annotated[str, Form(max_length=32)],
    number: Annotated[str, Form(alias="id", max_length=64)],
    name: Annotated[str, Form(max_length=500)] = "",
    channel: Annotated[str, Form(pattern="^(counter|online|post)$")] = "counter",
    received_at: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """What is held fills the dossier at once."""
    typed = {"procedure": procedure, "scheme": scheme, "id": number, "name": name,
             "channel": channel, "received_at": received_at}  # fmt: skip
    house = house_of(request)
    moment = _moment(received_at) or house.clock.now()
    given = dossiers.Application(procedure, scheme, number, nfc(name).strip(), moment, channel)  # type: ignore[arg-type]
    try:
        case = dossiers.receive(house, given, caller_of(request).name)
    except SohoaError as error:
        return _list_page(request, "", None, typed=typed, problem=error)
    return _to(case.dossier.code, "received")


@routes.get("/dossiers/{code}")
@allow(Permission.READ_DOSSIERS)
def dossier_page(request: Request, code: str, said: str | None = None) -> Response:
    """Components, results, requests, history."""
    return _page(request, code, message=_SAID.get(said or ""))


@routes.post("/dossiers/{code}/attach")
@allow(Permission.WORK_ON_DOSSIERS)
def attach(
    request: Request,
    code: str,
    version: Annotated[int, Form()],
    component: Annotated[str, Form(max_length=64)],
    document: Annotated[str, Form(max_length=32)],
    other_holder: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """A document stands for a component."""
    given = dossiers.Attachment(component, (document,), None, other_holder)
    return _do(request, code, "attached",
               lambda house, by: dossiers.attach(house, code, given, by, version))  # fmt: skip


@routes.post("/dossiers/{code}/detach")
@allow(Permission.WORK_ON_DOSSIERS)
def detach(
    request: Request,
    code: str,
    version: Annotated[int, Form()],
    component: Annotated[str, Form(max_length=64)],
    document: Annotated[str, Form(max_length=32)],
) -> Response:
    """A slip of the hand is taken back."""
    return _do(request, code, "detached", lambda house, by: dossiers.detach(
        house, code, component, document, by, version))  # fmt: skip


@routes.post("/dossiers/{code}/check")
@allow(Permission.WORK_ON_DOSSIERS)
def check(
    request: Request,
    code: str,
    version: Annotated[int, Form()],
    component: Annotated[str, Form(max_length=64)],
) -> Response:
    """A person has checked the papers of a component."""
    return _do(request, code, "checked", lambda house, by: dossiers.check_component(
        house, code, component, by, version))  # fmt: skip


@routes.post("/dossiers/{code}/reuse")
@allow(Permission.WORK_ON_DOSSIERS)
def reuse(request: Request, code: str, version: Annotated[int, Form()]) -> Response:
    """Everything that is held meanwhile."""
    return _do(request, code, "reused",
               lambda house, by: dossiers.reuse_available(house, code, by, version))  # fmt: skip


@routes.post("/dossiers/{code}/cases")
@allow(Permission.WORK_ON_DOSSIERS)
def set_cases(
    request: Request,
    code: str,
    version: Annotated[int, Form()],
    case: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Which cases of the procedure the dossier is."""
    return _do(request, code, "cases", lambda house, by: dossiers.set_cases(
        house, code, case or [], by, version))  # fmt: skip


@routes.post("/dossiers/{code}/start")
@allow(Permission.WORK_ON_DOSSIERS)
def start(request: Request, code: str, version: Annotated[int, Form()]) -> Response:
    """On to processing."""
    return _do(request, code, "started",
               lambda house, by: dossier_gates.start(house, code, by, version))  # fmt: skip


@routes.post("/dossiers/{code}/requests")
@allow(Permission.WORK_ON_DOSSIERS)
def ask(
    request: Request,
    code: str,
    version: Annotated[int, Form()],
    component: Annotated[list[str], Form()],
    message: Annotated[str, Form(max_length=4000)] = "",
    reason: Annotated[str, Form(max_length=64)] = "",
    legal_basis: Annotated[str, Form(max_length=500)] = "",
    note: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Supplements; what is held is refused unless a legal reason is given."""
    override = Override(reason, legal_basis, note) if reason else None
    typed = {"component": component, "message": message, "reason": reason,
             "legal_basis": legal_basis, "note": note}  # fmt: skip
    return _do(request, code, "asked", lambda house, by: dossier_gates.request_supplements(
        house, code, component, message, override, by, version), typed)  # fmt: skip


@routes.post("/dossiers/{code}/results")
@allow(Permission.WORK_ON_DOSSIERS)
def add_result(
    request: Request,
    code: str,
    version: Annotated[int, Form()],
    document: Annotated[str, Form(max_length=32)],
) -> Response:
    """A result of the procedure."""
    return _do(request, code, "result", lambda house, by: dossier_gates.add_results(
        house, code, [document], by, version))  # fmt: skip


@routes.post("/dossiers/{code}/close")
@allow(Permission.WORK_ON_DOSSIERS)
def close(request: Request, code: str, version: Annotated[int, Form()]) -> Response:
    """Only with signed results."""
    return _do(request, code, "closed",
               lambda house, by: dossier_gates.close(house, code, by, version))  # fmt: skip


@routes.post("/dossiers/{code}/receipt")
@allow(Permission.WORK_ON_DOSSIERS)
def receipt(request: Request, code: str) -> Response:
    """The applicant's receipt, to print."""
    try:
        made = copies.of_dossier(house_of(request), code, caller_of(request).name)
    except SohoaError as error:
        return _page(request, code, problem=error)
    return printed(request, made)


@routes.post("/dossiers/{code}/end")
@allow(Permission.WORK_ON_DOSSIERS)
def end(
    request: Request,
    code: str,
    version: Annotated[int, Form()],
    state: Annotated[str, Form(pattern="^(refused|withdrawn|stopped)$")],
    reason: Annotated[str, Form(max_length=2000)],
) -> Response:
    """Without a result, with the reason."""
    return _do(request, code, "ended", lambda house, by: dossier_gates.end(
        house, code, state, reason, by, version))  # type: ignore[arg-type]  # fmt: skip


def _do(
    request: Request,
    code: str,
    said: str,
    work: Callable[[Any, str], Case],
    typed: Mapping[str, Any] = _NOTHING,
) -> Response:
    """Do it and show the dossier; what was refused is shown on it, with all that was typed."""
    try:
        case = work(house_of(request), caller_of(request).name)
    except SohoaError as error:
        return _page(request, code, problem=error, typed=typed)
    return _to(case.dossier.code, said)


def _to(code: str, said: str) -> Response:
    return RedirectResponse(f"/dossiers/{quote(code)}?said={said}", 303)


def _list_page(
    request: Request,
    state: str,
    cursor: str | None,
    *,
    typed: Mapping[str, str] | None = None,
    problem: SohoaError | None = None,
) -> Response:
    house = house_of(request)
    wanted = DossierFilter(state=state or None)  # type: ignore[arg-type]
    with house.database.read() as tx:
        page = kept.page_of(tx, wanted, cursor)
        in_force = procedures.list_all(tx, today(request))
        holders = {one.code: subjects.get(tx, one.subject_id).name for one in page.items}
        everything = procedures.list_all(tx)
    known = {one.code: one.name for one in everything}
    empty = {"procedure": "", "scheme": "vn:mst", "id": "", "name": "", "channel": "counter",
             "received_at": ""}  # fmt: skip
    return render(
        house, caller_of(request), "dossiers.html", status_of(problem) if problem else 200,
        dossiers=page.items, holders=holders, names=known, state=state,
        procedures={one.code: f"{one.code} {one.name}" for one in in_force},
        typed=typed or empty, problem=problem.vi if problem else None, d=dossier_words,
        next=query_string(state=state, cursor=page.next) if page.next else None,
    )  # fmt: skip


def _page(
    request: Request,
    code: str,
    *,
    message: str | None = None,
    problem: SohoaError | None = None,
    typed: Mapping[str, Any] = _NOTHING,
) -> Response:
    house, who = house_of(request), caller_of(request)
    with house.database.write() as tx:  # without its record there is no read
        case = case_of(house, tx, code)
        detail = {"dossier": case.dossier.code, "purpose": purpose_of(request, "Xem trên trang")}
        audit.append(tx, AuditEntry("dossier.read", who.name, house.clock.now(), detail=detail))
    with house.database.read() as tx:
        whole = shapes.whole(tx, case)
        offered = _offered(tx, case)
        titles = {one: _title(documents.get(tx, one)) for one in _mentioned(whole, problem)}
    names = {one["component"]: one["name"] for one in whole["components"]}
    return render(
        house, who, "dossier.html", status_of(problem) if problem else 200,
        case=case, whole=whole, titles=titles, names=names, d=dossier_words,
        is_open=case.dossier.state in OPEN,
        wanted={one.code: {kind for alternative in one.satisfied_by for kind in alternative}
                for one in case.procedure.components},
        result_types={one.type for one in case.procedure.results},
        offered=offered,
        override_reasons={code: one.vi for code, one in kept.OVERRIDE_REASONS.items()},
        warnings=[dossier_words.warning(one, names) for one in whole["warnings"]],
        message=message, problem=problem.vi if problem else None, typed=typed,
        held=problem.detail.get("held", []) if problem else [],
        unfit=problem.detail.get("results", []) if problem else [],
    )  # fmt: skip


def _offered(tx: Session, case: Case) -> list[Offered]:
    """Papers of the subject that are worth something, newest first."""
    page = documents.page_of(tx, DocumentFilter(subject_id=case.subject.id), None, _MOST_OFFERED)
    return [
        Offered(one.id, _title(one), one.type)
        for one in page.items
        if one.status in ("draft", "active") and one.state != "stopped"
    ]


def _mentioned(whole: Mapping[str, Any], problem: SohoaError | None) -> set[str]:
    parts: Sequence[Mapping[str, Any]] = [*whole["components"], *whole["results"]]
    found = {one for part in parts for one in part["documents"]}
    found |= {one for part in whole["components"] for one in part["available"]}
    if problem:
        found |= {one for part in problem.detail.get("held", []) for one in part["documents"]}
        found |= {one["document"] for one in problem.detail.get("results", []) if "document" in one}
    return found


def _title(doc: Document) -> str:
    """What a paper is called in a list of the dossier."""
    kind = words.DOCUMENT_TYPES.get(doc.type or "", doc.type or doc.name)
    parts = [
        kind,
        f"số {doc.number_symbol}" if doc.number_symbol else "",
        words.day(doc.issue_date),
    ]
    return ", ".join(part for part in parts if part)


def _moment(text: str) -> datetime | None:
    """Date and time from the browser's picker, at Vietnam's clock; None where it is empty."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)
    except ValueError:
        return None
