"""Keys at a remote signing service: Cloud Signature Consortium API, version 2.

The service holds the key and signs digests; the officer releases it with a PIN (and a
one-time code where the service asks for one). One authorisation covers a whole batch:
the digests of all papers are known beforehand (:mod:`signing.deferred`) and are bound
to the authorisation, so that nothing else can be signed with it (SCAL2).

Specification: Architectures and protocols for remote signature applications, CSC API
2.0.0.2, sections 11.5 (credentials/info), 11.6 (credentials/authorize) and 11.10
(signatures/signHash).
"""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from signing.addresses import is_own_machine
from signing.keys import check_validity
from signing.schemes import PSS, pss_parameters
from vocabulary.errors import InvalidRequest, MissingPart, SohoaError, UsageError

_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_RSA_SHA256: Final = "1.2.840.113549.1.1.11"
_ECDSA_SHA256: Final = "1.2.840.10045.4.3.2"
_CURVE_ANY: Final = "1.2.840.10045.2.1"
_RSA_ANY: Final = "1.2.840.113549.1.1.1"
_TIMEOUT_S: Final = 30.0
_NO_ACCESS: Final = frozenset({"invalid_token", "expired_token", "invalid_client", "access_denied"})
_LARGEST_ANSWER: Final = 8 << 20  # bytes; a thousand signatures have less than one MiB


@dataclass(frozen=True, slots=True)
class RemotePlace:
    """Where a remote key is found.

    Args:
        url: base address of the service, with its version (``https://…/csc/v2``).
        credential: the key's name there (credentialID).
        token: OAuth 2 access token that lets this office call the service.
    """

    url: str
    credential: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_own_machine(parts)):
            raise UsageError(
                "Địa chỉ dịch vụ ký từ xa phải bắt đầu bằng https://.",
                "The address of the remote signing service must begin with https://.",
            )


@dataclass(frozen=True, slots=True)
class Release:
    """What the officer gives to release the key; never kept, never logged."""

    pin: str = field(repr=False)
    one_time_code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RemoteKey:
    """A key at a remote service: its certificate, and how many digests it signs at once.

    ``pss``: it signs by RSASSA-PSS (RFC 8017) and not by PKCS #1 v1.5.
    """

    place: RemotePlace
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    most_at_once: int
    pss: bool = False

    def sign_digests(self, digests: Sequence[bytes], release: Release) -> list[bytes]:
        """Raw signatures over SHA-256 digests, in their order, under one authorisation.

        All or none: a batch longer than :attr:`most_at_once` is refused before anything
        is signed.

        Raises:
            InvalidRequest: ``wrong_pin``, ``wrong_one_time_code``, ``pin_locked``,
                ``batch_too_large``.
            MissingPart: ``signing_service_unreachable``, ``signing_service_failed``.
        """
        if not digests:
            return []
        if len(digests) > self.most_at_once:
            raise InvalidRequest(
                f"Dịch vụ ký chỉ nhận {self.most_at_once} tệp mỗi lần. Hãy chia nhỏ đợt ký.",
                f"The signing service takes {self.most_at_once} files at once. "
                "Sign in smaller batches.",
                code="batch_too_large",
                field="digests",
                most=self.most_at_once,
            )
        hashes = [base64.b64encode(digest).decode() for digest in digests]
        with _calling(self.place) as call:
            granted = call("credentials/authorize", self._authorisation(hashes, release))
            answer = call(
                "signatures/signHash",
                {
                    "credentialID": self.place.credential,
                    "SAD": _text(granted, "SAD"),
                    "hashes": hashes,
                    "hashAlgorithmOID": _SHA256,
                    **self._algorithm(),
                },
            )
        signatures = [_decoded(item) for item in _items(answer, "signatures")]
        if len(signatures) != len(digests):
            raise _failed(f"{len(signatures)} signatures for {len(digests)} digests")
        return signatures

    def _authorisation(self, hashes: list[str], release: Release) -> dict[str, Any]:
        given = [{"id": "PIN", "value": release.pin}]
        if release.one_time_code:
            given.append({"id": "OTP", "value": release.one_time_code})
        return {
            "credentialID": self.place.credential,
            "numSignatures": len(hashes),
            "hashes": hashes,
            "hashAlgorithmOID": _SHA256,
            "authData": given,
        }

    def _algorithm(self) -> dict[str, str]:
        """What the specification wants of the algorithm (11.10, signAlgo, signAlgoParams)."""
        if self.pss:
            parameters = base64.b64encode(pss_parameters().dump()).decode()
            return {"signAlgo": PSS, "signAlgoParams": parameters}
        curve = isinstance(self.certificate.public_key(), ec.EllipticCurvePublicKey)
        return {"signAlgo": _ECDSA_SHA256 if curve else _RSA_SHA256}


