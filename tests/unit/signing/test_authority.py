"""The test authority is made once, for its owner's eyes, and says what it is everywhere."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from signing.authority import TestAuthority, ensure_test_authority
from signing.keys import TEST_MARK, SigningKey, common_name, is_test_certificate, load_pkcs12
from tests.unit.signing.office import NOW
from vocabulary.errors import MissingPart


def test_made_once(authority: TestAuthority) -> None:
    folder = authority.root_pem.parent
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = ensure_test_authority(folder, NOW + timedelta(days=1))
    assert again == authority
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_only_its_owner_reads_it(authority: TestAuthority) -> None:
    folder = authority.root_pem.parent
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o600"}
    assert folder.stat().st_mode & 0o077 == 0


def test_every_certificate_says_that_it_is_a_test(
    authority: TestAuthority, officer: SigningKey, organisation: SigningKey
) -> None:
    root = x509.load_pem_x509_certificate(authority.root_pem.read_bytes())
    for certificate in (root, officer.certificate, organisation.certificate):
        assert TEST_MARK in certificate.subject.rfc4514_string()
        assert is_test_certificate(certificate)
    assert common_name(officer.certificate).endswith("(THỬ NGHIỆM)")


def test_the_mark_is_in_the_policy_too(officer: SigningKey) -> None:
    policies = officer.certificate.extensions.get_extension_for_class(x509.CertificatePolicies)
    assert [policy.policy_identifier.dotted_string for policy in policies.value] == [
        "1.3.6.1.4.1.32473.766.2021.1"
    ]


def test_nobody_keeps_the_root_key(authority: TestAuthority) -> None:
    names = {path.name for path in authority.root_pem.parent.iterdir()}
    assert names == {"root.pem", "officer.p12", "organisation.p12", "passphrase.txt"}
    assert b"PRIVATE" not in authority.root_pem.read_bytes()


def test_long_names_are_cut_at_a_whole_letter(tmp_path: Path) -> None:
    long = "Sở Khoa học và Công nghệ tỉnh Bà Rịa - Vũng Tàu và các đơn vị trực thuộc"
    made = ensure_test_authority(tmp_path / "a", NOW, officer_name=long, organisation_name=long)
    name = common_name(load_pkcs12(made.officer, made.passphrase).certificate)
    assert len(name.encode()) <= 64
    assert long.startswith(name.removesuffix(" (THỬ NGHIỆM)"))


def test_two_first_starts_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: ensure_test_authority(tmp_path / "a", NOW), range(4)))
    assert len(set(made)) == 1
    assert load_pkcs12(made[0].officer, made[0].passphrase)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_incomplete_folder_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "officer.p12").write_bytes(b"mine")
    with pytest.raises(MissingPart) as caught:
        ensure_test_authority(tmp_path / "a", NOW)
    assert caught.value.error_code == "test_authority_incomplete"
    assert (tmp_path / "a" / "officer.p12").read_bytes() == b"mine"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(MissingPart) as caught:
        ensure_test_authority(tmp_path / "file" / "a", NOW)
    assert caught.value.error_code == "folder_not_writable"
