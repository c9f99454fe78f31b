"""Receipts hold offline, and no byte of them can be changed."""

import base64
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signing.authority import TestAuthority
from signing.keys import SigningKey
from signing.receipts import canonical, make_receipt, verify_receipt
from tests.unit.signing.office import make_key, make_root
from vocabulary.errors import InvalidRequest

CLAIMS = {
    "receipt": "6f1c",
    "purpose": "Cấp giấy phép tiến hành công việc bức xạ",
    "documents": [{"sha256": "ab" * 32, "pages": 3}],
    "delivered": True,
    "until": None,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
relaxed = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def receipt(organisation: SigningKey) -> dict[str, Any]:
    return make_receipt(CLAIMS, organisation)


def test_a_receipt_holds(receipt: dict[str, Any], authority: TestAuthority) -> None:
    verdict = verify_receipt(json.loads(json.dumps(receipt)), [authority.root_pem])
    assert verdict.valid
    assert verdict.reasons == ()
    assert verdict.claims == CLAIMS
    assert verdict.signer.startswith("Sở Khoa học và Công nghệ")
    assert verdict.test_authority


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_real_keys(tmp_path: Path, kind: str) -> None:
    root = make_root()
    made = make_receipt(CLAIMS, make_key(root, kind=kind))
    verdict = verify_receipt(made, [root.pem(tmp_path)])
    assert verdict.valid
    assert not verdict.test_authority


def test_anybody_can_check_it_by_the_standards_alone(receipt: dict[str, Any]) -> None:
    """RFC 7515 with detached payload, RFC 8785, X.509: nothing of ours."""

    def decode(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    payload = json.dumps(
        receipt["claims"], ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )
    signed = f"{receipt['protected']}.{base64.urlsafe_b64encode(payload.encode()).decode()}"
    header = json.loads(decode(receipt["protected"]))
    certificate = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0]))
    assert header["alg"] == "RS256"
    certificate.public_key().verify(  # type: ignore[union-attr, call-arg]
        decode(receipt["signature"]),
        signed.rstrip("=").encode(),
        padding.PKCS1v15(),  # type: ignore[arg-type]
        hashes.SHA256(),  # type: ignore[arg-type]
    )


def test_without_the_root_it_is_not_valid(receipt: dict[str, Any]) -> None:
    verdict = verify_receipt(receipt, [])
    assert not verdict.valid
    assert verdict.reasons == ("no_trust_anchor",)


def test_a_strangers_receipt_is_not_valid(authority: TestAuthority) -> None:
    verdict = verify_receipt(make_receipt(CLAIMS, make_key(make_root())), [authority.root_pem])
    assert not verdict.valid


@relaxed
@given(data=st.data())
def test_no_byte_can_be_changed(
    receipt: dict[str, Any], authority: TestAuthority, data: st.DataObject
) -> None:
    text = json.dumps(receipt, ensure_ascii=False, separators=(",", ":"))
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(codec="utf-8"))
    changed = text[:at] + letter + text[at + 1 :]
    try:
        parsed = json.loads(changed)
    except ValueError:
        return  # not even JSON any more
    if parsed == receipt and str(parsed) == str(receipt):
        return
    verdict = verify_receipt(parsed, [authority.root_pem])
    assert not verdict.valid
    assert verdict.claims == {} or verdict.claims == CLAIMS


def test_the_last_letter_of_the_signature_counts(
    receipt: dict[str, Any], authority: TestAuthority
) -> None:
    """Its unused bits are no room for a second form of the same signature."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    signature = receipt["signature"]
    for letter in alphabet:
        if letter != signature[-1]:
            changed = {**receipt, "signature": signature[:-1] + letter}
            assert not verify_receipt(changed, [authority.root_pem]).valid


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.pop("signature"),
        lambda r: r.update(extra=1),
        lambda r: r.update(claims=[1.5]),
        lambda r: r.update(protected="e30"),
        lambda r: r.update(protected=None, signature=None),
        lambda r: r.update(signature=""),
    ],
)
def test_what_is_no_receipt_is_said_so(
    receipt: dict[str, Any], authority: TestAuthority, change: Any
) -> None:
    broken = deepcopy(receipt)
    change(broken)
    assert not verify_receipt(broken, [authority.root_pem]).valid


def test_no_other_algorithm_is_accepted(receipt: dict[str, Any], authority: TestAuthority) -> None:
    def decode(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    header = json.loads(decode(receipt["protected"]))
    for name in ("none", "HS256", "PS256", "ES256"):
        protected = base64.urlsafe_b64encode(canonical({**header, "alg": name})).rstrip(b"=")
        forged = {**receipt, "protected": protected.decode(), "signature": ""}
        assert not verify_receipt(forged, [authority.root_pem]).valid


@given(value=JSON)
def test_the_canonical_form_is_one(value: Any) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


def test_the_canonical_form_is_that_of_rfc_8785() -> None:
    """Sorting by UTF-16 code units and escapes as in its section 3.2.3."""
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\xf6": 7}
    assert list(json.loads(canonical(value))) == [
        "\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33",
    ]  # fmt: skip
    assert canonical('\u20ac$\x0f\nA\'B"\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\"/"'.encode()


@pytest.mark.parametrize("value", [1.5, 2**53, {1: 2}, {"a": b"x"}, "\ud800", float("nan")])
def test_values_without_a_canonical_form_are_refused(value: Any, organisation: SigningKey) -> None:
    with pytest.raises(InvalidRequest) as caught:
        make_receipt({"v": value}, organisation)
    assert caught.value.error_code == "receipt_claims"
