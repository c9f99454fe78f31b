# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Signing where the key is elsewhere: hand out what must be signed, take the answer back.

Many officers sign with a token in their own computer, and remote services sign for a
whole batch under one authorisation. Both need the work in two halves: first every file
gets an empty place for its signature and its digest is known; later, in another process
or after a night, the answer is set into that place. Between the halves nothing depends
on memory: the draft file and :class:`Prepared` are all there is, and an answer that does
not fit the draft changes nothing.

The answer is the raw signature over :attr:`Prepared.attributes` (RFC 5652, section 5.4),
or a whole CMS that the officer's program made over :attr:`Prepared.digest`.
"""

import asyncio
import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from asn1crypto import cms
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.general import (
    MultivaluedAttributeError,
    NonexistentAttributeError,
    find_unique_cms_attribute,
    simple_cms_attribute,
)
from pyhanko.sign.signers import ExternalSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.awaited import AwaitedSigner
from signing.schemes import DIGEST, PKCS1_OR_ECDSA, Scheme, recognised, stated
from signing.sign import Placed, Strength, as_asn1, new_version, room_for, signer_for
from signing.timestamps import UrlTimeStamper
from vocabulary.errors import InvalidRequest

_STRANGERS: Final = 16_384
"""Bytes kept free for a time stamp and what other programs put into their CMS."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft that waits for its signature; can be kept as JSON (:meth:`to_json`).

    Args:
        digest: SHA-256 of the draft but the empty place.
        place: where the empty place begins and ends in the draft, in bytes.
        attributes: DER of the signed attributes; the key signs exactly these bytes.
        certificate: whose signature is awaited, DER.
        chain: issuers that go into the CMS, DER.
    """

    digest: bytes
    place: tuple[int, int]
    attributes: bytes
    certificate: bytes
    chain: tuple[bytes, ...]

    @property
    def to_sign(self) -> bytes:
        """SHA-256 of :attr:`attributes`: what a remote service or a token is handed."""
        return hashlib.sha256(self.attributes).digest()

    @property
    def signer(self) -> AwaitedSigner:
        """Whose signature is awaited."""
        return AwaitedSigner(x509.load_der_x509_certificate(self.certificate))

    def to_json(self) -> dict[str, Any]:
        return {
            "digest": _text(self.digest),
            "place": list(self.place),
            "attributes": _text(self.attributes),
            "certificate": _text(self.certificate),
            "chain": [_text(item) for item in self.chain],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Prepared":
        start, end = data["place"]
        return cls(
            digest=base64.b64decode(data["digest"]),
            place=(int(start), int(end)),
            attributes=base64.b64decode(data["attributes"]),
            certificate=base64.b64decode(data["certificate"]),
            chain=tuple(base64.b64decode(item) for item in data["chain"]),
        )


def hand_out(writer: IncrementalPdfFileWriter, who: AwaitedSigner, placed: Placed) -> Prepared:
    """Give the field its empty place, in the stream behind ``writer``, and say what to sign.

    The place has room for a time stamp and for a CMS of another program, with its own chain.
    """
    signer = signer_for(who, placed, Strength())
    prepared, _, _ = asyncio.run(
        signer.async_digest_doc_for_signing(
            writer, existing_fields_only=True, in_place=True,
            bytes_reserved=room_for(who, _STRANGERS),
        )
    )  # fmt: skip
    external = _external(who, None)
    attributes = asyncio.run(
        external.signed_attrs(
            prepared.document_digest,
            DIGEST,
            attr_settings=PdfCMSSignedAttributes(),
            use_pades=True,
        )
    )
    return Prepared(
        digest=prepared.document_digest,
        place=(prepared.reserved_region_start, prepared.reserved_region_end),
        attributes=attributes.dump(),
        certificate=as_asn1(who.certificate).dump(),
        chain=tuple(as_asn1(item).dump() for item in who.chain),
    )


def complete(
    draft: Path, out: Path, prepared: Prepared, signature: bytes, tsa_url: str | None = None
) -> None:
    """Write ``out``: the draft with the raw ``signature`` in its place.

    Args:
        draft: the file with the empty place.
        out: the result, complete and on stable storage, or not there at all.
        prepared: what :func:`hand_out` said of the draft.
        signature: PKCS #1 v1.5 or RSASSA-PSS for RSA, DER-encoded ECDSA for elliptic curves;
            all with SHA-256.
        tsa_url: time stamping authority for level B-T.

    Raises:
        InvalidRequest: ``signature_mismatch``, ``draft_changed``.
        MissingPart: ``tsa_unreachable``.
    """
    complete_with_cms(draft, out, prepared, cms_of(prepared, signature), tsa_url)


def cms_of(prepared: Prepared, signature: bytes) -> bytes:
    """The CMS of level B-B around a raw signature; small enough to be kept beside the draft.

    Raises:
        InvalidRequest: ``signature_mismatch``.
    """
    certificate = x509.load_der_x509_certificate(prepared.certificate)
    scheme = recognised(certificate, prepared.attributes, signature)
    if scheme is None:
        raise _mismatch()
    chain = tuple(x509.load_der_x509_certificate(item) for item in prepared.chain)
    external = _external(AwaitedSigner(certificate, chain), signature, scheme)
    content = asyncio.run(
        external.async_sign_prescribed_attributes(
            DIGEST, cms.CMSAttributes.load(prepared.attributes)
        )
    )
    return bytes(content.dump())


def check_cms(prepared: Prepared, content: bytes) -> None:
    """Whether a CMS that another program made belongs into this place.

    Raises:
        InvalidRequest: ``signature_mismatch`` (not over this draft, not by this
            certificate, or broken), ``signature_algorithm_unsupported``,
            ``signature_parameters_unsound``, ``signature_not_pades``, ``signature_too_long``.
    """
    if not _fits(content, prepared):
        raise _mismatch()
    if not _names_its_certificate(content, prepared):
        raise InvalidRequest(
            "Chữ ký thiếu thuộc tính signing-certificate-v2 nên không phải PAdES. "
            "Hãy bật định dạng PAdES/CAdES trong chương trình ký, hoặc gửi chữ ký thô.",
            "The signature lacks the attribute signing-certificate-v2 and is not PAdES. "
            "Choose PAdES or CAdES in the signing program, or send the raw signature.",
            code="signature_not_pades",
            field="cms",
        )
    _check_room(prepared, content)


def complete_with_cms(
    draft: Path, out: Path, prepared: Prepared, content: bytes, tsa_url: str | None = None
) -> None:
    """Write ``out``: the draft with a CMS over its digest, time-stamped where ``tsa_url`` is given.

    Raises:
        InvalidRequest: as :func:`check_cms`, and ``draft_changed``.
        MissingPart: ``tsa_unreachable``.
    """
    check_cms(prepared, content)
    if tsa_url is not None:
        content = _time_stamped(content, tsa_url)
        _check_room(prepared, content)
    _write(draft, out, prepared, content)


def _time_stamped(content: bytes, tsa_url: str) -> bytes:
    """The CMS with an authority's token over its signature (RFC 3161, appendix A)."""
    info = cms.ContentInfo.load(content)
    (signer,) = info["content"]["signer_infos"]
    held = signer["unsigned_attrs"]
    if any(one["type"].native == "signature_time_stamp_token" for one in held or ()):
        return content
    imprint = hashlib.sha256(signer["signature"].native).digest()
    token = asyncio.run(UrlTimeStamper(tsa_url).async_timestamp(imprint, DIGEST))
    added = simple_cms_attribute("signature_time_stamp_token", token)
    signer["unsigned_attrs"] = cms.CMSAttributes([*(held or ()), added])
    return bytes(info.dump(force=True))


