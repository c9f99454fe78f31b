"""Documents: handing one in, its record, its bytes, pages and words."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from api.access import Permission, allow
from api.http import shapes, uploads
from api.http.batches import tell_of_first
from api.http.content import KINDS, bytes_described, serve_bytes, serve_stream
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.idempotency import key_of, once
from api.http.reads import document_for
from api.http.suffixes import archival_name
from ingest import intake, lookup
from ingest.house import House
from repository import documents, result_codes, subjects
from repository.documents import Document, DocumentFilter, State, Status
from vocabulary.errors import NotFound

routes = area("/v1/documents", "documents")

REGISTER_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "metadata": {
                            "type": "string",
                            "description": "JSON object: type, subject {scheme, id, name}, "
                            "number_symbol, issuer, issue_date, valid_from, valid_to, scope, form.",
                        },
                    },
                }
            }
        },
    }
}


@routes.post(
    "",
    status_code=201,
    summary="Register one paper of a subject (multipart: file + metadata)",
    openapi_extra=REGISTER_BODY,
)
@allow(Permission.HAND_IN)
async def register_document(request: Request) -> Response:
    """The paper goes the same way as any scan; what was declared stands above what is read."""
    parts = await uploads.parts_of(request)
    return await run_in_threadpool(_register, request, parts)


def _register(request: Request, parts: uploads.Parts) -> Response:
    house, identity = house_of(request), caller_of(request)
    file = uploads.need_files(parts)[0]
    metadata = uploads.metadata_of(parts)
    declared = uploads.count_of(parts, "declared_pages")

    def work() -> tuple[int, dict[str, Any]]:
        with uploads.within_limit():
            received = intake.receive(
                house,
                file.stream,
                file.name,
                by=identity.name,
                metadata=metadata,
                declared_pages=declared,
                once_key=key_of(request),
            )
        tell = tell_of_first(house, identity, received)
        answer = shapes.received_json(received, tell_first=tell)
        return 201, {"id": received.document_id, **answer}

    return once(request, [file.name, file.bytes, metadata, declared], work)


@routes.get("", summary="Documents, newest first")
@allow(Permission.READ_DOCUMENTS)
def list_documents(
    request: Request,
    state: State | None = None,
    status: Status | None = None,
    document_type: Annotated[str | None, Query(alias="type")] = None,
    subject: Annotated[str | None, Query(description="scheme:id, as vn:mst:0901234564")] = None,
    batch: str | None = None,
    code: Annotated[
        str | None, Query(max_length=200, description="Code of a digitised paper or result.")
    ] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Outlines without fields; a system sees what it handed in itself."""
    identity = caller_of(request)
    with house_of(request).database.read() as tx:
        subject_id = None
        if subject:
            found = subjects.find(tx, *split_identifier(subject))
            if found is None:
                return {"items": [], "next": None}
            subject_id = found.id
        wanted = DocumentFilter(
            state=state,
            status=status,
            type=document_type,
            subject_id=subject_id,
            batch_id=batch,
            created_by=identity.name if identity.is_system else None,
            ids=None if code is None else result_codes.documents_with(tx, code),
        )
        page = documents.page_of(tx, wanted, cursor, limit)
    return {"items": [shapes.outline(one) for one in page.items], "next": page.next}


@routes.get("/{document_id}", summary="The record of one document")
@allow(Permission.READ_DOCUMENTS)
def read_document(request: Request, document_id: str) -> Response:
    """Fields, pages, signatures, subject, validity and history; the ETag is the version."""
    document_for(request, document_id, "record")
    with house_of(request).database.read() as tx:
        document = documents.get(tx, document_id)
        body = shapes.whole(tx, document)
    return JSONResponse(body, headers={"ETag": f'"{document.version}"'})


@routes.head("/{document_id}/content", include_in_schema=False)
@routes.get(
    "/{document_id}/content", summary="The bytes", response_class=Response,
    responses=bytes_described(*KINDS),
)  # fmt: skip
@allow(Permission.READ_DOCUMENTS)
def read_content(
    request: Request,
    document_id: str,
    rendition: Literal["original", "archival", "text"] = "original",
) -> Response:
    """The original as received, the archival PDF/A, or the text as read; ranges and ETag."""
    house = house_of(request)
    document = document_for(request, document_id, "content")
    if rendition == "text":
        body = text_of(house, document_id).encode()
        return serve_bytes(request, body, "text/plain; charset=utf-8", f"{document.name}.txt")
    sha256, size, media_type = document.sha256, document.bytes, document.media_type
    name = document.name
    if rendition == "archival":
        with house.database.read() as tx:
            archival = documents.renditions(tx, document_id).get("archival")
        if archival is None:
            raise NotFound(
                "Giấy tờ này chưa có bản lưu trữ. Hãy chờ xử lý xong hoặc xác nhận thông tin.",
                "This document has no archival file yet. Wait for it, or confirm its fields.",
                code="no_archival_file",
            )
        sha256, size, media_type = archival.sha256, archival.bytes, archival.media_type
        name = archival_name(document.name)
    stream = house.objects.open(sha256)
    return serve_stream(request, stream, size, sha256, media_type, name)


@routes.get(
    "/{document_id}/pages/{number}/image", summary="A page as JPEG, upright",
    response_class=Response, responses=bytes_described("image/jpeg"),
)  # fmt: skip
@allow(Permission.READ_DOCUMENTS)
def read_page_image(
    request: Request,
    document_id: str,
    number: int,
    width: Annotated[int, Query(ge=100, le=2000)] = 1000,
) -> Response:
    """Drawn in a bounded child process; untrusted bytes never reach this one."""
    document = document_for(request, document_id, "image")
    _need_page(document, number)
    image = lookup.page_image(house_of(request), document_id, number, width)
    return serve_bytes(request, image, "image/jpeg", f"{document.name}-{number}.jpg")


@routes.get("/{document_id}/pages/{number}/words", summary="The words of a page in reading order")
@allow(Permission.READ_DOCUMENTS)
def read_page_words(request: Request, document_id: str, number: int) -> dict[str, Any]:
    """Each word with its box in points (origin top left), confidence 0..100 and source."""
    document = document_for(request, document_id, "words")
    _need_page(document, number)
    with house_of(request).database.read() as tx:
        page = documents.page(tx, document_id, number)
    if page is None:
        raise _no_page()
    return {**page.summary(), "words": page.word_records()}


def text_of(house: House, document_id: str) -> str:
    """All pages as they were read, a form feed between pages."""
    with house.database.read() as tx:
        pages = documents.pages(tx, document_id)
    return "\f".join(pages[number].text for number in sorted(pages))


def split_identifier(text: str) -> tuple[str, str]:
    """``vn:mst:0901234564`` -> its scheme and its number."""
    scheme, _, number = text.rpartition(":")
    return scheme, number


def _need_page(document: Document, number: int) -> None:
    if number < 1 or (document.page_count is not None and number > document.page_count):
        raise _no_page()


def _no_page() -> NotFound:
    return NotFound(
        "Giấy tờ không có trang này, hoặc trang chưa được đọc.",
        "The document has no such page, or it has not been read yet.",
        code="no_such_page",
    )
