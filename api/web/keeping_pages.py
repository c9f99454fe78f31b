"""Keeping and letting go as pages: lists of what has fallen due, holds, the schedule."""

from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access import Permission, allow
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.web.listing import query_string
from api.web.rendering import render
from ingest import disposal_run, disposing, holding
from repository.keeping import disposals, holds, rules
from repository.keeping.holds import Scope
from vocabulary.clock import VIETNAM

routes = area(in_schema=False)

_Words = Annotated[str, Form(min_length=1, max_length=2000)]
STATES: Final = {
    "draft": "Dự thảo",
    "approved": "Đã ký, chưa thực hiện",
    "running": "Đang thực hiện",
    "partly": "Còn tệp bị kho khóa",
    "done": "Đã thực hiện",
    "cancelled": "Đã bỏ",
}
ENTRY_STATES: Final = {
    "listed": "sẽ hủy",
    "off": "đưa ra",
    "kept": "giữ lại",
    "locked": "kho còn khóa",
    "erased": "còn tệp trong kho",
    "gone": "đã hủy",
}
SCOPES: Final = {"document": "Giấy tờ", "dossier": "Hồ sơ", "subject": "Chủ giấy tờ"}
COUNTS_FROM: Final = {
    "dossier_closed": "hết năm kết thúc hồ sơ",
    "issued": "hết năm ban hành",
    "received": "hết năm tiếp nhận",
}


@routes.get("/keeping")
@allow(Permission.READ_KEEPING)
def keeping_page(request: Request, cursor: str | None = None) -> Response:
    """The lists, the holds, the rules in force today."""
    house = house_of(request)
    today = house.clock.now().astimezone(VIETNAM).date()
    with house.database.read() as tx:
        page = disposals.page_of(tx, cursor, 50)
        held = holds.every(tx)
        in_force = rules.schedule(tx).in_force(today)
    return render(
        house, caller_of(request), "keeping.html",
        lists=page.items, next=query_string(cursor=page.next) if page.next else None,
        holds=held, rules=in_force, states=STATES, entry_states=ENTRY_STATES, scopes=SCOPES,
        counts_from=COUNTS_FROM,
    )  # fmt: skip


@routes.post("/keeping/disposals")
@allow(Permission.DRAFT_DISPOSAL)
def draft(request: Request) -> Response:
    """Draft a list of what has fallen due today."""
    made = disposing.draft(house_of(request), caller_of(request).name)
    return RedirectResponse(f"/keeping/disposals/{made.id}", 303)


@routes.get("/keeping/disposals/{disposal_id}")
@allow(Permission.READ_KEEPING)
def disposal_page(request: Request, disposal_id: str) -> Response:
    """One list, paper by paper, and what the reader may do with it."""
    house, me = house_of(request), caller_of(request)
    with house.database.read() as tx:
        found = disposals.get(tx, disposal_id)
        papers = disposals.entries(tx, disposal_id)
    return render(
        house, me, "disposal.html",
        one=found, papers=papers, states=STATES, entry_states=ENTRY_STATES,
        mine=found.drafted_by == me.name,
    )  # fmt: skip


@routes.post("/keeping/disposals/{disposal_id}/take-off")
@allow(Permission.DRAFT_DISPOSAL)
def take_off(
    request: Request,
    disposal_id: str,
    reason: _Words,
    documents: Annotated[list[str], Form(max_length=disposals.MOST)],
) -> Response:
    """Take what is ticked off the draft."""
    by = caller_of(request).name
    disposing.take_off(house_of(request), disposal_id, documents, reason, by)
    return RedirectResponse(f"/keeping/disposals/{disposal_id}", 303)


@routes.post("/keeping/disposals/{disposal_id}/approve")
@allow(Permission.APPROVE_DISPOSAL)
def approve(request: Request, disposal_id: str) -> Response:
    """Approve and have the office sign."""
    disposing.approve(house_of(request), disposal_id, caller_of(request).name)
    return RedirectResponse(f"/keeping/disposals/{disposal_id}", 303)


@routes.post("/keeping/disposals/{disposal_id}/run")
@allow(Permission.APPROVE_DISPOSAL)
def run(request: Request, disposal_id: str) -> Response:
    """Let the workers carry it out."""
    disposal_run.ask(house_of(request), disposal_id, caller_of(request).name)
    return RedirectResponse(f"/keeping/disposals/{disposal_id}", 303)


@routes.post("/keeping/disposals/{disposal_id}/cancel")
@allow(Permission.APPROVE_DISPOSAL)
def cancel(request: Request, disposal_id: str, reason: _Words) -> Response:
    """Give the list up."""
    disposing.cancel(house_of(request), disposal_id, reason, caller_of(request).name)
    return RedirectResponse(f"/keeping/disposals/{disposal_id}", 303)


@routes.post("/keeping/holds")
@allow(Permission.HOLD)
def hold(
    request: Request,
    scope: Annotated[Scope, Form()],
    target: Annotated[str, Form(min_length=1, max_length=64)],
    reason: _Words,
    legal_basis: _Words,
) -> Response:
    """Hold papers."""
    by = caller_of(request).name
    holding.place(house_of(request), scope, target.strip(), reason, legal_basis, by)
    return RedirectResponse("/keeping#holds", 303)


@routes.post("/keeping/holds/{hold_id}/lift")
@allow(Permission.HOLD)
def lift(request: Request, hold_id: str, reason: _Words) -> Response:
    """End a hold."""
    holding.lift(house_of(request), hold_id, reason, caller_of(request).name)
    return RedirectResponse("/keeping#holds", 303)
