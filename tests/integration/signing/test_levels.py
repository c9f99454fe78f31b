"""Long-term levels with a time stamping authority on this machine."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pyhanko.sign.signers import PdfTimeStamper

from signing.asking import forget_answers
from signing.certify import CertifyOrder, certify
from signing.keys import SigningKey
from signing.sign import Level, new_version, open_for_signing, sign_file
from signing.timestamps import UrlTimeStamper
from signing.validation import verify_file
from tests.integration.signing.tsa import Authority, authority_at_work
from tests.unit.signing.office import NOW, blank_pdf, make_key, make_root
from tests.unit.signing.tampering import hole, note_laid_over, page_painted_over
from vocabulary.errors import MissingPart, UsageError


@pytest.fixture(scope="module")
def tsa() -> Iterator[Authority]:
    with authority_at_work(make_root()) as running:
        yield running


@pytest.fixture(scope="module")
def key(tsa: Authority) -> SigningKey:
    """Ends in ten days, while the root and the timestamps live on."""
    return make_key(tsa.root, end=NOW + timedelta(days=10), crl=tsa.crl_url)


@pytest.mark.parametrize("level", ["B-T", "B-LT", "B-LTA"])
def test_each_level_is_made_and_recognised(
    tmp_path: Path, tsa: Authority, key: SigningKey, level: Level
) -> None:
    root = tsa.root.pem(tmp_path)
    out = tmp_path / "out.pdf"
    sign_file(
        blank_pdf(tmp_path / "in.pdf"), out, key, "organisation", level, tsa.url, anchors=[root]
    )
    (record,) = verify_file(out, [root]).signatures
    assert record.level == level
    assert record.time_source == "timestamp"
    assert record.changes_after in ("none", "evidence")
    unchecked = ("revocation_not_checked",) if level == "B-T" else ()
    assert record.remarks == unchecked
    assert record.verdict == ("valid_with_remarks" if unchecked else "valid")


def test_a_timestamp_proves_the_signature_after_the_certificate_ended(
    tmp_path: Path, tsa: Authority, key: SigningKey
) -> None:
    root = tsa.root.pem(tmp_path)
    blank_pdf(tmp_path / "in.pdf")
    later = NOW + timedelta(days=20)
    sign_file(tmp_path / "in.pdf", tmp_path / "b.pdf", key, "organisation")
    sign_file(
        tmp_path / "in.pdf", tmp_path / "lt.pdf", key, "organisation", "B-LT", tsa.url,
        anchors=[root],
    )  # fmt: skip
    (plain,) = verify_file(tmp_path / "b.pdf", [root], later).signatures
    (timed,) = verify_file(tmp_path / "lt.pdf", [root], later).signatures
    assert (plain.verdict, plain.remarks) == ("undecided", ("certificate_expired",))
    assert timed.verdict == "valid"


def test_two_signers_at_the_highest_level(
    tmp_path: Path, tsa: Authority, key: SigningKey, order: CertifyOrder
) -> None:
    root = tsa.root.pem(tmp_path)
    long_term = replace(
        order, officer=key, organisation=make_key(tsa.root, "Sở", number=2, crl=tsa.crl_url),
        level="B-LTA", tsa_url=tsa.url, anchors=(root,),
    )  # fmt: skip
    certify(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", long_term)
    officer, organisation = verify_file(tmp_path / "out.pdf", [root]).signatures
    assert [officer.level, organisation.level] == ["B-LTA", "B-LTA"]
    assert [officer.verdict, organisation.verdict] == ["valid", "valid"]


def test_a_revoked_certificate_is_seen_from_the_file_alone(tmp_path: Path, tsa: Authority) -> None:
    bad = make_key(tsa.root, "Bị thu hồi", crl=tsa.crl_url)
    root = tsa.root.pem(tmp_path)
    blank_pdf(tmp_path / "in.pdf")
    sign_file(tmp_path / "in.pdf", tmp_path / "1.pdf", bad, "officer", "B-T", tsa.url)
    tsa.revoked.append(bad.certificate.serial_number)
    forget_answers()  # lists are asked for once in ten minutes
    try:
        good = make_key(tsa.root, "Còn hiệu lực", number=2, crl=tsa.crl_url)
        sign_file(
            tmp_path / "1.pdf", tmp_path / "2.pdf", good, "organisation", "B-LT", tsa.url,
            anchors=[root],
        )  # fmt: skip
    finally:
        tsa.revoked.clear()
        forget_answers()
    first, second = verify_file(tmp_path / "2.pdf", [root]).signatures
    assert (first.trust, first.verdict) == ("untrusted", "invalid")
    assert "revoked" in first.remarks
    assert second.trust == "trusted"


def test_online_asks_for_revocation(tmp_path: Path, tsa: Authority, key: SigningKey) -> None:
    root = tsa.root.pem(tmp_path)
    sign_file(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", key, "officer")
    (offline,) = verify_file(tmp_path / "out.pdf", [root]).signatures
    (online,) = verify_file(tmp_path / "out.pdf", [root], online=True).signatures
    assert offline.remarks == ("revocation_not_checked",)
    assert (online.verdict, online.remarks) == ("valid", ())


@pytest.mark.parametrize("level", ["B-T", "B-LTA"])
def test_a_flip_in_a_timestamp_is_seen(
    tmp_path: Path, tsa: Authority, key: SigningKey, level: Level
) -> None:
    """In the signature's own token, or in the document timestamp: DSS by default passes both."""
    root = tsa.root.pem(tmp_path)
    out = tmp_path / "out.pdf"
    sign_file(blank_pdf(tmp_path / "in.pdf"), out, key, "officer", level, tsa.url, anchors=[root])
    data = out.read_bytes()
    start, end = hole(data, -1)
    digits = data[start:end].rstrip(b"0")
    at = start + len(digits) - 60
    new = b"0" if data[at : at + 1] != b"0" else b"1"
    out.write_bytes(data[:at] + new + data[at + 1 :])
    (record,) = verify_file(out, [root]).signatures
    assert record.verdict == "invalid"
    assert "timestamp_invalid" in record.remarks


