# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Does a CMS signature hold over the bytes it claims.

Judged by pyHanko, and where real signers of the Vietnamese state deviate from the
standards, by checks of our own. Met on real decisions, each intact by other validators:

* DigestInfo without the NULL parameter: RFC 8017 (appendix A.2.4, note) lets a verifier
  accept it, OpenSSL does not.
* parameters of RSASSA-PSS under the algorithm name rsaEncryption: pyHanko cannot parse it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from asn1crypto import algos, cms, core, parser, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.sign.general import (
    CMSExtractionError,
    CMSStructuralError,
    MultivaluedAttributeError,
    NonexistentAttributeError,
    find_unique_cms_attribute,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    extract_self_reported_ts,
    extract_tst_data_iter,
    get_signing_cert_attr,
    validate_sig_integrity,
)
from pyhanko_certvalidator.errors import AlgorithmNotSupported
from pyhanko_certvalidator.sig_validate import (
    DefaultSignatureValidator,
    SignatureValidationContext,
)

from signing.validation.reading import BROKEN

Integrity = Literal["intact", "broken", "undecided"]
DigestOf = Callable[[str], bytes]

_WEAK: Final = {"sha1": "weak_digest_sha1", "md5": "weak_digest_md5", "md2": "weak_digest_md5"}
_CMS_ERRORS: Final = (
    SignatureValidationError,
    CMSExtractionError,
    CMSStructuralError,
    *BROKEN,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one CMS object says, and whether it holds."""

    integrity: Integrity
    remarks: tuple[str, ...] = ()
    certificate: asn1_x509.Certificate | None = None
    others: tuple[asn1_x509.Certificate, ...] = ()
    signature: bytes = b""
    claimed: datetime | None = None
    names_certificate: bool = False
    tokens: tuple[cms.SignedData, ...] = ()
    crls: tuple[Any, ...] = ()
    ocsps: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A timestamp token (RFC 3161): its moment and whether it holds."""

    finding: Finding
    moment: datetime | None


def judge_contents(contents: bytes, subfilter: str, digest_of: DigestOf) -> Finding:
    """Judge the /Contents of a signature; ``digest_of`` hashes its byte range.

    Never raises for broken input: what cannot be read is broken, ``cms_unreadable``.
    """
    try:
        signed_data = cms.ContentInfo.load(contents)["content"]
        finding = _judge(signed_data, _raw_digest(signed_data, subfilter, digest_of))
        if padded(contents):
            finding = replace(finding, remarks=(*finding.remarks, "padding_not_zero"))
        return finding
    except _CMS_ERRORS:
        return Finding("broken", ("cms_unreadable",))


def judge_token(signed_data: cms.SignedData, imprint_of: DigestOf) -> Token:
    """Judge a timestamp token; ``imprint_of`` hashes what it should stand for."""
    try:
        content = signed_data["encap_content_info"]["content"]
        info = content.parsed
        if not isinstance(info, tsp.TSTInfo):
            return Token(Finding("broken", ("cms_unreadable",)), None)
        moment = info["gen_time"].native
        imprint = info["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        digest = _hash(signed_data["signer_infos"][0], bytes(content))
        finding = _judge(signed_data, digest)
        if imprint_of(algorithm) != imprint["hashed_message"].native:
            finding = replace(finding, integrity="broken")
        return Token(finding, moment)
    except _CMS_ERRORS:
        return Token(Finding("broken", ("cms_unreadable",)), None)


def token_of(contents: bytes) -> cms.SignedData | None:
    """The timestamp token in the /Contents of a document timestamp, if it can be read."""
    try:
        return cms.ContentInfo.load(contents)["content"]
    except BROKEN:
        return None


def judge_bare(contents: bytes, certificates: Any, digest_of: DigestOf) -> Finding:
    """Judge an adbe.x509.rsa_sha1 signature (ISO 32000-1, 12.8.3.2).

    There is no CMS: the certificates stand in the signature dictionary's /Cert, and
    /Contents is an OCTET STRING with the RSA value over the SHA-1 of the byte range.
    """
    try:
        several = isinstance(certificates, list | tuple)
        chain = [
            asn1_x509.Certificate.load(item.original_bytes)
            for item in (certificates if several else [certificates])
        ]
        signature = core.OctetString.load(contents).native
        value, key = digest_of("sha1"), chain[0].public_key
        remarks = ["weak_digest_sha1"]
        intact = _matches(signature, "sha1", value, key, null=True)
        if not intact and _matches(signature, "sha1", value, key, null=False):
            intact = True
            remarks.append("digestinfo_without_null")
        return Finding(
            "intact" if intact else "broken",
            tuple(remarks),
            certificate=chain[0],
            others=tuple(chain[1:]),
            signature=signature,
        )
    except _CMS_ERRORS:
        return Finding("broken", ("cms_unreadable",))


def _raw_digest(signed_data: cms.SignedData, subfilter: str, digest_of: DigestOf) -> bytes:
    info = signed_data["signer_infos"][0]
    embedded = signed_data["encap_content_info"]["content"]
    if subfilter == "adbe.pkcs7.sha1":
        # ISO 32000-1, table 252: the CMS encloses the SHA-1 of the byte range as its content.
        if bytes(embedded) != digest_of("sha1"):
            return b""
        return _hash(info, bytes(embedded))
    if embedded is not core.VOID and embedded.native is not None:
        raise ValueError("a detached signature must not enclose content")
    return digest_of(info["digest_algorithm"]["algorithm"].native)


def _hash(info: cms.SignerInfo, data: bytes) -> bytes:
    return hashlib.new(info["digest_algorithm"]["algorithm"].native, data).digest()


def _judge(signed_data: cms.SignedData, digest: bytes) -> Finding:
    (info,) = signed_data["signer_infos"]
    if not len(signed_data["certificates"] or ()):
        return Finding("undecided", ("certificate_missing",))
    certificates = extract_certs_for_validation(signed_data)
    algorithm = info["digest_algorithm"]["algorithm"].native
    validator = _LenientValidator(info)
    remarks = []
    try:
        intact, valid = validate_sig_integrity(
            info,
            certificates.signer_cert,
            expected_content_type=signed_data["encap_content_info"]["content_type"].native,
            actual_digest=digest,
            sig_validator=validator,
        )
        integrity: Integrity = "intact" if intact and valid else "broken"
    except (AlgorithmNotSupported, UnsupportedAlgorithm):
        integrity = "undecided"
        remarks.append("algorithm_unknown")
    remarks += validator.remarks
    weak = algorithm if algorithm in _WEAK else validator.digest
    if weak in _WEAK:
        remarks.append(_WEAK[weak])
    if _encloses_sha1(signed_data):
        remarks.append("weak_digest_sha1")
    crls, ocsps = _adobe_revocation(info)
    return Finding(
        integrity=integrity,
        remarks=tuple(dict.fromkeys(remarks)),
        certificate=certificates.signer_cert,
        others=tuple(certificates.other_certs),
        signature=info["signature"].native,
        claimed=extract_self_reported_ts(info),
        names_certificate=get_signing_cert_attr(info["signed_attrs"]) is not None,
        tokens=tuple(extract_tst_data_iter(info, signed=False)),
        crls=crls,
        ocsps=ocsps,
    )


def _encloses_sha1(signed_data: cms.SignedData) -> bool:
    """Whether the content is a bare SHA-1 (adbe.pkcs7.sha1)."""
    content = signed_data["encap_content_info"]
    return bool(
        content["content_type"].native == "data"
        and content["content"] is not core.VOID
        and content["content"].native is not None
        and len(content["content"].native) == 20
    )


def _adobe_revocation(info: cms.SignerInfo) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    try:
        archive = find_unique_cms_attribute(info["signed_attrs"], "adobe_revocation_info_archival")
        return tuple(archive["crl"] or ()), tuple(archive["ocsp"] or ())
    except (NonexistentAttributeError, MultivaluedAttributeError, *BROKEN):
        return (), ()


def padded(contents: bytes) -> bool:
    """Whether anything but zeros fills the place behind the CMS object."""
    try:
        _, _, _, header, content, trailer = parser.parse(contents, strict=False)
    except ValueError:
        return True
    return bool(contents[len(header) + len(content) + len(trailer) :].strip(b"\0"))


class _LenientValidator(DefaultSignatureValidator):
    """pyHanko's verification, then the two deviations; each leaves its remark."""

    def __init__(self, info: cms.SignerInfo) -> None:
        self.remarks: list[str] = []
        self.digest: str | None = None
        self._contextual = info["digest_algorithm"]["algorithm"].native

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: Any,
        signature_algorithm: Any,
        context: SignatureValidationContext | None = None,
    ) -> None:
        context = context or SignatureValidationContext(self._contextual)
        pss = _pss_in_disguise(signature_algorithm)
        if pss is not None:
            signature_algorithm = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15"})
            self.remarks.append("pss_under_rsa_encryption")
        self.digest = _named_digest(signature_algorithm)
        verify = super().validate_signature
        try:
            verify(signature, signed_data, public_key_info, signature_algorithm, context)
            return
        except InvalidSignature:
            digest = self._contextual
            if not context.prehashed:
                value = hashlib.new(digest, signed_data).digest()
            else:
                value = signed_data
            if _matches(signature, digest, value, public_key_info, null=False):
                self.remarks.append("digestinfo_without_null")
            elif pss is None:
                raise
            else:
                verify(signature, signed_data, public_key_info, pss, context)


def _pss_in_disguise(algorithm: Any) -> Any | None:
    """The algorithm as RSASSA-PSS where it is named rsaEncryption with PSS parameters.

    Such signatures were met that are PKCS #1 v1.5 all the same: both are tried.
    """
    fields = core.Sequence.load(algorithm.dump())
    if len(fields) < 2:
        return None
    name, parameters = fields[0].native, fields[1]
    if name != "1.2.840.113549.1.1.1" or isinstance(parameters, core.Null):
        return None
    params = algos.RSASSAPSSParams.load(parameters.dump())
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": params})


def _named_digest(algorithm: Any) -> str | None:
    """The digest that the signature algorithm itself names, if it does."""
    try:
        return str(algorithm.hash_algo)
    except ValueError:
        return None


def _matches(
    signature: bytes, digest: str, value: bytes, public_key_info: Any, *, null: bool
) -> bool:
    """RFC 8017, section 8.2.2: compare whole encodings, DigestInfo with or without NULL."""
    key = load_der_public_key(public_key_info.dump())
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    numbers = key.public_numbers()
    length = (numbers.n.bit_length() + 7) // 8
    if len(signature) != length:
        return False
    oid = algos.DigestAlgorithmId(digest).dump() + (b"\x05\x00" if null else b"")
    inner = b"\x30" + bytes([len(oid)]) + oid + b"\x04" + bytes([len(value)]) + value
    info = b"\x30" + bytes([len(inner)]) + inner
    expected = b"\x00\x01" + b"\xff" * (length - len(info) - 3) + b"\x00" + info
    opened = pow(int.from_bytes(signature, "big"), numbers.e, numbers.n)
    return bool(opened.to_bytes(length, "big") == expected)
