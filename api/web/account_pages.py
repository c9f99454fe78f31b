"""A person's own account, and the audit log for inspectors, as pages."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access import Permission, allow
from api.http import audit_log, tokens
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.web.listing import query_string
from api.web.rendering import render
from repository import accounts
from repository.audit import AuditFilter

routes = area(in_schema=False)

_PAGE = 100


@routes.get("/account")
@allow(Permission.OWN_ACCOUNT)
def account_page(request: Request) -> Response:
    """My personal tokens."""
    return _account_page(request, None)


@routes.post("/account/tokens")
@allow(Permission.OWN_ACCOUNT)
def make_token(
    request: Request, name: Annotated[str, Form(min_length=1, max_length=100)]
) -> Response:
    """Make a token and show it, once."""
    made = tokens.make_token(house_of(request), caller_of(request), name, None)
    return _account_page(request, made.token)


@routes.post("/account/tokens/{token_id}/revoke")
@allow(Permission.OWN_ACCOUNT)
def revoke_token(request: Request, token_id: str) -> Response:
    """End a token."""
    tokens.end_token(house_of(request), caller_of(request), token_id)
    return RedirectResponse("/account", 303)


def _account_page(request: Request, made: str | None) -> Response:
    house, identity = house_of(request), caller_of(request)
    with house.database.read() as tx:
        found = accounts.personal_tokens_of(tx, identity.account_id)
    return render(house, identity, "account.html", tokens=found, made=made)


@routes.get("/audit")
@allow(Permission.READ_AUDIT)
def audit_page(request: Request, cursor: str | None = None, document: str = "") -> Response:
    """Who read what, newest first."""
    wanted = AuditFilter(document_id=document or None)
    page = audit_log.entries(request, wanted, cursor, _PAGE)
    records = [
        {
            "seq": one.seq,
            "at": one.entry.occurred_at,
            "actor": one.entry.actor,
            "event": one.entry.event_type,
            "outcome": one.entry.outcome,
            "document_id": one.entry.document_id,
            "purpose": one.entry.detail.get("purpose", ""),
        }
        for one in page.items
    ]
    following = query_string(document=document, cursor=page.next) if page.next else None
    return render(
        house_of(request), caller_of(request), "audit.html", records=records, next=following
    )