def test_a_time_stamp_alone_is_no_signature(tmp_path: Path, tsa: Authority) -> None:
    """It proves when, not who: never better than undecided, and invalid where it does not hold."""
    root, out = tsa.root.pem(tmp_path), tmp_path / "out.pdf"
    source = blank_pdf(tmp_path / "in.pdf")
    with new_version(source, out) as stream, open_for_signing(stream) as writer:
        PdfTimeStamper(UrlTimeStamper(tsa.url)).timestamp_pdf(writer, "sha256", in_place=True)
    (record,) = verify_file(out, [root]).signatures
    assert (record.verdict, record.remarks) == ("undecided", ("timestamp_only",))
    assert (record.integrity, record.trust, record.covers) == ("intact", "trusted", "whole_file")
    assert (record.time_source, record.signed_at is None) == ("timestamp", False)
    (unknown,) = verify_file(out, []).signatures
    assert (unknown.verdict, unknown.trust) == ("undecided", "unknown")
    assert unknown.remarks == ("timestamp_only", "timestamp_no_trust_anchor")
    data = out.read_bytes()
    out.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
    (broken,) = verify_file(out, [root]).signatures
    assert (broken.verdict, broken.integrity) == ("invalid", "broken")
    assert "timestamp_invalid" in broken.remarks
    for change in (page_painted_over, note_laid_over):
        out.write_bytes(change(data))
        (changed,) = verify_file(out, [root]).signatures
        assert changed.verdict == "invalid"
        assert "changed_after_signing" in changed.remarks


def test_an_authority_that_does_not_answer(tmp_path: Path, key: SigningKey) -> None:
    blank_pdf(tmp_path / "in.pdf")
    with pytest.raises(MissingPart) as caught:
        sign_file(
            tmp_path / "in.pdf", tmp_path / "out.pdf", key, "officer", "B-T",
            "http://127.0.0.1:9/none",
        )  # fmt: skip
    assert caught.value.error_code == "tsa_unreachable"
    assert [path.name for path in tmp_path.iterdir()] == ["in.pdf"]


def test_an_address_must_be_http(tmp_path: Path, key: SigningKey) -> None:
    blank_pdf(tmp_path / "in.pdf")
    with pytest.raises(UsageError):
        sign_file(
            tmp_path / "in.pdf", tmp_path / "out.pdf", key, "officer", "B-T", "file:///etc/passwd"
        )
