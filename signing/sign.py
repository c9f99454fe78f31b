# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Put signatures into PDFs: always as an incremental update, the bytes before stay as they were.

PAdES baseline (ETSI EN 319 142-1): B-B by default; B-T, B-LT and B-LTA where the
address of a time stamping authority is given.
"""

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Final, Literal

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import (
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
    enumerate_sig_fields,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.validation import read_certification_data
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import RevokedError
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing import keys
from signing.entries import entry
from signing.lettering import embed, load_face
from signing.revocation import Revocation, certificate_revoked, checking, refuse_revoked
from signing.seal_image import SealImage, SealStyle, sealed_field
from signing.stamp import Corner, Stamp, StampStyle, StampTexts, first_sheet, set_stamp
from signing.timestamps import UrlTimeStamper
from signing.validation.anchors import read_anchors
from vocabulary.errors import Conflict, MissingPart, Stopped, UsageError
from vocabulary.papers import Box
from vocabulary.signers import SignerRole

Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]

_STRICTLY: Final = RevocationCheckingPolicy.from_legacy("hard-fail")
_CMS_FRAME: Final = 2048
"""Bytes of a CMS beside its certificates and the signature: signed attributes, names, frames."""

FIELD_NAMES: Final[dict[SignerRole, str]] = {"officer": "CanBo", "organisation": "CoQuan"}
"""Names of the signature fields; a number follows where one is taken."""


@dataclass(frozen=True, slots=True)
class Strength:
    """How long a signature must be provable.

    ``tsa_url``: needed from B-T on. ``anchors``: roots under which the certificates
    of signer and time stamping authority can be proved, needed from B-LT on;
    ``revocation`` is where revocation data and missing certificates then come from.
    """

    level: Level = "B-B"
    tsa_url: str | None = None
    anchors: tuple[Path, ...] = ()
    revocation: Revocation = field(default_factory=Revocation)

    def __post_init__(self) -> None:
        if self.level != "B-B" and not self.tsa_url:
            raise UsageError(
                f"Mức {self.level} cần địa chỉ cấp dấu thời gian (--tsa URL).",
                f"Level {self.level} needs the address of a timestamp authority (--tsa URL).",
            )


@dataclass(frozen=True, slots=True)
class Placed:
    """One signature to make: its field, stamp (if any) and moment."""

    field: str
    stamp: StampStyle | SealStyle | None
    moment: datetime
    certify: bool = False


def sign_file(
    pdf: Path,
    out: Path,
    key: keys.Signer,
    role: SignerRole,
    level: Level = "B-B",
    tsa_url: str | None = None,
    *,
    anchors: Sequence[Path] = (),
    revocation: Revocation | None = None,
    name: str | None = None,
    form: str = "Sao y",
    signed_at: datetime | None = None,
    texts: StampTexts | None = None,
    avoid: Sequence[Box] = (),
    visible: bool = True,
    seal: SealImage | None = None,
) -> None:
    """One signature in its legal corner, also on a file that is signed already.

    Args:
        pdf: the file to sign; its bytes are a prefix of the result.
        out: the result, complete and on stable storage, or not there at all.
        key: who signs.
        role: "officer" signs top left, "organisation" top right, both on page 1.
        level: PAdES baseline level.
        tsa_url: see :class:`Strength`.
        anchors: see :class:`Strength`.
        revocation: see :class:`Strength`.
        name: shown name; the certificate's common name by default.
        form: form of copy that the organisation's stamp shows (hình thức sao).
        signed_at: moment shown and recorded; the machine's time by default.
        texts: lines of the stamps.
        avoid: boxes of what stands on page 1, which the stamp does not cover.
        seal: the organisation's seal on an original, in place of the stamp of a copy.
        visible: with a stamp, as the law asks of digitised papers; other files may do without.

    Raises:
        Stopped: ``encrypted``, ``damaged``, ``empty``.
        Conflict: ``changes_forbidden`` by an earlier certification.
        MissingPart: font, time stamping authority or validation data missing.
    """
    strength = Strength(level, tsa_url, tuple(anchors), revocation or Revocation())
    moment = signed_at or datetime.now(UTC)
    keys.check_validity(key.certificate, moment)
    refuse_revoked(key.certificate, strength.revocation.held())
    texts = texts or StampTexts()
    lines = texts.fill(
        texts.officer_signs if role == "officer" else texts.organisation,
        name=name or keys.common_name(key.certificate),
        moment=moment,
        form=form,
        test=keys.is_test_certificate(key.certificate),
    )
    with new_version(pdf, out) as stream, open_for_signing(stream) as writer:
        if visible and read_certification_data(writer.prev) is not None:
            # Even where it permits signing, a visible field made now would break it.
            raise _changes_forbidden()
        name = _free_field_name(writer, role)
        style: StampStyle | SealStyle | None
        if seal is not None:
            style = sealed_field(writer, name, seal)
        elif visible:
            corner = texts.officer_corner if role == "officer" else texts.organisation_corner
            style = make_fields(writer, {name: (lines, corner)}, avoid)[name]
        else:
            style = None
            append_signature_field(writer, SigFieldSpec(name))
        apply(writer, key, Placed(name, style, moment), strength)


@contextmanager
def new_version(pdf: Path, out: Path) -> Iterator[IO[bytes]]:
    """A writable copy of ``pdf`` that becomes ``out`` when all went well.

    Flushed to stable storage before it is renamed, and the folder after.

    Raises:
        MissingPart: ``folder_not_writable``.
    """
    draft = out.with_name(f".{out.name[:200]}-{secrets.token_hex(6)}")
    try:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)  # less the umask
    except OSError as error:
        raise MissingPart(
            f"Không ghi được vào thư mục {out.parent}. Hãy cấp quyền ghi rồi chạy lại.",
            f"The folder {out.parent} cannot be written. Grant the right to write and try again.",
            code="folder_not_writable",
        ) from error
    try:
        with os.fdopen(handle, "r+b") as stream:
            with pdf.open("rb") as source:
                shutil.copyfileobj(source, stream, 1 << 20)
            stream.seek(0)
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(out.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def open_for_signing(stream: IO[bytes]) -> Iterator[IncrementalPdfFileWriter]:
    """A writer that appends to ``stream``; what pyHanko cannot do becomes a named error."""
    try:
        writer = IncrementalPdfFileWriter(stream)
        if writer.prev.encrypted:
            raise Stopped("encrypted")
        if not int(entry(writer.root["/Pages"], "/Count", 0)):
            raise Stopped("empty")
        yield writer
    except SigningError as error:
        if _is_revocation(error):
            raise certificate_revoked("người ký") from error
        if "forbids all changes" in str(error) or "not allow" in str(error):
            raise _changes_forbidden() from error
        raise MissingPart(
            f"Không tạo được chữ ký: {error}. Hãy kiểm tra chứng thư gốc và dấu thời gian.",
            f"The signature could not be made: {error}. Check the roots and the timestamp.",
            code="signing_failed",
        ) from error
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        # pyHanko reports broken structure in all of these ways.
        raise Stopped("damaged", f"{type(error).__name__}: {error}") from error


def _is_revocation(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, RevokedError):
            return True
        error = error.__cause__
    return False


def _changes_forbidden() -> Conflict:
    return Conflict(
        "Tệp đã được ký chứng thực nên không ký thêm được nữa. Hãy ký trên bản chưa chứng thực.",
        "The file is certified and takes no further visible signature. Sign the copy before that.",
        code="changes_forbidden",
    )


def make_fields(
    writer: IncrementalPdfFileWriter,
    wanted: dict[str, tuple[tuple[str, ...], Corner]],
    avoid: Sequence[Box] = (),
) -> dict[str, StampStyle]:
    """Append empty visible signature fields to page 1, and the stamps they will show.

    All of them at once and before any of them is signed: a visible field made after a
    certification counts as a forbidden change, and one font serves all stamps.
    """
    face, sheet = load_face(), first_sheet(writer)
    stamps: dict[str, Stamp] = {}
    for name, (lines, corner) in wanted.items():
        taken = [*avoid, *(other.box for other in stamps.values())]
        stamps[name] = set_stamp(face, lines, sheet, corner, taken)
    font = embed(writer, face, [line for stamp in stamps.values() for line in stamp.lines])
    for name, stamp in stamps.items():
        append_signature_field(writer, _field_spec(name, stamp, sheet.to_user(stamp.box)))
    return {
        name: StampStyle(border_width=0, stamp=stamp, font=font, rotation=sheet.rotation)
        for name, stamp in stamps.items()
    }


def _field_spec(name: str, stamp: Stamp, box: tuple[float, float, float, float]) -> SigFieldSpec:
    readable = " ".join(stamp.lines)  # a person who cannot see the page hears it
    rounded: Any = tuple(round(value, 2) for value in box)  # pyHanko's annotation says int
    return SigFieldSpec(name, on_page=0, box=rounded, readable_field_name=readable)


def apply(
    writer: IncrementalPdfFileWriter, key: keys.Signer, placed: Placed, strength: Strength
) -> None:
    """Sign in place: append one signature to the stream behind ``writer``."""
    signer = signer_for(key, placed, strength)
    room = room_for(key) if strength.level == "B-B" else None  # a time stamp's size is asked for
    signer.sign_pdf(writer, existing_fields_only=True, in_place=True, bytes_reserved=room)


def room_for(key: keys.Signer, more: int = 0) -> int:
    """Hexadecimal digits that hold this key's CMS of level B-B and ``more`` bytes.

    Reckoned, because pyHanko otherwise makes the CMS twice, once to see its length.
    """
    certificates = {as_asn1(one).dump() for one in (key.certificate, *key.chain)}
    size = getattr(key.certificate.public_key(), "key_size", 2048)
    return 2 * (sum(map(len, certificates)) + size // 8 + _CMS_FRAME + more)


def signer_for(key: keys.Signer, placed: Placed, strength: Strength | None = None) -> PdfSigner:
    """What makes one signature of a paper; level B-B unless more is asked."""
    strength = strength or Strength()
    signer = _MomentSigner(
        PdfSignatureMetadata(
            field_name=placed.field,
            md_algorithm="sha256",
            certify=placed.certify,
            docmdp_permissions=MDPPerm.FILL_FORMS,
            subfilter=SigSeedSubFilter.PADES,
            embed_validation_info=strength.level in ("B-LT", "B-LTA"),
            use_pades_lta=strength.level == "B-LTA",
            validation_context=_validation_context(key, strength),
            signer_key_usage=set(),
        ),
        signer=_KeySigner(key),
        timestamper=UrlTimeStamper(strength.tsa_url) if strength.tsa_url else None,
        stamp_style=placed.stamp,
    )
    signer.moment = placed.moment
    return signer


def _validation_context(key: keys.Signer, strength: Strength) -> ValidationContext | None:
    if strength.level in ("B-B", "B-T"):
        return None
    return proving_context(strength, key.chain, of=key.certificate)


def proving_context(
    strength: Strength,
    chain: Sequence[x509.Certificate] = (),
    moment: datetime | None = None,
    *,
    of: x509.Certificate | None = None,
) -> ValidationContext:
    """What certificates are proved with when evidence is embedded.

    A certificate whose revocation cannot be checked although it says where is not proved: a
    paper rather waits than gets evidence with a hole. ``moment`` other than now: from what is
    at hand alone. ``of``: whose certificate, where it is known beforehand.
    """
    at = moment or datetime.now(UTC)
    roots = [one.certificate for one in read_anchors(strength.anchors) if one.trusted_at(at)]
    roots += [as_asn1(c) for c in chain if c.issuer == c.subject]
    held = strength.revocation.held()
    fetchers = None if moment is not None else strength.revocation.fetchers()
    others = [*(as_asn1(c) for c in chain), *held.certificates]
    strictly = checking(as_asn1(of), others, held.crls) if of is not None else _STRICTLY
    return ValidationContext(
        trust_roots=roots,
        other_certs=others,
        crls=list(held.crls),
        ocsps=list(held.ocsps),
        moment=moment,
        allow_fetching=fetchers is not None,
        fetchers=fetchers,
        revinfo_policy=CertRevTrustPolicy(strictly),
    )


@lru_cache(maxsize=64)
def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The certificate as pyHanko takes it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


class _KeySigner(Signer):
    """pyHanko's view of our signer port."""

    def __init__(self, key: keys.Signer) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([as_asn1(certificate) for certificate in key.chain])
        super().__init__(signing_cert=as_asn1(key.certificate), cert_registry=store)
        self._key = key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        if dry_run:  # only the length counts: as long as the longest signature of this key
            size = getattr(self._key.certificate.public_key(), "key_size", 2048)
            return bytes(size // 8 + 16)
        return self._key.sign(data, digest_algorithm)


class _MomentSigner(PdfSigner):
    """Signs at a given moment, so that the stamp and the signature say the same time."""

    moment: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.moment
        return session


def _free_field_name(writer: IncrementalPdfFileWriter, role: SignerRole) -> str:
    base = FIELD_NAMES[role]
    taken = {name for name, _, _ in enumerate_sig_fields(writer)}
    return next(
        name for name in (base, *(f"{base}{n}" for n in range(2, 10_000))) if name not in taken
    )
