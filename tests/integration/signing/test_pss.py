"""RSASSA-PSS from a remote service and from the officer's program, before EU DSS and veraPDF."""

from pathlib import Path

import pytest

from signing.awaited import AwaitedSigner
from signing.deferred import Prepared, complete, complete_with_cms, hand_out
from signing.keys import SigningKey
from signing.remote import Release, RemotePlace, find_key
from signing.renewal import lengthen
from signing.sign import Placed, Strength, make_fields, new_version, open_for_signing
from signing.validation import verify_file
from tests.integration.signing.signing_service import PIN, PSS, TOKEN, service_at_work
from tests.integration.signing.tsa import authority_at_work
from tests.judges.fixtures import Dss, VeraPdf
from tests.unit.signing import pss
from tests.unit.signing.office import NOW, make_key, make_root
from tests.unit.signing.test_deferred import own_cms
from vocabulary.errors import InvalidRequest


def draft_of(composed: Path, out: Path, who: AwaitedSigner) -> Prepared:
    with new_version(composed, out) as stream, open_for_signing(stream) as writer:
        styles = make_fields(writer, {"CanBo": (("Trần Thị Ký",), "left")})
        return hand_out(writer, who, Placed("CanBo", styles["CanBo"], NOW))


def key_named(key: SigningKey, algorithms: list[str]) -> bool:
    with service_at_work(khoa=key) as service:
        service.algorithms = algorithms
        return find_key(RemotePlace(service.address, "khoa", TOKEN)).pss


def test_the_service_says_how_its_key_signs() -> None:
    rsa_key, curve = make_key(make_root()), make_key(make_root(), kind="ec")
    assert not key_named(rsa_key, [])
    assert not key_named(rsa_key, [PSS, "1.2.840.113549.1.1.11"])
    assert not key_named(rsa_key, ["1.2.840.113549.1.1.1"])
    assert key_named(rsa_key, [PSS])
    assert not key_named(curve, ["1.2.840.10045.2.1"])
    for key, algorithms in ((rsa_key, ["1.2.840.113549.1.1.5"]), (curve, [PSS])):
        with pytest.raises(InvalidRequest) as caught:
            key_named(key, algorithms)
        assert caught.value.error_code == "key_algorithm_unsupported"


@pytest.mark.parametrize("size", [2048, 3072])
@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
@pytest.mark.parametrize("by", ["remote service", "own program"])
def test_dss_calls_it_pades(
    composed: Path, tmp_path: Path, by: str, level: str, size: int, dss: Dss, verapdf: VeraPdf
) -> None:
    with authority_at_work(make_root()) as tsa:
        root = tsa.root.pem(tmp_path)
        key = make_key(tsa.root, number=30 + size, size=size, crl=tsa.crl_url)
        who = AwaitedSigner(key.certificate, tuple(key.chain))
        draft, signed, out = (tmp_path / f"{name}.pdf" for name in ("draft", "signed", "out"))
        prepared = draft_of(composed, draft, who)
        url = None if level == "B-B" else tsa.url
        if by == "remote service":
            with service_at_work(khoa=key) as service:
                service.algorithms = [PSS]
                remote = find_key(RemotePlace(service.address, "khoa", TOKEN))
                (raw,) = remote.sign_digests([prepared.to_sign], Release(PIN))
            complete(draft, signed, prepared, raw, url)
        else:
            content = own_cms(
                key, prepared.digest, algorithm=pss.algorithm(pss.parameters()),
                sign=pss.signing(key),
            )  # fmt: skip
            complete_with_cms(draft, signed, prepared, content, url)
        if level in ("B-LT", "B-LTA"):
            lengthen(signed, out, Strength(level, tsa.url, (root,)))  # type: ignore[arg-type]
        else:
            signed.rename(out)
    (told,) = dss([out], trust=[root], no_revocation=level in ("B-B", "B-T"))
    (one,) = told.signatures
    assert (one.indication, one.intact, one.trusted) == ("TOTAL_PASSED", True, True), one.facts
    assert one.level == f"PAdES-BASELINE-{level.removeprefix('B-')}", one.facts
    (pdfa,) = verapdf([out])
    assert pdfa.passed, pdfa
    (ours,) = verify_file(out, [root]).signatures
    assert (ours.integrity, ours.trust, ours.level) == ("intact", "trusted", level)
    assert set(ours.remarks) <= {"revocation_not_checked"}
