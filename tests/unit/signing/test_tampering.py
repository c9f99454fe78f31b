"""Whatever is done to a certified file afterwards is seen, and no verdict calls it valid."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signing.authority import TestAuthority
from signing.validation import verify_file
from tests.unit.signing.tampering import REJECTED, REMARKED, flip, hole


def test_the_certified_file_itself_is_valid(certified: Path, authority: TestAuthority) -> None:
    report = verify_file(certified, [authority.root_pem])
    assert [s.verdict for s in report.signatures] == ["valid", "valid"]
    assert [s.remarks for s in report.signatures] == [(), ()]
    assert [s.covers for s in report.signatures] == ["its_revision", "whole_file"]
    assert [s.changes_after for s in report.signatures] == ["form_filling", "none"]
    assert [s.level for s in report.signatures] == ["B-B", "B-B"]
    assert all(s.test_authority for s in report.signatures)
    assert (report.state, report.verdict, report.transport_prefix) == ("done", "valid", 0)


@pytest.mark.parametrize("name", REJECTED)
def test_tampering_is_invalid(
    certified: Path, authority: TestAuthority, tmp_path: Path, name: str
) -> None:
    changed = REJECTED[name](certified.read_bytes())
    assert changed != certified.read_bytes()
    (tmp_path / "t.pdf").write_bytes(changed)
    report = verify_file(tmp_path / "t.pdf", [authority.root_pem])
    assert report.verdict == "invalid" or report.state == "stopped", report
    if name not in ("flip_in_signature_value", "flip_in_certificate", "flip_in_cms_header"):
        assert report.signatures[0].verdict in ("invalid", "undecided"), report.signatures[0]


@pytest.mark.parametrize("name", REMARKED)
def test_what_changes_nothing_visible_is_remarked(
    certified: Path, authority: TestAuthority, tmp_path: Path, name: str
) -> None:
    change, remark = REMARKED[name]
    (tmp_path / "t.pdf").write_bytes(change(certified.read_bytes()))
    last = verify_file(tmp_path / "t.pdf", [authority.root_pem]).signatures[-1]
    assert last.verdict == "valid_with_remarks"
    assert remark in last.remarks


def test_an_unsigned_field_that_paints_is_named(
    certified: Path, authority: TestAuthority, tmp_path: Path
) -> None:
    change = REJECTED["empty_signature_field_over_text"]
    (tmp_path / "t.pdf").write_bytes(change(certified.read_bytes()))
    for signature in verify_file(tmp_path / "t.pdf", [authority.root_pem]).signatures:
        assert signature.integrity == "intact"
        assert signature.verdict == "invalid"
        assert {"unsigned_field", "changed_after_signing"} <= set(signature.remarks)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_flipped_byte_passes(
    certified: Path, authority: TestAuthority, tmp_path: Path, data: st.DataObject
) -> None:
    """Any byte that the last signature covers.

    What stands in its own /Contents is not covered: certificates lie there for convenience
    (RFC 5652, 5.1 and 5.4), and which of them count is decided by the office's own anchors.
    The parts of it that carry the proof have tests by name above.
    """
    original = certified.read_bytes()
    start, end = hole(original, -1)
    at = data.draw(st.integers(0, len(original) - 1).filter(lambda n: not start <= n < end))
    bit = data.draw(st.sampled_from([1, 2, 4, 8, 16, 64]))
    changed = flip(original, at, bit)
    (tmp_path / "t.pdf").write_bytes(changed)
    report = verify_file(tmp_path / "t.pdf", [authority.root_pem])
    assert report.verdict != "valid", (at, bit)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cut=st.integers(0, 60_000), tail=st.binary(max_size=60))
def test_broken_files_give_a_state_not_a_traceback(
    certified: Path, tmp_path: Path, cut: int, tail: bytes
) -> None:
    original = certified.read_bytes()
    (tmp_path / "t.pdf").write_bytes(original[: cut % len(original)] + tail)
    report = verify_file(tmp_path / "t.pdf", [])
    assert report.state in ("done", "needs_review", "stopped")
    assert report.verdict != "valid"
