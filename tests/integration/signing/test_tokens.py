"""Keys in a real PKCS #11 token (SoftHSM 2): what they sign holds, what goes wrong is named."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from signing.certify import CertifyOrder, certify
from signing.tokens import TokenPlace, open_token
from signing.validation import verify_file
from tests.integration.commandline.calling import sohoa
from tests.integration.signing.soft_tokens import PIN, plug_in
from tests.unit.signing.office import NOW, blank_pdf, make_key, make_root
from vocabulary.errors import InvalidRequest, MissingPart, SohoaError


def state_of(place: TokenPlace, pin: str = PIN) -> str:
    with pytest.raises(SohoaError) as caught, open_token(place, pin):
        pass
    return caught.value.error_code


def test_what_a_token_signs_its_certificate_verifies(soft_token: Path) -> None:
    root = make_root()
    plug_in(soft_token, "hai-khoa", make_key(root), make_key(root, kind="ec"))
    with open_token(TokenPlace(soft_token, "hai-khoa", "khoa1"), PIN) as key:
        public = key.certificate.public_key()
        assert isinstance(public, rsa.RSAPublicKey)
        public.verify(key.sign(b"x", "sha256"), b"x", padding.PKCS1v15(), hashes.SHA256())
    with open_token(TokenPlace(soft_token, "hai-khoa", "khoa2"), PIN) as key:
        curve = key.certificate.public_key()
        assert isinstance(curve, ec.EllipticCurvePublicKey)
        curve.verify(key.sign(b"x", "sha256"), b"x", ec.ECDSA(hashes.SHA256()))


def test_an_officer_certifies_papers_with_one_pin(
    soft_token: Path, tmp_path: Path, order: CertifyOrder
) -> None:
    root = make_root("Gốc của token")
    plug_in(soft_token, "can-bo", make_key(root, "Lê Thị Một Cửa"))
    with open_token(TokenPlace(soft_token, "can-bo"), PIN) as key:
        by_token = replace(order, officer=key)
        for number in range(3):
            certify(blank_pdf(tmp_path / f"{number}.pdf"), tmp_path / f"ky{number}.pdf", by_token)
    officer, _ = verify_file(tmp_path / "ky2.pdf", [root.pem(tmp_path)]).signatures
    assert officer.signer == "Lê Thị Một Cửa"
    assert officer.integrity == "intact"


def test_the_command_signs_many_files_with_one_pin_and_names_what_goes_wrong(
    soft_token: Path, tmp_path: Path
) -> None:
    """The token's session stays in the command's process; files are read in others."""
    root = make_root("Gốc của token")
    plug_in(soft_token, "dong-dau", make_key(root, "Sở Khoa học", kind="ec"))
    files = [blank_pdf(tmp_path / f"{number}.pdf") for number in range(3)]
    words = ("sign", *files, "--as", "organisation", "--out", tmp_path / "out", "--json",
             "--pkcs11-module", soft_token, "--token")  # fmt: skip
    done = sohoa(*words, "dong-dau", typed=f"{PIN}\n")
    assert [one["state"] for one in done.records()] == ["signed"] * 3, done
    for path in (tmp_path / "out").iterdir():
        (record,) = verify_file(path, [root.pem(tmp_path)]).signatures
        assert (record.signer, record.verdict) == ("Sở Khoa học", "valid")
    wrong = sohoa(*words, "dong-dau", typed="000000\n")
    wrong.complains(2, "Sai mã PIN", "PIN is wrong")
    sohoa(*words, "khong-co", typed=f"{PIN}\n").complains(4, "Không thấy USB token", "not there")


def test_wrong_pin_missing_token_and_missing_driver_are_named(soft_token: Path) -> None:
    plug_in(soft_token, "sai-pin", make_key(make_root()))
    place = TokenPlace(soft_token, "sai-pin")
    assert state_of(place, "000000") == "wrong_pin"
    assert state_of(TokenPlace(soft_token, "khong-co")) == "token_absent"
    assert state_of(TokenPlace(Path("/khong/co.so"))) == "token_module_missing"
    assert state_of(replace(place, key="khong-co")) == "key_missing"


def test_a_token_pulled_out_while_signing_is_a_state_not_a_crash(soft_token: Path) -> None:
    plug_in(soft_token, "rut-ra", make_key(make_root()))
    with open_token(TokenPlace(soft_token, "rut-ra"), PIN) as key:
        assert key.sign(b"x", "sha256")
        pkcs11.lib(str(soft_token)).reinitialize()  # every session is gone, as when unplugged
        with pytest.raises(MissingPart) as caught:
            key.sign(b"x", "sha256")
    assert caught.value.error_code == "token_pulled_out"


def test_an_ended_certificate_is_refused_before_anything_is_signed(soft_token: Path) -> None:
    ended = make_key(make_root(), start=NOW - timedelta(days=9), end=NOW - timedelta(days=1))
    plug_in(soft_token, "het-han", ended)
    with (
        pytest.raises(InvalidRequest) as caught,
        open_token(TokenPlace(soft_token, "het-han"), PIN),
    ):
        pass
    assert caught.value.error_code == "certificate_expired"
