"""Receipts (biên nhận khai thác): signed statements that can be checked anywhere, offline.

A receipt is JSON with three members::

    {"claims": {…}, "protected": "<base64url>", "signature": "<base64url>"}

It is a JSON Web Signature (RFC 7515) whose payload is detached (appendix F): the payload
is the canonical form of ``claims``, so that a person can read what is signed and there
is no second copy to differ from it. The canonical form is that of RFC 8785: members
sorted by the UTF-16 code units of their names, no white space, strings as UTF-8 with the
shortest escapes. Claims hold text, whole numbers up to 2^53, true, false, null, lists and
objects; no fractions, whose text form differs between languages (write them as text).

The protected header names the algorithm (RS256, PS256, ES256, ES384, ES512) and brings the signer's
certificates (``x5c``), so that a root certificate is all that the checker needs. Any JWS
library verifies ``protected + "." + base64url(canonical claims) + "." + signature``.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from signing.keys import Signer, common_name, is_test_certificate
from signing.validation.anchors import read_anchors
from signing.validation.trust import Evidence, judge_chain
from vocabulary.errors import InvalidRequest

TYPE: Final = "sohoa-receipt+jws"
_BY_CURVE: Final = {256: ("ES256", "sha256"), 384: ("ES384", "sha384"), 521: ("ES512", "sha512")}
_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "ES384", "ES512"]
_LARGEST_NUMBER: Final = 2**53 - 1
_DEEPEST: Final = 32


class _Registry(jws.JWSRegistry):
    """Room for certificates: joserfc allows 512 bytes of header, one certificate has 1500."""

    max_header_length = 64_000
    max_payload_length = 1_000_000


@dataclass(frozen=True, slots=True)
class ReceiptVerdict:
    """What a receipt is worth.

    ``reasons``: why it is not valid, or remarks on a valid one: ``receipt_unreadable``,
    ``signature_mismatch`` and the codes of :data:`signing.validation.REMARKS`.
    ``claims`` are given only where the signature holds over them.
    """

    valid: bool
    reasons: tuple[str, ...] = ()
    claims: Mapping[str, Any] = field(default_factory=dict)
    signer: str = ""
    test_authority: bool = False

    def to_json(self) -> dict[str, Any]:
        """As ``sohoa receipt verify --json`` prints it."""
        return {
            "valid": self.valid,
            "reasons": list(self.reasons),
            "claims": dict(self.claims),
            "signer": self.signer,
            "test_authority": self.test_authority,
        }


def make_receipt(claims: Mapping[str, Any], key: Signer) -> dict[str, Any]:
    """Sign claims.

    Raises:
        InvalidRequest: ``receipt_claims`` where a value has no canonical form.
    """
    algorithm, digest = _algorithm(key.certificate, pss=getattr(key, "pss", False))
    header = {
        "alg": algorithm,
        "typ": TYPE,
        "x5c": [
            base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
            for certificate in (key.certificate, *key.chain)
        ],
    }
    protected = _encode(canonical(header))
    signing_input = f"{protected}.{_encode(canonical(claims))}".encode()
    signature = _as_jws(key.sign(signing_input, digest), key.certificate)
    readable: dict[str, Any] = json.loads(canonical(claims))
    return {"claims": readable, "protected": protected, "signature": _encode(signature)}


def verify_receipt(
    receipt: Mapping[str, Any], anchors: Sequence[Path], at: datetime | None = None
) -> ReceiptVerdict:
    """Check a receipt against trusted roots; never goes online.

    Args:
        receipt: the receipt as parsed from JSON.
        anchors: root certificates (PEM or DER files).
        at: moment at which the certificate must be good; the machine's time by default.

    Raises:
        MissingPart: ``trust_file_missing``.
        InvalidRequest: ``trust_file_unreadable``.
    """
    evidence = Evidence(read_anchors(anchors))
    try:
        if set(receipt) != {"claims", "protected", "signature"}:
            return ReceiptVerdict(False, ("receipt_unreadable",))
        claims, protected = receipt["claims"], str(receipt["protected"])
        signature, payload = str(receipt["signature"]), canonical(claims)
        header = json.loads(_decode(protected))
        chain = [base64.b64decode(item, validate=True) for item in header["x5c"]]
        certificate = x509.load_der_x509_certificate(chain[0])
        _decode(signature)
        key = _public_key(certificate)
        if header.get("typ") != TYPE or header["alg"] not in _algorithms(certificate):
            return ReceiptVerdict(False, ("receipt_unreadable",))
    except (InvalidRequest, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return ReceiptVerdict(False, ("receipt_unreadable",))
    try:
        compact = f"{protected}.{_encode(payload)}.{signature}"
        jws.deserialize_compact(compact, key, registry=_Registry(algorithms=_ALGORITHMS))
    except (JoseError, ValueError):
        return ReceiptVerdict(False, ("signature_mismatch",))
    others = [asn1_x509.Certificate.load(der) for der in chain]
    found = judge_chain(
        others[0], evidence.with_more(others[1:]), at or datetime.now(UTC), "signing"
    )
    return ReceiptVerdict(
        valid=found.trust == "trusted",
        reasons=found.remarks,
        claims=json.loads(payload),
        signer=common_name(certificate),
        test_authority=is_test_certificate(certificate),
    )


def canonical(value: object) -> bytes:
    """The canonical JSON of a value (RFC 8785) as UTF-8.

    Raises:
        InvalidRequest: ``receipt_claims``.
    """
    try:
        ordered = _ordered(value, 0)
        return json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        raise _unfit("a lone surrogate") from error


def _ordered(value: object, depth: int) -> object:
    if depth > _DEEPEST:
        raise _unfit("nested too deep")
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST_NUMBER:
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise _unfit("a name that is not text")
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {name: _ordered(value[name], depth + 1) for name in names}
    if isinstance(value, list | tuple):
        return [_ordered(item, depth + 1) for item in value]
    raise _unfit(type(value).__name__)


def _unfit(what: str) -> InvalidRequest:
    return InvalidRequest(
        f"Biên nhận không chứa được giá trị này ({what}). Hãy ghi số lẻ và ngày dưới dạng chữ.",
        f"A receipt cannot hold this value ({what}). Write fractions and dates as text.",
        code="receipt_claims",
        field="claims",
    )


def _algorithms(certificate: x509.Certificate) -> set[str]:
    """The algorithms by which this certificate's key may have signed."""
    return {_algorithm(certificate, pss=pss)[0] for pss in (False, True)}


def _algorithm(certificate: x509.Certificate, *, pss: bool) -> tuple[str, str]:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return ("PS256" if pss else "RS256"), "sha256"
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size in _BY_CURVE:
        return _BY_CURVE[key.curve.key_size]
    raise InvalidRequest(
        "Khóa này không dùng được để ký biên nhận. Hãy dùng RSA hoặc ECDSA.",
        "This key cannot sign receipts. Use RSA or ECDSA.",
        code="weak_key",
        field="key",
    )


def _as_jws(signature: bytes, certificate: x509.Certificate) -> bytes:
    """JWS wants the two numbers of ECDSA side by side (RFC 7518, 3.4), not in DER."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return signature
    length = (key.curve.key_size + 7) // 8
    r, s = decode_dss_signature(signature)
    return r.to_bytes(length, "big") + s.to_bytes(length, "big")


def _public_key(certificate: x509.Certificate) -> RSAKey | ECKey:
    pem = certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    if isinstance(certificate.public_key(), rsa.RSAPublicKey):
        return RSAKey.import_key(pem)
    return ECKey.import_key(pem)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    """Decode, refusing all but the one encoding of each value (unused bits must be zero)."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if _encode(data) != text:
        raise ValueError("not canonical base64url")
    return data
