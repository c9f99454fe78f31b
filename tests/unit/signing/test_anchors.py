"""Trusted roots are data with validity dates."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from signing.sign import sign_file
from signing.validation import verify_file
from signing.validation.anchors import read_anchors
from tests.unit.signing.office import Root, blank_pdf, make_key, make_root
from vocabulary.clock import VIETNAM
from vocabulary.errors import InvalidRequest


def dated(folder: Path, root: Root, text: str) -> Path:
    path = folder / "dated.pem"
    path.write_bytes(f"Gốc của cơ quan\n{text}\n".encode() +
                     root.certificate.public_bytes(Encoding.PEM))  # fmt: skip
    return path


def day(moment: datetime, days: int) -> str:
    return (moment + timedelta(days=days)).astimezone(VIETNAM).date().isoformat()


@pytest.mark.parametrize(
    ("starts", "ends", "verdict"),
    [
        (None, None, "valid"),
        (-5, None, "valid"),
        (-5, 5, "valid"),
        (None, 0, "valid"),
        (None, -1, "undecided"),
        (2, None, "undecided"),
    ],
)
def test_a_root_counts_in_its_time_alone(
    tmp_path: Path, starts: int | None, ends: int | None, verdict: str
) -> None:
    root = make_root()
    sign_file(blank_pdf(tmp_path / "in.pdf"), tmp_path / "out.pdf", make_key(root), "officer")
    now = datetime.now(UTC)
    said = {"trusted-from": starts, "trusted-until": ends}
    text = "\n".join(f"# {word}: {day(now, n)}" for word, n in said.items() if n is not None)
    anchor = dated(tmp_path, root, text.removeprefix("# "))
    (record,) = verify_file(tmp_path / "out.pdf", [anchor], at=now).signatures
    assert record.verdict == verdict
    assert record.remarks == (() if verdict == "valid" else ("no_trust_anchor",))


def test_each_root_of_a_file_has_its_own_days(tmp_path: Path) -> None:
    first, second = make_root(), make_root("Gốc khác", number=101)
    one = dated(tmp_path, first, "trusted-until: 2025-12-31").read_bytes()
    both = tmp_path / "both.pem"
    both.write_bytes(one + b"\n" + second.certificate.public_bytes(Encoding.PEM))
    old, new = read_anchors([both])
    assert (old.until, new.until) == (datetime(2025, 12, 31).date(), None)  # noqa: DTZ001
    assert not old.trusted_at(datetime(2026, 1, 1, tzinfo=UTC))
    assert old.trusted_at(datetime(2025, 12, 31, 16, 59, tzinfo=UTC))  # 23:59 in Vietnam
    assert not old.trusted_at(datetime(2025, 12, 31, 17, 0, tzinfo=UTC))
    assert new.trusted_at(datetime(2026, 1, 1, tzinfo=UTC))


def test_a_wrong_day_is_told_and_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_anchors([dated(tmp_path, make_root(), "trusted-until: 31/12/2026")])
    assert caught.value.error_code == "trust_file_unreadable"
