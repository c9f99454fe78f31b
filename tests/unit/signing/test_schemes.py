"""RSASSA-PSS at signatures that are made elsewhere: sound ones are taken, others named."""

from pathlib import Path
from typing import Any

import pytest

from signing.deferred import check_cms, cms_of, complete, complete_with_cms
from signing.keys import SigningKey
from signing.receipts import make_receipt, verify_receipt
from signing.schemes import recognised
from signing.validation import verify_file
from tests.unit.signing import pss
from tests.unit.signing.office import make_key, make_root
from tests.unit.signing.test_deferred import own_cms, prepare
from vocabulary.errors import InvalidRequest

LONGEST = 2048 // 8 - 32 - 2


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return make_key(make_root())


@pytest.mark.parametrize("salt", [32, 48, LONGEST])
def test_a_cms_by_pss_is_taken_and_valid(tmp_path: Path, key: SigningKey, salt: int) -> None:
    draft, prepared = prepare(tmp_path, key)
    content = own_cms(
        key, prepared.digest, algorithm=pss.algorithm(pss.parameters(salt=salt)),
        sign=pss.signing(key, salt=salt),
    )  # fmt: skip
    complete_with_cms(draft, tmp_path / "out.pdf", prepared, content)
    (record,) = verify_file(tmp_path / "out.pdf", [make_root().pem(tmp_path)]).signatures
    assert (record.integrity, record.level, record.verdict) == ("intact", "B-B", "valid")
    assert record.remarks == ()


@pytest.mark.parametrize("salt", [32, LONGEST])
def test_a_raw_signature_by_pss_says_so_in_its_cms(
    tmp_path: Path, key: SigningKey, salt: int
) -> None:
    draft, prepared = prepare(tmp_path, key)
    raw = pss.signing(key, salt=salt)(prepared.attributes)
    complete(draft, tmp_path / "out.pdf", prepared, raw)
    (record,) = verify_file(tmp_path / "out.pdf", [make_root().pem(tmp_path)]).signatures
    assert (record.integrity, record.level, record.verdict) == ("intact", "B-B", "valid")


def test_a_raw_signature_with_a_short_salt_does_not_fit(tmp_path: Path, key: SigningKey) -> None:
    _, prepared = prepare(tmp_path, key)
    for salt in (0, 20, 31):
        raw = pss.signing(key, salt=salt)(prepared.attributes)
        assert recognised(key.certificate, prepared.attributes, raw) is None
        with pytest.raises(InvalidRequest) as caught:
            cms_of(prepared, raw)
        assert caught.value.error_code == "signature_mismatch"


UNSOUND: dict[str, tuple[Any, dict[str, Any], str]] = {
    "a salt of 20": (pss.parameters(salt=20), {"salt": 20}, "rsassa_pss"),
    "no salt": (pss.parameters(salt=0), {"salt": 0}, "rsassa_pss"),
    "MGF1 with SHA-1": (pss.parameters(mask="sha1"), {"mask": "sha1"}, "rsassa_pss"),
    "MGF1 with SHA-384": (pss.parameters(mask="sha384"), {"mask": "sha384"}, "rsassa_pss"),
    "SHA-1": (pss.parameters("sha1", "sha1"), {"digest": "sha1", "mask": "sha1"}, "rsassa_pss"),
    "SHA-384, the CMS SHA-256": (
        pss.parameters("sha384", "sha384", 48),
        {"digest": "sha384", "mask": "sha384", "salt": 48}, "rsassa_pss",
    ),
    "a trailer of its own": (pss.parameters(trailer=2), {}, "rsassa_pss"),
    "no parameters": (None, {}, "rsassa_pss"),
    "NULL": (pss.NULL, {}, "rsassa_pss"),
    "a DigestAlgorithm in their place": (
        pss.parameters()["hash_algorithm"], {}, "rsassa_pss",
    ),
    "the name rsaEncryption": (pss.parameters(), {}, "rsassa_pkcs1v15"),
    "the name sha256WithRSAEncryption": (pss.parameters(), {}, "sha256_rsa"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSOUND)
def test_unsound_parameters_are_refused_by_name(tmp_path: Path, key: SigningKey, name: str) -> None:
    given, made, called = UNSOUND[name]
    draft, prepared = prepare(tmp_path, key)
    content = own_cms(
        key, prepared.digest, algorithm=pss.algorithm(given, called), sign=pss.signing(key, **made)
    )
    with pytest.raises(InvalidRequest) as caught:
        complete_with_cms(draft, tmp_path / "out.pdf", prepared, content)
    assert caught.value.error_code == "signature_parameters_unsound"
    assert not (tmp_path / "out.pdf").exists()


def test_parameters_that_do_not_speak_of_the_signature_do_not_fit(
    tmp_path: Path, key: SigningKey
) -> None:
    _, prepared = prepare(tmp_path, key)
    sound = pss.algorithm(pss.parameters())
    for sign in (pss.signing(key, salt=48), pss.signing(key, mask="sha384"), None):
        with pytest.raises(InvalidRequest) as caught:
            check_cms(prepared, own_cms(key, prepared.digest, algorithm=sound, sign=sign))
        assert caught.value.error_code == "signature_mismatch"


@pytest.mark.parametrize("name", ["sha1_rsa", "sha384_rsa", "sha256_ecdsa", "md5_rsa", "ed25519"])
def test_other_algorithms_are_named(tmp_path: Path, key: SigningKey, name: str) -> None:
    _, prepared = prepare(tmp_path, key)
    with pytest.raises(InvalidRequest) as caught:
        check_cms(prepared, own_cms(key, prepared.digest, algorithm=pss.algorithm(None, name)))
    assert caught.value.error_code == "signature_algorithm_unsupported"
    with pytest.raises(InvalidRequest) as caught:
        check_cms(prepared, own_cms(key, prepared.digest, digest_algorithm="sha384"))
    assert caught.value.error_code == "signature_algorithm_unsupported"


def test_a_receipt_by_pss_says_so(tmp_path: Path, key: SigningKey) -> None:
    class ByPss:
        certificate, chain, pss = key.certificate, key.chain, True

        def sign(self, data: bytes, digest: str) -> bytes:
            return pss.signing(key, digest)(data)

    receipt = make_receipt({"kind": "once_only_answer"}, ByPss())
    verdict = verify_receipt(receipt, [make_root().pem(tmp_path)])
    assert verdict.valid, verdict
    receipt["claims"]["kind"] = "other"
    assert verify_receipt(receipt, [make_root().pem(tmp_path)]).reasons == ("signature_mismatch",)
