"""Document types of this office: how papers are known, what they give, how long they hold."""

from typing import Any

from fastapi import Request

from api.access import Permission, allow
from api.http.desk import house_of
from api.http.guard import area
from ocr.types.description import described
from vocabulary.errors import NotFound

routes = area("/v1/document-types", "procedures")


@routes.get("", summary="Document types that are recognised here")
@allow(Permission.READ_PROCEDURES)
def list_types(request: Request) -> dict[str, Any]:
    """The shipped types with the office's own over them; ``problems`` counts files left out."""
    types = house_of(request).types
    return {
        "items": [described(one) for one in types],
        "next": None,
        "problems": len(types.problems),
    }


@routes.get("/{key}", summary="One document type")
@allow(Permission.READ_PROCEDURES)
def read_type(request: Request, key: str) -> dict[str, Any]:
    """404 where there is no such type."""
    kind = house_of(request).types.get(key)
    if kind is None:
        raise NotFound(
            "Không có loại giấy tờ này. Xem danh sách ở /v1/document-types.",
            "There is no such document type. /v1/document-types lists them.",
        )
    return described(kind)
