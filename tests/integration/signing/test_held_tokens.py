"""A service whose keys live in a token: it starts without it, waits for it, and goes on."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from api.settings import Settings
from api.wiring import open_house
from demo.office import make_demo_office
from signing.held_tokens import HeldToken
from signing.tokens import TokenPlace
from tests.integration.http.office import open_office
from tests.integration.http.papers import born_digital
from tests.integration.signing.soft_tokens import PIN, plug_in
from tests.unit.signing.office import make_key, make_root
from vocabulary.clock import SystemClock
from vocabulary.errors import InvalidRequest, MissingPart


def pin_file(folder: Path, pin: str = PIN) -> Path:
    path = folder / "pin"
    path.write_text(f"{pin}\n")
    return path


def test_it_signs_again_and_again_with_one_pin(soft_token: Path, tmp_path: Path) -> None:
    plug_in(soft_token, "giu", make_key(make_root("Gốc giữ")))
    held = HeldToken(TokenPlace(soft_token, "giu"), pin_file(tmp_path))
    public = held.certificate.public_key()
    (tmp_path / "pin").unlink()  # read once, when the token was opened
    assert isinstance(public, rsa.RSAPublicKey)
    for data in (b"one", b"two"):
        public.verify(held.sign(data, "sha256"), data, padding.PKCS1v15(), hashes.SHA256())
    held.close()
    with pytest.raises(MissingPart) as caught:
        held.sign(b"three", "sha256")
    assert caught.value.error_code == "pin_file_missing"


def test_a_pin_that_was_refused_is_never_tried_again_by_itself(
    soft_token: Path, tmp_path: Path
) -> None:
    plug_in(soft_token, "pin-khac", make_key(make_root("Gốc sai pin")))
    held = HeldToken(TokenPlace(soft_token, "pin-khac"), pin_file(tmp_path, "000000"))
    for _ in range(12):  # tokens lock after some ten wrong tries
        with pytest.raises(InvalidRequest) as caught:
            held.sign(b"x", "sha256")
        assert caught.value.error_code == "wrong_pin"
    pin_file(tmp_path)  # somebody puts the right one into the file
    assert held.sign(b"x", "sha256")


def test_the_service_signs_with_a_token(
    soft_token: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_root("Gốc của Sở")
    plug_in(soft_token, "so-khcn", make_key(root, "Lê Thị Một Cửa"), make_key(root, "Sở Thử"))
    pin = pin_file(tmp_path)
    monkeypatch.setenv("SOHOA_PKCS11_MODULE", str(soft_token))
    monkeypatch.setenv("SOHOA_OFFICER_TOKEN", "so-khcn/khoa1")
    monkeypatch.setenv("SOHOA_ORGANISATION_TOKEN", "so-khcn/khoa2")
    monkeypatch.setenv("SOHOA_OFFICER_PASSPHRASE_FILE", str(pin))
    monkeypatch.setenv("SOHOA_ORGANISATION_PASSPHRASE_FILE", str(pin))
    home = tmp_path / "home"
    make_demo_office(home, SystemClock().now())
    with open_office(home) as office, office.client("clerk") as clerk:
        document = clerk.post(
            "/v1/documents", files={"file": ("giấy.pdf", born_digital("KY BANG TOKEN"))}
        ).json()["id"]
        office.work()
        clerk.post(f"/v1/documents/{document}/confirm")
        office.work()
        archival = clerk.get(f"/v1/documents/{document}/content?rendition=archival").content
        told = clerk.post("/v1/verify", files={"file": ("a.pdf", archival)}).json()["signatures"]
    assert [one["signer"] for one in told] == ["Lê Thị Một Cửa", "Sở Thử"]
    assert [one["integrity"] for one in told] == ["intact", "intact"]


def test_the_service_starts_without_its_token(
    soft_token: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_PKCS11_MODULE", str(soft_token))
    for who in ("OFFICER", "ORGANISATION"):
        monkeypatch.setenv(f"SOHOA_{who}_TOKEN", "khong-cam")
        monkeypatch.setenv(f"SOHOA_{who}_PASSPHRASE_FILE", str(pin_file(tmp_path)))
    with open_house(Settings(home=tmp_path / "home")) as house:
        assert house.seal is not None
        with pytest.raises(MissingPart) as caught:
            house.seal.officer.sign(b"x", "sha256")
        assert caught.value.error_code == "token_absent"