def find_key(place: RemotePlace, now: datetime | None = None) -> RemoteKey:
    """The key's certificate and limits, as the service tells them.

    Raises:
        InvalidRequest: ``key_missing``, ``key_disabled``, ``key_algorithm_unsupported``,
            ``certificate_expired``, ``certificate_revoked``, ``certificate_not_yet_valid``.
        MissingPart: ``signing_service_unreachable``, ``signing_service_failed``.
    """
    wanted = {"credentialID": place.credential, "certificates": "chain", "certInfo": True}
    with _calling(place) as call:
        answer = call("credentials/info", wanted)
    key, certificate = _part(answer, "key"), _part(answer, "cert")
    if key.get("status", "enabled") != "enabled":
        raise InvalidRequest(
            "Khóa ký từ xa đang bị tạm khóa. Hãy liên hệ nơi cung cấp dịch vụ ký.",
            "The remote key is disabled. Contact the provider of the signing service.",
            code="key_disabled",
            field="key",
        )
    if certificate.get("status", "valid") in ("revoked", "suspended"):
        raise InvalidRequest(
            "Chứng thư số của khóa ký từ xa đã bị thu hồi hoặc tạm dừng. Hãy dùng chứng thư khác.",
            "The remote key's certificate is revoked or suspended. Use another one.",
            code="certificate_revoked",
            field="key",
        )
    chain = [_certificate(item) for item in _items(certificate, "certificates")]
    if not chain:
        raise _failed("no certificate")
    check_validity(chain[0], now or datetime.now(UTC))
    most = answer.get("multisign", 1)
    return RemoteKey(
        place, chain[0], tuple(chain[1:]), most if isinstance(most, int) else 1,
        pss=_by_pss(chain[0], _items(key, "algo")),
    )  # fmt: skip


def _by_pss(certificate: x509.Certificate, offered: Sequence[str]) -> bool:
    """Whether the key has to sign by RSASSA-PSS; ``offered``: OIDs that the service lists.

    Raises:
        InvalidRequest: ``key_algorithm_unsupported``.
    """
    curve = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    usual = {_ECDSA_SHA256, _CURVE_ANY} if curve else {_RSA_SHA256, _RSA_ANY}
    alone = certificate.public_key_algorithm_oid.dotted_string == PSS
    if not alone and (not offered or usual.intersection(offered)):
        return False
    if not curve and (alone or PSS in offered):
        return True
    raise InvalidRequest(
        "Khóa ký từ xa không có thuật toán nào dùng được (cần SHA-256 với RSA hoặc ECDSA). "
        "Hãy hỏi nơi cung cấp dịch vụ ký.",
        "The remote key offers no algorithm that can be used (SHA-256 with RSA or ECDSA). "
        "Ask the provider of the signing service.",
        code="key_algorithm_unsupported",
        field="key",
        offered=list(offered)[:20],
    )


def access_token(url: str, client_id: str, secret: str) -> tuple[str, float]:
    """An access token for this office, and its life in seconds (OAuth 2 client credentials).

    CSC API 2, section 8.3 (oauth2/token).

    Raises:
        MissingPart: ``signing_service_unreachable``, ``signing_service_failed``,
            ``signing_service_refused``.
    """
    wanted = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    with _calling(RemotePlace(url, "", "")) as call:
        answer = call("oauth2/token", wanted)
    seconds = answer.get("expires_in", 0)
    return _text(answer, "access_token"), float(seconds) if isinstance(seconds, int) else 0.0


