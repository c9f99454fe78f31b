"""Tokens: OAuth 2 client credentials for systems, personal tokens for people's scripts."""

import base64
import binascii
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from api import problems
from api.access import PUBLIC, Identity, Permission, allow
from api.auth import logins
from api.http.desk import address_of, caller_of, house_of
from api.http.guard import area
from ingest.house import House
from repository import accounts, audit
from repository.accounts import NewToken
from repository.audit import AuditEntry
from vocabulary.clock import vietnam_time
from vocabulary.errors import InvalidRequest, NotAllowed, NotAuthenticated

routes = area("/v1", "login")

TOKEN_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "client_id": {"type": "string"},
                        "client_secret": {"type": "string"},
                        "scope": {
                            "type": "string",
                            "description": "Purposes, by blanks; none: all that were granted.",
                            "examples": ["purpose:2.002381"],
                        },
                    },
                }
            }
        },
    }
}


class NewPersonalToken(BaseModel):
    """A token to make."""

    name: str = Field(min_length=1, max_length=100, description="What it is for.")
    days: int | None = Field(None, ge=1, le=3650, description="Days it lasts; none: no end.")


@routes.post(
    "/token",
    summary="OAuth 2 client credentials",
    openapi_extra=TOKEN_BODY,
    responses={
        status: {"description": "Refused (RFC 6749)", "content": {"application/json": {}}}
        for status in (400, 401)
    },
)
@allow(PUBLIC)
async def client_credentials(request: Request) -> Response:
    """Client id and secret by HTTP Basic or in the form (RFC 6749 sections 2.3.1 and 4.4).

    ``scope`` narrows the token to some of the purposes that were granted
    (``purpose:2.002381``); 400 ``invalid_scope`` for one that was not.
    """
    form = await request.form()
    if form.get("grant_type") != "client_credentials":
        return _refused(400, "unsupported_grant_type", "grant_type must be client_credentials")
    try:
        client_id, secret = _credentials(request, form.get("client_id"), form.get("client_secret"))
        scope = form.get("scope") or ""
        made, carried = await run_in_threadpool(
            logins.client_token, house_of(request), client_id, secret, address_of(request),
            scope if isinstance(scope, str) else "?",
        )  # fmt: skip
    except InvalidRequest as error:
        return _refused(400, "invalid_scope", error.en)
    except NotAuthenticated as error:
        if error.error_code == "too_many_attempts":
            raise
        return _refused(401, "invalid_client", error.en)
    return JSONResponse(
        {
            "access_token": made.token,
            "token_type": "Bearer",
            "expires_in": int(logins.ACCESS_TOKEN_LIFE.total_seconds()),
            **({"scope": carried} if carried else {}),
        },
        headers={"Cache-Control": "no-store", "Pragma": "no-cache"},
    )


@routes.get("/tokens", summary="My personal tokens, without their secrets")
@allow(Permission.OWN_ACCOUNT)
def list_tokens(request: Request) -> dict[str, Any]:
    """Newest first."""
    identity = caller_of(request)
    with house_of(request).database.read() as tx:
        found = accounts.personal_tokens_of(tx, identity.account_id)
    items = [
        {
            "id": one.id,
            "name": one.name,
            "created_at": vietnam_time(one.created_at),
            "expires_at": vietnam_time(one.expires_at) if one.expires_at else None,
            "revoked_at": vietnam_time(one.revoked_at) if one.revoked_at else None,
        }
        for one in found
    ]
    return {"items": items, "next": None}


@routes.post("/tokens", status_code=201, summary="Make a personal token; it is shown once")
@allow(Permission.OWN_ACCOUNT)
def create_token(request: Request, new: NewPersonalToken) -> dict[str, Any]:
    """Only from a browser session: a token cannot make tokens that outlive it."""
    made = make_token(house_of(request), caller_of(request), new.name, new.days)
    return {
        "id": made.id,
        "token": made.token,
        "expires_at": vietnam_time(made.expires_at) if made.expires_at else None,
    }


@routes.delete("/tokens/{token_id}", status_code=204, summary="Revoke a personal token")
@allow(Permission.OWN_ACCOUNT)
def revoke_token(request: Request, token_id: str) -> None:
    """From then on it is refused."""
    end_token(house_of(request), caller_of(request), token_id)


def make_token(house: House, identity: Identity, name: str, days: int | None) -> NewToken:
    """A new personal token of the caller.

    Raises:
        NotAllowed: the caller came with a token itself.
    """
    if identity.via != "session":
        raise NotAllowed(
            "Hãy đăng nhập bằng trình duyệt để tạo mã truy cập.",
            "Log in with a browser to make a token.",
            code="session_needed",
        )
    now = house.clock.now()
    expires = now + timedelta(days=days) if days else None
    with house.database.write() as tx:
        made = accounts.create_personal_token(tx, identity.account_id, name, now, expires)
        audit.append(tx, AuditEntry("token.personal", identity.name, now, detail={"id": made.id}))
    return made


def end_token(house: House, identity: Identity, token_id: str) -> None:
    """Revoke one of the caller's tokens."""
    now = house.clock.now()
    with house.database.write() as tx:
        accounts.revoke_personal_token(tx, identity.account_id, token_id, now)
        audit.append(tx, AuditEntry("token.revoked", identity.name, now, detail={"id": token_id}))


def _credentials(request: Request, form_id: object, form_secret: object) -> tuple[str, str]:
    """Client id and secret, from the Basic header or the form.

    Raises:
        NotAuthenticated: neither carries both.
    """
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            plain = base64.b64decode(encoded.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            plain = ""
        name, colon, secret = plain.partition(":")
        if colon:
            return unquote_plus(name), unquote_plus(secret)
    elif isinstance(form_id, str) and isinstance(form_secret, str):
        return form_id, form_secret
    raise NotAuthenticated(
        "Thiếu mã hệ thống hoặc khóa bí mật.",
        "The client id or secret is missing.",
        code="invalid_client",
    )


def _refused(status: int, error: str, told: str) -> Response:
    """RFC 6749 section 5.2 has a form of its own; ``code`` is kept beside it."""
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="sohoa"'
    body = {
        "error": error,
        "error_description": told,
        "code": error,
        "status": status,
        "title": problems.Problem(status, error, "", "").title,
    }
    return JSONResponse(body, status, headers=headers)
