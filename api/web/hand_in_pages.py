"""Handing papers in, with and without scripts, and watching a batch."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.access import Permission, allow
from api.http import batches as batch_addresses
from api.http import uploads
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.headers import POLICY
from api.web import about, words
from api.web.rendering import render
from ingest import intake
from repository import batches, documents, subjects
from repository.documents import DocumentFilter
from vocabulary.errors import Conflict, InvalidRequest

routes = area(in_schema=False)

_SHOWN = 1000
_LARGE = 16 * 2**20
"""Bytes from which on a file goes straight into the store, where that is offered."""
_COUNTED = ("name", "declared_files", "declared_pages")


@routes.get("/hand-in")
@allow(Permission.HAND_IN)
def hand_in_page(request: Request) -> Response:
    """Choose files, say what was counted."""
    return _hand_in_page(request, [], 200)


@routes.post("/hand-in")
@allow(Permission.HAND_IN)
async def hand_in(request: Request) -> Response:
    """The form without scripts: all files at once, then the batch's page."""
    parts = await uploads.parts_of(request)
    return await run_in_threadpool(_hand_in, request, parts)


def _hand_in(request: Request, parts: uploads.Parts) -> Response:
    house, identity = house_of(request), caller_of(request)
    try:
        files = uploads.need_files(parts)
        counts = [uploads.count_of(parts, name) for name in ("declared_files", "declared_pages")]
        metadata = _of_the_pile(parts.fields)
        intake.check_metadata(house, metadata)
    except InvalidRequest as error:
        refused = [{"name": "Biểu mẫu", "why": error.vi}]
        return _hand_in_page(request, refused, 422, parts.fields)
    name = parts.fields.get("name", "")[:200]
    batch = batch_addresses.open_batch(house, identity, name, counts[0], counts[1])
    pile = batch_addresses.Pile(batch.id, identity, metadata)
    results = batch_addresses.hand_in(house, pile, files)
    refused = [
        {"name": one["name"], "why": one["message"]} for one in results if "document" not in one
    ]
    if len(refused) == len(files):
        return _hand_in_page(request, refused, 422, parts.fields)
    if refused:
        return _batch_page(request, batch.id, refused=refused)
    return RedirectResponse(f"/batches/{batch.id}", 303)


@routes.post("/hand-in/holder")
@allow(Permission.HAND_IN)
def check_holder(
    scheme: Annotated[str, Form(max_length=32)], number: Annotated[str, Form(max_length=64)]
) -> Response:
    """Whether a number can be one of its kind, asked while a person types; nothing is kept."""
    return JSONResponse({"id": subjects.normalise(scheme, number).value})


def _of_the_pile(form: Mapping[str, str]) -> dict[str, Any]:
    """What the form says of all the papers: whose they are and in which legal form."""
    holder = about.holder_of(form)
    legal_form = form.get(about.PREFIX + "form", "")
    return {
        **({"subject": holder} if holder else {}),
        **({"form": legal_form} if legal_form in words.FORMS else {}),
    }


def _hand_in_page(
    request: Request,
    refused: list[dict[str, str]],
    status: int,
    typed: Mapping[str, str] | None = None,
) -> Response:
    house = house_of(request)
    names = ("scheme", "id", "name", "form")
    blank = {"scheme": next(iter(words.SCHEMES)), "id": "", "name": "", "form": "original"}
    direct = house.direct_uploads
    page = render(
        house, caller_of(request), "hand_in.html", status,
        direct_from=_LARGE if direct else None,
        refused=refused,
        suggestion=f"Lô {words.moment(house.clock.now())}",
        values={name: (typed or {}).get(about.PREFIX + name, blank[name]) for name in names},
        typed={name: (typed or {}).get(name, "") for name in _COUNTED},
    )  # fmt: skip
    if direct is not None:  # the page may send to the store, and nowhere else
        page.headers["Content-Security-Policy"] = f"{POLICY}; connect-src 'self' {direct.origin}"
    return page


@routes.get("/batches/{batch_id}")
@allow(Permission.HAND_IN)
def batch_page(request: Request, batch_id: str) -> Response:
    """The files of one batch and how far each is."""
    return _batch_page(request, batch_id)


@routes.post("/batches/{batch_id}/close")
@allow(Permission.HAND_IN)
def close_batch(request: Request, batch_id: str) -> Response:
    """Reconcile; where counts differ the page says how."""
    try:
        batch_addresses.reconcile(house_of(request), caller_of(request), batch_id)
    except Conflict as error:
        found = [str(one["detail"]) for one in error.detail.get("differences", [])]
        return _batch_page(request, batch_id, differences=found)
    return RedirectResponse(f"/batches/{batch_id}", 303)


def _batch_page(
    request: Request,
    batch_id: str,
    refused: list[dict[str, str]] | None = None,
    differences: list[str] | None = None,
) -> Response:
    house, identity = house_of(request), caller_of(request)
    batch = batch_addresses.known_batch(house, identity, batch_id)
    wanted = DocumentFilter(batch_id=batch.id, with_discarded=True)
    with house.database.read() as tx:
        page = documents.page_of(tx, wanted, None, _SHOWN)
        progress = batches.progress(tx, batch.id)
    values: dict[str, Any] = {
        "batch": batch,
        "documents": page.items,
        "progress": progress,
        "moving": any(one.state not in words.WAITING for one in page.items),
        "refused": refused or [],
        "differences": differences or [],
    }
    return render(house, identity, "batch.html", 409 if differences else 200, **values)
