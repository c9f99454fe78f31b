"""Large files past the service: into the object store, with addresses that we sign.

Offered where the store has an address for others (``public_endpoint``). The upload's
identifier is sealed by us and says all that we need to know: whose it is, for which
batch, how large. Nothing is accepted before it was read, hashed and put as any file.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from api.access import Identity, Permission, allow
from api.http import shapes, uploads
from api.http.batches import Pile, check_pile, known_batch, tell_of_first
from api.http.desk import caller_of, house_of
from api.http.guard import area
from ingest import intake
from ingest.house import House
from repository.ports import DirectUpload, DirectUploads, UploadedPart
from vocabulary.clock import vietnam_time
from vocabulary.errors import Conflict, InvalidRequest, NotFound

routes = area("/v1/batches", "intake")

_MOST_AT_ONCE: Final = 1000
_HASH: Final = r"^[0-9a-f]{64}$"


class NewUpload(BaseModel):
    """A file to come."""

    bytes: int = Field(ge=1, description="Its exact size.")


class WantedPart(BaseModel):
    """A part that is about to be sent."""

    number: int = Field(ge=1, le=10_000)
    sha256: str = Field(pattern=_HASH, description="Of the part, hexadecimal.")


class WantedParts(BaseModel):
    """Parts that are about to be sent; the address of each takes these bytes alone."""

    parts: list[WantedPart] = Field(min_length=1, max_length=_MOST_AT_ONCE)


class SentPart(WantedPart):
    """A part that the store has taken."""

    etag: str = Field(min_length=1, max_length=200, description="As the store answered.")


class FinishedUpload(BaseModel):
    """Every part, and what is declared of the file."""

    name: str = Field(min_length=1, max_length=255)
    parts: list[SentPart] = Field(min_length=1, max_length=10_000)
    metadata: dict[str, Any] = Field(default_factory=dict)
    declared_pages: int | None = Field(None, ge=1, le=10_000_000)


Sealed = Annotated[str, Field(max_length=2000)]


@routes.post(
    "/{batch_id}/direct-uploads", status_code=201, summary="Begin an upload into the object store"
)
@allow(Permission.HAND_IN)
def begin_upload(request: Request, batch_id: str, new: NewUpload) -> Response:
    """409 ``not_offered`` where the object store takes none; hand the file in as usual then."""
    house, identity = house_of(request), caller_of(request)
    offered = _offered(house)
    known_batch(house, identity, batch_id)
    check_pile(house, Pile(batch_id, identity))
    if new.bytes > house.max_file_bytes:
        raise InvalidRequest(
            f"Tệp lớn hơn giới hạn {house.max_file_bytes} byte. Hãy tách tệp.",
            f"The file exceeds the limit of {house.max_file_bytes} bytes. Split it.",
            code="upload_too_large",
            limit=house.max_file_bytes,
        )
    upload = offered.begin(new.bytes)
    sealed = _seal(house, upload, batch_id, identity)
    address = f"/v1/batches/{batch_id}/direct-uploads/{sealed}"
    body = {
        "id": sealed,
        "url": address,
        "bytes": upload.bytes,
        "part_bytes": upload.part_bytes,
        "parts": upload.parts,
        "expires_at": vietnam_time(upload.expires_at),
    }
    return JSONResponse(body, 201, headers={"Location": address})


@routes.post("/{batch_id}/direct-uploads/{upload_id}/parts", summary="Addresses for parts")
@allow(Permission.HAND_IN)
def sign_parts(
    request: Request, batch_id: str, upload_id: Sealed, wanted: WantedParts
) -> dict[str, Any]:
    """Send each part by PUT to its ``url`` with exactly its ``headers``, in whatever order."""
    house, identity = house_of(request), caller_of(request)
    offered = _offered(house)
    upload = _unseal(house, upload_id, batch_id, identity)
    items = []
    for part in wanted.parts:
        address = offered.part_address(upload, part.number, part.sha256)
        items.append(
            {
                "number": part.number,
                "method": "PUT",
                "url": address.url,
                "headers": dict(address.headers),
            }
        )
    return {"parts": items}


@routes.post(
    "/{batch_id}/direct-uploads/{upload_id}/complete",
    status_code=201,
    summary="Every part is sent: take the file in",
)
@allow(Permission.HAND_IN)
def complete_upload(
    request: Request, batch_id: str, upload_id: Sealed, finished: FinishedUpload
) -> Response:
    """As if handed in by multipart: durable before the answer; asked again, the same answer."""
    house, identity = house_of(request), caller_of(request)
    offered = _offered(house)
    upload = _unseal(house, upload_id, batch_id, identity)
    once_key = f"direct:{upload.id[:32]}"
    received = intake.received_with(house, identity.name, once_key)
    if received is None:
        known_batch(house, identity, batch_id)
        check_pile(house, Pile(batch_id, identity, metadata=finished.metadata))
        parts = [UploadedPart(one.number, one.etag, one.sha256) for one in finished.parts]
        with offered.complete(upload, parts) as file, uploads.within_limit():
            received = intake.receive(
                house,
                file,
                finished.name,
                by=identity.name,
                batch_id=batch_id,
                metadata=finished.metadata,
                declared_pages=finished.declared_pages,
                once_key=once_key,
            )
    told = shapes.received_json(received, tell_first=tell_of_first(house, identity, received))
    return JSONResponse({"batch": batch_id, "files": [told]}, 201)


@routes.delete(
    "/{batch_id}/direct-uploads/{upload_id}", status_code=204, summary="Let go of an upload"
)
@allow(Permission.HAND_IN)
def abandon_upload(request: Request, batch_id: str, upload_id: Sealed) -> Response:
    """What was sent is removed; what is never let go of is removed after a day."""
    house, identity = house_of(request), caller_of(request)
    offered = _offered(house)
    offered.abandon(_unseal(house, upload_id, batch_id, identity))
    return Response(status_code=204)


def _offered(house: House) -> DirectUploads:
    if house.direct_uploads is None:
        raise Conflict(
            "Kho lưu trữ ở đây không nhận tải lên trực tiếp. Hãy gửi tệp theo cách thường.",
            "The object store here takes no direct uploads. Hand the file in the usual way.",
            code="not_offered",
        )
    return house.direct_uploads


def _seal(house: House, upload: DirectUpload, batch_id: str, identity: Identity) -> str:
    """The identifier that goes out: nobody else can make or change one."""
    facts = {**asdict(upload), "expires_at": upload.expires_at.isoformat()}
    plain = json.dumps([facts, batch_id, identity.name], separators=(",", ":")).encode()
    return f"{base64.urlsafe_b64encode(plain).decode().rstrip('=')}.{_mark(house, plain)}"


def _unseal(house: House, sealed: str, batch_id: str, identity: Identity) -> DirectUpload:
    """Raises NotFound for what we did not give to this caller for this batch."""
    text, _, mark = sealed.partition(".")
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise _unknown() from None
    if not hmac.compare_digest(mark.encode(), _mark(house, plain).encode()):
        raise _unknown()
    facts, batch, caller = json.loads(plain)
    if (batch, caller) != (batch_id, identity.name):
        raise _unknown()
    expires_at = datetime.fromisoformat(facts.pop("expires_at"))
    return DirectUpload(**facts, expires_at=expires_at)


def _mark(house: House, plain: bytes) -> str:
    key = hmac.digest(house.audit_key, b"direct uploads", "sha256")
    return hmac.new(key, plain, hashlib.sha256).hexdigest()


def _unknown() -> NotFound:
    return NotFound(
        "Không có phiên tải lên này, hoặc đã hết hạn. Hãy bắt đầu lại.",
        "There is no such upload, or its time is over. Begin again.",
    )
