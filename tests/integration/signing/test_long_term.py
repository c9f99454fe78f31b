"""What is signed in 2026 is judged in 2028, 2030 and 2034, and in 2037 after a renewal."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from signing.certify import CertifyOrder, certify
from signing.renewal import lasting, lengthen, renew
from signing.revocation import Revocation
from signing.sign import Strength, sign_file
from signing.validation import VerifyReport, verify_file
from tests.integration.signing.tsa import authority_at_work
from tests.judges.fixtures import Dss, VeraPdf
from tests.unit.signing.office import NOW, Root, blank_pdf, make_key, make_root
from vocabulary.errors import Conflict, MissingPart, UsageError


def after(years: float) -> datetime:
    """So many years after the signatures, to the second as certificates have it."""
    return (NOW + timedelta(days=365 * years)).replace(microsecond=0)


SIGNERS_END, RENEWED, FIRST_TSA_ENDS = after(3), after(7.5), after(9)
SECOND_TSA_ENDS, ROOT_ENDS = after(23), after(34)
YEARS = [NOW + timedelta(days=1), after(2), after(4), after(7.2)]
"""Of a paper of 2026: 2026, 2028, 2030, 2034."""
LATE = after(11)
"""2037: the first authority has ended, the second holds."""


@dataclass
class Case:
    """A paper with both signatures of 2026, and what its renewal of 2034 has made of it."""

    root: Root
    pem: Path
    signed: Path
    renewed: Path

    def judged(self, path: Path, at: datetime) -> VerifyReport:
        return verify_file(path, [self.pem], at)


@pytest.fixture(scope="module")
def case(
    tmp_path_factory: pytest.TempPathFactory, order: CertifyOrder, composed: Path
) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("long")
    root = make_root("Gốc sống lâu", end=ROOT_ENDS)
    pem = root.pem(folder)
    with authority_at_work(root, end=FIRST_TSA_ENDS) as first:
        signers = [
            make_key(root, name, number=number, crl=first.crl_url, end=SIGNERS_END)
            for number, name in ((1, "Lê Thị Một Cửa"), (2, "Sở Thử"))
        ]
        certify(
            composed, folder / "2026.pdf",
            replace(order, officer=signers[0], organisation=signers[1], level="B-LTA",
                    tsa_url=first.url, anchors=(pem,)),
        )  # fmt: skip
        lists = folder / "lists"
        lists.mkdir()
        (lists / "root.crl").write_bytes(first.crl(RENEWED - timedelta(days=1)))
    with authority_at_work(root, at=RENEWED, end=SECOND_TSA_ENDS) as second:
        strength = Strength("B-LTA", second.url, (pem,), Revocation(lists, online=False))
        renew(folder / "2026.pdf", folder / "2034.pdf", strength, RENEWED)
    # from here on nobody can be asked: both authorities are gone
    return Case(root, pem, folder / "2026.pdf", folder / "2034.pdf")


@pytest.mark.parametrize("at", YEARS, ids=["2026", "2028", "2030", "2034"])
def test_two_signers_are_valid_offline_in_each_year(case: Case, at: datetime) -> None:
    report = case.judged(case.signed, at)
    assert [one.level for one in report.signatures] == ["B-LTA", "B-LTA"]
    assert [one.verdict for one in report.signatures] == ["valid", "valid"], report


def test_without_a_renewal_the_proof_ends_with_the_authority(case: Case) -> None:
    report = case.judged(case.signed, LATE)
    assert [one.verdict for one in report.signatures] == ["undecided", "undecided"]
    assert all("certificate_expired" in one.remarks for one in report.signatures)


def test_after_a_renewal_it_is_valid_in_2037(case: Case) -> None:
    report = case.judged(case.renewed, LATE)
    assert [one.verdict for one in report.signatures] == ["valid", "valid"], report
    assert [one.signed_at for one in report.signatures] == [
        one.signed_at for one in case.judged(case.signed, NOW).signatures
    ]


def test_a_renewal_appends_and_changes_nothing(case: Case) -> None:
    before = case.signed.read_bytes()
    assert case.renewed.read_bytes().startswith(before)


def test_how_long_each_lasts_is_known_from_the_file(case: Case) -> None:
    first, second = lasting(case.signed), lasting(case.renewed)
    assert first is not None
    assert second is not None
    assert (first.until, first.because) == (FIRST_TSA_ENDS, "archive_timestamp")
    assert (second.until, second.because) == (SECOND_TSA_ENDS, "archive_timestamp")


def test_both_judges_agree(case: Case, dss: Dss, verapdf: VeraPdf) -> None:
    for verdict in verapdf([case.signed, case.renewed]):
        assert verdict.passed, verdict
    for path, years in ((case.signed, YEARS), (case.renewed, [LATE])):
        for at in years:
            (told,) = dss([path], trust=[case.pem], at=at)
            assert [one.indication for one in told.signatures] == ["TOTAL_PASSED"] * 2, (path, at)


def test_each_level_lasts_as_long_as_what_vouches_for_it(tmp_path: Path) -> None:
    root = make_root("Gốc sống lâu", end=ROOT_ENDS)
    blank_pdf(tmp_path / "in.pdf")
    assert lasting(tmp_path / "in.pdf") is None
    with authority_at_work(root, end=FIRST_TSA_ENDS) as tsa:
        key = make_key(root, crl=tsa.crl_url, end=SIGNERS_END)
        sign_file(tmp_path / "in.pdf", tmp_path / "b.pdf", key, "officer")
        sign_file(tmp_path / "in.pdf", tmp_path / "t.pdf", key, "officer", "B-T", tsa.url)
        plain, timed = lasting(tmp_path / "b.pdf"), lasting(tmp_path / "t.pdf")
        assert plain is not None
        assert timed is not None
        assert (plain.until, plain.because) == (SIGNERS_END, "certificate")
        assert (timed.until, timed.because) == (FIRST_TSA_ENDS, "timestamp")
        pem = root.pem(tmp_path)
        for level in ("B-LT", "B-LTA"):
            strength = Strength(level, tsa.url, (pem,))
            lengthen(tmp_path / "t.pdf", tmp_path / f"{level}.pdf", strength)
            (record,) = verify_file(tmp_path / f"{level}.pdf", [pem]).signatures
            assert (record.level, record.verdict) == (level, "valid")
        renew(tmp_path / "t.pdf", tmp_path / "first.pdf", Strength("B-LTA", tsa.url, (pem,)))
        (record,) = verify_file(tmp_path / "first.pdf", [pem]).signatures
        assert record.level == "B-LTA"


def test_what_cannot_be_prolonged_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    root, stranger = make_root(), make_root("Gốc khác", number=101)
    blank_pdf(tmp_path / "in.pdf")
    with authority_at_work(root) as tsa:
        key = make_key(root, crl=tsa.crl_url)
        sign_file(tmp_path / "in.pdf", tmp_path / "t.pdf", key, "officer", "B-T", tsa.url)
        there = Strength("B-LTA", tsa.url, (root.pem(tmp_path),))
        with pytest.raises(Conflict) as unsigned:
            renew(tmp_path / "in.pdf", tmp_path / "no.pdf", there)
        with pytest.raises(MissingPart) as unproved:
            renew(tmp_path / "t.pdf", tmp_path / "no.pdf",
                  replace(there, anchors=(stranger.pem(tmp_path),)))  # fmt: skip
        with pytest.raises(UsageError):
            renew(tmp_path / "t.pdf", tmp_path / "no.pdf", replace(there, level="B-LT"))
    silent = replace(there, revocation=Revocation(None, online=False))
    with pytest.raises(MissingPart) as silence:
        renew(tmp_path / "t.pdf", tmp_path / "no.pdf", silent)
    assert unsigned.value.error_code == "unsigned"
    assert unproved.value.error_code == "evidence_missing"
    assert silence.value.error_code in ("tsa_unreachable", "evidence_missing")
    assert not (tmp_path / "no.pdf").exists()
