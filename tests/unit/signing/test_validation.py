"""Verdicts on sound, odd and untrusted signatures; every reason by name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.fields import MDPPerm

from signing.authority import TestAuthority
from signing.certify import CertifyOrder, certify
from signing.keys import SigningKey
from signing.sign import sign_file
from signing.validation import REMARKS, has_signatures, verify_file
from tests.unit.signing.deviations import (
    as_pss,
    cms_of,
    embedded,
    signed_by,
    signed_unchecked,
    with_loose_padding,
    with_pss_parameters,
    without_null,
)
from tests.unit.signing.office import NOW, Root, blank_pdf, make_key, make_root, update
from tests.unit.signing.tampering import REJECTED, flip_in_page
from vocabulary.errors import InvalidRequest, MissingPart
from vocabulary.papers import SignatureRecord


@pytest.fixture(scope="module")
def root() -> Root:
    return make_root()


def judged(path: Path, *anchors: Path, days: int = 0) -> SignatureRecord:
    (record,) = verify_file(path, anchors, NOW + timedelta(days=days)).signatures
    assert set(record.remarks) <= set(REMARKS)
    return record


def test_without_a_trusted_root_nothing_is_better_than_undecided(
    tmp_path: Path, root: Root
) -> None:
    record = judged(signed_by(tmp_path, make_key(root)))
    assert (record.integrity, record.trust, record.verdict) == ("intact", "unknown", "undecided")
    assert record.remarks == ("no_trust_anchor",)


def test_a_trusted_signature_is_valid(tmp_path: Path, root: Root) -> None:
    record = judged(signed_by(tmp_path, make_key(root, "Sở Nội vụ")), root.pem(tmp_path))
    assert (record.verdict, record.trust, record.remarks) == ("valid", "trusted", ())
    assert record.signer == "Sở Nội vụ"
    assert record.certificate_issuer == "Gốc của bài kiểm thử"
    assert (record.level, record.time_source) == ("B-B", "claimed")
    assert record.signed_at is not None
    assert record.signed_at.endswith("+07:00")
    assert not record.test_authority


def test_elliptic_curves(tmp_path: Path, root: Root) -> None:
    record = judged(signed_by(tmp_path, make_key(root, kind="ec")), root.pem(tmp_path))
    assert record.verdict == "valid"


def test_a_strangers_root_leaves_trust_unknown(tmp_path: Path, root: Root) -> None:
    stranger = make_root("Gốc khác", number=101)
    record = judged(signed_by(tmp_path, make_key(root)), stranger.pem(tmp_path))
    assert (record.verdict, record.remarks) == ("undecided", ("no_trust_anchor",))


def test_an_impostor_of_the_same_name_is_untrusted(tmp_path: Path, root: Root) -> None:
    impostor = make_root(number=102)  # the name of root, another key
    record = judged(signed_by(tmp_path, make_key(impostor)), root.pem(tmp_path))
    assert (record.trust, record.verdict) == ("untrusted", "invalid")


def test_digest_info_without_null_is_matching_but_remarked(tmp_path: Path, root: Root) -> None:
    path = signed_by(tmp_path, make_key(root), without_null)
    assert judged(path).integrity == "intact"
    assert judged(path).verdict == "undecided"
    trusted = judged(path, root.pem(tmp_path))
    assert (trusted.verdict, trusted.remarks) == (
        "valid_with_remarks",
        ("digestinfo_without_null",),
    )


def test_leniency_does_not_accept_forged_padding(tmp_path: Path, root: Root) -> None:
    path = signed_by(tmp_path, make_key(root), with_loose_padding)
    assert judged(path, root.pem(tmp_path)).integrity == "broken"


@pytest.mark.parametrize("raw", [None, as_pss])
def test_pss_parameters_under_rsa_encryption(
    tmp_path: Path, root: Root, raw: Callable[[bytes, SigningKey], bytes] | None
) -> None:
    path = with_pss_parameters(signed_by(tmp_path, make_key(root), raw))
    trusted = judged(path, root.pem(tmp_path))
    assert (trusted.integrity, trusted.verdict) == ("intact", "valid_with_remarks")
    assert trusted.remarks == ("pss_under_rsa_encryption",)


def test_the_certificate_ended_after_an_unproved_signature(tmp_path: Path, root: Root) -> None:
    ended = make_key(root, start=NOW - timedelta(days=9), end=NOW - timedelta(days=3))
    path = tmp_path / "signed.pdf"
    moment = NOW - timedelta(days=5)
    sign_file(blank_pdf(tmp_path / "in.pdf"), path, ended, "officer", signed_at=moment)
    record = judged(path, root.pem(tmp_path))
    assert (record.verdict, record.remarks) == ("undecided", ("certificate_expired",))
    assert judged(path, root.pem(tmp_path), days=-4).verdict == "valid"


def test_signed_after_the_certificate_ended(tmp_path: Path, root: Root) -> None:
    ended = make_key(root, start=NOW - timedelta(days=9), end=NOW - timedelta(days=3))
    record = judged(signed_unchecked(tmp_path, ended, NOW), root.pem(tmp_path))
    assert (record.integrity, record.trust) == ("intact", "untrusted")
    assert (record.verdict, record.remarks) == ("invalid", ("certificate_expired",))


def test_sha1_decides_nothing(tmp_path: Path, root: Root) -> None:
    key = make_key(root)
    path = embedded(tmp_path, "/adbe.pkcs7.detached", cms_of(key, "sha1"))
    record = judged(path, root.pem(tmp_path))
    assert (record.integrity, record.trust, record.verdict) == ("intact", "trusted", "undecided")
    assert record.remarks == ("weak_digest_sha1",)
    assert record.level == "legacy"


def test_the_old_kind_that_encloses_a_sha1(tmp_path: Path, root: Root) -> None:
    make = cms_of(make_key(root), "sha256", enclose=True)
    path = embedded(tmp_path, "/adbe.pkcs7.sha1", make)
    record = judged(path, root.pem(tmp_path))
    assert (record.integrity, record.remarks) == ("intact", ("weak_digest_sha1",))
    path.write_bytes(flip_in_page(path.read_bytes()))
    assert judged(path, root.pem(tmp_path)).verdict == "invalid"


def test_the_old_kind_without_cms(tmp_path: Path, root: Root) -> None:
    key = make_key(root, "Cũ kỹ")
    private = key.private_key
    assert isinstance(private, rsa.RSAPrivateKey)

    def make(digest: bytes) -> bytes:
        signature = private.sign(digest, padding.PKCS1v15(), Prehashed(hashes.SHA1()))
        return core.OctetString(signature).dump()

    der = key.certificate.public_bytes(Encoding.DER)
    path = embedded(tmp_path, "/adbe.x509.rsa_sha1", make, der)
    record = judged(path, root.pem(tmp_path))
    assert (record.integrity, record.signer) == ("intact", "Cũ kỹ")
    assert (record.verdict, record.remarks) == ("undecided", ("weak_digest_sha1",))
    path.write_bytes(flip_in_page(path.read_bytes()))
    assert judged(path, root.pem(tmp_path)).verdict == "invalid"


def test_a_certificate_that_forbids_all_changes_forbids_an_empty_field(
    tmp_path: Path, root: Root
) -> None:
    make = cms_of(make_key(root), "sha256")
    path = embedded(
        tmp_path, "/adbe.pkcs7.detached", make, digest="sha256", permission=MDPPerm.NO_CHANGES
    )
    assert judged(path, root.pem(tmp_path)).verdict == "valid"
    path.write_bytes(REJECTED["empty_signature_field_over_text"](path.read_bytes()))
    assert judged(path, root.pem(tmp_path)).verdict == "invalid"


def test_switching_to_an_object_prepared_before_signing(
    tmp_path: Path, order: CertifyOrder, authority: TestAuthority
) -> None:
    """A cross-reference table alone, appended later: DSS sees no change at all."""
    data = blank_pdf(tmp_path / "0.pdf").read_bytes()
    with pikepdf.open(tmp_path / "0.pdf") as pdf:
        number = pdf.pages[0].Contents.objgen[0]
    prepared = len(data)
    data = update(data, number, b"<< /Length 20 >> stream\n1 0 0 rg 0 0 9 9 re f\nendstream")
    data = update(data, number, b"<< /Length 14 >> stream\n0 0 10 10 re f\nendstream")
    (tmp_path / "1.pdf").write_bytes(data)
    certify(tmp_path / "1.pdf", tmp_path / "2.pdf", order)
    assert verify_file(tmp_path / "2.pdf", [authority.root_pem]).verdict == "valid"
    switched = update((tmp_path / "2.pdf").read_bytes(), number, at=prepared)
    (tmp_path / "3.pdf").write_bytes(switched)
    report = verify_file(tmp_path / "3.pdf", [authority.root_pem])
    assert report.verdict == "invalid" or report.state == "stopped"


def test_not_yet_valid_when_signed(tmp_path: Path, root: Root) -> None:
    record = judged(signed_by(tmp_path, make_key(root)), root.pem(tmp_path), days=-800)
    assert record.verdict != "valid"
    assert "certificate_not_yet_valid" in record.remarks


def test_a_certificate_for_timestamps_signs_no_papers(tmp_path: Path, root: Root) -> None:
    key = make_key(root, timestamping=True)
    record = judged(signed_by(tmp_path, key), root.pem(tmp_path))
    assert (record.verdict, record.remarks) == ("invalid", ("key_usage",))


def test_revocation_that_could_be_asked_but_was_not_is_said(tmp_path: Path, root: Root) -> None:
    key = make_key(root, crl="http://crl.invalid/list.crl")
    record = judged(signed_by(tmp_path, key), root.pem(tmp_path))
    assert (record.verdict, record.remarks) == ("valid_with_remarks", ("revocation_not_checked",))


def test_foreign_bytes_before_the_header_are_cut(
    certified: Path, authority: TestAuthority, tmp_path: Path
) -> None:
    (tmp_path / "t.pdf").write_bytes(b"\x00\x01 sent by gateway\r\n" + certified.read_bytes())
    report = verify_file(tmp_path / "t.pdf", [authority.root_pem])
    assert report.transport_prefix == 20
    for record in report.signatures:
        assert (record.integrity, record.trust) == ("intact", "trusted")
        assert record.verdict == "valid_with_remarks"
        assert record.remarks == ("transport_prefix",)
    assert has_signatures(tmp_path / "t.pdf")


def test_a_later_signature_of_a_stranger_casts_doubt(tmp_path: Path, root: Root) -> None:
    sign_file(blank_pdf(tmp_path / "0.pdf"), tmp_path / "1.pdf", make_key(root), "officer")
    stranger = make_key(make_root("Gốc khác", number=101))
    sign_file(tmp_path / "1.pdf", tmp_path / "2.pdf", stranger, "organisation")
    first, second = verify_file(tmp_path / "2.pdf", [root.pem(tmp_path)]).signatures
    assert (first.integrity, first.trust) == ("intact", "trusted")
    assert (first.verdict, first.remarks) == ("undecided", ("later_signature_not_valid",))
    assert second.verdict == "undecided"


def test_a_certified_file_may_be_signed_but_not_changed(
    tmp_path: Path, order: CertifyOrder, authority: TestAuthority
) -> None:
    certify(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", order)
    officer, organisation = verify_file(tmp_path / "out.pdf", [authority.root_pem]).signatures
    assert officer.changes_after == "form_filling"
    assert organisation.changes_after == "none"
    assert officer.field == "CanBo"
    assert organisation.field == "CoQuan"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "empty"), (b"hello", "not_a_document"), (b"%PDF-1.7\nbroken", "damaged")],
)
def test_files_that_are_no_pdf_stop_with_a_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "t.pdf").write_bytes(content)
    report = verify_file(tmp_path / "t.pdf", [])
    assert (report.state, report.reason, report.signatures) == ("stopped", reason, ())
    assert not has_signatures(tmp_path / "t.pdf")


def test_encrypted_files_stop(tmp_path: Path) -> None:
    blank_pdf(tmp_path / "plain.pdf")
    with pikepdf.open(tmp_path / "plain.pdf") as pdf:
        pdf.save(tmp_path / "t.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    report = verify_file(tmp_path / "t.pdf", [])
    assert (report.state, report.reason, report.encrypted) == ("stopped", "encrypted", True)


def test_unsigned_files_have_no_signatures(tmp_path: Path) -> None:
    report = verify_file(blank_pdf(tmp_path / "t.pdf"), [])
    assert (report.state, report.verdict, report.signatures) == ("done", "unsigned", ())


def test_hints_do_not_make_a_signature(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].Contents = pdf.make_stream(b"BT (/ByteRange [0 1 2 3] /Type /Sig) Tj ET")
        pdf.Root.AcroForm = pikepdf.Dictionary(
            SigFlags=3,
            Fields=[pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="empty"))],
        )
        pdf.save(tmp_path / "t.pdf")
    assert not has_signatures(tmp_path / "t.pdf")


def test_a_signature_is_found_without_its_flag(certified: Path, tmp_path: Path) -> None:
    with pikepdf.open(certified) as pdf:
        del pdf.Root.AcroForm.SigFlags
        fields = list(pdf.Root.AcroForm.Fields)
        parent = pdf.make_indirect(pikepdf.Dictionary(T="cha", Kids=fields))
        pdf.Root.AcroForm.Fields = pikepdf.Array([parent])
        pdf.save(tmp_path / "t.pdf")
    assert has_signatures(tmp_path / "t.pdf")


def test_trust_files_that_cannot_be_used(certified: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingPart) as missing:
        verify_file(certified, [tmp_path / "no.pem"])
    assert missing.value.error_code == "trust_file_missing"
    (tmp_path / "bad.pem").write_bytes(b"not a certificate")
    with pytest.raises(InvalidRequest) as unreadable:
        verify_file(certified, [tmp_path / "bad.pem"])
    assert unreadable.value.error_code == "trust_file_unreadable"


def test_records_survive_json(certified: Path) -> None:
    for record in verify_file(certified, []).signatures:
        assert SignatureRecord.from_json(record.to_json()) == replace(record)


def test_every_remark_is_said_in_both_languages() -> None:
    for code, remark in REMARKS.items():
        assert remark.code == code
        assert remark.vi.endswith(".")
        assert remark.en.endswith(".")
