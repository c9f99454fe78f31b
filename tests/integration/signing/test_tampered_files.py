"""Every tampered file gets a verdict with its reasons; what others let pass is caught."""

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest

from signing.certify import CertifyOrder, certify
from signing.validation import REMARKS, verify_file
from tests.integration.signing.tampering_more import CHANGED, WEAKENED
from tests.integration.signing.tsa import authority_at_work
from tests.unit.signing.office import make_key, make_root
from tests.unit.signing.tampering import REJECTED, REMARKED
from vocabulary.papers import SignatureRecord
from vocabulary.reasons import REASONS

ALL = {**CHANGED, **REJECTED, **{name: change for name, (change, _) in REMARKED.items()}}


@dataclass
class Original:
    """A scan with both signatures at the highest level."""

    path: Path
    root: Path

    def judged(self, data: bytes, folder: Path) -> tuple[SignatureRecord, ...]:
        (folder / "t.pdf").write_bytes(data)
        report = verify_file(folder / "t.pdf", [self.root])
        if report.state == "stopped":
            assert report.reason in REASONS
            return ()
        return report.signatures


@pytest.fixture(scope="module")
def original(
    composed: Path, order: CertifyOrder, tmp_path_factory: pytest.TempPathFactory
) -> Original:
    folder = tmp_path_factory.mktemp("tampered")
    with authority_at_work(make_root()) as tsa:
        root = tsa.root.pem(folder)
        keys = [make_key(tsa.root, number=number, crl=tsa.crl_url) for number in (1, 2)]
        long_term = replace(
            order, officer=keys[0], organisation=keys[1], level="B-LTA", tsa_url=tsa.url,
            anchors=(root,),
        )  # fmt: skip
        certify(composed, folder / "original.pdf", long_term)
    return Original(folder / "original.pdf", root)


def test_there_are_enough_of_them() -> None:
    assert len(ALL) + len(WEAKENED) >= 40


def test_the_file_itself_is_valid(original: Original, tmp_path: Path) -> None:
    records = original.judged(original.path.read_bytes(), tmp_path)
    assert [(one.level, one.verdict) for one in records] == [("B-LTA", "valid")] * 2


@pytest.mark.parametrize("name", ALL)
def test_none_is_valid_without_a_remark(original: Original, tmp_path: Path, name: str) -> None:
    data = original.path.read_bytes()
    changed = ALL[name](data)
    assert changed != data
    records = original.judged(changed, tmp_path)
    whole = len(records) == 2 and all(one.verdict == "valid" for one in records)
    assert not whole, records
    for record in records:
        assert set(record.remarks) <= set(REMARKS)
        reasons = record.remarks or record.integrity != "intact" or record.covers == "unclear"
        assert record.verdict == "valid" or reasons, record


@pytest.mark.parametrize("name", CHANGED)
def test_changed_files_are_invalid(original: Original, tmp_path: Path, name: str) -> None:
    records = original.judged(CHANGED[name](original.path.read_bytes()), tmp_path)
    verdicts = {one.verdict for one in records}
    if name == "metadata_exchanged":  # the paper's pages are what they were
        assert [one.remarks for one in records] == [("metadata_changed",)] * 2
        assert verdicts == {"valid_with_remarks"}
    elif len(records) == 2:
        assert verdicts & {"invalid", "undecided"}, records


@pytest.mark.parametrize("name", WEAKENED)
def test_a_weaker_file_is_told_by_count_level_and_hash(
    original: Original, tmp_path: Path, name: str
) -> None:
    """An earlier revision is a file that once was right: what was taken in says what it is not."""
    data = original.path.read_bytes()
    records = original.judged(WEAKENED[name](data), tmp_path)
    assert [one.level for one in records] != ["B-LTA", "B-LTA"] or any(
        one.verdict != "valid" for one in records
    )
    assert sha256((tmp_path / "t.pdf").read_bytes()).digest() != sha256(data).digest()
