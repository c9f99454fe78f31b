"""The key stays where no stranger's file is read, and signs nothing but signatures of files."""

import pickle
from dataclasses import replace
from typing import Any

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric import rsa

from ingest.file_signing import _Answers
from signing.deferred import hand_out
from signing.key_outside import KeyOutside, sign_for
from signing.keys import SigningKey
from signing.sign import Placed, make_fields, open_for_signing
from tests.unit.signing.office import NOW, blank_pdf, make_key, make_root
from vocabulary.errors import IntegrityFailure


@pytest.fixture(scope="module")
def attributes(officer: SigningKey, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What a reader of a file rightly asks to be signed."""
    from signing.awaited import AwaitedSigner

    path = blank_pdf(tmp_path_factory.mktemp("draft") / "a.pdf")
    with path.open("r+b") as stream, open_for_signing(stream) as writer:
        style = make_fields(writer, {"CanBo": (("Người ký",), "left")})["CanBo"]
        who = AwaitedSigner(officer.certificate, officer.chain)
        return hand_out(writer, who, Placed("CanBo", style, NOW)).attributes


def test_what_is_handed_to_the_reader_holds_no_key(officer: SigningKey) -> None:
    outside = KeyOutside.of(officer)
    handed = pickle.dumps(outside)
    assert isinstance(officer.private_key, rsa.RSAPrivateKey)
    exponent = officer.private_key.private_numbers().d
    assert exponent.to_bytes(256, "big") not in handed
    assert outside.certificate == officer.certificate
    assert list(outside.chain) == list(officer.chain)
    with pytest.raises(AssertionError, match="no way to the key"):
        outside.sign(b"data", "sha256")


def test_signed_attributes_are_signed(officer: SigningKey, attributes: bytes) -> None:
    outside = KeyOutside.of(officer).asking(lambda data, name: sign_for(officer, data, name))
    assert outside.sign(attributes, "sha256") == officer.sign(attributes, "sha256")


def changed(attributes: bytes, without: str) -> bytes:
    held = cms.CMSAttributes.load(attributes)
    return bytes(cms.CMSAttributes([one for one in held if one["type"].native != without]).dump())


def test_nothing_else_is_signed(officer: SigningKey, attributes: bytes) -> None:
    stranger = make_key(make_root(), number=3)
    wrong = {
        "a receipt": b'{"kind":"once_only_answer"}',
        "nothing": b"",
        "something behind it": attributes + b"\0",
        "no digest": changed(attributes, "message_digest"),
        "no certificate": changed(attributes, "signing_certificate_v2"),
        "no kind": changed(attributes, "content_type"),
    }
    for name, data in wrong.items():
        with pytest.raises(IntegrityFailure) as caught:
            sign_for(officer, data, "sha256")
        assert caught.value.error_code == "not_a_signature_of_a_file", name
    with pytest.raises(IntegrityFailure):
        sign_for(replace(officer, certificate=stranger.certificate), attributes, "sha256")


def test_a_reader_gets_one_signature_and_no_foolish_answers(
    officer: SigningKey, attributes: bytes
) -> None:
    answers = _Answers(officer)
    assert answers(("sign", attributes, "sha256"))
    foolish: list[Any] = [("sign", attributes, "sha256"), ("key",), None, ("fetch", 1, {}, b"")]
    for question in foolish:
        with pytest.raises(IntegrityFailure) as caught:
            answers(question)
        assert caught.value.error_code == "reader_not_sound"
    assert answers(("fetch", "file:///etc/passwd", {}, b""))[0] == "trouble"
