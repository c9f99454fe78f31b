"""The app: every address behind the guard, every error in one form, own files only."""

from contextlib import suppress
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Protocol

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from api import access
from api.access import PUBLIC, Permission
from api.auth import scraping
from api.http import (
    answers,
    audit_log,
    batches,
    copies,
    direct_uploads,
    disposals,
    doc_types,
    documents,
    dossiers,
    events,
    evidence,
    long_term,
    once_only,
    operation,
    procedure_files,
    procedures,
    retention,
    reviews,
    search,
    signing_tasks,
    stats,
    subjects,
    subscriptions,
    tokens,
    verify,
)
from api.http.answered import Answers
from api.http.code_lists import described_codes
from api.http.desk import UPLOAD_LIMIT, Desk
from api.http.guard import Guard
from api.http.headers import SecurityHeaders
from api.http.links import add_links
from api.http.logbook import Logbook
from api.meters import Meters
from api.web import (
    account_pages,
    doc_type_pages,
    document_pages,
    dossier_pages,
    figure_pages,
    frame,
    hand_in_pages,
    keeping_pages,
    login_pages,
    lookup_pages,
    preview_pages,
    procedure_pages,
    signature_pages,
    subject_pages,
)
from ingest.checking import prepare_index
from ingest.house import House
from ingest.readiness import Readiness
from repository.scribe import Scribe
from vocabulary.errors import SohoaError

_AREAS: Final = (
    batches, documents, reviews, search, procedures, procedure_files, doc_types,
    once_only, dossiers, evidence,
    copies, signing_tasks, long_term, stats, subjects, subscriptions, verify, events, audit_log,
    tokens, operation, frame, login_pages, hand_in_pages, document_pages, dossier_pages,
    lookup_pages, procedure_pages, figure_pages, preview_pages, subject_pages, doc_type_pages,
    account_pages,
    direct_uploads, retention, disposals, keeping_pages, signature_pages,
)  # fmt: skip

_TOLD: Final = """
Digitised once, proved, reused. Errors are RFC 9457 `application/problem+json` with a stable
`code`, `detail` in Vietnamese and `detail_en` in English. Lists page by `cursor`. Every POST
that creates takes an `Idempotency-Key`. Reading a person's document takes a purpose in
`X-Purpose` (percent-encoded UTF-8); reads and refusals are kept in the audit log.
"""

_QUIET: Final = TelemetryConfig(
    tracing=False, operation_spans=False, metrics=False, logs=False, auto_configure=False
)
"""The framework's own telemetry stays off, whatever the environment says: it tells addresses that
were asked, which may name a person. What may be told is in vocabulary/tracing.py."""

_TAGS: Final = [
    {"name": "intake", "description": "Tiếp nhận · intake"},
    {"name": "documents", "description": "Giấy tờ · documents"},
    {"name": "search", "description": "Tìm kiếm · search"},
    {"name": "procedures", "description": "Thủ tục hành chính · procedures"},
    {"name": "once-only", "description": "Không yêu cầu nộp lại giấy tờ đã có · once only"},
    {"name": "dossiers", "description": "Hồ sơ thủ tục hành chính · dossiers"},
    {"name": "reuse", "description": "Khai thác giấy tờ · evidence for other systems"},
    {"name": "figures", "description": "Số liệu · figures"},
    {"name": "keeping", "description": "Thời hạn bảo quản, lệnh giữ, hủy · keeping"},
    {"name": "trust", "description": "Chữ ký số, nhật ký · trust"},
    {"name": "login", "description": "Đăng nhập, mã truy cập · login"},
    {"name": "operation", "description": "Vận hành · operation"},
]


class FaceSettings(Protocol):
    """What this face reads of the settings."""

    @property
    def public_url(self) -> str: ...

    @property
    def session_hours(self) -> int: ...

    @property
    def metrics_token_file(self) -> Path | None: ...


def make_app(house: House, settings: FaceSettings) -> FastAPI:
    """The whole HTTP face over a house.

    Raises:
        RuntimeError: an address declares no permission (also refused when called).
    """
    https = settings.public_url.startswith("https://")
    with suppress(SohoaError, OSError):  # away: papers come in, and readiness tells
        prepare_index(house)
    meters, readiness = Meters(), Readiness(house)
    meters.watch(house, readiness)
    limit = max(UPLOAD_LIMIT, house.max_file_bytes + 2**20)
    app = FastAPI(
        title="sohoa",
        version=version("sohoa"),
        summary="Documents digitised once, proved and reused",
        description=_TOLD,
        openapi_tags=_TAGS,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # served by api.web.frame, behind the same guard as the rest
        redirect_slashes=False,
        telemetry=_QUIET,
        middleware=[
            Middleware(Logbook, meters=meters),
            Middleware(SecurityHeaders, https=https),
            Middleware(answers.LastResort),
            Middleware(Guard, limit=limit),
            Middleware(RequestBodyLimitMiddleware, max_body_size=limit),  # bodies without a length
        ],
    )
    app.state.desk = Desk(
        house, https, timedelta(hours=settings.session_hours), Answers(), settings.public_url,
        meters, readiness, Scribe(house.database), scraping.load_token(settings.metrics_token_file),
    )  # fmt: skip
    for one in _AREAS:
        app.router.routes.extend(one.routes.routes)
    answers.install(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    undeclared = [
        getattr(route, "path", repr(route))
        for route in app.router.routes
        if access.declared(getattr(route, "endpoint", None)) is None
    ]
    if undeclared:
        raise RuntimeError(f"addresses that declare no permission: {undeclared}")
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1 with the security schemes and the permission of every address."""
    if app.openapi_schema:
        return app.openapi_schema
    schema = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        tags=_TAGS,
        routes=app.routes,
    )
    parts = schema.setdefault("components", {})
    parts["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "Personal or client token"},
        "client": {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": "/v1/token", "scopes": {}}},
        },
        "session": {"type": "apiKey", "in": "cookie", "name": "sohoa_session"},
    }
    parts.setdefault("schemas", {}).update({"Problem": _PROBLEM, **described_codes()})
    for route in app.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            declaration = access.declared(route.endpoint)
            for method in route.methods or ():
                operation = schema["paths"].get(route.path, {}).get(method.lower())
                if operation is not None:
                    _secure(operation, declaration)
    add_links(schema)
    app.openapi_schema = schema
    return schema


def _secure(operation: dict[str, Any], declaration: access.Access | None) -> None:
    answers_of = operation.setdefault("responses", {})
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers_of["422"] = {"description": "A value does not fit", "content": problem}
    answers_of["default"] = {"description": "Problem (RFC 9457)", "content": problem}
    if declaration is PUBLIC or declaration is None:
        operation["security"] = []
        return
    assert isinstance(declaration, Permission)
    operation["security"] = [{"bearer": []}, {"client": []}, {"session": []}]
    operation["x-permission"] = str(declaration)
    operation["x-roles"] = sorted(access.TABLE[declaration])


_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "RFC 9457 problem details",
    "required": ["type", "title", "status", "code", "detail", "detail_en"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {
            "type": "string",
            "description": "Stable machine code, one of ErrorCode; the list is open",
        },
        "detail": {"type": "string", "description": "What to do, in Vietnamese"},
        "detail_en": {"type": "string", "description": "What to do, in English"},
    },
    "additionalProperties": True,
}
