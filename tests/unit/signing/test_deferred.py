"""A signature made elsewhere is set into its place, and nothing else ever is."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import algos, cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute

from signing.awaited import AwaitedSigner
from signing.deferred import Prepared, complete, complete_with_cms, hand_out
from signing.keys import Signer, SigningKey
from signing.sign import Placed, make_fields, new_version, open_for_signing
from signing.validation import verify_file
from tests.unit.signing.office import NOW, blank_pdf, make_key, make_root
from vocabulary.errors import InvalidRequest

Kind = Callable[[], SigningKey]
KINDS = ("rsa", "ec")


def prepare(folder: Path, key: Signer) -> tuple[Path, Prepared]:
    """A draft that waits for this key's signature; only its certificate is used."""
    draft = folder / "draft.pdf"
    who = AwaitedSigner(key.certificate, tuple(key.chain))
    with (
        new_version(blank_pdf(folder / "in.pdf"), draft) as stream,
        open_for_signing(stream) as writer,
    ):
        styles = make_fields(writer, {"CanBo": (("Trần Thị Ký",), "left")})
        prepared = hand_out(writer, who, Placed("CanBo", styles["CanBo"], NOW))
    return draft, prepared


def kept(prepared: Prepared) -> Prepared:
    """As it comes back from the catalogue."""
    return Prepared.from_json(json.loads(json.dumps(prepared.to_json())))


def own_cms(
    key: SigningKey,
    digest: bytes,
    *,
    pades: bool = True,
    algorithm: algos.SignedDigestAlgorithm | None = None,
    sign: Callable[[bytes], bytes] | None = None,
    digest_algorithm: str = "sha256",
) -> bytes:
    """The CMS that a program at the officer's computer makes by itself."""
    certificate = asn1_x509.Certificate.load(key.certificate.public_bytes(Encoding.DER))
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
            *(
                [
                    simple_cms_attribute(
                        "signing_certificate_v2", as_signing_certificate_v2(certificate)
                    )
                ]
                if pades
                else []
            ),
        ]
    )
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                cms.IssuerAndSerialNumber(
                    {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                ),
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": digest_algorithm}),
            "signed_attrs": attributes,
            "signature_algorithm": algorithm
            or algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            "signature": (sign or (lambda data: key.sign(data, "sha256")))(attributes.dump()),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [signer["digest_algorithm"]],
            "encap_content_info": {"content_type": "data"},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_of_a_key_elsewhere_makes_a_valid_signature(tmp_path: Path, kind: str) -> None:
    root = make_root()
    key = make_key(root, kind=kind)
    draft, prepared = prepare(tmp_path, key)
    complete(draft, tmp_path / "out.pdf", kept(prepared), key.sign(prepared.attributes, "sha256"))
    (record,) = verify_file(tmp_path / "out.pdf", [root.pem(tmp_path)]).signatures
    assert (record.integrity, record.trust, record.level) == ("intact", "trusted", "B-B")
    source = (tmp_path / "in.pdf").read_bytes()
    assert (tmp_path / "out.pdf").read_bytes().startswith(source)


def test_a_whole_cms_of_the_officers_program_is_taken(tmp_path: Path) -> None:
    root = make_root()
    key = make_key(root)
    draft, prepared = prepare(tmp_path, key)
    complete_with_cms(draft, tmp_path / "out.pdf", prepared, own_cms(key, prepared.digest))
    (record,) = verify_file(tmp_path / "out.pdf", [root.pem(tmp_path)]).signatures
    assert (record.integrity, record.trust, record.level) == ("intact", "trusted", "B-B")


def test_a_cms_that_does_not_name_its_certificate_is_no_pades(tmp_path: Path) -> None:
    key = make_key(make_root())
    draft, prepared = prepare(tmp_path, key)
    with pytest.raises(InvalidRequest) as caught:
        complete_with_cms(
            draft, tmp_path / "out.pdf", prepared, own_cms(key, prepared.digest, pades=False)
        )
    assert caught.value.error_code == "signature_not_pades"
    assert not (tmp_path / "out.pdf").exists()


def test_answers_that_do_not_fit_change_nothing(tmp_path: Path) -> None:
    key, other = make_key(make_root()), make_key(make_root(), number=7)
    draft, prepared = prepare(tmp_path, key)
    out = tmp_path / "out.pdf"
    wrong: dict[str, Callable[[], None]] = {
        "another key": lambda: complete(
            draft, out, prepared, other.sign(prepared.attributes, "sha256")
        ),
        "another paper": lambda: complete(draft, out, prepared, key.sign(b"khac", "sha256")),
        "no signature": lambda: complete(draft, out, prepared, b""),
        "CMS of another key": lambda: complete_with_cms(
            draft, out, prepared, own_cms(other, prepared.digest)
        ),
        "CMS of another paper": lambda: complete_with_cms(
            draft, out, prepared, own_cms(key, bytes(32))
        ),
        "not a CMS": lambda: complete_with_cms(draft, out, prepared, b"%PDF"),
    }
    for name, attempt in wrong.items():
        with pytest.raises(InvalidRequest) as caught:
            attempt()
        assert caught.value.error_code == "signature_mismatch", name
        assert not out.exists(), name


def test_a_draft_that_was_changed_meanwhile_takes_no_signature(tmp_path: Path) -> None:
    key = make_key(make_root())
    draft, prepared = prepare(tmp_path, key)
    data = bytearray(draft.read_bytes())
    data[data.index(b"/MediaBox") + 1] ^= 1
    draft.write_bytes(data)
    with pytest.raises(InvalidRequest) as caught:
        complete(draft, tmp_path / "out.pdf", prepared, key.sign(prepared.attributes, "sha256"))
    assert caught.value.error_code == "draft_changed"
    assert not (tmp_path / "out.pdf").exists()


def test_a_signature_too_long_for_its_place_is_refused(tmp_path: Path) -> None:
    key = make_key(make_root())
    draft, prepared = prepare(tmp_path, key)
    start, _ = prepared.place
    narrow = replace(prepared, place=(start, start + 64))
    with pytest.raises(InvalidRequest) as caught:
        complete(draft, tmp_path / "out.pdf", narrow, key.sign(prepared.attributes, "sha256"))
    assert caught.value.error_code == "signature_too_long"