def _check_room(prepared: Prepared, content: bytes) -> None:
    start, end = prepared.place
    if 2 * len(content) > end - start - 2:
        raise InvalidRequest(
            "Chữ ký dài hơn chỗ đã dành. Hãy lấy lại mã băm mới rồi ký lại.",
            "The signature is longer than its place. Fetch the digest anew and sign again.",
            code="signature_too_long",
            field="cms",
        )


def _write(draft: Path, out: Path, prepared: Prepared, content: bytes) -> None:
    start, end = prepared.place
    place = PreparedByteRangeDigest(prepared.digest, start, end)
    with new_version(draft, out) as stream:
        if _digest_around(stream, prepared.place) != prepared.digest:
            raise InvalidRequest(
                "Tệp chờ ký không còn như lúc lấy mã băm. Hãy lấy lại mã băm mới rồi ký lại.",
                "The draft is not what it was when its digest was taken. Fetch it anew and sign.",
                code="draft_changed",
                field="draft",
            )
        place.fill_with_cms(stream, content)


def _digest_around(stream: IO[bytes], place: tuple[int, int]) -> bytes:
    """SHA-256 of the stream without the place."""
    digest = hashlib.sha256()
    start, end = place
    stream.seek(0)
    left = start
    while left and (block := stream.read(min(1 << 20, left))):
        digest.update(block)
        left -= len(block)
    stream.seek(end)
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.digest()


def _external(
    who: AwaitedSigner, signature: bytes | None, scheme: Scheme = PKCS1_OR_ECDSA
) -> ExternalSigner:
    store = SimpleCertificateStore()
    store.register_multiple([as_asn1(certificate) for certificate in who.chain])
    return ExternalSigner(
        as_asn1(who.certificate),
        store,
        signature_value=signature,
        signature_mechanism=scheme.algorithm(who.certificate),
    )


def _fits(content: bytes, prepared: Prepared) -> bool:
    """Whether a CMS signs this digest with the awaited certificate's key.

    Raises:
        InvalidRequest: its algorithm is not taken, or not with these parameters.
    """
    certificate = x509.load_der_x509_certificate(prepared.certificate)
    try:
        info = cms.ContentInfo.load(content, strict=True)
        (signer,) = info["content"]["signer_infos"]
        attributes = signer["signed_attrs"]
        digests = [
            value.native
            for attribute in attributes
            if attribute["type"].native == "message_digest"
            for value in attribute["values"]
        ]
        raw = signer["signature"].native
        signed = attributes.untag().dump()  # as a SET OF: RFC 5652, section 5.4
        scheme = stated(signer, certificate)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
    return digests == [prepared.digest] and scheme.holds(certificate, signed, raw)


def _names_its_certificate(content: bytes, prepared: Prepared) -> bool:
    """Whether the signed attributes name the certificate (ETSI EN 319 142-1, table 1, row j)."""
    (signer,) = cms.ContentInfo.load(content)["content"]["signer_infos"]
    try:
        named = find_unique_cms_attribute(signer["signed_attrs"], "signing_certificate_v2")
        first = named["certs"][0]
        digest = hashlib.new(first["hash_algorithm"]["algorithm"].native, prepared.certificate)
        return bool(first["cert_hash"].native == digest.digest())
    except (
        NonexistentAttributeError, MultivaluedAttributeError, ValueError, TypeError, LookupError,
    ):  # fmt: skip
        return False


def _mismatch() -> InvalidRequest:
    return InvalidRequest(
        "Chữ ký trả về không khớp với tệp đang chờ hoặc với chứng thư số. "
        "Hãy lấy lại mã băm và ký lại bằng đúng chứng thư.",
        "The signature does not fit the waiting file or the certificate. "
        "Fetch the digest anew and sign with that certificate.",
        code="signature_mismatch",
        field="signature",
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
