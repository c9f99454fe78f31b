"""A key is loaded once, or refused with what to do about it."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from signing.keys import common_name, is_test_certificate, load_pkcs12
from tests.unit.signing.office import NOW, make_key, make_root, write_p12
from vocabulary.errors import InvalidRequest, MissingPart


def test_a_key_signs_what_its_certificate_verifies(tmp_path: Path) -> None:
    path = write_p12(tmp_path / "k.p12", make_key(make_root(), "Lê Văn Khóa"))
    key = load_pkcs12(path, "bi mat")
    key.certificate.public_key().verify(
        key.sign("giấy tờ".encode(), "sha256"),
        "giấy tờ".encode(),
        padding.PKCS1v15(),
        hashes.SHA256(),
    )
    assert common_name(key.certificate) == "Lê Văn Khóa"
    assert not is_test_certificate(key.certificate)


def test_elliptic_curves_work_and_an_empty_passphrase_too(tmp_path: Path) -> None:
    path = write_p12(tmp_path / "k.p12", make_key(make_root(), kind="ec"), passphrase="")
    key = load_pkcs12(path, "")
    key.certificate.public_key().verify(key.sign(b"x", "sha256"), b"x", ec.ECDSA(hashes.SHA256()))


def test_wrong_pin(tmp_path: Path) -> None:
    path = write_p12(tmp_path / "k.p12", make_key(make_root()))
    with pytest.raises(InvalidRequest) as caught:
        load_pkcs12(path, "sai")
    assert caught.value.error_code == "wrong_pin"
    assert "PIN" in caught.value.vi


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [(-30, -1, "certificate_expired"), (1, 30, "certificate_not_yet_valid")],
)
def test_a_certificate_outside_its_validity(
    tmp_path: Path, start: int, end: int, code: str
) -> None:
    days = {"start": NOW + timedelta(days=start), "end": NOW + timedelta(days=end)}
    path = write_p12(tmp_path / "k.p12", make_key(make_root(), **days))
    with pytest.raises(InvalidRequest) as caught:
        load_pkcs12(path, "bi mat", NOW)
    assert caught.value.error_code == code
    assert load_pkcs12(path, "bi mat", NOW + timedelta(days=(start + end) / 2))


def test_not_a_key_file(tmp_path: Path) -> None:
    (tmp_path / "k.p12").write_bytes(b"%PDF-1.4 not a key")
    with pytest.raises(InvalidRequest) as caught:
        load_pkcs12(tmp_path / "k.p12", "bi mat")
    assert caught.value.error_code == "key_unreadable"


def test_a_key_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MissingPart) as caught:
        load_pkcs12(tmp_path / "k.p12", "")
    assert caught.value.error_code == "key_file_missing"


def test_a_weak_key_is_refused(tmp_path: Path) -> None:
    path = write_p12(tmp_path / "k.p12", make_key(make_root(), number=7, size=1024))
    with pytest.raises(InvalidRequest) as caught:
        load_pkcs12(path, "bi mat")
    assert caught.value.error_code == "weak_key"


def test_a_key_does_not_show_itself_in_logs() -> None:
    assert repr(make_key(make_root(), "Lê Khóa")) == "SigningKey('Lê Khóa')"