class _Call:
    """One connection to a service; every failure leaves as a named state."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def __call__(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            response = self._client.post(method, json=dict(body))
        except httpx.HTTPError as error:
            raise _unreachable(type(error).__name__) from error
        if len(response.content) > _LARGEST_ANSWER:
            raise _failed("answer too long")
        try:
            answer = response.json()
        except ValueError as error:
            raise _failed(f"HTTP {response.status_code}, not JSON") from error
        if not isinstance(answer, dict):
            raise _failed("not an object")
        if response.status_code != httpx.codes.OK:
            raise _refusal(response.status_code, str(answer.get("error", "")))
        return answer


@contextmanager
def _calling(place: RemotePlace) -> Iterator[_Call]:
    headers = {"Authorization": f"Bearer {place.token}"} if place.token else {}
    base = place.url.rstrip("/") + "/"
    with httpx.Client(base_url=base, headers=headers, timeout=_TIMEOUT_S) as client:
        yield _Call(client)


def _refusal(status: int, error: str) -> SohoaError:
    """The named state for an error code of the specification (section 10.1)."""
    if error in ("invalid_pin", "invalid_pass"):
        return InvalidRequest(
            "Sai mã PIN của khóa ký từ xa. Nhập sai nhiều lần sẽ bị khóa: hãy nhập lại cẩn thận.",
            "The remote key's PIN is wrong. Too many wrong tries lock it: enter it again.",
            code="wrong_pin",
            field="pin",
        )
    if error == "invalid_otp":
        return InvalidRequest(
            "Mã xác thực một lần (OTP) sai hoặc đã hết hạn. Hãy lấy mã mới.",
            "The one-time code is wrong or has expired. Get a new one.",
            code="wrong_one_time_code",
            field="one_time_code",
        )
    if error in ("pin_locked", "otp_locked"):
        return InvalidRequest(
            "Khóa ký từ xa bị khóa do nhập sai nhiều lần. Hãy liên hệ nơi cung cấp dịch vụ.",
            "The remote key is locked after too many wrong tries. Contact its provider.",
            code="pin_locked",
            field="pin",
        )
    if status == httpx.codes.UNAUTHORIZED or error in _NO_ACCESS:
        return MissingPart(
            "Dịch vụ ký từ xa không nhận mã truy cập. Hãy cấp lại mã truy cập trong thiết đặt.",
            "The signing service refuses the access token. Renew it in the settings.",
            code="signing_service_refused",
        )
    if error == "invalid_request" and status == httpx.codes.NOT_FOUND:
        return InvalidRequest(
            "Dịch vụ ký từ xa không có khóa này. Hãy kiểm tra tên khóa trong thiết đặt.",
            "The signing service has no such key. Check the key's name in the settings.",
            code="key_missing",
            field="key",
        )
    return _failed(f"HTTP {status} {error}".strip())


def _unreachable(note: str) -> MissingPart:
    return MissingPart(
        "Không kết nối được dịch vụ ký từ xa. Hãy kiểm tra mạng rồi ký lại; hồ sơ vẫn đang chờ.",
        "The signing service cannot be reached. Check the network; the papers are waiting.",
        code="signing_service_unreachable",
        note=note,
    )


def _failed(note: str) -> MissingPart:
    return MissingPart(
        "Dịch vụ ký từ xa trả lời không đúng. Hãy thử lại, hoặc hỏi nơi cung cấp dịch vụ.",
        "The signing service answered wrongly. Try again, or ask its provider.",
        code="signing_service_failed",
        note=note,
    )


def _part(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = answer.get(name)
    return value if isinstance(value, dict) else {}


def _items(answer: Mapping[str, Any], name: str) -> list[str]:
    value = answer.get(name)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise _failed(f"no {name}")
    return value


def _decoded(item: str) -> bytes:
    try:
        return base64.b64decode(item, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _failed("not base64") from error


def _certificate(item: str) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(_decoded(item))
    except ValueError as error:
        raise _failed("not a certificate") from error
