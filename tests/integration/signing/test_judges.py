"""Two judges that share no code with us: veraPDF on PDF/A, EU DSS on the signatures."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from signing.authority import TestAuthority
from signing.certify import CertifyOrder, certify
from signing.keys import SigningKey
from signing.seal_image import SealImage
from signing.sign import sign_file
from signing.validation import verify_file
from tests.integration.pdfa.papers import paper
from tests.integration.signing.tsa import authority_at_work
from tests.judges.fixtures import Dss, VeraPdf
from tests.unit.signing.office import make_key, make_root
from tests.unit.signing.tampering import REJECTED
from tests.unit.signing.test_seal_image import seal
from vocabulary.papers import Box


@pytest.fixture(scope="module")
def signed_scan(composed: Path, order: CertifyOrder) -> Path:
    words = tuple(Box(*word.box) for word in paper().reading.words)
    certify(composed, composed.with_name("certified.pdf"), replace(order, avoid=words))
    return composed.with_name("certified.pdf")


def test_a_certified_scan_is_pdfa_2b(composed: Path, signed_scan: Path, verapdf: VeraPdf) -> None:
    before, after = verapdf([composed, signed_scan])
    assert before.passed, before
    assert after.passed, after


def test_both_signatures_pass_in_dss(signed_scan: Path, authority: TestAuthority, dss: Dss) -> None:
    (verdict,) = dss([signed_scan], trust=[authority.root_pem], no_revocation=True)
    assert [signature.field for signature in verdict.signatures] == ["CanBo", "CoQuan"]
    for signature in verdict.signatures:
        assert signature.indication == "TOTAL_PASSED", signature.facts
        assert signature.level == "PAdES-BASELINE-B"
        assert signature.trusted
    assert verdict.ok, verdict


def test_long_term_levels_pass_in_both(
    composed: Path, tmp_path: Path, order: CertifyOrder, verapdf: VeraPdf, dss: Dss
) -> None:
    with authority_at_work(make_root()) as tsa:
        root = tsa.root.pem(tmp_path)
        keys = [make_key(tsa.root, number=n, crl=tsa.crl_url) for n in (1, 2)]
        long_term = replace(
            order, officer=keys[0], organisation=keys[1], level="B-LTA", tsa_url=tsa.url,
            anchors=(root,),
        )  # fmt: skip
        certify(composed, tmp_path / "lta.pdf", long_term)
    (pdfa,) = verapdf([tmp_path / "lta.pdf"])
    assert pdfa.passed, pdfa
    (verdict,) = dss([tmp_path / "lta.pdf"], trust=[root])
    assert [signature.indication for signature in verdict.signatures] == ["TOTAL_PASSED"] * 2
    ours = verify_file(tmp_path / "lta.pdf", [root]).signatures
    assert [record.verdict for record in ours] == ["valid", "valid"]


def test_single_signatures_keep_pdfa(
    composed: Path,
    tmp_path: Path,
    officer: SigningKey,
    organisation: SigningKey,
    verapdf: VeraPdf,
) -> None:
    sign_file(composed, tmp_path / "1.pdf", officer, "officer")
    sign_file(tmp_path / "1.pdf", tmp_path / "2.pdf", organisation, "organisation")
    for verdict in verapdf([tmp_path / "1.pdf", tmp_path / "2.pdf"]):
        assert verdict.passed, verdict


def test_a_sealed_original_keeps_pdfa(
    composed: Path, tmp_path: Path, organisation: SigningKey, authority: TestAuthority,
    verapdf: VeraPdf, dss: Dss,
) -> None:  # fmt: skip
    image = SealImage(seal(tmp_path / "dau.png"), 36, 1, 120, 200)
    sign_file(composed, tmp_path / "out.pdf", organisation, "organisation", seal=image)
    (pdfa,) = verapdf([tmp_path / "out.pdf"])
    assert pdfa.passed, pdfa
    (told,) = dss([tmp_path / "out.pdf"], trust=[authority.root_pem], no_revocation=True)
    assert told.ok, told


@pytest.mark.parametrize("name", ["flip_in_page", "page_painted_over", "note_laid_over"])
def test_what_dss_may_pass_we_reject(
    signed_scan: Path, authority: TestAuthority, tmp_path: Path, dss: Dss, name: str
) -> None:
    change: Callable[[bytes], bytes] = REJECTED[name]
    (tmp_path / "t.pdf").write_bytes(change(signed_scan.read_bytes()))
    assert verify_file(tmp_path / "t.pdf", [authority.root_pem]).verdict == "invalid"
    (verdict,) = dss([tmp_path / "t.pdf"], trust=[authority.root_pem], no_revocation=True)
    assert not verdict.ok
