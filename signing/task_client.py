# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""The officer's side: fetch what waits at a service, check it, sign it, hand it in.

Run at the officer's own computer; the key never leaves it. Nothing is signed on the
service's word alone: the file is fetched, its digest is taken here, and the attributes must
be those of this file and of this certificate. Nothing is remembered here, so a run that was
broken off is simply started again.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import httpx
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding

from signing.addresses import is_own_machine
from signing.keys import Signer
from vocabulary.errors import IntegrityFailure, MissingPart, NotAllowed, SohoaError, UsageError

_TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)
_DIGEST: Final = "sha256"


@dataclass(frozen=True, slots=True)
class Service:
    """Where papers wait, and the officer's own access token."""

    url: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_own_machine(parts)):
            raise UsageError(
                "Địa chỉ dịch vụ phải bắt đầu bằng https://.",
                "The address of the service must begin with https://.",
            )


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one paper; ``trouble`` says why it still waits."""

    task: str
    document: str
    name: str
    state: Literal["signed", "stopped"]
    trouble: SohoaError | None = None


def sign_waiting(service: Service, key: Signer, keep: Path | None = None) -> Iterator[Done]:
    """Sign everything that waits for this key's certificate, each paper once.

    Args:
        service: where the papers wait.
        key: unlocked once for all of them.
        keep: folder into which each file is put as it was signed, for the officer's reading.

    Raises:
        MissingPart: ``service_unreachable``, or what the key's token says.
        NotAllowed: the token is not an officer's.
    """
    certificate = key.certificate.public_bytes(Encoding.DER)
    fingerprint = hashlib.sha256(certificate).hexdigest()
    wanted = {"certificate": fingerprint}
    with _calling(service) as call:
        while True:
            page = call("GET", "/v1/signing-tasks", params=wanted).json()
            for outline in page["items"]:
                yield _one(call, outline, key, certificate, keep)
            if page["next"] is None:
                return
            wanted["cursor"] = page["next"]


def _one(
    call: "_Call", outline: Mapping[str, Any], key: Signer, certificate: bytes, keep: Path | None
) -> Done:
    about = (str(outline["id"]), str(outline["document"]), str(outline["name"]))
    try:
        task = call("GET", str(outline["url"])).json()
        draft = call("GET", str(task["draft"]["url"])).content
        attributes = base64.b64decode(task["attributes"])
        _check(task, draft, attributes, certificate)
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{outline['id']}.pdf").write_bytes(draft)
        body = {
            "signature": base64.b64encode(key.sign(attributes, _DIGEST)).decode(),
            "certificate": base64.b64encode(certificate).decode(),
        }
        call("POST", f"{outline['url']}/signature", json=body)
    except (_RefusedError, IntegrityFailure) as trouble:
        return Done(*about, "stopped", trouble)
    return Done(*about, "signed")


def _check(task: Mapping[str, Any], draft: bytes, attributes: bytes, certificate: bytes) -> None:
    """Whether what is to be signed is this file, by this certificate, and nothing else."""
    try:
        start, end = task["place"]
        digest = hashlib.sha256(draft[:start] + draft[end:]).digest()
        parts = cms.CMSAttributes.load(attributes, strict=True)
        named = {part["type"].native: part["values"] for part in parts}
        (imprint,) = named["message_digest"]
        (reference,) = named["signing_certificate_v2"]
        mine = hashlib.sha256(certificate).digest()
        fits = imprint.native == digest and reference["certs"][0]["cert_hash"].native == mine
        fits = fits and set(named) <= _SIGNED
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        fits = False
    if not fits:
        raise IntegrityFailure(
            "Dữ liệu dịch vụ yêu cầu ký không khớp với tệp. Không ký; hãy báo quản trị.",
            "What the service asks to be signed is not this file. Not signed; tell the "
            "administrator.",
            code="digest_differs",
        )


_SIGNED: Final = {
    "content_type", "message_digest", "signing_certificate_v2", "cms_algorithm_protection",
    "signing_time",
}  # fmt: skip
"""Attributes that PAdES baseline signatures have (ETSI EN 319 142-1, table 1)."""


class _RefusedError(SohoaError):
    """The service does not take this one."""


class _Call:
    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            answer = self._client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise MissingPart(
                "Không kết nối được dịch vụ. Hãy kiểm tra mạng rồi chạy lại: giấy tờ vẫn đang chờ.",
                "The service cannot be reached. Check the network and run again: the papers wait.",
                code="service_unreachable",
                note=type(error).__name__,
            ) from error
        if answer.is_success:
            return answer
        told = _problem(answer)
        if answer.status_code in (401, 403):
            raise NotAllowed(told[1], told[2], code=told[0])
        if answer.status_code >= 500:
            raise MissingPart(told[1], told[2], code=told[0])
        raise _RefusedError(told[1], told[2], code=told[0])


def _problem(answer: httpx.Response) -> tuple[str, str, str]:
    try:
        told = answer.json()
        return str(told["code"]), str(told["detail"]), str(told["detail_en"])
    except (ValueError, KeyError, TypeError):
        status = answer.status_code
        return "refused", f"Dịch vụ trả lời HTTP {status}.", f"The service answered HTTP {status}."


@contextmanager
def _calling(service: Service) -> Iterator[_Call]:
    headers = {"Authorization": f"Bearer {service.token}", "X-Purpose": "K%C3%BD%20s%E1%BB%91"}
    base = service.url.rstrip("/")
    with httpx.Client(base_url=base, headers=headers, timeout=_TIMEOUT) as client:
        yield _Call(client)
