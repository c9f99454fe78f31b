"""Papers that wait for an officer's signature: what to sign is handed out, the answer taken back.

For officers who sign with a key at their own computers. A task stays until it is answered, so
a lid may be closed at any moment.
"""

import base64
import binascii
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.access import Permission, allow
from api.http.content import bytes_described, serve_stream
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.reads import document_for
from ingest.awaited_signatures import Given, take
from repository import signing_tasks
from repository.signing_tasks import Task
from vocabulary.clock import vietnam_time
from vocabulary.errors import InvalidRequest

routes = area("/v1/signing-tasks", "trust")
_PURPOSE = "Ký số"
_Base64 = Annotated[str, Field(max_length=200_000)]


class Answer(BaseModel):
    """Base64: the raw ``signature`` over the attributes, or a whole ``cms`` over the file.

    ``certificate`` (DER): of whom it is; where given, it must be the awaited one.
    """

    model_config = ConfigDict(extra="forbid")

    signature: _Base64 | None = None
    cms: _Base64 | None = None
    certificate: _Base64 | None = None


@routes.get("", summary="Papers that wait for a signature made at an officer's own computer")
@allow(Permission.SIGN)
def list_tasks(
    request: Request,
    certificate: Annotated[
        str | None, Query(description="SHA-256 of the officer's certificate (DER), hexadecimal")
    ] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Newest first; with ``certificate`` only what that certificate is to sign."""
    with house_of(request).database.read() as tx:
        page = signing_tasks.waiting(
            tx, "own_computer", certificate=certificate, cursor=cursor, limit=limit
        )
    return {"items": [_outline(task) for task in page.items], "next": page.next}


@routes.get("/{task_id}", summary="What has to be signed of one paper")
@allow(Permission.SIGN)
def read_task(request: Request, task_id: str) -> dict[str, Any]:
    """The key signs ``attributes`` (DER, RFC 5652 section 5.4) with SHA-256."""
    with house_of(request).database.read() as tx:
        return _whole(signing_tasks.get(tx, task_id))


@routes.get(
    "/{task_id}/content",
    summary="The file as it is signed, with an empty place",
    response_class=Response,
    responses=bytes_described("application/pdf"),
)
@allow(Permission.SIGN)
def read_draft(request: Request, task_id: str) -> Response:
    """For the officer to read before signing, and for the program to check the digest."""
    house = house_of(request)
    with house.database.read() as tx:
        new = signing_tasks.get(tx, task_id).new
    document = document_for(request, new.document_id, "content", _PURPOSE)
    stream = house.objects.open(new.draft_sha256)
    return serve_stream(
        request, stream, new.draft_bytes, new.draft_sha256, "application/pdf", document.name
    )


@routes.post("/{task_id}/signature", summary="Hand in the signature of one paper")
@allow(Permission.SIGN)
def take_signature(request: Request, task_id: str, answer: Answer) -> dict[str, Any]:
    """Durable when answered; handing it in again changes nothing.

    422 ``signature_mismatch`` (another paper, another key, broken), ``certificate_differs``,
    ``certificate_expired``, ``certificate_revoked``, ``signature_not_pades``,
    ``signature_too_long``.
    """
    if (answer.signature is None) == (answer.cms is None):
        raise InvalidRequest(
            "Hãy gửi một trong hai: signature (chữ ký thô) hoặc cms.",
            "Send one of both: signature (raw) or cms.",
            field="signature",
        )
    given = Given(
        _decoded(answer.signature, "signature"),
        _decoded(answer.cms, "cms"),
        _decoded(answer.certificate, "certificate"),
    )
    return _outline(take(house_of(request), task_id, given, caller_of(request).name))


def _decoded(text: str | None, field: str) -> bytes | None:
    if text is None:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidRequest(
            f"{field} không phải Base64. Hãy mã hóa lại rồi gửi.",
            f"{field} is not Base64. Encode it again and send it.",
            field=field,
        ) from None


def _outline(task: Task) -> dict[str, Any]:
    new = task.new
    return {
        "id": task.id,
        "url": f"/v1/signing-tasks/{task.id}",
        "state": "waiting" if task.answer is None else "signed",
        "document": new.document_id,
        "name": task.document_name,
        "role": new.role,
        "signer": new.signer,
        "certificate_sha256": new.certificate_sha256,
        "created_at": vietnam_time(task.created_at),
        "signed_by": task.answered_by,
        "signed_at": vietnam_time(task.answered_at) if task.answered_at else None,
    }


def _whole(task: Task) -> dict[str, Any]:
    prepared = task.new.prepared
    return {
        **_outline(task),
        "digest": {"alg": "sha-256", "value": prepared["digest"]},
        "place": prepared["place"],
        "attributes": prepared["attributes"],
        "certificate": prepared["certificate"],
        "chain": prepared["chain"],
        "draft": {
            "url": f"/v1/signing-tasks/{task.id}/content",
            "sha256": task.new.draft_sha256,
            "bytes": task.new.draft_bytes,
        },
    }
