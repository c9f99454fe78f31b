"""109 signatures of real decisions against two other validators, and hostile files.

Runs where ../shared/samples is there (the report header says so).
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from signing.validation import VerifyReport, has_signatures, verify_file
from tests.conftest import SAMPLES
from vocabulary.papers import SignatureRecord
from vocabulary.reasons import REASONS
from vocabulary.text import nfc

DECISIONS = SAMPLES / "decisions"
_LABELS = DECISIONS / "signatures.jsonl"
LABELLED: list[dict[str, Any]] = (
    [json.loads(line) for line in _LABELS.read_text("utf-8").splitlines()]
    if _LABELS.is_file()
    else []
)
HOSTILE = sorted((SAMPLES / "hostile").glob("*.*")) if SAMPLES.is_dir() else []

_COVERS = {"ENTIRE_FILE": "whole_file", "ENTIRE_REVISION": "its_revision"}
_CHANGES = {"NONE": "none", "FORM_FILLING": "form_filling", "OTHER": "other", None: "other"}
_REMARK_OF_CAUSE = {
    "digestinfo-without-NULL": "digestinfo_without_null",
    "rsaEncryption-OID-with-PSS-params": "pss_under_rsa_encryption",
    "junk-prefix-21-bytes": "transport_prefix",
    "later-change-outside-form-filling": "changed_after_signing",
}
_reports: dict[str, VerifyReport] = {}


def report_on(name: str) -> VerifyReport:
    if name not in _reports:
        _reports[name] = verify_file(DECISIONS / "pdf" / name, [])
    return _reports[name]


@pytest.mark.parametrize("label", LABELLED, ids=lambda label: label["file"][:30])
def test_each_labelled_signature_is_judged(label: dict[str, Any]) -> None:
    report = report_on(label["file"])
    found = {record.field: record for record in report.signatures}
    assert len(found) == len(label["signatures"])
    for other in label["signatures"]:
        record = found[other["field"]]
        assert record.signer == nfc(other["signer_cn"])
        assert record.certificate_issuer == nfc(other["issuer_cn"])
        assert record.covers == _COVERS[other["coverage"]]
        assert (record.time_source == "timestamp") == other["has_timestamp_token"]
        assert record.changes_after == _CHANGES[other.get("modification_level")]
        assert ("weak_digest_sha1" in record.remarks) == (other["digest_alg"] == "sha1")
        # EU DSS, too, finds all 109 intact; pyHanko misses 6, pdfsig 15.
        assert record.integrity == "intact"
        cause = _REMARK_OF_CAUSE.get(other["cause"])
        assert cause is None or cause in record.remarks


NAMED = {
    "digestinfo_without_null": ("pyhanko", "pdfsig"),
    "pss_under_rsa_encryption": ("pyhanko",),
    "transport_prefix": ("pdfsig",),  # pyHanko was given the file without the foreign bytes
}
"""Differences that docs/trust.md explains: our remark, and who calls such a signature bad."""
GUIDE = Path(__file__).parents[3] / "docs" / "trust.md"


def each_signature() -> Iterator[tuple[dict[str, Any], SignatureRecord]]:
    for label in LABELLED:
        found = {record.field: record for record in report_on(label["file"]).signatures}
        for other in label["signatures"]:
            yield other, found[other["field"]]


def calls_bad(other: dict[str, Any]) -> tuple[str, ...]:
    """Which of the two validators finds no intact, fitting signature."""
    pyhanko = not (other.get("intact") and other.get("valid_crypto"))
    pdfsig = other["pdfsig"]["validation"] != "Signature is Valid."
    return tuple(
        name for name, bad in (("pyhanko", pyhanko), ("pdfsig", pdfsig)) if bad
    )  # fmt: skip


def test_every_signature_agrees_with_both_validators_or_the_guide_names_why() -> None:
    differing: Counter[str] = Counter()
    judged = 0
    for other, record in each_signature():
        judged += 1
        bad = calls_bad(other)
        differing.update(bad)
        remarks = [name for name in NAMED if name in record.remarks]
        assert bad == (NAMED[remarks[0]] if remarks else ()), (other["field"], record)
        assert len(remarks) <= 1
        assert record.integrity == "intact"
        # Who wants no later change beyond signing sees the same as we do ...
        allowed = other.get("docmdp_ok")
        assert allowed is None or allowed != ("changed_after_signing" in record.remarks)
        # ... and so does who looks at how much of the file is signed.
        whole = other["pdfsig"].get("total_document")  # not told of digests that differ
        assert whole is None or whole == (record.covers == "whole_file") or bad
        # Nobody has the root; one certificate had ended when it signed, which only we say.
        assert not other.get("trusted")
        assert (record.verdict == "invalid") == ("certificate_expired" in record.remarks)
        assert record.verdict in ("undecided", "invalid")
    expected = {"pyhanko": 6, "pdfsig": 15} if LABELLED else {}
    assert (judged, dict(differing)) == (109 if LABELLED else 0, expected)
    told = GUIDE.read_text("utf-8").partition("## Where ours differs")[2]
    for name in (*NAMED, "certificate_expired", "109", "six", "fifteen"):
        assert name in told, name


@pytest.mark.parametrize("label", LABELLED, ids=lambda label: label["file"][:30])
def test_without_a_trust_store_they_are_undecided_with_the_reason(label: dict[str, Any]) -> None:
    for record in report_on(label["file"]).signatures:
        if "certificate_expired" in record.remarks:
            assert (record.verdict, record.trust) == ("invalid", "untrusted")
        else:
            assert (record.verdict, record.trust) == ("undecided", "unknown")
            assert "no_trust_anchor" in record.remarks


def test_the_one_signature_made_after_its_certificate_ended() -> None:
    expired = [
        (label["file"][:8], record.field)
        for label in LABELLED
        for record in report_on(label["file"]).signatures
        if "certificate_expired" in record.remarks
    ]
    assert expired == ([("217-QDCB", "signature")] if LABELLED else [])


@pytest.mark.parametrize("label", LABELLED, ids=lambda label: label["file"][:30])
def test_signatures_are_noticed_cheaply(label: dict[str, Any]) -> None:
    assert has_signatures(DECISIONS / "pdf" / label["file"]) == bool(label["signatures"])


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name[:40])
def test_hostile_files_give_a_state(path: Path) -> None:
    report = verify_file(path, [])
    assert report.state in ("done", "stopped")
    assert (report.reason in REASONS) == (report.state == "stopped")
    assert has_signatures(path) == bool(report.signatures)
